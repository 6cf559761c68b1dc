"""The documents in specs/ are valid, every example in them fits, and they say what the published ones say."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from openapi_spec_validator.shortcuts import get_validator_cls

from generated.cases import METHODS, SHARED, SPECS, read_document
from generated.validity import complaint, each_schema
from samples import Json, Node, Sampler, is_list, is_node, node, nodes, resolve, text

DOCUMENTS: Final = sorted(SPECS.glob("*.yaml"))
PARITY: Final = SHARED / "tools/spec_parity.py"

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)


def plain(value: Json) -> object:
    """Return a JSON value made of dicts and lists."""
    if is_node(value):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if is_list(value) else value


@each_document
def test_a_document_is_valid(path: Path) -> None:
    document = {key: plain(item) for key, item in read_document(path).items()}
    assert [found.message for found in get_validator_cls(document)(document).iter_errors()] == []


def examples(document: Node) -> Iterator[tuple[Node, Json]]:
    """Yield all examples of a document with their schemas."""
    found: list[tuple[Node, Json]] = []

    def of_schema(schema: Node) -> None:
        if "example" in schema:
            bare = {key: value for key, value in schema.items() if key != "example"}
            found.append((bare, schema["example"]))

    each_schema(document, of_schema)
    yield from found
    yield from beside_schemas(document, document)


def beside_schemas(document: Node, value: Json) -> Iterator[tuple[Node, Json]]:
    """Yield the examples of media types, parameters and headers with the schemas beside them."""
    if is_list(value):
        for item in value:
            yield from beside_schemas(document, item)
    elif is_node(value):
        schema = value.get("schema")
        if is_node(schema) and "example" in value:
            yield schema, value["example"]
        if is_node(schema):
            for example in node(value.get("examples")).values():
                yield schema, resolve(document, node(example))["value"]
        for key, item in value.items():
            if key not in ("example", "examples"):
                yield from beside_schemas(document, item)


@each_document
def test_every_example_fits_its_schema(path: Path) -> None:
    document = read_document(path)
    found = list(examples(document))
    assert found
    wrong = [(schema, value, said) for schema, value in found if (said := complaint(path, schema, value))]
    assert wrong == []


@each_document
def test_the_values_that_tests_make_are_valid(path: Path) -> None:
    document = read_document(path)
    for name in node(node(document["components"]).get("schemas")):
        schema: Node = {"$ref": f"#/components/schemas/{name}"}
        for variant in range(Sampler(document=document).choices(schema)):
            value = Sampler(document=document, variant=variant).of_schema(schema, name)
            assert complaint(path, schema, value) == "", f"{name}: {value}"
        for sampler in (Sampler(document=document, optional=False), Sampler(document=document, null=True)):
            value = sampler.of_schema(schema, name)
            assert complaint(path, schema, value) == "", f"{name}: {value}"


def test_there_are_as_many_operations_as_are_published() -> None:
    items = [node(item) for path in DOCUMENTS for item in node(read_document(path)["paths"]).values()]
    assert sum(method in METHODS for item in items for method in item) == 357


@each_document
def test_every_operation_has_a_summary_and_a_description(path: Path) -> None:
    operations = {
        f"{method} {template}": node(operation)
        for template, item in node(read_document(path)["paths"]).items()
        for method, operation in node(item).items()
        if method in METHODS
    }
    assert operations
    assert [place for place, operation in operations.items() if not text(operation.get("summary"))] == []
    assert [place for place, operation in operations.items() if not text(operation.get("description"))] == []
    assert [place for place, operation in operations.items() if text(operation["summary"]).endswith(".")] == []


@each_document
def test_every_operation_has_one_tag_that_the_document_describes(path: Path) -> None:
    document = read_document(path)
    described = {text(tag["name"]) for tag in nodes(document.get("tags")) if tag.get("description")}
    for item in node(document["paths"]).values():
        for method, operation in node(item).items():
            if method in METHODS:
                tags = node(operation).get("tags", [])
                assert is_list(tags)
                assert len(tags) <= 1
                assert {text(tag) for tag in tags} <= described


@pytest.mark.skipif(not PARITY.is_file(), reason="../shared is not there")
def test_no_document_differs_from_the_published_facts() -> None:
    command = [sys.executable, str(PARITY), str(SPECS), *(path.stem for path in DOCUMENTS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "differences: 0", done.stdout
    assert done.returncode == 0
