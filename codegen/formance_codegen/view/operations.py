"""Operations as constants: the facts of the wire, once for both flavours."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from formance_codegen.ir.operations import (
    ByCursor,
    ByLink,
    ByNumber,
    ByOffset,
    Counts,
    CursorPlace,
    Data,
    Framing,
    HeaderValue,
    Items,
    LinkPlace,
    NoPage,
    Nothing,
    Operation,
    Paged,
    Plain,
    Result,
    Stream,
    Success,
    Text,
    Turning,
)
from formance_codegen.ir.requests import Location, MediaKind, MediaType, Parameter, Part, Style
from formance_codegen.ir.types import AnyJson, ListOf, Nullable, TypeExpr
from formance_codegen.naming import PyName
from formance_codegen.pointer import Pointer
from formance_codegen.resolve.table import NamespaceNames
from formance_codegen.view.annotations import Annotation, Refer, Voice, annotate
from formance_codegen.view.bounds import BOUNDS, bounds_node
from formance_codegen.view.context import Context
from formance_codegen.view.imports import Import, Package, statements
from formance_codegen.view.layout import Group, Node, call, definition, keyword, prefixed, subscripts, tuple_
from formance_codegen.view.literals import literal
from formance_codegen.view.results import wire_annotation
from formance_codegen.view.servers import server_node


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstantView:
    """The constant of an operation."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationsView:
    """The module of the constants of a namespace."""

    path: str
    header: str
    docstring: tuple[str, ...]
    imports: tuple[str, ...]
    constants: tuple[ConstantView, ...]


def operations_module(context: Context, namespace: NamespaceNames, operations: Sequence[Operation]) -> OperationsView:
    """Return the constants of the operations of a namespace."""
    # Annotations name models: evaluated, they would import them all.
    imports = {Import(module="__future__", name="annotations")}
    constants = tuple(_constant(context, namespace.attribute, operation, imports) for operation in operations)
    prefix = f"{namespace.attribute}/" if namespace.attribute else ""
    return OperationsView(
        path=f"{prefix}_operations.py",
        header=context.header,
        docstring=('"""The operations on the wire, once for both flavours of the client."""',),
        imports=statements(imports, Package(parts=(namespace.attribute,) if namespace.attribute else ())),
        constants=constants,
    )


def _constant(context: Context, namespace: str, operation: Operation, imports: set[Import]) -> ConstantView:
    names = context.names.operations[operation.pointer]
    refer = context.refer_lazily(namespace)
    imports.update({_core("Operation"), Import(module="typing", name="Final")})
    call_name = f"{namespace}.{names.method}" if namespace else names.method
    parts: list[Node] = [
        keyword("name", literal(call_name)),
        keyword("method", literal(operation.method)),
        keyword("path", literal(operation.path)),
        *_server(operation, imports),
        *_parameters(operation.parameters, names.parameters, imports),
        *_bodies(operation, refer, imports),
        *([keyword("fixed", _fixed(operation))] if operation.fixed else []),
        keyword("results", _results(operation.successes, refer, imports)),
        *_errors(operation, refer, imports),
        *([keyword("accepts", tuple_(*map(literal, operation.accepts)))] if operation.accepts else []),
        *_security(operation, imports),
    ]
    if operation.idempotency_key is not None:
        parts.append(keyword("idempotency_key", literal(operation.idempotency_key)))
    annotation = _annotation(operation, refer, imports)
    return ConstantView(
        name=names.constant, lines=definition(names.constant, annotation, call("Operation", *parts, explode=True))
    )


def _server(operation: Operation, imports: set[Import]) -> Iterable[Node]:
    if operation.server is not None:
        imports.add(_core("Server"))
        yield keyword("server", server_node(operation.server))


