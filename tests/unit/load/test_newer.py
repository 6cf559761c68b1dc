"""OpenAPI 3.2 in the terms of 3.1, and what these do not have."""

import pytest

from formance_codegen.diagnostics import Outcome
from formance_codegen.load.document import Document, load
from formance_codegen.load.json_value import JsonValue
from formance_codegen.load.openapi import parse_openapi
from formance_codegen.pointer import Pointer
from formance_codegen.source import SourceFile

HEAD = 'openapi: 3.2.0\ninfo: {title: t, version: "1"}\n'
FORM = "application/x-www-form-urlencoded"


def _load(text: str) -> Outcome[Document]:
    return load(SourceFile(name="new.yaml", text=HEAD + text))


def _document(text: str) -> Document:
    outcome = _load(text)
    assert outcome.value is not None, outcome.diagnostics
    assert parse_openapi(outcome.value).diagnostics == ()
    return outcome.value


def _found(text: str) -> list[tuple[str, str, str]]:
    return [(found.code.slug, str(found.span), found.message) for found in _load(text).diagnostics]


def _with_parameters(*parameters: str) -> str:
    listed = "".join(f"        - {parameter}\n" for parameter in parameters)
    return f"paths:\n  /a:\n    get:\n      responses: {{'204': {{description: d}}}}\n      parameters:\n{listed}"


def test_a_query_string_like_a_form_is_a_parameter_of_the_query() -> None:
    text = _with_parameters(f"{{name: q, in: querystring, content: {{{FORM}: {{schema: {{type: object}}}}}}}}")
    place = Pointer("/paths/~1a/get/parameters/0")
    document = _document(text)
    expected: JsonValue = {"name": "q", "in": "query", "style": "form", "explode": True, "schema": {"type": "object"}}
    assert document.at(place) == expected
    assert str(document.span(Pointer(f"{place}/schema/type"))) == "new.yaml:8:93"


def test_another_query_string_is_of_a_style_of_its_own() -> None:
    text = _with_parameters("{$ref: '#/components/parameters/Q'}")
    text += "components:\n  parameters:\n    Q: {name: q, in: querystring, content: {text/plain: {}}}\n"
    expected: JsonValue = {"name": "q", "in": "query", "style": "querystring", "content": {"text/plain": {}}}
    assert _document(text).at(Pointer("/components/parameters/Q")) == expected
    assert _found(text) == []


@pytest.mark.parametrize(
    ("method", "message"),
    [
        ("POST", '"POST" has a field of its own, "post" of the path item'),
        ("query", '"query" has a field of its own, "query" of the path item'),
        ("A B", '"A B" is no method of HTTP'),
    ],
)
def test_methods_that_must_not_be_additional(method: str, message: str) -> None:
    text = f"paths:\n  /a:\n    additionalOperations:\n      {method}: {{responses: {{'204': {{description: d}}}}}}\n"
    assert _found(text) == [("invalid-document", "new.yaml:6:7", message)]


def test_an_operation_under_a_new_key_is_checked_like_any_other() -> None:
    outcome = _load("paths:\n  /a:\n    query: {operationId: [x], responses: {'204': {description: d}}}\n")
    assert outcome.value is not None
    (found,) = parse_openapi(outcome.value).diagnostics
    assert (found.code.slug, str(found.span)) == ("invalid-document", "new.yaml:5:13")


def test_items_of_a_stream_stay() -> None:
    text = (
        "paths:\n  /a:\n    get:\n      responses:\n        '200':\n          description: d\n"
        "          content: {application/jsonl: {itemSchema: {type: object}}}\n"
    )
    assert _found(text) == []
    place = Pointer("/paths/~1a/get/responses/200/content/application~1jsonl/itemSchema")
    assert _document(text).at(place) == {"type": "object"}


def test_the_schema_of_an_item_is_checked_like_any_other() -> None:
    outcome = _load(
        "paths:\n  /a:\n    get:\n      responses:\n        '200':\n          description: d\n"
        "          content: {application/jsonl: {itemSchema: {type: 3}}}\n"
    )
    assert outcome.value is not None
    (found,) = parse_openapi(outcome.value).diagnostics
    assert (found.code.slug, str(found.span)) == ("invalid-document", "new.yaml:9:54")


def test_a_summary_stands_for_a_description() -> None:
    text = "tags: [{name: a, summary: All.}]\npaths:\n  /a:\n    get:\n      responses: {'204': {summary: Done.}}\n"
    document = _document(text)
    assert document.at(Pointer("/tags/0/description")) == "All."
    assert document.at(Pointer("/paths/~1a/get/responses/204/description")) == "Done."
    assert _found(text)[1:] == []


def test_references_may_be_relative_to_self() -> None:
    text = (
        "$self: https://a.test/api/new.yaml\npaths: {}\ncomponents:\n  schemas:\n    A: {type: string}\n"
        "    B: {type: array, items: {$ref: 'https://a.test/api/new.yaml#/components/schemas/A'}}\n"
        "    C: {type: array, items: {$ref: 'new.yaml#/components/schemas/A'}}\n"
    )
    document = _document(text)
    for name in ("B", "C"):
        assert document.at(Pointer(f"/components/schemas/{name}/items/$ref")) == "#/components/schemas/A"
