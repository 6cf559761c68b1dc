"""Several documents brought together: names, places, circles, and what cannot be followed."""

from formance_codegen.diagnostics import Outcome
from formance_codegen.load.document import Document, load
from formance_codegen.load.json_value import JsonValue, Missing
from formance_codegen.pointer import Pointer
from formance_codegen.source import SourceFile

HEAD = 'openapi: 3.1.0\ninfo: {title: t, version: "1"}\n'


def _load(text: str, others: dict[str, str]) -> Outcome[Document]:
    linked = {name: SourceFile(name=f"api/{name}", text=content) for name, content in others.items()}
    return load(SourceFile(name="api/main.yaml", text=HEAD + text, linked=linked))


def _document(text: str, others: dict[str, str]) -> Document:
    outcome = _load(text, others)
    assert outcome.value is not None, outcome.diagnostics
    return outcome.value


def _at(document: Document, pointer: str) -> JsonValue | Missing:
    return document.at(Pointer(pointer))


def _faults(text: str, others: dict[str, str]) -> list[tuple[str, str, str]]:
    outcome = _load(text, others)
    assert outcome.value is None
    return [(found.code.slug, str(found.span), found.message) for found in outcome.diagnostics]


def _schemas(*lines: str) -> str:
    return "components:\n  schemas:\n" + "".join(f"    {line}\n" for line in lines)


def test_a_component_that_only_refers_becomes_what_it_refers_to() -> None:
    document = _document(_schemas("Pet: {$ref: pet.yaml}", "Also: {$ref: pet.yaml}"), {"pet.yaml": "type: object"})
    assert _at(document, "/components/schemas") == {
        "Pet": {"type": "object"},
        "Also": {"$ref": "#/components/schemas/Pet"},
    }


def test_parts_keep_the_place_they_come_from() -> None:
    pet = "type: object\nproperties:\n  name: {type: string}\n"
    document = _document(_schemas("Pet: {$ref: pet.yaml}"), {"pet.yaml": pet})
    assert str(document.span(Pointer("/components/schemas/Pet/properties/name"))) == "api/pet.yaml:3:3"
    assert str(document.span(Pointer("/components/schemas"))) == "api/main.yaml:4:3"


def test_names_that_collide_are_told_apart_by_file_and_folder_in_any_order() -> None:
    lines = ["A: {properties: {x: {$ref: 'a/t.yaml#/Size'}}}", "B: {properties: {y: {$ref: 'b/t.yaml#/Size'}}}"]
    others = {"a/t.yaml": "Size: {type: string}", "b/t.yaml": "Size: {type: integer}"}
    for order in (lines, lines[::-1]):
        document = _document(_schemas(*order), others)
        assert _at(document, "/components/schemas/A/properties/x") == {"$ref": "#/components/schemas/a_t_Size"}
        assert _at(document, "/components/schemas/b_t_Size") == {"type": "integer"}


def test_a_name_of_the_document_itself_is_never_taken() -> None:
    text = _schemas("Size: {type: object}", "A: {properties: {x: {$ref: 't.yaml#/Size'}}}")
    document = _document(text, {"t.yaml": "Size: {type: string}"})
    assert _at(document, "/components/schemas/Size") == {"type": "object"}
    assert _at(document, "/components/schemas/t_Size") == {"type": "string"}


def test_documents_may_refer_to_one_another_in_circles() -> None:
    others = {
        "a.yaml": "properties: {b: {$ref: b.yaml}, me: {$ref: '#'}}",
        "b.yaml": "properties: {a: {$ref: 'a.yaml#'}, main: {$ref: 'main.yaml#/components/schemas/M'}}",
    }
    document = _document(_schemas("M: {properties: {a: {$ref: a.yaml}}}"), others)
    assert _at(document, "/components/schemas/a/properties/me/$ref") == "#/components/schemas/a"
    assert _at(document, "/components/schemas/b/properties") == {
        "a": {"$ref": "#/components/schemas/a"},
        "main": {"$ref": "#/components/schemas/M"},
    }


def test_a_pointer_may_pass_through_a_reference_of_another_document() -> None:
    others = {"a.yaml": "Box: {$ref: 'b.yaml#/Box'}", "b.yaml": "Box: {properties: {side: {type: integer}}}"}
    document = _document(_schemas("M: {properties: {s: {$ref: 'a.yaml#/Box/properties/side'}}}"), others)
    assert _at(document, "/components/schemas/side") == {"type": "integer"}


def test_the_mapping_of_a_discriminator_leads_to_where_its_schemas_are() -> None:
    pets = (
        "components:\n  schemas:\n    Cat: {type: object}\n"
        "    Pet:\n      oneOf: [{$ref: '#/components/schemas/Cat'}]\n"
        "      discriminator: {propertyName: kind, mapping: {cat: Cat, dog: dog.json}}\n"
    )
    others = {"pets.yaml": pets, "dog.json": '{"type": "object"}'}
    document = _document(_schemas("Pet: {$ref: 'pets.yaml#/components/schemas/Pet'}"), others)
    assert _at(document, "/components/schemas/Pet/discriminator/mapping") == {
        "cat": "#/components/schemas/Cat",
        "dog": "#/components/schemas/dog",
    }
    assert _at(document, "/components/schemas/dog") == {"type": "object"}


