"""References inside a document."""

from dataclasses import dataclass

import pytest

from formance_codegen.load.json_value import JsonValue
from formance_codegen.load.refs import check_references, resolve
from formance_codegen.load.yaml import parse
from formance_codegen.source import SourceFile

DATA = """
paths:
  /a/{b}:
    get:
      responses: {'200': {$ref: '#/components/responses/Ok'}}
components:
  responses:
    Ok: {description: d, content: {a/b: {schema: {$ref: '#/components/schemas/Alias'}}}}
  schemas:
    Alias: {$ref: '#/components/schemas/Name'}
    Name: {type: string, description: end}
    A b~c/d: {type: integer}
    List: {type: array, prefixItems: [{type: string}, {$ref: '#/components/schemas/Name'}]}
    Loop: {$ref: '#/components/schemas/Loop'}
    Grows: {$ref: '#/components/schemas/Grows/more'}
    Away: {$ref: 'other.yaml#/Name'}
"""


@dataclass(frozen=True)
class _Holder:
    data: JsonValue


def _holder(text: str) -> _Holder:
    outcome = parse(SourceFile(name="spec.yaml", text=text))
    assert outcome.value is not None
    return _Holder(outcome.value.data)


def _faults(text: str) -> list[tuple[str, str, str]]:
    outcome = parse(SourceFile(name="spec.yaml", text=text))
    assert outcome.value is not None
    found = check_references(outcome.value.data, outcome.value.spans)
    return [(fault.code.slug, fault.pointer or "", " ".join((fault.message, *fault.notes))) for fault in found]


@pytest.mark.parametrize(
    ("reference", "pointer"),
    [
        ("#/components/schemas/Name", "/components/schemas/Name"),
        ("/components/schemas/Name", "/components/schemas/Name"),
        ("#/components/schemas/Alias", "/components/schemas/Name"),
        ("#/components/schemas/A%20b~0c~1d", "/components/schemas/A b~0c~1d"),
        ("#/paths/~1a~1%7Bb%7D/get", "/paths/~1a~1{b}/get"),
        ("#/components/schemas/List/prefixItems/0", "/components/schemas/List/prefixItems/0"),
        ("#/components/schemas/List/prefixItems/1", "/components/schemas/Name"),
        ("#/paths/~1a~1{b}/get/responses/200/content/a~1b/schema", "/components/schemas/Name"),
        ("#/components/schemas/Alias/type", "/components/schemas/Name/type"),
        ("#", ""),
    ],
)
def test_a_reference_leads_through_others_to_a_value(reference: str, pointer: str) -> None:
    assert resolve(_holder(DATA), reference)[0] == pointer


def test_the_value_is_what_stands_there() -> None:
    assert resolve(_holder(DATA), "#/components/schemas/Alias")[1] == {"type": "string", "description": "end"}


@pytest.mark.parametrize(
    "reference",
    [
        "#/components/schemas/Nobody",
        "#/components/schemas/List/prefixItems/2",
        "#/components/schemas/List/prefixItems/00",
        "#/components/schemas/List/prefixItems/-1",
        "#/components/schemas/List/prefixItems/" + "9" * 5000,
        "#/components/schemas/Loop",
        "#/components/schemas/Grows",
        "#/components/schemas/Away",
        "other.yaml",
    ],
)
def test_what_leads_nowhere_is_a_lookup_error(reference: str) -> None:
    with pytest.raises(LookupError):
        resolve(_holder(DATA), reference)


@pytest.mark.parametrize(
    ("schema", "slug", "message"),
    [
        (
            "{$ref: '#/components/schemas/Nmae'}",
            "broken-reference",
            '"#/components/schemas/Nmae" leads nowhere: there is no "Nmae" in /components/schemas did you mean "Name"?',
        ),
        (
            "{$ref: '#/components/schema/Name'}",
            "broken-reference",
            '"#/components/schema/Name" leads nowhere: there is no "schema" in /components did you mean "schemas"?',
        ),
        (
            "{$ref: '#/components/responses/Ok'}",
            "broken-reference",
            '"#/components/responses/Ok" leads to a Response Object; a Schema Object is expected',
        ),
        (
            "{$ref: '#/components/schemas'}",
            "broken-reference",
            '"#/components/schemas" leads to what is no object of the specification; a Schema Object is expected',
        ),
        ("{$ref: 5}", "invalid-document", '"$ref": a text is expected, not a number'),
        (
            "{$ref: '#Name'}",
            "broken-reference",
            '"#Name" is no JSON Pointer, which would start with "#/"',
        ),
        (
            "{$ref: 'x.yaml#/Name'}",
            "external-reference",
            '"x.yaml#/Name" leads out of the document; only references inside it are followed',
        ),
        (
            "{$ref: '#/components/schemas/It'}",
            "circular-reference",
            '"#/components/schemas/It" leads in a circle and never reaches a value',
        ),
    ],
)
def test_a_fault_says_what_is_wrong(schema: str, slug: str, message: str) -> None:
    responses = "responses: {Ok: {description: d}}"
    text = f"components: {{schemas: {{It: {schema}, Name: {{type: string}}}}, {responses}}}"

    assert _faults(text) == [(slug, "/components/schemas/It/$ref", message)]


@pytest.mark.parametrize(
    "schema",
    [
        "{example: {$ref: '#/nowhere'}}",
        "{default: {$ref: '#/nowhere'}}",
        "{enum: [{$ref: '#/nowhere'}]}",
        "{const: {$ref: '#/nowhere'}}",
        "{x-vendor: {$ref: '#/nowhere'}}",
        "{properties: {$ref: {type: string}}}",
        "{properties: {it: {$ref: '#/components/schemas/It'}}}",
        "{allOf: [{$ref: '#/components/schemas/It/properties/a'}], properties: {a: {}}}",
    ],
)
def test_what_is_data_or_a_schema_in_itself_is_no_fault(schema: str) -> None:
    assert _faults(f"components: {{schemas: {{It: {schema}}}}}") == []


def test_a_fault_on_the_way_is_told_at_both_ends_unless_it_leaves_the_document() -> None:
    text = "components: {schemas: {A: {$ref: '#/components/schemas/B'}, B: {$ref: %s}}}"

    assert [slug for slug, _, _ in _faults(text % "'#/x'")] == ["broken-reference", "broken-reference"]
    assert [pointer for _, pointer, _ in _faults(text % "x.yaml")] == ["/components/schemas/B/$ref"]


def test_a_schema_that_refers_to_a_whole_path_item_is_told_so() -> None:
    text = "paths: {/a: {$ref: '#/components/schemas/S'}}\ncomponents: {schemas: {S: {}}}"

    assert [(slug, pointer) for slug, pointer, _ in _faults(text)] == [("broken-reference", "/paths/~1a/$ref")]
