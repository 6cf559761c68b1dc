"""Two pages made of one answer, by the places that a hint gives them."""

from collections.abc import Sequence
from copy import deepcopy

from samples import Json, Node, is_list, is_node, node, text


def told_pages(paging: Node, value: Json, cursor: str) -> tuple[Json, Json]:
    """Return two pages of the items of an answer: the second holds them twice, if they are a list, and is the last."""
    pages = (_copy(value), _copy(value))
    for page, more in zip(pages, (True, False), strict=True):
        _put(page, paging["more"], more)
        _put(page, paging["next"], cursor if more else "")
    items = told_items(paging, value)
    if is_list(_at(value, text(paging["items"]))):
        _put(pages[1], paging["items"], [*items, *items])
    return pages


def told_items(paging: Node, value: Json) -> Sequence[Json]:
    """Return the items of a page; a page may be one item."""
    found = _at(value, text(paging["items"]))
    if found is None:
        return ()
    return list(found) if is_list(found) else [found]


def _copy(value: Json) -> dict[str, Json]:
    return {key: deepcopy(item) for key, item in node(value).items()}


def _at(value: Json, pointer: str) -> Json:
    for token in pointer.split("/")[1:]:
        value = value.get(token) if is_node(value) else None
    return value


def _put(page: dict[str, Json], pointer: Json, value: Json) -> None:
    if not isinstance(pointer, str):
        return
    *way, last = pointer.split("/")[1:]
    folder = page
    for token in way:
        inner = _copy(folder[token])
        folder[token] = inner
        folder = inner
    folder[last] = value
