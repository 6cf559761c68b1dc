"""Values that fit a schema: only what it requires, or all that it knows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from conversation.schemas import Schemas
from conversation.texts import NoText, text
from formance_codegen.load.json_value import JsonValue, as_mapping, as_sequence, as_text

_KINDS: Final = ("object", "array", "string", "integer", "number", "boolean", "null")
_MOST_TRIES: Final = 24
"""How many members of unions are tried before a schema is given up."""
_FULL_DEPTH: Final = 4
"""How deep an object has more than it needs."""
_DEEPEST: Final = 24


class NoValue(Exception):
    """No value was found that fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What sort of value is wanted."""

    full: bool
    """Whether it has all that the schema knows, and not only what it requires."""
    awkward: bool = False
    """Whether texts have characters that must be encoded."""
    filled: bool = False
    """Whether it must not be empty: an empty list, object or text cannot be told from none in a parameter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    name: str
    wish: Wish
    depth: int = 0
    number: int = 0
    """Which of several items of a list it is."""


def value_of(schemas: Schemas, schema: JsonValue, name: str, wish: Wish) -> JsonValue:
    """Return a value that fits a schema, and is checked to.

    Raises:
        NoValue: None was found.
    """
    place = _Place(name=name, wish=wish)
    complaint = "nothing was found that fits the schema and all that it refers to"
    tries = _Generator(schemas).values(schema, place)
    for value in islice(tries, _MOST_TRIES):
        if wish.filled and value in (None, "", [], {}):
            complaint = "it would be empty"
            continue
        found = schemas.complaint(schema, value)
        if found is None:
            return value
        complaint = found
    raise NoValue(f"{name}: {complaint}")


