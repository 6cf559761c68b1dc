"""`formance-codegen generate`."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formance_codegen.resources import resources

if TYPE_CHECKING:
    from cli.conftest import Run


def test_the_folder_becomes_the_project(folder: Path, run: "Run") -> None:
    (folder / "openapi.yaml").write_text((folder / "specs/pets.yaml").read_text())
    result = run("generate", "openapi.yaml", "--output", "out", "--package", "pet_store")
    assert result.exit_code == 0, result.stderr
    assert (folder / "out/pyproject.toml").is_file()
    assert (folder / "out/pet_store/__init__.py").is_file()
    assert (folder / "out/pet_store/_core/__init__.py").is_file()
    assert result.stdout.startswith("out: 2 operations, 1 model, 0 warnings, ")


def test_a_document_of_the_specs_folder_has_its_settings(folder: Path, run: "Run") -> None:
    run("generate", "specs/pets.yaml", "--output", "one")
    run("generate", str(folder / "specs/pets.yaml"), "--output", "two")
    assert (folder / "one/animals/client.py").read_bytes() == (folder / "two/animals/client.py").read_bytes()


def test_a_document_elsewhere_has_none(folder: Path, run: "Run") -> None:
    (folder / "pets.yaml").write_text((folder / "specs/pets.yaml").read_text())
    run("generate", "pets.yaml", "--output", "out")
    assert (folder / "out/pyproject.toml").is_file()
    assert not (folder / "out/animals").exists()


@pytest.mark.parametrize("name", ["pet-store", "class", "", "1st"])
def test_a_package_must_be_a_name(folder: Path, run: "Run", name: str) -> None:
    result = run("generate", "specs/pets.yaml", "--output", "out", "--package", name)
    assert result.exit_code == 2
    assert "is not a Python name" in result.stderr


def test_output_is_required(folder: Path, run: "Run") -> None:
    assert run("generate", "specs/pets.yaml").exit_code == 2


def test_an_error_leaves_the_output_as_it_was(folder: Path, run: "Run") -> None:
    run("generate", "specs/pets.yaml", "--output", "out")
    before = {file: file.read_bytes() for file in (folder / "out").rglob("*") if file.is_file()}
    text = (folder / "specs/pets.yaml").read_text()
    (folder / "specs/pets.yaml").write_text(text.replace("#/components/schemas/Pet", "pots.yaml"))
    result = run("generate", "specs/pets.yaml", "--output", "out")
    assert result.exit_code == 1
    assert "specs/pets.yaml:15:" in result.stderr
    assert "error[external-reference] " in result.stderr
    assert {file: file.read_bytes() for file in (folder / "out").rglob("*") if file.is_file()} == before


def test_a_project_of_somebody_else_is_refused(folder: Path, run: "Run") -> None:
    before = (folder / "pyproject.toml").read_text()
    result = run("generate", "specs/pets.yaml", "--output", ".")
    assert result.exit_code == 1
    assert "error[foreign-file] pyproject.toml exists, and this generator did not write it" in result.stderr
    assert (folder / "pyproject.toml").read_text() == before
    assert not (folder / "animals").exists()


class TestTemplates:
    def test_a_template_of_the_user_replaces_ours(self, folder: Path, run: "Run") -> None:
        (folder / "mine").mkdir()
        readme = resources().templates / "package" / "readme.md.jinja"
        (folder / "mine" / readme.name).write_text("Our own words.\n")
        result = run("generate", "specs/pets.yaml", "--output", "out", "--templates", "mine")
        assert result.exit_code == 0, result.stderr
        assert (folder / "out/README.md").read_text() == "Our own words.\n"
        assert (folder / "out/animals/client.py").is_file()

    def test_a_name_that_does_not_exist_is_an_error(self, folder: Path, run: "Run") -> None:
        (folder / "mine").mkdir()
        readme = resources().templates / "package" / "readme.md.jinja"
        (folder / "mine" / readme.name).write_text("{{ nobody.knows }}\n")
        result = run("generate", "specs/pets.yaml", "--output", "out", "--templates", "mine")
        assert result.exit_code == 1
        assert "error[invalid-template] " in result.stderr
        assert not (folder / "out").exists()

    @pytest.mark.parametrize("kind", ["missing", "no template", "not text"])
    def test_a_folder_that_cannot_be_meant_is_an_error(self, folder: Path, run: "Run", kind: str) -> None:
        if kind != "missing":
            (folder / "mine").mkdir()
            (folder / "mine/x.jinja").write_bytes(b"\xff" if kind == "not text" else b"x")
        result = run("generate", "specs/pets.yaml", "--output", "out", "--templates", "mine")
        assert result.exit_code == 1
        assert "error[invalid-template] " in result.stderr
        assert not (folder / "out").exists()
