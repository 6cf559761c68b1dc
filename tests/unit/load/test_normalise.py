"""Documents of 3.0 and 3.1 in one dialect."""

import copy
from pathlib import Path

import pytest

from formance_codegen.load.json_value import JsonValue, find
from formance_codegen.load.normalise import Normal, normalise
from formance_codegen.load.yaml import parse
from formance_codegen.pointer import Pointer, join
from formance_codegen.source import SourceFile

SPECS = Path(__file__).parents[3] / "specs"
BASE = Pointer("/components/schemas/It")


def _normal(text: str) -> Normal:
    outcome = parse(SourceFile(name="spec.yaml", text=text))
    assert outcome.value is not None, outcome.diagnostics
    before = copy.deepcopy(outcome.value.data)
    normal = normalise(outcome.value.data, outcome.value.spans)
    assert outcome.value.data == before
    return normal


def _schema(schema: str, others: str = "") -> tuple[JsonValue, list[str]]:
    head = "openapi: 3.0.3\ninfo: {title: t, version: v}\npaths: {}\ncomponents:\n  schemas:\n"
    normal = _normal(f"{head}    It: {schema}\n    Name: {{type: string}}\n{others}")
    value = find(normal.data, BASE)
    assert isinstance(value, dict | list | str | None)
    return value, [found.code.slug for found in normal.diagnostics]


FORMS: list[tuple[str, JsonValue]] = [
    ("{type: string, nullable: true}", {"type": ["string", "null"]}),
    ("{type: string, nullable: false}", {"type": "string"}),
    ("{type: [string, integer], nullable: true}", {"type": ["string", "integer", "null"]}),
    ("{type: [string, 'null'], nullable: true}", {"type": ["string", "null"]}),
    ("{type: string, enum: [a], nullable: true}", {"type": ["string", "null"], "enum": ["a", None]}),
    ("{type: string, enum: [a, null], nullable: true}", {"type": ["string", "null"], "enum": ["a", None]}),
    ("{enum: [a], nullable: true}", {"enum": ["a", None], "x-nullable": True}),
    (
        "{$ref: '#/components/schemas/Name', nullable: true}",
        {"$ref": "#/components/schemas/Name", "x-nullable": True},
    ),
    (
        "{allOf: [{$ref: '#/components/schemas/Name'}], nullable: true}",
        {"allOf": [{"$ref": "#/components/schemas/Name"}], "x-nullable": True},
    ),
    (
        "{type: object, nullable: true, oneOf: [{type: object}]}",
        {"type": "object", "x-nullable": True, "oneOf": [{"type": "object"}]},
    ),
    ("{nullable: true}", {"x-nullable": True}),
    ("{type: integer, minimum: 1, exclusiveMinimum: true}", {"type": "integer", "exclusiveMinimum": 1}),
    ("{type: integer, minimum: 1, exclusiveMinimum: false}", {"type": "integer", "minimum": 1}),
    ("{type: number, maximum: 1.5, exclusiveMaximum: true}", {"type": "number", "exclusiveMaximum": 1.5}),
    ("{type: number, exclusiveMaximum: true}", {"type": "number"}),
    ("{type: number, exclusiveMaximum: 3}", {"type": "number", "exclusiveMaximum": 3}),
    ("{type: string, example: a}", {"type": "string", "examples": ["a"]}),
    ("{type: string, example: null}", {"type": "string", "examples": [None]}),
    ("{type: string, example: a, examples: [b]}", {"type": "string", "examples": ["b"]}),
    ("{default: null, const: null, x-note: null}", {"default": None, "const": None, "x-note": None}),
    ("{description: null, type: string}", {"type": "string"}),
    ("true", {}),
    ("false", {"not": {}}),
    ("{additionalProperties: false}", {"additionalProperties": False}),
    ("{additionalProperties: true, items: true}", {"additionalProperties": True, "items": {}}),
    ("{not: false, anyOf: [true]}", {"not": {"not": {}}, "anyOf": [{}]}),
]


@pytest.mark.parametrize(("written", "normal"), FORMS)
def test_keywords_have_the_form_of_3_1(written: str, normal: JsonValue) -> None:
    assert _schema(written) == (normal, [])


