"""Pages of a list: what a service answers for each of them, and the marks between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeGuard

from ..adapter import Writer
from ..content import encode_json
from ..envelopes import Count, CursorOf, PageData, PageInData
from ..model import Json
from ..operation import Operation
from ..paged_at import PagedAt, SinglePaged
from ..reading import Drifts, parse_json
from ..results import Paged, Result
from ..turning import Cursor, Link, Offset, PageNumber, Turn
from .adapters import type_of, writer_of
from .answers import Answer, main_result, status_of
from .examples import example_json

IN_LINK: Final = "page"
"""The query parameter that holds a mark in the URLs that lead on."""


def is_paged(operation: Operation[Any]) -> bool:
    """Tell whether an operation gives pages."""
    return isinstance(main_result(operation)[1], Paged | PagedAt | SinglePaged)


def page_of(
    operation: Operation[Any],
    items: Sequence[object],
    *,
    size: int,
    following: str | None = None,
    previous: str | None = None,
    count: Count | None = None,
) -> Answer:
    """Return the answer that is a page.

    Args:
        operation: What gives pages.
        items: The items of this page.
        size: How many items the service puts on a page.
        following: The mark of the page after this one.
        previous: The mark of the page before.
        count: Where the page stands in the list.

    Raises:
        ValueError: An item does not fit.
    """
    status, result = main_result(operation)
    turn = operation.turn
    turning = isinstance(turn, Cursor | Link)
    if isinstance(turn, Link):
        following, previous = _link(following), _link(previous)
    marks: dict[str, Json] = {"hasMore": following is not None, "pageSize": size}
    if following is not None and turning:
        marks["next"] = following
    if previous is not None and turning:
        marks["previous"] = previous
    if _is_enveloped(result):
        body = _enveloped(result, items, marks)
    elif _is_placed(result):
        if isinstance(result, SinglePaged) and len(items) > 1:
            raise ValueError("a page of this operation is one item")
        single = items[0] if items else None
        body = _placed(
            result,
            single if isinstance(result, SinglePaged) else [*items],
            marks,
            count,
        )
    else:
        raise ValueError(f"{operation.name} does not give pages")
    links = {"next": following, "prev": previous}
    in_header = isinstance(turn, Link) and turn.place == "header"
    told = [f'<{url}>; rel="{name}"' for name, url in links.items() if url]
    headers = {"link": ", ".join(told)} if in_header and told else {}
    return Answer(status=int(status_of(status)), json=body, headers=headers)


def positions(turn: Turn | None, pages: Sequence[Sequence[object]]) -> list[int] | None:
    """Return what asks for each of the pages, where those are numbers."""
    match turn:
        case PageNumber(first=first):
            begin = 1 if first is None else first
            return [begin + index for index in range(len(pages))]
        case Offset(first=first):
            return [first + sum(map(len, pages[:index])) for index in range(len(pages))]
        case _:
            return None


def items_of(operation: Operation[Any], answer: Answer) -> Sequence[object]:
    """Return the items of an answer that is a page."""
    _, result = main_result(operation)
    page: PageData[object] = result.read(answer.response, Drifts())
    return page.data


def mark_of_last(operation: Operation[Any], answer: Answer) -> str | None:
    """Return the mark that the last item of a page is; None where pages have others.

    Raises:
        ValueError: The page has no item.
    """
    _, result = main_result(operation)
    if not _is_placed(result) or result.last is None:
        return None
    mark = result.read(answer.response, Drifts()).next
    if mark is None:
        raise ValueError("a page that leads on must have an item with a mark")
    return mark


def example_page_of(operation: Operation[Any]) -> Answer:
    """Return a page with one item of no meaning.

    Raises:
        Endless: There is no finite item.
    """
    status, result = main_result(operation)
    marks: dict[str, Json] = {"hasMore": False, "pageSize": 1}
    body: Json = {}
    if _is_enveloped(result):
        body = example_json(type_of(result.adapter))
        _folder(result, body).update(marks)
    elif _is_placed(result):
        begun = positions(operation.turn, [[]])
        count = Count(total=1, pages=1, position=begun[0] if begun else None)
        body = _put_in(result, example_json(type_of(result.adapter)), marks, count)
    return Answer(status=int(status_of(status)), json=body)


def _is_enveloped(result: Result[Any]) -> TypeGuard[Paged[Any]]:
    return isinstance(result, Paged)


def _is_placed(
    result: Result[Any],
) -> TypeGuard[PagedAt[Any] | SinglePaged[Any]]:
    return isinstance(result, PagedAt | SinglePaged)


def _enveloped(
    result: Paged[Any], items: Sequence[object], marks: dict[str, Json]
) -> Json:
    page = {"data": [*items], **marks}
    name = _folder_name(result)
    return _encoded(writer_of(result.adapter), {name: page} if name else page)


def _folder_name(result: Paged[Any]) -> str:
    envelope = type_of(result.adapter)
    assert isinstance(envelope, type)
    if issubclass(envelope, CursorOf):
        return "cursor"
    return "data" if issubclass(envelope, PageInData) else ""


def _folder(result: Paged[Any], body: Json) -> dict[str, Json]:
    name = _folder_name(result)
    found = body[name] if name and isinstance(body, dict) else body
    assert isinstance(found, dict)
    return found


def _placed(
    result: PagedAt[Any] | SinglePaged[Any],
    value: object,
    marks: dict[str, Json],
    count: Count | None,
) -> Json:
    items = None if value is None else _encoded(writer_of(result.adapter), value)
    return _put_in(result, items, marks, count)


def _put_in(
    result: PagedAt[Any] | SinglePaged[Any],
    items: Json,
    marks: dict[str, Json],
    count: Count | None = None,
) -> Json:
    """Return a body that has its parts where the operation looks for them."""
    if not result.items:
        return items
    body: dict[str, Json] = {}
    _put(body, result.items, items)
    if result.more is not None:
        _put(body, result.more, marks["hasMore"])
    if result.next is not None and "next" in marks:
        _put(body, result.next, marks["next"])
    count = count or Count()
    for pointer, number in (
        (result.total, count.total),
        (result.pages, count.pages),
        (result.position, count.position),
    ):
        if pointer is not None and number is not None:
            _put(body, pointer, number)
    return body


def _link(mark: str | None) -> str | None:
    return None if mark is None else f"?{IN_LINK}={mark}"


def _put(body: dict[str, Json], pointer: str, value: Json) -> None:
    *way, last = pointer.split("/")[1:]
    for token in (each.replace("~1", "/").replace("~0", "~") for each in way):
        inner = body.setdefault(token, {})
        assert isinstance(inner, dict)
        body = inner
    body[last.replace("~1", "/").replace("~0", "~")] = value


def _encoded(adapter: Writer, value: object) -> Json:
    return parse_json(encode_json(adapter, value))
