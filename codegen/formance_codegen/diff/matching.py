"""Which operation and which model of the old version is which of the new one, whatever they are called."""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from formance_codegen.diff.side import Side
from formance_codegen.diff.walking import paired_symbols
from formance_codegen.ir.decls import Alias, Decl, EnumDecl, Record, UnionDecl
from formance_codegen.ir.operations import Operation
from formance_codegen.ir.types import SymbolId

T = TypeVar("T")
_ALIKE = 0.5
"""The part of fields or values that two models at the same place must share to be one that was renamed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """What became of what."""

    operations: tuple[tuple[Operation, Operation], ...]
    """In the order of the old document."""
    removed: tuple[Operation, ...]
    added: tuple[Operation, ...]
    decls: Mapping[SymbolId, SymbolId]
    """The new id of each declaration that both versions have, by its old id."""

    def gone(self, old: Side) -> tuple[SymbolId, ...]:
        """Return the declarations that only the old version has."""
        return tuple(symbol for symbol in old.context.service.decls if symbol not in self.decls)

    def come(self, new: Side) -> tuple[SymbolId, ...]:
        """Return the declarations that only the new version has."""
        kept = set(self.decls.values())
        return tuple(symbol for symbol in new.context.service.decls if symbol not in kept)


def match(old: Side, new: Side) -> Pairs:
    """Pair the operations and the declarations of two versions.

    Operations by operationId, which their name in Python comes from, then by method and path, then by the call.
    Declarations by id, by name in Python, by the way to them; then those that took another's place with much the same
    content, and those of the same content.
    """
    operations = _match_operations(old, new)
    before = {id(found) for found, _ in operations}
    after = {id(found) for _, found in operations}
    return Pairs(
        operations=tuple(operations),
        removed=tuple(found for found in old.context.service.operations if id(found) not in before),
        added=tuple(found for found in new.context.service.operations if id(found) not in after),
        decls=_match_decls(old, new, operations),
    )


def _match_operations(old: Side, new: Side) -> list[tuple[Operation, Operation]]:
    before, after = list(old.context.service.operations), list(new.context.service.operations)
    order = {operation.pointer: index for index, operation in enumerate(before)}
    found: list[tuple[Operation, Operation]] = []
    keys: tuple[tuple[Callable[[Operation], Hashable], Callable[[Operation], Hashable]], ...] = (
        (_own_id, _own_id),
        (_route, _route),
        (old.method, new.method),
    )
    for old_key, new_key in keys:
        pairs = _by_key(before, after, old_key, new_key)
        found += pairs
        before = [operation for operation in before if all(operation is not one for one, _ in pairs)]
        after = [operation for operation in after if all(operation is not other for _, other in pairs)]
    return sorted(found, key=lambda pair: order[pair[0].pointer])


def _route(operation: Operation) -> Hashable:
    return operation.method, re.sub(r"\{[^}]*\}", "{}", operation.path)


def _own_id(operation: Operation) -> Hashable:
    return operation.id


def _by_key(
    old: Iterable[T], new: Iterable[T], old_key: Callable[[T], Hashable], new_key: Callable[[T], Hashable]
) -> list[tuple[T, T]]:
    """Pair what has the same key, where it is the only one that has it on either side."""
    before, after = [(old_key(one), one) for one in old], [(new_key(one), one) for one in new]
    counts = (Counter(key for key, _ in before), Counter(key for key, _ in after))
    targets = dict(after)
    return [(one, targets[key]) for key, one in before if counts[0][key] == counts[1][key] == 1]


def _match_decls(
    old: Side, new: Side, operations: Sequence[tuple[Operation, Operation]]
) -> Mapping[SymbolId, SymbolId]:
    found: dict[SymbolId, SymbolId] = {}
    keys: tuple[tuple[Callable[[Decl], Hashable], Callable[[Decl], Hashable]], ...] = (
        (_component, _component),
        (lambda decl: (type(decl), old.model(decl.id)), lambda decl: (type(decl), new.model(decl.id))),
        (_way, _way),
        (_id, _id),
    )
    for old_key, new_key in keys:
        found |= {one.id: other.id for one, other in _by_key(*_left(old, new, found), old_key, new_key)}
    while moved := _displaced(old, new, operations, found):
        found |= moved
    found |= {one.id: other.id for one, other in _by_key(*_left(old, new, found), _content, _content)}
    while moved := _displaced(old, new, operations, found):
        found |= moved
    return found


def _left(old: Side, new: Side, found: Mapping[SymbolId, SymbolId]) -> tuple[list[Decl], list[Decl]]:
    taken = set(found.values())
    before = [decl for symbol, decl in old.context.service.decls.items() if symbol not in found]
    return before, [decl for symbol, decl in new.context.service.decls.items() if symbol not in taken]


def _component(decl: Decl) -> Hashable:
    # What stands inline is told by its place only where no name says more: places in lists move.
    return decl.id if decl.origin.component else (decl.id, id(decl))


def _way(decl: Decl) -> Hashable:
    return type(decl), decl.origin.parts


def _id(decl: Decl) -> Hashable:
    return decl.id


def _content(decl: Decl) -> Hashable:
    """Return what tells a declaration without its name; itself, which no other equals, where that is too little."""
    match decl:
        case Record(fields=fields) if len(fields) > 1:
            return "record", tuple(sorted((field.wire, field.required) for field in fields))
        case EnumDecl(members=members) if len(members) > 1:
            return "enum", tuple(sorted(str(member.value) for member in members))
        case _:
            return decl.id, id(decl)


def _displaced(
    old: Side,
    new: Side,
    operations: Iterable[tuple[Operation, Operation]],
    found: Mapping[SymbolId, SymbolId],
) -> dict[SymbolId, SymbolId]:
    """Return the unpaired declarations that stand at the same place of a paired whole and are much alike."""
    taken = set(found.values())
    fresh: dict[SymbolId, SymbolId] = {}
    for one, other in _places(old, new, operations, found):
        is_free = one not in found and one not in fresh and other not in taken and other not in fresh.values()
        if is_free and _alike(old.decl(one), new.decl(other)):
            fresh[one] = other
    return fresh


def _places(
    old: Side,
    new: Side,
    operations: Iterable[tuple[Operation, Operation]],
    found: Mapping[SymbolId, SymbolId],
) -> Iterator[tuple[SymbolId, SymbolId]]:
    for one, other in operations:
        yield from paired_symbols(one, other)
    for symbol, target in found.items():
        yield from paired_symbols(old.decl(symbol), new.decl(target))


def _alike(old: Decl, new: Decl) -> bool:
    match old, new:
        case Record(), Record():
            return _overlap({field.wire for field in old.fields}, {field.wire for field in new.fields}) >= _ALIKE
        case EnumDecl(), EnumDecl():
            return _overlap({one.value for one in old.members}, {one.value for one in new.members}) >= _ALIKE
        case (UnionDecl(), UnionDecl()) | (Alias(), Alias()):
            return True
        case _:
            return False


def _overlap(one: set[T], other: set[T]) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0
