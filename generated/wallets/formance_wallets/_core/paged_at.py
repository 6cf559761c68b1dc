"""Pages that stand elsewhere in a JSON body than usual, found by JSON pointers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Generic

from pydantic_core import to_json
from typing_extensions import TypeVar

from .adapter import Reader
from .envelopes import Count, PageData
from .link_header import linked
from .model import Json
from .reading import Drifts, Unreadable, checked_json, parse_json, read_json
from .response import Headers, Response
from .results import Result
from .turning import Cursor, Link, Offset, PageNumber, Turn

T = TypeVar("T")
_USUAL: Final = frozenset({"data", "hasMore", "next", "previous", "pageSize"})


@dataclass(frozen=True, eq=False, kw_only=True)
class _Places(Result[PageData[T]], Generic[T]):
    """Where the parts of a page stand: JSON pointers (RFC 6901)."""

    items: str
    next: str | None = None
    more: str | None = None
    last: str | None = None
    """Where in the last item the mark stands, for lists that are continued after it."""
    total: str | None = None
    """How many items there are on all pages."""
    pages: str | None = None
    """How many pages there are."""
    position: str | None = None
    """The number of the page, or the position of its first item."""
    optional: bool = False
    """Whether an answer may say other things instead: then the page is empty."""
    cursor: str | None = None
    """The query parameter that asks for a further page, and stands for all else."""
    turn: Turn | None = None
    """How a further page is asked for otherwise."""

    def page(self, body: Json, data: list[T], headers: Headers) -> PageData[T]:
        """Return the page of these items."""
        folder = _at(body, _split(self.items)[:-1])
        beside = folder if isinstance(folder, dict) else {}
        size = beside.get("pageSize")
        page = PageData[T](
            data=data,
            has_more=self._has_more(body),
            next=_mark(self._next(body, headers)),
            previous=_mark(self._previous(beside, headers)),
            page_size=_number(size),
        )
        carry = self.turn.carry if isinstance(self.turn, Cursor) else ()
        carried = {name: _told(body, pointer) for name, pointer in carry}
        return page.beside(self._rest(body, beside), carried, self._count(body))

    def _has_more(self, body: Json) -> bool | None:
        more = _told(body, self.more)
        if isinstance(more, bool):
            return more
        # Go leaves a false flag out, and numbers go on without end.
        counted = isinstance(self.turn, PageNumber | Offset)
        return False if counted and self.more is not None else None

    def _rest(self, body: Json, beside: Mapping[str, Json]) -> dict[str, Json]:
        way = _split(self.items)
        top = body if isinstance(body, dict) else {}
        if not way:
            return {}
        rest = {key: value for key, value in top.items() if key != way[0]}
        if len(way) > 1:
            rest |= {key: value for key, value in beside.items() if key not in _USUAL}
        return rest

    def _next(self, body: Json, headers: Headers) -> Json:
        if isinstance(self.turn, Link) and self.turn.place == "header":
            return linked(headers.get("link", ""), "next")
        if self.last is None:
            return _told(body, self.next)
        items = _told(body, self.items)
        last = items[-1] if isinstance(items, list) and items else None
        return _told(last, self.last)

    def _previous(self, beside: Mapping[str, Json], headers: Headers) -> Json:
        if isinstance(self.turn, Link) and self.turn.place == "header":
            return linked(headers.get("link", ""), "prev")
        alike = self.next is not None and self.next.endswith("/next")
        return beside.get("previous") if alike else None

    def _count(self, body: Json) -> Count | None:
        if not isinstance(self.turn, PageNumber | Offset):
            return None
        return Count(
            total=_number(_told(body, self.total)),
            pages=_number(_told(body, self.pages)),
            position=_number(_told(body, self.position)),
        )

    def part(self, response: Response) -> tuple[Json, Json]:
        """Return the body, and the part of it that holds the items.

        Raises:
            Unreadable: There is none.
        """
        content = checked_json(response.content)
        try:
            body = parse_json(content)
        except ValueError as error:
            reason = f"the body is not JSON: {error}"
            raise Unreadable("", reason, foreign=True) from None
        found = _at(body, _split(self.items))
        if found is None and not self.optional and not self._is_there(body):
            raise Unreadable(self.items, "the items of the page are missing")
        return body, found

    def _is_there(self, body: Json) -> bool:
        if not self.items:
            return False
        *way, last = _split(self.items)
        folder = _at(body, tuple(way))
        return isinstance(folder, dict) and last in folder


@dataclass(frozen=True, eq=False)
class PagedAt(_Places[T], Generic[T]):
    """A page whose items are a list."""

    make: Callable[[], Reader[list[T]]]

    @cached_property
    def adapter(self) -> Reader[list[T]]:
        """What reads the list; made when it is first used."""
        return self.make()

    def read(self, response: Response, drifts: Drifts) -> PageData[T]:
        """Return the page."""
        body, found = self.part(response)
        # Go writes a nil slice as null.
        data = [] if found is None else _read(self.adapter, found, self.items, drifts)
        return self.page(body, data, response.headers)


@dataclass(frozen=True, eq=False)
class SinglePaged(_Places[T], Generic[T]):
    """A page that is one item: a call that is to be repeated until all is done."""

    make: Callable[[], Reader[T]]

    @cached_property
    def adapter(self) -> Reader[T]:
        """What reads the item; made when it is first used."""
        return self.make()

    def read(self, response: Response, drifts: Drifts) -> PageData[T]:
        """Return the page."""
        body, found = self.part(response)
        item = [] if found is None else [_read(self.adapter, found, self.items, drifts)]
        return self.page(body, item, response.headers)


def _read(adapter: Reader[T], part: Json, pointer: str, drifts: Drifts) -> T:
    inner = Drifts(thorough=drifts.thorough)
    try:
        value = read_json(adapter, to_json(part), inner)
    except Unreadable as error:
        raise Unreadable(pointer + error.pointer, error.message) from None
    drifts.found += [
        replace(each, pointer=pointer + each.pointer) for each in inner.found
    ]
    return value


def _told(body: Json, pointer: str | None) -> Json:
    return None if pointer is None else _at(body, _split(pointer))


def _mark(value: Json) -> str | None:
    """Return the mark of a page; nothing, no, zero and less than that are none."""
    if isinstance(value, bool) or (isinstance(value, int) and value <= 0):
        return None
    return str(value) if isinstance(value, str | int) and value != "" else None


def _number(value: Json) -> int | None:
    # Some write whole numbers with a point.
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _at(body: Json, way: tuple[str, ...]) -> Json:
    """Return a part of a body; None where there is none."""
    for token in way:
        body = body.get(token) if isinstance(body, dict) else None
    return body


def _split(pointer: str) -> tuple[str, ...]:
    tokens = pointer.split("/")[1:]
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in tokens)
