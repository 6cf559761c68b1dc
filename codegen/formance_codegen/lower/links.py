"""From the links of an answer to the operations that can follow it."""

import json
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import unquote

from formance_codegen.ir.beside import Link, LinkValue, Origin
from formance_codegen.ir.decls import Doc
from formance_codegen.ir.operations import Success
from formance_codegen.ir.types import WireName
from formance_codegen.load.json_value import JsonValue, as_mapping
from formance_codegen.load.refs import resolve
from formance_codegen.lower.long_running import way_through
from formance_codegen.lower.session import Session
from formance_codegen.pointer import Pointer, join

_EXPRESSIONS: Final = (
    ("$response.body#", Origin.ANSWER),
    ("$response.header.", Origin.HEADER),
    ("$request.path.", Origin.CALL),
    ("$request.query.", Origin.CALL),
    ("$request.header.", Origin.CALL),
    ("$request.body#", Origin.SENT),
)
"""How runtime expressions begin (OpenAPI 3.1, section 4.8.20.3)."""


def lower_links(session: Session, success: Success) -> tuple[Link, ...]:
    """Return the links of an answer; one that leads to no operation of the document is reported."""
    around = join(success.pointer, "links")
    return tuple(
        link
        for name in as_mapping(session.document.at(around))
        if not name.startswith("x-") and (link := _link(session, success, join(around, name))) is not None
    )


def _link(session: Session, success: Success, used: Pointer) -> Link | None:
    pointer, value = resolve(session.document, used)
    node = as_mapping(value)
    target = _target(session, node.get("operationId"), node.get("operationRef"))
    if target is None:
        told = node.get("operationId", node.get("operationRef"))
        session.report("unknown-link", f'a link leads to "{told}", which is no operation of the document', pointer)
        return None
    values = list(_values(session, success, node))
    description = node.get("description")
    return Link(
        operation=target,
        values=tuple(values),
        doc=Doc(description=description if isinstance(description, str) else ""),
    )


def _target(session: Session, operation_id: JsonValue, reference: JsonValue) -> Pointer | None:
    if isinstance(operation_id, str) and operation_id:
        return session.operations.get(operation_id)
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return None
    pointer = Pointer(unquote(reference[1:]))
    return pointer if pointer in session.operations.values() else None


def _values(session: Session, success: Success, node: Mapping[str, JsonValue]) -> Iterator[LinkValue]:
    for name, value in as_mapping(node.get("parameters")).items():
        # A parameter may be told by its place as well: `path.id`.
        place, _, rest = name.partition(".")
        wire = rest if rest and place in ("path", "query", "header", "cookie") else name
        yield _value(session, success, WireName(wire), value)
    if "requestBody" in node:
        yield _value(session, success, None, node["requestBody"])


def _value(session: Session, success: Success, wire: WireName | None, value: JsonValue) -> LinkValue:
    for beginning, origin in _EXPRESSIONS:
        if isinstance(value, str) and value.startswith(beginning):
            text = value.removeprefix(beginning)
            way = way_through(session, text, (success,)) if origin is Origin.ANSWER else None
            return LinkValue(wire=wire, origin=origin, text=text, way=way)
    match value:
        case "$response.body":
            return LinkValue(wire=wire, origin=Origin.ANSWER, text="", way=way_through(session, "", (success,)))
        case "$request.body":
            return LinkValue(wire=wire, origin=Origin.SENT, text="")
        case _:
            return LinkValue(wire=wire, origin=Origin.FIXED, text=json.dumps(value, ensure_ascii=False))
