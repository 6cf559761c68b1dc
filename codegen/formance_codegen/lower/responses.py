"""From the responses of an operation to what success and failure mean."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from openapi_pydantic.v3.v3_1 import Operation as OperationObject
from openapi_pydantic.v3.v3_1 import Reference
from openapi_pydantic.v3.v3_1 import Response as ResponseObject

from formance_codegen.ir.decls import Doc
from formance_codegen.ir.operations import (
    Failure,
    HeaderValue,
    MediaKind,
    NoPage,
    Nothing,
    Paged,
    Plain,
    Recognition,
    Result,
    Stream,
    Success,
    Text,
)
from formance_codegen.ir.types import AnyJson, Scalar, ScalarKind, WireName
from formance_codegen.load.openapi import header_at, response_at
from formance_codegen.load.refs import resolve
from formance_codegen.lower.bodies import media_kind, preference, report_markup
from formance_codegen.lower.paging import Call, unwrap
from formance_codegen.lower.schemas import type_of
from formance_codegen.lower.session import Session
from formance_codegen.pointer import Pointer, join

_SUCCESS: Final = re.compile(r"[23](\d\d|XX)", re.IGNORECASE)
"""A declared redirect is an answer too: the client does not follow it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: str
    node: ResponseObject
    pointer: Pointer


def lower_responses(
    session: Session, operation: OperationObject, pointer: Pointer, call: Call
) -> tuple[tuple[Success, ...], tuple[Failure, ...]]:
    """Return the successes (at least one) and the failures of an operation."""
    answers = list(_answers(session, operation, join(pointer, "responses")))
    good = [answer for answer in answers if _SUCCESS.fullmatch(answer.status)]
    rest = [answer for answer in answers if answer not in good]
    default = next((answer for answer in rest if answer.status == "default"), None)
    if default is not None and not good:
        # Alone it can only mean success.
        rest.remove(default)
        good = [default]
    elif default is not None and (file := _file_of(default, good)):
        # Some publishers put the file of a success there, beside the error or alone.
        good = [replace(answer, node=file, pointer=default.pointer) for answer in good]
        if len(default.node.content or {}) == len(file.content or {}):
            rest.remove(default)
    contents = [answer for answer in good if answer.node.content and not _is_redirect(answer.status)]
    successes = [_success(session, answer, replace(call, alone=[answer] == contents)) for answer in good]
    if any(isinstance(found.result, Paged) for found in successes):
        # A list that is elsewhere, or as it was, is not an empty one.
        rest += [answer for answer in good if _is_redirect(answer.status)]
        successes = _with_empty_pages([found for found in successes if not _is_redirect(found.status)])
    if not successes:
        session.report("no-response-schema", "no success response is declared; the answer counts as empty", pointer)
        successes = [Success(status="2XX", result=Nothing(), pointer=pointer, span=session.span(pointer))]
    return tuple(successes), tuple(_failure(session, answer) for answer in rest)


def _is_redirect(status: str) -> bool:
    return status.startswith("3")


def _with_empty_pages(successes: list[Success]) -> list[Success]:
    """Return the successes; beside a page, no content is a page without items."""
    page = next((found.result for found in successes if isinstance(found.result, Paged)), None)
    if page is None:
        return successes
    return [
        replace(found, result=NoPage(item=page.item)) if isinstance(found.result, Nothing) else found
        for found in successes
    ]


def _answers(session: Session, operation: OperationObject, pointer: Pointer) -> Iterable[_Answer]:
    for status, node in (operation.responses or {}).items():
        where = join(pointer, status)
        if isinstance(node, Reference):
            where, _ = resolve(session.document, node.ref)
            node = response_at(session.document, where)
        if node.links:
            session.omit("unsupported-feature", "links have no counterpart in a client", join(where, "links"))
        yield _Answer(status=status.upper() if status != "default" else status, node=node, pointer=where)


def _file_of(default: _Answer, good: list[_Answer]) -> ResponseObject | None:
    """Return the default answer with its binary content only, where no success has any content."""
    content = default.node.content or {}
    binary = {name: media for name, media in content.items() if media_kind(name) is MediaKind.BINARY}
    if not binary or any(answer.node.content for answer in good):
        return None
    return default.node.model_copy(update={"content": binary})


def _success(session: Session, answer: _Answer, call: Call) -> Success:
    result, recognised = _result(session, answer, call)
    return Success(
        status=answer.status,
        result=result,
        recognised=recognised,
        headers=tuple(map(WireName, answer.node.headers or {})),
        doc=Doc(description=answer.node.description),
        pointer=answer.pointer,
        span=session.span(answer.pointer),
    )


def _result(session: Session, answer: _Answer, call: Call) -> tuple[Result, Recognition]:
    content = dict(answer.node.content or {})
    if call.method == "HEAD" or not content:
        return _header(session, answer) if call.method == "HEAD" else Nothing(), Recognition.SHAPE
    ordered = sorted(content, key=preference)
    name = ordered[0]
    if len(ordered) > 1:
        session.report("response-variant", f"of {', '.join(content)} the client asks for {name}", answer.pointer)
    schema, where = content[name].media_type_schema, join(answer.pointer, "content", name, "schema")
    match media_kind(name):
        case MediaKind.JSON if schema is not None:
            if type_of(session, schema, where) == Scalar(kind=ScalarKind.BINARY):
                return Stream(media_type=name), Recognition.SHAPE
            links = any(header.lower() == "link" for header in answer.node.headers or {})
            return unwrap(session, schema, where, replace(call, links=links))
        case MediaKind.JSON:
            session.report("no-response-schema", "a JSON answer without a schema; any value is accepted", where)
            return Plain(type=AnyJson()), Recognition.SHAPE
        case MediaKind.TEXT:
            report_markup(session, name, content[name], join(answer.pointer, "content", name))
            return Text(media_type=name), Recognition.SHAPE
        case _:
            return Stream(media_type=name), Recognition.SHAPE


def _header(session: Session, answer: _Answer) -> Result:
    """A HEAD whose success declares one header answers with its value."""
    headers = dict(answer.node.headers or {})
    if len(headers) != 1:
        return Nothing()
    name, node = next(iter(headers.items()))
    where = join(answer.pointer, "headers", name)
    if isinstance(node, Reference):
        where, _ = resolve(session.document, node.ref)
        node = header_at(session.document, where)
    schema = node.param_schema
    type_ = Scalar(kind=ScalarKind.STRING) if schema is None else type_of(session, schema, join(where, "schema"))
    return HeaderValue(wire=WireName(name), type=type_)


def _failure(session: Session, answer: _Answer) -> Failure:
    content = answer.node.content or {}
    name = next((name for name in content if media_kind(name) is MediaKind.JSON), None)
    schema = content[name].media_type_schema if name is not None else None
    return Failure(
        status=answer.status,
        type=(
            None
            if name is None or schema is None
            else type_of(session, schema, join(answer.pointer, "content", name, "schema"))
        ),
        doc=Doc(description=answer.node.description),
        pointer=answer.pointer,
        span=session.span(answer.pointer),
    )
