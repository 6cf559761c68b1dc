"""From the answers of an operation to the media types that a call has to say it accepts."""

from collections.abc import Iterator
from typing import Final

from openapi_pydantic.v3.v3_1 import Operation as OperationObject
from openapi_pydantic.v3.v3_1 import Reference

from formance_codegen.ir.requests import MediaKind
from formance_codegen.load.openapi import response_at
from formance_codegen.load.refs import resolve
from formance_codegen.lower.bodies import media_kind, preference
from formance_codegen.lower.session import Session

JSON: Final = "application/json"


_ANY_OTHER: Final = ";q=0.1"
"""Of a range: JSON is liked better than whatever else it may stand for."""


def json_kinds(session: Session, operation: OperationObject) -> tuple[str, ...]:
    """Return in which forms of JSON, other than ``application/json``, answers are read, those of errors as well.

    A server that compares what it has with what is accepted (RFC 9110, section 12.5.1) else has nothing to give.
    """
    found = (f"{kind}{_ANY_OTHER}" if "*" in kind else kind for kind in _read(session, operation))
    return tuple(dict.fromkeys(kind for kind in found if kind.partition(";")[0].strip().lower() != JSON))


def _read(session: Session, operation: OperationObject) -> Iterator[str]:
    for node in (operation.responses or {}).values():
        if isinstance(node, Reference):
            pointer, _ = resolve(session.document, node.ref)
            node = response_at(session.document, pointer)
        # Of several that one which the client reads.
        chosen = min(node.content or {}, key=preference, default="")
        if media_kind(chosen) is MediaKind.JSON:
            yield chosen
