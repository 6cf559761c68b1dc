"""Decide every Python name of a package at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from formance_codegen.diagnostics import Diagnostic, Outcome, diagnose
from formance_codegen.ir.decls import EnumDecl, Record
from formance_codegen.ir.service import Service
from formance_codegen.ir.types import SymbolId, WireName
from formance_codegen.naming import PyName
from formance_codegen.naming.case import pascal
from formance_codegen.naming.identifier import is_public
from formance_codegen.naming.lock import Lock
from formance_codegen.naming.reserved import CLASS
from formance_codegen.naming.scope import Claim, Scope
from formance_codegen.pointer import Pointer
from formance_codegen.resolve.attributes import field_pointer, name_fields, name_members
from formance_codegen.resolve.classes import name_decls
from formance_codegen.resolve.graph import graph_of
from formance_codegen.resolve.holding import hold_places
from formance_codegen.resolve.locking import Held, compare, held
from formance_codegen.resolve.methods import name_operations
from formance_codegen.resolve.namespaces import ROOT_NAMESPACE, Partition, partition
from formance_codegen.resolve.package import PackageNames, name_package
from formance_codegen.resolve.table import DeclName, NamespaceNames, NameTable
from formance_codegen.resolve.variables import name_variables
from formance_codegen.resolve.webhooks import inbound_classes, name_inbound


@dataclass(frozen=True, slots=True, kw_only=True)
class NamingConfig:
    """The names that a user chooses."""

    package: str | None = None
    """The import package; made from the title where None."""
    distribution: str | None = None
    """The name on a package index; made from the package where None."""
    client: str | None = None
    """The class of the sync client; made from the package where None."""
    error_root: str | None = None
    """The class of the root of all errors, which no model may have; made from the client where None."""
    renames: Mapping[Pointer, str] = field(default_factory=dict[Pointer, str])
    """Names of schemas, their properties (``…/properties/x``), operations, parameters and webhooks, by pointer."""
    relock: bool = False
    """Whether names may be others than a lock holds; it then only serves to tell which changed."""


def resolve(service: Service, config: NamingConfig, lock: Lock | None = None) -> Outcome[NameTable]:
    """Return all names of the package of ``service``.

    The names depend on what the document says, not on the order of its components. An error (``invalid-config``) tells
    of a chosen name that cannot be one, or of a rename that leads nowhere; a note (``renamed``) of each name that
    another one made give way; a warning (``name-changed``) of each that is not what ``lock`` holds.
    """
    errors = tuple(_check(service, config))
    if errors:
        return Outcome(value=None, diagnostics=errors)
    # What the user sets beats what the document, or an overlay of it, hints.
    renames = {**{pointer: hint.name for pointer, hint in service.names.items()}, **config.renames}
    graph = graph_of(service)
    kept = Held() if config.relock or not lock else held(service, lock)
    places = hold_places(service, graph, partition(service, graph), kept)
    package = name_package(
        service.title, package=config.package, distribution=config.distribution, client=config.client
    )
    classes = _namespace_classes(package, places)
    error_root = config.error_root or f"{package.stem}Error"
    owners = {**inbound_classes(service.inbound), **_class_owners(package, classes, error_root)}
    classes_kept = {
        Pointer(symbol): name for symbol, (home, name) in kept.decls.items() if places.decls[symbol] == home
    }
    decls = name_decls(service, graph, places, owners=owners, renames={**classes_kept, **renames})
    operations = name_operations(service.operations, places, renames, kept)
    fields, members, notes = _name_attributes(service, {**kept.fields, **renames}, kept)
    inbound, told = name_inbound(service.inbound, places.namespaces, {**kept.readers, **renames})
    table = NameTable(
        package=package.package,
        distribution=package.distribution,
        client=package.client,
        async_client=package.async_client,
        namespaces=_namespaces(service, places, classes, decls.names),
        decls=decls.names,
        fields=fields,
        members=members,
        operations=operations.names,
        inbound=inbound,
        variables=name_variables(next(iter(service.servers), None)),
    )
    change = compare(service, table, lock or {})
    table = replace(table, lock=change.lock, former_methods=change.methods, former_classes=change.classes)
    notes = (*decls.diagnostics, *notes, *operations.diagnostics, *told)
    return Outcome(value=table, diagnostics=(*notes, *change.diagnostics))


def _check(service: Service, config: NamingConfig) -> Iterator[Diagnostic]:
    """Yield what is wrong with the names that the user chooses."""
    if config.package is not None and not is_public(config.package):
        yield diagnose("invalid-config", f"the package cannot be called `{config.package}`")
    if config.client is not None and (not is_public(config.client) or CLASS.forbids(config.client)):
        yield diagnose("invalid-config", f"the client cannot be called `{config.client}`")
    known = set(_renameable(service)) if config.renames else set[Pointer]()
    for pointer, name in sorted(config.renames.items()):
        if pointer not in known:
            message = (
                "a rename leads to nothing that has a name, be it schema, property, operation, parameter or webhook"
            )
            yield diagnose("invalid-config", message, pointer=pointer)
        elif not is_public(name):
            yield diagnose("invalid-config", f"`{name}` is no name that Python allows here", pointer=pointer)


def _renameable(service: Service) -> Iterator[Pointer]:
    for decl in service.decls.values():
        yield Pointer(decl.id)
        if isinstance(decl, Record):
            yield from (field_pointer(decl.id, entry.wire) for entry in decl.fields)
    for operation in service.operations:
        yield operation.pointer
        yield from (parameter.pointer for parameter in operation.parameters)
    yield from (webhook.pointer for webhook in service.inbound.webhooks)


def _namespace_classes(package: PackageNames, places: Partition) -> dict[str, tuple[PyName, PyName]]:
    """Return the sync and the async class of each namespace."""
    claims: list[Claim[str]] = []
    for namespace in places.namespaces:
        name = f"{package.stem}{pascal(namespace) if namespace else 'Methods'}"
        root = namespace == ROOT_NAMESPACE
        claims.append(
            Claim(key=namespace, candidates=(name, f"{name}Methods"), priority=(int(not root),), tie=namespace)
        )
    taken = frozenset({package.client, package.async_client})
    names = Scope(context=CLASS, taken=taken, joint="").settle(claims).names
    return {namespace: (names[namespace], PyName(f"Async{names[namespace]}")) for namespace in places.namespaces}


def _class_owners(
    package: PackageNames, classes: Mapping[str, tuple[PyName, PyName]], error_root: str
) -> dict[str, str]:
    """Return the classes that the package has beside its models, and what each is for."""
    owners = {str(name): "client's methods" for pair in classes.values() for name in pair}
    return {
        **owners,
        package.client: "client",
        package.async_client: "async client",
        error_root: "root of the errors",
    }


def _name_attributes(
    service: Service, renames: Mapping[Pointer, str], kept: Held
) -> tuple[
    dict[SymbolId, Mapping[WireName, PyName]], dict[SymbolId, Mapping[str | int, PyName]], tuple[Diagnostic, ...]
]:
    """Return the names of all fields and of all members, and the notes on them; by pointer."""
    fields: dict[SymbolId, Mapping[WireName, PyName]] = {}
    members: dict[SymbolId, Mapping[str | int, PyName]] = {}
    notes: list[Diagnostic] = []
    for symbol, decl in sorted(service.decls.items()):
        if isinstance(decl, Record):
            named = name_fields(decl, renames)
            fields[symbol] = named.names
            notes += named.diagnostics
        elif isinstance(decl, EnumDecl):
            values = name_members(decl, kept.members.get(symbol, {}))
            members[symbol] = values.names
            notes += values.diagnostics
    return fields, members, tuple(notes)


def _namespaces(
    service: Service,
    places: Partition,
    classes: Mapping[str, tuple[PyName, PyName]],
    decls: Mapping[SymbolId, DeclName],
) -> tuple[NamespaceNames, ...]:
    return tuple(
        NamespaceNames(
            attribute=namespace,
            sync_class=classes[namespace][0],
            async_class=classes[namespace][1],
            tags=places.tags.get(namespace, ()),
            operations=tuple(
                operation.pointer
                for operation in service.operations
                if places.operations[operation.pointer] == namespace
            ),
            decls=tuple(symbol for symbol, name in decls.items() if name.namespace == namespace),
        )
        for namespace in places.namespaces
    )