@pytest.mark.parametrize(
    ("written", "normal", "slug"),
    [
        ("{type: string, items: {type: string}}", {"type": "string"}, "unused-keyword"),
        ("{type: [string, 'null'], items: {}}", {"type": ["string", "null"]}, "unused-keyword"),
        ("{enum: [a, b, a]}", {"enum": ["a", "b"]}, "duplicate-enum-value"),
        ("{enum: [1, 1.0, true, '1']}", {"enum": [1, True, "1"]}, "duplicate-enum-value"),
        ("{enum: [{a: 1, b: 2}, {b: 2, a: 1}]}", {"enum": [{"a": 1, "b": 2}]}, "duplicate-enum-value"),
        ("{enum: []}", {}, "repaired"),
        ("{required: true}", {}, "repaired"),
        ("{type: null}", {"type": "null"}, "repaired"),
        ("{type: null, items: {}}", {"items": {}}, "repaired"),
        ("{type: [string, null]}", {"type": ["string", "null"]}, "repaired"),
        ("{properties: null}", {}, "repaired"),
        ("{properties: {a: null}}", {"properties": {"a": {}}}, "repaired"),
        ("{items: [{type: string}, true]}", {"prefixItems": [{"type": "string"}, {}]}, "repaired"),
        ("{examples: {one: 1}}", {"examples": [1]}, "repaired"),
        ("null", {}, "repaired"),
    ],
)
def test_slips_are_mended_and_told(written: str, normal: JsonValue, slug: str) -> None:
    assert _schema(written) == (normal, [slug])


@pytest.mark.parametrize(
    "data",
    [
        "{default: {nullable: true, type: string, items: 1, $ref: '#/nowhere'}}",
        "{const: {required: true, enum: []}}",
        "{enum: [{example: 1, type: string, nullable: true}, {enum: [1, 1]}]}",
        "{x-vendor: {nullable: true, type: string, enum: [a, a]}}",
        "{examples: [{type: string, nullable: true, $ref: 1}]}",
    ],
)
def test_data_stays_as_it_is(data: str) -> None:
    outcome = parse(SourceFile(name="spec.yaml", text=data))
    assert outcome.value is not None

    assert _schema(data) == (outcome.value.data, [])


def test_a_property_may_have_the_name_of_a_keyword() -> None:
    names = (
        "nullable",
        "required",
        "example",
        "items",
        "enum",
        "type",
        "$ref",
        "x-note",
        "exclusiveMinimum",
        "properties",
    )
    written = ", ".join(f"{name}: {{type: string, nullable: true}}" for name in names)

    assert _schema(f"{{type: object, properties: {{{written}}}}}") == (
        {"type": "object", "properties": {name: {"type": ["string", "null"]} for name in names}},
        [],
    )


@pytest.mark.parametrize(
    ("written", "dropped"),
    [
        ("{required: [a, b], properties: {a: {}}}", ["b"]),
        ("{required: [a, b, c], properties: {a: {}}, allOf: [{properties: {b: {}}}]}", ["c"]),
        ("{required: [a, b, c], properties: {a: {}}, allOf: [{$ref: '#/components/schemas/Base'}]}", ["c"]),
        ("{required: [a, b], properties: {a: {}}, additionalProperties: false}", ["b"]),
        ("{required: [a, b], properties: {a: {}}, additionalProperties: {type: string}}", []),
        ("{required: [a, b], properties: {a: {}}, oneOf: [{properties: {b: {}}}]}", []),
        ("{required: [a, b], properties: {a: {}}, patternProperties: {^b: {}}}", []),
        ("{required: [b]}", []),
        ("{properties: {b: {}}, allOf: [{required: [b, c], properties: {c: {}}}]}", []),
        ("{properties: {b: {}}, anyOf: [{required: [b], properties: {c: {}}}]}", []),
        ("{required: [a, b], properties: {a: {}}, allOf: [{$ref: '#/nowhere'}]}", []),
        ("{required: [a, b], properties: {a: {}}, allOf: [{$ref: '#/components/schemas/Loop'}]}", []),
    ],
)
def test_required_names_that_nothing_declares_are_dropped_where_that_is_sure(written: str, dropped: list[str]) -> None:
    others = """
    Base: {properties: {b: {}}}
    Loop: {properties: {d: {}}, allOf: [{$ref: '#/components/schemas/Loop'}]}
"""
    schema, slugs = _schema(written, others)

    assert slugs == ["required-without-property"] * len(dropped)
    assert isinstance(schema, dict)
    if dropped:
        assert isinstance(names := schema["required"], list)
        assert not set(dropped) & {str(name) for name in names}


