"""The wire facts of a document: what it says without prose, examples, hints and layout."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from formance_codegen.load.json_value import JsonValue, as_mapping, as_sequence, as_text
from formance_codegen.load.refs import follow
from formance_codegen.load.structure import METHODS, Field, Form, Kind, field_of

PROSE: Final = frozenset(
    {"summary", "description", "title", "example", "examples", "externalDocs", "contact", "license", "termsOfService"}
)
"""Keys of an object that are words about it; they mean nothing on the wire."""

FORMATS: Final[Mapping[str, str]] = {"date-tim": "date-time", "datetime": "date-time"}
"""Formats that publishers misspell, and what they mean."""

Route = tuple[str, str]
"""A path and a method in lower case."""


def is_prose(key: str) -> bool:
    """Whether a key of an object of the specification holds words or a hint instead of a wire fact."""
    return key in PROSE or key.startswith("x-")


def operations(document: JsonValue) -> Iterator[tuple[Route, Mapping[str, JsonValue]]]:
    """Yield the operations of a document in its order."""
    for path, item in as_mapping(as_mapping(document).get("paths")).items():
        if path.startswith("/"):
            for method in METHODS:
                if isinstance(operation := as_mapping(item).get(method), dict):
                    yield (path, method), operation


def operation_facts(document: JsonValue, route: Route) -> dict[str, JsonValue]:
    """Return the facts of an operation, with the parameters of its path and the security of its document."""
    path, method = route
    item = as_mapping(as_mapping(as_mapping(document).get("paths")).get(path))
    operation = as_mapping(item.get(method))
    found = as_mapping(facts(Kind.OPERATION, dict(operation), document))
    parameters = effective_parameters(document, item, operation)
    return {
        **found,
        "parameters": {key: facts(Kind.PARAMETER, value, document) for key, value in sorted(parameters.items())},
        "security": canonical_security(effective_security(document, operation)),
    }


def schema_facts(document: JsonValue, name: str) -> JsonValue:
    """Return the facts of a schema of the components."""
    schemas = as_mapping(as_mapping(as_mapping(document).get("components")).get("schemas"))
    return facts(Kind.SCHEMA, schemas.get(name), document)


def effective_parameters(
    document: JsonValue, item: Mapping[str, JsonValue], operation: Mapping[str, JsonValue]
) -> dict[str, JsonValue]:
    """Return the parameters of an operation by key, as they stand; those of the path come first."""
    return {**keyed_parameters(document, item), **keyed_parameters(document, operation)}


def keyed_parameters(document: JsonValue, holder: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the own parameters of a path or an operation by their place and name."""
    return {parameter_key(document, entry): entry for entry in as_sequence(holder.get("parameters"))}


def parameter_key(document: JsonValue, entry: JsonValue) -> str:
    """Return what makes a parameter the same one: its place and its name; headers ignore case."""
    parameter = as_mapping(target(document, entry))
    place, name = as_text(parameter.get("in")) or "", as_text(parameter.get("name")) or ""
    return f"{place} {name.lower() if place == 'header' else name}"


def effective_security(document: JsonValue, operation: Mapping[str, JsonValue]) -> JsonValue:
    """Return what an operation asks for: its own requirements or else those of the document."""
    return operation["security"] if "security" in operation else as_mapping(document).get("security")


def canonical_security(requirements: JsonValue) -> JsonValue:
    """Return requirements in an order of their own, since theirs means nothing."""
    if not isinstance(requirements, list):
        return None
    alternatives = [
        {name: _sorted(scopes) for name, scopes in sorted(as_mapping(need).items())} for need in requirements
    ]
    return sorted(alternatives, key=_text)


def target(document: JsonValue, value: JsonValue) -> JsonValue:
    """Return what a reference leads to, and any other value as it is; a broken reference stays."""
    reference = as_text(as_mapping(value).get("$ref"))
    if reference is None:
        return value
    try:
        return follow(document, reference)[1]
    except LookupError:
        return value


def facts(kind: Kind, value: JsonValue, document: JsonValue) -> JsonValue:
    """Return the facts of an object in a form in which equal facts are equal values.

    References to schemas stay, since their names are names of the API; any other reference is followed.
    """
    if kind is Kind.SCHEMA:
        value = unwrapped(value)
        if (reference := as_text(as_mapping(value).get("$ref"))) is not None:
            return {"$ref": reference}
    else:
        value = target(document, value)
    if not isinstance(value, dict):
        return value
    found: dict[str, JsonValue] = {}
    for key, child in value.items():
        if is_prose(key) or (kind is Kind.OPERATION and key in ("parameters", "security")):
            continue
        field = field_of(kind, key)
        found[key] = _data(kind, key, child) if field is None else _field(field, child, document)
    return _completed(kind, found)


def unwrapped(schema: JsonValue) -> JsonValue:
    """Return the only member of an allOf that merely gives it words of its own, and any other schema as it is."""
    while isinstance(schema, dict) and "$ref" not in schema:
        own = [key for key in schema if not is_prose(key)]
        members = as_sequence(schema.get("allOf"))
        if own != ["allOf"] or len(members) != 1:
            break
        schema = members[0]
    return schema


def _field(field: Field, child: JsonValue, document: JsonValue) -> JsonValue:
    match field.form, child:
        case Form.LIST, list():
            return [facts(field.kind, item, document) for item in child]
        case Form.MAP, dict():
            return {name: facts(field.kind, item, document) for name, item in sorted(child.items())}
        case Form.ONE, _:
            return facts(field.kind, child, document)
        case _:
            return child


def _data(kind: Kind, key: str, value: JsonValue) -> JsonValue:
    if kind is not Kind.SCHEMA:
        return value
    match key, value:
        case ("enum", list()):
            return [json.loads(text) for text in sorted({_text(item) for item in value})]
        case ("required", list()):
            return _sorted(value)
        case ("format", str()):
            return FORMATS.get(value, value)
        case _:
            return value


def _completed(kind: Kind, found: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Spell out what a parameter leaves to the defaults, and leave out what says nothing."""
    if kind in (Kind.PARAMETER, Kind.HEADER):
        place = found.get("in", "header")
        style = found.get("style", "form" if place in ("query", "cookie") else "simple")
        defaults: dict[str, JsonValue] = {"style": style, "explode": style == "form", "required": place == "path"}
        found = {**defaults, **found}
        if place == "header" and isinstance(name := found.get("name"), str):
            found["name"] = name.lower()
    return {key: value for key, value in found.items() if not says_nothing(kind, key, value)}


def says_nothing(kind: Kind, key: str, value: JsonValue) -> bool:
    """Whether a key says no more than its absence would."""
    if kind in (Kind.OPERATION, Kind.PARAMETER, Kind.SCHEMA, Kind.REQUEST_BODY) and value is False:
        return key in ("deprecated", "nullable", "readOnly", "writeOnly", "required", "uniqueItems")
    return value in ({}, []) and key in ("tags", "content", "headers", "links", "callbacks", "required")


def _sorted(value: JsonValue) -> JsonValue:
    return sorted(value, key=_text) if isinstance(value, list) else value


def _text(value: JsonValue) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
