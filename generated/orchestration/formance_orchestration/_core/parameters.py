"""The parameters of an operation and how each is written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from .bounds import Within

_NEW_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

Delimited: TypeAlias = Literal["spaceDelimited", "pipeDelimited", "tabDelimited"]
"""Styles of the query; those of 2.0 (``collectionFormat``) may stand anywhere."""
PathStyle: TypeAlias = Literal["simple", "label", "matrix", "json"] | Delimited
FormStyle: TypeAlias = Literal["form", "deepObject"] | Delimited
QueryStyle: TypeAlias = FormStyle | Literal["json", "querystring"]
HeaderStyle: TypeAlias = Literal["simple", "json"] | Delimited
CookieStyle: TypeAlias = Literal["form", "cookie", "json"]


@dataclass(frozen=True, slots=True)
class Path:
    """A parameter in the path (OpenAPI 3.1, section 4.8.12.3)."""

    name: str
    style: PathStyle = "simple"
    explode: bool = False
    argument: str = ""
    """The argument in Python, where the name does not lead to it."""
    allow_reserved: bool = field(default=False, kw_only=True)
    bounds: Within | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Query:
    """A parameter in the query."""

    name: str
    style: QueryStyle = "form"
    explode: bool = True
    allow_reserved: bool = False
    argument: str = ""
    """The argument in Python, where the name does not lead to it."""
    bounds: Within | None = field(default=None, kw_only=True)
    allow_empty: bool = field(default=False, kw_only=True)
    """Whether the empty text may be sent, whatever the bounds."""


@dataclass(frozen=True, slots=True)
class Header:
    """A parameter in a header."""

    name: str
    style: HeaderStyle = "simple"
    explode: bool = False
    argument: str = ""
    """The argument in Python, where the name does not lead to it."""
    bounds: Within | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Cookie:
    """A parameter in a cookie."""

    name: str
    style: CookieStyle = "form"
    explode: bool = True
    argument: str = ""
    """The argument in Python, where the name does not lead to it."""
    allow_reserved: bool = field(default=False, kw_only=True)
    bounds: Within | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Part:
    """How a field of a form is written, where a rule does not say it."""

    name: str
    """``""`` for an item of a sequence."""
    media_type: str = ""
    """Of a part of a multipart body; ``""`` where its value tells."""
    style: FormStyle | None = None
    """None: as the media type says; else that says nothing."""
    explode: bool = True
    allow_reserved: bool = False
    headers: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)
    """What a part of a multipart body always has."""


Parameter: TypeAlias = Path | Query | Header | Cookie


def argument_of(parameter: Parameter) -> str:
    """Return what a parameter is called in Python: ``page_size`` for ``pageSize``."""
    if parameter.argument:
        return parameter.argument
    return _NEW_WORD.sub("_", parameter.name).replace("-", "_").lower()
