"""The call for the page after a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from typing_extensions import TypeVar

from .bodies import JsonBody
from .content import encode_json
from .envelopes import PageData
from .errors import PaginationError
from .operation import Request
from .reading import parse_json
from .turning import Cursor, PageNumber

T = TypeVar("T")


def has_more(page: PageData[T]) -> bool:
    """Return whether a page says that another follows."""
    return bool(page.next) if page.has_more is None else page.has_more


def following(
    request: Request[PageData[T]], page: PageData[T], seen: set[str]
) -> Request[PageData[T]] | None:
    """Return the call for the page that follows; None where there is none.

    Args:
        request: What gave the page.
        page: The page.
        seen: The cursors followed so far; this one is added.

    Raises:
        PaginationError: There is more, but the cursor is missing or was seen before.
    """
    operation = request.operation
    turn = operation.turn
    if turn is None or not has_more(page):
        return None
    if isinstance(turn, PageNumber):
        # What says there is more, and gives nothing, would go on for ever.
        return _numbered(request, turn) if page.data else None
    cursor = page.next
    if cursor and cursor not in seen:
        seen.add(cursor)
        return _marked(request, turn, cursor, page.carried)
    what = "the same page again" if cursor else "no page, though there is more"
    raise PaginationError(
        f"a page leads to {what} "
        f"({operation.name}, {operation.method} {operation.path})",
        operation=operation.name,
        method=operation.method,
        path=operation.path,
    )


def _numbered(request: Request[PageData[T]], turn: PageNumber) -> Request[PageData[T]]:
    names = [parameter.name for parameter in request.operation.query]
    given = dict(zip(names, request.query, strict=True)) if request.query else {}
    number = given.get(turn.name)
    current = number if isinstance(number, int) else turn.first
    return _with_query(request, turn.name, current + 1)


def _marked(
    request: Request[PageData[T]],
    turn: Cursor,
    cursor: str,
    carried: Mapping[str, object],
) -> Request[PageData[T]]:
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
