"""Documents as a whole: versions, places and what the models make of them."""

from pathlib import Path

import pytest
from openapi_pydantic.v3.v3_1 import Schema

from formance_codegen.diagnostics import Outcome
from formance_codegen.load.document import Document, load
from formance_codegen.load.json_value import MISSING
from formance_codegen.load.openapi import (
    header_at,
    parameter_at,
    parse_openapi,
    path_item_at,
    reference_of,
    request_body_at,
    response_at,
    schema_at,
    security_scheme_at,
)
from formance_codegen.load.refs import resolve
from formance_codegen.pointer import Pointer
from formance_codegen.source import SourceFile

SPECS = Path(__file__).parents[3] / "specs"
TYPES = '"null", "string", "number", "integer", "boolean", "array" or "object"'
TEXT = """\
openapi: 3.0.3
info: {title: t, version: v}
paths:
  /a: {$ref: '#/components/pathItems/A'}
components:
  pathItems: {A: {get: {responses: {'200': {description: d}}}}}
  parameters: {P: {name: p, in: query, schema: {type: integer}}}
  headers: {H: {schema: {type: integer}}}
  requestBodies: {B: {content: {a/b: {}}}}
  responses: {R: {description: d}}
  securitySchemes: {K: {type: apiKey, name: k, in: header}}
  schemas:
    Alias: {$ref: '#/components/schemas/Name', nullable: true}
    Name: {type: string}
    Holder: {properties: {a: {$ref: '#/components/schemas/Name'}}}
"""


def _load(text: str) -> Outcome[Document]:
    return load(SourceFile(name="spec.yaml", text=text))


def _document(text: str) -> Document:
    outcome = _load(text)
    assert outcome.value is not None, outcome.diagnostics
    return outcome.value


@pytest.mark.parametrize("version", ["3.0.0", "3.0.3", "3.0.5", "3.1.0", "3.1.2", "3.1", "'3.0'", "3.1.0-rc1"])
def test_versions_that_are_read(version: str) -> None:
    document = _document(f"openapi: {version}\ninfo: {{title: t, version: v}}\npaths: {{}}")

    assert document.version == version.strip("'")
    assert document.at(Pointer("/openapi")) == "3.1.1"


@pytest.mark.parametrize(
    ("text", "slug", "message"),
    [
        (
            "openapi: 3.3.0",
            "unsupported-version",
            "OpenAPI 3.3.0 is not read; Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are",
        ),
        ("openapi: 4", "unsupported-version", "OpenAPI 4 is not read; Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are"),
        (
            "openapi: [3]",
            "unsupported-version",
            "OpenAPI a list is not read; Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are",
        ),
        (
            "swagger: '1.2'",
            "unsupported-version",
            "Swagger 1.2 is not read; Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are",
        ),
        ("title: x", "not-openapi", 'the document has no key "openapi"'),
        ("[openapi]", "not-openapi", "the document is a list, not a mapping"),
        ("just text", "not-openapi", "the document is a text, not a mapping"),
        ("---\n", "not-openapi", "the document is null, not a mapping"),
        ("a: [", "not-yaml", "did not find expected node content"),
    ],
)
def test_other_texts_are_refused(text: str, slug: str, message: str) -> None:
    outcome = _load(text)

    assert outcome.value is None
    assert [(found.code.slug, found.message) for found in outcome.diagnostics] == [(slug, message)]


def test_a_place_is_the_nearest_one_around() -> None:
    document = _document(TEXT)

    assert str(document.span(Pointer("/components/schemas/Name/type"))) == "spec.yaml:14:12"
    assert str(document.span(Pointer("/components/schemas/Name/items/type"))) == "spec.yaml:14:5"
    assert str(document.span(Pointer("/nowhere/at/all"))) == "spec.yaml:1:1"
    assert document.at(Pointer("/components/schemas/Name")) == {"type": "string"}
    assert document.at(Pointer("/components/schemas/Nobody")) is MISSING


