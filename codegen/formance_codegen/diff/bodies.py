"""What changed of the body of a method."""

from collections.abc import Iterator

from formance_codegen.diff.bounds import bound_changes, bound_sentence
from formance_codegen.diff.call import Call
from formance_codegen.diff.change import Change
from formance_codegen.diff.shapes import Relation
from formance_codegen.diff.side import Side, place
from formance_codegen.diff.wording import code
from formance_codegen.ir.requests import Body
from formance_codegen.view.flavours import SYNC
from formance_codegen.view.methods import body_annotation


def body_changes(call: Call) -> Iterator[Change]:
    """Yield the changes of the body."""
    match call.old.body, call.new.body:
        case None, Body() as body:
            yield from _added(call, body)
        case Body() as body, None:
            name = call.shapes.old.context.names.operations[call.old.pointer].body
            yield call.change(
                "body-removed",
                f"{code(call.name)} no longer takes a {code(name)}.",
                remedy=f"Leave {code(name)} out of calls of {code(call.name)}.",
                member=name,
                before=_text(call.shapes.old, body),
                old=place(body),
            )
        case Body() as old, Body() as new:
            yield from _changed(call, old, new)
        case _:
            pass


def _added(call: Call, body: Body) -> Iterator[Change]:
    name = call.shapes.new.context.names.operations[call.new.pointer].body
    yield call.change(
        "required-body-added" if body.required else "body-added",
        f"{code(call.name)} takes a {code(name)}{', which must be given' if body.required else ''}.",
        remedy=f"Give {code(name)} in calls of {code(call.name)}." if body.required else "",
        member=name,
        after=_text(call.shapes.new, body),
        new=place(body),
    )
    if body.demanded and not body.required:
        yield _demanded(call, None, body, name)


def _demanded(call: Call, old: Body | None, new: Body, name: str) -> Change:
    return call.change(
        "body-demanded",
        f"The document demands the {code(name)} of {code(call.name)}; the method lets you leave it out still.",
        remedy="Give it if the service asks for it: Formance's do not.",
        member=name,
        old=place(old),
        new=place(new),
    )


def _changed(call: Call, old: Body, new: Body) -> Iterator[Change]:
    names = [
        side.context.names.operations[operation.pointer].body
        for side, operation in ((call.shapes.old, call.old), (call.shapes.new, call.new))
    ]
    for slug, message, remedy, before, after in (
        *_renamed(call, names[0], names[1]),
        *_need(call, old, new, names[1]),
        *_type(call, old, new, names[1]),
        *_media(call, old, new),
        *_bounds(call, old, new, names[1]),
    ):
        yield call.change(
            slug,
            message,
            remedy=remedy,
            member=names[0],
            before=before,
            after=after,
            old=place(old),
            new=place(new),
        )
    if new.demanded and not old.demanded and not new.required:
        yield _demanded(call, old, new, names[1])


_Told = tuple[str, str, str, str, str]
"""Id, message, remedy, before and after."""


def _renamed(call: Call, old: str, new: str) -> Iterator[_Told]:
    if old != new:
        message = f"{code(old)} of {code(call.name)} is now {code(new)}."
        remedy = f"Write `{new}=` in place of `{old}=` in calls of {code(call.name)}."
        yield "argument-renamed", message, remedy, old, new


def _need(call: Call, old: Body, new: Body, name: str) -> Iterator[_Told]:
    if new.required and not old.required:
        remedy = f"Give {code(name)} in calls of {code(call.name)}."
        message = f"The {code(name)} of {code(call.name)} must be given."
        yield "body-became-required", message, remedy, "optional", "required"
    elif old.required and not new.required:
        message = f"The {code(name)} of {code(call.name)} may be left out."
        yield "body-became-optional", message, "", "required", "optional"
    if old.demanded and not new.demanded and not old.required:
        yield (
            "body-no-longer-demanded",
            f"The document lets the {code(name)} of {code(call.name)} be left out, as the method did before.",
            "",
            "",
            "",
        )


def _type(call: Call, old: Body, new: Body, name: str) -> Iterator[_Told]:
    shapes = call.shapes
    relation = shapes.relate(shapes.body_before(old), shapes.body_after(new), reading=False)
    if relation is Relation.SAME:
        return
    texts = _text(shapes.old, old), _text(shapes.new, new)
    remedy = "" if relation is Relation.WIDENED else f"Pass {code(texts[1])} as {code(name)} of {code(call.name)}."
    message = f"The {code(name)} of {code(call.name)} is {code(texts[1])}, before {code(texts[0])}."
    yield f"body-type-{relation.value}", message, remedy, *texts


def _media(call: Call, old: Body, new: Body) -> Iterator[_Told]:
    before, after = [found.name for found in old.media], [found.name for found in new.media]
    if before[0] != after[0]:
        message = f"The body of {code(call.name)} travels as {code(after[0])}, before {code(before[0])}."
        yield "body-media-type-changed", message, "", before[0], after[0]
    for name in after:
        if name not in before and name != after[0]:
            yield "body-media-type-added", f"The body of {code(call.name)} may travel as {code(name)}.", "", "", name
    for name in before:
        if name not in after and name != before[0]:
            message = f"The body of {code(call.name)} may no longer travel as {code(name)}."
            yield "body-media-type-removed", message, "", name, ""


def _bounds(call: Call, old: Body, new: Body, name: str) -> Iterator[_Told]:
    before = {media.name: media.bounds for media in old.media}
    title = f"The {code(name)} of {code(call.name)}"
    told = (
        change
        for media in new.media
        if media.name in before
        for change in bound_changes(before[media.name], media.bounds)
    )
    for word, one, other in dict.fromkeys(told):
        remedy = f"Give {code(name)} within its bounds." if word != "loosened" else ""
        yield f"argument-bounds-{word}", bound_sentence(title, one, other), remedy, one, other


def _text(side: Side, body: Body) -> str:
    return body_annotation(side.context, body, side.refer, SYNC).text
