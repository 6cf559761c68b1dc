"""The values that are made for schemas fit them, and are as little or as much as was asked for."""

import pytest

from conversation.schemas import Schemas
from conversation.values import NoValue, Wish, value_of
from formance_codegen.load.json_value import JsonValue

LITTLE = Wish(full=False)
MUCH = Wish(full=True)
ORDER: JsonValue = {
    "type": "object",
    "required": ["id", "code", "count"],
    "properties": {
        "id": {"type": "string", "readOnly": True},
        "code": {"type": "string", "pattern": "^[A-Z]{2}[0-9]{3}$"},
        "count": {"type": "integer", "minimum": 7, "multipleOf": 5},
        "when": {"type": ["string", "null"], "format": "date-time"},
        "next": {"$ref": "#/components/schemas/Order"},
    },
    "additionalProperties": False,
}
DOCUMENT: JsonValue = {"openapi": "3.1.1", "components": {"schemas": {"Order": ORDER}}}


def made(schema: JsonValue, wish: Wish) -> JsonValue:
    return value_of(Schemas(DOCUMENT, "request"), schema, "name", wish)


def test_little_is_what_is_required_and_a_request_has_nothing_that_is_read_only() -> None:
    order = made({"$ref": "#/components/schemas/Order"}, LITTLE)
    assert isinstance(order, dict)
    assert order.keys() == {"code", "count"}
    assert order["count"] == 10


def test_much_is_all_that_a_schema_knows_and_ends() -> None:
    order = made(ORDER, MUCH)
    assert isinstance(order, dict)
    assert order.keys() == {"code", "count", "when", "next"}
    assert order["when"] == "2024-02-29T12:30:00Z"


@pytest.mark.parametrize(
    ("schema", "little", "much"),
    [
        ({"enum": ["a", None, "b"]}, "a", "b"),
        ({"const": 3}, 3, 3),
        ({"type": "array", "items": {"type": "boolean"}, "maxItems": 1}, [], [True]),
        ({"type": "array", "items": {"type": "integer"}, "uniqueItems": True, "minItems": 2}, [1, 2], [1, 2]),
        ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, 0.5, 0.5),
        ({"type": "string", "minLength": 6, "maxLength": 6}, "namexx", "namexx"),
        ({"oneOf": [{"type": "null"}, {"type": "integer"}, {"type": "string"}]}, 1, "name"),
        ({"allOf": [{"type": "integer", "minimum": 3}, {"minimum": 5}]}, 5, 5),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {}, {"key1": 1}),
    ],
)
def test_a_value_of(schema: JsonValue, little: JsonValue, much: JsonValue) -> None:
    assert made(schema, LITTLE) == little
    assert made(schema, MUCH) == much


def test_a_variant_has_the_tag_that_the_document_gives_it() -> None:
    cat: JsonValue = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}
    document: JsonValue = {"components": {"schemas": {"Cat": cat}}}
    reference = "#/components/schemas/Cat"
    union: JsonValue = {
        "oneOf": [{"$ref": reference}],
        "discriminator": {"propertyName": "kind", "mapping": {"c": reference}},
    }
    assert value_of(Schemas(document, "request"), union, "pet", LITTLE) == {"kind": "c"}


@pytest.mark.parametrize(
    "schema",
    [
        {"not": {}},
        {"oneOf": [{"type": "integer"}, {"minimum": 0}]},
        {"type": "string", "pattern": "^a$", "minLength": 2},
        {"type": "object", "required": ["a"], "properties": {"a": {"not": {}}}},
    ],
)
def test_what_nothing_fits_has_no_value(schema: JsonValue) -> None:
    with pytest.raises(NoValue):
        made(schema, LITTLE)


def test_what_is_empty_is_avoided_where_it_cannot_be_told_from_nothing() -> None:
    filled = Wish(full=False, filled=True)
    assert made({"enum": ["", "a"]}, filled) == "a"
    assert made({"type": "array", "items": {"type": "integer"}}, filled) == [1]


def test_a_schema_refuses_what_does_not_fit() -> None:
    requests, answers = Schemas(DOCUMENT, "request"), Schemas(DOCUMENT, "answer")
    schema: JsonValue = {"$ref": "#/components/schemas/Order"}
    order: JsonValue = {"code": "AB123", "count": 10, "when": None}
    assert requests.complaint(schema, order) is None
    assert "'id' is a required property" in (answers.complaint(schema, order) or "")
    assert "when" in (requests.complaint(schema, {"code": "AB123", "count": 10, "when": "soon"}) or "")
