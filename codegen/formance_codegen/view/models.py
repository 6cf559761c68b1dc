"""Declarations as the modules of a package's models."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from formance_codegen.ir.decls import Alias, Decl, EnumDecl, Field, Record, UnionDecl
from formance_codegen.ir.service import Service
from formance_codegen.ir.types import AnyJson, Nullable, SymbolId, TypeExpr
from formance_codegen.naming.case import wire_name
from formance_codegen.resolve.graph import (
    answer_references,
    decl_references,
    graph_of,
    inbound_references,
    request_references,
)
from formance_codegen.view.annotations import NONE, Annotation, Refer, Voice, annotate
from formance_codegen.view.bounds import BOUNDS, bounds_node
from formance_codegen.view.context import Context, models_path
from formance_codegen.view.docs import docstring, one_line, prose, summary_and_rest
from formance_codegen.view.imports import Import, Package, statements
from formance_codegen.view.layout import Group, Node, assignment, class_line, lines
from formance_codegen.view.literals import literal
from formance_codegen.view.unions import recursive_lines, union_lines

_EXTRAS: Final = """
# The base of all models allows any other value; here the document says which.
# pyright: reportIncompatibleVariableOverride=false"""
_DEFERRED_DEPTH: Final = 32
"""How many unbuilt models may depend on one another: pydantic builds them by recursion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """A field of a model."""

    declaration: tuple[str, ...]
    """The lines of ``name: annotation = default``."""
    docstring: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassView:
    """A class of a models module: a model or an enum."""

    name: str
    bases: str
    heading: tuple[str, ...]
    """The lines of ``class name(bases):``."""
    docstring: tuple[str, ...]
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasView:
    """A named type of a models module."""

    declaration: tuple[str, ...]
    docstring: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleView:
    """A module of models: one declaration, or those that need one another."""

    path: str
    header: str
    docstring: tuple[str, ...]
    imports: tuple[str, ...]
    classes: tuple[ClassView, ...]
    aliases: tuple[AliasView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """What becomes of the declarations of a service."""

    depths: Mapping[SymbolId, int]
    """How many others can at most be built for each."""
    sent: frozenset[SymbolId]
    """What is part of a request."""
    read: frozenset[SymbolId]
    """What is part of an answer, or of what the service sends by itself."""


def uses_of(service: Service) -> Uses:
    """Return what becomes of the declarations of a service."""
    graph = graph_of(service)
    sent = (symbol for operation in service.operations for symbol in request_references(operation))
    answers = (symbol for operation in service.operations for symbol in answer_references(operation))
    read = graph.reachable([*answers, *inbound_references(service.inbound)])
    return Uses(depths=graph.depth, sent=graph.reachable(sent), read=read)


def model_modules(context: Context, uses: Uses) -> tuple[ModuleView, ...]:
    """Return the modules of all models, in the order of their paths."""
    modules: dict[tuple[str, str], list[SymbolId]] = defaultdict(list)
    for symbol, name in context.names.decls.items():
        modules[name.namespace, name.module].append(symbol)
    return tuple(
        _module(context, namespace, module, sorted(symbols, key=lambda s: context.names.decls[s].name), uses)
        for (namespace, module), symbols in sorted(modules.items())
    )


def _module(context: Context, namespace: str, module: str, symbols: Sequence[SymbolId], uses: Uses) -> ModuleView:
    refer = context.refer(namespace, module)
    classes: list[ClassView] = []
    aliases: list[AliasView] = []
    imports: set[Import] = {Import(module="__future__", name="annotations")}
    for symbol in _aliases_last(context, symbols):
        decl = context.decl(symbol)
        match decl:
            case Record():
                built = uses.depths.get(symbol, 0) % _DEFERRED_DEPTH == _DEFERRED_DEPTH - 1
                classes.append(_record(context, decl, refer, imports, uses, "" if not built else ", defer_build=False"))
            case EnumDecl():
                classes.append(_enum(context, decl, imports))
            case Alias() | UnionDecl():
                aliases.append(_alias(context, decl, refer, imports, recursive=_is_recursive(context, symbol, symbols)))
            case _:
                assert_never(decl)
    folder = models_path(namespace)
    names = ", ".join(f"`{context.names.decls[symbol].name}`" for symbol in symbols)
    extras = any(isinstance(decl := context.decl(symbol), Record) and decl.extra is not None for symbol in symbols)
    return ModuleView(
        path=f"{folder[1:]}/{module}.py",
        header=context.header + (_EXTRAS if extras else ""),
        docstring=(
            docstring([f"{names}, of the {one_line(context.service.title)}."], 0)
            if len(names) < 50
            else docstring(prose(f"Types that need one another: {names}.", 0), 0)
        ),
        imports=statements(imports, Package(parts=tuple(folder[1:].split("/")))),
        classes=tuple(classes),
        aliases=tuple(aliases),
    )


def _record(
    context: Context, record: Record, refer: Refer, imports: set[Import], uses: Uses, options: str
) -> ClassView:
    base = "CamelModel" if context.camel else "Model"
    imports.add(Import(module="/_core/model", name=base))
    fields = [_field(context, record, field, refer, imports, uses) for field in record.fields]
    if record.extra is not None:
        fields.append(_extra(record.extra, refer, imports))
    name = context.names.decls[record.id].name
    if record.closed and record.id in uses.sent:
        imports.add(Import(module="/_core/model", name="Closed"))
        base += ", Closed"
    return ClassView(
        name=name,
        bases=base + options,
        heading=class_line(name, base + options),
        docstring=_class_doc(record),
        fields=tuple(fields),
    )


def _field(context: Context, record: Record, field: Field, refer: Refer, imports: set[Import], uses: Uses) -> FieldView:
    name = context.names.fields[record.id][field.wire]
    found = annotate(field.type, Voice.FIELD, refer)
    default = ""
    marks: list[Node] = list(_demands(record, field, uses, imports))
    if field.tag:
        default = f" = {found.text.removeprefix('Literal[').removesuffix(']')}"
    elif field.required and "READ_ONLY" in marks:
        default = " = ABSENT"
        imports.add(Import(module="/_core/model", name="ABSENT"))
    elif not field.required:
        default = " = None"
        if isinstance(field.type, Nullable | AnyJson) or found == NONE:
            marks.append("NULLABLE")
            imports.add(Import(module="/_core/model", name="NULLABLE"))
        found = found | NONE if found.text != "Any" else found
    if field.wire != (wire_name(name) if context.camel else name):
        marks.append(f"Alias({literal(field.wire)})")
        imports.add(Import(module="/_core/model", name="Alias"))
    imports.update(found.imports)
    if marks:
        imports.add(Import(module="typing", name="Annotated"))
        declaration = lines(Group("Annotated[", (found.text, *marks), "]"), 4, before=f"{name}: ", after=default)
    else:
        declaration = assignment(name, found.text, default.removeprefix(" = "), 4)
    return FieldView(declaration=declaration, docstring=docstring(_field_doc(field), 4))


def _demands(record: Record, field: Field, uses: Uses, imports: set[Import]) -> Iterator[Node]:
    """Yield the marks of what is demanded of a field when it is sent."""
    if field.tag:
        return
    if field.read_only and not field.write_only and record.id in uses.sent:
        imports.add(Import(module="/_core/model", name="READ_ONLY"))
        yield "READ_ONLY"
        return
    if field.write_only and field.required and not field.read_only and record.id in uses.read:
        imports.add(Import(module="/_core/model", name="WRITE_ONLY"))
        yield "WRITE_ONLY"
    if record.id in uses.sent and (bounds := bounds_node(field.bounds)) is not None:
        imports.add(BOUNDS)
        yield bounds


def _extra(extra: TypeExpr, refer: Refer, imports: set[Import]) -> FieldView:
    found = annotate(extra, Voice.FIELD, refer)
    imports.update(found.imports)
    imports.add(Import(module="pydantic", name="Field"))
    annotation = f"    __pydantic_extra__: dict[str, {found.text}] = "
    return FieldView(declaration=(f"{annotation}Field(init=False)",), docstring=())


def _field_doc(field: Field) -> tuple[str, ...]:
    summary, rest = summary_and_rest(field.doc.summary, field.doc.description)
    notes: list[str] = []
    if field.default is not None and not field.tag:
        notes.append(f"The server takes {literal(field.default)} where this is absent.")
    if field.deprecated:
        notes.append("Deprecated.")
    return _lines(summary, rest, notes, 4)


def _class_doc(decl: Decl) -> tuple[str, ...]:
    summary, rest = summary_and_rest(decl.doc.summary, decl.doc.description)
    fallback = (
        f"`{one_line(decl.origin.parts[-1])}` of the document."
        if len(decl.origin.parts) == 1
        else f"The `{one_line('.'.join(decl.origin.parts[1:]))}` of `{one_line(decl.origin.parts[0])}`."
    )
    notes = ["Deprecated."] if decl.deprecated else []
    return docstring(_lines(summary or fallback, rest, notes, 4), 4)


def _lines(summary: str, rest: str, notes: Iterable[str], indent: int) -> tuple[str, ...]:
    text = "\n\n".join(part for part in (summary, rest, *notes) if part)
    return prose(text, indent)


def _enum(context: Context, enum: EnumDecl, imports: set[Import]) -> ClassView:
    base = "OpenStrEnum" if isinstance(enum.members[0].value, str) else "OpenIntEnum"
    imports.add(Import(module="/_core/model", name=base))
    names = context.names.members[enum.id]
    name = context.names.decls[enum.id].name
    return ClassView(
        name=name,
        bases=base,
        heading=class_line(name, base),
        docstring=_class_doc(enum),
        fields=tuple(
            FieldView(
                declaration=(f"    {names[member.value]} = {literal(member.value)}",),
                docstring=docstring(_lines(*summary_and_rest("", member.doc.description), [], 4), 4),
            )
            for member in enum.members
        ),
    )


def _alias(
    context: Context, decl: Alias | UnionDecl, refer: Refer, imports: set[Import], *, recursive: bool
) -> AliasView:
    name = context.names.decls[decl.id].name
    if isinstance(decl, UnionDecl):
        declaration = union_lines(decl, name, refer, imports, recursive=recursive)
    else:
        found = annotate(decl.type, Voice.FIELD, refer)
        imports.update(found.imports)
        declaration = _alias_lines(name, found, imports, recursive=recursive)
    return AliasView(
        declaration=declaration,
        docstring=docstring(_lines(*summary_and_rest(decl.doc.summary, decl.doc.description), [], 0), 0),
    )


def _alias_lines(name: str, found: Annotation, imports: set[Import], *, recursive: bool) -> tuple[str, ...]:
    if recursive:
        imports.add(Import(module="typing_extensions", name="TypeAliasType"))
        return recursive_lines(name, found.text)
    imports.add(Import(module="typing", name="TypeAlias"))
    return (f"{name}: TypeAlias = {found.text}",)


def _aliases_last(context: Context, symbols: Sequence[SymbolId]) -> Iterable[SymbolId]:
    """Yield classes first, then aliases, each after the aliases that it is made of."""
    decls = {symbol: context.decl(symbol) for symbol in symbols}
    yield from (symbol for symbol, decl in decls.items() if isinstance(decl, Record | EnumDecl))
    waiting = [symbol for symbol, decl in decls.items() if not isinstance(decl, Record | EnumDecl)]
    while waiting:
        ready = next((s for s in waiting if not set(decl_references(decls[s])) & set(waiting) - {s}), waiting[0])
        waiting.remove(ready)
        yield ready


def _is_recursive(context: Context, symbol: SymbolId, symbols: Sequence[SymbolId]) -> bool:
    """Return whether an alias contains itself through other aliases only: a class in between defers the question."""
    aliases = {s for s in symbols if isinstance(context.decl(s), Alias | UnionDecl)}
    reached: set[SymbolId] = set()
    front = {symbol}
    while front:
        front = {target for s in front for target in set(decl_references(context.decl(s))) & aliases} - reached
        reached |= front
    return symbol in reached