def _annotation(operation: Operation, refer: Refer, imports: set[Import]) -> str:
    """Return the type of the constant, said where it cannot be inferred from one result."""
    if len(operation.successes) == 1 and not isinstance(operation.successes[0].result, Plain | Data | Items):
        return "Final"
    found = wire_annotation(operation.successes, refer)
    imports.update(found.imports)
    return f"Final[Operation[{found.text}]]"


def _parameters(
    parameters: Iterable[Parameter], names: Mapping[Pointer, PyName], imports: set[Import]
) -> Iterable[Node]:
    kinds = (
        ("path_parameters", "Path", Location.PATH),
        ("query", "Query", Location.QUERY),
        ("headers", "Header", Location.HEADER),
        ("cookies", "Cookie", Location.COOKIE),
    )
    listed = list(parameters)
    for name, kind, location in kinds:
        found = [parameter for parameter in listed if parameter.location is location]
        if found:
            imports.add(_core(kind))
            written = (_parameter(parameter, names[parameter.pointer], kind, imports) for parameter in found)
            yield keyword(name, tuple_(*written))


def _parameter(parameter: Parameter, argument: PyName, kind: str, imports: set[Import]) -> Node:
    parts: list[Node] = [literal(parameter.wire)]
    usual = Style.SIMPLE if parameter.location in (Location.PATH, Location.HEADER) else Style.FORM
    if parameter.style is not usual:
        parts.append(keyword("style", literal(parameter.style.value)))
    explode = parameter.location in (Location.QUERY, Location.COOKIE)
    if parameter.explode != explode and parameter.style not in (Style.JSON, Style.QUERYSTRING):
        parts.append(keyword("explode", literal(parameter.explode)))
    if parameter.reserved:
        parts.append(keyword("allow_reserved", "True"))
    if parameter.empty and parameter.bounds:
        parts.append(keyword("allow_empty", "True"))
    if argument != _usual_argument(parameter.wire):
        parts.append(keyword("argument", literal(argument)))
    if (bounds := bounds_node(parameter.bounds)) is not None:
        imports.add(BOUNDS)
        parts.append(keyword("bounds", bounds))
    return call(kind, *parts)


_NEW_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def _usual_argument(wire: str) -> str:
    """Return the argument that the runtime takes a parameter for, where it is not told (`argument_of`)."""
    return _NEW_WORD.sub("_", wire).replace("-", "_").lower()


def _bodies(operation: Operation, refer: Refer, imports: set[Import]) -> Iterable[Node]:
    body = operation.body
    if body is not None:
        # A page that follows is asked for without a body: there None stays the lack of one.
        paged = any(isinstance(success.result, Paged) for success in operation.successes)
        null = body.required and not paged
        yield keyword("body", tuple_(*(_body(media, refer, imports, null=null) for media in body.media)))


def _body(media: MediaType, refer: Refer, imports: set[Import], *, null: bool) -> Node:
    names = {
        MediaKind.JSON: "JsonBody",
        MediaKind.FORM: "FormBody",
        MediaKind.MULTIPART: "MultipartBody",
        MediaKind.TEXT: "TextBody",
        MediaKind.LINES: "JsonLinesBody",
        MediaKind.BINARY: "BinaryBody",
    }
    imports.add(_core(names[media.kind]))
    ranged = [keyword("range", literal(media.range))] if media.range else []
    if media.kind in (MediaKind.TEXT, MediaKind.BINARY):
        return call(names[media.kind], literal(media.name), *ranged)
    # Of lines each is written by itself.
    type_ = media.type.item if media.kind is MediaKind.LINES and isinstance(media.type, ListOf) else media.type
    parts: list[Node] = [literal(media.name), _adapter(type_, "", refer, imports), *ranged]
    if media.parts or media.prefix or media.item:
        imports.add(_core("Part"))
    if media.parts:
        parts.append(keyword("parts", tuple_(*map(_part, media.parts))))
    if media.prefix:
        parts.append(keyword("prefix", tuple_(*map(_part, media.prefix))))
    if media.item:
        parts.append(keyword("item", _part(media.item)))
    if (bounds := bounds_node(media.bounds)) is not None:
        imports.add(BOUNDS)
        parts.append(keyword("bounds", bounds))
    if null and media.kind is MediaKind.JSON and isinstance(media.type, Nullable | AnyJson):
        parts.append(keyword("null", "True"))
    return call(names[media.kind], *parts)


