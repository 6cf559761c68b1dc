"""From media types whose content is a sequence to the items of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from openapi_pydantic.v3.v3_1 import MediaType as MediaTypeObject

from formance_codegen.ir.operations import Framing, Items, NamedEvent
from formance_codegen.ir.types import AnyJson, TypeExpr
from formance_codegen.load.json_value import as_mapping
from formance_codegen.load.openapi import schema_at
from formance_codegen.lower.compose import Property, View, view_of
from formance_codegen.lower.schemas import type_of
from formance_codegen.lower.session import Session
from formance_codegen.pointer import Pointer, join

_LINES: Final = frozenset(
    {
        "application/jsonl",
        "application/jsonlines",
        "application/json-lines",
        "application/ndjson",
        "application/stream+json",
        "application/x-json-stream",
        "application/x-jsonl",
        "application/x-jsonlines",
        "application/x-ndjson",
        "text/jsonl",
    }
)
"""Names of JSON Lines; none of them is registered."""
_EVENT_FIELDS: Final = frozenset({"event", "data", "id", "retry"})
_BESIDE: Final = frozenset({"comment", "comments", "enabled"})
"""What documents describe of an event that is no part of it on the wire."""
_MESSAGE: Final = "message"
"""The name of an event that has none (WHATWG HTML, section 9.2.6)."""


def framing_of(name: str) -> Framing | None:
    """Return how the items of a media type are separated, or None where it is no sequence of items."""
    essence = name.partition(";")[0].strip().lower()
    if essence == "text/event-stream":
        return Framing.EVENTS
    if essence == "application/json-seq" or essence.endswith("+json-seq"):
        return Framing.RECORDS
    return Framing.LINES if essence in _LINES else None


def lower_items(session: Session, name: str, media: MediaTypeObject, framing: Framing, pointer: Pointer) -> Items:
    """Return the items of a media type at ``pointer``.

    ``itemSchema`` (OpenAPI 3.2) describes an item; of events the whole event, with its data as a text. What stands
    under ``schema`` is read as documents mean it: an array is all items, anything else is one of them; of events its
    data, or the whole event where it has the properties ``event`` and ``data``. A text says nothing of what is inside.
    """
    described = join(pointer, "itemSchema")
    if "itemSchema" in as_mapping(session.document.at(pointer)):
        found: Property | None = Property(node=schema_at(session.document, described), pointer=described)
        is_own = True
    else:
        found, is_own = _item_of(session, media, pointer), False
    if framing is not Framing.EVENTS:
        type_ = AnyJson() if found is None else type_of(session, found.node, found.pointer)
        return Items(media_type=name, framing=framing, type=type_)
    if found is None:
        return Items(media_type=name, framing=framing, type=None, is_event=True)
    events = _events(session, found, is_own=is_own)
    if events is not None:
        return replace(events, media_type=name)
    if _is_text(view_of(session, found.node, found.pointer)):
        return Items(media_type=name, framing=framing, type=None, is_event=True)
    return Items(media_type=name, framing=framing, type=type_of(session, found.node, found.pointer))


def line_of(session: Session, name: str, media: MediaTypeObject, pointer: Pointer) -> TypeExpr | None:
    """Return what a line of the media type at ``pointer`` is, where it has lines of JSON and the document says so."""
    if framing_of(name) is not Framing.LINES:
        return None
    described = "itemSchema" in as_mapping(session.document.at(pointer))
    found = lower_items(session, name, media, Framing.LINES, pointer)
    return found.type if described or _item_of(session, media, pointer) is not None else None


def _item_of(session: Session, media: MediaTypeObject, pointer: Pointer) -> Property | None:
    """Return the schema of an item that ``schema`` describes, if it does."""
    if media.media_type_schema is None:
        return None
    whole = Property(node=media.media_type_schema, pointer=join(pointer, "schema"))
    view = view_of(session, whole.node, whole.pointer)
    if view.types == ("array",) and view.items is not None:
        return Property(node=view.items, pointer=view.items_pointer)
    return None if _is_text(view) else whole


def _is_text(view: View) -> bool:
    return view.types == ("string",) and not view.enum


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    """What one of the alternatives of an event says."""

    names: tuple[str, ...]
    type: TypeExpr | None


def _events(session: Session, found: Property, *, is_own: bool) -> Items | None:
    """Return the events that a schema describes whole, or None where it is of something else."""
    views = list(_alternatives(session, view_of(session, found.node, found.pointer), {}, frozenset()))
    needed = {"data"} if is_own else {"data", "event"}
    if not views or not all(_is_event(view, needed, is_own=is_own) for view in views):
        return None
    if not any("data" in view for view in views):
        return None
    events = [_event(session, view) for view in views]
    named: dict[str, TypeExpr | None] = {}
    for event in events:
        for name in event.names:
            named[name] = event.type if named.setdefault(name, event.type) == event.type else AnyJson()
    others = {event.type for event in events if not event.names}
    other = next(iter(others)) if len(others) == 1 else AnyJson() if others else None
    return Items(
        media_type="",
        framing=Framing.EVENTS,
        type=other,
        is_event=True,
        named=tuple(NamedEvent(name=name, type=type_) for name, type_ in named.items()),
    )


def _alternatives(
    session: Session, view: View, around: Mapping[str, Property], seen: frozenset[Pointer]
) -> Iterator[Mapping[str, Property]]:
    """Yield the properties of each alternative, together with those that stand beside the choice."""
    own = {**around, **view.properties}
    if not view.choices or view.pointer in seen:
        yield own
        return
    for node, pointer in view.choices[0].members:
        yield from _alternatives(session, view_of(session, node, pointer), own, seen | {view.pointer})


def _is_event(properties: Mapping[str, Property], needed: set[str], *, is_own: bool) -> bool:
    names = set(properties)
    told = bool(names & {"event", "data"}) if is_own else needed <= names
    return told and names <= _EVENT_FIELDS | _BESIDE


def _event(session: Session, properties: Mapping[str, Property]) -> _Event:
    name, data = properties.get("event"), properties.get("data")
    constants = () if name is None else view_of(session, name.node, name.pointer).enum or ()
    return _Event(
        names=tuple(each for each in constants if isinstance(each, str)),
        type=None if data is None else _datum(session, data),
    )


def _datum(session: Session, data: Property) -> TypeExpr | None:
    """Return what the data of an event is as JSON, or None where it is a text."""
    place = session.place(data.node, data.pointer)
    view = view_of(session, data.node, data.pointer)
    media_type = (place.node.contentMediaType or "").partition(";")[0].strip().lower()
    if media_type == "application/json" or media_type.endswith("+json"):
        inside = join(place.pointer, "contentSchema")
        if "contentSchema" not in as_mapping(session.document.at(place.pointer)):
            return AnyJson()
        return type_of(session, schema_at(session.document, inside), inside)
    if view.types in ((), ("string",)) and not view.choices and not view.properties:
        return None
    return type_of(session, data.node, data.pointer)
