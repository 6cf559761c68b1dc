"""What README, the continuous integration and the package say of each other."""

import re
import tomllib
from pathlib import Path
from typing import Final

import pytest

from formance_codegen import __version__
from formance_codegen.config import read_config

ROOT: Final = Path(__file__).parents[1]
README: Final = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS: Final = re.findall(r"```sh\n(.+)\n```", README)
PAGES: Final = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_readme_has_the_command_to_build_and_the_one_to_test() -> None:
    build, test = COMMANDS
    assert build.endswith(".venv/bin/formance-codegen build")
    assert test.endswith(".venv/bin/pytest")


def test_continuous_integration_runs_the_readme_command_for_tests() -> None:
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1] == COMMANDS[1]
    assert "- run: .ci/run\n" in (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")


def test_the_changelog_has_the_version() -> None:
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_constraints_pin_every_dependency_exactly() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    assert "black==26.10.1" in lines


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_settings_that_readme_shows_are_valid() -> None:
    example = "".join(re.findall(r"```toml\n(.+?)```", README, re.DOTALL))
    config = read_config(tomllib.loads(example)["tool"]["formance-codegen"], "README.md").value
    assert config is not None
    assert config.stack is not None
    assert config.stack.services == ("ledger", "payments")
    assert config.services["petstore"].client == "PetStore"
    assert config.services["petstore"].renames == {"/components/schemas/Pet": "Animal"}
