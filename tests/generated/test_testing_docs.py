"""The examples of the page on testing run."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from generated.cases import ROOT

BLOCKS: Final = re.findall(r"```python\n(.+?)```", (ROOT / "docs/testing.md").read_text(encoding="utf-8"), re.DOTALL)
PACKAGES: Final = os.pathsep.join(str(file.parent) for file in sorted((ROOT / "generated").glob("*/pyproject.toml")))


def python(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run a module of Python with all packages at hand."""
    paths = os.pathsep.join((str(folder), PACKAGES))
    environment = {**os.environ, "PYTHONPATH": paths, "MYPYPATH": paths}
    command = [sys.executable, *args]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    application, tests, stack = BLOCKS
    (tmp_path / "shop.py").write_text(application)
    (tmp_path / "test_shop.py").write_text(tests)
    (tmp_path / "stack.py").write_text(stack)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


def test_the_examples_run(folder: Path) -> None:
    done = python(folder, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", ".")
    assert "5 passed" in done.stdout, done.stdout + done.stderr
    assert python(folder, "-W", "error", "stack.py").returncode == 0


def test_the_plugin_can_be_named_instead(folder: Path) -> None:
    (folder / "conftest.py").write_text('pytest_plugins = ["formance_ledger.testing.plugin"]\n')
    tests = (folder / "test_shop.py").read_text()
    line = "from formance_ledger.testing.plugin import fake_ledger  # noqa: F401\n"
    assert line in tests
    (folder / "test_shop.py").write_text(tests.replace(line, ""))
    done = python(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", ".")
    assert "5 passed" in done.stdout, done.stdout + done.stderr


def test_the_fixture_fails_what_asked_for_an_answer_that_nobody_said(folder: Path) -> None:
    (folder / "test_shop.py").write_text("""
from contextlib import suppress
from formance_ledger.testing.plugin import fake_ledger

def test_it(fake_ledger):
    with suppress(AssertionError):
        fake_ledger.client().v2.get_account("main", "users:1")
""")
    done = python(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", ".")
    assert "1 passed, 1 error" in done.stdout, done.stdout
    assert "v2.get_account was called, but no test has said an answer" in done.stdout


def test_nothing_but_a_test_imports_the_kit(folder: Path) -> None:
    program = """
import sys
import formance_ledger, formance_ledger.client, formance_ledger.v2
formance_ledger.LedgerClient("https://a.test").v2
assert not [name for name in sys.modules if ".testing" in name and name.startswith("formance")]
import formance_ledger.testing
formance_ledger.testing.FakeLedger().client()
assert not {"pytest", "_pytest", "formance_ledger.testing.plugin"} & sys.modules.keys()
"""
    done = python(folder, "-c", program)
    assert done.returncode == 0, done.stderr
