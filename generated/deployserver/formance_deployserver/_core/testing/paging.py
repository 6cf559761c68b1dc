"""Pages of a list: what a service answers for each of them, and the marks between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeGuard

from ..adapter import Writer
from ..content import encode_json
from ..envelopes import CursorOf, PageInData
from ..model import Json
from ..operation import Operation
from ..paged_at import PagedAt, SinglePaged
from ..reading import parse_json
from ..results import Paged, Result
from ..turning import Cursor
from .adapters import type_of, writer_of
from .answers import Answer, main_result, status_of
from .examples import example_json


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
) -> Answer:
    """Return the answer that is a page.

    Args:
        operation: What gives pages.
        items: The items of this page.
        size: How many items the service puts on a page.
        following: The mark of the page after this one.
        previous: The mark of the page before.

    Raises:
        ValueError: An item does not fit.
    """
    status, result = main_result(operation)
    turning = isinstance(operation.turn, Cursor)
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
            result, single if isinstance(result, SinglePaged) else [*items], marks
        )
    else:
        raise ValueError(f"{operation.name} does not give pages")
    return Answer(status=int(status_of(status)), json=body)


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
        body = _put_in(result, example_json(type_of(result.adapter)), marks)
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
    result: PagedAt[Any] | SinglePaged[Any], value: object, marks: dict[str, Json]
) -> Json:
    items = None if value is None else _encoded(writer_of(result.adapter), value)
    return _put_in(result, items, marks)


def _put_in(
    result: PagedAt[Any] | SinglePaged[Any], items: Json, marks: dict[str, Json]
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
    return body


def _put(body: dict[str, Json], pointer: str, value: Json) -> None:
    *way, last = pointer.split("/")[1:]
    for token in (each.replace("~1", "/").replace("~0", "~") for each in way):
        inner = body.setdefault(token, {})
        assert isinstance(inner, dict)
        body = inner
    body[last.replace("~1", "/").replace("~0", "~")] = value


def _encoded(adapter: Writer, value: object) -> Json:
    return parse_json(encode_json(adapter, value))
