"""The schemas, parameters, headers and security schemes of Swagger 2.0 as those of OpenAPI 3.0."""

from typing import Final

from formance_codegen.load.conversion import Conversion, only, without
from formance_codegen.load.dialects import SWAGGER_2
from formance_codegen.load.json_value import JsonValue, as_mapping
from formance_codegen.load.structure import Form, Kind
from formance_codegen.pointer import Pointer, join

_TYPING: Final = frozenset(
    "type format items default maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems "
    "minItems uniqueItems enum multipleOf x-nullable x-enum-varnames x-enumNames x-enum-descriptions".split()
)
"""What a parameter of 2.0 says of its values without a schema (section Parameter Object)."""

_FLOWS: Final = {
    "implicit": "implicit",
    "password": "password",
    "application": "clientCredentials",
    "accessCode": "authorizationCode",
}
_DELIMITED: Final = {"ssv": "spaceDelimited", "tsv": "tabDelimited", "pipes": "pipeDelimited"}
"""The ways to write an array that are the same everywhere; 3.x has the first and the last, and in the query only."""


def schema_of(run: Conversion, value: JsonValue, pointer: Pointer) -> JsonValue:
    """Return a schema: files are binary text, a discriminator is an object, ``x-nullable`` is ``nullable``."""
    if not isinstance(value, dict):
        return value
    fixed: dict[str, JsonValue] = {}
    for key, child in value.items():
        known = SWAGGER_2.field(Kind.SCHEMA, key)
        match known.form if known else None, child:
            case Form.ONE, _:
                fixed[key] = schema_of(run, child, join(pointer, key))
            case Form.LIST, list():
                fixed[key] = [schema_of(run, item, join(pointer, key, i)) for i, item in enumerate(child)]
            case Form.MAP, dict():
                fixed[key] = {name: schema_of(run, item, join(pointer, key, name)) for name, item in child.items()}
            case _:
                fixed[key] = child
    if fixed.get("type") == "file":
        fixed |= {"type": "string", "format": "binary"}
    if isinstance(tag := fixed.get("discriminator"), str):
        fixed["discriminator"] = {"propertyName": tag}
    if isinstance(fixed.get("x-nullable"), bool):
        fixed["nullable"] = fixed.pop("x-nullable")
    fixed.pop("collectionFormat", None)
    return run.refer(fixed) if "$ref" in fixed else fixed


def typed(run: Conversion, node: dict[str, JsonValue], pointer: Pointer) -> JsonValue:
    """Return the schema that a parameter or a header says without one."""
    if "schema" in node:
        return schema_of(run, node["schema"], join(pointer, "schema"))
    return schema_of(run, {key: value for key, value in node.items() if key in _TYPING}, pointer)


def parameter_of(run: Conversion, node: dict[str, JsonValue], old: Pointer, new: Pointer) -> dict[str, JsonValue]:
    """Return a parameter of a path, a query or a header."""
    run.came(old, new)
    if "$ref" in node and not {"name", "in"} <= node.keys():
        return run.refer(dict(node))
    if "$ref" in node:
        message = f'"{node["$ref"]}" stands beside a name; it is read as the schema of the parameter'
        run.findings.report("repaired", message, join(old, "$ref"))
        node = {**without(node, "$ref"), "schema": {"$ref": node["$ref"]}}
    kept = without(only(node, "name", "in", "description", "required", "allowEmptyValue"), *_TYPING)
    if (node.keys() & _TYPING) - {"default"} or "schema" in node:
        _at_schema(run, node, old, new)
        kept["schema"] = typed(run, node, old)
    return {**kept, **style_of(run, node, old)}


def style_of(run: Conversion, node: dict[str, JsonValue], pointer: Pointer) -> dict[str, JsonValue]:
    """Return how the items of an array are written: commas between them unless ``collectionFormat`` says otherwise."""
    if node.get("type") != "array":
        return {}
    written = node.get("collectionFormat", "csv")
    place = node.get("in")
    form = place in ("query", "formData")
    if isinstance(written, str) and written in _DELIMITED:
        return {"style": _DELIMITED[written], "explode": False}
    if written == "multi" and form:
        return {"style": "form", "explode": True}
    if written != "csv":
        message = f'"{written}" cannot be said of a parameter in the {place}; commas are written between the items'
        run.findings.report("unsupported-feature", message, join(pointer, "collectionFormat"))
    return {"style": "form" if form else "simple", "explode": False}


def header_of(run: Conversion, value: JsonValue, old: Pointer, new: Pointer) -> JsonValue:
    """Return a header of a response."""
    if not isinstance(value, dict):
        return value
    _at_schema(run, value, old, new)
    return {**only(without(value, *_TYPING), "description"), "schema": typed(run, value, old)}


def _at_schema(run: Conversion, node: dict[str, JsonValue], old: Pointer, new: Pointer) -> None:
    run.came(join(old, "schema") if "schema" in node else old, join(new, "schema"))


def security_scheme_of(value: JsonValue) -> JsonValue:
    """Return a security scheme; one of an unknown type stays to be reported as invalid."""
    if not isinstance(value, dict):
        return value
    match value.get("type"):
        case "basic":
            return {**value, "type": "http", "scheme": "basic"}
        case "oauth2":
            flow = value.get("flow")
            told: dict[str, JsonValue] = {"scopes": dict(as_mapping(value.get("scopes", {})))}
            told |= {key: child for key, child in value.items() if key in ("authorizationUrl", "tokenUrl")}
            name = _FLOWS.get(flow, flow) if isinstance(flow, str) else "implicit"
            return {**only(value, "type", "description"), "flows": {name: told}}
        case _:
            return value
