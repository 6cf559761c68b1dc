"""Operations as methods: a signature, a docstring and one expression."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from formance_codegen.ir.decls import Alias
from formance_codegen.ir.operations import (
    Body,
    Items,
    Location,
    MediaKind,
    MediaType,
    Operation,
    Paged,
    Parameter,
    Result,
    Stream,
)
from formance_codegen.ir.types import ListOf, Ref, TypeExpr
from formance_codegen.pointer import join
from formance_codegen.resolve.parameters import CONTENT_TYPE
from formance_codegen.resolve.table import NamespaceNames
from formance_codegen.view.annotations import MAPPING, NONE, Annotation, Refer, Voice, annotate, generic, union
from formance_codegen.view.context import Context
from formance_codegen.view.docs import docstring, prose, summary_and_rest
from formance_codegen.view.flavours import Flavour
from formance_codegen.view.imports import Import, Package, statements
from formance_codegen.view.layout import Node, call, keyword, lines, signature_item, tuple_
from formance_codegen.view.literals import literal
from formance_codegen.view.method_docs import method_doc
from formance_codegen.view.results import main_result, result_annotation

_MARGIN: Final = 8
"""Where the parameters of a method stand that take a line each."""
_RENAMED: Final = "Do the same as the method that has taken the place of this one:"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgumentView:
    """An argument of a method."""

    name: str
    annotation: str
    required: bool
    pointer: str
    """Where the document declares it."""

    @property
    def source(self) -> str:
        """The argument as the signature shows it."""
        return signature_item(self.name, self.annotation, "" if self.required else " = None", _MARGIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodView:
    """A method of a namespace, in one flavour."""

    name: str
    decorators: tuple[str, ...]
    signature: tuple[str, ...]
    positional: tuple[ArgumentView, ...]
    keywords: tuple[ArgumentView, ...]
    returns: str
    docstring: tuple[str, ...]
    body: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamespaceView:
    """The module of a namespace, in one flavour."""

    path: str
    header: str
    docstring: tuple[str, ...]
    imports: tuple[str, ...]
    typing_imports: tuple[str, ...]
    """Those that only a type checker needs."""
    name: str
    base: str
    class_docstring: tuple[str, ...]
    methods: tuple[MethodView, ...]


def namespace_module(
    context: Context, namespace: NamespaceNames, operations: Sequence[Operation], flavour: Flavour
) -> NamespaceView:
    """Return the module of a namespace."""
    typing_imports: set[Import] = set()
    imports = {
        Import(module="__future__", name="annotations"),
        Import(module=f"/{namespace.attribute}", name="_operations", alias="_ops"),
        flavour.namespace,
    }
    methods = (
        *(method(context, namespace.attribute, operation, flavour, typing_imports) for operation in operations),
        *_former_methods(context, namespace, operations, flavour),
    )
    if any(found.decorators for found in methods):
        imports.add(Import(module="typing_extensions", name="deprecated"))
    if typing_imports:
        imports.add(Import(module="typing", name="TYPE_CHECKING"))
    package = Package(parts=(namespace.attribute,) if namespace.attribute else ())
    prefix = f"{namespace.attribute}/" if namespace.attribute else ""
    client = context.names.async_client if flavour.adjective else context.names.client
    where = f"`{client}.{namespace.attribute}`" if namespace.attribute else f"`{client}` itself"
    return NamespaceView(
        path=f"{prefix}{flavour.module}.py",
        header=context.header,
        docstring=docstring([f"The {flavour.adjective}methods of {where}."], 0),
        imports=statements(imports, package),
        typing_imports=statements(typing_imports, package, 4),
        name=namespace.async_class if flavour.adjective else namespace.sync_class,
        base=flavour.namespace.name,
        class_docstring=docstring(namespace_doc(context, namespace, 4), 4),
        methods=methods,
    )


def namespace_doc(context: Context, namespace: NamespaceNames, indent: int) -> tuple[str, ...]:
    """Return what the document says about the operations of a namespace."""
    said = [tag.doc.description for tag in context.service.tags if tag.name in namespace.tags and tag.doc.description]
    summary, rest = summary_and_rest("", "\n\n".join(said) or f"The operations of the {context.service.title}.")
    return prose("\n\n".join(part for part in (summary, rest) if part), indent)


def method(
    context: Context,
    namespace: str,
    operation: Operation,
    flavour: Flavour,
    imports: set[Import],
    *,
    former: str = "",
) -> MethodView:
    """Return the method of an operation; by a name that it had before, deprecated, if there is one in ``former``."""
    refer = context.refer(namespace)
    names = context.names.operations[operation.pointer]
    path, others = arguments(context, operation, refer, flavour, imports)
    returns = result_annotation(operation.successes, flavour, refer)
    imports.update(returns.imports)
    verb = _verb(main_result(operation.successes))
    sends = verb == "send"
    name = former or names.method
    body = lines(
        call(f"self._transport.{verb}", _request(context, operation)),
        8,
        before=f"return {flavour.wait if sends else ''}",
    )
    return MethodView(
        name=name,
        decorators=_decorators(namespace, operation, names.method, former),
        signature=lines(
            call(name, "self", *(found.source for found in path), *_keywords(others)),
            4,
            before=f"{flavour.definition if sends else 'def'} ",
            after=f" -> {returns.text}:",
        ),
        positional=path,
        keywords=others,
        returns=returns.text,
        docstring=docstring([f"{_RENAMED} `{names.method}`."] if former else method_doc(context, operation), 8),
        body=body,
    )


def _verb(result: Result) -> str:
    """Return what the transport does to give a result."""
    match result:
        case Paged():
            return "page"
        case Items():
            return "items"
        case Stream():
            return "stream"
        case _:
            return "send"


def _former_methods(
    context: Context, namespace: NamespaceNames, operations: Sequence[Operation], flavour: Flavour
) -> Iterator[MethodView]:
    """Yield the methods by the names that they had before."""
    by_pointer = {operation.pointer: operation for operation in operations}
    for former in context.names.former_methods:
        if former.namespace == namespace.attribute:
            operation = by_pointer[former.pointer]
            yield method(context, namespace.attribute, operation, flavour, set(), former=former.name)


def _decorators(namespace: str, operation: Operation, name: str, former: str) -> tuple[str, ...]:
    if not former and not operation.deprecated:
        return ()
    now, before = (f"{namespace}.{each}" if namespace else each for each in (name, former))
    text = f"{before} is now called {now}." if former else f"{now} is deprecated."
    return lines(call("deprecated", literal(text)), 4, before="@")


def _keywords(arguments: Sequence[ArgumentView]) -> Sequence[str]:
    return ["*", *(found.source for found in arguments)] if arguments else []


def arguments(
    context: Context, operation: Operation, refer: Refer, flavour: Flavour, imports: set[Import]
) -> tuple[tuple[ArgumentView, ...], tuple[ArgumentView, ...]]:
    """Return the positional and the keyword-only arguments of an operation's method."""
    names = context.names.operations[operation.pointer]
    positional: list[ArgumentView] = []
    keywords: list[ArgumentView] = []
    for parameter in operation.parameters:
        target = positional if parameter.location is Location.PATH else keywords
        found = _argument(parameter, names.parameters[parameter.pointer], refer)
        imports.update(found[1])
        target.append(found[0])
    if operation.body is not None:
        body = body_annotation(context, operation.body, refer, flavour)
        body = body if operation.body.required else body | NONE
        imports.update(body.imports)
        positional.append(
            ArgumentView(
                name=names.body,
                annotation=body.text,
                required=operation.body.required,
                pointer=operation.body.pointer,
            )
        )
        if operation.body.choice:
            keywords.append(_content_type(operation.body, imports))
    return tuple(positional), tuple(keywords)


