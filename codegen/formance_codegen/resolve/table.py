"""The name table: every Python name of a package, and what it stands for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from formance_codegen.ir.types import SymbolId, WireName
from formance_codegen.naming import PyName
from formance_codegen.naming.lock import Key, Lock, Locked
from formance_codegen.pointer import Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class NamespaceNames:
    """A namespace of a client: a version, a group of operations, or the client itself."""

    attribute: str
    """The attribute of the client and the subpackage: ``v2``; "" for the client itself."""
    sync_class: PyName
    async_class: PyName
    tags: tuple[str, ...]
    """The tags of the document that lead here; in the order of its list of tags, then by name."""
    operations: tuple[Pointer, ...]
    """In the order of the document."""
    decls: tuple[SymbolId, ...]
    """By name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclName:
    """The class, or the alias, of a declaration."""

    name: PyName
    """Unique in its namespace; in another than the root also unlike those of the root that it refers to."""
    namespace: str
    """The attribute of the namespace: the root refers to the root only, a namespace to itself and the root."""
    module: str
    """In the folder of the namespace's models; the members of a cycle share one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationName:
    """The method of an operation."""

    namespace: str
    method: PyName
    constant: PyName
    """The wire facts of the operation; unique in its namespace."""
    parameters: Mapping[Pointer, PyName]
    """The arguments, by the pointers of the parameters; in the order of the operation."""
    body: PyName
    """The argument of the body; no parameter has its name where there is a body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundNames:
    """What the package has for that which its service sends by itself."""

    module: str
    """Beside the client's module; "" where nothing is to be read."""
    readers: Mapping[Pointer, PyName]
    """The constant of each webhook and callback with a body that is read, by its pointer."""
    exports: tuple[str, ...]
    """What the package exports besides the module itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerName:
    """A name that something had before, and by which it can still be reached."""

    namespace: str
    name: str
    pointer: Pointer
    """What it is a name of: an operation or a declaration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameTable:
    """All names of a package; nothing in it depends on the order of the document's components."""

    package: PyName
    distribution: str
    """The name on a package index."""
    client: PyName
    async_client: PyName
    namespaces: tuple[NamespaceNames, ...]
    """The root first; versions in their order, others in the order of the document's tags, then by name."""
    decls: Mapping[SymbolId, DeclName]
    fields: Mapping[SymbolId, Mapping[WireName, PyName]]
    """The attributes of each record, in the order of its fields."""
    members: Mapping[SymbolId, Mapping[str | int, PyName]]
    """The members of each enum, in the order of its values."""
    operations: Mapping[Pointer, OperationName]
    inbound: InboundNames
    variables: Mapping[str, PyName]
    """The arguments of the client for the variables of its server, by their names in the document."""
    lock: Lock = field(default_factory=dict[Key, Locked])
    """All names that are to stay, as `names.lock` keeps them."""
    former_methods: tuple[FormerName, ...] = ()
    """Deprecated methods; in the order of the document."""
    former_classes: tuple[FormerName, ...] = ()
    """Deprecated names of models."""
