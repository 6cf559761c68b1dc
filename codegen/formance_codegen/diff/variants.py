"""What changed of the members of an enum and the variants of a union."""

from collections.abc import Iterator
from typing import Final

from formance_codegen.diff.change import Change
from formance_codegen.diff.model import Model
from formance_codegen.diff.shapes import Relation, Shape
from formance_codegen.diff.side import Side
from formance_codegen.diff.wording import code
from formance_codegen.ir.decls import EnumDecl, Telling, UnionDecl
from formance_codegen.ir.types import TypeExpr
from formance_codegen.view.annotations import Voice

_KINDS: Final = {True: "an enum of strings", False: "an enum of numbers"}


def variant_changes(model: Model) -> Iterator[Change]:
    """Yield the changes of the members of an enum or the variants of a union, in the order of the old document."""
    match model.old, model.new:
        case EnumDecl(), EnumDecl():
            yield from _members(model, model.old, model.new)
        case UnionDecl(), UnionDecl():
            yield from _variants(model, model.old, model.new)
        case _:
            pass


def _members(model: Model, old: EnumDecl, new: EnumDecl) -> Iterator[Change]:
    kinds = [_KINDS[isinstance(found.members[0].value, str)] for found in (old, new)]
    if kinds[0] != kinds[1]:
        message = f"{code(model.name)} is {kinds[1]}, before {kinds[0]}."
        remedy = f"Go through the code that makes, reads or checks a {code(model.name)}."
        yield model.change("model-kind-changed", message, remedy=remedy, before=kinds[0], after=kinds[1])
    before = model.shapes.old.context.names.members[old.id]
    after = model.shapes.new.context.names.members[new.id]
    for value, name in before.items():
        if value not in after:
            yield model.change(
                "enum-value-removed",
                f"`{model.name}.{name}` is gone; the service does not know {code(value)} any more.",
                remedy=f"Take out `{model.name}.{name}`.",
                member=name,
                before=str(value),
            )
        elif name != after[value]:
            yield model.change(
                "enum-value-renamed",
                f"`{model.name}.{name}` is now {code(after[value])}.",
                remedy=f"Write {code(after[value])} in place of {code(name)}.",
                member=name,
                before=name,
                after=after[value],
            )
    for value, name in after.items():
        if value not in before:
            message = f"{code(model.name)} has the member {code(name)} ({code(value)})."
            yield model.change("enum-value-added", message, member=name, after=str(value))


def _variants(model: Model, old: UnionDecl, new: UnionDecl) -> Iterator[Change]:
    shapes = model.shapes
    before = [(found.type, shapes.before(found.type)) for found in old.variants]
    after = [(found.type, shapes.after(found.type)) for found in new.variants]
    for type_, shape in before:
        if not any(_is_same(model, shape, other) for _, other in after):
            text = _text(shapes.old, type_)
            yield model.change(
                "variant-removed",
                f"{code(text)} is no longer among the variants of {code(model.name)}.",
                remedy=f"Take out what makes or treats a {code(text)}.",
                before=text,
            )
    for type_, shape in after:
        if not any(_is_same(model, other, shape) for _, other in before):
            text = _text(shapes.new, type_)
            remedy = (
                f"Treat a {code(text)} where you tell the variants of {code(model.name)} apart."
                if model.is_read
                else ""
            )
            message = f"{code(model.name)} may be a {code(text)}."
            yield model.change("variant-added", message, remedy=remedy, after=text)
    tellings = [_telling(found) for found in (old, new)]
    if tellings[0] != tellings[1]:
        message = f"The variants of {code(model.name)} are told apart {tellings[1]}, before {tellings[0]}."
        yield model.change("union-tag-changed", message, before=tellings[0], after=tellings[1])


def _is_same(model: Model, old: Shape, new: Shape) -> bool:
    return model.shapes.relate(old, new, reading=True) is Relation.SAME


def _telling(union: UnionDecl) -> str:
    return f"by {code(union.tag)}" if union.telling is Telling.TAG else "by their shape"


def _text(side: Side, type_: TypeExpr) -> str:
    return side.text(type_, Voice.FIELD)
