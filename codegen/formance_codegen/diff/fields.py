"""What changed of the fields of a model."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from formance_codegen.diff.bounds import bound_changes, bound_sentence
from formance_codegen.diff.catalogue import CHECKS, Impact
from formance_codegen.diff.change import Change
from formance_codegen.diff.model import Model
from formance_codegen.diff.shapes import NONE, Shape
from formance_codegen.diff.side import Side, field_place
from formance_codegen.diff.wording import code, value
from formance_codegen.ir.decls import Field, Record
from formance_codegen.ir.types import AnyJson, Nullable, TypeExpr
from formance_codegen.view.annotations import Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attribute:
    """A field with its name in Python."""

    record: Record
    field: Field
    name: str

    @property
    def must_be_given(self) -> bool:
        # What only the service sets may be left out by who makes one.
        is_set_by_service = self.field.read_only and not self.field.write_only
        return self.field.required and not self.field.tag and not is_set_by_service

    @property
    def is_nullable(self) -> bool:
        return isinstance(self.field.type, Nullable)

    @property
    def may_be_none(self) -> bool:
        return self.is_nullable or not (self.field.required or self.field.tag)

    @property
    def type(self) -> TypeExpr:
        """The type without null."""
        return self.field.type.inner if isinstance(self.field.type, Nullable) else self.field.type


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """A field that both versions have."""

    model: Model
    old: _Attribute
    new: _Attribute

    def change(
        self, slug: str, message: str, *, remedy: str = "", impact: Impact | None = None, before: str, after: str
    ) -> Change:
        return self.model.change(
            slug,
            message,
            remedy=remedy,
            member=self.old.name,
            before=before,
            after=after,
            old=field_place(self.old.record.id, self.old.field),
            new=field_place(self.new.record.id, self.new.field),
            impact=impact,
        )

    @property
    def title(self) -> str:
        return f"`{self.model.name}.{self.new.name}`"


def field_changes(model: Model, old: Record, new: Record) -> Iterator[Change]:
    """Yield the changes of fields, in the order of the old document; new ones come last."""
    before, after = _attributes(model.shapes.old, old), _attributes(model.shapes.new, new)
    left = dict(after)
    for wire, attribute in before.items():
        other = left.pop(wire, None) or _respelt(attribute, left, before)
        if other is None:
            yield _removed(model, attribute)
        else:
            left.pop(other.field.wire, None)
            pair = _Pair(model=model, old=attribute, new=other)
            yield from _naming(pair)
            yield from _need(pair)
            yield from _type(pair)
            yield from _bounds(pair)
            yield from _remarks(pair)
    yield from _extra(model, old, new)
    yield from (_added(model, attribute) for attribute in left.values())


def _attributes(side: Side, record: Record) -> dict[str, _Attribute]:
    names = side.context.names.fields[record.id]
    return {str(field.wire): _Attribute(record=record, field=field, name=names[field.wire]) for field in record.fields}


def _respelt(attribute: _Attribute, left: dict[str, _Attribute], before: dict[str, _Attribute]) -> _Attribute | None:
    """Return the one new field whose wire name has the same letters: ``baseURL`` and ``baseUrl``, ``base_url``."""
    letters = _letters(attribute.field.wire)
    same = [other for wire, other in left.items() if wire not in before and _letters(wire) == letters]
    return same[0] if len(same) == 1 else None


def _letters(wire: str) -> str:
    return re.sub(r"[\W_]", "", wire).casefold()


def _removed(model: Model, attribute: _Attribute) -> Change:
    return model.change(
        "field-removed",
        f"`{model.name}.{attribute.name}` is gone.",
        remedy=f"Neither give nor read {code(attribute.name)} of a {code(model.name)}.",
        member=attribute.name,
        before=_text(model.shapes.old, attribute),
        old=field_place(attribute.record.id, attribute.field),
    )


def _added(model: Model, attribute: _Attribute) -> Change:
    needed = attribute.must_be_given
    slug = "required-field-added" if needed and model.is_sent else "field-added"
    must = needed and model.is_sent
    return model.change(
        slug,
        f"{code(model.name)} has the field {code(attribute.name)}{', which must be given' if must else ''}.",
        remedy=f"Give {code(attribute.name)} where you make a {code(model.name)}." if must else "",
        member=attribute.name,
        after=_text(model.shapes.new, attribute),
        new=field_place(attribute.record.id, attribute.field),
    )


def _naming(pair: _Pair) -> Iterator[Change]:
    old, new = pair.old, pair.new
    if old.name != new.name:
        yield pair.change(
            "field-renamed",
            f"`{pair.model.name}.{old.name}` is now {code(new.name)}.",
            remedy=f"Write {code(new.name)} in place of {code(old.name)}.",
            before=old.name,
            after=new.name,
        )
    if old.field.wire != new.field.wire:
        message = f"{pair.title} travels as {code(new.field.wire)}, before {code(old.field.wire)}."
        yield pair.change("field-wire-name-changed", message, before=old.field.wire, after=new.field.wire)


def _need(pair: _Pair) -> Iterator[Change]:
    old, new, title = pair.old, pair.new, pair.title
    # Who reads notices only whether None is among the values.
    is_visible = old.may_be_none != new.may_be_none
    must = new.must_be_given and pair.model.is_sent
    if new.field.required > old.field.required or new.must_be_given > old.must_be_given:
        yield pair.change(
            "field-became-required",
            _needed(pair, must=must),
            remedy=f"Give {code(new.name)} where you make a {code(pair.model.name)}." if must else "",
            impact=_impact(pair, "field-became-required", visible=is_visible),
            before="optional",
            after="required",
        )
    elif old.field.required > new.field.required or old.must_be_given > new.must_be_given:
        yield pair.change(
            "field-became-optional",
            f"{title} may be None." if pair.model.is_read and is_visible else f"{title} may be left out.",
            remedy=f"Mind None in {code(new.name)}." if pair.model.is_read and is_visible else "",
            impact=_impact(pair, "field-became-optional", visible=is_visible),
            before="required",
            after="optional",
        )
    elif old.is_nullable != new.is_nullable:
        yield _null(pair, visible=is_visible)


def _needed(pair: _Pair, *, must: bool) -> str:
    if must:
        return f"{pair.title} must be given."
    if pair.new.field.tag:
        return f"{pair.title} is demanded by the document; the model gives it by itself."
    return f"{pair.title} is always there."


def _null(pair: _Pair, *, visible: bool) -> Change:
    """Tell of null where nothing else says whether a value is there."""
    slug = "field-became-nullable" if pair.new.is_nullable else "field-became-non-nullable"
    texts = _text(pair.model.shapes.old, pair.old), _text(pair.model.shapes.new, pair.new)
    if not visible:
        sent = "is sent as null" if pair.new.is_nullable else "is left out"
        message = f"A None that is given for {pair.title} {sent}."
        return pair.change(slug, message, impact=Impact.DOCUMENTATION, before=texts[0], after=texts[1])
    remedy = f"Give no None as {code(pair.new.name)}." if pair.model.is_sent else ""
    if pair.new.is_nullable:
        remedy = f"Mind None in {code(pair.new.name)}." if pair.model.is_read else ""
    return pair.change(
        slug,
        f"{pair.title} may {'be' if pair.new.is_nullable else 'not be'} None.",
        remedy=remedy,
        before=texts[0],
        after=texts[1],
    )


def _impact(pair: _Pair, slug: str, *, visible: bool) -> Impact:
    """Return whom it concerns that a field came to be needed, or not."""
    check, is_felt = CHECKS[slug], pair.old.must_be_given != pair.new.must_be_given
    found = [check.sent if is_felt else Impact.DOCUMENTATION] if pair.model.is_sent else []
    if pair.model.is_read:
        found.append(check.read if visible else Impact.DOCUMENTATION)
    return min(found, key=lambda impact: impact.rank)


def _type(pair: _Pair) -> Iterator[Change]:
    shapes = pair.model.shapes
    before, after = _bare(shapes.before(pair.old.type)), _bare(shapes.after(pair.new.type))
    found = pair.model.relate(before, after, "field-type")
    if found is None:
        return
    relation, impact = found
    texts = _text(shapes.old, pair.old), _text(shapes.new, pair.new)
    yield pair.change(
        f"field-type-{relation.value}",
        f"{pair.title} is {code(texts[1])}, before {code(texts[0])}.",
        remedy=f"{_verb(pair.model)} {code(texts[1])} as {code(pair.new.name)}." if impact.is_breaking else "",
        impact=impact,
        before=texts[0],
        after=texts[1],
    )


def _verb(model: Model) -> str:
    if model.is_sent:
        return "Give and take" if model.is_read else "Give"
    return "Take"


def _bare(shape: Shape) -> Shape:
    """Return a type without null, unless it is nothing else: whether a value is there is told by itself."""
    return shape - NONE or shape


def _bounds(pair: _Pair) -> Iterator[Change]:
    for word, before, after in bound_changes(pair.old.field.bounds, pair.new.field.bounds):
        is_felt = word != "loosened" and pair.model.is_sent
        yield pair.change(
            f"field-bounds-{word}",
            bound_sentence(pair.title, before, after),
            remedy=f"Give {code(pair.new.name)} within its bounds." if is_felt else "",
            before=before,
            after=after,
        )


def _remarks(pair: _Pair) -> Iterator[Change]:
    old, new, title = pair.old.field, pair.new.field, pair.title
    if old.default != new.default and not (old.tag or new.tag):
        values = value(old.default), value(new.default)
        message = f"Where {title} is absent, the server takes {values[1]}, before {values[0]}."
        yield pair.change("field-default-changed", message, before=values[0], after=values[1])
    if new.deprecated and not old.deprecated:
        remedy = f"Look for another way than {code(pair.new.name)} before it is removed."
        yield pair.change("field-deprecated", f"{title} is deprecated.", remedy=remedy, before="", after="")
    elif old.deprecated and not new.deprecated:
        yield pair.change("field-undeprecated", f"{title} is no longer deprecated.", before="", after="")
    who = [_setter(field) for field in (old, new)]
    if who[0] != who[1]:
        message = f"{title} is set by {who[1]}, before by {who[0]}."
        yield pair.change("field-read-only-changed", message, before=who[0], after=who[1])


def _setter(field: Field) -> str:
    if field.read_only:
        return "the service only"
    return "the caller only" if field.write_only else "both"


def _extra(model: Model, old: Record, new: Record) -> Iterator[Change]:
    if old.extra is None and new.extra is None:
        return
    types = old.extra or AnyJson(), new.extra or AnyJson()
    shapes = model.shapes
    found = model.relate(shapes.before(types[0]), shapes.after(types[1]), "extra-type")
    if found is not None:
        relation, impact = found
        texts = shapes.old.text(types[0], Voice.FIELD), shapes.new.text(types[1], Voice.FIELD)
        yield model.change(
            f"extra-type-{relation.value}",
            f"Undeclared fields of {code(model.name)} are {code(texts[1])}, before {code(texts[0])}.",
            remedy=f"{_verb(model)} {code(texts[1])}." if impact.is_breaking else "",
            before=texts[0],
            after=texts[1],
            impact=impact,
        )


def _text(side: Side, attribute: _Attribute) -> str:
    text = side.text(attribute.type, Voice.FIELD)
    return f"{text} | None" if attribute.may_be_none and text != "Any" else text
