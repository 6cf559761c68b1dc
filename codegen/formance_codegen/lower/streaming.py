"""The second form of an operation that answers as a whole or as a stream of items, as it is asked."""

from dataclasses import replace
from typing import Final

from openapi_pydantic.v3.v3_1 import Operation as OperationObject
from openapi_pydantic.v3.v3_1 import Reference

from formance_codegen.ir.operations import MediaKind, Operation, Success
from formance_codegen.ir.types import WireName
from formance_codegen.load.openapi import request_body_at
from formance_codegen.load.refs import resolve
from formance_codegen.lower.bodies import media_kind
from formance_codegen.lower.compose import view_of
from formance_codegen.lower.session import Session
from formance_codegen.pointer import Pointer, join

VARIANT: Final = "stream"
_SWITCH: Final = WireName("stream")
"""The property of a body that asks for a stream where it is true: so OpenAI, and those who follow it."""


def streaming(
    session: Session, operation: Operation, node: OperationObject, pointer: Pointer, successes: tuple[Success, ...]
) -> Operation:
    """Return the operation that asks for a stream; ``pointer`` is where the document says that it can be."""
    has_id = node.operationId is not None
    return replace(
        operation,
        id=f"{operation.id}Stream" if has_id else f"{operation.id} {VARIANT}",
        variant=VARIANT,
        pointer=pointer,
        span=session.span(pointer),
        name=None if operation.name is None else f"{operation.name}_{VARIANT}",
        successes=successes,
        fixed=((_SWITCH, True),) if _has_switch(session, operation, node) else (),
        long_running=None,
    )


def _has_switch(session: Session, operation: Operation, node: OperationObject) -> bool:
    """Return whether a property of the body asks for a stream."""
    body, here = node.requestBody, join(operation.pointer, "requestBody")
    if isinstance(body, Reference):
        here, _ = resolve(session.document, body.ref)
        body = request_body_at(session.document, here)
    for name, media in ({} if body is None else body.content).items():
        schema = media.media_type_schema
        if schema is None or media_kind(name) not in (MediaKind.JSON, MediaKind.FORM, MediaKind.MULTIPART):
            continue
        found = view_of(session, schema, join(here, "content", name, "schema")).properties.get(_SWITCH)
        if found is not None and "boolean" in view_of(session, found.node, found.pointer).types:
            return True
    return False
