"""One merged view of a schema: its references followed, the members of its allOf put together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from openapi_pydantic.v3.v3_1 import Discriminator, Schema

from formance_codegen.ir.decls import Doc
from formance_codegen.ir.types import Bound
from formance_codegen.lower.bounds import bounds_of, tightest
from formance_codegen.lower.restrictions import additional_of, unchecked_keywords
from formance_codegen.lower.session import Place, SchemaNode, Session
from formance_codegen.pointer import Pointer, join


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A schema inside a schema and where it stands."""

    node: SchemaNode
    pointer: Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A oneOf or an anyOf."""

    members: tuple[tuple[SchemaNode, Pointer], ...]
    discriminator: Discriminator | None
    pointer: Pointer
    """Where the list of members stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a schema says, allOf merged."""

    pointer: Pointer
    types: tuple[str, ...] = ()
    """JSON types without ``null``; none where the schema does not say."""
    nullable: bool = False
    form: str | None = None
    enum: tuple[object, ...] | None = None
    properties: Mapping[str, Property]
    required: frozenset[str] = frozenset()
    additional: SchemaNode | bool | None = None
    additional_pointer: Pointer
    patterns: tuple[Property, ...] = ()
    """The schemas of properties whose names fit a pattern."""
    items: SchemaNode | None = None
    items_pointer: Pointer
    prefix: tuple[Property, ...] = ()
    """The schemas of the first items, each for its place."""
    unchecked: tuple[Pointer, ...] = ()
    """Keywords that allow less and that no type says."""
    choices: tuple[Choice, ...] = ()
    title: str = ""
    doc: Doc = Doc()
    deprecated: bool = False
    read_only: bool = False
    write_only: bool = False
    default: object = None
    bounds: tuple[Bound, ...] = ()

    @property
    def is_object(self) -> bool:
        """Whether only an object can be meant."""
        return self.types == ("object",) or (not self.types and bool(self.properties))

    @property
    def is_open(self) -> bool:
        """Whether nothing is said of the type of a value: null is one, too."""
        says = (self.types, self.properties, self.choices, self.patterns, self.prefix, self.items)
        return self.enum is None and not any(says) and self.additional in (None, True)


def view_of(session: Session, node: SchemaNode, pointer: Pointer, seen: frozenset[Pointer] = frozenset()) -> View:
    """Return the merged view of a schema; a schema that contains itself through allOf counts once."""
    place = session.place(node, pointer)
    own = _own_view(place)
    members: list[View] = []
    for index, member in enumerate(place.node.allOf or ()):
        target = session.place(member, join(place.pointer, "allOf", index))
        if target.pointer not in seen:
            members.append(view_of(session, target.node, target.pointer, seen | {place.pointer, target.pointer}))
    return _merge(session, own, members) if members else own


def single_member(node: Schema) -> SchemaNode | None:
    """Return the only member of an allOf that adds nothing of its own: the schema is another name for it."""
    members = node.allOf or []
    if len(members) != 1 or _types(node) not in ((), ("object",), ("object", "null")):
        return None
    said = {key for key in node.model_fields_set if not key.startswith("x-")}
    return None if said - _BARE else members[0]


_BARE = frozenset(
    {
        *("allOf", "type", "readOnly", "writeOnly", "default"),
        *("description", "title", "deprecated", "examples", "example"),
    }
)


def _own_view(place: Place) -> View:
    node, pointer = place.node, place.pointer
    types = _types(node)
    keyword, additional = additional_of(node)
    enum = tuple(node.enum) if node.enum is not None else (node.const,) if "const" in node.model_fields_set else None
    return View(
        pointer=pointer,
        types=tuple(kind for kind in types if kind != "null") or (("null",) if types else ()),
        nullable=is_nullable(node),
        form=node.schema_format,
        enum=tuple(value for value in enum if value is not None) if enum is not None else None,
        properties={
            name: Property(node=child, pointer=join(pointer, "properties", name))
            for name, child in (node.properties or {}).items()
        },
        required=frozenset(node.required or ()),
        additional=additional,
        additional_pointer=join(pointer, keyword),
        patterns=tuple(
            Property(node=child, pointer=join(pointer, "patternProperties", name))
            for name, child in (node.patternProperties or {}).items()
        ),
        items=node.items,
        items_pointer=join(pointer, "items"),
        prefix=tuple(
            Property(node=child, pointer=join(pointer, "prefixItems", index))
            for index, child in enumerate(node.prefixItems or ())
        ),
        unchecked=tuple(join(pointer, name) for name in unchecked_keywords(node)),
        choices=tuple(_choices(node, pointer)),
        title=node.title or "",
        doc=Doc(description=node.description or ""),
        deprecated=bool(node.deprecated),
        read_only=bool(node.readOnly),
        write_only=bool(node.writeOnly),
        default=node.default,
        bounds=bounds_of(node),
    )


def _types(node: Schema) -> tuple[str, ...]:
    declared = node.type if isinstance(node.type, list) else [node.type] if node.type is not None else []
    return tuple(kind.value for kind in declared)


def is_nullable(node: Schema) -> bool:
    """Return whether a schema itself, without what it refers to, allows null."""
    if "null" in _types(node) and len(_types(node)) > 1:
        return True
    if node.enum is not None and any(value is None for value in node.enum) and len(node.enum) > 1:
        return True
    return (node.model_extra or {}).get("x-nullable") is True


def _choices(node: Schema, pointer: Pointer) -> Iterable[Choice]:
    for keyword, members in (("oneOf", node.oneOf), ("anyOf", node.anyOf)):
        if members:
            where = join(pointer, keyword)
            yield Choice(
                members=tuple((member, join(where, index)) for index, member in enumerate(members)),
                discriminator=node.discriminator,
                pointer=where,
            )


def _merge(session: Session, own: View, members: list[View]) -> View:
    """Merge the members of an allOf in their order; what stands beside it comes last and wins."""
    parts = [*members, own]
    properties: dict[str, Property] = {}
    for part in parts:
        for name, declared in part.properties.items():
            properties[name] = _sharper(session, properties.get(name), declared)
    merged = replace(
        own,
        types=_narrowest(session, own.pointer, [part for part in parts if part.types]),
        nullable=own.nullable or _all_nullable(own, members),
        form=next((part.form for part in reversed(parts) if part.form), None),
        enum=_common_values([part.enum for part in parts if part.enum is not None]),
        patterns=tuple(pattern for part in parts for pattern in part.patterns),
        prefix=next((part.prefix for part in reversed(parts) if part.prefix), ()),
        unchecked=tuple(dict.fromkeys(pointer for part in parts for pointer in part.unchecked)),
        properties=properties,
        required=frozenset[str]().union(*(part.required for part in parts)),
        choices=tuple(choice for part in parts for choice in part.choices),
        doc=own.doc if own.doc.description else members[0].doc if len(members) == 1 else Doc(),
        title=own.title or (members[0].title if len(members) == 1 else ""),
        read_only=own.read_only or any(part.read_only for part in members),
        write_only=own.write_only or any(part.write_only for part in members),
        default=next((part.default for part in (own, *members) if part.default is not None), None),
        bounds=tightest(part.bounds for part in parts),
    )
    extra = next((p for p in reversed(parts) if p.additional is not None), None)
    if extra is not None:
        merged = replace(merged, additional=extra.additional, additional_pointer=extra.additional_pointer)
    listed = next((p for p in reversed(parts) if p.items is not None), None)
    if listed is not None:
        merged = replace(merged, items=listed.items, items_pointer=listed.items_pointer)
    return merged


def _sharper(session: Session, first: Property | None, second: Property) -> Property:
    """Of two declarations of a property return the one that says more; the later one on a tie."""
    if first is None:
        return second
    node = session.place(second.node, second.pointer).node
    said = {key for key in node.model_fields_set if not key.startswith("x-")}
    says_nothing = not (said - {"description", "title", "example", "examples", "deprecated"})
    bare_list = node.items is not None and not session.place(node.items, second.pointer).node.model_fields_set
    bare_map = node.properties is None and node.additionalProperties in (None, True) and _types(node) == ("object",)
    return first if says_nothing or bare_list or bare_map else second


def _all_nullable(own: View, members: list[View]) -> bool:
    """Return whether null fits all members of an allOf that has no type of its own."""
    silent = not own.types and own.enum is None
    return silent and any(part.nullable for part in members) and all(part.nullable or part.is_open for part in members)


def _narrowest(session: Session, pointer: Pointer, typed: list[View]) -> tuple[str, ...]:
    declared = [part.types for part in typed]
    if not declared:
        return ()
    if ("null",) in declared and all(part.nullable or part.types == ("null",) for part in typed):
        return ("null",)
    common = [kind for kind in declared[0] if all(_covers(other, kind) for other in declared)]
    if common:
        integral = any("integer" in kinds and "number" not in kinds for kinds in declared)
        return tuple(dict.fromkeys("integer" if kind == "number" and integral else kind for kind in common))
    session.report(
        "conflicting-all-of",
        f"the members of allOf have no type in common: {', '.join('/'.join(kinds) for kinds in declared)}",
        pointer,
        f"the last one counts: {'/'.join(declared[-1])}",
    )
    return declared[-1]


def _covers(kinds: tuple[str, ...], kind: str) -> bool:
    """Return whether values of a type can be of one of ``kinds``: every integer is a number."""
    return kind in kinds or (kind in ("integer", "number") and not {"integer", "number"}.isdisjoint(kinds))


def _common_values(enums: list[tuple[object, ...]]) -> tuple[object, ...] | None:
    """Return the values that all enums have; those of the last one where that is none."""
    if not enums:
        return None
    common = tuple(value for value in enums[-1] if all(value in other for other in enums))
    return common or enums[-1]
