"""The writing of form bodies: urlencoded pairs and multipart parts (RFC 7578)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Protocol, runtime_checkable
from urllib.parse import urlencode

from .adapter import Writer
from .arguments import BODY, Unwritable, place
from .bodies import FormBody, MultipartBody
from .demands import ready_to_send
from .guards import is_list, is_mapping
from .parameters import Part, Query
from .scalars import json_text, text_of
from .styles import query_pairs


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
        isinstance(item, bytes | NamedFile)
        for value in body.values()
        for item in _items(value)
    )


def encode_urlencoded(form: FormBody, body: object) -> bytes:
    """Check a value and write its fields as ``name=value`` pairs.

    Raises:
        Unwritable: A field cannot be written.
        pydantic.ValidationError: The value does not fit.
    """
    told = {part.name: part for part in form.parts}
    pairs: list[str] = []
    for name, value in _fields(form.adapter, body):
        if name in told:
            pairs += _styled(told[name], value)
        else:
            texts = [(name, text_of(item, place([name]))) for item in _items(value)]
            pairs += [urlencode(texts)] if texts else []
    return "&".join(pairs).encode()


def encode_multipart(form: MultipartBody, body: object, boundary: str) -> bytes:
    """Check a value and write each of its fields as a part.

    Bytes become files, objects become JSON, the items of an array a part each.

    Raises:
        Unwritable: A field cannot be written.
        pydantic.ValidationError: The value does not fit.
    """
    told = {part.name: part for part in form.parts}
    parts = [
        _part(name, item, told[name].media_type if name in told else "")
        for name, value in _fields(form.adapter, body)
        for item in _together(value, told.get(name))
    ]
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
        if field is not None:
            yield str(name), field


def _items(value: object) -> list[object]:
    """Return the values that a field has, each by itself."""
    return [item for item in (value if is_list(value) else [value]) if item is not None]


def _together(value: object, part: Part | None) -> list[object]:
    """Return what is a part each: an array is one part where it is said to be JSON."""
    whole = part is not None and part.media_type.partition(";")[0].endswith("json")
    return [value] if whole and not _has_bytes(value) else _items(value)


def _has_bytes(value: object) -> bool:
    return any(isinstance(item, bytes) for item in _items(value))


def _styled(part: Part, value: object) -> list[str]:
    """Write a field as a parameter of its style would be (OpenAPI 3.1, 4.8.15.1)."""
    if part.media_type.partition(";")[0].endswith("json"):
        return [urlencode([(part.name, json_text(value, place([part.name])))])]
    query = Query(
        part.name,
        style=part.style,
        explode=part.explode,
        allow_reserved=part.allow_reserved,
        argument=place([part.name]),
    )
    return query_pairs(query, value)


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


def _part(name: str, value: object, media_type: str) -> bytes:
    head = f'Content-Disposition: form-data; name="{_escaped(name)}"'
    if isinstance(value, bytes):
        filename = value.filename if isinstance(value, FileBytes) else ""
        head += f'; filename="{_escaped(filename or name)}"'
        media_type = media_type or "application/octet-stream"
        content = value
    elif is_mapping(value) or media_type.partition(";")[0].endswith("json"):
        media_type = media_type or "application/json"
        content = json_text(value, place([name])).encode()
    else:
        content = text_of(value, place([name])).encode()
    if media_type:
        head += f"\r\nContent-Type: {media_type}"
    return f"{head}\r\n\r\n".encode() + content + b"\r\n"


def _escaped(name: str) -> str:
    # As HTML has it (section 4.10.21.8), so that a name cannot add a header.
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
