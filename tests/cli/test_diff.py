"""`formance-codegen diff`: what is compared, how it is told, and with which exit code."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

import jsonschema
import pytest

from formance_codegen.diff.catalogue import CHECKS

if TYPE_CHECKING:
    from cli.conftest import Run

ROOT: Final = Path(__file__).parents[2]
SCHEMA: Final = json.loads((ROOT / "docs" / "diff.schema.json").read_text(encoding="utf-8"))
LIMIT: Final = "        - {name: limit, in: query, schema: {type: integer}}\n"
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")

OVERLAY: Final = """\
overlay: 1.0.0
info: {title: Names, version: 1.0.0}
actions:
  - {target: "$.paths['/pets'].get", update: {x-formance-name: find_pets}}
"""


def newer(folder: Path, old: str, new: str, *, name: str = "pets") -> None:
    """Change the document of the working folder."""
    file = folder / f"specs/{name}.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


@pytest.fixture
def older(folder: Path) -> Path:
    """A copy of the folder of the documents, made before they change."""
    shutil.copytree(folder / "specs", folder / "older")
    return folder / "older"


def git(folder: Path, *arguments: str) -> None:
    """Run git as nobody in particular, with no settings but its own."""
    identity = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for role in ("AUTHOR", "COMMITTER"):
        identity |= {f"GIT_{role}_NAME": "nobody", f"GIT_{role}_EMAIL": "nobody@example.com"}
    subprocess.run(["git", *arguments], cwd=folder, env={**os.environ, **identity}, check=True, capture_output=True)


@pytest.fixture
def repository(folder: Path) -> Path:
    """The working folder as a git repository, with everything committed on the branch ``main``."""
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=first")
    return folder


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({}, SCHEMA)


def test_as_text(older: Path, folder: Path, run: "Run") -> None:
    newer(folder, LIMIT, LIMIT.replace("query,", "query, required: true,"))
    result = run("diff", "older", "specs")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "pets: major (1 change that breaks callers)",
        "  breaking for callers",
        "    specs/pets.yaml:9: error[argument-became-required] `limit` of `list_pets` must be given.",
        "        Give `limit` in calls of `list_pets`.",
        "",
        "1 change that breaks callers: a major version is needed",
    ]


def test_without_changes(older: Path, run: "Run") -> None:
    for form, text in (
        ("text", "no changes: no version is needed\n"),
        ("markdown", "## Python API: no changes\n"),
        ("changelog", "No changes.\n"),
    ):
        assert run("diff", "older", "specs", "--format", form, "--fail-on", "any").stdout == text
    assert json.loads(run("diff", "older", "specs", "--format", "json").stdout)["services"] == []


def test_as_json(older: Path, folder: Path, run: "Run") -> None:
    newer(folder, LIMIT, "        - {name: size, in: query, schema: {type: string}}\n")
    newer(folder, "Shop:", "Store:", name="shops")
    newer(folder, "schemas/Shop", "schemas/Store", name="shops")
    found = json.loads(run("diff", "older", "specs", "--format", "json").stdout)
    jsonschema.validate(found, SCHEMA)
    assert (found["old"], found["new"], found["verdict"]) == ("older", "specs", "major")
    pets, shops = found["services"]
    assert (pets["service"], pets["package"], pets["verdict"]) == ("pets", "animals", "major")
    assert pets["counts"]["breaking-call"] == 1
    gone, come = pets["changes"]
    assert {change["id"] for change in pets["changes"] + shops["changes"]} <= CHECKS.keys()
    assert (gone["id"], gone["name"], gone["member"]) == ("argument-removed", "list_pets", "limit")
    assert gone["old"] == {"pointer": "/paths/~1pets/get/parameters/0", "file": "older/pets.yaml", "line": 9}
    assert (gone["new"], gone["endpoint"], gone["direction"]) == (None, "GET /pets", None)
    assert (come["id"], come["after"]) == ("argument-added", "str | None")
    (renamed,) = shops["changes"]
    assert (renamed["id"], renamed["direction"]) == ("model-renamed", "response")
    assert (renamed["before"], renamed["after"]) == ("Shop", "Store")


def test_as_markdown(older: Path, folder: Path, run: "Run") -> None:
    newer(folder, LIMIT, "        - {name: size, in: query, schema: {type: string}}\n")
    text = run("diff", "older", "specs", "--format", "markdown").stdout
    assert text.startswith("## Python API: major\n")
    assert "| `animals` | **major** | 1 | 0 | 0 | 1 | 0 |" in text
    assert "- `list_pets` no longer takes `limit`. **Leave `limit` out of calls of `list_pets`.**" in text
    breaking, _, rest = text.partition("<details>")
    assert "argument-removed" in breaking
    assert "argument-added" not in breaking
    assert "<summary>Additions (1)</summary>" in rest
    assert text.count("<details>") == text.count("</details>") == 1


def test_as_an_entry_of_a_changelog(older: Path, folder: Path, run: "Run") -> None:
    newer(folder, LIMIT, LIMIT.replace("query,", "query, deprecated: true,"))
    newer(folder, "properties: {name:", "properties: {colour: {type: string}, name:")
    assert run("diff", "older", "specs", "--format", "changelog").stdout.splitlines() == [
        "## animals 1 (minor)",
        "",
        "### Deprecated",
        "",
        "- `limit` of `list_pets` is deprecated. Look for another way than `limit` before it is removed.",
        "",
        "### Added",
        "",
        "- `Pet` has the field `colour`.",
    ]


@pytest.mark.parametrize(
    ("new", "failing"),
    [
        (LIMIT.replace("query,", "query, required: true,"), ["major", "minor", "any"]),
        (LIMIT.replace("query,", "query, deprecated: true,"), ["minor", "any"]),
        (LIMIT.replace("query,", "query, description: How many.,"), ["any"]),
        (LIMIT.replace("query,", "query, example: 3,"), [""]),
    ],
)
def test_the_exit_code_says_how_large_the_step_is(
    older: Path, folder: Path, run: "Run", new: str, failing: list[str]
) -> None:
    newer(folder, LIMIT, new)
    assert run("diff", "older", "specs").exit_code == 0
    limits = ("major", "minor", "any")
    found = [limit for limit in limits if run("diff", "older", "specs", "--fail-on", limit).exit_code]
    assert found == [limit for limit in failing if limit]


def test_documents_come_and_go(older: Path, folder: Path, run: "Run") -> None:
    (folder / "specs/shops.yaml").rename(folder / "specs/stores.yaml")
    text = run("diff", "older", "specs").stdout
    assert "older/shops.yaml:1: error[service-removed]" in text
    assert "specs/stores.yaml:1: note[service-added]" in text


def test_a_file_elsewhere_has_the_settings_of_the_other(older: Path, folder: Path, run: "Run") -> None:
    shutil.copy(older / "pets.yaml", folder / "release-1.yaml")
    assert run("diff", "release-1.yaml", "specs/pets.yaml", "--fail-on", "any").exit_code == 0
    newer(folder, LIMIT, "")
    newer(folder, "      parameters:\n      responses", "      responses")
    found = json.loads(run("diff", "release-1.yaml", "specs/pets.yaml", "--format", "json").stdout)
    assert [service["service"] for service in found["services"]] == ["pets"]
    assert [change["id"] for change in found["services"][0]["changes"]] == ["argument-removed"]
    back = json.loads(run("diff", "specs/pets.yaml", "release-1.yaml", "--format", "json").stdout)
    assert [(service["service"], service["package"]) for service in back["services"]] == [("pets", "animals")]


def test_two_files_elsewhere_are_versions_of_a_service(older: Path, folder: Path, run: "Run") -> None:
    text = (older / "pets.yaml").read_text()
    (folder / "older/changed.yaml").write_text(text.replace("listPets", "findPets"))
    arguments = ("diff", "older/pets.yaml", "older/changed.yaml", "--format", "json")
    assert json.loads(run(*arguments).stdout)["services"][0]["package"] == "pets_client"
    found = json.loads(run(*arguments, "--service", "pets").stdout)["services"][0]
    assert (found["service"], found["package"]) == ("pets", "animals")
    assert run(*arguments, "--service", "cats").exit_code == 2
    assert run("diff", "older", "specs", "--service", "pets").exit_code == 2


def test_an_overlay_is_part_of_what_is_built(older: Path, folder: Path, run: "Run") -> None:
    (folder / "specs/overlays").mkdir()
    (folder / "specs/overlays/pets.yaml").write_text(OVERLAY)
    shutil.copy(folder / "specs/pets.yaml", folder / "release.yaml")
    newer(folder, LIMIT, LIMIT.replace("query,", "query, deprecated: true,"))
    assert "`limit` of `find_pets` is deprecated" in run("diff", "release.yaml", "specs/pets.yaml").stdout
    plain = run("diff", "release.yaml", "specs/pets.yaml", "--no-overlays").stdout
    assert "`limit` of `list_pets` is deprecated" in plain


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nothing.yaml", "specs/pets.yaml"), "cannot read nothing.yaml: there is no such file or folder"),
        (("specs/pets.yaml", "specs/notes.txt"), "specs/notes.txt:1:1: error[not-openapi]"),
        (("empty", "specs"), "cannot read empty: the folder holds no document"),
    ],
)
def test_what_cannot_be_read(folder: Path, run: "Run", arguments: tuple[str, str], message: str) -> None:
    (folder / "empty").mkdir()
    result = run("diff", *arguments)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert message in result.stderr


def test_a_file_is_no_folder(folder: Path, run: "Run") -> None:
    result = run("diff", "specs", "specs/pets.yaml")
    assert result.exit_code == 2
    assert "specs and specs/pets.yaml must both be documents" in result.stderr


# Git


@needs_git
def test_a_revision_of_a_folder_against_the_working_folder(repository: Path, run: "Run") -> None:
    newer(repository, "listPets", "findPets")
    text = run("diff", "main:specs", "specs").stdout
    assert "specs/pets.yaml:6: error[method-renamed] `list_pets` is now `find_pets`." in text
    assert "package-renamed" not in text


@needs_git
def test_two_revisions_of_a_file(repository: Path, run: "Run") -> None:
    newer(repository, "listPets", "findPets")
    git(repository, "commit", "--quiet", "--all", "--message=second")
    found = json.loads(run("diff", "HEAD~1:specs/pets.yaml", "HEAD:specs/pets.yaml", "--format", "json").stdout)
    (service,) = found["services"]
    (change,) = service["changes"]
    assert (service["package"], change["id"]) == ("animals", "method-renamed")
    assert (change["old"]["file"], change["new"]["file"]) == ("HEAD~1:specs/pets.yaml", "HEAD:specs/pets.yaml")


@needs_git
def test_a_revision_has_its_own_settings_and_overlays(repository: Path, run: "Run") -> None:
    newer_settings = (repository / "pyproject.toml").read_text().replace('"animals"', '"zoo"')
    (repository / "pyproject.toml").write_text(newer_settings)
    (repository / "specs/overlays").mkdir()
    (repository / "specs/overlays/pets.yaml").write_text(OVERLAY)
    text = run("diff", "main:specs", "specs").stdout
    assert "[package-renamed] `animals` is now `zoo`." in text
    assert "[method-renamed] `list_pets` is now `find_pets`." in text
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message=second")
    assert run("diff", "main:specs", "specs", "--fail-on", "any").exit_code == 0


@needs_git
def test_a_revision_has_the_files_that_its_documents_refer_to(folder: Path, run: "Run") -> None:
    part = folder / "specs/parts/toy.yaml"
    part.parent.mkdir()
    part.write_text("type: object\nproperties: {colour: {type: string}}\n")
    newer(folder, "  schemas:\n", "  schemas:\n    Toy: {$ref: parts/toy.yaml}\n    Out: {$ref: ../out.yaml}\n")
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=first")
    part.write_text("type: object\nproperties: {weight: {type: integer}}\n")
    result = run("diff", "main:specs/pets.yaml", "specs/pets.yaml")
    assert result.exit_code == 1
    error, _ = result.stderr.splitlines()
    assert error.startswith("main:specs/pets.yaml:29:")
    assert error.endswith("it is outside of the document's folder")
    newer(folder, "    Out: {$ref: ../out.yaml}\n", "")
    git(folder, "commit", "--quiet", "--all", "--message=second")
    part.write_text("type: object\nproperties: {colour: {type: string}, weight: {type: integer}}\n")
    result = run("diff", "main:specs/pets.yaml", "specs/pets.yaml")
    assert result.exit_code == 0
    assert "`Toy` has the field `colour`" in result.stdout
    assert "weight" not in result.stdout


@needs_git
def test_a_revision_has_its_own_names(repository: Path, run: "Run") -> None:
    lock = "pets method /paths/~1pets/get every_pet\n"
    (repository / "specs/names.lock").write_text(lock)
    assert "[method-renamed] `list_pets` is now `every_pet`." in run("diff", "main:specs", "specs").stdout
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message=second")
    assert run("diff", "main:specs", "specs", "--fail-on", "any").exit_code == 0
    kept = "pets method /paths/~1pets/get all_pets was every_pet until after 1\n"
    (repository / "specs/names.lock").write_text(kept)
    changed = run("diff", "main:specs", "specs")
    assert "`every_pet` is now `all_pets`; the old name is deprecated and goes with the next release." in changed.stdout
    assert "a minor version is needed" in changed.stdout
    git(repository, "commit", "--quiet", "--all", "--message=third")
    (repository / "specs/names.lock").write_text("pets method /paths/~1pets/get all_pets\n")
    assert (
        "error[former-name-removed] `every_pet`, which was deprecated, is gone."
        in run("diff", "main:specs", "specs").stdout
    )


@needs_git
def test_paths_are_those_of_git(repository: Path, run: "Run", monkeypatch: pytest.MonkeyPatch) -> None:
    inside = repository / "sub"
    inside.mkdir()
    monkeypatch.chdir(inside)
    assert run("diff", "main:specs", "main:../specs").exit_code == 0
    assert "no such file or folder" in run("diff", "main:specs", "main:./specs").stderr


@needs_git
@pytest.mark.parametrize(
    ("given", "cause"),
    [
        ("other:specs", "cannot read the revision other: git knows no such revision"),
        ("main:spec", "cannot read main:spec: the revision has no such file or folder"),
        ("--help:specs", "cannot read the revision --help: git knows no such revision"),
    ],
)
def test_a_revision_that_is_not_there(repository: Path, run: "Run", given: str, cause: str) -> None:
    result = run("diff", "--", given, "specs")
    assert result.exit_code == 1
    assert cause in result.stderr


@needs_git
def test_a_folder_that_is_no_repository(folder: Path, run: "Run", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(folder.parent))
    assert "the working folder is in no git repository" in run("diff", "main:specs", "specs").stderr


def test_a_machine_without_git(folder: Path, run: "Run", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    result = run("diff", "main:specs", "specs")
    assert result.exit_code == 1
    assert "cannot read the revision main: there is no git" in result.stderr
