"""From the headers of an answer to what a client gives of them."""

from collections.abc import Iterator, Mapping

from openapi_pydantic.v3.v3_1 import Header, Reference
from openapi_pydantic.v3.v3_1 import Response as ResponseObject

from formance_codegen.ir.beside import ResponseHeader
from formance_codegen.ir.decls import Doc
from formance_codegen.ir.operations import HeaderValue, Nothing
from formance_codegen.ir.types import ListOf, Scalar, ScalarKind, WireName
from formance_codegen.load.openapi import header_at
from formance_codegen.load.refs import resolve
from formance_codegen.lower.compose import View, view_of
from formance_codegen.lower.scalars import scalar
from formance_codegen.lower.schemas import type_of
from formance_codegen.lower.session import Session
from formance_codegen.pointer import Pointer, join

_TEXT = Scalar(kind=ScalarKind.STRING)


def response_headers(session: Session, answer: ResponseObject, pointer: Pointer) -> tuple[ResponseHeader, ...]:
    """Return the headers of the answer at ``pointer``, but for its media type, which is no header of its own."""
    return tuple(
        ResponseHeader(
            wire=WireName(name), type=_type(session, node, where), doc=Doc(description=node.description or "")
        )
        for name, node, where in declared_headers(session, answer.headers, join(pointer, "headers"))
        if name.lower() != "content-type"
    )


def header_value(session: Session, answer: ResponseObject, pointer: Pointer) -> HeaderValue | Nothing:
    """Return the value of the one header that the answer to a HEAD declares, if it is one."""
    found = list(declared_headers(session, answer.headers, join(pointer, "headers")))
    if len(found) != 1:
        return Nothing()
    name, node, where = found[0]
    schema = node.param_schema
    type_ = _TEXT if schema is None else type_of(session, schema, join(where, "schema"))
    return HeaderValue(wire=WireName(name), type=type_)


def declared_headers(
    session: Session, declared: Mapping[str, Header | Reference] | None, pointer: Pointer
) -> Iterator[tuple[str, Header, Pointer]]:
    """Yield the headers of an answer or of a part, which are declared at ``pointer``: name, header, and where it is."""
    for name, node in (declared or {}).items():
        where = join(pointer, name)
        if isinstance(node, Reference):
            where, _ = resolve(session.document, node.ref)
            node = header_at(session.document, where)
        yield name, node, where


def _type(session: Session, node: Header, pointer: Pointer) -> Scalar | ListOf:
    """Return what the text of a header stands for; objects and what is no single type stay text."""
    if node.param_schema is None:
        return _TEXT
    view = view_of(session, node.param_schema, join(pointer, "schema"))
    if view.types == ("array",) and view.items is not None:
        return ListOf(item=_scalar(view_of(session, view.items, view.items_pointer)))
    return _scalar(view)


def _scalar(view: View) -> Scalar:
    kind = view.types[0] if len(view.types) == 1 else "string"
    found = scalar(kind if kind in ("boolean", "integer", "number", "string") else "string", view.form)
    return _TEXT if found.kind in (ScalarKind.BINARY, ScalarKind.SECRET) else found
