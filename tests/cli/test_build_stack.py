"""`formance-codegen build` with a stack."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formance_codegen.manifest import MANIFEST

if TYPE_CHECKING:
    from cli.conftest import Run

SETTINGS = """
[tool.formance-codegen.stack]
package = "zoo_stack"
client = "Stack"

[tool.formance-codegen.services]
pets = { package = "zoo_pets", client = "PetsClient", platform = "stack" }
shops = { package = "zoo_shops", client = "ShopsClient", platform = "stack", prefix = "/api/shops" }
"""


@pytest.fixture
def stack(folder: Path) -> Path:
    """A working folder with two services of a stack."""
    (folder / "pyproject.toml").write_text(SETTINGS)
    return folder


def doors(folder: Path) -> list[str]:
    client = (folder / "generated/stack/zoo_stack/client.py").read_text()
    return re.findall(r"    @cached_property\n    def (\w+)\(self\) -> \w+:", client)


def test_makes_the_stack_after_its_services(stack: Path, run: "Run") -> None:
    result = run("build", "--jobs", "1")
    assert result.exit_code == 0, result.stderr
    assert sorted(path.name for path in (stack / "generated").iterdir()) == ["pets", "shops", "stack"]
    assert doors(stack) == ["pets", "shops"] * 2
    assert re.fullmatch(r"stack +2 services +\d+\.\d\d s", result.stdout.splitlines()[-1])
    project = (stack / "generated/stack/pyproject.toml").read_text()
    assert '"zoo-pets>=1",\n    "zoo-shops>=1",' in project
    assert (stack / "generated/stack" / MANIFEST).is_file()
    assert (stack / "generated/stack/zoo_stack/py.typed").is_file()
    assert (stack / "generated/stack/zoo_stack/_core/client.py").is_file()


def test_the_stack_alone_is_the_same(stack: Path, run: "Run") -> None:
    result = run("build", "--service", "stack")
    assert result.exit_code == 0, result.stderr
    assert [path.name for path in (stack / "generated").iterdir()] == ["stack"]
    assert len(result.stdout.splitlines()) == 2
    assert run("build", "--jobs", "1").exit_code == 0
    assert run("build", "--service", "stack", "--check").exit_code == 0


def test_a_service_alone_leaves_the_stack(stack: Path, run: "Run") -> None:
    run("build", "--jobs", "1")
    assert run("build", "--service", "pets").exit_code == 0
    assert (stack / "generated/stack/pyproject.toml").is_file()


def test_check_shows_what_is_stale(stack: Path, run: "Run") -> None:
    run("build", "--jobs", "1")
    assert run("build", "--check", "--jobs", "1").exit_code == 0
    (stack / "specs/shops.yaml").unlink()
    result = run("build", "--check", "--jobs", "1")
    assert result.exit_code == 1
    assert "--- a/generated/stack/zoo_stack/client.py" in result.stdout
    assert "orphaned: generated/shops/pyproject.toml" in result.stdout


def test_without_its_table_the_stack_goes(stack: Path, run: "Run") -> None:
    run("build", "--jobs", "1")
    (stack / "pyproject.toml").write_text(SETTINGS.replace("[tool.formance-codegen.stack]", "[tool.other]"))
    assert run("build", "--jobs", "1").exit_code == 0
    assert sorted(path.name for path in (stack / "generated").iterdir()) == ["pets", "shops"]


def test_the_settings_may_choose_the_services(stack: Path, run: "Run") -> None:
    (stack / "pyproject.toml").write_text(SETTINGS.replace('"Stack"\n', '"Stack"\nservices = ["shops"]\n', 1))
    assert run("build", "--jobs", "1").exit_code == 0
    assert doors(stack) == ["shops"] * 2


def test_the_order_of_services_changes_nothing(stack: Path, run: "Run") -> None:
    (stack / "pyproject.toml").write_text(SETTINGS.replace('"Stack"\n', '"Stack"\nservices = ["shops", "pets"]\n', 1))
    run("build", "--jobs", "1")
    (stack / "pyproject.toml").write_text(SETTINGS)
    assert run("build", "--jobs", "1", "--check").exit_code == 0


def test_an_attribute_is_a_free_python_name(stack: Path, run: "Run") -> None:
    for name in ("close", "pet-shops", "2fa"):
        (stack / f"specs/{name}.yaml").write_text(
            (stack / "specs/pets.yaml").read_text().replace("Pets", f"P{name[0]}")
        )
    tables = "".join(
        f'"{name}" = {{ package = "zoo_x{number}", platform = "stack" }}\n'
        for number, name in enumerate(("close", "pet-shops", "2fa"))
    )
    (stack / "pyproject.toml").write_text(SETTINGS + tables)
    result = run("build", "--jobs", "1")
    assert result.exit_code == 0, result.stderr
    assert doors(stack)[:5] == ["close_", "pet_shops", "pets", "service_2fa", "shops"]


@pytest.mark.parametrize("platform", ["cloud", ""])
def test_it_leads_to_what_belongs_to_a_stack(stack: Path, run: "Run", platform: str) -> None:
    (stack / "pyproject.toml").write_text(SETTINGS.replace('platform = "stack"', f'platform = "{platform}"', 1))
    result = run("build", "--jobs", "1")
    assert result.exit_code == 0, result.stderr
    assert doors(stack) == ["shops"] * 2


def test_a_service_without_a_document_cannot_be_chosen(stack: Path, run: "Run") -> None:
    (stack / "pyproject.toml").write_text(SETTINGS.replace('"Stack"\n', '"Stack"\nservices = ["cats"]\n', 1))
    result = run("build", "--jobs", "1")
    assert result.exit_code == 1
    message = "the stack names the service cats, but there is no such document"
    assert f"pyproject.toml:1:1: error[invalid-config] {message}" in result.stderr


def test_a_service_that_is_not_of_a_stack_cannot_be_chosen(stack: Path, run: "Run") -> None:
    settings = SETTINGS.replace('"PetsClient", platform = "stack"', '"PetsClient"')
    (stack / "pyproject.toml").write_text(settings.replace('"Stack"\n', '"Stack"\nservices = ["pets"]\n', 1))
    result = run("build")
    assert result.exit_code == 1
    assert 'names the service pets, but its platform is not "stack"' in result.stderr


def test_a_stack_without_services_is_a_mistake(stack: Path, run: "Run") -> None:
    (stack / "pyproject.toml").write_text(SETTINGS.replace('platform = "stack"', 'platform = ""'))
    result = run("build")
    assert result.exit_code == 1
    assert 'the stack has no services: no document is of the platform "stack"' in result.stderr


def test_a_document_cannot_have_the_name_of_the_stack(stack: Path, run: "Run") -> None:
    (stack / "specs/pets.yaml").rename(stack / "specs/stack.yaml")
    result = run("build")
    assert result.exit_code == 1
    assert "the document stack would make the same project as the stack" in result.stderr


def test_a_service_that_fails_takes_the_stack_along(stack: Path, run: "Run") -> None:
    (stack / "specs/pets.yaml").write_text("openapi: 3.0.3\n  broken: [\n")
    for arguments in (("build", "--jobs", "1"), ("build", "--service", "stack")):
        result = run(*arguments)
        assert result.exit_code == 1
        assert len(re.findall(r"^specs/pets\.yaml:\d+:\d+: error\[not-yaml\] ", result.stderr, re.MULTILINE)) == 1
    assert not (stack / "generated").exists()


def test_an_overlay_is_for_a_service(stack: Path, run: "Run") -> None:
    result = run("build", "--service", "stack", "--overlay", "overlay.yaml")
    assert result.exit_code == 2
    assert "the stack has no document of its own" in result.stderr