def _fixed(operation: Operation) -> Node:
    return tuple_(*(tuple_(literal(name), literal(value)) for name, value in operation.fixed))


def _part(part: Part) -> Node:
    told: list[Node] = [literal(part.wire)]
    if part.media_type:
        told.append(keyword("media_type", literal(part.media_type)))
    if part.style is not None:
        told.append(keyword("style", literal(part.style.value)))
        told += [] if part.explode else [keyword("explode", "False")]
    if part.reserved:
        told.append(keyword("allow_reserved", "True"))
    if part.headers:
        pairs = (tuple_(literal(name), literal(value)) for name, value in part.headers)
        told.append(keyword("headers", tuple_(*pairs)))
    return call("Part", *told)


def _results(successes: Iterable[Success], refer: Refer, imports: set[Import]) -> Node:
    return tuple_(*(tuple_(literal(found.status), _result(found.result, refer, imports)) for found in successes))


def _result(result: Result, refer: Refer, imports: set[Import]) -> Node:
    match result:
        case Plain(type=type_):
            node = call("Json", _adapter(type_, "", refer, imports))
        case Data(type=type_):
            node = call("Data", _adapter(type_, "DataOf", refer, imports))
        case Paged():
            node = _page(result, refer, imports)
        case HeaderValue(wire=wire, type=type_):
            node = call("HeaderValue", literal(wire), _adapter(type_, "", refer, imports))
        case Items():
            return _items(result, refer, imports)
        case Stream(media_type=media_type):
            node = call("Stream", literal(media_type))
        case Text(media_type=media_type):
            node = call("Text", literal(media_type))
        case Nothing():
            node = call("Empty")
        case NoPage():
            node = call("NoPage")
        case _:
            assert_never(result)
    imports.add(_core(node.opening.removesuffix("(")))
    return node


def _items(items: Items, refer: Refer, imports: set[Import]) -> Node:
    """Return the items of a stream: their framing, and what reads each of them."""
    if items.is_event:
        named = [tuple_(literal(event.name), _datum(event.type, refer, imports)) for event in items.named]
        parts = [_datum(items.type, refer, imports), *([keyword("named", tuple_(*named))] if named else [])]
        name = "Events"
    else:
        parts = [_adapter(AnyJson() if items.type is None else items.type, "", refer, imports)]
        name = _FRAMINGS[items.framing]
    imports.add(_core(name))
    return call(name, literal(items.media_type), *parts)


_FRAMINGS: Final = {Framing.EVENTS: "EventItems", Framing.LINES: "JsonLines", Framing.RECORDS: "JsonTexts"}


def _datum(type_: TypeExpr | None, refer: Refer, imports: set[Import]) -> Node:
    """Return how the data of an event is read."""
    name = "TextDatum" if type_ is None else "JsonDatum"
    imports.add(_core(name))
    return call(name, *([] if type_ is None else [_adapter(type_, "", refer, imports)]))


_ENVELOPES: Final = {"/cursor": "CursorOf", "/data": "PageInData", "": "PageOf"}
"""The envelopes of the runtime by what stands before ``/data``, ``/next`` and ``/hasMore``."""


