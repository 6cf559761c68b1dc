"""References that lead nowhere, of every kind of object: a client is made all the same."""

import json

import pytest

from formance_codegen.diagnostics import Severity
from formance_codegen.load.document import Document, load
from formance_codegen.load.json_value import JsonValue, Missing
from formance_codegen.load.openapi import parse_openapi
from formance_codegen.pointer import Pointer
from formance_codegen.source import SourceFile

NOWHERE: dict[str, JsonValue] = {"$ref": "#/components/nowhere"}
OPERATION: dict[str, JsonValue] = {"responses": {"204": {"description": "d"}}}


def _loaded(paths: JsonValue, components: JsonValue = None) -> tuple[Document, list[tuple[str, str]]]:
    data = {"openapi": "3.1.0", "info": {"title": "t", "version": "v"}, "paths": paths, "components": components or {}}
    outcome = load(SourceFile(name="a.json", text=json.dumps(data)))
    assert outcome.value is not None, outcome.diagnostics
    assert parse_openapi(outcome.value).value is not None
    broken = [each for each in outcome.diagnostics if each.code.slug in ("broken-reference", "circular-reference")]
    assert all(each.severity is Severity.WARNING for each in broken)
    return outcome.value, [(each.pointer or "", each.notes[-1]) for each in broken]


def _at(document: Document, pointer: str) -> JsonValue | Missing:
    return document.at(Pointer(pointer))


def test_a_schema_allows_any_value_and_keeps_what_stands_beside() -> None:
    schemas: JsonValue = {"A": {"properties": {"b": {**NOWHERE, "description": "B."}}}, "C": {"items": NOWHERE}}
    document, told = _loaded({}, {"schemas": schemas})
    assert _at(document, "/components/schemas/A/properties/b") == {"description": "B."}
    assert _at(document, "/components/schemas/C/items") == {}
    assert {note for _, note in told} == {"any value is taken"}


def test_a_parameter_is_left_out_and_the_others_keep_their_places() -> None:
    named: JsonValue = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in "ab"]
    assert isinstance(named, list)
    document, told = _loaded({"/a": {"get": {**OPERATION, "parameters": [NOWHERE, *named]}}})
    assert _at(document, "/paths/~1a/get/parameters") == named
    assert told == [("/paths/~1a/get/parameters/0/$ref", "it is left out")]
    place = document.span(Pointer("/paths/~1a/get/parameters/0/name"))
    assert place.column == document.source.text.index('"name": "a"') + 1


@pytest.mark.parametrize(
    ("operation", "pointer", "left", "note"),
    [
        ({"responses": {"200": NOWHERE}}, "responses/200", {"description": ""}, "it is read as one without content"),
        ({**OPERATION, "requestBody": NOWHERE}, "requestBody", {"content": {}}, "no body is sent"),
        ({**OPERATION, "callbacks": {"c": NOWHERE}}, "callbacks", {}, "it is left out"),
        ({"responses": {"200": {"description": "d", "headers": {"H": NOWHERE}}}}, "responses/200/headers", {}, ""),
        ({"responses": {"200": {"description": "d", "links": {"L": NOWHERE}}}}, "responses/200/links", {}, ""),
    ],
)
def test_parts_of_an_operation(operation: JsonValue, pointer: str, left: JsonValue, note: str) -> None:
    document, told = _loaded({"/a": {"post": operation}})
    assert _at(document, f"/paths/~1a/post/{pointer}") == left
    assert [said for _, said in told] == [note or "it is left out"]


def test_a_path_has_no_operations() -> None:
    document, told = _loaded({"/a": NOWHERE, "/b": {"$ref": "#/paths/~1c"}, "/c": {"$ref": "#/paths/~1b"}})
    assert _at(document, "/paths") == {"/a": {}, "/b": {}, "/c": {}}
    assert {note for _, note in told} == {"it has no operations"}


def test_what_refers_to_what_is_left_out_is_left_out_too() -> None:
    paths: JsonValue = {"/a": {"get": {**OPERATION, "parameters": [{"$ref": "#/components/parameters/A"}]}}}
    document, told = _loaded(paths, {"parameters": {"A": {"in": "query"}}, "securitySchemes": {"s": NOWHERE}})
    assert _at(document, "/paths/~1a/get/parameters") == []
    assert _at(document, "/components/securitySchemes") == {}
    assert len(told) == 2


def test_a_reference_to_another_kind_of_object_leads_nowhere() -> None:
    document, told = _loaded({"/a": {"$ref": "#/components/schemas/A"}}, {"schemas": {"A": {"type": "string"}}})
    assert _at(document, "/paths/~1a") == {}
    assert told == [("/paths/~1a/$ref", "it has no operations")]
