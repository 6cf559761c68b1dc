"""`--overlay`, and the overlays beside the documents that are applied by themselves."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from cli.conftest import Run

HEAD: Final = "overlay: 1.0.0\ninfo: {title: t, version: 1.0.0}\nactions:\n"
RENAME: Final = f"{HEAD}  - target: $.paths['/pets'].get\n    update: {{x-formance-name: all_pets}}\n"
AGAIN: Final = RENAME.replace("all_pets", "every_pet")
NOTHING: Final = f"{HEAD}  - target: $.paths['/cats']\n    remove: true\n"
BROKEN: Final = f"{HEAD}  - target: paths\n    remove: true\n"


@pytest.fixture
def own(folder: Path) -> Path:
    """The overlay that belongs to ``specs/pets.yaml``."""
    (folder / "specs/overlays").mkdir()
    (folder / "specs/overlays/pets.yaml").write_text(RENAME)
    return folder / "specs/overlays/pets.yaml"


def calls(run: "Run", *args: str) -> list[str]:
    result = run("inspect", *args, "--format", "json")
    assert result.exit_code == 0, result.stderr
    return [operation["call"] for operation in json.loads(result.stdout)["operations"]]


def test_one_is_applied_to_any_document(folder: Path, run: "Run") -> None:
    (folder / "pets.yaml").write_text((folder / "specs/pets.yaml").read_text())
    (folder / "o.yaml").write_text(RENAME)
    assert calls(run, "pets.yaml") == ["list_pets", "get_pet"]
    assert calls(run, "pets.yaml", "--overlay", "o.yaml") == ["all_pets", "get_pet"]


def test_several_are_applied_in_order(folder: Path, run: "Run") -> None:
    (folder / "one.yaml").write_text(RENAME)
    (folder / "two.json").write_text(
        json.dumps(
            {
                "overlay": "1.0.0",
                "info": {"title": "t", "version": "1"},
                "actions": [
                    {"target": "$.paths.*[?@['x-formance-name'] == 'all_pets']", "update": {"deprecated": True}}
                ],
            }
        )
    )
    result = run("inspect", "specs/pets.yaml", "--overlay", "one.yaml", "--overlay", "two.json")
    assert "all_pets(*, limit) -> list[Pet] (deprecated)" in result.stdout


def test_that_of_the_folder_is_applied_by_itself(own: Path, folder: Path, run: "Run") -> None:
    assert calls(run, "specs/pets.yaml") == ["all_pets", "get_pet"]
    assert calls(run, "specs/shops.yaml") == ["list_shops", "get_shop"]
    (folder / "two.yaml").write_text(AGAIN)
    assert calls(run, "specs/pets.yaml", "--overlay", "two.yaml") == ["every_pet", "get_pet"]


def test_a_document_elsewhere_has_none(own: Path, folder: Path, run: "Run") -> None:
    (folder / "pets.yaml").write_text((folder / "specs/pets.yaml").read_text())
    assert calls(run, "pets.yaml") == ["list_pets", "get_pet"]


def test_giving_that_of_the_folder_applies_it_once(own: Path, run: "Run") -> None:
    own.write_text(
        f"{HEAD}  - {{target: $.tags, update: {{name: x}}}}\n  - {{target: $, update: {{tags: [{{name: y}}]}}}}\n"
    )
    result = run("lint", "specs/pets.yaml", "--overlay", "specs/overlays/pets.yaml")
    assert result.stdout.count("warning[overlay-without-effect]") == 1


@pytest.mark.parametrize("command", ["build", "generate"])
def test_projects_are_made_with_it(own: Path, folder: Path, run: "Run", command: str) -> None:
    args = ["specs/pets.yaml", "--output", "generated/pets"] if command == "generate" else []
    result = run(command, *args)
    assert result.exit_code == 0, result.stderr
    assert "def all_pets(" in (folder / "generated/pets/animals/_sync.py").read_text()
    if command == "build":
        assert run("build", "--check").exit_code == 0
        own.unlink()
        # The name stays, as names do, until it is given anew.
        assert run("build", "--check").exit_code == 0
        assert run("build", "--check", "--relock").exit_code == 1


def test_build_takes_one_for_one_service(folder: Path, run: "Run") -> None:
    (folder / "o.yaml").write_text(RENAME)
    result = run("build", "--service", "pets", "--overlay", "o.yaml")
    assert result.exit_code == 0, result.stderr
    assert "def all_pets(" in (folder / "generated/pets/animals/_sync.py").read_text()
    for services in ([], ["--service", "pets", "--service", "shops"]):
        result = run("build", *services, "--overlay", "o.yaml")
        assert result.exit_code == 2
        assert "--service has to name" in result.stderr


@pytest.mark.parametrize("command", ["build", "generate", "inspect", "lint"])
def test_a_broken_one_ends_in_one_message_and_writes_nothing(own: Path, folder: Path, run: "Run", command: str) -> None:
    own.write_text(BROKEN)
    args = [] if command == "build" else ["specs/pets.yaml"]
    result = run(command, *args, *(["--output", "generated/pets"] if command == "generate" else []))
    assert result.exit_code == 1
    assert result.output.count("specs/overlays/pets.yaml:4:5: error[invalid-overlay] paths is no JSONPath query") == 1
    assert not (folder / "generated").exists()


def test_one_that_is_not_there(folder: Path, run: "Run") -> None:
    result = run("lint", "specs/pets.yaml", "--overlay", "nowhere.yaml")
    assert result.exit_code == 1
    assert "nowhere.yaml:1:1: error[unreadable-file]" in result.stderr


def test_lint_shows_lines_of_the_overlay(folder: Path, run: "Run") -> None:
    (folder / "o.yaml").write_text(NOTHING)
    result = run("lint", "specs/pets.yaml", "--overlay", "o.yaml")
    assert result.exit_code == 0
    assert "o.yaml:4:5: warning[overlay-without-effect] $.paths['/cats'] selects nothing" in result.stdout
    assert "4 |   - target: $.paths['/cats']" in result.stdout
