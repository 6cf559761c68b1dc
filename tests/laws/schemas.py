"""Schemas that nobody wrote, and JSON values that are likely to fit them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hypothesis import strategies as st

NAMES: Final = ("Ant", "Bee", "Cat")
"""The components, which may refer to one another."""
_KEYS: Final = st.sampled_from(("id", "kind", "name", "userId", "x-y", "class"))
_TEXTS: Final = st.sampled_from(("", "a", "b", "Ant", "7", "true"))
_FORMATTED: Final[Mapping[str, str]] = {
    "date": "2026-01-02",
    "date-time": "2026-01-02T03:04:05Z",
    "time": "03:04:05",
    "duration": "P1DT2H",
    "uuid": "15b7a366-c6e9-473f-9627-6803ef585ae9",
    "uri": "https://example.test/a?b",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "byte": "YWJj",
    "decimal": "1.10",
    "password": "secret",
    "email": "a@example.test",
    "unheard-of": "a",
}
_DEEPEST: Final = 3

Schema = dict[str, Any] | bool


@st.composite
def scalars(draw: st.DrawFn) -> Schema:
    """Draw the schema of a single value."""
    kind = draw(st.sampled_from(("string", "format", "integer", "number", "boolean", "null", "enum", "const", "types")))
    match kind:
        case "format":
            return {"type": "string", "format": draw(st.sampled_from(sorted(_FORMATTED)))}
        case "enum":
            return {"enum": draw(st.lists(_plain_values(), min_size=1, max_size=4))}
        case "const":
            return {"const": draw(_plain_values())}
        case "types":
            kinds = st.sampled_from(("string", "integer", "number", "boolean", "null", "array", "object"))
            return {"type": draw(st.lists(kinds, min_size=1, max_size=3, unique=True))}
        case _:
            return {"type": kind}


@st.composite
def objects(draw: st.DrawFn, depth: int) -> Schema:
    """Draw the schema of an object: a record, a map, or both."""
    properties = draw(st.dictionaries(_KEYS, schemas(depth - 1), max_size=3))
    schema: dict[str, Any] = {"type": "object"}
    if properties:
        schema["properties"] = properties
        schema["required"] = draw(st.lists(st.sampled_from(sorted(properties)), unique=True, max_size=3))
    if draw(st.booleans()):
        schema["additionalProperties"] = draw(schemas(depth - 1) | st.booleans())
    if draw(st.integers(0, 5)) == 0:
        schema["patternProperties"] = {"^x-": draw(schemas(depth - 1))}
    if draw(st.integers(0, 9)) == 0:
        schema["dependentRequired"] = {"id": ["name"]}
    return schema


@st.composite
def arrays(draw: st.DrawFn, depth: int) -> Schema:
    """Draw the schema of an array: a list or a tuple."""
    schema: dict[str, Any] = {"type": "array"}
    if draw(st.booleans()):
        schema["items"] = draw(schemas(depth - 1))
    if draw(st.integers(0, 3)) == 0:
        schema["prefixItems"] = draw(st.lists(schemas(depth - 1), min_size=1, max_size=2))
        if draw(st.booleans()):
            schema |= {"minItems": len(schema["prefixItems"]), "maxItems": len(schema["prefixItems"])}
    return schema


@st.composite
def compositions(draw: st.DrawFn, depth: int, names: Sequence[str]) -> Schema:
    """Draw a schema that is made of others."""
    keyword = draw(st.sampled_from(("oneOf", "anyOf", "allOf", "allOf", "if", "not", "both", "beside")))
    some = st.lists(schemas(depth - 1, names), min_size=1, max_size=3)
    match keyword:
        case "if":
            return {
                "if": draw(schemas(depth - 1, names)),
                "then": draw(schemas(depth - 1, names)),
                "else": draw(schemas(depth - 1, names)),
            }
        case "not":
            return {"not": draw(schemas(depth - 1, names))}
        case "both":
            return {"oneOf": draw(some), "anyOf": draw(some)}
        case "beside":
            whole = draw(objects(depth))
            assert isinstance(whole, dict)
            return {**whole, draw(st.sampled_from(("oneOf", "anyOf", "allOf"))): draw(some)}
        case _:
            return {keyword: draw(some)}


def schemas(depth: int = _DEEPEST, names: Sequence[str] = NAMES) -> st.SearchStrategy[Schema]:
    """Return a strategy for any schema of JSON Schema 2020-12, so deep, which may be made of some components."""
    anything: list[Schema] = [True, {}]
    leaves: st.SearchStrategy[Schema] = scalars() | st.sampled_from(anything)
    if names:
        references: list[Schema] = [{"$ref": f"#/components/schemas/{name}"} for name in names]
        leaves |= st.sampled_from(references)
    if depth <= 0:
        return leaves
    return st.one_of(leaves, objects(depth), arrays(depth), compositions(depth, names))


@st.composite
def components(draw: st.DrawFn) -> dict[str, Schema]:
    """Draw schemas with names that may refer to one another, in a circle only through properties and items."""
    return {name: draw(schemas(names=NAMES[index + 1 :])) for index, name in enumerate(NAMES)}


def _plain_values() -> st.SearchStrategy[Any]:
    return st.one_of(
        _TEXTS, st.integers(-2, 3), st.booleans(), st.none(), st.just(1.5), st.just([1]), st.just({"a": 1})
    )


@st.composite
def values(draw: st.DrawFn, schema: Schema, named: Mapping[str, Schema], depth: int = 5) -> Any:
    """Draw a JSON value that probably is one of a schema."""
    if isinstance(schema, bool) or depth < 0:
        return draw(_plain_values())
    if "$ref" in schema:
        return draw(values(named[schema["$ref"].rpartition("/")[2]], named, depth - 1))
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return draw(st.sampled_from(schema["enum"]))
    unions = [schema[keyword] for keyword in ("oneOf", "anyOf") if keyword in schema]
    parts: list[Any] = [draw(values(draw(st.sampled_from(union)), named, depth - 1)) for union in unions]
    parts += [draw(values(member, named, depth - 1)) for member in schema.get("allOf", ())]
    if "if" in schema:
        parts.append(draw(values(schema[draw(st.sampled_from(("then", "else")))], named, depth - 1)))
    if "type" in schema:
        parts.append(draw(_typed(schema, named, depth)))
    if parts and all(isinstance(part, dict) for part in parts):
        return {key: value for part in parts for key, value in part.items()}
    return draw(st.sampled_from(parts)) if parts else draw(_plain_values())


@st.composite
def _typed(draw: st.DrawFn, schema: dict[str, Any], named: Mapping[str, Schema], depth: int) -> Any:
    declared = schema["type"]
    kinds: list[str] = [declared] if isinstance(declared, str) else declared
    match draw(st.sampled_from(kinds)):
        case "string":
            return _FORMATTED[schema["format"]] if "format" in schema else draw(_TEXTS)
        case "integer":
            return draw(st.integers(-2, 3) | st.just(2**70))
        case "number":
            return draw(st.sampled_from((0, 1, 1.5, -2)))
        case "boolean":
            return draw(st.booleans())
        case "array":
            first = [draw(values(part, named, depth - 1)) for part in schema.get("prefixItems", ())]
            rest = st.lists(values(schema.get("items", True), named, depth - 1), max_size=2)
            return [*first, *(draw(rest) if "maxItems" not in schema else [])]
        case "object":
            return draw(_object(schema, named, depth))
        case _:
            return None


@st.composite
def _object(draw: st.DrawFn, schema: dict[str, Any], named: Mapping[str, Schema], depth: int) -> Any:
    made: dict[str, Any] = {}
    for name, part in schema.get("properties", {}).items():
        if name in schema.get("required", ()) or draw(st.booleans()):
            made[name] = draw(values(part, named, depth - 1))
    more = schema.get("additionalProperties", True)
    if more is not False:
        for key in draw(st.lists(st.sampled_from(("p", "q_r")), max_size=2, unique=True)):
            made[key] = draw(values(more, named, depth - 1))
    for part in schema.get("patternProperties", {}).values():
        if draw(st.booleans()):
            made["x-p"] = draw(values(part, named, depth - 1))
    return made
