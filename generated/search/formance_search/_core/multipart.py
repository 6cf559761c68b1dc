"""The writing of multipart bodies (RFC 7578; RFC 2046, section 5.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .arguments import BODY, Unwritable, place
from .bodies import MultipartBody
from .files import FilePart
from .forms import checked, is_json, items_of, styled_pairs
from .guards import is_list, is_mapping
from .parameters import Part
from .quoting import checked_header, utf8
from .scalars import json_text, text_of

_PLAIN = Part("")


def encode_multipart(form: MultipartBody, body: object, boundary: str) -> bytes:
    """Check a value and write each of its fields, or of its items, as a part.

    Bytes become files, objects become JSON, the items of an array a part each.

    Raises:
        Unwritable: A field cannot be written.
        pydantic.ValidationError: The value does not fit.
    """
    dumped = checked(form.adapter, body, form.bounds)
    if is_mapping(dumped):
        parts = list(_fields(dumped, {part.name: part for part in form.parts}))
    elif is_list(dumped):
        parts = [
            _part(
                None,
                item,
                form.prefix[index] if index < len(form.prefix) else form.item,
            )
            for index, item in enumerate(dumped)
        ]
    else:
        raise Unwritable((BODY, "a form needs an object with fields"))
    start = f"--{boundary}\r\n".encode()
    end = f"--{boundary}--\r\n".encode()
    return b"".join(start + part for part in parts) + end


def _fields(
    fields: Mapping[object, object], told: Mapping[str, Part]
) -> Iterator[bytes]:
    for key, value in fields.items():
        name = str(key)
        part = told.get(name, _PLAIN)
        if value is None:
            continue
        if part.style is not None and not _has_bytes(value):
            for inner, text in styled_pairs(part, value):
                yield _part(inner, text, part)
        else:
            for item in _together(value, part):
                yield _part(name, item, part)


def _together(value: object, part: Part) -> list[object]:
    """Return what is a part each: an array is one part where it is said to be JSON."""
    whole = is_json(part.media_type) and not _has_bytes(value)
    return [value] if whole else items_of(value)


def _has_bytes(value: object) -> bool:
    return any(isinstance(item, bytes) for item in items_of(value))


def _part(name: str | None, value: object, told: Part) -> bytes:
    """Write a part; one of a sequence has no name."""
    where = BODY if name is None else place([name])
    file = value if isinstance(value, FilePart) else None
    media_type, content = told.media_type, b""
    if isinstance(value, bytes):
        content = value
        media_type = (file.media_type if file else "") or media_type
        media_type = media_type or "application/octet-stream"
    elif is_mapping(value) or is_list(value) or is_json(media_type):
        # Whatever else a document calls it: an object can be nothing but JSON.
        media_type = media_type if is_json(media_type) else "application/json"
        content = utf8(json_text(value, where), where)
    else:
        content = utf8(text_of(value, where), where)
    headers = dict(told.headers)
    headers.update(file.headers if file else {})
    lines = [
        *_disposition(name, value),
        *([("Content-Type", media_type)] if media_type else []),
        *((key, text) for key, text in headers.items() if not _is_own(key)),
    ]
    head = "".join(_line(key, text, where) for key, text in lines)
    return utf8(f"{head}\r\n", where) + content + b"\r\n"


def _disposition(name: str | None, value: object) -> Iterator[tuple[str, str]]:
    filename = value.filename if isinstance(value, FilePart) else ""
    if name is not None:
        said = f'form-data; name="{_escaped(name)}"'
        if isinstance(value, bytes):
            said += f'; filename="{_escaped(filename or name)}"'
        yield "Content-Disposition", said
    elif filename:
        yield "Content-Disposition", f'attachment; filename="{_escaped(filename)}"'


def _is_own(name: str) -> bool:
    return name.lower() in ("content-disposition", "content-type")


def _line(name: str, text: str, where: str) -> str:
    if name == "Content-Disposition":
        # Names stand there in UTF-8 (RFC 7578, section 5.1), already escaped.
        return f"{name}: {text}\r\n"
    if not name or any(char <= " " or char > "~" or char == ":" for char in name):
        raise Unwritable((where, "a part has a header without a proper name"))
    return f"{name}: {checked_header(where, text)}\r\n"


def _escaped(name: str) -> str:
    # As HTML has it (section 4.10.21.8), so that a name cannot add a header.
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
