"""What a service sends by itself, as the module that reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from formance_codegen.ir.types import AnyJson, TypeExpr
from formance_codegen.ir.webhooks import Webhook
from formance_codegen.resolve.namespaces import ROOT_NAMESPACE
from formance_codegen.view.annotations import Annotation, Voice, annotate
from formance_codegen.view.context import Context
from formance_codegen.view.docs import docstring, one_line, prose, summary_and_rest
from formance_codegen.view.files import FileView, Piece
from formance_codegen.view.imports import Import, Package, export_key, statements
from formance_codegen.view.layout import Group, Node, call, definition, keyword, prefixed, subscripts, tuple_
from formance_codegen.view.literals import literal
from formance_codegen.view.operations import ConstantView

_EVENT: Final = "EVENT"
_JSON: Final = Annotation("Json", frozenset({Import(module="/_core/model", name="Json")}))
_VERIFY: Final = "verify_webhook"
"""The module has it itself; all else that the package exports from it is the runtime's."""
_CHECKING: Final = frozenset(
    {
        Import(module="collections.abc", name="Sequence"),
        Import(module="datetime", name="datetime"),
        Import(module="datetime", name="timedelta"),
        Import(module="/_core/webhooks", name="HasItems"),
        Import(module="/_core/webhooks", name="TOLERANCE"),
        Import(module="/_core/webhooks", name="verify"),
    }
)
"""What the signature and the body of that function need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """The reader of any webhook, and the functions around it."""

    lines: tuple[str, ...]
    event: str
    """The annotation of what any webhook says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhooksView:
    """The module of the webhooks and callbacks."""

    path: str
    header: str
    docstring: tuple[str, ...]
    imports: tuple[str, ...]
    exports: tuple[str, ...]


def webhooks_module(context: Context) -> FileView:
    """Return the module that reads what the service sends."""
    names, inbound = context.names.inbound, context.service.inbound
    imports = {Import(module="__future__", name="annotations")}
    constants = [
        _reader(context, webhook, names.readers[webhook.pointer], imports)
        for webhook in inbound.webhooks
        if webhook.pointer in names.readers
    ]
    pieces = [Piece(template="constant.py.jinja", view=constant) for constant in constants]
    exports = {*(constant.name for constant in constants), *names.exports}
    if inbound.event is not None or inbound.signature is not None:
        signed = inbound.signature is not None
        template = "signed_event.py.jinja" if signed else "event.py.jinja"
        pieces.append(Piece(template=template, view=_event(context, imports)))
        exports |= {_EVENT, "parse"}
        imports.update(_CHECKING if signed else ())
    imports.update(_runtime(name) for name in names.exports if name != _VERIFY)
    view = WebhooksView(
        path=f"{names.module}.py",
        header=context.header,
        docstring=docstring([f"What the {one_line(context.service.title)} sends by itself, and how it is read."], 0),
        imports=statements(imports, Package(parts=())),
        exports=tuple(sorted(exports, key=export_key)),
    )
    return FileView(path=view.path, template="webhooks.py.jinja", view=view, pieces=tuple(pieces))


def _reader(context: Context, webhook: Webhook, name: str, imports: set[Import]) -> ConstantView:
    parts: list[Node] = [keyword("headers", tuple_(*map(literal, webhook.headers)))] if webhook.headers else []
    found = _annotation(context, AnyJson() if webhook.body is None else webhook.body)
    heading = (literal(webhook.id), literal(webhook.method))
    statement = _statement(name, heading, found, parts, imports)
    return ConstantView(name=name, lines=(*statement, *docstring(_doc(webhook), 0)))


def _event(context: Context, imports: set[Import]) -> EventView:
    """Return the reader of any webhook: of JSON where the document does not tell webhooks apart."""
    event = context.service.inbound.event
    found = _JSON if event is None else _annotation(context, event)
    statement = _statement(_EVENT, (literal("any webhook"), literal("POST")), found, [], imports)
    return EventView(lines=(*statement, '"""Any webhook."""'), event=found.text)


def _statement(
    name: str, heading: Iterable[Node], found: Annotation, parts: Iterable[Node], imports: set[Import]
) -> tuple[str, ...]:
    imports.update(found.imports)
    imports.update({Import(module="typing", name="Final"), Import(module="/_core/incoming", name="Webhook")})
    imports.add(Import(module="pydantic", name="TypeAdapter"))
    adapter = prefixed("lambda: ", Group("TypeAdapter(", (subscripts(found.text),), ")"))
    value = call("Webhook", *heading, adapter, *parts, explode=True)
    return definition(name, f"Final[Webhook[{found.text}]]", value)


def _doc(webhook: Webhook) -> tuple[str, ...]:
    summary, rest = summary_and_rest(webhook.doc.summary, webhook.doc.description)
    notes: list[str] = []
    if webhook.callback is not None:
        address, operation = one_line(webhook.callback.address), one_line(webhook.callback.operation)
        notes.append(f"A callback of `{operation}`, sent to `{address}`.")
    if webhook.deprecated:
        notes.append("Deprecated.")
    text = "\n\n".join(part for part in (summary, rest, *notes) if part)
    return prose(text or f"The webhook `{one_line(webhook.id)}`.", 0)


def _annotation(context: Context, type_: TypeExpr) -> Annotation:
    found = annotate(type_, Voice.FIELD, context.refer_lazily(ROOT_NAMESPACE))
    return _JSON if found.text == "Any" else found


def _runtime(name: str) -> Import:
    checking = name in ("SeenDeliveries", "SeenInMemory", "WebhookDelivery", "sign_webhook")
    return Import(module="/_core/webhooks" if checking else "/_core/webhook_errors", name=name)
