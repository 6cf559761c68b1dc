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
    Items,
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
from formance_codegen.ir.types import AnyJson, Scalar, ScalarKind
from formance_codegen.load.openapi import response_at
from formance_codegen.load.refs import resolve
from formance_codegen.lower.bodies import media_kind, preference, report_items, report_markup
from formance_codegen.lower.headers import header_value, response_headers
from formance_codegen.lower.links import lower_links
from formance_codegen.lower.paging import Call, unwrap
from formance_codegen.lower.schemas import type_of
from formance_codegen.lower.session import Session
from formance_codegen.lower.streams import framing_of, lower_items
from formance_codegen.pointer import Pointer, join

_SUCCESS: Final = re.compile(r"[23](\d\d|XX)", re.IGNORECASE)
"""A declared redirect is an answer too: the client does not follow it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    key: str
    status: str
    node: ResponseObject
    pointer: Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the answers of an operation mean."""

    successes: tuple[Success, ...]
    """At least one."""
    failures: tuple[Failure, ...]
    streamed: tuple[Success, ...] = ()
    """What they mean where the answer is asked for as a stream of items, if there is that choice."""
    stream: Pointer | None = None
    """Where, below the operation, the document says so."""


def lower_responses(session: Session, operation: OperationObject, pointer: Pointer, call: Call) -> Answers:
    """Return what the answers of an operation mean."""
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
    found = [_success(session, answer, replace(call, alone=[answer] == contents)) for answer in good]
    if any(isinstance(success.result, Paged) for success in found):
        # A list that is elsewhere, or as it was, is not an empty one.
        rest += [answer for answer in good if _is_redirect(answer.status)]
        found = _with_empty_pages([success for success in found if not _is_redirect(success.status)])
    successes = _agreeing(session, found)
    if not successes:
        session.report("no-response-schema", "no success response is declared; the answer counts as empty", pointer)
        successes = (Success(status="2XX", result=Nothing(), pointer=pointer, span=session.span(pointer)),)
    failures = tuple(_failure(session, answer) for answer in rest)
    choices = [(answer, name) for answer in good if (name := _choice(answer, call))]
    if not choices:
        return Answers(successes=successes, failures=failures)
    first, name = choices[0]
    return Answers(
        successes=successes,
        failures=failures,
        streamed=_agreeing(session, [_streamed(session, answer, call) for answer in good]),
        stream=join(pointer, "responses", first.key, "content", name),
    )


def _choice(answer: _Answer, call: Call) -> str:
    """Return the media type of the items of an answer that may be something else as well."""
    content = list(answer.node.content or {}) if call.method != "HEAD" else []
    sequences = [name for name in content if framing_of(name)]
    return sequences[0] if 0 < len(sequences) < len(content) else ""


def _streamed(session: Session, answer: _Answer, call: Call) -> Success:
    """Return what an answer means where its items are asked for."""
    sequences = {name: media for name, media in (answer.node.content or {}).items() if framing_of(name)}
    items = answer.node.model_copy(update={"content": sequences}) if sequences else answer.node
    return _success(session, replace(answer, node=items), call)


def _agreeing(session: Session, found: list[Success]) -> tuple[Success, ...]:
    """Return successes that one method can give: several that are read as they come are read in the same way."""
    given = [success for success in found if not isinstance(success.result, Nothing)]
    results = list(dict.fromkeys(success.result for success in given))
    main = next((result for result in results if isinstance(result, Items | Stream)), None)
    if main is None or all(isinstance(result, Stream) for result in results) or len(results) == 1:
        return tuple(found)
    agreed: list[Success] = []
    for success in found:
        if success in given and type(success.result) is not type(main):
            message = f"what {success.status} answers is not taken apart, since the call gives a stream"
            session.report("unsupported-feature", message, success.pointer)
        agreed.append(replace(success, result=main) if success in given else success)
    return tuple(agreed)


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
        usual = status.upper() if status != "default" else status
        yield _Answer(key=status, status=usual, node=node, pointer=where)


def _file_of(default: _Answer, good: list[_Answer]) -> ResponseObject | None:
    """Return the default answer with its binary content only, where no success has any content."""
    content = default.node.content or {}
    binary = {name: media for name, media in content.items() if media_kind(name) is MediaKind.BINARY}
    if not binary or any(answer.node.content for answer in good):
        return None
    return default.node.model_copy(update={"content": binary})


def _success(session: Session, answer: _Answer, call: Call) -> Success:
    result, recognised = _result(session, answer, call)
    success = Success(
        status=answer.status,
        result=result,
        recognised=recognised,
        headers=response_headers(session, answer.node, answer.pointer),
        doc=Doc(description=answer.node.description),
        pointer=answer.pointer,
        span=session.span(answer.pointer),
    )
    return replace(success, links=lower_links(session, success))


def _result(session: Session, answer: _Answer, call: Call) -> tuple[Result, Recognition]:
    content = dict(answer.node.content or {})
    if call.method == "HEAD" or not content:
        return (
            header_value(session, answer.node, answer.pointer) if call.method == "HEAD" else Nothing()
        ), Recognition.SHAPE
    # Items have a method of their own where there is anything else: the caller chooses.
    ordered = sorted(content, key=lambda name: (framing_of(name) is not None, preference(name)))
    name = ordered[0]
    framing = framing_of(name)
    if sum((framing_of(each) is None) is (framing is None) for each in ordered) > 1:
        session.report("response-variant", f"of {', '.join(content)} the client asks for {name}", answer.pointer)
    if framing is not None:
        place = join(answer.pointer, "content", name)
        return lower_items(session, name, content[name], framing, place), Recognition.SHAPE
    report_items(session, answer.pointer, name)
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
