"""The writing of form bodies: urlencoded pairs and multipart parts (RFC 7578)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Protocol, runtime_checkable
from urllib.parse import urlencode

from .adapter import Writer
from .arguments import BODY, Unwritable, place
from .demands import ready_to_send
from .guards import is_list, is_mapping
from .scalars import json_text, text_of


@runtime_checkable
class NamedFile(Protocol):
    """A binary file; its ``name``, if it has one, goes along."""

    def read(self) -> bytes:
        """Return all that is left."""
        ...


class FileBytes(bytes):
    """The bytes of a file, with its name."""

    filename: str = ""


def holds_files(body: object) -> bool:
    """Tell whether a mapping has bytes or files among its values."""
    return is_mapping(body) and any(
        isinstance(value, bytes | NamedFile) for value in body.values()
    )


def encode_urlencoded(adapter: Writer, body: object) -> bytes:
    """Check a value and write its fields as ``name=value`` pairs.

    Raises:
        Unwritable: A field cannot be written.
        pydantic.ValidationError: The value does not fit.
    """
    fields = _fields(adapter, body)
    return urlencode(
        [(name, text_of(value, place([name]))) for name, value in fields]
    ).encode()


def encode_multipart(adapter: Writer, body: object, boundary: str) -> bytes:
    """Check a value and write each of its fields as a part.

    Bytes become files, objects become JSON, the items of an array a part each.

    Raises:
        Unwritable: A field cannot be written.
        pydantic.ValidationError: The value does not fit.
    """
    parts = [_part(name, value) for name, value in _fields(adapter, body)]
    start = f"--{boundary}\r\n".encode()
    end = f"--{boundary}--\r\n".encode()
    return b"".join(start + part for part in parts) + end


def _fields(adapter: Writer, body: object) -> Iterator[tuple[str, object]]:
    value = adapter.validate_python(_with_bytes(body))
    dumped: object = adapter.dump_python(
        value,
        exclude=ready_to_send(value),
        by_alias=True,
        exclude_unset=True,
        warnings="error",
    )
    if not is_mapping(dumped):
        raise Unwritable((BODY, "a form needs an object with fields"))
    for name, field in dumped.items():
        for item in field if is_list(field) else [field]:
            if item is not None:
                yield str(name), item


def _with_bytes(body: object) -> object:
    """Return the body with its files read."""
    if not is_mapping(body):
        return body
    return {
        key: ([_read(item) for item in value] if is_list(value) else _read(value))
        for key, value in body.items()
    }


def _read(value: object) -> object:
    if not isinstance(value, NamedFile):
        return value
    content = FileBytes(value.read())
    path: object = getattr(value, "name", None)
    content.filename = PurePath(path).name if isinstance(path, str) else ""
    return content


def _part(name: str, value: object) -> bytes:
    head = f'Content-Disposition: form-data; name="{_escaped(name)}"'
    if isinstance(value, bytes):
        filename = value.filename if isinstance(value, FileBytes) else ""
        head += f'; filename="{_escaped(filename or name)}"'
        head += "\r\nContent-Type: application/octet-stream"
        content = value
    elif is_mapping(value):
        head += "\r\nContent-Type: application/json"
        content = json_text(value, place([name])).encode()
    else:
        content = text_of(value, place([name])).encode()
    return f"{head}\r\n\r\n".encode() + content + b"\r\n"


def _escaped(name: str) -> str:
    # As HTML has it (section 4.10.21.8), so that a name cannot add a header.
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
