"""Which operations and declarations belong to which namespace of the client."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from formance_codegen.ir.operations import Operation
from formance_codegen.ir.service import Service
from formance_codegen.ir.types import SymbolId
from formance_codegen.naming.identifier import attribute, shortened
from formance_codegen.naming.reserved import METHOD, MODULE, Context
from formance_codegen.pointer import Pointer
from formance_codegen.resolve.graph import Graph, inbound_references, operation_references

ROOT_NAMESPACE: Final = ""
"""The attribute of the client itself."""
NAMESPACE: Final = Context(names=METHOD.names | MODULE.names | {"errors", "testing"})
"""A namespace is an attribute of the client and a subpackage, beside the modules of the package."""

_VERSION_TAG: Final = re.compile(r"(?:.*\.)?(v\d+)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """The namespaces of a service."""

    namespaces: tuple[str, ...]
    """The root first; versions in their order, others in the order of the document's tags, then by name."""
    operations: Mapping[Pointer, str]
    decls: Mapping[SymbolId, str]
    versions: Mapping[str, str]
    """The version, such as ``v2``, whose prefix names drop in a namespace; a flat client may have one, too."""
    tags: Mapping[str, tuple[str, ...]]
    """The tags that lead to each namespace; in the order of the document's tags, then by name."""


def partition(service: Service, graph: Graph) -> Partition:
    """Return the namespaces of ``service``.

    A tag that is a version, or ends with one behind a dot (``ledger.v2``), gives the namespace of the version; in a
    document without such tags each first tag gives one. An operation without such a tag belongs to the client itself,
    and so do all where there would be one namespace only. Only versions split the declarations.
    """
    versioned = any(_version(tag) for operation in service.operations for tag in operation.tags)
    chosen = {operation.pointer: _choose(operation.tags, versioned=versioned) for operation in service.operations}
    found = {name for name, _ in chosen.values()}
    flat = len(found) <= 1
    homes = {pointer: ROOT_NAMESPACE if flat else name for pointer, (name, _) in chosen.items()}
    order = {tag.name: index for index, tag in reversed(list(enumerate(service.tags)))}
    tags: dict[str, list[str]] = {}
    for tag, name in sorted({(tag, homes[pointer]) for pointer, (_, tag) in chosen.items() if tag}):
        tags.setdefault(name, []).append(tag)
    ranked = {
        name: tuple(sorted(group, key=lambda tag: (order.get(tag, len(order)), tag))) for name, group in tags.items()
    }
    names = sorted(
        set(homes.values()) - {ROOT_NAMESPACE}, key=lambda name: _rank(name, ranked[name], order, versioned=versioned)
    )
    return Partition(
        namespaces=(ROOT_NAMESPACE, *names),
        operations=homes,
        decls=(
            _place_decls(service, graph, homes)
            if versioned and not flat
            else dict.fromkeys(graph.edges, ROOT_NAMESPACE)
        ),
        versions={ROOT_NAMESPACE if flat else name: name for name in found if versioned and name},
        tags=ranked,
    )


def _version(tag: str) -> str:
    """Return the version of a tag in lower case; "" where it has none."""
    found = _VERSION_TAG.fullmatch(tag)
    return found[1].lower() if found else ""


def _choose(tags: tuple[str, ...], *, versioned: bool) -> tuple[str, str]:
    """Return the namespace of an operation and the tag that tells it."""
    first = next((tag for tag in tags if tag), "")
    if versioned:
        tag = next((tag for tag in tags if _version(tag)), first)
        return _version(tag), tag
    return shortened(attribute(first, context=NAMESPACE, fallback="group")) if first else ROOT_NAMESPACE, first


def _rank(name: str, tags: tuple[str, ...], order: Mapping[str, int], *, versioned: bool) -> tuple[int, str]:
    if versioned:
        return int(name[1:]), name
    return min(order.get(tag, len(order)) for tag in tags), name


def _place_decls(service: Service, graph: Graph, homes: Mapping[Pointer, str]) -> dict[SymbolId, str]:
    """Return the namespace of each declaration, such that the root refers to the root only, a version to no other."""
    placed = _place_reached(service.operations, graph, homes)
    # What the service sends belongs to no version, and its module to the root.
    placed.update(dict.fromkeys(graph.reachable(inbound_references(service.inbound)), ROOT_NAMESPACE))
    versions = sorted(set(homes.values()) - {ROOT_NAMESPACE})
    for members in graph.cycles:
        if members[0] in placed:
            continue
        below = {placed[target] for member in members for target in graph.edges[member] if target not in members}
        prefixes = {_prefix(service.decls[member].origin.parts[0], versions) for member in members} - {ROOT_NAMESPACE}
        wanted = (below | prefixes) - {ROOT_NAMESPACE}
        home = wanted.pop() if len(wanted) == 1 else ROOT_NAMESPACE
        placed.update(dict.fromkeys(members, home))
        if home == ROOT_NAMESPACE:
            placed.update(dict.fromkeys(graph.reachable(members), ROOT_NAMESPACE))
    return placed


def _place_reached(operations: Iterable[Operation], graph: Graph, homes: Mapping[Pointer, str]) -> dict[SymbolId, str]:
    """Return the namespace of each declaration that an operation reaches: the root where two namespaces reach it."""
    starts: dict[str, set[SymbolId]] = {}
    for operation in operations:
        starts.setdefault(homes[operation.pointer], set()).update(operation_references(operation))
    placed: dict[SymbolId, str] = {}
    for name, roots in starts.items():
        for symbol in graph.reachable(roots):
            placed[symbol] = name if placed.get(symbol, name) == name else ROOT_NAMESPACE
    return placed


def _prefix(name: str, versions: Iterable[str]) -> str:
    """Return the version that ``name`` begins with; the root's name where there is none."""
    lowered = name.lower()
    return next(
        (
            version
            for version in versions
            if lowered.startswith(version) and not lowered[len(version) : len(version) + 1].isdigit()
        ),
        ROOT_NAMESPACE,
    )
