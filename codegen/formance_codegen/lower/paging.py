"""Recognises by its shape what an answer wraps: one value, or a page of items."""

from collections.abc import Iterable

from formance_codegen.ir.operations import Data, Location, Paged, PageShape, Parameter, Plain, Result
from formance_codegen.ir.types import AnyJson, TypeExpr
from formance_codegen.lower.compose import View, view_of
from formance_codegen.lower.schemas import type_of
from formance_codegen.lower.session import SchemaNode, Session
from formance_codegen.pointer import Pointer

_CURSOR = "cursor"


def unwrap(session: Session, node: SchemaNode, pointer: Pointer, parameters: Iterable[Parameter]) -> Result:
    """Return what a JSON answer means: a page, the data of an envelope, or the body as it is."""
    view = view_of(session, node, pointer)
    cursor = next((p.wire for p in parameters if p.location is Location.QUERY and p.wire == _CURSOR), None)
    if (item := _page_item(session, view)) is not None:
        return Paged(item=item, shape=PageShape.ROOT, cursor=cursor)
    said = _telling(session, view)
    for name, shape in (("cursor", PageShape.CURSOR), ("data", PageShape.DATA)):
        if said == {name} and (item := _page_item(session, _inner(session, view, name))) is not None:
            return Paged(item=item, shape=shape, cursor=cursor)
    if said == {"data"} and not view.choices:
        data = view.properties["data"]
        return Data(type=type_of(session, data.node, data.pointer))
    return Plain(type=type_of(session, node, pointer))


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