def test_a_base_may_require_what_its_heirs_declare() -> None:
    schema, slugs = _schema(
        "{required: [a, data], properties: {a: {}}}",
        "    Heir: {allOf: [{$ref: '#/components/schemas/It'}, {properties: {data: {}}}]}\n",
    )

    assert (schema, slugs) == ({"required": ["a", "data"], "properties": {"a": {}}}, [])


def test_places_follow_what_moves() -> None:
    normal = _normal("""
openapi: 3.0.0
info: {title: t, version: v}
components:
  schemas:
    It:
      enum:
        - a
        - a
        - b
      example: a
""")

    assert find(normal.data, join(BASE, "enum", 1)) == "b"
    assert normal.spans[join(BASE, "enum", 1)].line == 10
    assert normal.spans[join(BASE, "examples")].line == 11
    assert normal.spans[join(BASE, "enum", 0)].line == 8
    assert join(BASE, "examples") in set(normal.spans)
    assert len(normal.spans) == len(set(normal.spans))


def test_paths_hold_paths_only_and_responses_no_extensions() -> None:
    normal = _normal("""
openapi: 3.0.0
info: {title: t, version: v}
paths:
  x-errors: {}
  accounts: {}
  /a:
    get:
      x-note: kept
      responses: {x-note: dropped, '200': {description: d, x-note: kept}}
      callbacks: {done: {x-note: dropped, '{$request.body#/url}': {post: {responses: {}}}}}
""")

    assert find(normal.data, Pointer("/paths")) == {
        "/a": {
            "get": {
                "x-note": "kept",
                "responses": {"200": {"description": "d", "x-note": "kept"}},
                "callbacks": {"done": {"{$request.body#/url}": {"post": {"responses": {}}}}},
            }
        }
    }
    assert [(found.code.slug, found.pointer) for found in normal.diagnostics] == [
        ("extension-in-paths", "/paths/x-errors"),
        ("extension-in-paths", "/paths/accounts"),
    ]


@pytest.mark.parametrize(
    ("written", "info"),
    [
        ("info: {title: t, version: 1}", {"title": "t", "version": "1"}),
        ("info: {title: t, version: 1.5}", {"title": "t", "version": "1.5"}),
        ("info: {title: t}", {"title": "t", "version": ""}),
        ("info: {title: null, version: v}", {"title": "API", "version": "v"}),
        ("paths: {}", {"title": "API", "version": ""}),
    ],
)
def test_a_document_always_has_a_title_and_a_version(written: str, info: JsonValue) -> None:
    normal = _normal(f"openapi: 3.0.0\n{written}")

    assert find(normal.data, Pointer("/info")) == info
    assert {found.code.slug for found in normal.diagnostics} == {"repaired"}


def test_every_place_with_schemas_is_normalised() -> None:
    schema = "{type: string, nullable: true}"
    media = f"content: {{a/b: {{schema: {schema}, example: {{nullable: true}}}}}}"
    normal = _normal(f"""
openapi: 3.0.0
info: {{title: t, version: v}}
webhooks: {{w: {{post: {{requestBody: {{{media}}}}}}}}}
paths:
  /a:
    parameters: [{{name: a, in: query, schema: {schema}}}]
    post:
      parameters: [{{name: b, in: query, {media}}}]
      requestBody: {{{media}}}
      responses: {{default: {{description: d, {media}, headers: {{h: {{schema: {schema}}}}}}}}}
      callbacks: {{c: {{/x: {{post: {{requestBody: {{{media}}}}}}}}}}}
components:
  parameters: {{a: {{name: a, in: query, schema: {schema}}}}}
  headers: {{a: {{schema: {schema}}}}}
  requestBodies: {{a: {{{media}}}}}
  responses: {{a: {{description: d, {media}}}}}
  callbacks: {{c: {{/x: {{post: {{requestBody: {{{media}}}}}}}}}}}
  pathItems: {{p: {{post: {{requestBody: {{{media}}}}}}}}}
""")
    text = str(normal.data)

    assert text.count("'schema': {'type': ['string', 'null']}") == 13
    assert text.count("'example': {'nullable': True}") == text.count("'a/b'") == 9
    assert normal.diagnostics == ()


def test_a_normal_document_stays_as_it_is() -> None:
    for file in sorted(SPECS.glob("*.yaml")):
        outcome = parse(SourceFile(name=file.name, text=file.read_text(encoding="utf-8")))
        assert outcome.value is not None
        once = normalise(outcome.value.data, outcome.value.spans)

        again = normalise(once.data, once.spans)

        assert again.data == once.data
        assert again.diagnostics == ()
