"""From a schema to a type, declaring on the way what must have a name."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from formance_codegen.ir.decls import Alias, Decl, Field, Origin, Record, Telling, UnionDecl, Variant
from formance_codegen.ir.types import (
    AnyJson,
    JsonScalar,
    ListOf,
    MapOf,
    Nullable,
    OneOf,
    Ref,
    Scalar,
    ScalarKind,
    SymbolId,
    TupleOf,
    TypeExpr,
    WireName,
)
from formance_codegen.load.openapi import reference_of
from formance_codegen.lower.bounds import is_any_name
from formance_codegen.lower.compose import View, is_nullable, single_member, view_of
from formance_codegen.lower.enums import lower_enum
from formance_codegen.lower.hints import name_hint
from formance_codegen.lower.inheritance import discriminator_of, heir_tags, heirs_of
from formance_codegen.lower.inside import bounds_inside
from formance_codegen.lower.origins import origin_of
from formance_codegen.lower.restrictions import is_never, report_unchecked
from formance_codegen.lower.scalars import is_known_format, scalar
from formance_codegen.lower.session import Place, SchemaNode, Session, is_component
from formance_codegen.lower.unions import Branch, Plan, constrains_only, mapped_tags, only_null, plan_union, takes_null
from formance_codegen.pointer import Pointer, join, tokens


def type_of(session: Session, node: SchemaNode, pointer: Pointer, around: frozenset[Pointer] = frozenset()) -> TypeExpr:
    """Return the type of the schema that stands at ``pointer``.

    Args:
        around: The schemas that are nothing but this one; one that is nothing but itself allows any value.
    """
    place = session.place(node, pointer)
    if is_component(place.pointer) and place.pointer != pointer:
        return _reference(session, place, node)
    if reference_of(node) is not None and place.pointer != pointer:
        return type_of(session, place.node, place.pointer, around)
    if place.pointer in around:
        return AnyJson()
    member = single_member(place.node)
    if member is not None:
        inner: TypeExpr = type_of(session, member, join(place.pointer, "allOf", 0), around | {place.pointer})
        return nullable(inner) if is_nullable(place.node) else inner
    view = view_of(session, place.node, place.pointer)
    if (symbol := SymbolId(view.pointer)) in session.decls or symbol in session.pending:
        session.recursive.add(symbol)
        inner = Ref(id=symbol)
    else:
        inner = _inline(session, view, symbol)
    return nullable(inner) if takes_null(session, view) else inner


def declare(session: Session, node: SchemaNode, pointer: Pointer) -> None:
    """Declare a component schema under its own name."""
    symbol, origin = SymbolId(pointer), origin_of(pointer, session.labels)
    reference = reference_of(node)
    member = single_member(session.place(node, pointer).node) if reference is None else None
    if member is not None and heirs_of(session, session.place(member, pointer).pointer):
        # What stands for any of its heirs is no other name for one of them.
        member = None
    if reference is not None:
        place = session.place(node, pointer)
        built: Decl | TypeExpr = (
            type_of(session, place.node, place.pointer)
            if not is_component(place.pointer)
            else Ref(id=SymbolId(place.pointer))
        )
        view = view_of(session, place.node, place.pointer)
    elif member is not None:
        built = _plain(type_of(session, member, join(pointer, "allOf", 0)))
        view = view_of(session, node, pointer)
    else:
        view = view_of(session, node, pointer)
        built = build(session, view, origin)
    session.decls[symbol] = built if isinstance(built, Decl) else _alias(session, view, symbol, origin, built)


def _alias(session: Session, view: View, symbol: SymbolId, origin: Origin, type_: TypeExpr) -> Alias:
    return Alias(
        id=symbol,
        origin=origin,
        type=_plain(type_),
        deprecated=view.deprecated,
        doc=view.doc,
        span=session.span(Pointer(symbol)),
    )


def build(session: Session, view: View, origin: Origin) -> Decl | TypeExpr:
    """Return the declaration of a schema, or its type where it needs no name."""
    report_unchecked(session, view.unchecked)
    if view.choices and not all(constrains_only(session, choice) for choice in view.choices):
        return _union(session, view, plan_union(session, view), origin)
    if view.enum is not None and (listed := lower_enum(session, view, view.enum, origin)) is not None:
        return listed
    if view.properties and view.is_object:
        heirs = heirs_of(session, view.pointer)
        return _base(session, view, heirs, origin) if heirs else record(session, view, origin)
    return _structural(session, view)


def record(session: Session, view: View, origin: Origin) -> Record:
    """Return the record of an object schema with declared properties."""
    for name in sorted(view.required - view.properties.keys()):
        # Normalisation has taken out what a schema alone can tell; the merged members of an allOf tell the rest.
        session.report("required-without-property", f'required names "{name}", which is not declared', view.pointer)
    return Record(
        id=SymbolId(view.pointer),
        origin=origin,
        fields=tuple(_field(session, view, name) for name in view.properties),
        extra=_specific(_values(session, view)),
        closed=view.additional is False and not view.patterns,
        deprecated=view.deprecated,
        doc=view.doc,
        span=session.span(view.pointer),
    )


def _base(session: Session, view: View, heirs: tuple[Pointer, ...], origin: Origin) -> Decl:
    """Return the union of the heirs of a schema and of itself, which is what a reference to it means."""
    discriminator = discriminator_of(session, view.pointer)
    assert discriminator is not None
    own = join(view.pointer, "oneOf", 0)
    session.labels.setdefault(own, "base")
    plain = record(session, replace(view, pointer=own), origin_of(own, session.labels))
    session.decls[plain.id] = plain
    variants = [Variant(type=Ref(id=SymbolId(heir)), tags=heir_tags(session, discriminator, heir)) for heir in heirs]
    itself = Variant(type=Ref(id=plain.id), tags=mapped_tags(session, discriminator, view.pointer))
    return UnionDecl(
        id=SymbolId(view.pointer),
        origin=origin,
        variants=(*variants, itself),
        telling=Telling.TAG,
        tag=WireName(discriminator.propertyName),
        deprecated=view.deprecated,
        doc=view.doc,
        span=session.span(view.pointer),
    )


def nullable(inner: TypeExpr) -> TypeExpr:
    """Return the type with null allowed, once."""
    if isinstance(inner, Nullable | AnyJson) or inner == Scalar(kind=ScalarKind.NULL):
        return inner
    return Nullable(inner=inner)


def _union(session: Session, view: View, plan: Plan, origin: Origin) -> Decl | TypeExpr:
    """Return the declaration of a union, or its type where JSON alone tells the members apart."""
    types = [_member(session, found) for found in plan.branches]
    distinct = list(dict.fromkeys(types))
    if len(distinct) == 1 or not any(_is_object(found) for found in plan.branches):
        return _any_of(distinct) if distinct or not plan.nullable else Scalar(kind=ScalarKind.NULL)
    if plan.tag is None and (note := _ambiguity(plan.branches)):
        session.report("ambiguous-union", note, view.pointer, "the first variant that fits is taken")
    return UnionDecl(
        id=SymbolId(view.pointer),
        origin=origin,
        variants=tuple(
            Variant(
                type=type_,
                tags=found.tags,
                required=tuple(map(WireName, sorted(_properties(found).required))),
                known=tuple(map(WireName, sorted(_properties(found).properties))),
            )
            for type_, found in zip(types, plan.branches, strict=True)
        ),
        telling=Telling.TAG if plan.tag is not None else Telling.SHAPE,
        tag=plan.tag,
        deprecated=view.deprecated,
        doc=view.doc,
        span=session.span(view.pointer),
    )


def _member(session: Session, found: Branch) -> TypeExpr:
    if found.merged is None:
        inner = type_of(session, found.node, found.pointer)
        return inner.inner if isinstance(inner, Nullable) else inner
    symbol = SymbolId(found.merged.pointer)
    if symbol not in session.decls:
        session.decls[symbol] = record(session, found.merged, origin_of(found.merged.pointer, session.labels))
    return Ref(id=symbol)


def _properties(found: Branch) -> View:
    return found.merged or found.view


def _is_object(found: Branch) -> bool:
    return bool(_properties(found).properties)


def _ambiguity(branches: tuple[Branch, ...]) -> str:
    """Return what makes variants alike to a reader, or nothing."""
    objects = [_properties(found) for found in branches if _is_object(found)]
    for index, one in enumerate(objects):
        for other in objects[index + 1 :]:
            if one.required == other.required and one.properties.keys() == other.properties.keys():
                return "two variants have the same properties"
            if not one.required and not other.required:
                return "two variants require no property"
    return ""


def _inline(session: Session, view: View, symbol: SymbolId) -> TypeExpr:
    session.pending.add(symbol)
    origin = origin_of(view.pointer, session.labels)
    built = build(session, view, origin)
    session.pending.discard(symbol)
    if not isinstance(built, Decl):
        if symbol not in session.recursive:
            return built
        built = _alias(session, view, symbol, origin, built)
    session.decls[symbol] = built
    return Ref(id=symbol)


def _field(session: Session, view: View, name: str) -> Field:
    declared = view.properties[name]
    node = session.place(declared.node, declared.pointer).node
    own = view_of(session, declared.node, declared.pointer)
    doc, aside = own.doc, (declared.node.model_extra or {}) if reference_of(declared.node) else {}
    if reference_of(declared.node) is not None:
        # The prose of a component belongs to the component, not to each property of its type.
        text = declared.node.description or aside.get("description")
        doc = type(doc)(description=text if isinstance(text, str) else "")
    if (hint := name_hint(session, declared.pointer)) is not None:
        # A property has one name in each record that has it, wherever in an allOf it is declared.
        session.names[join(view.pointer, "properties", name)] = hint
    return Field(
        wire=WireName(name),
        type=type_of(session, declared.node, declared.pointer),
        required=name in view.required,
        default=_shown(own.default),
        deprecated=bool(node.deprecated) and own.deprecated,
        read_only=own.read_only,
        write_only=own.write_only,
        bounds=bounds_inside(session, own),
        doc=doc,
        span=session.span(declared.pointer),
    )


def _structural(session: Session, view: View) -> TypeExpr:
    """Return the type of a schema that says no more than its JSON types."""
    if len(view.types) > 1:
        return _any_of([_one(session, view, kind) for kind in view.types])
    if view.types:
        return _one(session, view, view.types[0])
    if view.items is not None or view.prefix:
        return _one(session, view, "array")
    if _specific(_values(session, view)) is not None:
        return _one(session, view, "object")
    return AnyJson()


def _one(session: Session, view: View, kind: str) -> TypeExpr:
    match kind:
        case "array":
            return _array(session, view)
        case "object" if view.properties:
            return _object_among_others(session, view)
        case "object":
            return MapOf(value=_values(session, view))
        case _:
            if view.form and not is_known_format(kind, view.form):
                session.report(
                    "unknown-format",
                    f'format "{view.form}" is unknown for type {kind}; it counts as none',
                    view.pointer,
                )
            return scalar(kind, view.form)


def _array(session: Session, view: View) -> TypeExpr:
    """Return a tuple where the document is sure of each place, else a list of all that may stand in it."""
    rest = None if view.items is None else type_of(session, view.items, view.items_pointer)
    if not view.prefix:
        return ListOf(item=rest or AnyJson())
    first = tuple(type_of(session, part.node, part.pointer) for part in view.prefix)
    bounds = {bound.keyword: bound.value for bound in view.bounds}
    ends = is_never(view.items) or bounds.get("maxItems") == len(first)
    if ends and bounds.get("minItems") == len(first):
        return TupleOf(items=first)
    if ends:
        return ListOf(item=_any_of(first))
    return ListOf(item=AnyJson() if rest is None else _any_of([*first, rest]))


def _values(session: Session, view: View) -> TypeExpr:
    """Return what undeclared properties are; patterns tell of all that they do not leave to be anything."""
    found = [type_of(session, part.node, part.pointer) for part in view.patterns]
    if view.additional is True or not (found or view.additional):
        return AnyJson()
    if view.additional is None and not any(is_any_name(tokens(part.pointer)[-1]) for part in view.patterns):
        return AnyJson()
    if not (view.additional is None or isinstance(view.additional, bool)):
        found.append(type_of(session, view.additional, view.additional_pointer))
    return _any_of(found)


def _any_of(types: Iterable[TypeExpr]) -> TypeExpr:
    """Return one type for all of these, as wide as the widest of them."""
    flat = [part for found in types for part in (found.members if isinstance(found, OneOf) else (found,))]
    null = any(isinstance(found, Nullable) or found == _NULL for found in flat)
    members = [_plain(found) for found in dict.fromkeys(flat) if found != _NULL]
    distinct = tuple(dict.fromkeys(members))
    if not distinct or AnyJson() in distinct:
        return AnyJson() if distinct else _NULL
    inner = distinct[0] if len(distinct) == 1 else OneOf(members=distinct)
    return nullable(inner) if null else inner


_NULL: Final = Scalar(kind=ScalarKind.NULL)


def _object_among_others(session: Session, view: View) -> TypeExpr:
    """Return the record of a schema that allows other JSON types too, under a pointer of its own."""
    pointer = join(view.pointer, "oneOf", 0)
    session.labels.setdefault(pointer, "object")
    symbol = SymbolId(pointer)
    if symbol not in session.decls:
        own = replace(view, pointer=pointer, types=("object",), unchecked=())
        session.decls[symbol] = record(session, own, origin_of(pointer, session.labels))
    return Ref(id=symbol)


def _reference(session: Session, place: Place, node: SchemaNode) -> TypeExpr:
    """Return what leads to a component; a class cannot be "or None", so that is said here."""
    view = view_of(session, place.node, place.pointer)
    if only_null(session, view):
        return _NULL
    inner = Ref(id=SymbolId(place.pointer))
    return nullable(inner) if takes_null(session, view) or _beside(node) else inner


def _beside(node: SchemaNode) -> bool:
    return (node.model_extra or {}).get("x-nullable") is True


def _plain(type_: TypeExpr) -> TypeExpr:
    """A component's null is said where it is referred to."""
    return type_.inner if isinstance(type_, Nullable) else type_


def _specific(type_: TypeExpr) -> TypeExpr | None:
    return None if isinstance(type_, AnyJson) else type_


def _shown(default: object) -> JsonScalar:
    return default if isinstance(default, str | int | float | bool) else None


def is_binary(type_: TypeExpr) -> bool:
    """Return whether a type is raw bytes."""
    return isinstance(type_, Scalar) and type_.kind is ScalarKind.BINARY
