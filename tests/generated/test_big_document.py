"""A client of a large document costs what is used of it, not what is in it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from formance_codegen.config import ServiceConfig
from formance_codegen.emit import replace_files
from formance_codegen.pipeline import generate
from formance_codegen.resources import read_templates
from formance_codegen.source import SourceFile

ROOT: Final = Path(__file__).parents[2]
TRIOS: Final = 200
CHAIN: Final = 10


def document() -> str:
    """Return a document of 400 operations and 600 schemas.

    Three schemas at a time need one another, and the first of each trio needs the next trio, in chains of ten.
    """
    schemas: dict[str, object] = {}
    paths: dict[str, object] = {}
    for trio in range(TRIOS):
        names = [f"{kind}{trio}" for kind in ("Whole", "Half", "Rest")]
        for name, other in zip(names, [*names[1:], names[0]], strict=True):
            properties = {"id": {"type": "string", "description": f"Tells one {name}."}, "other": ref(other)}
            schemas[name] = {"type": "object", "required": ["id"], "properties": properties}
            if name.startswith("Whole") and (trio + 1) % CHAIN:
                properties["next"] = ref(f"Whole{trio + 1}")
        answer = {"200": {"description": "It.", "content": {"application/json": {"schema": ref(f"Whole{trio}")}}}}
        body = {"required": True, "content": {"application/json": {"schema": ref(f"Rest{trio}")}}}
        paths[f"/things/{trio}"] = {
            "get": {"operationId": f"getThing{trio}", "tags": [f"part{trio % 20}"], "responses": answer},
            "post": {
                "operationId": f"addThing{trio}",
                "tags": [f"part{trio % 20}"],
                "requestBody": body,
                "responses": answer,
            },
        }
    info = {"title": "Big", "version": "1"}
    return json.dumps({"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": schemas}})


def ref(name: str) -> dict[str, str]:
    """Return a reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = SourceFile(name="big.json", text=document())
    generated = generate(source, ServiceConfig(package="big"), read_templates()).value
    assert generated is not None
    assert (generated.operations, generated.models) == (2 * TRIOS, 3 * TRIOS)
    folder = tmp_path_factory.mktemp("big")
    assert replace_files(folder, generated.tree.files).value is not None
    return folder


def run(folder: Path, program: str) -> object:
    """Run a program that can import the package in a process of its own; return what it prints, read as JSON."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(folder), str(ROOT / "tests")))}
    command = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: object = json.loads(done.stdout)
    return found


USE: Final = """
import json, sys
from loopback import json_answer, loopback

told = []

def tell():
    models = [name for name in sys.modules if name.startswith("big.models.")]
    namespaces = [name for name in sys.modules if name.startswith("big.") and name.endswith("._operations")]
    told.append([len(models), len(namespaces)])

import big
tell()
with loopback() as server:
    client = big.BigClient(server.url)
    tell()
    server.say(*[json_answer({"id": "a", "other": {"id": "b"}})] * 3)
    assert client.part9.get_thing9().id == "a"
    tell()
    assert client.part5.get_thing5().other.id == "b"
    tell()
    client.part5.add_thing5({"id": "c"})
    tell()
print(json.dumps(told))
"""


def test_only_what_a_call_needs_is_loaded(folder: Path) -> None:
    # The last of a chain needs its own trio, which is a module; the sixth of ten needs five.
    assert run(folder, USE) == [[0, 0], [0, 0], [1, 1], [5, 2], [5, 2]]


IMPORT: Final = """
import importlib, json, pkgutil, big

names = [found.name for found in pkgutil.walk_packages(big.__path__, "big.") if "plugin" not in found.name]
modules = [importlib.import_module(name) for name in names]
built = [getattr(big, name) for name in big.__all__ if name.startswith(("Whole", "Half", "Rest"))]
assert all(model.model_rebuild(raise_errors=True) is not False for model in built)
print(json.dumps([len(built), sum(name.startswith("big.models.") for name in names)]))
"""


def test_all_of_it_can_be_imported_and_built(folder: Path) -> None:
    assert run(folder, IMPORT) == [3 * TRIOS, TRIOS]
