"""What changed of what a service sends by itself: webhooks, callbacks, and how they are signed."""

from collections.abc import Iterator, Mapping

from formance_codegen.diff.catalogue import CHECKS
from formance_codegen.diff.change import Change, Place, Subject
from formance_codegen.diff.client import document_place
from formance_codegen.diff.shapes import Relation, Shapes
from formance_codegen.diff.side import Side, place
from formance_codegen.diff.wording import code
from formance_codegen.ir.types import AnyJson, TypeExpr
from formance_codegen.ir.webhooks import Webhook
from formance_codegen.view.annotations import Voice


def webhook_changes(shapes: Shapes) -> Iterator[Change]:
    """Yield the changes of webhooks and callbacks, in the order of the old document; new ones come last."""
    before, after = _readable(shapes.old), _readable(shapes.new)
    for key, webhook in before.items():
        name, other = _name(shapes.old, webhook), after.get(key)
        if other is None:
            remedy = f"Take out {code(name)}; the service does not send it any more."
            yield _change("webhook-removed", name, f"{code(name)} is gone.", remedy, (place(webhook), None))
        else:
            yield from _changed(shapes, webhook, other)
    for key, webhook in after.items():
        if key not in before:
            name = _name(shapes.new, webhook)
            yield _change("webhook-added", name, f"{code(name)} is new.", "", (None, place(webhook)))
    yield from _any(shapes)
    yield from _exports(shapes.old, shapes.new)
    yield from _signature(shapes.old, shapes.new)


def _readable(side: Side) -> Mapping[tuple[str, ...], Webhook]:
    """Return the webhooks that have a reader, by what tells them apart in a document."""
    found: dict[tuple[str, ...], Webhook] = {}
    for webhook in side.context.service.inbound.webhooks:
        if webhook.pointer in side.context.names.inbound.readers:
            owner = webhook.callback.operation if webhook.callback else ""
            address = webhook.callback.address if webhook.callback else ""
            found[owner, webhook.id, address, webhook.method] = webhook
    return found


def _name(side: Side, webhook: Webhook) -> str:
    names = side.context.names.inbound
    return f"{names.module}.{names.readers[webhook.pointer]}"


def _changed(shapes: Shapes, old: Webhook, new: Webhook) -> Iterator[Change]:
    names = _name(shapes.old, old), _name(shapes.new, new)
    places = place(old), place(new)
    if names[0] != names[1]:
        remedy = f"Write {code(names[1])} in place of {code(names[0])}."
        message = f"{code(names[0])} is now {code(names[1])}."
        yield _change("webhook-renamed", names[0], message, remedy, places, names)
    yield from _type(shapes, names[0], (old.body or AnyJson(), new.body or AnyJson()), places)
    if new.deprecated and not old.deprecated:
        yield _change("webhook-deprecated", names[0], f"{code(names[1])} is deprecated.", "", places)
    elif old.deprecated and not new.deprecated:
        yield _change("webhook-undeprecated", names[0], f"{code(names[1])} is no longer deprecated.", "", places)


def _type(
    shapes: Shapes, name: str, types: tuple[TypeExpr, TypeExpr], places: tuple[Place | None, Place | None]
) -> Iterator[Change]:
    relation = shapes.relate(shapes.before(types[0]), shapes.after(types[1]), reading=True)
    if relation is not Relation.SAME:
        texts = shapes.old.text(types[0], Voice.RESULT), shapes.new.text(types[1], Voice.RESULT)
        remedy = "" if relation is Relation.NARROWED else f"Take {code(texts[1])} from {code(name)}."
        message = f"{code(name)} holds {code(texts[1])}, before {code(texts[0])}."
        yield _change(f"webhook-type-{relation.value}", name, message, remedy, places, texts)


def _any(shapes: Shapes) -> Iterator[Change]:
    """Tell what became of the reader of any webhook."""
    if "EVENT" in _names(shapes.old) and "EVENT" in _names(shapes.new):
        before, after = (side.context.service.inbound.event or AnyJson() for side in (shapes.old, shapes.new))
        module = shapes.old.context.names.inbound.module
        places = document_place(shapes.old), document_place(shapes.new)
        yield from _type(shapes, f"{module}.EVENT", (before, after), places)


def _exports(old: Side, new: Side) -> Iterator[Change]:
    """Tell which names come and go with the first and the last of what is sent."""
    before, after = _names(old), _names(new)
    module = old.context.names.inbound.module or new.context.names.inbound.module
    gone, come = ([name for name in some if name not in others] for some, others in ((before, after), (after, before)))
    if gone:
        text, names = ", ".join(map(code, gone)), ", ".join(gone)
        message, remedy = f"The package no longer has {text}.", f"Take out imports of {text}."
        yield _change("exports-removed", module, message, remedy, (document_place(old), None), (names, ""))
    if come:
        message, names = f"The package has {', '.join(map(code, come))}.", ", ".join(come)
        yield _change("exports-added", module, message, "", (None, document_place(new)), ("", names))


def _names(side: Side) -> list[str]:
    """Return what can be imported because of what the service sends, the readers aside."""
    inbound, names = side.context.service.inbound, side.context.names.inbound
    has_event = inbound.event is not None or inbound.signature is not None
    return [*([names.module] if names.module else []), *names.exports, *(("EVENT", "parse") if has_event else ())]


def _signature(old: Side, new: Side) -> Iterator[Change]:
    before, after = old.context.service.inbound.signature, new.context.service.inbound.signature
    if before is after:
        return
    places = document_place(old), document_place(new)
    name = new.context.names.inbound.module or old.context.names.inbound.module
    if before is None:
        message = "What the service sends is signed; `verify_webhook` checks it."
        yield _change("webhook-signature-added", name, message, "Verify what you receive.", places)
    else:
        how = "is no longer known to be signed" if after is None else f"is signed by {code(after.value)}"
        message = f"What the service sends {how}, before by {code(before.value)}."
        yield _change("webhook-signature-changed", name, message, "Verify what you receive in another way.", places)


def _change(
    slug: str,
    name: str,
    message: str,
    remedy: str,
    places: tuple[Place | None, Place | None],
    texts: tuple[str, str] = ("", ""),
) -> Change:
    check = CHECKS[slug]
    return Change(
        check=check,
        impact=check.read,
        subject=Subject.WEBHOOK,
        name=name,
        message=message,
        remedy=remedy,
        before=texts[0],
        after=texts[1],
        old=places[0],
        new=places[1],
    )
