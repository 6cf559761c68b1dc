"""From parameter objects to the parameters of an operation."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from openapi_pydantic.v3.v3_1 import MediaType as MediaTypeObject
from openapi_pydantic.v3.v3_1 import Operation as OperationObject
from openapi_pydantic.v3.v3_1 import Parameter as ParameterObject
from openapi_pydantic.v3.v3_1 import PathItem, Reference

from formance_codegen.ir.decls import Doc
from formance_codegen.ir.operations import Location, MediaKind, Parameter, Style
from formance_codegen.ir.types import (
    AnyJson,
    Const,
    Nullable,
    OneOf,
    Scalar,
    ScalarKind,
    TypeExpr,
    WireName,
)
from formance_codegen.load.json_value import Missing, as_text
from formance_codegen.load.openapi import parameter_at
from formance_codegen.load.refs import resolve
from formance_codegen.lower.bodies import media_kind
from formance_codegen.lower.compose import view_of
from formance_codegen.lower.hints import IDEMPOTENCY_KEY, name_hint
from formance_codegen.lower.inside import bounds_inside
from formance_codegen.lower.schemas import type_of
from formance_codegen.lower.session import Session
from formance_codegen.pointer import Pointer, join

_PLACEHOLDER: Final = re.compile(r"\{([^{}]+)\}")
_RUNTIME_HEADERS: Final = frozenset({"accept", "content-type", "authorization"})
"""Header parameters that the specification tells tools to ignore (OpenAPI 3.1, section 4.8.12.1)."""
_IDEMPOTENCY_KEY: Final = "idempotency-key"


def lower_parameters(
    session: Session, path: str, item: PathItem, item_pointer: Pointer, operation: OperationObject, pointer: Pointer
) -> tuple[Parameter, ...]:
    """Return the parameters of an operation: those of its path first, each overridden by its own namesake."""
    found: dict[tuple[str, str], Parameter] = {}
    for owner, declared in ((item_pointer, item.parameters), (pointer, operation.parameters)):
        for node, where in _resolved(session, declared or (), join(owner, "parameters")):
            if (lowered := _parameter(session, node, where)) is not None:
                found[lowered.location.value, _key(lowered)] = lowered
    return tuple(_in_order(session, path, pointer, found.values()))


def idempotency_key(session: Session, pointer: Pointer, parameters: Sequence[Parameter]) -> WireName | None:
    """Return the header that makes a repeated call harmless, where the operation takes it: the usual one, or a told."""
    hint = session.hint(pointer, IDEMPOTENCY_KEY)
    if hint is False:
        return None
    told = _IDEMPOTENCY_KEY if isinstance(hint, Missing) else as_text(hint)
    headers = (p.wire for p in parameters if p.location is Location.HEADER)
    found = next((wire for wire in headers if told is not None and wire.lower() == told.lower()), None)
    if found is None and not isinstance(hint, Missing):
        message = f"{IDEMPOTENCY_KEY} is either false or the name of a header parameter of the operation"
        session.report("invalid-hint", message, join(pointer, IDEMPOTENCY_KEY))
    return found


def _resolved(
    session: Session, declared: Iterable[ParameterObject | Reference], where: Pointer
) -> Iterable[tuple[ParameterObject, Pointer]]:
    for index, node in enumerate(declared):
        pointer = join(where, index)
        if isinstance(node, Reference):
            target, _ = resolve(session.document, node.ref)
            yield parameter_at(session.document, target), target
        else:
            yield node, pointer


def _parameter(session: Session, node: ParameterObject, pointer: Pointer) -> Parameter | None:
    location = Location(node.param_in.value)
    if location is Location.HEADER and node.name.lower() in _RUNTIME_HEADERS:
        session.report("ignored-header", f'the header parameter "{node.name}" is set by the client itself', pointer)
        return None
    style, type_ = _style(session, node, location, pointer)
    view = None if node.param_schema is None else view_of(session, node.param_schema, join(pointer, "schema"))
    if (hint := name_hint(session, pointer)) is not None:
        session.names[pointer] = hint
    form = style in (Style.FORM, Style.COOKIE, Style.DEEP_OBJECT)
    empty = node.allowEmptyValue and location is Location.QUERY and style is Style.FORM
    return Parameter(
        wire=WireName(node.name),
        location=location,
        type=_or_empty(type_) if empty else type_,
        required=node.required or location is Location.PATH,
        style=style,
        explode=form if node.explode is None else node.explode,
        reserved=node.allowReserved and location is not Location.HEADER and style is not Style.COOKIE,
        empty=empty,
        deprecated=node.deprecated,
        default=view.default if view is not None and isinstance(view.default, str | int | float | bool) else None,
        bounds=() if view is None else bounds_inside(session, view),
        doc=Doc(description=node.description or ""),
        pointer=pointer,
        span=session.span(pointer),
    )


def _style(session: Session, node: ParameterObject, location: Location, pointer: Pointer) -> tuple[Style, TypeExpr]:
    session.labels.setdefault(pointer, node.name)
    usual = Style.SIMPLE if location in (Location.PATH, Location.HEADER) else Style.FORM
    if node.content:
        style, type_ = _content(session, node.content, usual, join(pointer, "content"))
        return (Style.QUERYSTRING if node.style == Style.QUERYSTRING.value else style), type_
    if node.param_schema is None:
        return usual, _text()
    return _known_style(session, node, location, usual, pointer), type_of(
        session, node.param_schema, join(pointer, "schema")
    )


def _or_empty(type_: TypeExpr) -> TypeExpr:
    """Return a type that the empty text is of, too."""
    if type_ in (_text(), AnyJson()) or isinstance(type_, Nullable):
        return type_
    members = type_.members if isinstance(type_, OneOf) else (type_,)
    return type_ if _text() in members else OneOf(members=(*members, Const(values=("",))))


_DELIMITED: Final = (Style.SPACE_DELIMITED, Style.PIPE_DELIMITED, Style.TAB_DELIMITED)
_STYLES: Final = {
    Location.PATH: (Style.SIMPLE, Style.LABEL, Style.MATRIX, *_DELIMITED),
    Location.QUERY: (Style.FORM, *_DELIMITED, Style.DEEP_OBJECT),
    Location.HEADER: (Style.SIMPLE, *_DELIMITED),
    Location.COOKIE: (Style.FORM, Style.COOKIE),
}
"""What the specification allows in each place (OpenAPI 3.2, "Style Values"); 2.0 has delimiters everywhere."""


def _known_style(session: Session, node: ParameterObject, location: Location, usual: Style, pointer: Pointer) -> Style:
    if node.style is None:
        return usual
    found = next((style for style in _STYLES[location] if style.value == node.style), None)
    if found is None:
        message = f'the style "{node.style}" is none of a parameter in a {location.value}; it is "{usual.value}"'
        session.report("repaired", message, join(pointer, "style"))
    return found or usual


def _content(
    session: Session, content: Mapping[str, MediaTypeObject], usual: Style, pointer: Pointer
) -> tuple[Style, TypeExpr]:
    """Return how a parameter is written that has a media type in place of a style."""
    name, media = next(iter(content.items()))
    if media_kind(name) is MediaKind.TEXT:
        return usual, _text()
    schema = media.media_type_schema
    if media_kind(name) is not MediaKind.JSON:
        view = None if schema is None else view_of(session, schema, join(pointer, name, "schema"))
        if view is None or view.types == ("string",):
            return usual, _text()
        found = f"{name} is not made of values"
        session.report("unsupported-media-type", found, pointer, "it is a text, as it travels")
        return usual, _text()
    return Style.JSON, _text() if schema is None else type_of(session, schema, join(pointer, name, "schema"))


def _in_order(session: Session, path: str, pointer: Pointer, parameters: Iterable[Parameter]) -> Iterable[Parameter]:
    """Yield the path parameters in the order of the template, then the others in the order of the document."""
    declared = list(parameters)
    in_path = {p.wire: p for p in declared if p.location is Location.PATH}
    template = list(dict.fromkeys(_PLACEHOLDER.findall(path)))
    for name in template:
        if name in in_path:
            yield in_path[WireName(name)]
        else:
            session.report(
                "undeclared-path-parameter",
                f'the path has "{{{name}}}", which no parameter declares',
                pointer,
                "it is taken as a required string",
            )
            yield Parameter(
                wire=WireName(name),
                location=Location.PATH,
                type=_text(),
                required=True,
                style=Style.SIMPLE,
                explode=False,
                pointer=join(pointer, "parameters", name),
                span=session.span(pointer),
            )
    for name, unused in in_path.items():
        if name not in template:
            session.omit(
                "unused-path-parameter", f'the path has no "{{{name}}}" for the parameter "{name}"', unused.pointer
            )
    yield from (p for p in declared if p.location is not Location.PATH)


def _key(parameter: Parameter) -> str:
    # Header names are case-insensitive (RFC 9110, section 5.1).
    return parameter.wire.lower() if parameter.location is Location.HEADER else parameter.wire


def _text() -> Scalar:
    return Scalar(kind=ScalarKind.STRING)
