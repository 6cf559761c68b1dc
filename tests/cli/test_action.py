"""The action and the hooks of this repository, and what can be told of workflows without running them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import yaml

from cli.machine import ROOT, Machine, is_mapping, is_sequence, load, machine_in, mapping, sequence, start, texts
from cli.test_update import NEWER

if TYPE_CHECKING:
    from cli.conftest import Run

WORKFLOW: Final = ".github/workflows/formance-codegen.yml"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Machine]:
    """A repository, a publisher of its document, and tools that only record."""
    with machine_in(tmp_path, monkeypatch) as made:
        yield made


@pytest.mark.skipif(any(shutil.which(name) is None for name in ("bash", "git")), reason="bash and git are needed")
class TestAction:
    """The action of this repository, and its hooks."""

    def test_it_checks_clients(self, machine: Machine, run: "Run") -> None:
        start(machine, run, "github")
        assert self.action(machine).returncode == 0
        assert machine.outputs["exit-code"] == "0"
        assert machine.said("python") == [["-m", "pip", "install", "--quiet", str(ROOT)]]
        (machine.work / "generated/pets/README.md").unlink()
        done = self.action(machine, version="1.2.3", format="github")
        assert done.returncode == 1
        assert machine.outputs["exit-code"] == "1"
        assert "::error file=generated/pets/README.md" in done.stdout
        assert Path(machine.outputs["report"]).read_text() == done.stdout
        assert machine.said("python")[-1][-1] == "formance-codegen==1.2.3"

    def test_it_compares_documents(self, machine: Machine, run: "Run") -> None:
        start(machine, run, "github")
        (machine.work / "specs/pets.yaml").write_text(NEWER)
        assert self.action(machine, command="diff HEAD:specs\n  specs", format="markdown").returncode == 0
        assert Path(machine.outputs["report"]).read_text().startswith("## Python API: minor\n")

    def test_a_command_is_words_and_nothing_else(self, machine: Machine, run: "Run") -> None:
        start(machine, run, "github")
        done = self.action(machine, command="build --service $(touch${IFS}pwned);touch pwned *")
        assert (done.returncode, machine.outputs["exit-code"]) == (2, "2")
        assert list(machine.work.parent.rglob("pwned")) == []

    def test_the_hooks_run_the_command(self) -> None:
        hooks = [mapping(hook) for hook in sequence(yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text()))]
        assert {str(hook["id"]): hook["entry"] for hook in hooks} == {
            "formance-codegen-check": "formance-codegen build --check",
            "formance-codegen-build": "formance-codegen build",
        }
        assert [(hook["language"], hook["pass_filenames"]) for hook in hooks] == [("python", False)] * 2

    def action(self, machine: Machine, **given: str) -> subprocess.CompletedProcess[str]:
        """Run the steps with inputs, as far as one fails."""
        action = load(ROOT / "action.yml")
        inputs = {name: str(mapping(each)["default"]) for name, each in mapping(action["inputs"]).items()} | given
        done: subprocess.CompletedProcess[str] | None = None
        for step in [mapping(step) for step in sequence(mapping(action["runs"])["steps"])]:
            if "run" in step:
                assert step["shell"] == "bash"
                variables = {key: self.filled(value, inputs) for key, value in texts(step["env"]).items()}
                done = machine.bash(str(step["run"]), variables | {"GITHUB_ACTION_PATH": str(ROOT)})
        assert done is not None
        assert {str(mapping(each)["value"]) for each in mapping(action["outputs"]).values()} == {
            f"${{{{ steps.run.outputs.{name} }}}}" for name in machine.outputs
        }
        return done

    def filled(self, value: str, inputs: Mapping[str, str]) -> str:
        for name, given in inputs.items():
            value = value.replace(f"${{{{ inputs.{name} }}}}", given)
        assert "${{" not in value
        return value


class TestStructure:
    """What can be told without running anything."""

    FILES: Final = (
        "action.yml",
        ".github/workflows/ci.yml",
        "templates/init/github.yml",
        "templates/init/gitlab.yml",
    )

    @pytest.mark.parametrize("name", FILES)
    def test_no_expression_reaches_a_shell(self, name: str) -> None:
        """Expressions are for fields; a script gets what they stand for as variables of its environment."""
        found = scripts(yaml.safe_load((ROOT / name).read_text().replace("@SPECS@", "s").replace("@OUTPUT@", "o")))
        assert found
        assert [text for text in found if "${{" in text] == []

    @pytest.mark.parametrize("name", FILES[:3])
    def test_actions_are_pinned(self, name: str) -> None:
        lines = [line for line in (ROOT / name).read_text().splitlines() if "uses:" in line]
        assert lines
        for action, *comment in [line.split("uses:")[1].split() for line in lines]:
            assert len(action.partition("@")[2]) == 40, action
            assert comment[0] == "#"

    def test_the_hook_of_the_user(self, machine: Machine, run: "Run") -> None:
        (machine.work / "pyproject.toml").write_text("[tool.formance-codegen]\nspecs = 'a.b docs'\noutput = '.'\n")
        run("init", "--pre-commit")
        config = load(machine.work / ".pre-commit-config.yaml")
        hook = mapping(sequence(mapping(sequence(config["repos"])[0])["hooks"])[0])
        assert hook["entry"] == "formance-codegen build --check"
        assert hook["files"] == r"^(a\.b\ docs/||pyproject[.]toml$)"

    @pytest.mark.skipif(shutil.which("actionlint") is None, reason="actionlint is not on the PATH")
    def test_actionlint_finds_nothing(self, machine: Machine, run: "Run") -> None:
        start(machine, run, "github")
        files = [str(machine.work / WORKFLOW), str(ROOT / ".github/workflows/ci.yml")]
        done = subprocess.run(["actionlint", *files], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "")

    def test_zizmor_finds_no_hole(self, machine: Machine, run: "Run") -> None:
        """It knows injections, rights that are too wide, and credentials that stay behind."""
        start(machine, run, "github")
        zizmor = shutil.which("zizmor", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        assert zizmor is not None
        files = [str(machine.work / WORKFLOW), str(ROOT / ".github/workflows/ci.yml"), str(ROOT / "action.yml")]
        command = [zizmor, "--offline", "--no-progress", "--quiet", *files]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def scripts(value: object) -> list[str]:
    """Return the scripts in a workflow, an action or a pipeline."""
    if is_mapping(value):
        own = [value[key] for key in ("run", "script", "before_script") if key in value]
        lines = [line for each in own for line in (each if is_sequence(each) else [each])]
        return [line for line in lines if isinstance(line, str)] + [
            text for each in value.values() for text in scripts(each)
        ]
    return [text for each in value for text in scripts(each)] if is_sequence(value) else []
