"""Which parts of an OpenAPI 3.1 document are which kind of object; everything else is data or text."""

from collections.abc import Iterator, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final, NamedTuple

from formance_codegen.load.json_value import JsonValue
from formance_codegen.pointer import ROOT, Pointer, escape


class Kind(Enum):
    """An object of the specification (OpenAPI 3.1.1, section 4.8) that has parts or may be a reference."""

    OPENAPI = "OpenAPI Object"
    INFO = "Info Object"
    COMPONENTS = "Components Object"
    PATHS = "Paths Object"
    PATH_ITEM = "Path Item Object"
    OPERATION = "Operation Object"
    PARAMETER = "Parameter Object"
    HEADER = "Header Object"
    REQUEST_BODY = "Request Body Object"
    RESPONSES = "Responses Object"
    RESPONSE = "Response Object"
    MEDIA_TYPE = "Media Type Object"
    ENCODING = "Encoding Object"
    CALLBACK = "Callback Object"
    EXAMPLE = "Example Object"
    LINK = "Link Object"
    SECURITY_SCHEME = "Security Scheme Object"
    SCHEMA = "Schema Object"


class Form(Enum):
    """How objects stand under a key."""

    ONE = "one"
    LIST = "list"
    MAP = "map"


class Field(NamedTuple):
    """What stands under a key of an object."""

    form: Form
    kind: Kind


class Part(NamedTuple):
    """An object of the document and where it stands."""

    kind: Kind
    value: JsonValue
    pointer: Pointer
    schema_parent: str | None
    """The keyword of the schema around it under which a schema stands."""


ANY_KEY: Final = "*"
"""Stands for every key but ``$ref`` and extensions (``x-…``)."""

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def _fields(form: Form, kind: Kind, *keys: str) -> dict[str, Field]:
    return dict.fromkeys(keys, Field(form, kind))


_CONTENT: Final = {
    **_fields(Form.MAP, Kind.MEDIA_TYPE, "content"),
}
_PARAMETER: Final = {
    **_CONTENT,
    **_fields(Form.ONE, Kind.SCHEMA, "schema"),
    **_fields(Form.MAP, Kind.EXAMPLE, "examples"),
}

