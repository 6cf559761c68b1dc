"""What an answer wraps, one value or a page of items: recognised by its shape, or told by a hint."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from formance_codegen.ir.operations import ByCursor, CursorPlace, Data, Paged, Plain, Recognition, Result
from formance_codegen.ir.requests import Body, Location, Parameter
from formance_codegen.ir.types import AnyJson, TypeExpr, WireName
from formance_codegen.lower.compose import View, view_of
from formance_codegen.lower.page_rules import Asked, recognise
from formance_codegen.lower.paging_hints import AnswerHints, PagingHint
from formance_codegen.lower.schemas import type_of
from formance_codegen.lower.session import SchemaNode, Session
from formance_codegen.pointer import ROOT, Pointer, join, tokens

_CURSOR: Final = WireName("cursor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is asked, as far as it tells what the answer means."""

    method: str
    path: str
    parameters: Sequence[Parameter]
    body: Body | None
    hints: AnswerHints
    links: bool = False
    """Whether the answer declares a ``Link`` header."""
    alone: bool = True
    """Whether there is no other success with content: then that may be a page."""


def unwrap(session: Session, node: SchemaNode, pointer: Pointer, call: Call) -> tuple[Result, Recognition]:
    """Return what a JSON answer means, and how that is known: a page, the data of an envelope, or the body as it is."""
    hints = call.hints
    told = _told(session, node, pointer, hints)
    if told is not None:
        return told, Recognition.OVERLAY
    # A hint that there is no page may confirm what the shape says.
    recognised = Recognition.OVERLAY if hints.given else Recognition.SHAPE
    view = view_of(session, node, pointer)
    if hints.paging is not False and call.alone and (page := _page(session, node, pointer, call)) is not None:
        return page, recognised
    if _telling(session, view) == {"data"} and not view.choices:
        data = view.properties["data"]
        return Data(type=type_of(session, data.node, data.pointer)), recognised
    return Plain(type=type_of(session, node, pointer)), recognised


def _told(session: Session, node: SchemaNode, pointer: Pointer, hints: AnswerHints) -> Result | None:
    """Return what hints say that an answer means, or None where its shape is to tell."""
    if isinstance(hints.paging, PagingHint):
        return _told_page(session, node, pointer, hints.paging)
    if hints.unwrap == "data":
        return _told_data(session, node, pointer, hints)
    return Plain(type=type_of(session, node, pointer)) if hints.unwrap is False else None


def _told_page(session: Session, node: SchemaNode, pointer: Pointer, hint: PagingHint) -> Paged | None:
    """Return the page that a hint describes, or None where it does not fit the schema, which is reported."""
    for key, told in hint.told:
        if told is not None and _lead(session, node, pointer, told) is None:
            session.report("invalid-hint", f"{told} leads nowhere in the answer", join(hint.pointer, *key.split("/")))
    found = _lead(session, node, pointer, hint.items)
    place = join(hint.pointer, "items")
    if found is None:
        session.report("invalid-hint", f"{hint.items or 'the body'} leads nowhere in the answer", place)
        return None
    view = found.view
    if hint.last is not None and not _item_has(session, view, hint.last):
        session.report("invalid-hint", f"{hint.last} leads nowhere in an item", join(hint.pointer, "cursor", "item"))
    if view.types == ("array",):
        item = AnyJson() if view.items is None else type_of(session, view.items, view.items_pointer)
    elif view.types == ("object",) or view.properties:
        item = type_of(session, found.node, found.pointer)
    else:
        session.report("invalid-hint", f"{hint.items or 'the body'} leads to neither a list nor an object", place)
        return None
    return Paged(
        item=item,
        items=hint.items,
        next=hint.next,
        more=hint.more,
        turning=hint.turning,
        last=hint.last,
        counts=hint.counts,
        single=view.types != ("array",),
        optional=found.optional,
    )


def _item_has(session: Session, listed: View, way: Pointer) -> bool:
    return listed.items is not None and _lead(session, listed.items, listed.items_pointer, way) is not None


def _told_data(session: Session, node: SchemaNode, pointer: Pointer, hints: AnswerHints) -> Data | None:
    data = view_of(session, node, pointer).properties.get("data")
    if data is None:
        session.report("invalid-hint", "the answer has no data to unwrap", hints.unwrap_pointer)
        return None
    return Data(type=type_of(session, data.node, data.pointer))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    node: SchemaNode
    pointer: Pointer
    view: View
    optional: bool
    """Whether something on the way to it may be absent."""


def _lead(session: Session, node: SchemaNode, pointer: Pointer, way: Pointer) -> _Part | None:
    """Return the schema of the part of an answer that a pointer leads to."""
    view, optional = view_of(session, node, pointer), False
    for token in tokens(way):
        declared = view.properties.get(token)
        if declared is None:
            return None
        optional = optional or token not in view.required
        node, pointer = declared.node, declared.pointer
        view = view_of(session, node, pointer)
    return _Part(node=node, pointer=pointer, view=view, optional=optional)


def _page(session: Session, node: SchemaNode, pointer: Pointer, call: Call) -> Paged | None:
    """Return the page that an answer has the shape of: Formance's own, or that of others."""
    usual = _usual_page(session, view_of(session, node, pointer), call.parameters)
    if usual is not None and usual.turning is not None:
        return usual
    asked = Asked(method=call.method, path=call.path, parameters=call.parameters, body=call.body, links=call.links)
    page = recognise(session, node, pointer, asked)
    # Without a parameter only Formance's own envelope is a page for certain.
    return page or (usual if usual is not None and usual.items == "/cursor/data" else None)


def _usual_page(session: Session, view: View, parameters: Sequence[Parameter]) -> Paged | None:
    """Return the page that stands at the root of an answer, or under a property that is all it tells."""
    item = _page_item(session, view)
    if item is not None and {"next", "pageSize"} <= set(view.properties):
        return _usual(item, ROOT, parameters)
    said = _telling(session, view)
    for name in ("cursor", "data"):
        if said == {name} and (item := _page_item(session, _inner(session, view, name))) is not None:
            return _usual(item, join(ROOT, name), parameters)
    return None


def _usual(item: TypeExpr, folder: Pointer, parameters: Sequence[Parameter]) -> Paged:
    asked = any(p.location is Location.QUERY and p.wire == _CURSOR for p in parameters)
    return Paged(
        item=item,
        items=join(folder, "data"),
        next=join(folder, "next"),
        more=join(folder, "hasMore"),
        turning=ByCursor(place=CursorPlace.QUERY, wire=_CURSOR) if asked else None,
    )


def _telling(session: Session, view: View) -> set[str]:
    """Return the properties whose value tells anything: not those that have one value in any case."""
    return {name for name in view.properties if len(_inner(session, view, name).enum or ()) != 1}


def _inner(session: Session, view: View, name: str) -> View:
    declared = view.properties[name]
    return view_of(session, declared.node, declared.pointer)


def _page_item(session: Session, view: View) -> TypeExpr | None:
    """Return the type of the items of a page: an object with a list ``data`` and a flag ``hasMore``."""
    if view.choices or not {"data", "hasMore"} <= set(view.properties):
        return None
    listed = _inner(session, view, "data")
    if listed.types != ("array",):
        return None
    return AnyJson() if listed.items is None else type_of(session, listed.items, listed.items_pointer)
