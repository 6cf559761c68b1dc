"""The forms that the body of a request may take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from .adapter import Writer
from .bounds import Within
from .parameters import Part


@dataclass(frozen=True, eq=False)
class _Structured:
    """A body with a schema."""

    media_type: str
    make: Callable[[], Writer]
    range: str = field(default="", kw_only=True)
    """The media types that it may be: ``application/*+json``; "": that one."""
    bounds: Within | None = field(default=None, kw_only=True)
    """What a value must keep to that is no model, which knows its own bounds."""

    @cached_property
    def adapter(self) -> Writer:
        """What checks and writes the body; made when it is first used."""
        return self.make()


@dataclass(frozen=True, eq=False)
class JsonBody(_Structured):
    """JSON text."""

    null: bool = field(default=False, kw_only=True)
    """Whether None is a value, sent as ``null``, and not the lack of a body."""


class JsonLinesBody(_Structured):
    """JSON texts, one a line; the adapter is that of an item."""


@dataclass(frozen=True, eq=False)
class FormBody(_Structured):
    """``application/x-www-form-urlencoded`` pairs."""

    parts: tuple[Part, ...] = field(default=(), kw_only=True)
    """The fields that are not written by the rule."""


@dataclass(frozen=True, eq=False)
class MultipartBody(_Structured):
    """``multipart/form-data`` parts (RFC 7578), or those of another multipart type."""

    parts: tuple[Part, ...] = field(default=(), kw_only=True)
    """The fields that are not written by the rule."""
    prefix: tuple[Part, ...] = field(default=(), kw_only=True)
    """How the first items of a sequence are written."""
    item: Part = field(default=Part(""), kw_only=True)
    """How its other items are written."""


@dataclass(frozen=True, slots=True)
class TextBody:
    """Text, sent in UTF-8 unless the media type has another ``charset``."""

    media_type: str
    range: str = field(default="", kw_only=True)
    """The media types that it may be: ``text/*``; "": that one."""


@dataclass(frozen=True, slots=True)
class BinaryBody:
    """Bytes, sent as they come."""

    media_type: str
    range: str = field(default="", kw_only=True)
    """The media types that it may be: ``image/*``; "": that one."""


Body: TypeAlias = (
    JsonBody | JsonLinesBody | FormBody | MultipartBody | TextBody | BinaryBody
)
