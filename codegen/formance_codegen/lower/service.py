"""The entry point of lowering: a validated document becomes a service."""

import ipaddress
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from urllib.parse import urlsplit

from openapi_pydantic.v3.v3_1 import OpenAPI, PathItem
from openapi_pydantic.v3.v3_1 import Operation as OperationObject
from openapi_pydantic.v3.v3_1 import Server as ServerObject

from formance_codegen.diagnostics import Outcome, Severity
from formance_codegen.ir.decls import Decl, Doc
from formance_codegen.ir.operations import Operation, Recognition
from formance_codegen.ir.service import Server, ServerVariable, Service, Tag
from formance_codegen.ir.types import SymbolId
from formance_codegen.load.document import Document
from formance_codegen.load.json_value import as_mapping
from formance_codegen.load.openapi import operation_at, path_item_at
from formance_codegen.load.refs import resolve
from formance_codegen.lower.bodies import lower_body
from formance_codegen.lower.hints import PAGING, UNWRAP, gather_hints, name_decls, name_hint, report_unused
from formance_codegen.lower.inheritance import find_heirs
from formance_codegen.lower.long_running import long_running
from formance_codegen.lower.paging import Call
from formance_codegen.lower.paging_hints import read_answer_hints
from formance_codegen.lower.parameters import idempotency_key, lower_parameters
from formance_codegen.lower.responses import lower_responses
from formance_codegen.lower.schemas import declare
from formance_codegen.lower.security import lower_requirements, lower_schemes
from formance_codegen.lower.session import Session
from formance_codegen.lower.tags import narrow_tags
from formance_codegen.lower.webhooks import find_callbacks, find_webhooks, lower_inbound
from formance_codegen.pointer import ROOT, Pointer, join, tokens

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def lower(document: Document, openapi: OpenAPI) -> Outcome[Service]:
    """Return the service that a document describes."""
    session = Session(document)
    gather_hints(session)
    found = list(_operations(session, openapi))
    webhooks = find_webhooks(session)
    for path, _, _, node, pointer in found:
        session.operations.setdefault(node.operationId or "", pointer)
        session.labels[pointer] = node.operationId or f"{pointer.rpartition('/')[2]} {path}"
    for name, schema in ((openapi.components.schemas if openapi.components else None) or {}).items():
        pointer = join(Pointer("/components/schemas"), name)
        session.schemas[pointer] = schema
    find_heirs(session)
    for pointer, schema in list(session.schemas.items()):
        declare(session, schema, pointer)
    operations = tuple(_operation(session, openapi, *entry) for entry in found)
    _check_ids(session, operations)
    inbound = lower_inbound(session, webhooks, find_callbacks(session, operations))
    narrow_tags(session)
    name_decls(session)
    report_unused(session)
    service = Service(
        document=document.source.name.rpartition("/")[2],
        openapi=document.version,
        title=openapi.info.title,
        version=openapi.info.version,
        doc=Doc(summary=openapi.info.summary or "", description=openapi.info.description or ""),
        servers=tuple(_servers(session, openapi.servers)),
        tags=tuple(Tag(name=tag.name, doc=Doc(description=tag.description or "")) for tag in openapi.tags or ()),
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
    for path, item in (openapi.paths or {}).items():
        pointer = join(Pointer("/paths"), path)
        if item.ref is not None:
            pointer, _ = resolve(session.document, item.ref)
            item = path_item_at(session.document, pointer)
        declared: dict[str, OperationObject | None] = {method: getattr(item, method) for method in _METHODS}
        for method, value in as_mapping(session.document.at(pointer)).items():
            if (node := declared.get(method)) is not None:
                yield path, item, pointer, node, join(pointer, method)
            elif method in ("query", "additionalOperations"):
                # Those of 3.2, of which the models know nothing.
                others = [join(pointer, method, name) for name in as_mapping(value)]
                for place in others if method != "query" else [join(pointer, method)]:
                    yield path, item, pointer, operation_at(session.document, place), place


def _operation(
    session: Session,
    openapi: OpenAPI,
    path: str,
    item: PathItem,
    item_pointer: Pointer,
    node: OperationObject,
    pointer: Pointer,
) -> Operation:
    *_, around, name = tokens(pointer)
    method = name if around == "additionalOperations" else name.upper()
    if node.operationId is None:
        session.report("missing-operation-id", f"{method} {path} has no operationId; its path names it", pointer)
    parameters = lower_parameters(session, path, item, item_pointer, node, pointer)
    body = lower_body(session, node.requestBody, join(pointer, "requestBody"), method)
    hints = read_answer_hints(session, pointer, parameters, body)
    call = Call(method=method, path=path, parameters=parameters, body=body, hints=hints)
    successes, failures = lower_responses(session, node, pointer, call)
    if hints.given and all(success.recognised is Recognition.SHAPE for success in successes):
        session.used_hints.difference_update((join(pointer, PAGING), join(pointer, UNWRAP)))
    _omit_extras(session, item, item_pointer, node, pointer)
    hint = name_hint(session, pointer)
    return Operation(
        id=node.operationId or f"{method} {path}",
        pointer=pointer,
        span=session.span(pointer),
        method=method,
        path=path,
        tags=tuple(node.tags or ()),
        name=None if hint is None else hint.name,
        parameters=parameters,
        body=body,
        successes=successes,
        failures=failures,
        idempotency_key=idempotency_key(session, pointer, parameters),
        long_running=long_running(session, pointer, successes),
        security=lower_requirements(openapi.security if node.security is None else node.security),
        deprecated=node.deprecated,
        doc=Doc(summary=node.summary or item.summary or "", description=node.description or item.description or ""),
    )


def _omit_extras(
    session: Session, item: PathItem, item_pointer: Pointer, node: OperationObject, pointer: Pointer
) -> None:
    for owner, servers in ((pointer, node.servers), (item_pointer, item.servers)):
        if servers:
            session.omit(
                "unsupported-feature",
                "servers of a single path are not used",
                join(owner, "servers"),
                "all operations go to the base URL of the client",
            )


def _check_ids(session: Session, operations: tuple[Operation, ...]) -> None:
    counts = Counter(operation.id for operation in operations)
    seen: set[str] = set()
    for operation in operations:
        if counts[operation.id] > 1 and operation.id in seen:
            session.report("duplicate-operation", f'the operationId "{operation.id}" is used twice', operation.pointer)
        seen.add(operation.id)


def _servers(session: Session, declared: Sequence[ServerObject]) -> Iterable[Server]:
    for index, server in enumerate(declared):
        if _is_public(server):
            yield _server(server)
        elif "servers" in as_mapping(session.document.data):
            reason = "is relative or leads to the publisher's own machine; it is never a default"
            session.report("ignored-server", f'the server "{server.url}" {reason}', join(ROOT, "servers", index))


def _server(server: ServerObject) -> Server:
    return Server(
        url=server.url,
        variables=tuple(
            ServerVariable(
                wire=name,
                default=variable.default,
                values=tuple(variable.enum or ()),
                doc=Doc(description=variable.description or ""),
            )
            for name, variable in (server.variables or {}).items()
        ),
        doc=Doc(description=server.description or ""),
    )


def _is_public(server: ServerObject) -> bool:
    """Return whether a server can be meant for users: an absolute URL that does not lead to their own machine."""
    parts = urlsplit(server.url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return bool(host)


def _in_document_order(session: Session) -> Mapping[SymbolId, Decl]:
    """Return the declarations as the document has them; what overlays add comes last, whatever they are called."""

    def place(symbol: SymbolId) -> tuple[bool, int, int, str]:
        span = session.span(Pointer(symbol))
        return span.file != session.document.source.name, span.line, span.column, symbol

    return MappingProxyType({symbol: session.decls[symbol] for symbol in sorted(session.decls, key=place)})
