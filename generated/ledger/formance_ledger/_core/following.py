"""The walk from page to page: which call comes after a page, and where it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import urljoin

from typing_extensions import TypeVar

from .bodies import JsonBody
from .content import encode_json
from .envelopes import PageData
from .errors import PaginationError
from .guards import is_mapping
from .operation import Operation, Request
from .reading import parse_json
from .turning import Cursor, Link, Offset, PageNumber

T = TypeVar("T")
Direction: TypeAlias = Literal["forwards", "backwards"]
"""Towards the last page, or towards the first."""
MOST_EMPTY: Final = 100
"""How many pages without items may come in a row before it is taken for a loop."""


class Walk:
    """One walk over pages. It decides; a page fetches.

    Args:
        direction: Where to.
        max_pages: How many pages there may be, the first included; None: all.

    Raises:
        ValueError: The number is negative, or there is no such direction.
    """

    def __init__(
        self,
        *,
        direction: Direction = "forwards",
        max_pages: int | None = None,
    ) -> None:
        self._backwards = _is_backwards(direction)
        self.left = checked_number("max_pages", max_pages)
        """How many more pages there may be."""
        self._seen: set[str] = set()
        self._empty = 0
        self._before: object = None
        self._found = 0
        self._whole = False

    def after(
        self, request: Request[PageData[T]], page: PageData[T]
    ) -> Request[PageData[T]] | None:
        """Return the call for the page after a page; None where the walk ends.

        Args:
            request: What gave the page.
            page: The page.

        Raises:
            PaginationError: There is more, but the cursor is missing or was seen
                before, or nothing but empty pages comes.
        """
        if self.left is not None:
            self.left -= 1
            if self.left <= 0:
                return None
        step = before if self._backwards else after
        following = step(request, page)
        if following is None or self._has_all(request, page):
            return None
        self._guard(request, following, page)
        return following

    def _has_all(self, request: Request[PageData[T]], page: PageData[T]) -> bool:
        """Tell whether a walk from the first page has come to the total of numbered ones."""
        turn, count = request.operation.turn, page.count
        if not isinstance(turn, PageNumber) or self._backwards:
            return False
        if not self._found:
            number = _queried(request, turn.name)
            self._whole = number is None or number == turn.first
        self._found += len(page.data)
        told = page.has_more is None and count is not None and count.pages is None
        if not (told and self._whole) or count is None or count.total is None:
            return False
        return self._found >= count.total

    def _guard(
        self,
        request: Request[PageData[T]],
        following: Request[PageData[T]],
        page: PageData[T],
    ) -> None:
        """Refuse to walk in circles.

        Raises:
            PaginationError: The next step leads back, or nowhere.
        """
        operation = request.operation
        own, mark = cursor_of(request), cursor_of(following)
        # A first page that was asked for by a cursor is part of the walk too.
        self._seen.update(() if own is None else (own,))
        if mark is not None and mark in self._seen:
            raise _error(operation, "the same page again")
        self._empty = 0 if page.data else self._empty + 1
        if self._empty >= MOST_EMPTY:
            raise _error(operation, f"{MOST_EMPTY} pages without any item")
        if isinstance(operation.turn, PageNumber | Offset):
            # A server that does not know the parameter gives the first page for ever.
            if page.data and self._before == page.data:
                raise _error(operation, "the same page again")
            self._before = page.data


def has_more(request: Request[PageData[T]], page: PageData[T]) -> bool:
    """Return whether a page says that another follows, or at least not that none does."""
    turn, count = request.operation.turn, page.count
    if page.has_more is not None or count is None:
        return bool(page.next) if page.has_more is None else page.has_more
    if not page.data:
        return False
    if isinstance(turn, Offset) and count.total is not None:
        return (
            _position(request, turn, page) + len(page.data) < count.total + turn.first
        )
    if isinstance(turn, PageNumber) and count.pages is not None:
        first = 1 if turn.first is None else turn.first
        return _position(request, turn, page) < count.pages - 1 + first
    # Only a page without items tells that there are no more.
    return True


def after(
    request: Request[PageData[T]], page: PageData[T]
) -> Request[PageData[T]] | None:
    """Return the call for the page that follows; None where there is none.

    Raises:
        PaginationError: There is more, but the mark is missing.
    """
    turn = request.operation.turn
    if turn is None or not has_more(request, page):
        return None
    match turn:
        case PageNumber():
            # What says there is more, and gives nothing, would go on for ever.
            number = _position(request, turn, page) + 1
            return _with_query(request, turn.name, number) if page.data else None
        case Offset():
            if not page.data:
                raise _error(request.operation, "the same page again")
            number = _position(request, turn, page) + len(page.data)
            return _with_query(request, turn.name, number)
        case Cursor() | Link():
            if not page.next:
                raise _error(request.operation, "no page, though there is more")
            return _marked(request, turn, page.next, page.carried)


def before(
    request: Request[PageData[T]], page: PageData[T]
) -> Request[PageData[T]] | None:
    """Return the call for the page before; None where there is none."""
    turn = request.operation.turn
    if isinstance(turn, PageNumber):
        number, first = _position(request, turn, page), turn.first
        if number <= (1 if first is None else first):
            return None
        return _with_query(request, turn.name, number - 1)
    # How many items were on the page before an offset is not known.
    if turn is None or isinstance(turn, Offset) or not page.previous:
        return None
    return _marked(request, turn, page.previous, {})


def mark_after(request: Request[PageData[T]], page: PageData[T]) -> str | None:
    """Return what `starting` goes on with after a page; None where it tells of no other."""
    turn = request.operation.turn
    if not isinstance(turn, PageNumber | Offset) or page.count is None:
        return page.next or None
    following = after(request, page)
    return None if following is None else str(_queried(following, turn.name))


def starting(request: Request[PageData[T]], mark: str | None) -> Request[PageData[T]]:
    """Return the call that begins at a mark, which a page gave as its next, if at any.

    Raises:
        ValueError: The mark is none of this operation's.
    """
    if mark is None:
        return request
    turn = request.operation.turn
    match turn:
        case None:
            raise ValueError("start_at: there is one page only")
        case PageNumber() | Offset():
            if not mark.isdecimal():
                raise ValueError("start_at: the page is told by a number")
            return _with_query(request, turn.name, int(mark))
        case Cursor() | Link():
            return _marked(request, turn, mark, {})


def cursor_of(request: Request[Any]) -> str | None:
    """Return the cursor that a call asks for; None where it asks for a first page."""
    turn = request.operation.turn
    if isinstance(turn, Link):
        return request.link or None
    if not isinstance(turn, Cursor):
        return None
    if turn.place == "query":
        cursor = _queried(request, turn.name)
    else:
        body: object = request.body
        cursor = (body if is_mapping(body) else _plain(request)).get(turn.name)
    return cursor if isinstance(cursor, str) and cursor else None


def checked_number(name: str, number: int | None) -> int | None:
    """Return a limit.

    Raises:
        ValueError: It is negative.
    """
    if number is not None and number < 0:
        raise ValueError(f"{name}: the number must not be negative")
    return number


def _is_backwards(direction: str) -> bool:
    if direction not in ("forwards", "backwards"):
        raise ValueError("direction: it must be 'forwards' or 'backwards'")
    return direction == "backwards"


def _error(operation: Operation[Any], what: str) -> PaginationError:
    return PaginationError(
        f"a page leads to {what} "
        f"({operation.name}, {operation.method} {operation.path})",
        operation=operation.name,
        method=operation.method,
        path=operation.path,
    )


def _queried(request: Request[Any], name: str) -> object:
    """Return the value of a query parameter; None where it is not given."""
    names = [parameter.name for parameter in request.operation.query]
    given = dict(zip(names, request.query, strict=True)) if request.query else {}
    return given.get(name)


def _position(
    request: Request[PageData[T]], turn: PageNumber | Offset, page: PageData[T]
) -> int:
    """Return the number of a page, or the position of its first item."""
    asked = _queried(request, turn.name)
    if isinstance(asked, int):
        return asked
    if page.count is not None and page.count.position is not None:
        return page.count.position
    first = turn.first
    if first is None:
        raise _error(request.operation, "another, but does not say which it is")
    return first


def _marked(
    request: Request[PageData[T]],
    turn: Cursor | Link,
    cursor: str,
    carried: Mapping[str, object],
) -> Request[PageData[T]]:
    if isinstance(turn, Link):
        return replace(request, link=urljoin(request.link, cursor))
    if turn.place == "query":
        if not turn.keep:
            return request.at(cursor)
        return _without_key(_with_query(request, turn.name, cursor))
    mark = {turn.name: cursor, **carried}
    if not turn.keep:
        return replace(request, query=(), headers=(), cookies=(), body=mark)
    # A cursor that the first call had in its query is used up.
    kept = _without_key(_with_query(request, turn.name, None))
    return replace(kept, body={**_plain(request), **mark})


def _with_query(
    request: Request[PageData[T]], name: str, value: object
) -> Request[PageData[T]]:
    parameters = request.operation.query
    values = request.query or (None,) * len(parameters)
    query = tuple(
        value if parameter.name == name else given
        for parameter, given in zip(parameters, values, strict=True)
    )
    return replace(request, query=query)


def _without_key(request: Request[PageData[T]]) -> Request[PageData[T]]:
    """Return the call without its idempotency key: another call has another one."""
    operation = request.operation
    if operation.idempotency_key is None or not request.headers:
        return request
    headers = tuple(
        None if parameter.name == operation.idempotency_key else given
        for parameter, given in zip(operation.headers, request.headers, strict=True)
    )
    return replace(request, headers=headers)


def _plain(request: Request[Any]) -> Mapping[str, object]:
    """Return the body of a call as plain JSON."""
    forms = (form for form in request.operation.body if isinstance(form, JsonBody))
    form = next(forms, None)
    if form is None or request.body is None:
        return {}
    plain = parse_json(encode_json(form.adapter, request.body))
    return plain if isinstance(plain, dict) else {}
