"""`specs/names.lock`: what a build keeps of the names that it gave."""

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cli.conftest import PETS

if TYPE_CHECKING:
    from cli.conftest import Run

MOVED = PETS.replace("operationId: getPet", "operationId: fetchPet").replace('version: "1"', 'version: "2"')
"""The document's own typing error, mended in its next version."""
VERSIONED = """
openapi: 3.0.3
info: {title: Pets, version: "1"}
paths:
  /v1/pets: {get: {operationId: v1List, tags: [v1], responses: {"200": {$ref: "#/components/responses/One"}}}}
  /v2/pets: {get: {operationId: v2List, tags: [v2], responses: {"200": {$ref: "#/components/responses/Two"}}}}
components:
  responses:
    One: {description: "", content: {application/json: {schema: ONE}}}
    Two: {description: "", content: {application/json: {schema: {$ref: "#/components/schemas/V2Pet"}}}}
  schemas:
    V2Pet: {type: object, properties: {name: {type: string}}}
"""


def test_a_build_writes_the_names_and_a_second_one_nothing(folder: Path, run: "Run") -> None:
    run("build", "--jobs", "1")
    lines = (folder / "specs/names.lock").read_text().splitlines()
    assert lines[0].startswith("# ")
    assert "pets class /components/schemas/Pet Pet" in lines
    assert "pets method /paths/~1pets~1{id}/get get_pet" in lines
    assert "shops argument /paths/~1shops/get/parameters/query/limit limit" in lines
    names = [line for line in lines if not line.startswith("#")]
    assert names == sorted(names)
    assert run("build", "--jobs", "1").stdout.startswith("0 files written, ")


def test_a_lock_that_is_not_what_it_should_be_is_stale(folder: Path, run: "Run") -> None:
    run("build", "--jobs", "1")
    lock = folder / "specs/names.lock"
    text = lock.read_text()
    lock.write_text(text.replace("pets class /components/schemas/Pet Pet\n", ""))
    result = run("build", "--check", "--jobs", "1")
    assert result.exit_code == 1
    assert "+pets class /components/schemas/Pet Pet\n" in result.stdout
    lock.unlink()
    assert "missing: specs/names.lock\n" in run("build", "--check", "--jobs", "1").stdout
    run("build", "--jobs", "1")
    assert lock.read_text() == text


def test_what_a_person_writes_there_is_what_it_is_called(folder: Path, run: "Run") -> None:
    run("build", "--jobs", "1")
    lock = folder / "specs/names.lock"
    lock.write_text(lock.read_text().replace("/components/schemas/Pet Pet", "/components/schemas/Pet Animal"))
    assert run("build", "--jobs", "1").exit_code == 0
    assert "class Animal(" in (folder / "generated/pets/animals/models/animal.py").read_text()


def test_a_line_that_is_none_stops_the_build(folder: Path, run: "Run") -> None:
    (folder / "specs/names.lock").write_text("pets Pet\n")
    result = run("build", "--jobs", "1")
    assert result.exit_code == 1
    assert "specs/names.lock:1:1: error[invalid-lock]" in result.stderr


def test_one_service_leaves_the_names_of_the_others(folder: Path, run: "Run") -> None:
    run("build", "--jobs", "1")
    before = (folder / "specs/names.lock").read_text()
    run("build", "--service", "pets")
    assert (folder / "specs/names.lock").read_text() == before
    (folder / "specs/shops.yaml").unlink()
    run("build", "--jobs", "1")
    assert "shops" not in (folder / "specs/names.lock").read_text()


def test_a_method_that_is_renamed_on_request_stays_for_one_release(folder: Path, run: "Run") -> None:
    run("build", "--jobs", "1")
    document, methods = folder / "specs/pets.yaml", folder / "generated/pets/animals/_sync.py"
    document.write_text(MOVED)
    assert run("build", "--jobs", "1").stderr == ""
    assert "fetch_pet" not in methods.read_text()
    result = run("build", "--relock", "--jobs", "1")
    assert "warning[name-changed]" in result.stderr
    text = methods.read_text()
    assert "    def fetch_pet(" in text
    assert '    @deprecated("get_pet is now called fetch_pet.")\n    def get_pet(' in text
    assert run("build", "--check", "--jobs", "1").exit_code == 0
    document.write_text(MOVED.replace('version: "2"', 'version: "3"'))
    run("build", "--jobs", "1")
    assert "get_pet" not in methods.read_text()
    assert "was" not in (folder / "specs/names.lock").read_text().split("~1pets~1{id}/get fetch_pet")[1].splitlines()[0]


def test_a_model_that_a_second_version_begins_to_use_is_imported_as_before(folder: Path, run: "Run") -> None:
    document = folder / "specs/shops.yaml"
    document.write_text(VERSIONED.replace("ONE", "{type: string}"))
    run("build", "--jobs", "1")
    document.write_text(VERSIONED.replace("ONE", '{$ref: "#/components/schemas/V2Pet"}'))
    result = run("build", "--jobs", "1")
    assert "warning[name-changed]" in result.stderr
    program = (
        "import warnings\n"
        "from pets_client import V2Pet\n"
        "with warnings.catch_warnings(record=True) as caught:\n"
        "    warnings.simplefilter('always')\n"
        "    from pets_client.v2 import Pet\n"
        "assert Pet is V2Pet\n"
        "assert [str(each.message) for each in caught] == ['Pet is now called V2Pet'], caught\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder / "generated/shops", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
