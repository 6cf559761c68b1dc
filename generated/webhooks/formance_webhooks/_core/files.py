"""Files as fields of a form: their bytes, and what is told about them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Final, Protocol, TypeAlias, TypeGuard, runtime_checkable

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
        is_file(item) or _described(item) is not None
        for value in values
        for item in _items(value)
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
            if is_list(value) and _described(value) is None
            else _read(value, place)
        )
        for key, value in body.items()
    }


def is_file(value: object) -> TypeGuard[Readable]:
    """Tell whether a value is the content of a file, or leads to one."""
    return isinstance(value, bytes | bytearray | memoryview | NamedFile | os.PathLike)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Described:
    """What a tuple says of a file."""

    filename: str | None
    content: Readable
    media_type: str | None
    headers: Mapping[str, str]


def _items(value: object) -> Iterable[object]:
    return value if is_list(value) and _described(value) is None else [value]


def _described(value: object) -> _Described | None:
    """Return what a tuple of a name, a file, and maybe a media type and headers says."""
    if not (is_list(value) and isinstance(value, tuple) and 2 <= len(value) <= 4):
        return None
    name, content, kind, headers = (*value, None, None)[:4]
    if not (isinstance(name, str | None) and is_file(content)):
        return None
    return _Described(
        filename=name,
        content=content,
        media_type=None if kind is None else str(kind),
        headers=(
            {str(key): str(text) for key, text in headers.items()}
            if is_mapping(headers)
            else _NOTHING
        ),
    )


def _read(value: object, place: str) -> object:
    try:
        if (told := _described(value)) is not None:
            return FilePart(
                told.content,
                filename=told.filename,
                media_type=told.media_type,
                headers=told.headers,
            )
        if is_file(value) and not isinstance(value, bytes):
            return FilePart(value)
    except (OSError, TypeError) as error:
        raise Unwritable((place, str(error))) from None
    return value


def _bytes_of(content: Readable) -> bytes:
    if isinstance(content, bytes | bytearray | memoryview):
        return bytes(content)
    if isinstance(content, NamedFile):
        return _binary(content.read())
    return Path(content).read_bytes()


def _binary(read: object) -> bytes:
    if not isinstance(read, bytes):
        raise TypeError("the file must be open in binary mode")
    return read


def _name_of(content: Readable) -> str:
    if isinstance(content, FilePart):
        return content.filename
    if isinstance(content, bytes | bytearray | memoryview):
        return ""
    if isinstance(content, NamedFile):
        name: object = getattr(content, "name", None)
        return PurePath(name).name if isinstance(name, str) else ""
    return PurePath(content).name
