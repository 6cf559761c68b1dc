"""`formance-codegen init`: what it writes is enough to begin, and what it writes for CI runs."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeGuard

import pytest
import yaml

from cli.conftest import PETS

if TYPE_CHECKING:
    from cli.conftest import Run

ROOT: Final = Path(__file__).parents[2]
WORKFLOW: Final = ".github/workflows/formance-codegen.yml"


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_service_is_ready_to_be_built(empty: Path, run: "Run") -> None:
    result = run("init", "--service", "gateway", "--service", "search")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.endswith("next: formance-codegen build\n")
    assert run("build", "--jobs", "1").exit_code == 0
    assert run("build", "--check", "--jobs", "1").exit_code == 0
    assert (empty / "generated/gateway/formance_gateway/client.py").is_file()
    assert {path.name for path in (empty / "specs").iterdir()} >= {"gateway.yaml", "search.yaml", "sources.toml"}
    assert "[ledger]" not in (empty / "specs/sources.toml").read_text()


def test_any_document_is_ready_to_be_built(empty: Path, run: "Run") -> None:
    (empty / "pets.yaml").write_text(PETS)
    assert run("init", "--spec", "pets.yaml").exit_code == 0
    assert run("build", "--jobs", "1").exit_code == 0
    assert run("build", "--check", "--jobs", "1").exit_code == 0


def test_settings_are_added_to_those_of_others(empty: Path, run: "Run") -> None:
    theirs = '[project]\nname = "shop" # ours\n\n[tool.black]\nline-length = 100\n'
    (empty / "pyproject.toml").write_text(theirs)
    (empty / ".gitattributes").write_text("*.png binary")
    run("init", "--service", "gateway")
    text = (empty / "pyproject.toml").read_text()
    assert text.startswith(theirs)
    assert 'gateway = {package = "formance_gateway"' in text
    assert (empty / ".gitattributes").read_text() == "*.png binary\ngenerated/** linguist-generated=true\n"


def test_a_second_run_changes_nothing_and_files_of_others_stay(empty: Path, run: "Run") -> None:
    (empty / ".pre-commit-config.yaml").write_text("repos: []\n")
    args = ("init", "--service", "gateway", "--ci", "gitlab", "--pre-commit")
    result = run(*args)
    assert result.stderr == "left as it is: .pre-commit-config.yaml\n"
    before = {file: file.read_bytes() for file in empty.rglob("*") if file.is_file()}
    assert "written" not in run(*args).stdout
    assert before == {file: file.read_bytes() for file in empty.rglob("*") if file.is_file()}
    assert before[empty / ".pre-commit-config.yaml"] == b"repos: []\n"


def test_without_documents_it_says_what_to_do(empty: Path, run: "Run") -> None:
    assert run("init").stdout.endswith("next: put documents into specs/\n")
    assert "OpenAPI document" in (empty / "specs/README.md").read_text()


def test_an_unknown_service_is_wrong_usage(empty: Path, run: "Run") -> None:
    result = run("init", "--service", "ledgers")
    assert result.exit_code == 2
    assert "there is no ledgers; there are auth," in result.stderr
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_nothing_of_others_reaches_a_shell(empty: Path, run: "Run", ci: str) -> None:
    """Expressions are for the fields of the workflow; a script gets them as variables of its environment."""
    run("init", "--ci", ci, "--pre-commit")
    assert yaml.safe_load((empty / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"][0]["entry"]
    file = empty / (WORKFLOW if ci == "github" else ".gitlab/formance-codegen.yml")
    jobs = yaml.safe_load(file.read_text())
    for text in scripts(jobs):
        assert "${{" not in text


def test_actions_are_pinned() -> None:
    files = [*(ROOT / ".github/workflows").glob("*.yml"), ROOT / "templates/init/github.yml", ROOT / "action.yml"]
    uses = [
        line.split("uses:")[1].split() for file in files for line in file.read_text().splitlines() if "uses:" in line
    ]
    assert len(uses) > 4
    for name, *comment in uses:
        assert len(name.partition("@")[2]) == 40, name
        assert comment[0] == "#"


def test_the_action_and_the_hooks_run_the_command() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    assert action["runs"]["using"] == "composite"
    assert {"command", "version", "working-directory"} <= action["inputs"].keys()
    for text in scripts(action):
        assert "${{" not in text
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [hook["entry"] for hook in hooks] == ["formance-codegen build --check", "formance-codegen build"]


def scripts(value: object) -> list[str]:
    """Return the scripts in a workflow."""
    if is_object(value):
        own = [text for key in ("run",) if isinstance(text := value.get(key), str)]
        return own + [text for each in value.values() for text in scripts(each)]
    return [text for each in value for text in scripts(each)] if is_array(value) else []


def is_object(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


@pytest.mark.skipif(shutil.which("actionlint") is None, reason="actionlint is not installed")
def test_actionlint_finds_nothing(empty: Path, run: "Run") -> None:
    run("init", "--ci", "github")
    subprocess.run(["actionlint", WORKFLOW], check=True, cwd=empty)


class TestScheduledJob:
    """The steps of the job that follows the documents, run as a runner would."""

    @pytest.fixture
    def repository(self, empty: Path, run: "Run") -> Path:
        """A repository with a remote, a document that has a newer release, and a workflow."""
        folder = empty / "work"
        folder.mkdir()
        os.chdir(folder)
        (folder / "pets.yaml").write_text(PETS)
        run("init", "--spec", "pets.yaml", "--ci", "github")
        run("build", "--jobs", "1")
        git("init", "--quiet", "--bare", str(empty / "remote"))
        git("init", "--quiet", "--initial-branch", "main", ".")
        git("remote", "add", "origin", str(empty / "remote"))
        git("config", "user.name", "n")
        git("config", "user.email", "e@example.com")
        git("add", "--all")
        git("commit", "--quiet", "--message", "start")
        return folder

    def test_it_opens_a_pull_request_with_what_changed(self, repository: Path) -> None:
        document = repository / "specs/pets.yaml"
        document.write_text(document.read_text().replace("age: {type: integer}", "age: {type: string}"))
        calls = self.job(repository)
        assert [call[:2] for call in calls] == [["pr", "list"], ["pr", "create"]]
        body = Path(calls[1][calls[1].index("--body-file") + 1]).read_text()
        assert "`Pet.age`" in body
        assert "major" in body
        pushed = git(
            "--git-dir", "../remote", "show", "formance-codegen/update:generated/pets/pets_client/models/pet.py"
        )
        assert "age: str | None = None" in pushed

    def test_it_does_nothing_where_nothing_changed(self, repository: Path) -> None:
        assert self.job(repository) == []
        assert git("branch", "--show-current") == "main\n"

    def job(self, repository: Path) -> list[list[str]]:
        """Run the job, and return what it asked of the forge."""
        jobs = yaml.safe_load((repository / WORKFLOW).read_text())["jobs"]
        steps = [step for step in jobs["update"]["steps"] if "run" in step and "Install" not in step["name"]]
        assert len(steps) == 4
        tools = repository.parent / "tools"
        tools.mkdir()
        said = tools / "said"
        said.touch()
        script(tools / "gh", f'for word in "$@"; do printf "%s\\t" "$word"; done >> {said}; echo >> {said}; echo 0')
        script(tools / "formance-codegen", f'exec {sys.executable} -m formance_codegen "$@"')
        environment: Mapping[str, str] = {
            **os.environ,
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "codegen"),
            "RUNNER_TEMP": str(tools),
        }
        for step in steps:
            done = subprocess.run(
                ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
                cwd=repository,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{step['name']}\n{done.stdout}{done.stderr}"
        return [line.split("\t")[:-1] for line in said.read_text().splitlines()]


def script(file: Path, text: str) -> None:
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


def git(*args: str) -> str:
    return subprocess.run(["git", *args], check=True, capture_output=True, text=True).stdout
