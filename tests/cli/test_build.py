"""`formance-codegen build`."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formance_codegen.cli import progress
from formance_codegen.cli.stack import STACK
from formance_codegen.manifest import MANIFEST

if TYPE_CHECKING:
    from cli.conftest import Run


def snapshot(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def edit(folder: Path) -> Path:
    """Edit a generated file by hand."""
    client = folder / "generated/pets/animals/client.py"
    client.write_text(client.read_text().replace("class Zoo(", "class Jungle("))
    return client


def test_makes_one_project_per_document(folder: Path, run: "Run") -> None:
    result = run("build", "--jobs", "1")
    assert result.exit_code == 0, result.stderr
    assert sorted(path.name for path in (folder / "generated").iterdir()) == ["pets", "shops"]
    assert (folder / "generated/pets/pyproject.toml").is_file()
    assert (folder / "generated/pets/animals/__init__.py").is_file()
    assert "class Zoo(" in (folder / "generated/pets/animals/client.py").read_text()
    assert result.stderr == ""


def test_ends_with_one_line_per_service(folder: Path, run: "Run") -> None:
    *_, pets, shops = run("build", "--jobs", "1").stdout.splitlines()
    for line, name in ((pets, "pets"), (shops, "shops")):
        assert re.fullmatch(rf"{name} +2 operations +1 model +0 warnings +\d+\.\d\d s", line)


def test_a_second_run_changes_nothing(folder: Path, run: "Run") -> None:
    run("build", "--jobs", "1")
    before = {file: file.stat().st_mtime_ns for file in (folder / "generated").rglob("*")}
    assert run("build", "--jobs", "1").stdout.startswith("0 files written, ")
    assert {file: file.stat().st_mtime_ns for file in (folder / "generated").rglob("*")} == before


def test_processes_make_the_same_bytes(folder: Path, run: "Run") -> None:
    run("build", "--jobs", "1")
    assert run("build", "--jobs", "2", "--check").exit_code == 0


def test_only_the_services_that_are_named(folder: Path, run: "Run") -> None:
    run("build", "--jobs", "1")
    (folder / "specs/pets.yaml").unlink()
    assert run("build", "--service", "shops").exit_code == 0
    assert (folder / "generated/pets").is_dir()


def test_a_project_without_a_document_goes(folder: Path, run: "Run") -> None:
    run("build", "--jobs", "1")
    (folder / "specs/pets.yaml").unlink()
    (folder / "generated/own").mkdir()
    assert "orphaned: generated/pets/pyproject.toml" in run("build", "--check").stdout
    assert run("build").exit_code == 0
    assert sorted(path.name for path in (folder / "generated").iterdir()) == ["own", "shops"]


def test_an_unknown_service_is_wrong_usage(folder: Path, run: "Run") -> None:
    result = run("build", "--service", "pet")
    assert result.exit_code == 2
    assert "there is no document pet; do you mean pets?" in result.stderr


def test_an_error_leaves_all_output_as_it_was(folder: Path, run: "Run") -> None:
    run("build", "--jobs", "1")
    before = snapshot(folder / "generated")
    (folder / "specs/shops.yaml").write_text("openapi: 3.0.3\n  broken: [\n")
    (folder / "specs/pets.yaml").write_text((folder / "specs/pets.yaml").read_text().replace("listPets", "allPets"))
    result = run("build", "--jobs", "1")
    assert result.exit_code == 1
    assert re.search(r"^specs/shops\.yaml:\d+:\d+: error\[not-yaml\] ", result.stderr, re.MULTILINE)
    assert "Traceback" not in result.output
    assert re.search(r"^shops +failed: 1 error, 0 warnings", result.stdout, re.MULTILINE)
    assert snapshot(folder / "generated") == before


def test_a_file_of_the_user_is_never_overwritten(folder: Path, run: "Run") -> None:
    (folder / "generated/pets").mkdir(parents=True)
    (folder / "generated/pets/README.md").write_text("mine")
    result = run("build", "--jobs", "1")
    assert result.exit_code == 1
    assert "error[foreign-file] " in result.stderr
    assert snapshot(folder / "generated") == {"pets/README.md": b"mine"}


def test_the_committed_clients_are_those_that_a_build_makes(run: "Run", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    result = run("build", "--check")
    assert result.exit_code == 0, result.output
    documents = {file.stem for file in Path("specs").glob("*.yaml")}
    assert {file.parent.name for file in Path("generated").glob("*/pyproject.toml")} == {*documents, STACK}


class TestCheck:
    def test_is_clean_after_a_build(self, folder: Path, run: "Run") -> None:
        run("build", "--jobs", "1")
        assert run("build", "--check", "--jobs", "1").exit_code == 0

    def test_shows_what_is_stale_and_writes_nothing(self, folder: Path, run: "Run") -> None:
        run("build", "--jobs", "1")
        document = folder / "specs/pets.yaml"
        document.write_text(
            document.read_text().replace("operationId: listPets", "summary: All.\n      operationId: listPets")
        )
        (folder / "generated/shops/README.md").unlink()
        before = snapshot(folder)
        result = run("build", "--check", "--jobs", "1")
        assert result.exit_code == 1
        assert "--- a/generated/pets/animals/_sync.py\n+++ b/generated/pets/animals/_sync.py\n@@" in result.stdout
        assert re.search(r"^\+ +\"\"\"All\.", result.stdout, re.MULTILINE)
        assert "missing: generated/shops/README.md\n" in result.stdout
        assert re.search(r"^\d stale, 1 missing: run formance-codegen build", result.stderr, re.MULTILINE)
        assert snapshot(folder) == before

    def test_tells_what_was_edited_from_what_is_stale(self, folder: Path, run: "Run") -> None:
        run("build", "--jobs", "1")
        edited = edit(folder)
        result = run("build", "--check", "--jobs", "1")
        assert result.exit_code == 1
        assert "edited: generated/pets/animals/client.py\n" in result.stdout
        assert re.search(r"^-class Jungle\(.*\n\+class Zoo\(", result.stdout, re.MULTILINE)
        assert "1 edited: run formance-codegen build" in result.stderr
        assert "overlay" in result.stderr
        assert "class Jungle(" in edited.read_text()

    def test_annotates_the_files_on_github(self, folder: Path, run: "Run") -> None:
        run("build", "--jobs", "1")
        edit(folder)
        (folder / "generated/shops/README.md").unlink()
        result = run("build", "--check", "--format", "github")
        assert result.exit_code == 1
        assert result.stdout.splitlines() == [
            f"::error file={file},line=1,col=1,title={code}::{message}"
            for file, code, message in (
                ("generated/pets/animals/client.py", "edited-file", "the file was edited after it was generated"),
                ("generated/shops/README.md", "missing-file", "the file is missing"),
            )
        ]

    def test_writes_sarif(self, folder: Path, run: "Run") -> None:
        run("build", "--jobs", "1")
        edit(folder)
        log = json.loads(run("build", "--check", "--format", "sarif").stdout)
        assert log["version"] == "2.1.0"
        [result] = log["runs"][0]["results"]
        assert result["ruleId"] == "edited-file"
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "generated/pets/animals/client.py"
        assert log["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "edited-file"

    def test_sarif_without_findings_has_no_results(self, folder: Path, run: "Run") -> None:
        run("build", "--jobs", "1")
        result = run("build", "--check", "--format", "sarif")
        assert result.exit_code == 0
        assert json.loads(result.stdout)["runs"][0]["results"] == []

    def test_without_output_everything_is_missing(self, folder: Path, run: "Run") -> None:
        result = run("build", "--check", "--jobs", "1")
        assert result.exit_code == 1
        assert f"missing: generated/pets/{MANIFEST}\n" in result.stdout
        assert not (folder / "generated").exists()


class TestEdited:
    def test_an_edited_file_stops_a_build(self, folder: Path, run: "Run") -> None:
        run("build", "--jobs", "1")
        edit(folder)
        before = snapshot(folder)
        result = run("build", "--jobs", "1")
        assert result.exit_code == 1
        assert "error[edited-file] generated/pets/animals/client.py was edited" in result.stderr
        assert "--force" in result.stderr
        assert snapshot(folder) == before

    def test_unless_it_is_forced(self, folder: Path, run: "Run") -> None:
        run("build", "--jobs", "1")
        edited = edit(folder)
        assert run("build", "--force", "--jobs", "1").exit_code == 0
        assert "class Zoo(" in edited.read_text()

    def test_a_project_that_goes_stops_where_it_was_edited(self, folder: Path, run: "Run") -> None:
        run("build", "--jobs", "1")
        edited = edit(folder)
        (folder / "specs/pets.yaml").unlink()
        assert run("build", "--jobs", "1").exit_code == 1
        assert edited.exists()
        assert run("build", "--jobs", "1", "--force").exit_code == 0
        assert not edited.exists()

    def test_another_end_of_lines_is_no_edit(self, folder: Path, run: "Run") -> None:
        run("build", "--jobs", "1")
        client = folder / "generated/pets/animals/client.py"
        client.write_bytes(client.read_bytes().replace(b"\n", b"\r\n"))
        assert run("build", "--jobs", "1").exit_code == 0

    def test_a_list_that_a_merge_left_in_conflict_still_counts(self, folder: Path, run: "Run") -> None:
        run("build", "--jobs", "1")
        manifest = folder / "generated/pets" / MANIFEST
        lines = manifest.read_text().splitlines(keepends=True)
        manifest.write_text(
            "".join([*lines[:5], "<<<<<<< ours\n", lines[5], "=======\n", ">>>>>>> theirs\n", *lines[6:]])
        )
        document = folder / "specs/pets.yaml"
        document.write_text(document.read_text().replace("listPets", "allPets"))
        result = run("build", "--jobs", "1")
        assert result.exit_code == 0, result.stderr
        assert run("build", "--check").exit_code == 0


class TestSettings:
    def test_without_any_the_bundled_documents_are_built(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: "Run"
    ) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "pyproject.toml").write_text('[project]\nname = "somebody"\n')
        result = run("build", "--service", "gateway")
        assert result.exit_code == 0, result.stderr
        assert (tmp_path / "generated/gateway/formance_gateway/__init__.py").is_file()

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("[tool.formance-codegen", "pyproject.toml:1:23: error[invalid-config] the file is not TOML: "),
            ("[tool]\nformance-codegen = 1", "error[invalid-config] tool.formance-codegen must be a table"),
            (
                "[tool.formance-codegen]\nspec = 'x'",
                'pyproject.toml:2:1: error[invalid-config] there is no setting "spec"',
            ),
            ("[tool.formance-codegen]\nspecs = 'x'", "error[unreadable-file] x is not a folder"),
        ],
    )
    def test_a_mistake_ends_in_one_message(self, folder: Path, run: "Run", text: str, message: str) -> None:
        (folder / "pyproject.toml").write_text(text)
        result = run("build")
        assert result.exit_code == 1
        assert message in result.stderr
        assert len(result.stderr.splitlines()) == 1

    def test_two_documents_of_one_name_are_a_mistake(self, folder: Path, run: "Run") -> None:
        (folder / "specs/pets.json").write_text("{}")
        result = run("build")
        assert result.exit_code == 1
        assert "pets.json and pets.yaml would make the same project" in result.stderr

    def test_every_unreadable_document_is_told(self, folder: Path, run: "Run") -> None:
        (folder / "specs/pets.yaml").write_bytes(b"a: \xff")
        (folder / "specs/shops.yaml").write_bytes(b"\0")
        result = run("build")
        assert result.exit_code == 1
        assert "specs/pets.yaml:1:4: error[unreadable-file] " in result.stderr
        assert "specs/shops.yaml:1:1: error[unreadable-file] " in result.stderr


def test_progress_is_for_terminals(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with progress.progress(1) as advance:
        advance("ledger")
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with progress.progress(1) as advance:
        advance("ledger")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err != ""
