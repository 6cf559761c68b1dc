"""What lowering gathers while it walks a document: declarations, diagnostics and omissions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from openapi_pydantic.v3.v3_1 import Reference, Schema

from formance_codegen.diagnostics import Diagnostic, diagnose
from formance_codegen.ir.decls import Decl
from formance_codegen.ir.service import NameHint, Omission
from formance_codegen.ir.types import SymbolId
from formance_codegen.load.document import Document
from formance_codegen.load.json_value import MISSING, JsonValue, Missing
from formance_codegen.load.openapi import reference_of, schema_at
from formance_codegen.load.refs import resolve
from formance_codegen.pointer import Pointer, join, tokens
from formance_codegen.source import Span

SchemaNode: TypeAlias = Schema | Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A schema and where it stands."""

    node: Schema
    """Never a reference: what it leads to."""
    pointer: Pointer
    """Where the schema stands that `node` is."""


@dataclass(frozen=True, slots=True)
class Session:
    """The state of one lowering run; it lives no longer than the call of `lower`."""

    document: Document
    decls: dict[SymbolId, Decl] = field(default_factory=dict[SymbolId, Decl])
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    omissions: list[Omission] = field(default_factory=list[Omission])
    labels: dict[Pointer, str] = field(default_factory=dict[Pointer, str])
    """What the document calls a part whose pointer does not tell: an operationId, a title."""
    pending: set[SymbolId] = field(default_factory=set[SymbolId])
    """Inline declarations that are being built: a recursive one refers to itself."""
    recursive: set[SymbolId] = field(default_factory=set[SymbolId])
    """Those that something inside them refers to: they need a name, whatever they turn out to be."""
    schemas: dict[Pointer, Schema] = field(default_factory=dict[Pointer, Schema])
    heirs: dict[Pointer, list[Pointer]] = field(default_factory=dict[Pointer, list[Pointer]])
    """Which components take in a schema through allOf."""
    operations: dict[str, Pointer] = field(default_factory=dict[str, Pointer])
    """By operationId."""
    hints: dict[Pointer, Mapping[str, JsonValue]] = field(default_factory=dict[Pointer, Mapping[str, JsonValue]])
    """What the document says beyond OpenAPI, by the object that says it: its keys that begin with x-formance-."""
    hinted_properties: set[Pointer] = field(default_factory=set[Pointer])
    """Those objects with hints that are the schemas of properties: what names one names the property."""
    used_hints: set[Pointer] = field(default_factory=set[Pointer])
    names: dict[Pointer, NameHint] = field(default_factory=dict[Pointer, NameHint])
    """The names that hints give, by the pointers that a rename takes."""

    def report(self, slug: str, message: str, pointer: Pointer, *notes: str) -> None:
        """Add a diagnostic about the part of the document at ``pointer``, once for all who refer to that part."""
        found = diagnose(slug, message, span=self.span(pointer), pointer=pointer, notes=notes)
        if found not in self.diagnostics:
            self.diagnostics.append(found)

    def omit(self, slug: str, reason: str, pointer: Pointer, *notes: str) -> None:
        """Record a part of the document that the package has no counterpart for, and warn of it."""
        omission = Omission(pointer=pointer, reason=reason, span=self.span(pointer))
        if omission not in self.omissions:
            self.omissions.append(omission)
        self.report(slug, reason, pointer, *notes)

    def hint(self, pointer: Pointer, key: str) -> JsonValue | Missing:
        """Return what a hint of the object at ``pointer`` says; once asked for, it counts as used."""
        if pointer not in self.hints or key not in self.hints[pointer]:
            return MISSING
        self.used_hints.add(join(pointer, key))
        return self.hints[pointer][key]

    def span(self, pointer: Pointer) -> Span:
        """Return where the part of the document at ``pointer`` starts."""
        return self.document.span(pointer)

    def place(self, node: SchemaNode, pointer: Pointer) -> Place:
        """Return the schema that ``node``, which stands at ``pointer``, is or leads to."""
        reference = reference_of(node)
        if reference is None and isinstance(node, Schema):
            return Place(node=node, pointer=pointer)
        target, _ = resolve(self.document, pointer if reference is None else reference)
        if target not in self.schemas:
            self.schemas[target] = schema_at(self.document, target)
        return Place(node=self.schemas[target], pointer=target)


def is_component(pointer: Pointer) -> bool:
    """Return whether the document itself names the schema at ``pointer``."""
    path = tokens(pointer)
    return len(path) == 3 and path[:2] == ("components", "schemas")
