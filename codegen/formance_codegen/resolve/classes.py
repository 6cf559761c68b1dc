"""Name the classes of declarations, and the modules in which they stand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from formance_codegen.diagnostics import Diagnostic
from formance_codegen.ir.decls import Alias, Decl, EnumDecl, Record, UnionDecl
from formance_codegen.ir.service import Service
from formance_codegen.ir.types import SymbolId
from formance_codegen.naming import PyName
from formance_codegen.naming.case import snake
from formance_codegen.naming.identifier import class_name, shortened
from formance_codegen.naming.reserved import CLASS, MODULE
from formance_codegen.naming.scope import Claim, Scope
from formance_codegen.pointer import Pointer
from formance_codegen.resolve.graph import Graph, decl_references, operation_references
from formance_codegen.resolve.namespaces import ROOT_NAMESPACE, Partition
from formance_codegen.resolve.notes import Site, notes
from formance_codegen.resolve.table import DeclName
from formance_codegen.resolve.versions import drop_version


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclNames:
    """The names of all declarations."""

    names: Mapping[SymbolId, DeclName]
    """In the order of the namespaces, then by name."""
    diagnostics: tuple[Diagnostic, ...]


def name_decls(
    service: Service, graph: Graph, places: Partition, *, owners: Mapping[str, str], renames: Mapping[Pointer, str]
) -> DeclNames:
    """Return the names of the declarations of ``service``.

    ``owners`` are the classes that the package exports beside them, and what each is for.
    """
    decls = service.decls
    found: dict[SymbolId, DeclName] = {}
    diagnostics: list[Diagnostic] = []
    for namespace in places.namespaces:
        here = [symbol for symbol in graph.edges if places.decls[symbol] == namespace]
        version = places.versions.get(namespace, "")
        # A module of a version imports from the root: their names must not meet.
        imported = {
            str(found[symbol].name): _site(decls[symbol]).label for symbol in _imports(service, places, namespace)
        }
        # Except those that are there for longer: the module then imports the other one under an alias.
        stay = {str(renames[Pointer(symbol)]) for symbol in here if Pointer(symbol) in renames}
        taken = {**owners, **{name: label for name, label in imported.items() if name not in stay}}
        claims = [_claim(decls[symbol], version, renames.get(Pointer(symbol))) for symbol in here]
        settlement = Scope(context=CLASS, taken=frozenset(taken), joint="").settle(claims)
        modules = _name_modules(graph, settlement.names)
        for symbol, name in sorted(settlement.names.items(), key=lambda item: item[1]):
            found[symbol] = DeclName(name=name, namespace=namespace, module=modules[symbol])
        diagnostics += notes(settlement, {symbol: _site(decls[symbol]) for symbol in here}, taken)
    return DeclNames(names=found, diagnostics=tuple(diagnostics))


def _imports(service: Service, places: Partition, namespace: str) -> set[SymbolId]:
    """Return the declarations of the root to which ``namespace``, if it is another one, refers directly."""
    if namespace == ROOT_NAMESPACE:
        return set()
    sources = [decl_references(decl) for decl in service.decls.values() if places.decls[decl.id] == namespace]
    sources += [
        operation_references(call) for call in service.operations if places.operations[call.pointer] == namespace
    ]
    return {symbol for source in sources for symbol in source if places.decls.get(symbol) == ROOT_NAMESPACE}


def _claim(decl: Decl, version: str, rename: str | None) -> Claim[SymbolId]:
    first, *others = decl.origin.parts
    whole = class_name((first, *others))
    dropped = class_name((drop_version(first, version), *others))
    candidates = [] if rename is None else [rename]
    candidates += _or_model(dropped)
    candidates += _or_model(whole)
    candidates += [dropped + _kind(decl), whole + _kind(decl)]
    return Claim(
        key=decl.id,
        candidates=tuple(dict.fromkeys(candidates)),
        priority=(int(rename is None), int(not decl.origin.component), int(dropped != whole), int(decl.deprecated)),
        tie=decl.id,
    )


def _or_model(name: str) -> Iterator[str]:
    """Yield a name, and what stands for it where it is reserved."""
    yield name
    if CLASS.forbids(name):
        yield f"{name}Model"


def _kind(decl: Decl) -> str:
    match decl:
        case Record():
            return "Model"
        case EnumDecl():
            return "Enum"
        case UnionDecl():
            return "Union"
        case Alias():
            return "Type"
        case _:
            assert_never(decl)


def _name_modules(graph: Graph, names: Mapping[SymbolId, PyName]) -> dict[SymbolId, str]:
    """Return the module of each declaration of one namespace."""
    cycles = [members for members in graph.cycles if members[0] in names]
    claims: list[Claim[SymbolId]] = []
    for members in cycles:
        first = min(names[member] for member in members)
        module = shortened(snake(first))
        claims.append(Claim(key=members[0], candidates=(module, f"{module}_model"), tie=first))
    settlement = Scope(context=MODULE, fold=True).settle(claims)
    return {member: settlement.names[members[0]] for members in cycles for member in members}


def _site(decl: Decl) -> Site:
    kind = "schema" if decl.origin.component else "inline schema"
    return Site(label=f'{kind} "{" ".join(decl.origin.parts)}"', pointer=Pointer(decl.id), span=decl.span)