class _Generator:
    """Walks a schema; each level yields values, the likeliest first."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas

    def values(self, schema: JsonValue, place: _Place) -> Iterator[JsonValue]:
        if place.depth > _DEEPEST:
            return
        merged = self._merged(schema)
        if "const" in merged:
            yield merged["const"]
            return
        listed = as_sequence(merged.get("enum", []))
        if listed:
            told = [each for each in listed if each is not None] or listed
            yield from reversed(told) if place.wish.full else told
            return
        for key in ("oneOf", "anyOf"):
            members = as_sequence(merged.get(key, []))
            if members:
                yield from self._union(merged, key, members, place)
                return
        yield from self._of_kind(merged, place)
        yield from as_sequence(merged.get("examples", []))
        if "default" in merged:
            yield merged["default"]

    def _merged(self, schema: JsonValue, seen: tuple[str, ...] = ()) -> Mapping[str, JsonValue]:
        """Return a schema without reference and allOf; what several say of a property is an allOf again."""
        reference = as_text(as_mapping(schema).get("$ref", None))
        if reference is not None:
            if reference in seen:
                return {}
            seen = (*seen, reference)
        node = dict(self._schemas.resolved(schema))
        members = as_sequence(node.pop("allOf", []))
        for member in members:
            node = _both(node, self._merged(member, seen))
        return node

    def _union(
        self, around: Mapping[str, JsonValue], key: str, members: Sequence[JsonValue], place: _Place
    ) -> Iterator[JsonValue]:
        rest = {name: each for name, each in around.items() if name not in (key, "discriminator")}
        discriminator = as_mapping(around.get("discriminator", {}))
        for member in reversed(members) if place.wish.full else members:
            if as_mapping(member).get("type") == "null":
                continue
            joined = _both(rest, self._merged(member))
            for value in islice(self.values(joined, replace(place, depth=place.depth + 1)), 3):
                for candidate in (_tagged(value, discriminator, member), value):
                    if self._schemas.complaint(around, candidate) is None:
                        yield candidate
                        break
        if any(as_mapping(member).get("type") == "null" for member in members):
            yield None

    def _of_kind(self, node: Mapping[str, JsonValue], place: _Place) -> Iterator[JsonValue]:
        match _kind(node):
            case "object":
                yield from self._objects(node, place)
            case "array":
                yield from self._arrays(node, place)
            case "string":
                try:
                    name = place.name if place.number == 0 else f"{place.name}{place.number}"
                    yield text(name, node, awkward=place.wish.awkward)
                except NoText:
                    return
            case "integer" | "number" as kind:
                yield from _numbers(node, kind, place)
            case "boolean":
                yield place.wish.full
            case _:
                yield None

    def _objects(self, node: Mapping[str, JsonValue], place: _Place) -> Iterator[JsonValue]:
        generous = place.wish.full and place.depth < _FULL_DEPTH
        needed = place.wish.filled and place.depth == 0
        for wanted in (True, False) if generous or needed else (False,):
            value = self._object(node, place, generous=wanted)
            if value is not None:
                yield value

    def _object(self, node: Mapping[str, JsonValue], place: _Place, *, generous: bool) -> JsonValue:
        """Return an object, or None where something that it requires has no value."""
        required = {name for name in as_sequence(node.get("required", [])) if isinstance(name, str)}
        properties = as_mapping(node.get("properties", {}))
        value: dict[str, JsonValue] = {}
        for name in [*properties, *sorted(required - properties.keys())]:
            schema = properties.get(name, {})
            if self._schemas.is_hidden(schema) or not (generous or name in required):
                continue
            found = self._fitting(schema, replace(place, name=name, depth=place.depth + 1, number=0))
            if found is not None:
                value[name] = found[0]
            elif name in required:
                return None
        least = node.get("minProperties")
        missing = (least if isinstance(least, int) else 0) - len(value)
        for name in properties:
            schema = properties[name]
            if missing > 0 and name not in value and not self._schemas.is_hidden(schema):
                found = self._fitting(schema, replace(place, name=name, depth=place.depth + 1, number=0))
                value |= {} if found is None else {name: found[0]}
                missing -= found is not None
        more = node.get("additionalProperties")
        is_map = not properties and (isinstance(more, dict) or (place.wish.filled and place.depth == 0))
        extra = max(missing, 1 if generous and is_map else 0)
        if more is not False and extra > 0:
            for number in range(extra):
                found = self._fitting(more if isinstance(more, dict) else {}, replace(place, depth=place.depth + 1))
                value |= {} if found is None else {f"key{number + 1}": found[0]}
        return value

    def _fitting(self, schema: JsonValue, place: _Place) -> tuple[JsonValue] | None:
        """Return the first value that fits, in a tuple, for null may be one."""
        for value in islice(self.values(schema, place), 6):
            if self._schemas.complaint(schema, value) is None:
                return (value,)
        return None

    def _arrays(self, node: Mapping[str, JsonValue], place: _Place) -> Iterator[JsonValue]:
        least, most = node.get("minItems"), node.get("maxItems")
        first = as_sequence(node.get("prefixItems", []))
        count = max(least if isinstance(least, int) else 0, len(first))
        if place.wish.full and place.depth < _FULL_DEPTH:
            count = max(count, 2)
        if place.wish.filled and place.depth == 0:
            count = max(count, 1)
        if isinstance(most, int):
            count = min(count, most)
        items: list[JsonValue] = []
        for number in range(count):
            schema = first[number] if number < len(first) else node.get("items", {})
            inside = replace(place, depth=place.depth + 1, number=number)
            fresh = [v for v in islice(self.values(schema, inside), 12) if v not in items]
            fitting = [v for v in fresh if self._schemas.complaint(schema, v) is None]
            if not fitting:
                break
            items.append(fitting[0])
        yield items


def _numbers(node: Mapping[str, JsonValue], kind: str, place: _Place) -> Iterator[JsonValue]:
    least, most = _bound(node, "minimum"), _bound(node, "maximum")
    above, below = _bound(node, "exclusiveMinimum"), _bound(node, "exclusiveMaximum")
    step = _bound(node, "multipleOf")
    start: float = 1 + place.number
    if least is not None:
        start = max(start, least)
    if above is not None and start <= above:
        start = above + 1
    if most is not None:
        start = min(start, most)
    if below is not None and start >= below:
        start = (above + below) / 2 if above is not None else below - 1
    if step:
        start = -(-start // step) * step
    if kind == "integer":
        yield int(start)
        return
    if place.wish.full and not step and start == int(start):
        yield start + 0.5
    yield start
    yield float(start)


def _bound(node: Mapping[str, JsonValue], key: str) -> float | None:
    value = node.get(key)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _kind(node: Mapping[str, JsonValue]) -> str:
    """Return the type of a schema: the first that is not null, or the one of which its keywords tell."""
    declared = node.get("type")
    kinds = [declared] if isinstance(declared, str) else list(as_sequence(declared or []))
    for kind in sorted(map(str, kinds), key=lambda each: each == "null"):
        if kind in _KINDS:
            return kind
    if node.keys() & {"properties", "additionalProperties", "required", "minProperties", "patternProperties"}:
        return "object"
    if node.keys() & {"items", "prefixItems", "minItems", "maxItems"}:
        return "array"
    return "number" if node.keys() & {"minimum", "maximum", "multipleOf"} else "string"


def _tagged(value: JsonValue, discriminator: Mapping[str, JsonValue], member: JsonValue) -> JsonValue:
    """Return a variant with the tag that the document gives it."""
    name, reference = as_text(discriminator.get("propertyName", None)), as_text(as_mapping(member).get("$ref", None))
    if name is None or reference is None or not isinstance(value, dict):
        return value
    mapping = as_mapping(discriminator.get("mapping", {}))
    last = reference.rsplit("/", 1)[-1]
    tags = [tag for tag, target in mapping.items() if target in (reference, last)]
    if value.get(name) in tags:
        return value
    if not tags and mapping:
        return value
    return {**value, name: tags[0] if tags else last}


def _both(one: Mapping[str, JsonValue], other: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return a schema that says what two say."""
    joined = {**one, **{key: value for key, value in other.items() if key not in one}}
    for key in one.keys() & other.keys():
        mine, theirs = one[key], other[key]
        match key:
            case "properties":
                joined[key] = _properties(as_mapping(mine), as_mapping(theirs))
            case "required":
                joined[key] = [*as_sequence(mine), *(n for n in as_sequence(theirs) if n not in as_sequence(mine))]
            case "type" if mine == "number" or isinstance(mine, list):
                joined[key] = theirs
            case "enum":
                joined[key] = [each for each in as_sequence(mine) if each in as_sequence(theirs)]
            case "oneOf" | "anyOf":
                joined[key] = [{"allOf": [a, {key: theirs}]} for a in as_sequence(mine)]
            case "minimum" | "minLength" | "minItems" if isinstance(mine, int | float):
                joined[key] = max(mine, theirs) if isinstance(theirs, int | float) else mine
            case "maximum" | "maxLength" | "maxItems" if isinstance(mine, int | float):
                joined[key] = min(mine, theirs) if isinstance(theirs, int | float) else mine
            case _:
                pass
    return joined


def _properties(one: Mapping[str, JsonValue], other: Mapping[str, JsonValue]) -> JsonValue:
    shared = one.keys() & other.keys()
    return {**one, **other, **{n: one[n] if one[n] == other[n] else {"allOf": [one[n], other[n]]} for n in shared}}
