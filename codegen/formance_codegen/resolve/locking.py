"""Hold names to what they were, and tell which of them changed all the same."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from formance_codegen.diagnostics import Diagnostic, diagnose
from formance_codegen.ir.decls import Decl, EnumDecl, Record
from formance_codegen.ir.operations import Operation
from formance_codegen.ir.service import Service
from formance_codegen.ir.types import SymbolId, WireName
from formance_codegen.naming.lock import Key, Lock, Locked, split
from formance_codegen.pointer import ROOT, Pointer, join, tokens
from formance_codegen.resolve.attributes import field_pointer
from formance_codegen.resolve.table import DeclName, FormerName, NameTable
from formance_codegen.source import Span

_LISTS: Final = frozenset({"oneOf", "anyOf", "allOf", "prefixItems", "parameters"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The names that a lock holds, by what they are asked for."""

    operations: Mapping[Pointer, tuple[str, str]] = field(default_factory=dict[Pointer, tuple[str, str]])
    """Namespace and method."""
    decls: Mapping[SymbolId, tuple[str, str]] = field(default_factory=dict[SymbolId, tuple[str, str]])
    """Namespace and class."""
    parameters: Mapping[Pointer, Mapping[Pointer, str]] = field(default_factory=dict[Pointer, Mapping[Pointer, str]])
    """By the operation: several may share a declared parameter."""
    fields: Mapping[Pointer, str] = field(default_factory=dict[Pointer, str])
    """By the pointers that a rename takes."""
    readers: Mapping[Pointer, str] = field(default_factory=dict[Pointer, str])
    """What reads webhooks and callbacks."""
    members: Mapping[SymbolId, Mapping[str | int, str]] = field(default_factory=dict[SymbolId, Mapping[str | int, str]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a comparison of names with a lock gives."""

    lock: Lock
    """What is to be held from now on."""
    methods: tuple[FormerName, ...]
    classes: tuple[FormerName, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A part of the document that has a name."""

    key: Key
    label: str
    span: Span
    pointer: Pointer
    wire: str | int = ""
    """The property, or the value of an enum."""


def held(service: Service, lock: Lock) -> Held:
    """Return what a lock says of the parts of a document."""
    keys = dict(_keys(service))
    return Held(
        operations={
            operation.pointer: lock[key].place
            for operation in service.operations
            if (key := Key(kind="method", pointer=operation.pointer)) in lock
        },
        decls={
            symbol: lock[key].place
            for symbol, pointer in keys.items()
            if (key := Key(kind="class", pointer=pointer)) in lock
        },
        parameters={
            operation.pointer: {
                part.pointer: lock[part.key].name for part in _parameters(operation) if part.key in lock
            }
            for operation in service.operations
        },
        fields={
            part.pointer: lock[part.key].name
            for symbol, key in keys.items()
            for part in _fields(service.decls[symbol], key)
            if part.key in lock
        },
        readers={
            webhook.pointer: lock[key].name
            for webhook in service.inbound.webhooks
            if (key := Key(kind="reader", pointer=webhook.pointer)) in lock
        },
        members={
            symbol: {
                part.wire: lock[part.key].name for part in _members(service.decls[symbol], key) if part.key in lock
            }
            for symbol, key in keys.items()
        },
    )


def compare(service: Service, table: NameTable, lock: Lock) -> Change:
    """Return the lock of the names in a table, and what became of those that changed.

    A method or class that has another name than before keeps the old one, too, as long as the document has the version
    that it has now; a warning (``name-changed``) tells of each.
    """
    found: dict[Key, Locked] = {}
    changed: list[Diagnostic] = []
    former: dict[bool, list[FormerName]] = {True: [], False: []}
    free = _Free.of(table)
    for part, name, is_method in _named(service, table):
        new, past = _locked(name, lock.get(part.key), service.version)
        kept = None
        if is_method is not None and new.was:
            kept = free.former(new, part.pointer, is_method=is_method)
            new = new if kept is not None else Locked(name=name)
        if kept is not None and is_method is not None:
            former[is_method].append(kept)
        if past:
            still = f"; `{past}` is deprecated and goes with the next release" if kept is not None else ""
            message = f"the {part.label} was called `{past}` and is now called `{name}`{still}"
            changed.append(diagnose("name-changed", message, span=part.span, pointer=part.pointer))
        found[part.key] = new
    return Change(lock=found, methods=tuple(former[True]), classes=tuple(former[False]), diagnostics=tuple(changed))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Free:
    """Which old names may still be used, since nothing else took them."""

    methods: Mapping[str, frozenset[str]]
    classes: Mapping[str, frozenset[str]]

    @staticmethod
    def of(table: NameTable) -> "_Free":
        methods = {
            names.attribute: {str(table.operations[p].method) for p in names.operations} for names in table.namespaces
        }
        methods[""] |= {names.attribute for names in table.namespaces}
        owners = {table.client, table.async_client}
        owners |= {name for names in table.namespaces for name in (names.sync_class, names.async_class)}
        classes = {
            names.attribute: {str(table.decls[symbol].name) for symbol in names.decls} | owners
            for names in table.namespaces
        }
        return _Free(
            methods={key: frozenset(value) for key, value in methods.items()},
            classes={key: frozenset(value) for key, value in classes.items()},
        )

    def former(self, locked: Locked, pointer: Pointer, *, is_method: bool) -> FormerName | None:
        """Return an old name if it can still be there."""
        namespace, name = split(locked.was)
        taken = (self.methods if is_method else self.classes).get(namespace)
        # A method of another namespace would need the wire facts of that one.
        moved = is_method and namespace != locked.place[0]
        if taken is None or name in taken or moved:
            return None
        return FormerName(namespace=namespace, name=name, pointer=pointer)


def _locked(name: str, old: Locked | None, version: str) -> tuple[Locked, str]:
    """Return what is to be held for a name, and what it was until now if it changed."""
    if old is None:
        return Locked(name=name), ""
    if old.name != name:
        return Locked(name=name, was=old.name, version=version), old.name
    return (old if old.was and old.version == version else Locked(name=name)), ""


def _named(service: Service, table: NameTable) -> Iterator[tuple[_Part, str, bool | None]]:
    """Yield each part with its name, and whether it is a method, a class (False) or neither (None)."""
    for operation in service.operations:
        names = table.operations[operation.pointer]
        label = f'operation "{operation.id}"'
        part = _Part(
            key=Key(kind="method", pointer=operation.pointer),
            label=label,
            span=operation.span,
            pointer=operation.pointer,
        )
        yield part, _dotted(names.namespace, names.method), True
        for parameter in _parameters(operation):
            yield parameter, names.parameters[parameter.pointer], None
    for webhook in service.inbound.webhooks:
        if webhook.pointer in table.inbound.readers:
            key = Key(kind="reader", pointer=webhook.pointer)
            label = f'webhook "{webhook.id}"'
            part = _Part(key=key, label=label, span=webhook.span, pointer=webhook.pointer)
            yield part, table.inbound.readers[webhook.pointer], None
    for symbol, place in _keys(service):
        decl, found = service.decls[symbol], table.decls[symbol]
        label = f'schema "{" ".join(decl.origin.parts)}"'
        part = _Part(key=Key(kind="class", pointer=place), label=label, span=decl.span, pointer=Pointer(symbol))
        yield part, _dotted(*_place(found)), False
        for entry in _fields(decl, place):
            yield entry, table.fields[symbol][WireName(str(entry.wire))], None
        for member in _members(decl, place):
            yield member, table.members[symbol][member.wire], None


def _place(found: DeclName) -> tuple[str, str]:
    return found.namespace, found.name


def _dotted(namespace: str, name: str) -> str:
    return f"{namespace}.{name}" if namespace else name


def _keys(service: Service) -> Iterator[tuple[SymbolId, Pointer]]:
    """Yield what tells each declaration from all others: its pointer, as long as no position is in it."""
    places = {symbol: _without_positions(decl) for symbol, decl in service.decls.items()}
    number = Counter(places.values())
    for symbol, place in places.items():
        yield symbol, place if number[place] == 1 else Pointer(symbol)


def _without_positions(decl: Decl) -> Pointer:
    """Return the pointer, or the words on the way there if members of a list are on it, which may change places."""
    path = tokens(Pointer(decl.id))
    if not any(token.isdecimal() and before in _LISTS for before, token in pairwise(path)):
        return Pointer(decl.id)
    return join(ROOT, "inline", *decl.origin.parts)


def _parameters(operation: Operation) -> Iterator[_Part]:
    for parameter in operation.parameters:
        yield _Part(
            key=Key(
                kind="argument",
                pointer=join(operation.pointer, "parameters", parameter.location.value, parameter.wire),
            ),
            label=f'{parameter.location.value} parameter "{parameter.wire}" of "{operation.id}"',
            span=parameter.span,
            pointer=parameter.pointer,
        )


def _fields(decl: Decl, place: Pointer) -> Iterator[_Part]:
    for entry in decl.fields if isinstance(decl, Record) else ():
        yield _Part(
            key=Key(kind="field", pointer=field_pointer(SymbolId(place), entry.wire)),
            label=f'property "{entry.wire}" of "{" ".join(decl.origin.parts)}"',
            span=entry.span,
            pointer=field_pointer(decl.id, entry.wire),
            wire=entry.wire,
        )


def _members(decl: Decl, place: Pointer) -> Iterator[_Part]:
    for member in decl.members if isinstance(decl, EnumDecl) else ():
        yield _Part(
            key=Key(kind="value", pointer=join(place, "enum", json.dumps(member.value, ensure_ascii=False))),
            label=f'value "{member.value}" of "{" ".join(decl.origin.parts)}"',
            span=decl.span,
            pointer=Pointer(decl.id),
            wire=member.value,
        )
