"""The parameters of an operation and how each is written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from .bounds import Within

_NEW_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

PathStyle: TypeAlias = Literal["simple", "label", "matrix", "json"]
QueryStyle: TypeAlias = Literal[
    "form",
    "spaceDelimited",
    "pipeDelimited",
    "deepObject",
    "json",
    "querystring",
    "querystring json",
]
"""A style of the specification, ``json`` for JSON content, or a text or JSON that is the
whole query (``in: querystring`` of OpenAPI 3.2)."""


@dataclass(frozen=True, slots=True)
class Path:
    """A parameter in the path (OpenAPI 3.1, section 4.8.12.3)."""

    name: str
    style: PathStyle = "simple"
    explode: bool = False
    argument: str = ""
    """The argument in Python, where the name does not lead to it."""
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


@dataclass(frozen=True, slots=True)
class Header:
    """A parameter in a header; its style is always ``simple`` or ``json``."""

    name: str
    style: Literal["simple", "json"] = "simple"
    explode: bool = False
    argument: str = ""
    """The argument in Python, where the name does not lead to it."""
    bounds: Within | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Cookie:
    """A parameter in a cookie; its style is always ``form`` or ``json``."""

    name: str
    style: Literal["form", "json"] = "form"
    explode: bool = True
    argument: str = ""
    """The argument in Python, where the name does not lead to it."""
    bounds: Within | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Part:
    """How a field of a form is written, where a rule does not say it."""

    name: str
    media_type: str = ""
    """Of a part of a multipart body; ``""`` where its value tells."""
    style: QueryStyle = "form"
    explode: bool = True
    allow_reserved: bool = False


Parameter: TypeAlias = Path | Query | Header | Cookie


def argument_of(parameter: Parameter) -> str:
    """Return what a parameter is called in Python: ``page_size`` for ``pageSize``."""
    if parameter.argument:
        return parameter.argument
    return _NEW_WORD.sub("_", parameter.name).replace("-", "_").lower()
