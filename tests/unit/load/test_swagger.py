"""Swagger 2.0 as OpenAPI: each construct, where its parts stand, and what cannot be said."""

import pytest

from formance_codegen.diagnostics import Diagnostic
from formance_codegen.load.document import Document, load
from formance_codegen.load.json_value import JsonValue, Missing
from formance_codegen.load.openapi import parse_openapi
from formance_codegen.pointer import Pointer
from formance_codegen.source import SourceFile

HEAD = 'swagger: "2.0"\ninfo: {title: t, version: "1"}\n'


def _loaded(text: str) -> tuple[Document, tuple[Diagnostic, ...]]:
    outcome = load(SourceFile(name="old.yaml", text=HEAD + text))
    assert outcome.value is not None, outcome.diagnostics
    assert parse_openapi(outcome.value).diagnostics == ()
    return outcome.value, outcome.diagnostics


def _at(text: str, pointer: str) -> JsonValue | Missing:
    return _loaded(text)[0].at(Pointer(pointer))


def _operation(*parameters: str, more: str = "") -> str:
    listed = "".join(f"        - {parameter}\n" for parameter in parameters)
    return (
        f"paths:\n  /a:\n    post:\n      responses: {{'204': {{description: d}}}}\n{more}      parameters:\n{listed}"
    )


POST = "/paths/~1a/post"


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("host: a.test\nbasePath: /v1\nschemes: [https]\n", ["https://a.test/v1"]),
        ("host: a.test\nschemes: [http, wss, https]\n", ["https://a.test", "http://a.test"]),
        ("host: a.test\nbasePath: /\n", ["https://a.test"]),
        ("basePath: v1/\n", ["/v1"]),
    ],
)
def test_servers(text: str, urls: list[str]) -> None:
    assert _at(f"{text}paths: {{}}\n", "/servers") == [{"url": url} for url in urls]


@pytest.mark.parametrize(
    ("written", "style", "explode"),
    [
        ("", "form", False),
        (", collectionFormat: csv", "form", False),
        (", collectionFormat: multi", "form", True),
        (", collectionFormat: ssv", "spaceDelimited", False),
        (", collectionFormat: tsv", "tabDelimited", False),
        (", collectionFormat: pipes", "pipeDelimited", False),
    ],
)
def test_how_the_items_of_an_array_are_written(written: str, style: str, *, explode: bool) -> None:
    text = _operation(f"{{name: x, in: query, type: array, items: {{type: string}}{written}}}")
    assert _at(text, f"{POST}/parameters/0") == {
        "name": "x",
        "in": "query",
        "schema": {"type": "array", "items": {"type": "string"}},
        "style": style,
        "explode": explode,
    }


def test_what_has_no_style_is_told_at_its_place() -> None:
    text = _operation("{name: x, in: header, type: array, items: {type: string}, collectionFormat: multi}")
    (found,) = (found for found in _loaded(text)[1] if found.code.slug == "unsupported-feature")
    assert str(found.span) == "old.yaml:8:69"


def test_a_body_has_the_media_types_that_are_told() -> None:
    text = _operation(
        "{name: b, in: body, required: true, schema: {type: object, properties: {x: {type: string}}}}",
        more="      consumes: [application/json, application/vnd.a+json]\n",
    )
    document, _ = _loaded(text)
    schema = {"type": "object", "properties": {"x": {"type": "string"}}}
    again = {"$ref": "#/paths/~1a/post/requestBody/content/application~1json/schema"}
    assert document.at(Pointer(f"{POST}/requestBody")) == {
        "required": True,
        "content": {"application/json": {"schema": schema}, "application/vnd.a+json": {"schema": again}},
    }
    inner = Pointer(f"{POST}/requestBody/content/application~1json/schema/properties/x")
    assert str(document.span(inner)) == "old.yaml:9:83"


