"""A working folder with two small documents, and a way to run commands in it."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

import pytest
from click.testing import CliRunner, Result

from formance_codegen.cli.app import main
from neighbour import git

PETS: Final = """
openapi: 3.0.3
info: {title: Pets, version: "1"}
paths:
  /pets:
    get:
      operationId: listPets
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
      responses:
        "200":
          description: All pets.
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Pet"}}
  /pets/{id}:
    get:
      operationId: getPet
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        "200":
          description: One pet.
          content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
        "404": {description: There is none.}
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties: {name: {type: string}, age: {type: integer}}
"""
SHOPS: Final = PETS.replace("Pet", "Shop").replace("pet", "shop")
BROKEN: Final = PETS.replace("#/components/schemas/Pet}", "#/components/schemas/Pot}").replace('Pet"}', 'Pot"}')

Run: TypeAlias = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a configuration for ``pets``, and ``pets`` and ``shops`` in its specs."""
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/pets.yaml").write_text(PETS)
    (tmp_path / "specs/shops.yaml").write_text(SHOPS)
    (tmp_path / "specs/notes.txt").write_text("not a document")
    table = '[tool.formance-codegen]\n\n[tool.formance-codegen.services.pets]\npackage = "animals"\nclient = "Zoo"\n'
    (tmp_path / "pyproject.toml").write_text(table)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def app(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another repository, with a package of its own."""
    repository = tmp_path_factory.mktemp("app")
    (repository / "shop/vendor").mkdir(parents=True)
    for package in ("shop", "shop/vendor"):
        (repository / package / "__init__.py").write_text("")
    git(repository, "init", "--quiet", ".")
    return repository


@pytest.fixture
def run() -> Run:
    """Run a command in this process; an exception that it does not handle is a failure."""

    def invoke(*args: str) -> Result:
        result = CliRunner().invoke(main, args)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke
