"""Linters over our own source and every generated client, and type checkers over our own source."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
GENERATED: Final = sorted(file.parent for file in (ROOT / "generated").glob("*/pyproject.toml"))
OURS: Final = ("codegen", "tests")


def run(tool: str, *args: str) -> str:
    """Run a tool, fail with what it says, and return what it says where it is content."""
    command = [sys.executable, "-m", tool, *args]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{tool} {' '.join(args)}\n{done.stdout}{done.stderr}"
    return done.stdout


def test_there_are_clients_to_check() -> None:
    assert GENERATED


def test_ruff_on_our_source() -> None:
    run("ruff", "check", "--no-cache", *OURS, "templates/runtime")


def test_ruff_on_clients() -> None:
    run("ruff", "check", "--no-cache", "generated")


def test_black_on_our_source() -> None:
    run("black", "--check", "--quiet", "--diff", *OURS)


def test_black_on_clients_and_their_runtime() -> None:
    # Without our settings: their line length is black's default, 88. The runtime inside each is that of the templates;
    # the other clients are what black made of them, as `build --check` tells.
    skipped = ("--extend-exclude", "/generated/[^/]+/[^/]+/_core/")
    some = ("templates/runtime", "generated/ledger", "generated/stack")
    run("black", "--check", "--quiet", "--diff", "--config", os.devnull, *skipped, *some)


def test_mypy_on_our_source() -> None:
    # In one run: what they all import is read once.
    assert "Success: no issues found" in run("mypy", *OURS, "templates/runtime")


def test_pyright_on_our_source() -> None:
    # As pyproject.toml has it; basedpyright's own rules are off in strict mode.
    assert run("basedpyright", "--pythonpath", sys.executable).endswith("0 errors, 0 warnings, 0 notes\n")
