"""Recognises pages beyond Formance's own, where names and types of parameters and answer agree: see docs/paging.md."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from formance_codegen.ir.decls import Alias, Record
from formance_codegen.ir.operations import (
    ByCursor,
    ByLink,
    ByNumber,
    ByOffset,
    Counts,
    CursorPlace,
    LinkPlace,
    Paged,
    Turning,
)
from formance_codegen.ir.requests import Body, Location, MediaKind, Parameter
from formance_codegen.ir.types import AnyJson, Nullable, Ref, Scalar, ScalarKind, TypeExpr, WireName
from formance_codegen.lower.page_names import (
    CURSORS,
    FLAGS,
    LISTS,
    NUMBERS,
    OFFSETS,
    PAGES,
    POSITIONS,
    SIZES,
    STARTS_AT_ZERO,
    STATUSES,
    TOTALS,
    is_last_id,
    is_link,
    leads_on,
)
from formance_codegen.lower.page_survey import Kind, Listing, Spot, Survey, kind_of_view, resolved, squashed, survey
from formance_codegen.lower.schemas import type_of
from formance_codegen.lower.session import SchemaNode, Session
from formance_codegen.pointer import Pointer

_MOST_OTHERS: Final = 2
"""How many properties beside it a list may have that nothing but a total shows to be the point of an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked, as far as it may tell how the next page is."""

    method: str
    path: str
    parameters: Sequence[Parameter]
    body: Body | None
    links: bool
    """Whether the answer declares a ``Link`` header."""


def recognise(session: Session, node: SchemaNode, pointer: Pointer, asked: Asked) -> Paged | None:
    """Return the page that an answer is, where it is certain; None otherwise."""
    if asked.method not in ("GET", "POST", "QUERY"):
        return None
    found = survey(session, node, pointer)
    listing = _items(found, asked.path)
    if listing is None or _hides_failure(found, listing):
        return None
    return _Rules(session, asked, found, listing).page()


def _items(found: Survey, path: str) -> Listing | None:
    """Return the list that holds the items of an answer; None where that could be several."""
    if len(found.lists) == 1:
        return found.lists[0]
    for chosen in (
        [each for each in found.lists if each.key in LISTS],
        [each for each in found.lists if each.key == _resource(path)],
    ):
        if len(chosen) == 1:
            return chosen[0]
    return None


def _resource(path: str) -> str:
    """Return what a path is about: its last literal segment, squashed."""
    literals = [part for part in path.split("/") if part and "{" not in part]
    return squashed(literals[-1].partition(".")[0]) if literals else ""


def _hides_failure(found: Survey, listing: Listing) -> bool:
    """Return whether a failure could come as an answer without a list, which would look like a last page."""
    return listing.optional and any(not spot.folder and spot.key in STATUSES for spot in found.spots)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A parameter that may ask for a page."""

    wire: WireName
    key: str
    kind: Kind
    parameter: Parameter | None = None


