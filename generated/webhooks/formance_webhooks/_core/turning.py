"""How the page after a page is asked for: constants of operations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Cursor:
    """With the mark that the page gives."""

    name: str
    """The query parameter, or the property of the JSON body."""
    place: Literal["query", "body"] = "query"
    keep: bool = False
    """Whether all else is sent again; else the mark stands for it."""
    carry: tuple[tuple[str, str], ...] = ()
    """Properties of the body, and the JSON pointers (RFC 6901) into the answer
    before it where their values come from."""


@dataclass(frozen=True, slots=True)
class PageNumber:
    """With its number; all else is sent again."""

    name: str
    """The query parameter."""
    first: int | None = 0
    """The number of the first page; None: the answer tells which it is."""


@dataclass(frozen=True, slots=True)
class Offset:
    """With the position of its first item; all else is sent again."""

    name: str
    """The query parameter."""
    first: int = 0
    """The position of the first item of all."""


@dataclass(frozen=True, slots=True)
class Link:
    """With the URL that the page gives, of the same origin, and nothing else."""

    place: Literal["body", "header"] = "body"
    """The header is ``Link`` (RFC 8288)."""


Turn: TypeAlias = Cursor | PageNumber | Offset | Link
