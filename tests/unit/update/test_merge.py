"""What becomes of our document when a release is merged into it."""

import difflib

import pytest

from formance_codegen.load.document import load
from formance_codegen.load.json_value import JsonValue
from formance_codegen.load.openapi import parse_openapi
from formance_codegen.source import SourceFile
from formance_codegen.update.changes import changes
from formance_codegen.update.merge import Merged, merge
from formance_codegen.update.release import bare
from formance_codegen.update.writing import to_yaml
from unit.update.documents import OURS, RELEASE, read, replaced


def merged(*pairs: tuple[str, str], ours: str = OURS, version: str = "1.0.0") -> Merged:
    """Merge the release with some of its text replaced."""
    return merge(read(ours), bare(read(replaced(RELEASE, *pairs)), "release"), version=version)


def difference(*pairs: tuple[str, str], ours: str = OURS) -> list[str]:
    """Return the lines that a changed release takes away and brings; what comes out is a valid document."""
    text = to_yaml(merged(*pairs, ours=ours).data)
    loaded = load(SourceFile(name="pets.yaml", text=text))
    assert loaded.value is not None, loaded.diagnostics
    assert not parse_openapi(loaded.value).diagnostics
    lines = difflib.ndiff(ours.splitlines(), text.splitlines())
    return [f"{line[0]} {line[2:].strip()}" for line in lines if line[0] in "+-" and line[2:].strip()]


def test_the_release_that_ours_was_written_from_changes_nothing() -> None:
    found = merged()
    assert to_yaml(found.data) == OURS
    assert found.kept == ("GET /pets/{id} responses default", "GET /pets responses default")


def test_no_word_of_the_publisher_comes_in() -> None:
    data = merge({}, bare(read(RELEASE), "release"), version="1.0.0").data
    text = to_yaml(data)
    for words in ("Lists", "Gets", "Their", "publisher", "localhost", "speakeasy", "ghost"):
        assert words not in text
    assert "description: OK" in text
    assert load(SourceFile(name="x", text=text)).value is not None


def test_the_version_is_that_of_the_release() -> None:
    text = to_yaml(merged(version="1.1.0").data)
    assert text == OURS.replace("version: 1.0.0", "version: 1.1.0")


PATH = """
  /pets/{id}/toys:
    post:
      operationId: addToy
      summary: Adds
      tags: [toys]
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Toy"}}}}
      responses:
        204: {description: OK}
        4XX: {description: Bad}
      security: [Authorization: ["toys:write"]]
components:
  schemas:
    Toy: {type: object, description: A toy., properties: {id: {type: string, title: Id}}}
"""


def test_a_new_operation_comes_in_beside_its_neighbour() -> None:
    data = merged(("\ncomponents:\n  schemas:\n", PATH)).data
    assert isinstance(data, dict)
    paths = data["paths"]
    assert isinstance(paths, dict)
    assert list(paths) == ["/pets/{id}", "/pets/{id}/toys", "/pets"]
    added = difference(("\ncomponents:\n  schemas:\n", PATH))
    assert not [line for line in added if line.startswith("-")]
    assert [line for line in added if "summary" in line or "title" in line or "A toy" in line] == []
    assert {"+ - name: toys", "+ toys:write: ''", "+ description: No Content", "+ description: Client error"} <= {
        *added
    }


def test_a_removed_operation_goes_and_what_only_it_had() -> None:
    start, end = RELEASE.index("  /pets:\n"), RELEASE.index("  /pets/{id}:\n")
    gone = difference((RELEASE[start:end], ""))
    assert not [line for line in gone if line.startswith("+")]
    assert {"- /pets:", "- limit:", "- trace:"} <= {*gone}
    assert "- id:" not in gone


def test_an_operation_that_moved_keeps_its_words() -> None:
    old, new = merged().data, merged(("  /pets:\n", "  /animals:\n")).data
    assert isinstance(old, dict)
    assert isinstance(new, dict)
    assert isinstance(old["paths"], dict)
    assert isinstance(new["paths"], dict)
    assert new["paths"]["/animals"] == old["paths"]["/pets"]
    assert "/pets" not in new["paths"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("operationId: listPets", "operationId: allPets", ["- operationId: listPets", "+ operationId: allPets"]),
        ("operationId: getPet", "deprecated: true\n      operationId: getPet", ["+ deprecated: true"]),
        ("[name, ghost]", "[ghost]", ["- required:", "- - name"]),
        ("[name, ghost]", "[name, kind]", ["+ - kind"]),
        ("[dog, cat, dog]", "[cow, dog]", ["- - cat", "+ - cow"]),
        ("{type: string, enum: [dog, cat, dog]}", "{type: string}", ["- enum:", "- - dog", "- - cat"]),
        (
            "name: {type: string, description: Their name.}",
            "name: {type: integer}",
            ["- type: string", "+ type: integer"],
        ),
        ('$ref: "#/components/schemas/Owner"', "type: string, format: date-tim", None),
        ("        kind:", "        age: {type: integer, example: 3}\n        kind:", ["+ age:", "+ type: integer"]),
        ("        - {name: x-trace, in: header, schema: {type: string}}\n", "", None),
        ("openapi: 3.0.3", "openapi: 3.0.1", []),
    ],
)
def test_a_changed_fact_changes_and_its_words_stay(old: str, new: str, expected: list[str] | None) -> None:
    found = difference((old, new))
    if expected is not None:
        assert found == expected
    else:
        assert not [line for line in found if line.startswith("-") and "Who feeds it" in line]
    want = bare(read(replaced(RELEASE, (old, new))), "release").data
    have = merged((old, new)).data
    details = {detail for change in changes(want, have).operations for detail in change.details}
    assert details == {"+status default"}
    assert {change.name for change in changes(want, have).schemas} == {"Error"}


