"""Five real releases of the ledger, one after the other, in a repository of a user."""

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from cli.conftest import Run

UPSTREAM: Final = Path(__file__).parents[3] / "shared" / "upstream"
RELEASES: Final = {
    "v2.1.0": UPSTREAM / "history" / "ledger-v2.1.0.yaml",
    "v2.2.0": UPSTREAM / "history" / "ledger-v2.2.0.yaml",
    "v2.3.0": UPSTREAM / "history" / "ledger-v2.3.0.yaml",
    "v2.4.0": UPSTREAM / "history" / "ledger-v2.4.0.yaml",
    "v2.4.12": UPSTREAM / "ledger.yaml",
}
CONFIG: Final = """\
[tool.formance-codegen.services]
ledger = { package = "formance_ledger", client = "LedgerClient", platform = "stack", prefix = "/api/ledger" }
"""
SOURCES: Final = """\
[ledger]
address = "https://releases.example/{version}/openapi.yaml"
latest = "https://releases.example/latest"
"""

pytestmark = pytest.mark.skipif(not UPSTREAM.is_dir(), reason="the publishers' documents are not here")


def test_each_release_goes_all_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: "Run") -> None:
    """Update, build, diff, check, vendor: no step complains, and no method or model is renamed on the way."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(CONFIG)
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/sources.toml").write_text(SOURCES)
    git("init", "--quiet", ".")
    before: dict[str, str] = {}
    for version, document in RELEASES.items():
        updated = run("update", "--service", "ledger", "--from-file", str(document), "--to", version)
        assert updated.exit_code == 0, updated.stderr
        built = run("build", "--jobs", "1")
        assert built.exit_code == 0, built.stderr
        assert run("build", "--check", "--jobs", "1").exit_code == 0
        if before:
            told = run("diff", "HEAD:specs", "specs", "--format", "markdown")
            assert told.exit_code == 0, told.stderr
            assert "major" in told.stdout
        if before:
            assert run("vendor", "app", "--check").exit_code == 1
            vendored = run("vendor", "app", "--update")
        else:
            vendored = run("vendor", "app", "--service", "ledger")
        assert vendored.exit_code == 0, vendored.stderr
        assert run("vendor", "app", "--check").exit_code == 0
        names = locked(tmp_path / "specs/names.lock")
        renamed = {key for key in names.keys() & before.keys() if names[key] != before[key]}
        assert renamed == set()
        before = names
        git("add", "--all")
        git("-c", "user.name=n", "-c", "user.email=e@example.com", "commit", "--quiet", "--message", version)
    assert run("build", "--jobs", "1").stdout.startswith("0 files written, ")


def locked(file: Path) -> dict[str, str]:
    """Return the names of a lock by what they stand for."""
    lines = [line.split(" ") for line in file.read_text().splitlines() if not line.startswith("#")]
    return {" ".join(parts[:3]): parts[3] for parts in lines}


def git(*args: str) -> None:
    """Run git in the working folder."""
    subprocess.run(["git", *args], check=True, capture_output=True)
