"""`formance-codegen inspect` and `lint`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import jsonschema
import pytest

from formance_codegen.diagnostics import CODES

if TYPE_CHECKING:
    from cli.conftest import Run

ROOT: Final = Path(__file__).parents[2]
SCHEMA: Final = json.loads((ROOT / "docs" / "inspect.schema.json").read_text(encoding="utf-8"))
DOCUMENTS: Final = [*sorted((ROOT / "specs").glob("*.yaml")), *sorted((ROOT / "tests/features").glob("*/spec.yaml"))]


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({}, SCHEMA)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem if path.stem != "spec" else path.parent.name)
def test_output_is_as_documented(document: Path, run: "Run") -> None:
    result = run("inspect", str(document), "--format", "json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    jsonschema.validate(found, SCHEMA)
    assert {item["code"] for item in found["diagnostics"]} <= CODES.keys()
    places = [item["pointer"] for item in found["diagnostics"] if item["severity"] == "warning"]
    assert {item["pointer"] for item in found["omitted"]} <= set(places)


def test_the_page_names_every_key() -> None:
    page = (ROOT / "docs" / "inspect.md").read_text(encoding="utf-8")
    keys = {*SCHEMA["properties"], *SCHEMA["$defs"]["operation"]["properties"]}
    assert [key for key in sorted(keys) if f"`{key}`" not in page] == []


def test_what_it_says_of_a_document(folder: Path, run: "Run") -> None:
    found = json.loads(run("inspect", "specs/pets.yaml", "--format", "json").stdout)
    assert (found["document"], found["openapi"], found["title"]) == ("pets.yaml", "3.0.3", "Pets")
    assert (found["package"], found["client"], found["async_client"]) == ("animals", "Zoo", "AsyncZoo")
    listing, single = found["operations"]
    assert (listing["id"], listing["call"], listing["line"]) == ("listPets", "list_pets", 6)
    assert listing["parameters"] == [
        {"in": "query", "name": "limit", "argument": "limit", "required": False, "annotation": "int | None"}
    ]
    assert single["body"] is None
    assert single["returns"]["unwrap"] == "plain"
    assert single["returns"]["model"].startswith("animals.")
    assert single["returns"]["model"].endswith(":Pet")
    assert [error["status"] for error in single["errors"]] == ["404"]
    assert [(model["name"], model["pointer"]) for model in found["models"]] == [("Pet", "/components/schemas/Pet")]
    assert (found["diagnostics"], found["omitted"]) == ([], [])


def test_as_text(folder: Path, run: "Run") -> None:
    lines = run("inspect", "specs/pets.yaml").stdout.splitlines()
    assert "clients Zoo and AsyncZoo" in lines
    assert "GET     /pets/{id}  get_pet(id) -> Pet" in lines
    assert "2 operations, 1 models" in lines or "2 operations, 1 model" in lines


@pytest.mark.parametrize("command", ["inspect", "lint"])
@pytest.mark.parametrize(
    ("content", "place"),
    [
        (None, "document.yaml:1:1: error[unreadable-file]"),
        (b"\xff\xfe", "document.yaml:1:1: error[unreadable-file]"),
        (b"a: ]", "document.yaml:1:4: error[not-yaml]"),
        (b"swagger: '1.2'", "document.yaml:1:1: error[unsupported-version]"),
        (b"hello: world", "document.yaml:1:1: error[not-openapi]"),
    ],
)
def test_a_bad_file_ends_in_one_message(
    folder: Path, run: "Run", command: str, content: bytes | None, place: str
) -> None:
    if content is not None:
        (folder / "document.yaml").write_bytes(content)
    result = run(command, "document.yaml")
    assert result.exit_code == 1
    assert place in result.output
    assert result.output.count(": error[") == 1


def test_lint_shows_notes_with_the_lines_they_are_about(folder: Path, run: "Run") -> None:
    text = (folder / "specs/pets.yaml").read_text().replace("name: limit,", "name: limit, x-a: 1,")
    text = text.replace("{type: integer}}\n", "{type: integer, format: bigintt}}\n", 1)
    (folder / "specs/pets.yaml").write_text(text)
    result = run("lint", "specs/pets.yaml")
    assert result.exit_code == 0
    assert "specs/pets.yaml:9:" in result.stdout
    assert "note[unknown-format]" in result.stdout
    assert "format: bigintt" in result.stdout
    assert result.stderr == "0 errors, 0 warnings, 1 note\n"


def test_strict_lint_ends_with_an_error_after_a_warning(folder: Path, run: "Run") -> None:
    assert run("lint", "specs/pets.yaml", "--strict").exit_code == 0
    text = (folder / "specs/pets.yaml").read_text()
    (folder / "specs/pets.yaml").write_text(text.replace("schemas/Pet", "schemas/Pot"))
    assert run("lint", "specs/pets.yaml").exit_code == 0
    result = run("lint", "specs/pets.yaml", "--strict")
    assert result.exit_code == 1
    assert "warning[broken-reference]" in result.stdout
    assert "note: any value is taken" in result.stdout


def test_lint_as_json(folder: Path, run: "Run") -> None:
    assert json.loads(run("lint", "specs/pets.yaml", "--format", "json").stdout) == []
    (folder / "specs/pets.yaml").write_text("hello: world")
    result = run("lint", "specs/pets.yaml", "--format", "json")
    assert result.exit_code == 1
    (found,) = json.loads(result.stdout)
    jsonschema.validate(found, {**SCHEMA["$defs"]["diagnostic"], "$defs": SCHEMA["$defs"]})
    assert (found["code"], found["line"]) == ("not-openapi", 1)
