"""Hold operations and declarations to the namespaces in which they were."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import Final

from formance_codegen.ir.service import Service
from formance_codegen.ir.types import SymbolId
from formance_codegen.pointer import Pointer
from formance_codegen.resolve.graph import Graph, inbound_references, operation_references
from formance_codegen.resolve.locking import Held
from formance_codegen.resolve.namespaces import ROOT_NAMESPACE, Partition

_VERSION: Final = re.compile(r"v\d+")


def hold_places(service: Service, graph: Graph, places: Partition, kept: Held) -> Partition:
    """Return the partition with everything where a lock holds it, as far as imports allow.

    The root refers to the root only, a namespace to itself and the root: what an operation of a second namespace
    begins to use still has to move to the root.
    """
    places = _step_aside(places, kept)
    known = {*places.namespaces}
    operations = {
        pointer: kept.operations[pointer][0] if pointer in kept.operations else _beside(home, places, kept)
        for pointer, home in places.operations.items()
    }
    added = {home for home in operations.values() if home not in known}
    if not added and operations == places.operations and not kept.decls:
        return places
    homes = {symbol: home for symbol, (home, _) in kept.decls.items() if home in known | added}
    decls = _allowed(service, graph, operations, {**places.decls, **homes})
    used = {ROOT_NAMESPACE, *operations.values(), *decls.values()}
    return replace(
        places,
        namespaces=tuple(name for name in (*places.namespaces, *sorted(added)) if name in used),
        operations=operations,
        decls=decls,
        versions={**places.versions, **{name: name for name in added if _VERSION.fullmatch(name)}},
    )


def _step_aside(places: Partition, kept: Held) -> Partition:
    """Call a new namespace otherwise if the client has a method of its name."""
    methods = {name for home, name in kept.operations.values() if home == ROOT_NAMESPACE}
    held = {home for home, _ in kept.operations.values()}
    blocked = [name for name in places.namespaces if name in methods and name not in held]
    if not blocked:
        return places
    taken = methods | {*places.namespaces}
    names = {name: next(other for other in _others(name) if other not in taken) for name in blocked}
    return replace(
        places,
        namespaces=tuple(names.get(name, name) for name in places.namespaces),
        operations={pointer: names.get(home, home) for pointer, home in places.operations.items()},
        decls={symbol: names.get(home, home) for symbol, home in places.decls.items()},
        versions={names.get(name, name): version for name, version in places.versions.items()},
        tags={names.get(name, name): tags for name, tags in places.tags.items()},
    )


def _others(name: str) -> Iterator[str]:
    return (f"{name}_group{number or ''}" for number in count())


def _beside(home: str, places: Partition, kept: Held) -> str:
    """Return the namespace of a new operation: where its siblings are held, if all of them are in one."""
    siblings = {
        kept.operations[other][0]
        for other, place in places.operations.items()
        if place == home and other in kept.operations
    }
    return siblings.pop() if len(siblings) == 1 else home


def _allowed(
    service: Service, graph: Graph, operations: Mapping[Pointer, str], wanted: Mapping[SymbolId, str]
) -> dict[SymbolId, str]:
    """Return where declarations are: where they should be, or in the root if another namespace refers to them."""
    placed = dict(wanted)
    users: dict[SymbolId, set[str]] = {}
    for operation in service.operations:
        for symbol in graph.reachable(operation_references(operation)):
            users.setdefault(symbol, set()).add(operations[operation.pointer])
    for symbol in graph.reachable(inbound_references(service.inbound)):
        users.setdefault(symbol, set()).add(ROOT_NAMESPACE)
    for symbol, homes in users.items():
        if placed[symbol] != ROOT_NAMESPACE and homes != {placed[symbol]}:
            placed[symbol] = ROOT_NAMESPACE
    for members in graph.cycles:
        if len({placed[member] for member in members}) > 1:
            placed.update(dict.fromkeys(members, ROOT_NAMESPACE))
    _sink(graph, placed)
    return placed


def _sink(graph: Graph, placed: dict[SymbolId, str]) -> None:
    """Move to the root what the root, or a second namespace, refers to, until nothing has to move."""
    moved = True
    while moved:
        moved = False
        for symbol, targets in graph.edges.items():
            for target in _outside(placed, symbol, targets):
                placed.update(dict.fromkeys(graph.reachable([target]), ROOT_NAMESPACE))
                moved = True


def _outside(placed: Mapping[SymbolId, str], symbol: SymbolId, targets: Iterable[SymbolId]) -> list[SymbolId]:
    return [target for target in targets if placed[target] not in (ROOT_NAMESPACE, placed[symbol])]
