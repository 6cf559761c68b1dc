"""The entry point of lowering: a validated document becomes a service."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from openapi_pydantic.v3.v3_1 import OpenAPI, PathItem
from openapi_pydantic.v3.v3_1 import Operation as OperationObject
from openapi_pydantic.v3.v3_1 import Tag as TagObject

from formance_codegen.diagnostics import Outcome, Severity
from formance_codegen.ir.decls import Decl, Doc
from formance_codegen.ir.operations import Operation, Recognition
from formance_codegen.ir.service import Service, Tag
from formance_codegen.ir.types import SymbolId
from formance_codegen.load.document import Document
from formance_codegen.load.openapi import operations_of, path_item_at
from formance_codegen.load.refs import resolve
from formance_codegen.lower.accepting import json_kinds
from formance_codegen.lower.bodies import lower_body
from formance_codegen.lower.circles import without_circles
from formance_codegen.lower.hints import PAGING, UNWRAP, gather_hints, name_decls, name_hint, report_unused
from formance_codegen.lower.inheritance import find_heirs
from formance_codegen.lower.long_running import long_running
from formance_codegen.lower.paging import Call
from formance_codegen.lower.paging_hints import read_answer_hints
from formance_codegen.lower.parameters import idempotency_key, lower_parameters
from formance_codegen.lower.responses import lower_responses
from formance_codegen.lower.schemas import declare
from formance_codegen.lower.security import lower_requirements, lower_schemes
from formance_codegen.lower.servers import lower_servers, own_server, settle_servers
from formance_codegen.lower.session import Session
from formance_codegen.lower.streaming import streaming
from formance_codegen.lower.tags import narrow_tags
from formance_codegen.lower.webhooks import find_callbacks, find_webhooks, lower_inbound
from formance_codegen.pointer import Pointer, join, tokens

_REMARKS: Final = ("audience", "badge")
"""Kinds of tags, of those in the registry (spec.openapis.org/registry/tag-kind), that are no groups."""


def lower(document: Document, openapi: OpenAPI) -> Outcome[Service]:
    """Return the service that a document describes."""
    session = Session(document)
    gather_hints(session)
    found = list(_operations(session, openapi))
    webhooks = find_webhooks(session)
    for path, _, _, node, pointer in found:
        session.operations.setdefault(node.operationId or pointer, pointer)
        session.labels[pointer] = node.operationId or f"{pointer.rpartition('/')[2]} {path}"
    for name, schema in ((openapi.components.schemas if openapi.components else None) or {}).items():
        pointer = join(Pointer("/components/schemas"), name)
        session.schemas[pointer] = schema
    find_heirs(session)
    for pointer, schema in list(session.schemas.items()):
        declare(session, schema, pointer)
    servers = lower_servers(session, openapi.servers)
    variants = [_operation(session, openapi, *entry) for entry in found]
    operations = tuple(operation for each in variants for operation in each)
    servers, operations = settle_servers(servers, operations)
    plain = tuple(operation for operation in operations if not operation.variant)
    _check_ids(session, operations)
    inbound = lower_inbound(session, webhooks, find_callbacks(session, plain))
    narrow_tags(session)
    name_decls(session)
    report_unused(session)
    service = Service(
        document=document.source.name.rpartition("/")[2],
        openapi=document.version,
        title=openapi.info.title,
        version=openapi.info.version,
        doc=Doc(summary=openapi.info.summary or "", description=openapi.info.description or ""),
        servers=servers,
        tags=tuple(
            Tag(name=tag.name, doc=Doc(description=tag.description or "")) for tag in openapi.tags or () if _groups(tag)
        ),
        operations=operations,
        decls=_in_document_order(session),
        schemes=lower_schemes(session, openapi, operations),
        omissions=tuple(session.omissions),
        inbound=inbound,
        names=MappingProxyType(session.names),
    )
    failed = any(found.severity is Severity.ERROR for found in session.diagnostics)
    return Outcome(value=None if failed else service, diagnostics=tuple(session.diagnostics))


def _operations(
    session: Session, openapi: OpenAPI
) -> Iterable[tuple[str, PathItem, Pointer, OperationObject, Pointer]]:
    """Yield every operation with its path, its path item and where both stand."""
    for name, item in (openapi.paths or {}).items():
        # What has none is kept under its own key, since references may lead there.
        path = name if name.startswith("/") else f"/{name}"
        pointer = join(Pointer("/paths"), name)
        if item.ref is not None:
            pointer, _ = resolve(session.document, item.ref)
            item = path_item_at(session.document, pointer)
        for _, node, place in operations_of(session.document, item, pointer):
            yield path, item, pointer, node, place


def _operation(
    session: Session,
    openapi: OpenAPI,
    path: str,
    item: PathItem,
    item_pointer: Pointer,
    node: OperationObject,
    pointer: Pointer,
) -> tuple[Operation, ...]:
    """Return an operation, and behind it the one that asks for a stream of items where that is a choice."""
    *_, around, name = tokens(pointer)
    method = name if around == "additionalOperations" else name.upper()
    if node.operationId is None:
        session.report("missing-operation-id", f"{method} {path} has no operationId; its path names it", pointer)
    parameters = lower_parameters(session, path, item, item_pointer, node, pointer)
    body = lower_body(session, node.requestBody, join(pointer, "requestBody"), method)
    hints = read_answer_hints(session, pointer, parameters, body)
    call = Call(method=method, path=path, parameters=parameters, body=body, hints=hints)
    answers = lower_responses(session, node, pointer, call)
    if hints.given and all(success.recognised is Recognition.SHAPE for success in answers.successes):
        session.used_hints.difference_update((join(pointer, PAGING), join(pointer, UNWRAP)))
    hint = name_hint(session, pointer)
    operation = Operation(
        id=node.operationId or f"{method} {path}",
        server=own_server(session, ((node.servers, pointer), (item.servers, item_pointer))),
        pointer=pointer,
        span=session.span(pointer),
        method=method,
        path=path,
        tags=_grouping(node.tags or (), openapi.tags or ()),
        name=None if hint is None else hint.name,
        parameters=parameters,
        body=body,
        successes=answers.successes,
        failures=answers.failures,
        accepts=json_kinds(session, node),
        idempotency_key=idempotency_key(session, pointer, parameters),
        long_running=long_running(session, pointer, answers.successes),
        security=lower_requirements(openapi.security if node.security is None else node.security),
        deprecated=node.deprecated,
        doc=Doc(summary=node.summary or item.summary or "", description=node.description or item.description or ""),
    )
    if answers.stream is None:
        return (operation,)
    return operation, streaming(session, operation, node, answers.stream, answers.streamed)


def _grouping(names: Sequence[str], tags: Sequence[TagObject]) -> tuple[str, ...]:
    """Return the tags of an operation that group operations, rather than say something of each of them."""
    others = {tag.name for tag in tags if not _groups(tag)}
    return tuple(name for name in names if name not in others)


def _groups(tag: TagObject) -> bool:
    """Return whether a tag is for finding operations (``kind`` of OpenAPI 3.2: ``badge`` and ``audience`` are not)."""
    return (tag.model_extra or {}).get("kind", "nav") not in _REMARKS


def _check_ids(session: Session, operations: tuple[Operation, ...]) -> None:
    counts = Counter(operation.id for operation in operations)
    seen: set[str] = set()
    for operation in operations:
        if counts[operation.id] > 1 and operation.id in seen:
            session.report("duplicate-operation", f'the operationId "{operation.id}" is used twice', operation.pointer)
        seen.add(operation.id)


def _in_document_order(session: Session) -> Mapping[SymbolId, Decl]:
    """Return the declarations as the document has them; what overlays add comes last, whatever they are called."""

    def place(symbol: SymbolId) -> tuple[bool, int, int, str]:
        span = session.span(Pointer(symbol))
        return span.file != session.document.source.name, span.line, span.column, symbol

    decls = without_circles(session.decls)
    return MappingProxyType({symbol: decls[symbol] for symbol in sorted(decls, key=place)})
