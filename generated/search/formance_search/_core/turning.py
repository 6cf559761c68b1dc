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
    first: int = 0
    """The number of the first page."""


Turn: TypeAlias = Cursor | PageNumber
