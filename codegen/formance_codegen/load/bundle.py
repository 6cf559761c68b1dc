"""Several documents to one: every part of another that is referred to gets a home in the main one."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from urllib.parse import quote

from formance_codegen.diagnostics import CODES, Diagnostic, Outcome, Severity, diagnose
from formance_codegen.load.addresses import Address, is_reference
from formance_codegen.load.dialects import Dialect
from formance_codegen.load.homes import Target, name_targets
from formance_codegen.load.json_value import JsonValue, Missing, as_mapping, find
from formance_codegen.load.library import Library, Place, UnreachableError
from formance_codegen.load.limits import DEEPEST
from formance_codegen.load.parsed import Parsed
from formance_codegen.load.spans import GraftedSpans
from formance_codegen.load.structure import Form, Kind
from formance_codegen.pointer import ROOT, Pointer, join
from formance_codegen.source import SourceFile, Span

_MOST_HOPS: Final = 100
"""More references in a row are a circle."""

_DEEPEST_INLINED: Final = 16
"""Such parts inside of one another."""

_MOST_INLINED: Final = 10_000
"""Copies of parts that have no home of their own: a short text must not unfold without end."""

_EMPTY: Final = "an empty object is read there"
"""What is made of a reference that leads nowhere."""

_MAPS: Final = frozenset(
    "schemas responses parameters examples requestBodies headers securitySchemes links callbacks pathItems definitions "
    "properties patternProperties $defs content paths webhooks components encoding".split()
)
"""Keys of maps and of other objects that the standard lets nobody refer to, though many do."""


def bundle(parsed: Parsed, main: Address, linked: Mapping[str, SourceFile | str], dialect: Dialect) -> Outcome[Parsed]:
    """Return a document in which every reference is a JSON Pointer into the document itself.

    A part of another document becomes a component, once for all who refer to it, with a name of its own; a component
    that is nothing but a reference becomes what it refers to. Path items, and what the standard has no component for,
    are written where they are used. Anchors and ``$id`` are followed, and ``$dynamicRef`` to where it leads without
    its context. Every part keeps its place in the text it comes from.
    What leads nowhere is empty, with a warning (``broken-reference``, ``circular-reference``).
    Errors: ``external-reference``, and those of ``parse``.
    """
    if _is_whole(parsed.data):
        return Outcome(value=parsed)
    library = Library.of(parsed, main, linked)
    bundling = _Bundling(library=library, dialect=dialect)
    data = bundling.main(parsed.data)
    diagnostics = tuple(dict.fromkeys((*library.diagnostics, *bundling.diagnostics)))
    if any(found.severity is Severity.ERROR for found in diagnostics):
        return Outcome(value=None, diagnostics=diagnostics)
    spans = GraftedSpans(parsed.spans, bundling.grafts())
    return Outcome(value=Parsed(data=data, spans=spans), diagnostics=diagnostics)


def _is_whole(data: JsonValue) -> bool:
    """Return whether nothing needs to be brought together: what most documents are."""
    pending: list[tuple[str, JsonValue]] = [("", data)]
    while pending:
        key, value = pending.pop()
        if isinstance(value, list):
            pending += [("", item) for item in value]
        if not isinstance(value, dict):
            continue
        reference = value.get("$ref")
        if isinstance(reference, str) and (key in _MAPS or not _is_local(reference)):
            return False
        if isinstance(value.get("$dynamicRef"), str) or isinstance(value.get("$id"), str):
            return False
        pending += value.items()
    return True


def _is_local(reference: str) -> bool:
    """Return whether a reference can stay; media types have no references before 3.2."""
    return (reference == "#" or reference.startswith("#/")) and not reference.startswith("#/components/mediaTypes/")


class _At(NamedTuple):
    """A part that is being copied: where it stands, and where the copy goes."""

    place: Place
    owner: Target | None
    """What becomes a component, and holds the copy; None: the main document."""
    here: Pointer
    """Where the copy is inside of that."""
    within: tuple[Place, ...] = ()
    """The places that are written where they are used, one inside the other."""

    def below(self, *path: str | int) -> "_At":
        """Return the same for a part of it."""
        inner = Place(self.place.address, join(self.place.pointer, *path))
        return self._replace(place=inner, here=join(self.here, *path))


@dataclass(slots=True, kw_only=True)
class _Bundling:
    """The state of one run of ``bundle``; it lives no longer."""

    library: Library
    dialect: Dialect
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    _homes: dict[Target, Pointer] = field(default_factory=dict[Target, Pointer])
    _copies: dict[Target, JsonValue] = field(default_factory=dict[Target, JsonValue])
    _waiting: list[Target] = field(default_factory=list[Target])
    _open: list[tuple[dict[str, JsonValue], str, Target]] = field(
        default_factory=list[tuple[dict[str, JsonValue], str, Target]]
    )
    """The keys that are to hold references, once all names are known."""
    _inlined: list[_At] = field(default_factory=list[_At])

    def main(self, data: JsonValue) -> JsonValue:
        """Return the whole."""
        self._settle(data)
        copied = self._copy(Kind.OPENAPI, _At(Place(self.library.main, ROOT), None, ROOT))
        while self._waiting:
            target = self._waiting.pop()
            self._copies[target] = self._copy(target.kind, _At(target.place, target, ROOT))
        self._house(as_object(copied))
        for node, key, target in self._open:
            node[key] = _fragment(self._homes[target])
        return copied

    def grafts(self) -> Mapping[Pointer, tuple[Mapping[Pointer, Span], Pointer]]:
        """Return where parts come from, by where they now are."""
        origins = {home: target.place for target, home in self._homes.items()}
        for at in self._inlined:
            around = ROOT if at.owner is None else self._homes[at.owner]
            origins[Pointer(around + at.here)] = at.place
        return {here: (self.library.spans(place.address), place.pointer) for here, place in origins.items()}

    def _settle(self, data: JsonValue) -> None:
        """Let components that are nothing but references to elsewhere be the homes of what they lead to."""
        for kind, path in self.dialect.homes.items():
            around = join(ROOT, *path)
            for name, value in as_mapping(find(data, around)).items():
                own = Place(self.library.main, join(around, name))
                if isinstance(value, dict) and set(value) == {"$ref"} and isinstance(written := value["$ref"], str):
                    with suppress(UnreachableError):
                        place = self._end(own, written)
                        if place.address != self.library.main:
                            self._homes.setdefault(Target(kind, place), own.pointer)

    def _house(self, copied: dict[str, JsonValue]) -> None:
        """Give the copies of what is elsewhere a name and a place."""
        taken = {
            kind: frozenset(as_mapping(find(copied, join(ROOT, *path)))) for kind, path in self.dialect.homes.items()
        }
        for target, name in name_targets(self._copies, taken).items():
            path = self.dialect.homes[target.kind]
            section = copied
            for token in path:
                section[token] = section = as_object(section.get(token))
            section[name] = self._copies[target]
            self._homes[target] = join(ROOT, *path, name)

    def _copy(self, kind: Kind, at: _At) -> JsonValue:
        """Return an object with its references made local."""
        value = self.library.at(at.place)
        if not isinstance(value, dict):
            return None if isinstance(value, Missing) else value
        if isinstance(written := value.get("$ref"), str):
            return self._reference(kind, value, written, at)
        copied = self._children(kind, value, at)
        if kind is Kind.SCHEMA:
            self._discriminator(copied, at.place)
            if isinstance(written := copied.get("$dynamicRef"), str):
                del copied["$dynamicRef"]
                self._refer(copied, self._found(at.place, written, key="$dynamicRef"), kind)
        return copied

    def _children(self, kind: Kind, value: Mapping[str, JsonValue], at: _At) -> dict[str, JsonValue]:
        return {key: self._child(kind, key, child, at.below(key)) for key, child in value.items()}

    def _child(self, kind: Kind, key: str, child: JsonValue, at: _At) -> JsonValue:
        known = self.dialect.field(kind, key)
        if known is None:
            return child
        match known.form, child:
            case Form.ONE, _:
                return self._copy(known.kind, at)
            case Form.LIST, list():
                return [self._copy(known.kind, at.below(index)) for index in range(len(child))]
            case Form.MAP, dict():
                return self._map(known.kind, child, at)
            case _:
                return child

    def _map(self, kind: Kind, value: dict[str, JsonValue], at: _At) -> JsonValue:
        if not isinstance(written := value.get("$ref"), str):
            return {name: self._copy(kind, at.below(name)) for name in value}
        # The map as a whole is somewhere else.
        inside = self._inside(self._found(at.place, written), at)
        if inside is None:
            return {}
        whole = self.library.at(inside.place)
        own = {name: self._copy(kind, at.below(name)) for name in value if name != "$ref"}
        theirs = self._map(kind, whole, inside) if isinstance(whole, dict) else {}
        return {**as_mapping(theirs), **own}

    def _reference(self, kind: Kind, value: dict[str, JsonValue], written: str, at: _At) -> JsonValue:
        """Return what becomes of an object that refers to another one."""
        has_home = kind in self.dialect.homes
        is_local = at.place.address == self.library.main and written.startswith("#/")
        if is_local and has_home and self.library.is_plain(at.place):
            return self._siblings(kind, value, at)
        place = self._found(at.place, written)
        if place is None:
            return {}
        if has_home and at.owner is None and self._homes.get(Target(kind, place)) == at.here:
            return self._copy(kind, at._replace(place=place))
        is_inline = kind is Kind.PATH_ITEM and place not in at.within and place.address != self.library.main
        if has_home and not is_inline:
            copied = self._siblings(kind, value, at)
            self._refer(copied, place, kind)
            return copied
        inside = self._inside(place, at)
        if inside is None:
            return {}
        whole = self._copy(kind, inside)
        siblings = {key: child for key, child in self._siblings(kind, value, at).items() if key != "$ref"}
        return {**whole, **siblings} if isinstance(whole, dict) else whole

    def _siblings(self, kind: Kind, value: dict[str, JsonValue], at: _At) -> dict[str, JsonValue]:
        """Return an object that is a reference with what stands beside that."""
        return {
            key: child if key == "$ref" else self._child(kind, key, child, at.below(key))
            for key, child in value.items()
        }

    def _inside(self, place: Place | None, at: _At) -> _At | None:
        """Return what a part is that is written where it is used, or None, after a report, for one without end."""
        if place is None:
            return None
        if place in at.within:
            message = f"{place.address}#{place.pointer} leads in a circle"
            self._fault("circular-reference", message, at.place)
            return None
        is_deep = len(at.within) >= _DEEPEST_INLINED or at.here.count("/") > DEEPEST // 2
        if is_deep or len(self._inlined) >= _MOST_INLINED:
            many = "too deep inside one another" if is_deep else f"more than {_MOST_INLINED:,} of them"
            message = f"parts without a name would be written where they are used, {many}"
            self._fault("external-reference", message, at.place)
            return None
        inside = at._replace(place=place, within=(*at.within, place))
        self._inlined.append(inside)
        return inside

    def _refer(self, node: dict[str, JsonValue], place: Place | None, kind: Kind, key: str = "$ref") -> None:
        """Let a key hold a reference to a place, at once or when that has a name."""
        if place is None:
            return
        if place.address == self.library.main:
            node[key] = _fragment(place.pointer)
            return
        target = Target(kind, place)
        node[key] = ""
        self._open.append((node, key, target))
        if target not in self._homes and target not in self._copies:
            self._copies[target] = None
            self._waiting.append(target)

    def _discriminator(self, schema: dict[str, JsonValue], place: Place) -> None:
        """Let the mapping of a discriminator lead to where its schemas now are."""
        told = as_mapping(schema.get("discriminator"))
        mapping = dict(as_mapping(told.get("mapping")))
        for tag, written in mapping.items():
            if not isinstance(written, str):
                continue
            is_foreign = place.address != self.library.main
            named = "/components/schemas/" + quote(written, safe="")
            reference = written if is_reference(written) else f"#{named}"
            if is_foreign or (is_reference(written) and not written.startswith("#/")):
                with suppress(UnreachableError):
                    self._refer(mapping, self._end(place, reference), Kind.SCHEMA, tag)
        if mapping:
            schema["discriminator"] = {**told, "mapping": mapping}

    def _found(self, place: Place, written: str, key: str = "$ref") -> Place | None:
        try:
            return self._end(place, written)
        except UnreachableError as error:
            self._fault(error.slug, str(error), Place(place.address, join(place.pointer, key)))
            return None

    def _end(self, place: Place, written: str) -> Place:
        """Return where a reference leads to, behind others that say nothing else.

        Raises:
            UnreachableError: It leads nowhere or in a circle.
        """
        start, first = place, written
        for _ in range(_MOST_HOPS):
            place = self.library.locate(place, written)
            value = self.library.at(place)
            if not isinstance(value, dict) or set(value) != {"$ref"} or not isinstance(further := value["$ref"], str):
                return place
            if place.address == self.library.main and further.startswith("#/"):
                return place
            written = further
        raise UnreachableError("circular-reference", f'"{first}" in {start.address} leads in a circle')

    def _fault(self, slug: str, message: str, place: Place) -> None:
        notes = () if CODES[slug].severity is Severity.ERROR else (_EMPTY,)
        found = diagnose(slug, message, span=self.library.span(place), pointer=place.pointer, notes=notes)
        self.diagnostics.append(found)


def as_object(value: JsonValue) -> dict[str, JsonValue]:
    """Return an object as it is, to be changed, and a new one for anything else."""
    return value if isinstance(value, dict) else {}


def _fragment(pointer: Pointer) -> str:
    """Return a pointer as a reference (RFC 6901, section 6)."""
    return "#" + quote(pointer, safe="/~!$&'()*+,;=:@-._{}[]<> ")
