"""What would be generated from a document, as one JSON object: see docs/inspect.md."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from formance_codegen.config import ServiceConfig
from formance_codegen.diagnostics import Diagnostic, Outcome
from formance_codegen.ir.decls import Alias, Record
from formance_codegen.ir.operations import (
    Body,
    ByCursor,
    ByLink,
    ByNumber,
    ByOffset,
    Data,
    HeaderValue,
    Items,
    NoPage,
    Nothing,
    Operation,
    Paged,
    Plain,
    Result,
    Stream,
    Text,
    Turning,
)
from formance_codegen.ir.service import SecurityScheme
from formance_codegen.ir.types import Nullable, Ref, TypeExpr
from formance_codegen.ir.webhooks import Webhook
from formance_codegen.load.json_value import JsonValue
from formance_codegen.pipeline import Names, understand
from formance_codegen.report import DiagnosticData, as_json
from formance_codegen.resolve.namespaces import ROOT_NAMESPACE
from formance_codegen.resolve.parameters import CONTENT_TYPE
from formance_codegen.source import SourceFile
from formance_codegen.view.annotations import Voice, annotate
from formance_codegen.view.context import Context, module_path
from formance_codegen.view.credentials import credential_class
from formance_codegen.view.flavours import SYNC
from formance_codegen.view.imports import Import
from formance_codegen.view.methods import arguments, body_annotation
from formance_codegen.view.results import main_success, result_annotation


def inspect(
    source: SourceFile, config: ServiceConfig, overlays: Sequence[SourceFile] = (), held: Names | None = None
) -> Outcome[Mapping[str, JsonValue]]:
    """Return what the client of a document has: every operation, its Python call, its types, and what is left out."""
    understood = understand(source, config, overlays, held)
    if understood.value is None:
        return Outcome(value=None, diagnostics=understood.diagnostics)
    return Outcome(value=_described(understood.value, understood.diagnostics), diagnostics=understood.diagnostics)


def _described(context: Context, diagnostics: Sequence[Diagnostic]) -> dict[str, JsonValue]:
    service, names = context.service, context.names
    return {
        "document": service.document,
        "openapi": service.openapi,
        "title": service.title,
        "distribution": names.distribution,
        "package": names.package,
        "client": names.client,
        "async_client": names.async_client,
        "operations": [_operation(context, operation) for operation in service.operations],
        "security_schemes": [_scheme(scheme) for scheme in service.schemes],
        "webhooks": [_webhook(context, webhook) for webhook in service.inbound.webhooks],
        "webhook_event": _webhook_event(context),
        "webhook_signature": None if service.inbound.signature is None else service.inbound.signature.value,
        "models": [
            {"name": found.name, "module": _module(context, module_path(found)), "pointer": symbol}
            for symbol, found in sorted(names.decls.items())
        ],
        "diagnostics": [_diagnostic(found) for found in as_json(diagnostics)],
        "omitted": [{"pointer": found.pointer, "reason": found.reason} for found in service.omissions],
    }


def _diagnostic(found: DiagnosticData) -> dict[str, JsonValue]:
    place: dict[str, JsonValue] = {"file": found["file"], "line": found["line"], "column": found["column"]}
    said: dict[str, JsonValue] = {"pointer": found["pointer"], "notes": list(found["notes"])}
    return {"code": found["code"], "severity": found["severity"], "message": found["message"], **place, **said}


def _operation(context: Context, operation: Operation) -> dict[str, JsonValue]:
    names = context.names.operations[operation.pointer]
    return {
        "id": operation.id,
        "method": operation.method,
        "path": operation.path,
        "pointer": operation.pointer,
        "line": operation.span.line,
        "server": None if operation.server is None else operation.server.url,
        "namespace": names.namespace,
        "call": f"{names.namespace}.{names.method}" if names.namespace else names.method,
        "deprecated": operation.deprecated,
        "parameters": _parameters(context, operation),
        "body": _body(context, operation, operation.body) if operation.body is not None else None,
        "returns": _returns(context, operation),
        "errors": _errors(context, operation),
        "paging": _paging(operation),
        "security": _security(operation),
    }


def _parameters(context: Context, operation: Operation) -> list[JsonValue]:
    names = context.names.operations[operation.pointer]
    imports: set[Import] = set()
    positional, keywords = arguments(context, operation, context.refer(names.namespace), SYNC, imports)
    annotations = {found.pointer: found.annotation for found in (*positional, *keywords)}
    return [
        {
            "in": parameter.location.value,
            "name": parameter.wire,
            "argument": names.parameters[parameter.pointer],
            "required": parameter.required,
            "annotation": annotations[parameter.pointer],
        }
        for parameter in operation.parameters
    ]


def _body(context: Context, operation: Operation, body: Body) -> dict[str, JsonValue]:
    names = context.names.operations[operation.pointer]
    return {
        "argument": names.body,
        "required": body.required,
        "media_types": list(dict.fromkeys(media.name for media in body.media)),
        "content_type": CONTENT_TYPE if body.choice else None,
        "annotation": body_annotation(context, body, context.refer(names.namespace), SYNC).text,
        "model": next((model for media in body.media if (model := _model(context, media.type)) is not None), None),
    }


def _returns(context: Context, operation: Operation) -> dict[str, JsonValue]:
    names = context.names.operations[operation.pointer]
    success = main_success(operation.successes)
    unwrap, type_ = _unwrap(success.result)
    return {
        "annotation": result_annotation(operation.successes, SYNC, context.refer(names.namespace)).text,
        "unwrap": unwrap,
        "recognised": success.recognised.value,
        "model": None if type_ is None else _model(context, type_),
    }


def _unwrap(result: Result) -> tuple[str, TypeExpr | None]:
    match result:
        case Plain(type=type_):
            return "plain", type_
        case Data(type=type_):
            return "data", type_
        case Paged(item=item) | NoPage(item=item):
            return "cursor", item
        case HeaderValue(type=type_):
            return "header", type_
        case Items(type=type_):
            return "items", type_
        case Stream():
            return "stream", None
        case Text():
            return "plain", None
        case Nothing():
            return "none", None
        case _:
            assert_never(result)


def _errors(context: Context, operation: Operation) -> list[JsonValue]:
    return [
        {"status": failure.status, "model": None if failure.type is None else _model(context, failure.type)}
        for failure in operation.failures
    ]


def _paging(operation: Operation) -> dict[str, JsonValue] | None:
    success = main_success(operation.successes)
    result = success.result
    if not isinstance(result, Paged):
        return None
    style, place, parameter = _turning(result.turning)
    return {
        "style": style,
        "in": place,
        "parameter": parameter,
        "items": result.items,
        "next": result.next,
        "more": result.more,
        "last": result.last,
        "total": result.counts.total,
        "pages": result.counts.pages,
        "position": result.counts.position,
        "recognised": success.recognised.value,
    }


def _turning(turning: Turning | None) -> tuple[str, str | None, str | None]:
    """Return what pages are told by, where that is sent or found, and the parameter that takes it."""
    match turning:
        case None:
            return "cursor", None, None
        case ByCursor(place=place, wire=wire):
            return "cursor", place.value, wire
        case ByNumber(wire=wire):
            return "number", "query", wire
        case ByOffset(wire=wire):
            return "offset", "query", wire
        case ByLink(place=place):
            return "link", place.value, None
        case _:
            assert_never(turning)


def _security(operation: Operation) -> list[JsonValue] | None:
    if operation.security is None:
        return None
    return [{need.scheme: list(need.scopes) for need in alternative} for alternative in operation.security]


def _scheme(scheme: SecurityScheme) -> dict[str, JsonValue]:
    return {
        "name": scheme.id,
        "kind": scheme.kind.value,
        "sent_as": scheme.name or None,
        "credential": credential_class(scheme) or None,
        "token_url": scheme.token_url or None,
        "scopes": [name for name, _ in scheme.scopes],
    }


def _webhook(context: Context, webhook: Webhook) -> dict[str, JsonValue]:
    reader, callback = context.names.inbound.readers.get(webhook.pointer), webhook.callback
    return {
        "name": webhook.id,
        "method": webhook.method,
        "pointer": webhook.pointer,
        "line": webhook.span.line,
        "callback": None if callback is None else {"operation": callback.operation, "address": callback.address},
        "reader": None if reader is None else f"{context.names.inbound.module}.{reader}",
        "headers": list(webhook.headers),
        "deprecated": webhook.deprecated,
        **_said(context, webhook.body),
    }


def _webhook_event(context: Context) -> dict[str, JsonValue] | None:
    event = context.service.inbound.event
    return None if event is None else _said(context, event)


def _said(context: Context, type_: TypeExpr | None) -> dict[str, JsonValue]:
    if type_ is None:
        return {"annotation": None, "model": None}
    annotation = annotate(type_, Voice.RESULT, context.refer(ROOT_NAMESPACE)).text
    return {"annotation": annotation, "model": _model(context, type_)}


def _model(context: Context, type_: TypeExpr) -> str | None:
    """Return the class that a type is, as ``package.module:Class``; None for a type that is no single class."""
    if isinstance(type_, Nullable):
        return _model(context, type_.inner)
    if not isinstance(type_, Ref):
        return None
    decl = context.decl(type_.id)
    if isinstance(decl, Alias) and isinstance(decl.type, Ref):
        return _model(context, decl.type)
    if not isinstance(decl, Record):
        return None
    found = context.names.decls[type_.id]
    return f"{_module(context, module_path(found))}:{found.name}"


def _module(context: Context, path: str) -> str:
    return context.names.package + path.replace("/", ".")