FIELDS: Final[Mapping[Kind, Mapping[str, Field]]] = MappingProxyType(
    {
        Kind.OPENAPI: {
            **_fields(Form.ONE, Kind.INFO, "info"),
            **_fields(Form.ONE, Kind.PATHS, "paths"),
            # What documents of 3.0 have for webhooks.
            **_fields(Form.MAP, Kind.PATH_ITEM, "webhooks", "x-webhooks"),
            **_fields(Form.ONE, Kind.COMPONENTS, "components"),
        },
        Kind.INFO: {},
        Kind.COMPONENTS: {
            **_fields(Form.MAP, Kind.SCHEMA, "schemas"),
            **_fields(Form.MAP, Kind.RESPONSE, "responses"),
            **_fields(Form.MAP, Kind.PARAMETER, "parameters"),
            **_fields(Form.MAP, Kind.EXAMPLE, "examples"),
            **_fields(Form.MAP, Kind.REQUEST_BODY, "requestBodies"),
            **_fields(Form.MAP, Kind.HEADER, "headers"),
            **_fields(Form.MAP, Kind.SECURITY_SCHEME, "securitySchemes"),
            **_fields(Form.MAP, Kind.LINK, "links"),
            **_fields(Form.MAP, Kind.CALLBACK, "callbacks"),
            **_fields(Form.MAP, Kind.PATH_ITEM, "pathItems"),
            # From OpenAPI 3.2, like the other keys below that 3.1 does not have.
            **_fields(Form.MAP, Kind.MEDIA_TYPE, "mediaTypes"),
        },
        Kind.PATHS: _fields(Form.ONE, Kind.PATH_ITEM, ANY_KEY),
        Kind.PATH_ITEM: {
            **_fields(Form.ONE, Kind.OPERATION, *METHODS, "query"),
            **_fields(Form.MAP, Kind.OPERATION, "additionalOperations"),
            **_fields(Form.LIST, Kind.PARAMETER, "parameters"),
        },
        Kind.OPERATION: {
            **_fields(Form.LIST, Kind.PARAMETER, "parameters"),
            **_fields(Form.ONE, Kind.REQUEST_BODY, "requestBody"),
            **_fields(Form.ONE, Kind.RESPONSES, "responses"),
            **_fields(Form.MAP, Kind.CALLBACK, "callbacks"),
        },
        Kind.PARAMETER: _PARAMETER,
        Kind.HEADER: _PARAMETER,
        Kind.REQUEST_BODY: _CONTENT,
        Kind.RESPONSES: _fields(Form.ONE, Kind.RESPONSE, ANY_KEY),
        Kind.RESPONSE: {
            **_CONTENT,
            **_fields(Form.MAP, Kind.HEADER, "headers"),
            **_fields(Form.MAP, Kind.LINK, "links"),
        },
        Kind.MEDIA_TYPE: {
            **_fields(Form.ONE, Kind.SCHEMA, "schema", "itemSchema"),
            **_fields(Form.MAP, Kind.EXAMPLE, "examples"),
            **_fields(Form.MAP, Kind.ENCODING, "encoding"),
            **_fields(Form.LIST, Kind.ENCODING, "prefixEncoding"),
            **_fields(Form.ONE, Kind.ENCODING, "itemEncoding"),
        },
        Kind.ENCODING: _fields(Form.MAP, Kind.HEADER, "headers"),
        Kind.CALLBACK: _fields(Form.ONE, Kind.PATH_ITEM, ANY_KEY),
        Kind.EXAMPLE: {},
        Kind.LINK: {},
        Kind.SECURITY_SCHEME: {},
        Kind.SCHEMA: {
            **_fields(Form.LIST, Kind.SCHEMA, "allOf", "anyOf", "oneOf", "prefixItems"),
            **_fields(Form.ONE, Kind.SCHEMA, "not", "if", "then", "else", "items", "contains", "contentSchema"),
            **_fields(Form.ONE, Kind.SCHEMA, "additionalProperties", "propertyNames", "additionalItems"),
            **_fields(Form.ONE, Kind.SCHEMA, "unevaluatedItems", "unevaluatedProperties"),
            **_fields(Form.MAP, Kind.SCHEMA, "properties", "patternProperties", "dependentSchemas"),
            **_fields(Form.MAP, Kind.SCHEMA, "$defs", "definitions"),
        },
    }
)
"""What the keys of each kind of object lead to. An ``example``, ``default``, ``enum`` or ``const`` leads to data."""


def field_of(kind: Kind, key: str) -> Field | None:
    """Return what stands under a key of an object, or None where it is no object."""
    fields = FIELDS[kind]
    if ANY_KEY in fields:
        return None if key == "$ref" or key.startswith("x-") else fields[ANY_KEY]
    return fields.get(key)


def parts(data: JsonValue) -> Iterator[Part]:
    """Yield every object of a document, each before its parts."""
    pending = [Part(Kind.OPENAPI, data, ROOT, None)]
    while pending:
        part = pending.pop()
        yield part
        if isinstance(part.value, dict) and FIELDS[part.kind]:
            pending.extend(reversed(_children(part.kind, part.value, part.pointer)))


def _children(kind: Kind, value: Mapping[str, JsonValue], around: Pointer) -> list[Part]:
    found: list[Part] = []
    for key, child in value.items():
        if (field := field_of(kind, key)) is None:
            continue
        pointer = Pointer(f"{around}/{escape(key)}")
        keyword = key if kind is Kind.SCHEMA else None
        match field.form, child:
            case Form.ONE, _:
                found.append(Part(field.kind, child, pointer, keyword))
            case Form.LIST, list():
                found += [Part(field.kind, item, Pointer(f"{pointer}/{i}"), keyword) for i, item in enumerate(child)]
            case Form.MAP, dict():
                named = ((item, Pointer(f"{pointer}/{escape(name)}")) for name, item in child.items())
                found += [Part(field.kind, item, place, keyword) for item, place in named]
            case _:
                pass
    return found