class _Rules:
    """The rules, in their order: what tells more comes first."""

    def __init__(self, session: Session, asked: Asked, found: Survey, listing: Listing) -> None:
        self._session = session
        self._asked = asked
        self._spots = found.spots
        self._others = found.others
        self._listing = listing
        query = (p for p in asked.parameters if p.location is Location.QUERY and not p.deprecated)
        self._query = [
            _Asked(wire=p.wire, key=squashed(p.wire), kind=kind, parameter=p)
            for p in query
            if (kind := _kind(session, p.type)) is not None
        ]
        self._sized = any(each.key in SIZES and each.kind is Kind.WHOLE for each in self._query)
        self._more = self._only(FLAGS, Kind.FLAG)

    def page(self) -> Paged | None:
        free = [each for each in self._query if each.parameter is None or not each.parameter.required]
        texts = [each for each in free if each.kind is Kind.TEXT]
        rules: list[Callable[[], Paged | None]] = [partial(self._by_cursor, texts, CursorPlace.QUERY)]
        if self._asked.method == "GET":
            by_number = partial(self._by_cursor, free, CursorPlace.QUERY)
            rules += [self._after_last, self._in_header, self._counted, by_number]
            rules += [self._totalled, self._linked, self._numbered, self._positioned]
        asked = [*_properties(self._session, self._asked.body)]
        rules.append(partial(self._by_cursor, asked, CursorPlace.BODY))
        return next((page for rule in rules if (page := rule()) is not None), None)

    def _by_cursor(self, asked: Sequence[_Asked], place: CursorPlace) -> Paged | None:
        """The answer gives a mark whose name says that it leads on by the parameter."""
        pairs = [
            (parameter, spot)
            for parameter in asked
            for spot in self._spots
            if parameter.kind is spot.kind and spot.kind in (Kind.TEXT, Kind.WHOLE) and not spot.is_url
            if self._leads_on(parameter, spot)
        ]
        if len(pairs) > 1:
            pairs = [(each, spot) for each, spot in pairs if spot.key in (each.key, f"next{each.key}")]
        if len(pairs) != 1:
            return None
        parameter, spot = pairs[0]
        if parameter.key == spot.key and spot.key in CURSORS and self._has_other_marks(spot):
            # It may repeat what was asked for.
            return None
        turning = ByCursor(place=place, wire=parameter.wire, keeps=True)
        return self._paged(turning, following=spot.pointer, more=self._more)

    def _leads_on(self, parameter: _Asked, spot: Spot) -> bool:
        if spot.key == "lastid":
            return self._more is not None and is_last_id(parameter.key, spot.key)
        # As a text, a next page may be a URL.
        unclear = parameter.key in NUMBERS and spot.kind is not Kind.WHOLE and self._more is None
        return not unclear and leads_on(parameter.key, spot.key, spot.folder)

    def _has_other_marks(self, mark: Spot) -> bool:
        return any(s.kind is Kind.TEXT and "next" in s.key for s in self._spots if s is not mark)

    def _after_last(self) -> Paged | None:
        """The list goes on after an item, told by its id, and a flag says whether it does."""
        found = [each for each in self._query if is_last_id(each.key, "id")]
        items = self._listing.view
        if len(found) != 1 or self._more is None or items.items is None:
            return None
        declared = resolved(self._session, items.items, items.items_pointer).properties.get("id")
        if declared is None:
            return None
        told = kind_of_view(resolved(self._session, declared.node, declared.pointer))
        if told is not found[0].kind or (found[0].parameter is not None and found[0].parameter.required):
            return None
        turning = ByCursor(place=CursorPlace.QUERY, wire=found[0].wire, keeps=True)
        return self._paged(turning, last=Pointer("/id"), more=self._more)

    def _counted(self) -> Paged | None:
        """The answer tells how many items or pages there are, or whether there are more."""
        if not self._is_list():
            return None
        if (offset := self._offset()) is not None and (total := self._only(TOTALS, Kind.WHOLE) or self._more):
            counts = Counts() if self._more else Counts(total=total)
            return self._paged(offset, more=self._more, counts=counts)
        pages = self._only(PAGES, Kind.WHOLE)
        number = self._number() if pages or self._more else None
        if number is None:
            return None
        return self._paged(number, more=self._more, counts=Counts(pages=pages, position=self._position()))

    def _in_header(self) -> Paged | None:
        """The answer declares the header ``Link``."""
        return self._paged(ByLink(place=LinkPlace.HEADER)) if self._asked.links and self._turns() else None

    def _linked(self) -> Paged | None:
        """The answer gives the URL of the next page in its body."""
        texts = [spot for spot in self._spots if spot.kind is Kind.TEXT]
        found = [spot for spot in texts if is_link(spot.key, spot.folder, is_url=spot.is_url)]
        if len(found) != 1 or not self._is_list():
            return None
        return self._paged(ByLink(place=LinkPlace.BODY), following=found[0].pointer, more=self._more)

    def _turns(self) -> bool:
        """Return whether the answer is a list, and parameters ask for a part of it."""
        return self._is_list() and (self._sized or any(each.key in NUMBERS | OFFSETS | CURSORS for each in self._query))

    def _totalled(self) -> Paged | None:
        """Pages have numbers, and the answer tells how many items there are."""
        return None if self._only(TOTALS, Kind.WHOLE) is None else self._numbered()

    def _numbered(self) -> Paged | None:
        """Pages have numbers and a size; the first one without items is beyond the last."""
        number = self._number() if self._sized and self._is_list() else None
        if number is None:
            return None
        counts = Counts(total=self._only(TOTALS, Kind.WHOLE), position=self._position())
        return self._paged(number, counts=counts)

    def _positioned(self) -> Paged | None:
        """Pages have a first item and a size; the first one without items is beyond the last."""
        offset = self._offset() if self._is_list() else None
        return None if offset is None else self._paged(offset)

    def _is_list(self) -> bool:
        """Return whether the answer is a list, or by its names an object about one."""
        key = self._listing.key
        if not key or key in LISTS or key == _resource(self._asked.path) or self._more is not None:
            return True
        return self._only(TOTALS, Kind.WHOLE) is not None and self._others <= _MOST_OTHERS

    def _offset(self) -> ByOffset | None:
        found = [each for each in self._query if each.key in OFFSETS and each.kind is Kind.WHOLE]
        if len(found) != 1 or not self._sized:
            return None
        first = _first(found[0], zero=found[0].key in STARTS_AT_ZERO)
        return None if first is None else ByOffset(wire=found[0].wire, first=first)

    def _number(self) -> ByNumber | None:
        found = [each for each in self._query if each.key in NUMBERS and each.kind is Kind.WHOLE]
        if len(found) != 1:
            return None
        first = _first(found[0], zero=False)
        if first is None and self._position() is None:
            return None
        return ByNumber(wire=found[0].wire, first=first)

    def _position(self) -> Pointer | None:
        return self._only(POSITIONS, Kind.WHOLE)

    def _only(self, keys: frozenset[str], kind: Kind) -> Pointer | None:
        """Return where a value of one of some names stands, if there is exactly one."""
        found = [spot.pointer for spot in self._spots if spot.key in keys and spot.kind is kind]
        return found[0] if len(found) == 1 else None

    def _paged(
        self,
        turning: Turning,
        *,
        following: Pointer | None = None,
        last: Pointer | None = None,
        more: Pointer | None = None,
        counts: Counts | None = None,
    ) -> Paged:
        items = self._listing.view
        return Paged(
            item=AnyJson() if items.items is None else type_of(self._session, items.items, items.items_pointer),
            items=self._listing.pointer,
            next=following,
            more=more,
            turning=turning,
            last=last,
            counts=counts or Counts(),
            optional=self._listing.optional,
        )


