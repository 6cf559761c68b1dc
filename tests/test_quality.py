"""Linters and type checkers, over our own source and over every generated client."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
GENERATED: Final = sorted(file.parent for file in (ROOT / "generated").glob("*/pyproject.toml"))
OURS: Final = ("codegen", "tests")
USERS: Final = ("templates/runtime", "generated")


def run(tool: str, *args: str | Path, folder: Path = ROOT) -> None:
    """Run a tool and fail with what it says."""
    command = [sys.executable, "-m", tool, *map(str, args)]
    # The stack imports the clients that it leads to.
    env = {**os.environ, "MYPYPATH": os.pathsep.join(map(str, GENERATED))}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{tool} {' '.join(command[3:])}\n{done.stdout}{done.stderr}"


def mypy(name: str, *args: str | Path, folder: Path = ROOT) -> None:
    """Run mypy with a cache of its own, since several run at once."""
    run("mypy", "--cache-dir", ROOT / ".mypy_cache" / name, *args, folder=folder)


def pyright(folder: Path, include: Sequence[str], tmp_path: Path) -> None:
    """Run pyright in strict mode; basedpyright's own rules are off in that mode."""
    settings = {
        "include": [str(folder / path) for path in include],
        "exclude": [str(ROOT / "tests" / "features" / "*" / "expected")],
        "extraPaths": [*(str(ROOT / path) for path in ("codegen", "templates", "tests")), *map(str, GENERATED)],
        "typeCheckingMode": "strict",
        # A test may look inside.
        "reportPrivateUsage": "tests" not in include,
        "pythonVersion": "3.11",
    }
    config = tmp_path / "pyrightconfig.json"
    config.write_text(json.dumps(settings))
    run("basedpyright", "--project", config, "--pythonpath", sys.executable)


def test_there_are_clients_to_check() -> None:
    assert GENERATED


def test_ruff_on_our_source() -> None:
    run("ruff", "check", "--no-cache", *OURS, "templates/runtime")


def test_ruff_on_clients() -> None:
    run("ruff", "check", "--no-cache", "generated")


def test_black_on_our_source() -> None:
    run("black", "--check", "--quiet", "--diff", *OURS)


def test_black_on_clients_and_their_runtime() -> None:
    # Without our settings: their line length is black's default, 88. The runtime inside each is that of the templates.
    skipped = ("--extend-exclude", "/generated/[^/]+/[^/]+/_core/")
    run("black", "--check", "--quiet", "--diff", "--config", os.devnull, *skipped, *USERS)


def test_mypy_on_the_generator() -> None:
    mypy("codegen", "codegen")


def test_mypy_on_the_runtime() -> None:
    mypy("runtime", "templates/runtime")


def test_mypy_on_the_tests() -> None:
    mypy("tests", "tests")


def test_pyright_on_the_generator(tmp_path: Path) -> None:
    pyright(ROOT, ["codegen"], tmp_path)


def test_pyright_on_the_runtime(tmp_path: Path) -> None:
    pyright(ROOT, ["templates/runtime"], tmp_path)


def test_pyright_on_the_tests(tmp_path: Path) -> None:
    pyright(ROOT, ["tests"], tmp_path)


def test_mypy_on_clients() -> None:
    # As a user has them: no settings but strict. In one run, as pyright below.
    packages = [file.parent for project in GENERATED for file in project.glob("*/__init__.py")]
    mypy("clients", "--config-file", os.devnull, "--strict", *packages)


def test_pyright_on_clients(tmp_path: Path) -> None:
    # In one run: what they all import is read once.
    packages = [file.parent for project in GENERATED for file in project.glob("*/__init__.py")]
    pyright(ROOT, [str(package.relative_to(ROOT)) for package in packages], tmp_path)


def test_the_example_of_readme_is_typed(tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.+?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "example.py").write_text(example)
    mypy(
        "readme", "--config-file", os.devnull, "--strict", tmp_path / "example.py", folder=ROOT / "generated" / "ledger"
    )
