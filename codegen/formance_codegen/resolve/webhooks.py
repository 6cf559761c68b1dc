"""Name the module of what a service sends by itself, and the reader of each webhook and callback in it."""

from collections.abc import Iterator, Mapping
from typing import Final

from formance_codegen.diagnostics import Diagnostic
from formance_codegen.ir.webhooks import Inbound, Signature, Webhook
from formance_codegen.naming.identifier import constant
from formance_codegen.naming.reserved import CONSTANT
from formance_codegen.naming.scope import Claim, Scope
from formance_codegen.pointer import Pointer
from formance_codegen.resolve.notes import Site, notes
from formance_codegen.resolve.table import InboundNames

_READING: Final = ("WebhookBodyError", "WebhookError")
_CHECKING: Final = (
    "SeenDeliveries",
    "SeenInMemory",
    "WebhookDelivery",
    "WebhookDuplicate",
    "WebhookHeadersError",
    "WebhookSignatureError",
    "WebhookTimestampError",
    "sign_webhook",
    "verify_webhook",
)
_ALL: Final = "EVENT"
"""The reader of any webhook."""


def name_inbound(
    inbound: Inbound, namespaces: tuple[str, ...], renames: Mapping[Pointer, str]
) -> tuple[InboundNames, tuple[Diagnostic, ...]]:
    """Return the names of what a service sends, and the notes on them.

    A namespace that has the name of the module keeps it.
    """
    readable = [webhook for webhook in inbound.webhooks if webhook.body is not None]
    claims = [_claim(webhook, renames.get(webhook.pointer)) for webhook in readable]
    owners = {_ALL: "reader of any webhook"}
    settlement = Scope(context=CONSTANT, taken=frozenset(owners)).settle(claims)
    module = "webhooks" if "webhooks" not in namespaces else "inbound_webhooks"
    names = InboundNames(
        module=module if readable or inbound.signature else "",
        readers={webhook.pointer: settlement.names[webhook.pointer] for webhook in readable},
        exports=tuple(sorted(_exports(inbound))),
    )
    sites = {
        webhook.pointer: Site(label=f'webhook "{webhook.id}"', pointer=webhook.pointer, span=webhook.span)
        for webhook in readable
    }
    return names, tuple(notes(settlement, sites, owners))


def inbound_classes(inbound: Inbound) -> dict[str, str]:
    """Return the classes that a package exports for what its service sends, and what each is for."""
    return {name: "webhooks" for name in _exports(inbound) if name[0].isupper()}


def _exports(inbound: Inbound) -> Iterator[str]:
    if inbound.signature is not None or any(webhook.body is not None for webhook in inbound.webhooks):
        yield from _READING
    match inbound.signature:
        case Signature.FORMANCE_V1:
            yield from _CHECKING
        case None:
            pass


def _claim(webhook: Webhook, rename: str | None) -> Claim[Pointer]:
    hints = [hint for hint in (rename, webhook.name) if hint]
    owner = "" if webhook.callback is None else f"{webhook.callback.operation} "
    address = "" if webhook.callback is None else f" {webhook.callback.address}"
    texts = (webhook.id, f"{webhook.id} {webhook.method}", f"{webhook.id} {webhook.method}{address}")
    names = [constant(f"{owner}{text}", context=CONSTANT, fallback="WEBHOOK") for text in texts]
    return Claim(
        key=webhook.pointer,
        candidates=tuple(dict.fromkeys([*(constant(h, context=CONSTANT, fallback="WEBHOOK") for h in hints), *names])),
        priority=(int(not hints), int(webhook.callback is not None), int(webhook.deprecated)),
        tie=webhook.pointer,
    )