def _first(asked: _Asked, *, zero: bool) -> int | None:
    """Return what a server takes for an absent number; None where the document does not say.

    Args:
        asked: The parameter.
        zero: Whether it can only be nought.
    """
    parameter = asked.parameter
    if parameter is None or parameter.default is not None:
        default = None if parameter is None else parameter.default
        is_whole = isinstance(default, int | float) and not isinstance(default, bool)
        return int(default) if is_whole and default in (0, 1) else None
    bounds = {bound.keyword: bound.value for bound in parameter.bounds}
    if bounds.get("minimum") == 1 or bounds.get("exclusiveMinimum") == 0:
        return 1
    return 0 if zero else None


def _kind(session: Session, type_: TypeExpr) -> Kind | None:
    match type_:
        case Nullable(inner=inner):
            return _kind(session, inner)
        case Scalar(kind=ScalarKind.STRING | ScalarKind.UUID):
            return Kind.TEXT
        case Scalar(kind=ScalarKind.INTEGER | ScalarKind.NUMBER):
            return Kind.WHOLE
        case Ref(id=symbol):
            decl = session.decls.get(symbol)
            return _kind(session, decl.type) if isinstance(decl, Alias) else None
        case _:
            return None


def _properties(session: Session, body: Body | None) -> Iterator[_Asked]:
    """Yield the single values that a JSON body may have and need not."""
    media: Iterable[TypeExpr] = () if body is None else (m.type for m in body.media if m.kind is MediaKind.JSON)
    for type_ in media:
        record = session.decls.get(type_.id) if isinstance(type_, Ref) else None
        for entry in record.fields if isinstance(record, Record) else ():
            if not entry.required and (kind := _kind(session, entry.type)) is not None:
                yield _Asked(wire=entry.wire, key=squashed(entry.wire), kind=kind)
