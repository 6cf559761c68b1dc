"""From webhooks and callbacks to what a service sends by itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openapi_pydantic.v3.v3_1 import MediaType, PathItem
from openapi_pydantic.v3.v3_1 import Operation as OperationObject

from formance_codegen.ir.decls import Doc, Origin, UnionDecl
from formance_codegen.ir.operations import Location, MediaKind, Operation
from formance_codegen.ir.types import AnyJson, Ref, TypeExpr
from formance_codegen.ir.webhooks import Callback, Inbound, Signature, Webhook
from formance_codegen.load.json_value import Missing, as_mapping
from formance_codegen.load.openapi import operations_of, path_item_at, request_body_at
from formance_codegen.load.refs import resolve
from formance_codegen.lower.bodies import media_kind
from formance_codegen.lower.compose import Choice, View
from formance_codegen.lower.hints import WEBHOOK_SIGNATURE, name_hint
from formance_codegen.lower.parameters import lower_parameters
from formance_codegen.lower.schemas import build, type_of
from formance_codegen.lower.session import SchemaNode, Session
from formance_codegen.lower.unions import plan_union
from formance_codegen.pointer import ROOT, Pointer, join

_PLACES: Final = (Pointer("/webhooks"), Pointer("/x-webhooks"))
"""Where webhooks stand; the second one is what documents of 3.0 have for the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request that a service makes, as the document has it."""

    id: str
    method: str
    used: Pointer
    """Where the request is used."""
    item: PathItem
    item_pointer: Pointer
    node: OperationObject
    pointer: Pointer
    """Where it stands."""
    callback: Callback | None = None


def find_webhooks(session: Session) -> tuple[Sent, ...]:
    """Return the webhooks of a document, and remember what the document calls them."""
    found: dict[str, Pointer] = {}
    for place in _PLACES:
        for name in as_mapping(session.document.at(place)):
            found.setdefault(name, join(place, name))
    sent = tuple(each for name, place in found.items() for each in _requests(session, name, place))
    for each in sent:
        session.labels.setdefault(each.pointer, each.id)
    return sent


def find_callbacks(session: Session, operations: Iterable[Operation]) -> Iterator[Sent]:
    """Yield the callbacks of operations."""
    for operation in operations:
        place = join(operation.pointer, "callbacks")
        for name in as_mapping(session.document.at(place)):
            used = join(place, name)
            _, addresses = resolve(session.document, used)
            for address in as_mapping(addresses):
                about = Callback(operation=operation.id, address=address)
                yield from _requests(session, name, join(used, address), about)


def lower_inbound(session: Session, webhooks: Sequence[Sent], callbacks: Iterable[Sent]) -> Inbound:
    """Return all that the service sends by itself."""
    lowered = tuple(_webhook(session, sent) for sent in webhooks)
    return Inbound(
        webhooks=(*lowered, *(_webhook(session, sent) for sent in callbacks)),
        event=_event(session, lowered, webhooks),
        signature=_signature(session),
    )


def _requests(session: Session, name: str, used: Pointer, callback: Callback | None = None) -> Iterator[Sent]:
    place, _ = resolve(session.document, used)
    item = path_item_at(session.document, place)
    for method, node, pointer in operations_of(session.document, item, place):
        yield Sent(
            id=name,
            method=method,
            used=Pointer(used + pointer.removeprefix(place)),
            item=item,
            item_pointer=place,
            node=node,
            pointer=pointer,
            callback=callback,
        )


def _webhook(session: Session, sent: Sent) -> Webhook:
    parameters = lower_parameters(session, "", sent.item, sent.item_pointer, sent.node, sent.pointer)
    name = name_hint(session, sent.pointer)
    return Webhook(
        id=sent.id,
        pointer=sent.used,
        span=session.span(sent.pointer),
        method=sent.method,
        callback=sent.callback,
        name=None if name is None else name.name,
        headers=tuple(parameter.wire for parameter in parameters if parameter.location is Location.HEADER),
        body=_body(session, sent),
        deprecated=sent.node.deprecated,
        doc=Doc(
            summary=sent.node.summary or sent.item.summary or "",
            description=sent.node.description or sent.item.description or "",
        ),
    )


def _body(session: Session, sent: Sent) -> TypeExpr | None:
    """Return what the JSON body of a request holds."""
    if (found := _json(session, sent)) is not None:
        node, where = found
        return AnyJson() if node is None else type_of(session, node, where)
    pointer, content = _content(session, sent)
    if content:
        kind = "webhook" if sent.callback is None else "callback"
        reason = f"a {kind} whose body is {next(iter(content))} is not read"
        session.omit("unsupported-media-type", reason, pointer)
    return None


def _event(session: Session, webhooks: Sequence[Webhook], sent: Sequence[Sent]) -> TypeExpr | None:
    """Return what the body of any webhook is; a union of several is declared, where a property tells them apart."""
    types = dict.fromkeys(webhook.body for webhook in webhooks if webhook.body is not None)
    if len(types) < 2:
        return next(iter(types), None)
    bodies = [body for each in sent if (body := _json(session, each)) is not None]
    members = tuple({where: (node, where) for node, where in bodies if node is not None}.values())
    place = next(pointer for pointer in _PLACES if not isinstance(session.document.at(pointer), Missing))
    view = View(
        pointer=place,
        properties={},
        additional_pointer=place,
        items_pointer=place,
        choices=(Choice(members=members, discriminator=None, pointer=place),),
    )
    if len(members) < len(bodies) or plan_union(session, view).tag is None:
        return None
    built = build(session, view, Origin(parts=("webhook event",), component=False))
    if not isinstance(built, UnionDecl):
        return None
    session.decls[built.id] = built
    return Ref(id=built.id)


def _content(session: Session, sent: Sent) -> tuple[Pointer, Mapping[str, MediaType]]:
    """Return the media types of the body of a request, and where they stand."""
    try:
        pointer, _ = resolve(session.document, join(sent.pointer, "requestBody"))
    except LookupError:
        return sent.pointer, {}
    return join(pointer, "content"), request_body_at(session.document, pointer).content


def _json(session: Session, sent: Sent) -> tuple[SchemaNode | None, Pointer] | None:
    """Return the schema of the JSON body of a request, and where it stands; None where the body is no JSON."""
    pointer, content = _content(session, sent)
    for name, media in content.items():
        if media_kind(name) is MediaKind.JSON:
            return media.media_type_schema, join(pointer, name, "schema")
    return None


def _signature(session: Session) -> Signature | None:
    hint = session.hint(ROOT, WEBHOOK_SIGNATURE)
    if isinstance(hint, Missing):
        return None
    known = {scheme.value: scheme for scheme in Signature}
    if isinstance(hint, str) and hint in known:
        return known[hint]
    message = f"{WEBHOOK_SIGNATURE} names a scheme: {', '.join(known)}"
    session.report("invalid-hint", message, join(ROOT, WEBHOOK_SIGNATURE))
    return None
