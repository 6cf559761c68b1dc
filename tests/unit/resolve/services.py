"""Small services in the intermediate representation, made by hand, and their name tables."""

from formance_codegen.ir.decls import (
    Alias,
    Decl,
    Doc,
    EnumDecl,
    EnumMember,
    Field,
    Origin,
    Record,
    Telling,
    UnionDecl,
    Variant,
)
from formance_codegen.ir.operations import Nothing, Operation, Plain, Success
from formance_codegen.ir.requests import Body, Location, MediaKind, MediaType, Parameter, Style
from formance_codegen.ir.service import Service, Tag
from formance_codegen.ir.types import AnyJson, Ref, Scalar, ScalarKind, SymbolId, TypeExpr, WireName
from formance_codegen.pointer import ROOT, Pointer, join
from formance_codegen.resolve.names import NamingConfig, resolve
from formance_codegen.resolve.table import NameTable
from formance_codegen.source import Span

SPAN = Span(file="openapi.yaml", line=1, column=1)
STRING = Scalar(kind=ScalarKind.STRING)


def symbol(*parts: str) -> SymbolId:
    """Return the id of a component, or of what stands inline in one."""
    inner = [token for part in parts[1:] for token in ("properties", part)]
    return SymbolId(join(ROOT, "components", "schemas", parts[0], *inner))


def ref(*parts: str) -> Ref:
    return Ref(id=symbol(*parts))


def field(wire: str, kind: TypeExpr = STRING, *, deprecated: bool = False) -> Field:
    return Field(wire=WireName(wire), type=kind, required=True, deprecated=deprecated, span=SPAN)


def record(*parts: str, fields: tuple[Field, ...] = (), refers: tuple[str, ...] = ()) -> Record:
    """Return a record with ``fields``, and a field for each component that it refers to."""
    origin = Origin(parts=parts, component=len(parts) == 1)
    links = tuple(field(f"link{index}", ref(target)) for index, target in enumerate(refers))
    return Record(id=symbol(*parts), origin=origin, fields=(*fields, *links), span=SPAN)


def enum(name: str, *values: str | int) -> EnumDecl:
    members = tuple(EnumMember(value=value) for value in values)
    return EnumDecl(id=symbol(name), origin=Origin(parts=(name,), component=True), members=members, span=SPAN)


def alias(*parts: str, of: TypeExpr = STRING) -> Alias:
    return Alias(id=symbol(*parts), origin=Origin(parts=parts, component=len(parts) == 1), type=of, span=SPAN)


def union(*parts: str, of: tuple[str, ...] = ()) -> UnionDecl:
    return UnionDecl(
        id=symbol(*parts),
        origin=Origin(parts=parts, component=len(parts) == 1),
        variants=tuple(Variant(type=ref(name)) for name in of),
        telling=Telling.SHAPE,
        span=SPAN,
    )


def parameter(
    wire: str, location: Location = Location.QUERY, *, deprecated: bool = False, number: int = 0
) -> Parameter:
    return Parameter(
        wire=WireName(wire),
        location=location,
        type=STRING,
        required=location is Location.PATH,
        style=Style.SIMPLE if location in (Location.PATH, Location.HEADER) else Style.FORM,
        explode=location is Location.QUERY,
        deprecated=deprecated,
        pointer=join(ROOT, "parameters", location.value, wire, number),
        span=SPAN,
    )


def operation(
    identifier: str,
    *,
    path: str = "",
    method: str = "GET",
    tags: tuple[str, ...] = (),
    name: str | None = None,
    parameters: tuple[Parameter, ...] = (),
    body: bool = False,
    refers: tuple[str, ...] = (),
    deprecated: bool = False,
) -> Operation:
    """Return an operation whose answers are the components that it refers to; "" as its id stands for none."""
    path = path or f"/{identifier}"
    pointer = join(ROOT, "paths", path, method.lower())
    results = tuple(
        Success(
            status=f"20{index}", result=Plain(type=ref(target)), pointer=join(pointer, "responses", index), span=SPAN
        )
        for index, target in enumerate(refers)
    )
    return Operation(
        id=identifier or f"{method} {path}",
        pointer=pointer,
        span=SPAN,
        method=method,
        path=path,
        tags=tags,
        name=name,
        parameters=parameters,
        body=json_body(pointer) if body else None,
        successes=results or (Success(status="204", result=Nothing(), pointer=pointer, span=SPAN),),
        failures=(),
        idempotency_key=None,
        security=None,
        deprecated=deprecated,
        doc=Doc(),
    )


def json_body(pointer: Pointer) -> Body:
    media = MediaType(name="application/json", kind=MediaKind.JSON, type=AnyJson())
    return Body(media=(media,), required=True, pointer=join(pointer, "requestBody"), span=SPAN)


def service(
    *operations: Operation, decls: tuple[Decl, ...] = (), title: str = "Ledger API", tags: tuple[str, ...] = ()
) -> Service:
    return Service(
        document="openapi.yaml",
        openapi="3.1.0",
        title=title,
        version="1",
        doc=Doc(),
        servers=(),
        tags=tuple(Tag(name=name) for name in tags),
        operations=operations,
        decls={decl.id: decl for decl in decls},
        schemes=(),
        omissions=(),
    )


def table(document: Service, config: NamingConfig | None = None) -> NameTable:
    outcome = resolve(document, config or NamingConfig())
    assert outcome.value is not None
    return outcome.value