@pytest.mark.parametrize(
    ("kind", "consumes", "media"),
    [
        ("string", "", "application/x-www-form-urlencoded"),
        ("string", "multipart/form-data", "multipart/form-data"),
        ("file", "", "multipart/form-data"),
        ("file", "application/x-www-form-urlencoded", "multipart/form-data"),
    ],
)
def test_fields_of_a_form_are_properties(kind: str, consumes: str, media: str) -> None:
    text = _operation(
        f"{{name: f, in: formData, required: true, type: {kind}}}", more=f"      consumes: [{consumes}]\n"
    )
    field: JsonValue = {"type": "string", "format": "binary"} if kind == "file" else {"type": "string"}
    schema: JsonValue = {"type": "object", "properties": {"f": field}, "required": ["f"]}
    assert _at(text, f"{POST}/requestBody") == {"required": True, "content": {media: {"schema": schema}}}


def test_parameters_of_a_path_that_make_a_body_are_those_of_each_operation() -> None:
    text = (
        "paths:\n  /a:\n    parameters: [{name: b, in: body, schema: {type: string}}]\n"
        "    post: {responses: {'204': {description: d}}}\n"
    )
    assert _at(text, f"{POST}/requestBody/content") == {"application/json": {"schema": {"type": "string"}}}
    assert isinstance(_at(text, "/paths/~1a/parameters"), Missing)


def test_references_lead_to_where_things_are_now() -> None:
    text = (
        _operation("{$ref: '#/parameters/B'}", "{$ref: '#/parameters/Q'}")
        + "parameters:\n  B: {name: b, in: body, schema: {type: object, properties: {s: {type: string}}}}\n"
        "  Q: {name: q, in: query, type: integer}\n"
        "definitions:\n  A: {type: object, properties: {s: {$ref: '#/parameters/B/schema/properties/s'}}}\n"
    )
    assert _at(text, f"{POST}/requestBody") == {"$ref": "#/components/requestBodies/B"}
    assert _at(text, f"{POST}/parameters") == [{"$ref": "#/components/parameters/Q"}]
    assert _at(text, "/components/schemas/A/properties/s/$ref") == (
        "#/components/requestBodies/B/content/application~1json/schema/properties/s"
    )


def test_schemas_speak_the_newer_dialect() -> None:
    text = (
        "paths: {}\ndefinitions:\n  A: {type: object, discriminator: kind, required: [kind],"
        " properties: {kind: {type: string, x-nullable: true}}}\n"
    )
    assert _at(text, "/components/schemas/A") == {
        "type": "object",
        "discriminator": {"propertyName": "kind"},
        "required": ["kind"],
        "properties": {"kind": {"type": ["string", "null"]}},
    }


@pytest.mark.parametrize(
    ("flow", "name"),
    [
        ("implicit", "implicit"),
        ("password", "password"),
        ("application", "clientCredentials"),
        ("accessCode", "authorizationCode"),
    ],
)
def test_flows_of_oauth(flow: str, name: str) -> None:
    urls = "authorizationUrl: https://a.test/a, tokenUrl: https://a.test/t"
    text = f"paths: {{}}\nsecurityDefinitions:\n  o: {{type: oauth2, flow: {flow}, {urls}, scopes: {{r: Read}}}}\n"
    found = _at(text, "/components/securitySchemes/o/flows")
    assert isinstance(found, dict)
    assert [*found] == [name]


def test_a_response_has_headers_and_examples() -> None:
    text = (
        "paths:\n  /a:\n    post:\n      responses:\n        '200':\n          description: d\n"
        "          schema: {type: string}\n          headers: {X-Rate: {type: integer, description: Calls.}}\n"
        "          examples: {application/json: hello}\n"
    )
    assert _at(text, f"{POST}/responses/200") == {
        "description": "d",
        "content": {"application/json": {"schema": {"type": "string"}, "example": "hello"}},
        "headers": {"X-Rate": {"description": "Calls.", "schema": {"type": "integer"}}},
    }
