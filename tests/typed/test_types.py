"""Type checkers over every generated client and over programs that use them: they find what is wrong, and only that."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
CLIENTS: Final = sorted(file.parent for file in (ROOT / "generated").glob("*/pyproject.toml"))
PACKAGES: Final = [str(file.parent) for client in CLIENTS for file in client.glob("*/__init__.py")]
PROGRAMS: Final = {
    **{file.name: file for file in sorted(Path(__file__).with_name("programs").glob("*.py"))},
    "user_program.py": ROOT / "tests/generated/user_program.py",
    "user_program_async.py": ROOT / "tests/generated/user_program_async.py",
    "user_receiver.py": ROOT / "tests/generated/user_receiver.py",
    "stories.py": ROOT / "tests/stories/program.py",
    "stories_async.py": ROOT / "tests/stories/program_async.py",
}
GUIDES: Final = {
    "README.md": ("readme.py",),
    "docs/stack.md": ("guide.py",),
    "docs/testing.md": ("shop.py", "test_shop.py", "stack_kit.py"),
}
"""The names of the examples in each page."""


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all programs."""
    folder = tmp_path_factory.mktemp("programs")
    for name, file in PROGRAMS.items():
        shutil.copy(file, folder / name)
    for page, names in GUIDES.items():
        examples = re.findall(r"```python\n(.+?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
        for name, example in zip(names, examples, strict=True):
            (folder / name).write_text(example)
    return folder


def mistakes(programs: Path) -> Iterator[tuple[str, int]]:
    """Yield the lines that are marked as wrong."""
    for file in programs.iterdir():
        for number, line in enumerate(file.read_text().splitlines(), start=1):
            if line.endswith("# wrong"):
                yield file.name, number


def run(folder: Path, *command: str) -> str:
    """Run a tool as a user does, with all clients at hand, and return what it says."""
    env = {**os.environ, "MYPYPATH": os.pathsep.join(map(str, CLIENTS))}
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_mypy_finds_the_mistakes_and_nothing_else(programs: Path) -> None:
    # No settings but strict. In one run, as pyright: what they all import is read once.
    cache = str(ROOT / ".mypy_cache/clients")
    said = run(programs, "mypy", "--config-file", os.devnull, "--strict", "--cache-dir", cache, ".", *PACKAGES)
    errors = [line.split(":") for line in said.splitlines() if ": error: " in line]
    assert {(name, int(line)) for name, line, *_ in errors} == {*mistakes(programs)}, said


def test_pyright_finds_the_mistakes_and_nothing_else(programs: Path) -> None:
    settings = {
        "include": [".", *PACKAGES],
        # The first imports a fixture, which is used by its name; the runtime in each client is checked where it lies.
        "exclude": ["test_shop.py", *(f"{package}/_core" for package in PACKAGES)],
        "extraPaths": [*map(str, CLIENTS)],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
    }
    (programs / "pyrightconfig.json").write_text(json.dumps(settings))
    said = json.loads(run(programs, "basedpyright", "--outputjson", "--pythonpath", sys.executable))
    found = {(Path(each["file"]).name, each["range"]["start"]["line"] + 1) for each in said["generalDiagnostics"]}
    assert found == {*mistakes(programs)}, said["generalDiagnostics"]


def test_there_are_clients_and_mistakes(programs: Path) -> None:
    assert len(PACKAGES) == len(CLIENTS) > 1
    assert {name for name, _ in mistakes(programs)} == {"kit.py", "ledger.py", "receiver.py"}