def test_a_whole_map_may_be_in_another_document() -> None:
    text = "paths: {$ref: paths.yaml}\ncomponents:\n  schemas: {$ref: 'schemas.yaml#/all'}\n"
    operation = "{get: {responses: {'200': {description: d}}}}"
    others = {"paths.yaml": f"/a: {operation}\n", "schemas.yaml": "all: {Pet: {properties: {p: {$ref: '#/all/Pet'}}}}"}
    document = _document(text, others)
    assert str(document.span(Pointer("/paths/~1a/get"))) == "api/paths.yaml:1:6"
    assert _at(document, "/components/schemas/Pet/properties/p/$ref") == "#/components/schemas/schemas_Pet"


def test_what_stands_beside_a_reference_counts_from_3_1_on() -> None:
    text = _schemas("A: {properties: {x: {type: string}}}", "B: {$ref: '#/components/schemas/A', required: [x]}")
    assert _at(_document(text, {}), "/components/schemas/B") == {
        "allOf": [{"$ref": "#/components/schemas/A"}],
        "required": ["x"],
    }
    older = load(SourceFile(name="m.yaml", text=HEAD.replace("3.1.0", "3.0.3") + text)).value
    assert older is not None
    assert _at(older, "/components/schemas/B/$ref") == "#/components/schemas/A"


def test_faults_have_their_place_in_the_document_that_has_them() -> None:
    others = {"pet.yaml": "properties:\n  home: {$ref: house.yaml}\n  size: {$ref: 'pet.yaml#/Size'}\n"}
    assert _faults(_schemas("Pet: {$ref: pet.yaml}"), others) == [
        ("external-reference", "api/pet.yaml:2:10", '"house.yaml" leads out of the document: it was not read'),
        ("broken-reference", "api/pet.yaml:3:10", '"pet.yaml#/Size" leads nowhere: pet.yaml has no such part'),
    ]


def test_a_document_that_cannot_be_read_is_told_of_where_it_is_broken() -> None:
    first, second = _faults(_schemas("Pet: {$ref: pet.yaml}"), {"pet.yaml": "a: [1\n"})
    assert first[0] == "not-yaml"
    assert first[1].startswith("api/pet.yaml:")
    assert second[:2] == ("external-reference", "api/main.yaml:5:11")


def test_a_circle_of_nothing_but_references_allows_any_value() -> None:
    others = {"a.yaml": "$ref: b.yaml", "b.yaml": "$ref: a.yaml"}
    outcome = _load(_schemas("A: {$ref: a.yaml}"), others)
    assert outcome.value is not None
    assert _at(outcome.value, "/components/schemas/A") == {}
    assert [found.code.slug for found in outcome.diagnostics] == ["circular-reference"]


def test_maps_that_contain_themselves_are_empty_there() -> None:
    others = {"p.yaml": "properties: {$ref: 'p.yaml#/properties'}"}
    outcome = _load(_schemas("A: {$ref: p.yaml}"), others)
    assert outcome.value is not None
    assert {found.code.slug for found in outcome.diagnostics} == {"circular-reference"}


def test_a_part_that_another_document_does_not_have_is_empty() -> None:
    outcome = _load(_schemas("Pet: {$ref: 'pet.yaml#/Size'}", "Name: {type: string}"), {"pet.yaml": "type: object"})
    assert outcome.value is not None
    assert _at(outcome.value, "/components/schemas/Pet") == {}
    assert [(found.code.slug, found.notes) for found in outcome.diagnostics] == [
        ("broken-reference", ("an empty object is read there",))
    ]


def test_parts_without_a_name_do_not_unfold_without_end() -> None:
    levels = {
        f"{level}.yaml": "".join(f"p{n}: {{properties: {{$ref: {level + 1}.yaml}}}}\n" for n in range(30))
        for level in range(5)
    }
    faults = _faults(_schemas("A: {properties: {$ref: 0.yaml}}"), {**levels, "5.yaml": "x: {type: string}"})
    assert {fault[0] for fault in faults} == {"external-reference"}
    assert "more than 10,000" in faults[0][2]


def test_parts_without_a_name_are_not_put_into_one_another_without_end() -> None:
    chain = {f"{n}.yaml": f"x: {{properties: {{$ref: {n + 1}.yaml}}}}" for n in range(400)}
    beside = {f"{n}.yaml": f"$ref: {n + 1}.yaml\ny{n}: {{type: string}}" for n in range(400)}
    for others in (chain, beside):
        faults = _faults(_schemas("A: {properties: {$ref: 0.yaml}}"), {**others, "400.yaml": "x: {type: string}"})
        assert [fault[0] for fault in faults] == ["external-reference"]
        assert "too deep" in faults[0][2]
