"""Leave out of a service what nobody asked for; what stays keeps its name."""

import difflib
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from formance_codegen.diagnostics import Diagnostic, Outcome, diagnose
from formance_codegen.ir.operations import Operation
from formance_codegen.ir.service import Service
from formance_codegen.ir.types import SymbolId
from formance_codegen.ir.webhooks import Inbound
from formance_codegen.pointer import Pointer
from formance_codegen.resolve.graph import graph_of, inbound_references, operation_references
from formance_codegen.resolve.namespaces import ROOT_NAMESPACE
from formance_codegen.resolve.table import InboundNames, NameTable

V = TypeVar("V")

WEBHOOKS: Final = "webhooks"
"""Asks for what the service sends by itself."""
_PLAIN_HINT: Final = "name a method or an operationId"


def prune(service: Service, names: NameTable, wanted: Sequence[str]) -> Outcome[tuple[Service, NameTable]]:
    """Return the operations that are asked for, with the models that they need; all of them where nothing is.

    Args:
        service: The service.
        names: Its names; those of what stays do not change.
        wanted: Namespaces (``v2``), methods (``v2.create_transaction``), operationIds, or ``webhooks``.

    The outcome is an error (``unknown-name``) where there is no such thing.
    """
    if not wanted:
        return Outcome(value=(service, names))
    chosen = {name: frozenset(_matches(name, service, names)) for name in wanted if name != WEBHOOKS}
    unknown = tuple(_unknown(name, service, names) for name, found in chosen.items() if not found)
    if WEBHOOKS in wanted and not service.inbound:
        unknown = (*unknown, diagnose("unknown-name", f"the service sends no {WEBHOOKS}"))
    if unknown:
        return Outcome(value=None, diagnostics=unknown)
    pointers = frozenset[Pointer]().union(*chosen.values())
    kept = _kept(service, pointers, webhooks=WEBHOOKS in wanted)
    return Outcome(value=(kept, _names_of(kept, names)))


def _matches(wanted: str, service: Service, names: NameTable) -> Iterator[Pointer]:
    for operation in service.operations:
        if wanted in _titles(operation, names):
            yield operation.pointer


def _titles(operation: Operation, names: NameTable) -> tuple[str, ...]:
    """Return all by which an operation can be asked for."""
    found = names.operations[operation.pointer]
    if found.namespace == ROOT_NAMESPACE:
        return (operation.id, str(found.method))
    return (operation.id, found.namespace, f"{found.namespace}.{found.method}")


def _unknown(wanted: str, service: Service, names: NameTable) -> Diagnostic:
    known = sorted({title for operation in service.operations for title in _titles(operation, names)})
    close = difflib.get_close_matches(wanted, known, n=3)
    namespaces = ", ".join(each.attribute for each in names.namespaces if each.attribute)
    hint = f"name a method, an operationId, or one of the namespaces {namespaces}" if namespaces else _PLAIN_HINT
    if close:
        hint = f"do you mean {' or '.join(close)}?"
    return diagnose("unknown-name", f"the client has no {wanted}; {hint}")


def _kept(service: Service, pointers: frozenset[Pointer], *, webhooks: bool) -> Service:
    operations = tuple(_alone(operation, pointers) for operation in service.operations if operation.pointer in pointers)
    inbound = service.inbound if webhooks else Inbound()
    roots = [symbol for operation in operations for symbol in operation_references(operation)]
    reached = graph_of(service).reachable([*roots, *inbound_references(inbound)])
    decls = {symbol: decl for symbol, decl in service.decls.items() if symbol in reached}
    return replace(service, operations=operations, decls=decls, inbound=inbound)


def _alone(operation: Operation, pointers: Container[Pointer]) -> Operation:
    """Return an operation that does not lead to one that was left out."""
    work = operation.long_running
    return operation if work is None or work.poll in pointers else replace(operation, long_running=None)


def _only(entries: Iterable[tuple[SymbolId, V]], symbols: Container[SymbolId]) -> dict[SymbolId, V]:
    return {symbol: value for symbol, value in entries if symbol in symbols}


def _names_of(service: Service, names: NameTable) -> NameTable:
    operations = {operation.pointer for operation in service.operations}
    namespaces = tuple(
        replace(
            namespace,
            operations=tuple(each for each in namespace.operations if each in operations),
            decls=tuple(each for each in namespace.decls if each in service.decls),
        )
        for namespace in names.namespaces
    )
    return replace(
        names,
        namespaces=tuple(each for each in namespaces if not each.attribute or each.operations or each.decls),
        decls=_only(names.decls.items(), service.decls),
        fields=_only(names.fields.items(), service.decls),
        members=_only(names.members.items(), service.decls),
        operations={pointer: found for pointer, found in names.operations.items() if pointer in operations},
        inbound=names.inbound if service.inbound else InboundNames(module="", readers={}, exports=()),
        former_methods=tuple(each for each in names.former_methods if each.pointer in operations),
        former_classes=tuple(each for each in names.former_classes if SymbolId(each.pointer) in service.decls),
    )
