"""Reads the hints about the answer of an operation: what to unwrap, and how to ask for the page that follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from formance_codegen.ir.decls import Alias, Record
from formance_codegen.ir.operations import ByCursor, ByLink, ByNumber, ByOffset, Counts, CursorPlace, LinkPlace, Turning
from formance_codegen.ir.requests import Body, Location, MediaKind, Parameter
from formance_codegen.ir.types import AnyJson, MapOf, Nullable, Ref, TypeExpr, WireName
from formance_codegen.load.json_value import JsonValue, Missing, as_mapping, kind_of
from formance_codegen.lower.hints import PAGING, UNWRAP
from formance_codegen.lower.session import Session
from formance_codegen.pointer import Pointer, join

_WAYS: Final = ("cursor", "page", "offset", "link")
"""How the next page is asked for: in one of these ways, or not at all."""
_COUNTS: Final = ("total", "pages", "position")
_PAGING_KEYS: Final = ("items", "next", "more", *_COUNTS, *_WAYS)
_CURSOR_KEYS: Final = ("in", "name", "keep", "carry", "item")
_NUMBER_KEYS: Final = ("name", "first")


@dataclass(frozen=True, slots=True, kw_only=True)
class PagingHint:
    """Where a page stands in an answer, and how the next one is asked for."""

    items: Pointer
    next: Pointer | None
    more: Pointer | None
    counts: Counts
    last: Pointer | None
    """Where in the last item the mark of the next page stands."""
    turning: Turning | None
    pointer: Pointer
    """Where the hint stands."""

    @property
    def told(self) -> tuple[tuple[str, Pointer | None], ...]:
        """What else stands in the answer, by its key in the hint."""
        counts = self.counts
        named = (("total", counts.total), ("pages", counts.pages), ("position", counts.position))
        return (("next", self.next), ("more", self.more), *named, *self.carried)

    @property
    def carried(self) -> tuple[tuple[str, Pointer], ...]:
        """What the next call takes out of the answer, by the way to it in the hint."""
        carries = self.turning.carries if isinstance(self.turning, ByCursor) else ()
        return tuple((f"cursor/carry/{wire}", way) for wire, way in carries)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerHints:
    """What hints say about the answer of an operation; None where they say nothing."""

    paging: PagingHint | Literal[False] | None
    unwrap: Literal["data", False] | None
    unwrap_pointer: Pointer

    @property
    def given(self) -> bool:
        """Whether there are any."""
        return self.paging is not None or self.unwrap is not None


def read_answer_hints(
    session: Session, pointer: Pointer, parameters: Sequence[Parameter], body: Body | None
) -> AnswerHints:
    """Return the hints about the answer of the operation at ``pointer``; what they get wrong is reported."""
    paging, unwrap = session.hint(pointer, PAGING), session.hint(pointer, UNWRAP)
    place = join(pointer, UNWRAP)
    if not isinstance(paging, Missing) and not isinstance(unwrap, Missing):
        session.report("invalid-hint", f"{UNWRAP} and {PAGING} both say what the answer is; one of them must go", place)
    told: Literal["data", False] | None = None
    if unwrap == "data":
        told = "data"
    elif unwrap is False:
        told = False
    elif not isinstance(unwrap, Missing):
        session.report("invalid-hint", f'{UNWRAP} is either false or "data"', place)
    read = None if isinstance(paging, Missing) else _Reader(session, parameters, body).paging(paging, pointer)
    return AnswerHints(paging=read, unwrap=told, unwrap_pointer=place)


class _Reader:
    """Reads the hint of one operation."""

    def __init__(self, session: Session, parameters: Sequence[Parameter], body: Body | None) -> None:
        self._session = session
        self._query = {p.wire for p in parameters if p.location is Location.QUERY}
        self._body = body

    def paging(self, hint: JsonValue, operation: Pointer) -> PagingHint | Literal[False] | None:
        place = join(operation, PAGING)
        if hint is False:
            return False
        if not isinstance(hint, dict):
            self._report(f"{PAGING} is either false or a mapping, not {kind_of(hint)}", place)
            return None
        self._refuse_unknown(hint, _PAGING_KEYS, place)
        items, following = self._pointer(hint, "items", place), self._pointer(hint, "next", place)
        more, turning = self._pointer(hint, "more", place), self._turning(hint, place)
        total, pages, position = (self._pointer(hint, key, place) for key in _COUNTS)
        last = self._pointer(as_mapping(hint.get("cursor")), "item", join(place, "cursor"))
        if items is None:
            self._report("items is missing: a JSON pointer to the list of a page", place)
        if isinstance(turning, ByCursor) and (following is None) == (last is None):
            self._report("a cursor needs next, a JSON pointer to the mark of the next page, or item", place)
        if isinstance(turning, ByLink) and (following is None) == (turning.place is LinkPlace.BODY):
            self._report("next is a JSON pointer to the link in the body; there is none for a header", place)
        if not {"page", "offset"} & set(hint) and (total, pages, position) != (None, None, None):
            self._report(f"{', '.join(_COUNTS)} are for pages that are told by page or offset", place)
        if items is None:
            return None
        return PagingHint(
            items=items,
            next=following,
            more=more,
            counts=Counts(total=total, pages=pages, position=position),
            last=last,
            turning=turning,
            pointer=place,
        )

    def _turning(self, hint: Mapping[str, JsonValue], place: Pointer) -> Turning | None:
        ways = [way for way in _WAYS if way in hint]
        if len(ways) > 1:
            self._report(f"a page is asked for in one way, not by {' and '.join(ways)}", place)
            return None
        if not ways:
            return None
        told, where = hint[ways[0]], join(place, ways[0])
        match ways[0]:
            case "link":
                if told in ("body", "header"):
                    return ByLink(place=LinkPlace(told))
                self._report('link is either "body" or "header"', where)
                return None
            case "cursor":
                return self._cursor(as_mapping(told), where)
            case way:
                return self._number(as_mapping(told), where, positions=way == "offset")

    def _number(self, hint: Mapping[str, JsonValue], place: Pointer, *, positions: bool) -> ByNumber | ByOffset | None:
        self._refuse_unknown(hint, _NUMBER_KEYS, place)
        first = hint.get("first", 0)
        if not isinstance(first, int) or isinstance(first, bool):
            self._report(f"first is {kind_of(first)}, not a whole number", join(place, "first"))
            return None
        name = self._query_parameter(hint, place)
        if name is None:
            return None
        return ByOffset(wire=name, first=first) if positions else ByNumber(wire=name, first=first)

    def _cursor(self, hint: Mapping[str, JsonValue], place: Pointer) -> ByCursor | None:
        self._refuse_unknown(hint, _CURSOR_KEYS, place)
        where, keeps = hint.get("in", "query"), hint.get("keep", False)
        if where not in ("query", "body"):
            self._report('in is either "query" or "body"', join(place, "in"))
            return None
        if not isinstance(keeps, bool):
            self._report(f"keep is {kind_of(keeps)}, not true or false", join(place, "keep"))
            return None
        name = self._query_parameter(hint, place) if where == "query" else self._property(hint.get("name"), place)
        carries = self._carries(hint.get("carry", {}), join(place, "carry"))
        if name is None:
            return None
        return ByCursor(place=CursorPlace(where), wire=name, keeps=keeps, carries=carries)

    def _carries(self, hint: JsonValue, place: Pointer) -> tuple[tuple[WireName, Pointer], ...]:
        carried: list[tuple[WireName, Pointer]] = []
        for key in as_mapping(hint):
            name, way = self._property(key, join(place, key)), self._pointer(as_mapping(hint), key, place)
            if name is not None and way is not None:
                carried.append((name, way))
        return tuple(carried)

    def _query_parameter(self, hint: Mapping[str, JsonValue], place: Pointer) -> WireName | None:
        name = hint.get("name")
        if isinstance(name, str) and name in self._query:
            return WireName(name)
        asked = f'no query parameter "{name}"' if isinstance(name, str) else "to be told the name of a query parameter"
        self._report(f"the operation has {asked}", join(place, "name"))
        return None

    def _property(self, name: JsonValue, place: Pointer) -> WireName | None:
        """Return the name of a property of the JSON body; one that the body does not have is reported."""
        media = self._body.media if self._body is not None else ()
        if isinstance(name, str) and any(m.kind is MediaKind.JSON and self._takes(m.type, name) for m in media):
            return WireName(name)
        self._report(f'the body has no property "{name}"' if isinstance(name, str) else "name is missing", place)
        return None

    def _takes(self, type_: TypeExpr, name: str) -> bool:
        match type_:
            case Nullable(inner=inner):
                return self._takes(inner, name)
            case Ref(id=symbol):
                decl = self._session.decls.get(symbol)
                if isinstance(decl, Alias):
                    return self._takes(decl.type, name)
                return isinstance(decl, Record) and any(entry.wire == name for entry in decl.fields)
            case _:
                return isinstance(type_, AnyJson | MapOf)

    def _pointer(self, hint: Mapping[str, JsonValue], key: str, place: Pointer) -> Pointer | None:
        value = hint.get(key)
        if value is None:
            return None
        if isinstance(value, str) and (not value or value.startswith("/")):
            return Pointer(value)
        self._report(f"{key} is no JSON pointer, which begins with a slash", join(place, key))
        return None

    def _refuse_unknown(self, hint: Mapping[str, JsonValue], allowed: Sequence[str], place: Pointer) -> None:
        for key in hint:
            if key not in allowed:
                self._report(f'there is no "{key}" here; there are {", ".join(allowed)}', join(place, key))

    def _report(self, message: str, pointer: Pointer) -> None:
        self._session.report("invalid-hint", message, pointer)