def _page(page: Paged, refer: Refer, imports: set[Import]) -> Group:
    folder = page.items.removesuffix("/data")
    asked = tuple(_turning(page.turning, imports))
    usual = (
        folder in _ENVELOPES
        and page.items == f"{folder}/data"
        and page.more == f"{folder}/hasMore"
        and (page.next == f"{folder}/next" or isinstance(page.turning, ByNumber))
        and not isinstance(page.turning, ByOffset | ByLink)
    )
    if usual and not (page.single or page.optional or page.last) and page.counts == Counts():
        return call("Paged", _adapter(page.item, _ENVELOPES[folder], refer, imports), *asked)
    counts = page.counts
    places = {
        "next": page.next,
        "more": page.more,
        "last": page.last,
        "total": counts.total,
        "pages": counts.pages,
        "position": counts.position,
    }
    parts: list[Node] = [keyword("items", literal(page.items))]
    parts += [keyword(name, literal(place)) for name, place in places.items() if place is not None]
    parts += [keyword("optional", "True")] if page.optional else []
    item = page.item if page.single else ListOf(item=page.item)
    name = "SinglePaged" if page.single else "PagedAt"
    return call(name, _adapter(item, "", refer, imports), *parts, *asked)


def _turning(turning: Turning | None, imports: set[Import]) -> Iterable[Node]:
    """Yield how the next page is asked for: a name alone stands for a cursor in the query that says it all."""
    match turning:
        case None:
            return
        case ByCursor(place=CursorPlace.QUERY, wire=wire, keeps=False):
            yield keyword("cursor", literal(wire))
        case _:
            made = _turn(turning)
            imports.add(_core(made.opening.removesuffix("(")))
            yield keyword("turn", made)


def _turn(turning: Turning) -> Group:
    match turning:
        case ByNumber(wire=wire, first=first):
            return call("PageNumber", literal(wire), *([literal(first)] if first != 0 else []))
        case ByOffset(wire=wire, first=first):
            return call("Offset", literal(wire), *([literal(first)] if first else []))
        case ByLink(place=place):
            return call("Link", *([literal(place.value)] if place is not LinkPlace.BODY else []))
        case ByCursor(wire=wire):
            parts = [literal(wire), literal(turning.place.value)]
            carries = tuple_(*(tuple_(literal(name), literal(way)) for name, way in turning.carries))
            kept: list[Node] = [keyword("keep", "True")] if turning.keeps else []
            carried: list[Node] = [keyword("carry", carries)] if turning.carries else []
            return call("Cursor", *parts, *kept, *carried)
        case _:
            assert_never(turning)


def _errors(operation: Operation, refer: Refer, imports: set[Import]) -> Iterable[Node]:
    found = [(failure.status, failure.type) for failure in operation.failures if failure.type is not None]
    if found:
        imports.add(_core("Json"))
        yield keyword(
            "errors",
            tuple_(
                *(tuple_(literal(status), call("Json", _adapter(type_, "", refer, imports))) for status, type_ in found)
            ),
        )


def _security(operation: Operation, imports: set[Import]) -> Iterable[Node]:
    if operation.security is None:
        return
    if any(operation.security):
        imports.add(_core("Requirement"))
    yield keyword(
        "security",
        tuple_(
            *(
                tuple_(*(call("Requirement", literal(need.scheme), *_scopes(need.scopes)) for need in alternative))
                for alternative in operation.security
            )
        ),
    )


def _scopes(scopes: Sequence[str]) -> tuple[Node, ...]:
    return (tuple_(*map(literal, scopes)),) if scopes else ()


def _adapter(type_: TypeExpr, envelope: str, refer: Refer, imports: set[Import]) -> Node:
    """Return what makes the reader or writer of a type, when it is first needed."""
    found: Annotation = annotate(type_, Voice.FIELD, refer)
    imports.update(found.imports)
    imports.add(Import(module="pydantic", name="TypeAdapter"))
    if envelope:
        imports.add(Import(module="/_core/envelopes", name=envelope))
    text = f"{envelope}[{found.text}]" if envelope else found.text
    return prefixed("lambda: ", Group("TypeAdapter(", (subscripts(text),), ")"))


def _core(name: str) -> Import:
    return Import(module="/_core/operation", name=name)