def test_parts_are_typed_wherever_they_stand() -> None:
    document = _document(TEXT)
    components = "/components/"

    assert parameter_at(document, Pointer(components + "parameters/P")).name == "p"
    assert isinstance(header_at(document, Pointer(components + "headers/H")).param_schema, Schema)
    assert list(request_body_at(document, Pointer(components + "requestBodies/B")).content) == ["a/b"]
    assert response_at(document, Pointer(components + "responses/R")).description == "d"
    assert path_item_at(document, Pointer(components + "pathItems/A")).get is not None
    assert security_scheme_at(document, Pointer(components + "securitySchemes/K")).name == "k"
    assert schema_at(document, resolve(document, "#/components/schemas/Alias")[0]).type == "string"
    with pytest.raises(LookupError):
        schema_at(document, Pointer(components + "schemas/Nobody"))


def test_references_are_told_from_schemas_in_every_form_the_models_give_them() -> None:
    openapi = parse_openapi(_document(TEXT)).value
    assert openapi is not None
    assert openapi.components is not None
    schemas = openapi.components.schemas or {}
    properties = schemas["Holder"].properties or {}

    assert reference_of(schemas["Alias"]) == "#/components/schemas/Name"
    assert reference_of(schemas["Name"]) is None
    assert reference_of(properties["a"]) == "#/components/schemas/Name"
    assert reference_of((openapi.paths or {})["/a"]) == "#/components/pathItems/A"


@pytest.mark.parametrize(
    ("schema", "messages"),
    [
        (
            "{type: 5}",
            [f'"type": 5 is not one of {TYPES}'],
        ),
        (
            "{type: [string, 5]}",
            [f'item 2 of "type": 5 is not one of {TYPES}'],
        ),
        ("{items: 5}", ['"items": a mapping is expected, not 5']),
        ("{additionalProperties: maybe}", ['"additionalProperties": a mapping is expected, not "maybe"']),
        ("{maxLength: -1}", ['"maxLength": input should be greater than or equal to 0, not -1']),
        ("{maxLength: many}", ['"maxLength": a whole number is expected, not "many"']),
        ("{maxLength: 1.5}", ['"maxLength": a whole number is expected, not 1.5']),
        ("{deprecated: often}", ['"deprecated": true or false is expected, not "often"']),
        ("{properties: [a]}", ['"properties": a mapping is expected, not a list']),
        ("{discriminator: kind}", ['"discriminator": a mapping is expected, not "kind"']),
        ("{discriminator: {}}", ['"propertyName" is missing']),
        ("{$defs: {a: {maxLength: -1}}}", ['"maxLength": input should be greater than or equal to 0, not -1']),
        ("[]", ['"It": a mapping is expected, not a list']),
        (
            "{allOf: {}, minimum: x}",
            ['"allOf": a list is expected, not a mapping', '"minimum": a number is expected, not "x"'],
        ),
    ],
)
def test_a_complaint_is_made_once_in_the_words_of_the_specification(schema: str, messages: list[str]) -> None:
    document = _document(f"openapi: 3.1.0\ninfo: {{title: t, version: v}}\ncomponents: {{schemas: {{It: {schema}}}}}")
    outcome = parse_openapi(document)

    assert outcome.value is None
    assert [found.message for found in outcome.diagnostics] == messages
    assert all(found.code.slug == "invalid-document" for found in outcome.diagnostics)
    assert all((found.pointer or "").startswith("/components/schemas/It") for found in outcome.diagnostics)


@pytest.mark.parametrize("file", sorted(SPECS.glob("*.yaml")), ids=lambda file: file.stem)
def test_the_documents_of_the_platform_are_read(file: Path) -> None:
    loaded = load(SourceFile(name=file.name, text=file.read_text(encoding="utf-8")))
    assert loaded.value is not None

    parsed = parse_openapi(loaded.value)

    assert parsed.value is not None
    assert parsed.diagnostics == ()
    assert parsed.value.paths
