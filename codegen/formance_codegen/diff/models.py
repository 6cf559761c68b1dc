"""What changed of models: which there are, what they are called, what kind of thing they are."""

from collections.abc import Iterator, Mapping

from formance_codegen.diff.catalogue import CHECKS, Impact
from formance_codegen.diff.change import Change, Subject
from formance_codegen.diff.fields import field_changes
from formance_codegen.diff.matching import Pairs
from formance_codegen.diff.model import Model, impact_of
from formance_codegen.diff.shapes import Shapes
from formance_codegen.diff.side import Side, place
from formance_codegen.diff.variants import variant_changes
from formance_codegen.diff.wording import KEPT, code
from formance_codegen.ir.decls import Alias, Decl, Doc, EnumDecl, Record, UnionDecl
from formance_codegen.ir.types import Ref, SymbolId, TypeExpr
from formance_codegen.view.annotations import Voice


def model_changes(shapes: Shapes, pairs: Pairs) -> Iterator[Change]:
    """Yield all changes of models, in the order of the old document; new ones come last."""
    for symbol in pairs.gone(shapes.old):
        yield _gone(shapes.old, symbol)
    for symbol, target in pairs.decls.items():
        model = Model(shapes=shapes, old=shapes.old.decl(symbol), new=shapes.new.decl(target))
        yield from _naming(model)
        yield from _kind(model)
        yield from _words(model)
    for symbol in pairs.come(shapes.new):
        yield _come(shapes.new, symbol)


def _gone(side: Side, symbol: SymbolId) -> Change:
    name, direction = side.model(symbol), side.directions[symbol]
    return Change(
        check=CHECKS["model-removed"],
        impact=impact_of(CHECKS["model-removed"], direction),
        subject=Subject.MODEL,
        name=name,
        direction=direction,
        message=f"{code(name)} is gone.",
        remedy=f"Take out imports of {_import(side, symbol)}.",
        before=name,
        old=place(side.decl(symbol)),
    )


def _come(side: Side, symbol: SymbolId) -> Change:
    name = side.model(symbol)
    return Change(
        check=CHECKS["model-added"],
        impact=CHECKS["model-added"].sent,
        subject=Subject.MODEL,
        name=name,
        direction=side.directions[symbol],
        message=f"{code(name)} is new.",
        remedy="",
        after=name,
        new=place(side.decl(symbol)),
    )


def _naming(model: Model) -> Iterator[Change]:
    old = model.shapes.old.context.names.decls[model.old.id]
    new = model.shapes.new.context.names.decls[model.new.id]
    before, after = model.name, model.shapes.new.model(model.new.id)
    if before != after:
        is_kept = model.shapes.new.still_has(before)
        imports = _import(model.shapes.old, model.old.id), _import(model.shapes.new, model.new.id)
        yield model.change(
            "model-renamed" if old.namespace == new.namespace else "model-moved",
            f"{code(before)} is now {code(after)}{KEPT if is_kept else ''}.",
            remedy=f"Import {imports[1]} in place of {imports[0]}.",
            before=before,
            after=after,
            impact=Impact.TYPING if is_kept else None,
        )
    elif old.module != new.module:
        yield model.change(
            "model-module-changed",
            f"{code(after)} is defined in the module {code(new.module)}, before {code(old.module)}.",
            before=old.module,
            after=new.module,
        )


def _import(side: Side, symbol: SymbolId) -> str:
    found, package = side.context.names.decls[symbol], side.context.names.package
    return f"{code(found.name)} from {code(f'{package}.{found.namespace}' if found.namespace else package)}"


def _kind(model: Model) -> Iterator[Change]:
    match model.old, model.new:
        case Record(), Record():
            yield from field_changes(model, model.old, model.new)
        case (EnumDecl(), EnumDecl()) | (UnionDecl(), UnionDecl()):
            yield from variant_changes(model)
        case (Alias() | UnionDecl(), Alias() | UnionDecl()):
            yield from _plain_type(model)
        case _, Alias(type=Ref(id=target)) if _same_kind(model.old, model.shapes.new.decl(target)):
            yield from _became_alias(model, target)
        case _:
            kinds = _word(model.old), _word(model.new)
            yield model.change(
                "model-kind-changed",
                f"{code(model.name)} is {kinds[1]}, before {kinds[0]}.",
                remedy=f"Go through the code that makes, reads or checks a {code(model.name)}.",
                before=kinds[0],
                after=kinds[1],
            )


def _same_kind(old: Decl, new: Decl) -> bool:
    return type(old) is type(new)


def _became_alias(model: Model, target: SymbolId) -> Iterator[Change]:
    """Compare with what the name stands for now: the name itself still works."""
    name = model.shapes.new.model(target)
    yield model.change("model-became-alias", f"{code(model.name)} is now another name of {code(name)}.", after=name)
    yield from _kind(Model(shapes=model.shapes, old=model.old, new=model.shapes.new.decl(target)))


def _plain_type(model: Model) -> Iterator[Change]:
    shapes = model.shapes
    before = frozenset(atom for type_ in _types(model.old) for atom in shapes.before(type_))
    after = frozenset(atom for type_ in _types(model.new) for atom in shapes.after(type_))
    found = model.relate(before, after, "alias-type")
    if found is None:
        return
    relation, impact = found
    texts = _text(shapes.old, model.old), _text(shapes.new, model.new)
    remedy = "" if not impact.is_breaking else f"Treat a {code(model.name)} as {code(texts[1])}."
    message = f"{code(model.name)} is {code(texts[1])}, before {code(texts[0])}."
    slug = f"alias-type-{relation.value}"
    yield model.change(slug, message, remedy=remedy, before=texts[0], after=texts[1], impact=impact)


def _types(decl: Decl) -> tuple[TypeExpr, ...]:
    match decl:
        case Alias(type=type_):
            return (type_,)
        case UnionDecl(variants=variants):
            return tuple(variant.type for variant in variants)
        case _:
            return ()


def _text(side: Side, decl: Decl) -> str:
    return " | ".join(side.text(type_, Voice.FIELD) for type_ in _types(decl))


def _word(decl: Decl) -> str:
    match decl:
        case Record():
            return "a class with fields"
        case EnumDecl():
            return "an enum"
        case UnionDecl():
            return "a union"
        case Alias():
            return "a plain type"


def _words(model: Model) -> Iterator[Change]:
    name = model.name
    if model.new.deprecated and not model.old.deprecated:
        remedy = f"Look for another way than {code(name)} before it is removed."
        yield model.change("model-deprecated", f"{code(name)} is deprecated.", remedy=remedy)
    elif model.old.deprecated and not model.new.deprecated:
        yield model.change("model-undeprecated", f"{code(name)} is no longer deprecated.")
    if _prose(model.old, model.new) != _prose(model.new, model.old):
        yield model.change("model-description-changed", f"{code(name)} is described in other words.")


def _prose(decl: Decl, other: Decl) -> tuple[Doc, Mapping[str, Doc]]:
    """Return the words about a declaration, and about those parts that another version of it has, too."""
    match decl, other:
        case Record(), Record():
            fields = {found.wire for found in other.fields}
            return decl.doc, {found.wire: found.doc for found in decl.fields if found.wire in fields}
        case EnumDecl(), EnumDecl():
            values = {found.value for found in other.members}
            return decl.doc, {str(found.value): found.doc for found in decl.members if found.value in values}
        case _:
            return decl.doc, {}
