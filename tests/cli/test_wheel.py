"""The installed tool, in an empty folder."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder with what a wheel installs."""
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(tmp_path / "dist"),
        str(ROOT),
    ]
    subprocess.run(command, capture_output=True, check=True)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    return tmp_path / "site"


def test_builds_the_bundled_documents(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "formance_codegen", "build", "--service", "gateway"],
        cwd=tmp_path / "empty",
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for file in (ROOT / "generated" / "gateway").rglob("*.py"):
        made = tmp_path / "empty/generated/gateway" / file.relative_to(ROOT / "generated" / "gateway")
        assert made.read_bytes() == file.read_bytes()
    assert (tmp_path / "empty/generated/gateway/formance_gateway/__init__.py").is_file()


def test_carries_no_caches_and_nothing_twice(installed: Path) -> None:
    names = [file.relative_to(installed).as_posix() for file in installed.rglob("*") if file.is_file()]
    assert [name for name in names if "__pycache__" in name or name.startswith("templates/")] == []
    assert "formance_codegen/_bundled/pyproject.toml" in names
    assert "formance_codegen/_bundled/specs/overlays/ledger.yaml" in names
    assert "formance_codegen/_bundled/templates/init/github.yml" in names
