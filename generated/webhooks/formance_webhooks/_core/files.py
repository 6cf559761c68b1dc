"""Files as fields of a form: their bytes, and what is told about them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Final, Protocol, TypeAlias, runtime_checkable

from .arguments import Unwritable
from .guards import is_list, is_mapping
from .model import Model

_NOTHING: Final[Mapping[str, str]] = MappingProxyType[str, str]({})


@runtime_checkable
class NamedFile(Protocol):
    """A binary file; its ``name``, if it has one, goes along."""

    def read(self) -> bytes:
        """Return all that is left."""
        ...


Readable: TypeAlias = "bytes | bytearray | memoryview | NamedFile | os.PathLike[str]"


class FilePart(bytes):
    """A file in a multipart body: bytes, with a name, a media type and headers.

    Plain bytes, an open file or a path do where the field's name and the media type of
    the document say enough.

    Args:
        content: Bytes, a file open in binary mode, or the path of a file.
        filename: What it is called; None: what the file is called, else the field.
        media_type: What it holds; None: what the document says.
        headers: Of this part only, beside those that describe it.

    Raises:
        OSError: There is no such file.
        TypeError: The file is open as text.
    """

    filename: str
    media_type: str
    headers: Mapping[str, str]

    def __new__(
        cls,
        content: Readable,
        *,
        filename: str | None = None,
        media_type: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> FilePart:
        """Read the file."""
        part = super().__new__(cls, _bytes_of(content))
        part.filename = _name_of(content) if filename is None else filename
        part.media_type = media_type or ""
        part.headers = _NOTHING if headers is None else MappingProxyType({**headers})
        return part


def holds_files(body: object) -> bool:
    """Tell whether a mapping or a model has bytes or files among its values."""
    values: Iterable[object] = ()
    if isinstance(body, Model):
        values = vars(body).values()
    elif is_mapping(body):
        values = body.values()
    return any(
        isinstance(item, bytes | bytearray | NamedFile | os.PathLike)
        or _is_described(item)
        for value in values
        for item in (value if is_list(value) and not _is_described(value) else [value])
    )


def read_files(body: object, place: str) -> object:
    """Return a body with its files read.

    Raises:
        Unwritable: A file is open as text, or cannot be read.
    """
    if not is_mapping(body):
        return body
    return {
        key: (
            [_read(item, place) for item in value]
            if is_list(value) and not _is_described(value)
            else _read(value, place)
        )
        for key, value in body.items()
    }


def _read(value: object, place: str) -> object:
    try:
        if isinstance(value, tuple) and _is_described(value):
            name, content, *more = value
            kind, headers = (*more, None, None)[:2]
            return FilePart(content, filename=name, media_type=kind, headers=headers)
        if isinstance(value, bytearray | NamedFile | os.PathLike):
            return FilePart(value)
    except (OSError, TypeError) as error:
        raise Unwritable((place, str(error))) from None
    return value


def _is_described(value: object) -> bool:
    """Tell whether a value is a tuple of a name, a file, and maybe a media type."""
    return (
        isinstance(value, tuple)
        and 2 <= len(value) <= 4
        and isinstance(value[0], str | None)
        and isinstance(value[1], bytes | bytearray | NamedFile | os.PathLike)
    )


def _bytes_of(content: Readable) -> bytes:
    if isinstance(content, os.PathLike):
        return Path(content).read_bytes()
    if not isinstance(content, NamedFile):
        return bytes(content)
    read: object = content.read()
    if not isinstance(read, bytes):
        raise TypeError("the file must be open in binary mode")
    return read


def _name_of(content: Readable) -> str:
    if isinstance(content, FilePart):
        return content.filename
    path: object = (
        content if isinstance(content, os.PathLike) else getattr(content, "name", None)
    )
    return PurePath(path).name if isinstance(path, str | os.PathLike) else ""
