"""Finds what in an answer may belong to a page: its lists, and the single values that tell how to go on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from formance_codegen.lower.compose import View, view_of
from formance_codegen.lower.page_names import ABOUT
from formance_codegen.lower.session import SchemaNode, Session
from formance_codegen.naming.words import split
from formance_codegen.pointer import ROOT, Pointer, join

_DEEPEST: Final = 4
_FOLDERS: Final = frozenset(
    """collection cursor cursors data envelope info link links list meta metadata next nextpage page pageable
    pagecontext pageinfo pager pages paging paginginfo pagination paginationinfo paginationmetadata payload range
    response responsemetadata result resultinfo resultset""".split()
)
"""The objects in which paging is told, as `squashed` names."""
_WRAPS: Final = frozenset("body collection data elements embedded list page payload response result results".split())
"""The objects in which lists stand."""
_NEVER: Final = frozenset("errors included schemas warnings".split())
"""Lists that are never the items."""
_ASIDE: Final = frozenset("aggregations columns facets fields filters links messages notifications sort".split())
"""Lists that stand beside the items, where there are others."""


class Kind(Enum):
    """What a value is, as far as it may tell how to go on."""

    TEXT = "text"
    WHOLE = "whole number"
    FLAG = "flag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A single value in an answer."""

    pointer: Pointer
    """Into the body."""
    key: str
    """Its name, squashed."""
    folder: str
    """The name of what it stands in, squashed; empty at the root."""
    kind: Kind
    is_url: bool = False
    """Whether its format or an example says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list in an answer."""

    pointer: Pointer
    """Into the body."""
    key: str
    """Its name, squashed; empty for an answer that is a list."""
    view: View
    optional: bool
    """Whether it, or something on the way to it, may be absent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What an answer has."""

    spots: tuple[Spot, ...]
    lists: tuple[Listing, ...]
    others: int = 0
    """How many properties it has at its root besides lists, and besides values that tell about pages."""


def survey(session: Session, node: SchemaNode, pointer: Pointer) -> Survey:
    """Return what in the answer of a schema may belong to a page."""
    view = resolved(session, node, pointer)
    if view.types == ("array",):
        return Survey(spots=(), lists=(Listing(pointer=ROOT, key="", view=view, optional=False),))
    lists = [found for found in _lists(session, view) if found.key not in _NEVER]
    central = [found for found in lists if found.key not in _ASIDE]
    others = [name for name in view.properties if squashed(name) not in _FOLDERS | ABOUT | _NEVER | _ASIDE | _WRAPS]
    return Survey(
        spots=tuple(_spots(session, view, ROOT, "")),
        lists=tuple(central or lists),
        others=len({*others} - {found.pointer.rpartition("/")[2] for found in lists}),
    )


def squashed(name: str) -> str:
    """Return a name without what is a matter of style: ``next-Page_token`` gives nextpagetoken."""
    return "".join(split(name))


def resolved(session: Session, node: SchemaNode, pointer: Pointer) -> View:
    """Return the view of a schema; that of its only variant beside null where it is a choice of those."""
    view = view_of(session, node, pointer)
    if view.types or view.properties or len(view.choices) != 1:
        return view
    members = [view_of(session, *member) for member in view.choices[0].members]
    others = [member for member in members if member.types != ("null",)]
    return others[0] if len(others) == 1 else view


def kind_of_view(view: View) -> Kind | None:
    """Return what a value is; None where it can be several things, or one that cannot tell how to go on."""
    if view.choices or view.enum is not None:
        return None
    match view.types:
        case ("string",) if view.form not in ("date", "date-time", "time", "binary", "byte", "password"):
            return Kind.TEXT
        case ("integer",):
            return Kind.WHOLE
        case ("number",) if view.form not in ("float", "double", "decimal"):
            return Kind.WHOLE
        case ("boolean",):
            return Kind.FLAG
        case _:
            return None


def _spots(session: Session, view: View, way: Pointer, folder: str, depth: int = 1) -> Iterator[Spot]:
    for name, declared in view.properties.items():
        inner = resolved(session, declared.node, declared.pointer)
        pointer, key, kind = join(way, name), squashed(name), kind_of_view(inner)
        if kind is not None:
            is_url = kind is Kind.TEXT and _is_url(session, inner, declared.node, declared.pointer)
            yield Spot(pointer=pointer, key=key, folder=folder, kind=kind, is_url=is_url)
        elif depth < _DEEPEST and key in _FOLDERS and inner.is_object:
            yield from _spots(session, inner, pointer, key, depth + 1)


def _lists(session: Session, view: View) -> Iterator[Listing]:
    for name, declared in view.properties.items():
        inner, key = resolved(session, declared.node, declared.pointer), squashed(name)
        optional = name not in view.required or inner.nullable
        if inner.types == ("array",):
            yield Listing(pointer=join(ROOT, name), key=key, view=inner, optional=optional)
        elif key in _WRAPS and inner.is_object and not inner.choices:
            for found in _direct(session, inner, join(ROOT, name)):
                yield Listing(
                    pointer=found.pointer, key=found.key, view=found.view, optional=optional or found.optional
                )


def _direct(session: Session, view: View, way: Pointer) -> Iterable[Listing]:
    for name, declared in view.properties.items():
        inner, key = resolved(session, declared.node, declared.pointer), squashed(name)
        if inner.types == ("array",):
            optional = name not in view.required or inner.nullable
            yield Listing(pointer=join(way, name), key=key, view=inner, optional=optional)


def _is_url(session: Session, view: View, node: SchemaNode, pointer: Pointer) -> bool:
    if view.form in ("uri", "uri-reference", "url", "iri", "iri-reference", "uri_reference"):
        return True
    shown = session.place(node, pointer).node
    examples = [*(shown.examples or ()), shown.example]
    return any(isinstance(each, str) and each.startswith(("http://", "https://", "?")) for each in examples)
