"""All documents that one is made of, and the part of them that a reference leads to."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from urllib.parse import unquote

from formance_codegen.diagnostics import Diagnostic, Severity
from formance_codegen.load.addresses import Address, is_url, located, schema_marks
from formance_codegen.load.json_value import JsonValue, Missing, find, step
from formance_codegen.load.parsed import Parsed
from formance_codegen.load.spans import nearest
from formance_codegen.load.yaml import parse
from formance_codegen.pointer import ROOT, Pointer, join, parent, tokens
from formance_codegen.source import SourceFile, Span

_MOST_HOPS: Final = 100
"""More references in a row are a circle."""


class Place(NamedTuple):
    """A part of one of the documents."""

    address: Address
    pointer: Pointer


class UnreachableError(LookupError):
    """A reference cannot be followed.

    Args:
        slug: The code of the diagnostic.
        message: Why.
    """

    def __init__(self, slug: str, message: str) -> None:
        super().__init__(message)
        self.slug = slug


@dataclass(frozen=True, slots=True, kw_only=True)
class _Volume:
    """One document, and what schemas in it can be called."""

    parsed: Parsed
    scopes: Mapping[Pointer, Address]
    """The base of references: that of the document itself, and those of schemas with an ``$id``."""
    anchors: Mapping[tuple[Pointer, str], Pointer]
    """By the scope and the name."""


@dataclass(slots=True, kw_only=True)
class Library:
    """The documents; those besides the main one are parsed when they are first asked for."""

    main: Address
    linked: Mapping[str, SourceFile | str]
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    """Why documents that are needed cannot be read."""
    _unread: dict[Address, tuple[Diagnostic, ...]] = field(default_factory=dict[Address, tuple[Diagnostic, ...]])
    _volumes: dict[Address, _Volume | None] = field(default_factory=dict[Address, "_Volume | None"])
    _ids: dict[Address, Place] = field(default_factory=dict[Address, Place])

    @staticmethod
    def of(source: Parsed, main: Address, linked: Mapping[str, SourceFile | str]) -> "Library":
        """Return the library of a main document, changed by overlays as it may be, and of those beside it."""
        library = Library(main=main, linked=linked)
        library._add(main, source)
        for address in linked:
            library._volume(Address(address))
        return library

    def at(self, place: Place) -> JsonValue | Missing:
        """Return the part at a place; references are not followed."""
        volume = self._volumes[place.address]
        assert volume is not None, place
        return find(volume.parsed.data, place.pointer)

    def spans(self, address: Address) -> Mapping[Pointer, Span]:
        """Return where the parts of a document stand."""
        volume = self._volumes[address]
        assert volume is not None, address
        return volume.parsed.spans

    def span(self, place: Place) -> Span:
        """Return where a part, or the closest one around it, starts."""
        return nearest(self.spans(place.address), place.pointer)

    def is_plain(self, place: Place) -> bool:
        """Return whether a pointer in a fragment, at a place, is one of the whole document."""
        return self._scope(place)[0].pointer == ROOT

    def locate(self, place: Place, reference: str, hops: int = _MOST_HOPS) -> Place:
        """Return where a reference leads to that stands in the object at a place.

        Bases are the ``$id`` of the schemas around (JSON Schema 2020-12, section 8.2), and else the document:
        many documents give their schemas an ``$id`` and go on to refer to the files beside them.

        Raises:
            UnreachableError: There is nothing, or it was not read.
        """
        scope, base = self._scope(place)
        for root in dict.fromkeys(
            (
                self._root(scope, base, reference),
                self._root(Place(place.address, ROOT), place.address, reference),
            )
        ):
            if root is not None and (found := self._inside(root, reference, hops)) is not None:
                return found
        raise self._cause(place, reference)

    def _root(self, scope: Place, base: Address, reference: str) -> Place | None:
        if reference.startswith("#"):
            return scope
        there, _ = located(base, reference)
        if there in self._ids:
            return self._ids[there]
        return Place(there, ROOT) if self._volume(there) is not None else None

    def _inside(self, root: Place, reference: str, hops: int) -> Place | None:
        fragment = unquote(reference.partition("#")[2])
        volume = self._volumes[root.address]
        if volume is None:
            return None
        if fragment and not fragment.startswith("/"):
            named = volume.anchors.get((root.pointer, fragment))
            return None if named is None else Place(root.address, named)
        return self._walked(Place(root.address, Pointer(root.pointer + fragment)), hops)

    def _walked(self, place: Place, hops: int) -> Place | None:
        """Return the place itself, or where it lies behind references on the way."""
        value: JsonValue | Missing = self.at(Place(place.address, ROOT))
        path = tokens(place.pointer)
        for depth, token in enumerate(path):
            assert not isinstance(value, Missing)
            found = step(value, token)
            if not isinstance(found, Missing):
                value = found
                continue
            around = Place(place.address, join(ROOT, *path[:depth]))
            if not isinstance(value, dict) or not isinstance(further := value.get("$ref"), str) or not hops:
                return None
            target = self.locate(around, further, hops - 1)
            return self._walked(Place(target.address, join(target.pointer, *path[depth:])), hops - 1)
        return place

    def _scope(self, place: Place) -> tuple[Place, Address]:
        volume = self._volumes[place.address]
        assert volume is not None, place
        pointer = place.pointer
        while pointer not in volume.scopes:
            pointer = parent(pointer)
        return Place(place.address, pointer), volume.scopes[pointer]

    def _cause(self, place: Place, reference: str) -> UnreachableError:
        there, fragment = located(place.address, reference)
        reason = self.linked.get(there)
        if there not in self._volumes:
            why = reason if isinstance(reason, str) else "it was not read"
            return UnreachableError("external-reference", f'"{reference}" leads out of the document: {why}')
        if self._volumes[there] is None:
            self.diagnostics += self._unread.pop(there, ())
            return UnreachableError("external-reference", f'"{reference}" leads to a document that cannot be read')
        where = "the document" if there == self.main else str(there)
        if fragment and not fragment.startswith("/"):
            return UnreachableError(
                "broken-reference", f'"{reference}" leads nowhere: no $anchor "{fragment}" is in {where}'
            )
        return UnreachableError("broken-reference", f'"{reference}" leads nowhere: {where} has no such part')

    def _volume(self, address: Address) -> _Volume | None:
        if address not in self._volumes and isinstance(source := self.linked.get(address), SourceFile):
            self._volumes[address] = None
            outcome = parse(source)
            if outcome.value is None:
                self._unread[address] = tuple(f for f in outcome.diagnostics if f.severity is Severity.ERROR)
            else:
                self._add(address, outcome.value)
        return self._volumes.get(address)

    def _add(self, address: Address, parsed: Parsed) -> None:
        scopes: dict[Pointer, Address] = {ROOT: address}
        anchors: dict[tuple[Pointer, str], Pointer] = {}
        if isinstance(parsed.data, dict) and isinstance(own := parsed.data.get("$self"), str):
            # OpenAPI 3.2, section 4.1.2.2: what else references may be relative to.
            scopes[ROOT], _ = located(address, own)
            self._ids.setdefault(scopes[ROOT], Place(address, ROOT))
        for path, schema in schema_marks(parsed.data):
            pointer = join(ROOT, *path)
            scope = pointer
            while scope not in scopes:
                scope = parent(scope)
            if isinstance(own := schema.get("$id"), str) and not own.startswith("#"):
                scopes[pointer], _ = located(scopes[scope], own)
                self._ids.setdefault(scopes[pointer], Place(address, pointer))
                scope = pointer
            for key in ("$anchor", "$dynamicAnchor"):
                if isinstance(name := schema.get(key), str):
                    anchors.setdefault((scope, name), pointer)
        self._volumes[address] = _Volume(parsed=parsed, scopes=scopes, anchors=anchors)


def stem(address: Address) -> str:
    """Return the name of a document's file without its ending."""
    name = posixpath.basename(address.rstrip("/").partition("?")[0] if is_url(address) else address)
    for ending in (".yaml", ".yml", ".json", ".schema", ".openapi"):
        name = name.removesuffix(ending)
    return name
