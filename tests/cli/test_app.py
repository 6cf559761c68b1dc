"""The command as a whole."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from formance_codegen import __version__

if TYPE_CHECKING:
    from cli.conftest import Run

COMMANDS: Final = ("build", "diff", "generate", "init", "inspect", "lint", "update", "vendor")
ENVIRONMENT: Final = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "codegen")}


def test_version(run: "Run") -> None:
    result = run("--version")
    assert result.exit_code == 0
    assert result.stdout == f"formance-codegen, version {__version__}\n"


def test_help_lists_every_command(run: "Run") -> None:
    listed = run("--help").stdout.partition("Commands:")[2].splitlines()
    assert [line.split()[0] for line in listed if line.strip()] == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_says_what_it_does(run: "Run", command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f" {command} " in result.stdout


@pytest.mark.parametrize("args", [["nothing"], ["build", "--nothing"], ["generate"], ["build", "--jobs", "0"]])
def test_wrong_usage(run: "Run", args: list[str]) -> None:
    assert run(*args).exit_code == 2


@pytest.mark.parametrize(
    "args", [["--version"], ["--help"], ["build", "--help"], ["init", "--help"], ["update", "--help"]]
)
def test_asking_for_words_loads_nothing_heavy(args: list[str]) -> None:
    program = f"""
import json, sys
from formance_codegen.cli.app import main
main({args!r}, standalone_mode=False)
print(json.dumps(sorted({{name.partition('.')[0] for name in sys.modules}})))
"""
    done = subprocess.run([sys.executable, "-c", program], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "click" in loaded
    assert not loaded & {"black", "jinja2", "yaml", "openapi_pydantic", "pydantic", "rich", "httpx2", "tomlkit"}


def test_as_a_program_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("- [")
    command = [sys.executable, "-m", "formance_codegen", "generate", "x.yaml", "--output", "out"]
    done = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("x.yaml:")
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()