def test_a_shared_parameter_changes_where_all_that_use_it_do() -> None:
    found = difference(
        (
            "{name: limit, in: query, description: Their limit., schema: {type: integer}}",
            "{name: limit, in: query, required: true, schema: {type: integer}}",
        )
    )
    assert found == ["+ required: true"]
    assert "$ref: '#/components/parameters/limit'" in to_yaml(merged().data)


WITH_LIMIT = "        - {name: limit, in: query, schema: {type: integer}}\n"


def test_a_shared_parameter_stays_where_only_one_of_two_changes() -> None:
    tags = "      summary: Get a pet\n"
    ours = replaced(OURS, (tags, f"{tags}      parameters:\n        - $ref: '#/components/parameters/limit'\n"))
    place = "        - {name: id, in: path, required: true, schema: {type: string}}\n"
    assert to_yaml(merged((place, place + WITH_LIMIT), ours=ours).data) == to_yaml(read(ours))
    text = to_yaml(merged((place, place + WITH_LIMIT.replace("integer", "string")), ours=ours).data)
    assert text.count("$ref: '#/components/parameters/limit'") == 1
    assert text.count("description: How many.") == 2


DELETE = """\
    delete:
      operationId: deletePet
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {204: {description: OK}}
"""


def test_a_parameter_of_the_path_goes_down_to_the_operations_where_they_differ() -> None:
    more = replaced(RELEASE, ("\ncomponents:\n", f"\n{DELETE}components:\n"))
    found = merge(read(OURS), bare(read(more), "release"), version="1.0.0").data
    assert isinstance(found, dict)
    paths = found["paths"]
    assert isinstance(paths, dict)
    item = paths["/pets/{id}"]
    assert isinstance(item, dict)
    assert "parameters" not in item
    for method, kind in (("get", "string"), ("delete", "integer")):
        operation = item[method]
        assert isinstance(operation, dict)
        (parameter,) = operation["parameters"] if isinstance(operation["parameters"], list) else []
        if isinstance(parameter, dict) and "$ref" in parameter:
            assert method == "get"
            assert parameter == {"$ref": "#/components/parameters/id"}
        else:
            assert isinstance(parameter, dict)
            assert parameter["schema"] == {"type": kind}


def test_an_inline_schema_that_gets_a_name_gives_it_its_words() -> None:
    pairs = (
        ("kind: {type: string, enum: [dog, cat, dog]}", 'kind: {$ref: "#/components/schemas/Kind"}'),
        ("    Owner:\n", "    Kind: {type: string, enum: [dog, cat]}\n    Owner:\n"),
    )
    found = difference(*pairs)
    assert "+ - $ref: '#/components/schemas/Kind'" in found
    assert found.count("+ description: What it is.") + found.count("- description: What it is.") in (1, 2)
    data = to_yaml(merged(*pairs).data)
    assert data.count("description: What it is.") == 2


def test_a_component_of_the_same_name_with_other_facts_does_not_change_ours() -> None:
    theirs = "  responses: {Error: {description: No, content: {text/plain: {schema: {type: string}}}}}\n"
    text = to_yaml(merged(("components:\n", f"components:\n{theirs}")).data)
    assert text.count("#/components/responses/Error") == 0
    assert text.count("description: It failed.") == 3


def test_a_new_scope_is_declared_without_words() -> None:
    assert "+ pets:all: ''" in difference(('Authorization: ["pets:read"]', 'Authorization: ["pets:read", "pets:all"]'))


@pytest.mark.parametrize(
    ("security", "expected"),
    [("security: [Authorization: []]", "- Authorization: []"), ("", "security: []")],
)
def test_security_is_what_is_in_effect(security: str, expected: str) -> None:
    release = RELEASE.replace(
        '      security: [Authorization: ["pets:read"]]\n', f"      {security}\n" if security else ""
    )
    text = to_yaml(merge(read(OURS), bare(read(release), "release"), version="1.0.0").data)
    assert expected in text
    assert "- pets:read" not in text


def test_security_of_the_whole_document_is_the_same_as_that_of_each_operation() -> None:
    release = (
        RELEASE.replace('      security: [Authorization: ["pets:read"]]\n', "")
        + 'security: [Authorization: ["pets:read"]]\n'
    )
    text = to_yaml(merge(read(OURS), bare(read(release), "release"), version="1.0.0").data)
    assert text == OURS


def test_another_dialect_takes_the_words_of_that() -> None:
    ours = OURS.replace(
        "          description: What it hears.", "          description: What it hears.\n          nullable: true"
    )
    release = replaced(
        RELEASE,
        ("openapi: 3.0.3", "openapi: 3.1.0"),
        ("name: {type: string, description: Their name.}", 'name: {type: [string, "null"]}'),
    )
    found = to_yaml(merge(read(ours), bare(read(release), "release"), version="1.0.0").data)
    assert "openapi: 3.1.0" in found
    assert "nullable" not in found
    assert "description: What it hears." in found


BASES = """\
openapi: 3.0.3
info: {title: T, version: "1"}
paths: {}
components:
  schemas:
    Cursor: {type: object, required: [data, more], properties: {more: {type: boolean}}}
    Pets:
      allOf:
        - {$ref: "#/components/schemas/Cursor"}
        - {type: object, properties: {data: {type: array, items: {type: string}}}}
"""


def test_what_a_base_requires_may_be_required_where_it_is_declared() -> None:
    ours = replaced(
        BASES,
        ("[data, more]", "[more]"),
        ("- {type: object, properties", "- {type: object, required: [data], properties"),
    )
    data: JsonValue = merge(read(ours), bare(read(BASES), "release"), version="1").data
    assert data == read(ours)
