"""Whether a JSON value is valid against a schema of an OpenAPI document, by way of JSON Schema 2020-12."""

from collections.abc import Callable, Mapping
from functools import cache
from operator import methodcaller
from pathlib import Path
from typing import Final

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from generated.cases import read_document
from samples import Json, Node, is_list, is_node, node, nodes, text

MOMENT: Final = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"
"""RFC 3339, which jsonschema alone does not check."""


def complaint(path: Path, schema: Node, value: Json) -> str:
    """Return what is wrong with a value of a document, with the JSON path to it; nothing for a valid one."""
    checked = {**translated(schema), "components": {"schemas": _components(path)}}
    try:
        # By its name, for the library's own types are incomplete.
        methodcaller("validate", value)(Draft202012Validator(checked, format_checker=FormatChecker()))
    except ValidationError as error:
        return f"{error.json_path}: {error.message}"
    return ""


@cache
def _components(path: Path) -> Mapping[str, Json]:
    schemas = node(node(read_document(path).get("components")).get("schemas"))
    return {name: translated(node(schema)) for name, schema in schemas.items()}


def translated(schema: Node) -> dict[str, Json]:
    """Return a schema of OpenAPI 3.0 in terms of JSON Schema; one of 3.1 stays what it is.

    The members of a union with a discriminator demand their own tag; of one without, several may fit. Some published
    documents demand properties that they do not declare, and no server sends them: those are not demanded here.
    """
    found: dict[str, Json] = {
        key: _inside(key, value) for key, value in schema.items() if key not in ("nullable", "oneOf", "discriminator")
    }
    if "properties" in schema and is_list(demanded := schema.get("required")):
        found["required"] = [name for name in demanded if name in node(schema["properties"])]
    if members := nodes(schema.get("oneOf")):
        found["anyOf"] = [_tagged(member, node(schema.get("discriminator"))) for member in members]
    if schema.get("format") == "date-time":
        found["pattern"] = MOMENT
    return {"anyOf": [found, {"type": "null"}]} if schema.get("nullable") is True else found


def _inside(key: str, value: Json) -> Json:
    if key in ("items", "additionalProperties", "not") and is_node(value):
        return translated(value)
    if key in ("allOf", "anyOf"):
        return [translated(member) for member in nodes(value)]
    if key == "properties":
        return {name: translated(node(declared)) for name, declared in node(value).items()}
    return value


def _tagged(member: Node, discriminator: Node) -> Json:
    tag, reference = text(discriminator.get("propertyName")), text(member.get("$ref"))
    if not tag or not reference:
        return translated(member)
    mapping = node(discriminator.get("mapping"))
    keys: list[Json] = [key for key, target in mapping.items() if reference.endswith(text(target))]
    allowed: list[Json] = keys or [reference.rpartition("/")[2]]
    return {"allOf": [translated(member), {"properties": {tag: {"enum": allowed}}}]}


def each_schema(value: Json, use: Callable[[Node], None]) -> None:
    """Call a function for each schema of a part of a document, those inside schemas included."""
    if is_list(value):
        for item in value:
            each_schema(item, use)
        return
    for key, item in node(value).items():
        for schema in _schemas_under(key, item):
            use(schema)
        # What an example holds is no schema, whatever it is called.
        if key not in ("example", "examples", "default", "enum"):
            each_schema(item, use)


def _schemas_under(key: str, value: Json) -> list[Node]:
    if key in ("schema", "items", "additionalProperties", "not"):
        return [value] if is_node(value) else []
    if key in ("schemas", "properties"):
        return [node(declared) for declared in node(value).values()]
    return nodes(value) if key in ("allOf", "anyOf", "oneOf") else []
