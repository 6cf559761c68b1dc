"""A repository with a remote, and a runner: where what runs in CI can run in tests."""

import os
import stat
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeGuard

import pytest
import yaml

from cli.conftest import PETS
from cli.test_update import NEWER, digest, pin, publisher
from loopback import Loopback, loopback

if TYPE_CHECKING:
    from cli.conftest import Run

ROOT: Final = Path(__file__).parents[2]


@dataclass(slots=True, kw_only=True)
class Machine:
    """A repository with a remote, and a runner that can do no more than a step needs."""

    work: Path
    tools: Path
    server: Loopback
    outputs: dict[str, str] = field(default_factory=dict[str, str])

    def bash(self, script: str, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run a script as the runners do: an error ends it, also one in a pipe."""
        output = self.tools / "output"
        output.write_text("")
        environment = {
            **os.environ,
            **variables,
            "PATH": f"{self.tools}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "codegen"),
            "RUNNER_TEMP": str(self.tools),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(self.tools / "summary"),
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script],
            cwd=self.work,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        self.outputs |= dict(line.split("=", 1) for line in output.read_text().splitlines())
        return done

    def said(self, name: str) -> list[list[str]]:
        """Return what a program was called with."""
        file = self.tools / f"{name}.calls"
        return [line.split("\t")[:-1] for line in file.read_text().splitlines()] if file.exists() else []

    def pushed(self, path: str) -> str:
        """Return a file of the branch that was pushed."""
        return git("--git-dir", "../remote", "show", f"formance-codegen/update:{path}")


@contextmanager
def machine_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Machine]:
    """Make a repository in which nothing was made yet, a publisher of its document, and tools that only record."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    work, tools = tmp_path / "work", tmp_path / "tools"
    work.mkdir()
    tools.mkdir()
    monkeypatch.chdir(work)
    record = 'for word in "$@"; do printf "%s\\t" "$word"; done >> "$0.calls"; echo >> "$0.calls"'
    program(tools / "gh", f'{record}\nif [ "$1 $2" = "pr list" ]; then cat "$0.open"; fi')
    (tools / "gh.open").write_text("0")
    program(tools / "formance-codegen", f'exec {sys.executable} -m formance_codegen "$@"')
    program(tools / "python", f'if [ "$1" = -m ]; then\n{record}\nelse exec {sys.executable} "$@"; fi')
    with loopback() as server:
        server.handler = publisher({"v1.0.0": PETS, "v1.1.0": NEWER}, latest="v1.1.0")
        yield Machine(work=work, tools=tools, server=server)


def start(machine: Machine, run: "Run", ci: str, *, specs: str = "specs") -> None:
    """Do what a user does: write the starting point, build, commit and push it."""
    (machine.work / "pyproject.toml").write_text(f"[tool.formance-codegen]\nspecs = '{specs}'\n")
    (machine.work / "pets.yaml").write_text(PETS)
    assert run("init", "--spec", "pets.yaml", "--ci", ci).exit_code == 0
    pin(machine.work, machine.server.url, digest(PETS), specs=specs)
    assert run("build", "--jobs", "1").exit_code == 0
    git("init", "--quiet", "--bare", "../remote")
    git("init", "--quiet", "--initial-branch", "main", ".")
    git("remote", "add", "origin", "../remote")
    git("config", "user.name", "n")
    git("config", "user.email", "e@example.com")
    git("add", "--all")
    git("commit", "--quiet", "--message", "start")
    git("push", "--quiet", "origin", "main")


def program(file: Path, text: str) -> None:
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


def git(*args: str) -> str:
    return subprocess.run(["git", *args], check=True, capture_output=True, text=True).stdout


def load(file: Path) -> Mapping[str, object]:
    return mapping(yaml.safe_load(file.read_text()))


def mapping(value: object) -> Mapping[str, object]:
    assert is_mapping(value), value
    return value


def sequence(value: object) -> Sequence[object]:
    assert is_sequence(value), value
    return value


def texts(value: object) -> dict[str, str]:
    return {} if value is None else {key: str(text) for key, text in mapping(value).items()}


def is_mapping(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, dict)


def is_sequence(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, list)
