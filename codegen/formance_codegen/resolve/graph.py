"""Which declaration refers to which: reachability, cycles, order and depth."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from formance_codegen.ir.decls import Alias, Decl, EnumDecl, Record, UnionDecl
from formance_codegen.ir.operations import (
    Data,
    HeaderValue,
    Items,
    NoPage,
    Nothing,
    Operation,
    Paged,
    Plain,
    Result,
    Stream,
    Text,
)
from formance_codegen.ir.service import Service
from formance_codegen.ir.types import (
    AnyJson,
    Const,
    ListOf,
    MapOf,
    Nullable,
    OneOf,
    Ref,
    Scalar,
    SymbolId,
    TupleOf,
    TypeExpr,
)
from formance_codegen.ir.webhooks import Inbound


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """The references between the declarations of a service; nothing in it depends on their order."""

    edges: Mapping[SymbolId, tuple[SymbolId, ...]]
    """What each declaration refers to directly, sorted."""
    cycles: tuple[tuple[SymbolId, ...], ...]
    """All declarations in strongly connected components, each sorted: what a component refers to stands before it."""
    depth: Mapping[SymbolId, int]
    """How many other declarations can at most be built, one for another, before this one is."""

    def reachable(self, roots: Iterable[SymbolId]) -> frozenset[SymbolId]:
        """Return ``roots`` and all that they lead to."""
        found: set[SymbolId] = set()
        pending = [root for root in roots if root in self.edges]
        while pending:
            symbol = pending.pop()
            if symbol not in found:
                found.add(symbol)
                pending.extend(self.edges[symbol])
        return frozenset(found)


def graph_of(service: Service) -> Graph:
    """Return the graph of the declarations of ``service``."""
    edges = {
        symbol: tuple(
            sorted(target for target in set(decl_references(service.decls[symbol])) if target in service.decls)
        )
        for symbol in sorted(service.decls)
    }
    components = _components(edges)
    depth = _depths(edges, components)
    ordered = sorted(components, key=lambda members: (depth[members[0]], members))
    return Graph(edges=edges, cycles=tuple(ordered), depth=depth)


def decl_references(decl: Decl) -> Iterator[SymbolId]:
    """Yield what a declaration refers to, in its own order, repeatedly where it does so."""
    match decl:
        case Record():
            types = [entry.type for entry in decl.fields]
            yield from references(types if decl.extra is None else [*types, decl.extra])
        case UnionDecl():
            yield from references(variant.type for variant in decl.variants)
        case Alias():
            yield from references((decl.type,))
        case EnumDecl():
            pass
        case _:
            assert_never(decl)


def operation_references(operation: Operation) -> Iterator[SymbolId]:
    """Yield what an operation refers to directly: parameters, bodies, results and errors."""
    yield from request_references(operation)
    yield from answer_references(operation)


def request_references(operation: Operation) -> Iterator[SymbolId]:
    """Yield what the request of an operation refers to directly."""
    yield from references(parameter.type for parameter in operation.parameters)
    if operation.body is not None:
        yield from references(media.type for media in operation.body.media)


def answer_references(operation: Operation) -> Iterator[SymbolId]:
    """Yield what the answers of an operation refer to directly, errors included."""
    for success in operation.successes:
        yield from references(_result_types(success.result))
    yield from references(failure.type for failure in operation.failures if failure.type is not None)


def inbound_references(inbound: Inbound) -> Iterator[SymbolId]:
    """Yield what webhooks and callbacks refer to directly."""
    yield from references(webhook.body for webhook in inbound.webhooks if webhook.body is not None)
    yield from references(() if inbound.event is None else (inbound.event,))


def _result_types(result: Result) -> tuple[TypeExpr, ...]:
    match result:
        case Plain() | Data() | HeaderValue():
            return (result.type,)
        case Paged() | NoPage():
            return (result.item,)
        case Items():
            return result.types
        case Stream() | Text() | Nothing():
            return ()
        case _:
            assert_never(result)


def references(types: Iterable[TypeExpr]) -> Iterator[SymbolId]:
    """Yield the references in ``types``; without recursion, since a document nests as deep as it likes."""
    pending = list(types)[::-1]
    while pending:
        here = pending.pop()
        match here:
            case Ref():
                yield here.id
            case ListOf():
                pending.append(here.item)
            case TupleOf():
                pending.extend(here.items[::-1])
            case MapOf():
                pending.append(here.value)
            case Nullable():
                pending.append(here.inner)
            case OneOf():
                pending.extend(here.members[::-1])
            case Scalar() | Const() | AnyJson():
                pass
            case _:
                assert_never(here)


@dataclass(slots=True)
class _Search:
    """The state of Tarjan's search (SIAM Journal on Computing 1, 1972)."""

    edges: Mapping[SymbolId, tuple[SymbolId, ...]]
    index: dict[SymbolId, int] = field(default_factory=dict[SymbolId, int])
    low: dict[SymbolId, int] = field(default_factory=dict[SymbolId, int])
    stack: list[SymbolId] = field(default_factory=list[SymbolId])
    waiting: set[SymbolId] = field(default_factory=set[SymbolId])
    """What is on the stack."""
    components: list[tuple[SymbolId, ...]] = field(default_factory=list[tuple[SymbolId, ...]])

    def enter(self, symbol: SymbolId) -> Iterator[SymbolId]:
        """Number a symbol; return what it refers to."""
        self.index[symbol] = self.low[symbol] = len(self.index)
        self.stack.append(symbol)
        self.waiting.add(symbol)
        return iter(self.edges[symbol])

    def leave(self, symbol: SymbolId) -> None:
        """Close the component of which ``symbol`` was reached first, if there is one."""
        if self.low[symbol] != self.index[symbol]:
            return
        start = self.stack.index(symbol)
        members = self.stack[start:]
        del self.stack[start:]
        self.waiting.difference_update(members)
        self.components.append(tuple(sorted(members)))


def _components(edges: Mapping[SymbolId, tuple[SymbolId, ...]]) -> list[tuple[SymbolId, ...]]:
    """Return the strongly connected components, dependencies first; iterative: a chain may be of any length."""
    search = _Search(edges=edges)
    for root in edges:
        if root in search.index:
            continue
        path = [(root, search.enter(root))]
        while path:
            symbol, targets = path[-1]
            target = next(targets, None)
            if target is None:
                path.pop()
                search.leave(symbol)
                if path:
                    parent = path[-1][0]
                    search.low[parent] = min(search.low[parent], search.low[symbol])
            elif target not in search.index:
                path.append((target, search.enter(target)))
            elif target in search.waiting:
                search.low[symbol] = min(search.low[symbol], search.index[target])
    return search.components


def _depths(
    edges: Mapping[SymbolId, tuple[SymbolId, ...]], components: Iterable[tuple[SymbolId, ...]]
) -> dict[SymbolId, int]:
    """Return the depth of each declaration; ``components`` come dependencies first."""
    depth: dict[SymbolId, int] = {}
    for members in components:
        below = (depth[target] for member in members for target in edges[member] if target in depth)
        level = max(below, default=-1) + len(members)
        depth.update(dict.fromkeys(members, level))
    return depth
