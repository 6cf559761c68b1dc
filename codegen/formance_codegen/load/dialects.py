"""What bundling has to know of a version of the standard: which keys lead to which objects, and where they may live."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from formance_codegen.load.structure import ANY_KEY, FIELDS, METHODS, Field, Form, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The objects of one version."""

    fields: Mapping[Kind, Mapping[str, Field]]
    homes: Mapping[Kind, tuple[str, ...]]
    """The path to the map that holds reusable objects of a kind; others can only be written where they are used."""

    def field(self, kind: Kind, key: str) -> Field | None:
        """Return what stands under a key of an object, or None where it is no object."""
        fields = self.fields.get(kind, {})
        if ANY_KEY in fields:
            return None if key == "$ref" or key.startswith("x-") else fields[ANY_KEY]
        return fields.get(key)


OPENAPI_3: Final = Dialect(
    fields=FIELDS,
    homes=MappingProxyType(
        {
            Kind.SCHEMA: ("components", "schemas"),
            Kind.RESPONSE: ("components", "responses"),
            Kind.PARAMETER: ("components", "parameters"),
            Kind.EXAMPLE: ("components", "examples"),
            Kind.REQUEST_BODY: ("components", "requestBodies"),
            Kind.HEADER: ("components", "headers"),
            Kind.SECURITY_SCHEME: ("components", "securitySchemes"),
            Kind.LINK: ("components", "links"),
            Kind.CALLBACK: ("components", "callbacks"),
            Kind.PATH_ITEM: ("components", "pathItems"),
        }
    ),
)

SWAGGER_2: Final = Dialect(
    fields=MappingProxyType(
        {
            Kind.OPENAPI: {
                "info": Field(Form.ONE, Kind.INFO),
                "paths": Field(Form.ONE, Kind.PATHS),
                "definitions": Field(Form.MAP, Kind.SCHEMA),
                "parameters": Field(Form.MAP, Kind.PARAMETER),
                "responses": Field(Form.MAP, Kind.RESPONSE),
                "securityDefinitions": Field(Form.MAP, Kind.SECURITY_SCHEME),
            },
            Kind.PATHS: {ANY_KEY: Field(Form.ONE, Kind.PATH_ITEM)},
            Kind.PATH_ITEM: {
                **dict.fromkeys(METHODS, Field(Form.ONE, Kind.OPERATION)),
                "parameters": Field(Form.LIST, Kind.PARAMETER),
            },
            Kind.OPERATION: {
                "parameters": Field(Form.LIST, Kind.PARAMETER),
                "responses": Field(Form.ONE, Kind.RESPONSES),
            },
            Kind.PARAMETER: {"schema": Field(Form.ONE, Kind.SCHEMA)},
            Kind.RESPONSES: {ANY_KEY: Field(Form.ONE, Kind.RESPONSE)},
            Kind.RESPONSE: {"schema": Field(Form.ONE, Kind.SCHEMA)},
            Kind.SCHEMA: FIELDS[Kind.SCHEMA],
        }
    ),
    homes=MappingProxyType(
        {
            Kind.SCHEMA: ("definitions",),
            Kind.PARAMETER: ("parameters",),
            Kind.RESPONSE: ("responses",),
            Kind.SECURITY_SCHEME: ("securityDefinitions",),
        }
    ),
)