def _content_type(body: Body, imports: set[Import]) -> ArgumentView:
    """Return the argument that tells which of several media types a body has."""
    annotation = Annotation("str")
    if not any(media.range for media in body.media):
        names = ", ".join(literal(media.name) for media in body.media)
        annotation = Annotation(f"Literal[{names}]", frozenset({Import(module="typing", name="Literal")}))
    annotation = annotation | NONE
    imports.update(annotation.imports)
    pointer = join(body.pointer, "content")
    return ArgumentView(name=CONTENT_TYPE, annotation=annotation.text, required=False, pointer=pointer)


def _argument(parameter: Parameter, name: str, refer: Refer) -> tuple[ArgumentView, frozenset[Import]]:
    found = annotate(parameter.type, Voice.ARGUMENT, refer)
    if not parameter.required:
        found = found | NONE
    view = ArgumentView(name=name, annotation=found.text, required=parameter.required, pointer=parameter.pointer)
    return view, found.imports


def body_annotation(context: Context, body: Body, refer: Refer, flavour: Flavour) -> Annotation:
    """Return what a body may be: its model, a plain mapping in its place, bytes for a file."""
    found = (each for media in body.media for each in _media_annotations(context, media, refer, flavour))
    return union({each.text: each for each in found}.values())


def _media_annotations(context: Context, media: MediaType, refer: Refer, flavour: Flavour) -> Iterator[Annotation]:
    match media.kind:
        case MediaKind.TEXT:
            yield Annotation("str")
        case MediaKind.BINARY:
            yield Annotation("bytes")
            for found in flavour.upload:
                is_generic = found.module == "collections.abc"
                yield generic(found.name, Annotation("bytes")) if is_generic else _plain(found)
        case _:
            yield from _structured(context, media.type, refer)


def _structured(context: Context, type_: TypeExpr, refer: Refer) -> Iterator[Annotation]:
    match type_:
        case ListOf(item=item):
            yield generic("Sequence", union(_structured(context, item, refer)))
        case Ref(id=symbol):
            decl = context.decl(symbol)
            if isinstance(decl, Alias):
                yield from _structured(context, decl.type, refer)
            else:
                yield refer(symbol)
                yield from [MAPPING] if context.is_object(decl) else []
        case _:
            yield annotate(type_, Voice.ARGUMENT, refer)


def _plain(found: Import) -> Annotation:
    return Annotation(found.name, frozenset({found}))


def _request(context: Context, operation: Operation) -> Node:
    names = context.names.operations[operation.pointer]
    parts: list[Node] = []
    for keyword_name, location in (
        ("path", Location.PATH),
        ("query", Location.QUERY),
        ("headers", Location.HEADER),
        ("cookies", Location.COOKIE),
    ):
        found = [names.parameters[p.pointer] for p in operation.parameters if p.location is location]
        if found:
            parts.append(keyword(keyword_name, tuple_(*found)))
    if operation.body is not None:
        parts.append(keyword("body", names.body))
        parts += [keyword("content_type", CONTENT_TYPE)] if operation.body.choice else []
    return call(f"_ops.{names.constant}.request", *parts)
