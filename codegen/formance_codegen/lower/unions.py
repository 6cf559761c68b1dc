"""What the members of a oneOf or anyOf are, and how a reader tells them apart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from openapi_pydantic.v3.v3_1 import Discriminator

from formance_codegen.ir.types import WireName
from formance_codegen.load.refs import resolve
from formance_codegen.lower.compose import Choice, Property, View, view_of
from formance_codegen.lower.restrictions import is_never
from formance_codegen.lower.session import SchemaNode, Session, is_component
from formance_codegen.pointer import Pointer, join, tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A member of a union."""

    node: SchemaNode
    pointer: Pointer
    """Where the member stands in the list."""
    view: View
    merged: View | None
    """The member with the properties that all members share, where they stand beside the union."""
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The members of a union, nested unions unfolded, without null."""

    branches: tuple[Branch, ...]
    nullable: bool
    tag: WireName | None
    """The property whose value tells the members apart."""


def plan_union(session: Session, view: View) -> Plan:
    """Return the members of the first union of a schema."""
    choice, *others = (choice for choice in view.choices if not constrains_only(session, choice))
    for other in others:
        session.omit(
            "unsupported-feature",
            "a second union of one schema has no counterpart in a client",
            other.pointer,
            "the first one counts",
        )
    members = list(_members(session, choice, frozenset({view.pointer})))
    nullable = takes_null(session, view)
    branches = [
        _branch(session, view, node, pointer, nested or choice.discriminator, _own_place(view, choice, index, pointer))
        for index, (node, pointer, nested) in enumerate(members)
        if not (_is_null(session, node, pointer) or is_never(session.place(node, pointer).node))
    ]
    tag = choice.discriminator.propertyName if choice.discriminator else _common_tag(session, branches)
    if tag is None:
        return Plan(branches=tuple(branches), nullable=nullable, tag=None)
    tagged = tuple(replace(found, tags=found.tags or _tags(session, found, tag)) for found in branches)
    for found in tagged:
        session.labels.setdefault(found.pointer, _label(found))
    return Plan(branches=tagged, nullable=nullable, tag=WireName(tag))


def takes_null(session: Session, view: View, seen: frozenset[Pointer] = frozenset()) -> bool:
    """Return whether null is a value of a schema, be it through a member of a union in it."""
    if view.nullable or view.is_open:
        return True
    if view.pointer in seen or (view.types and "null" not in view.types):
        return False
    inner = seen | {view.pointer}
    return any(
        only_null(session, found, inner) or takes_null(session, found, inner)
        for choice in view.choices
        if not constrains_only(session, choice)
        for found in (view_of(session, node, pointer) for node, pointer in choice.members)
    )


def only_null(session: Session, view: View, seen: frozenset[Pointer] = frozenset()) -> bool:
    """Return whether null is the only value of a schema, be it the only member of a union in it."""
    if view.types == ("null",) or view.enum == ():
        return True
    if view.pointer in seen or view.types or view.properties:
        return False
    return any(
        all(only_null(session, view_of(session, *member), seen | {view.pointer}) for member in choice.members)
        for choice in view.choices
    )


def constrains_only(session: Session, choice: Choice) -> bool:
    """Return whether the members of a union only demand properties that are declared beside it."""
    views = [view_of(session, node, pointer) for node, pointer in choice.members]
    return all(
        (view.required or view.unchecked)
        and not (view.types or view.properties or view.enum or view.choices or view.items)
        for view in views
    )


def _members(
    session: Session, choice: Choice, seen: frozenset[Pointer]
) -> Iterable[tuple[SchemaNode, Pointer, Discriminator | None]]:
    """Yield the members, those of a union inside the union in its place."""
    for node, pointer in choice.members:
        view = view_of(session, node, pointer)
        inner = [nested for nested in view.choices if not constrains_only(session, nested)]
        if view.pointer in seen:
            # A union inside itself adds no member.
            continue
        if len(inner) == 1 and not view.properties:
            for child, where, found in _members(session, inner[0], seen | {view.pointer}):
                yield child, where, found or inner[0].discriminator
        else:
            yield node, pointer, None


def _own_place(view: View, choice: Choice, index: int, pointer: Pointer) -> Pointer:
    """Return what stands for a member in its union: its pointer, or one below the union where an allOf brings it."""
    if pointer.startswith(f"{view.pointer}/"):
        return pointer
    return join(view.pointer, tokens(choice.pointer)[-1], index)


def _branch(
    session: Session, view: View, node: SchemaNode, pointer: Pointer, told: Discriminator | None, place: Pointer
) -> Branch:
    own = view_of(session, node, pointer)
    if own.title:
        session.labels.setdefault(pointer, own.title)
    merged = _with_shared(view, own, place) if view.properties else None
    if merged is not None and is_component(own.pointer):
        session.labels.setdefault(place, tokens(own.pointer)[-1])
    return Branch(node=node, pointer=pointer, view=own, merged=merged, tags=mapped_tags(session, told, own.pointer))


def _with_shared(shared: View, own: View, pointer: Pointer) -> View:
    properties: dict[str, Property] = {**shared.properties, **own.properties}
    return replace(
        own,
        pointer=pointer,
        types=("object",),
        properties=properties,
        required=shared.required | own.required,
        additional=own.additional if own.additional is not None else shared.additional,
        choices=(),
        nullable=False,
    )


def mapped_tags(session: Session, discriminator: Discriminator | None, target: Pointer) -> tuple[str, ...]:
    """Return the tags that a discriminator's mapping gives to a schema."""
    mapping: Mapping[str, str] = (discriminator.mapping if discriminator else None) or {}
    return tuple(tag for tag, reference in mapping.items() if _leads_to(session, reference) == target)


def _leads_to(session: Session, reference: str) -> Pointer | None:
    pointer = Pointer(reference) if "#" in reference else join(Pointer("/components/schemas"), reference)
    try:
        return resolve(session.document, pointer)[0]
    except LookupError:
        # A mapping is no reference to the checker: its values may be names of schemas elsewhere.
        return None


def _common_tag(session: Session, branches: list[Branch]) -> str | None:
    """Return the property that has other constant values in each member, where there is one."""
    if len(branches) < 2:
        return None
    first = branches[0].view
    for name in first.properties:
        values = [_constants(session, found.view, name) for found in branches]
        flat = [value for found in values for value in found]
        if all(values) and len(set(flat)) == len(flat):
            return name
    return None


def _tags(session: Session, found: Branch, tag: str) -> tuple[str, ...]:
    constants = _constants(session, found.merged or found.view, tag)
    if constants:
        return constants
    return (tokens(found.view.pointer)[-1],) if is_component(found.view.pointer) else ()


def _constants(session: Session, view: View, name: str) -> tuple[str, ...]:
    declared = view.properties.get(name)
    if declared is None:
        return ()
    values = view_of(session, declared.node, declared.pointer).enum or ()
    return tuple(value for value in values if isinstance(value, str)) if len(values) <= 4 else ()


def _label(found: Branch) -> str:
    return found.view.title or (found.tags[0] if found.tags else f"variant {int(tokens(found.pointer)[-1]) + 1}")


def _is_null(session: Session, node: SchemaNode, pointer: Pointer) -> bool:
    return only_null(session, view_of(session, node, pointer))
