"""Our documents against the releases that they were written from, where those are at hand."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from formance_codegen.load.json_value import as_mapping
from formance_codegen.source import SourceFile
from formance_codegen.update.changes import changes
from formance_codegen.update.merge import merge
from formance_codegen.update.release import bare
from formance_codegen.update.revision import revise
from formance_codegen.update.sources import Source, read_sources
from unit.update.documents import read

ROOT: Final = Path(__file__).parents[3]
SHARED: Final = ROOT.parent / "shared"
UPSTREAM: Final = SHARED / "upstream"
SPECS: Final = sorted((ROOT / "specs").glob("*.yaml"))
RELEASES: Final = sorted((UPSTREAM / "history").glob("ledger-v*.yaml"))

pytestmark = pytest.mark.skipif(not UPSTREAM.is_dir(), reason="the published documents are not at hand")
each_service = pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)


def sources() -> dict[str, Source]:
    file = ROOT / "specs" / "sources.toml"
    found = read_sources(SourceFile(name="sources.toml", text=file.read_text(encoding="utf-8"))).value
    assert found is not None
    return dict(found)


def test_the_pins_are_those_of_the_published_files() -> None:
    for name, source in sources().items():
        assert hashlib.sha256((UPSTREAM / f"{name}.yaml").read_bytes()).hexdigest() == source.sha256, name


@each_service
def test_the_pinned_release_changes_nothing_on_the_wire(path: Path) -> None:
    source = sources()[path.stem]
    document = SourceFile(name=path.name, text=path.read_text(encoding="utf-8"))
    outcome = revise(document, (UPSTREAM / path.name).read_bytes(), source, source.version)
    assert outcome.value is not None, outcome.diagnostics
    assert outcome.value.source == source
    # One name is required in our document of membership, and declared nowhere.
    left_over = {"membership": ["ListApplicationsResponse"]}.get(path.stem, [])
    assert [change.name for change in outcome.value.changes.schemas if change.name not in left_over] == []
    assert not outcome.value.changes.operations
    if not outcome.value.changes.schemas:
        assert outcome.value.text == document.text


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
def test_our_ledger_at_another_release_has_the_facts_of_that(release: Path, tmp_path: Path) -> None:
    ours = SourceFile(name="ledger.yaml", text=(ROOT / "specs" / "ledger.yaml").read_text(encoding="utf-8"))
    outcome = revise(ours, release.read_bytes(), sources()["ledger"], release.stem.removeprefix("ledger-"))
    assert outcome.value is not None, outcome.diagnostics
    for folder in ("tools", "facts", "upstream", "specs"):
        (tmp_path / folder).mkdir()
    shutil.copy(SHARED / "tools" / "spec_parity.py", tmp_path / "tools")
    shutil.copy(release, tmp_path / "facts" / "ledger.yaml")
    shutil.copy(release, tmp_path / "upstream" / "ledger.yaml")
    (tmp_path / "specs" / "ledger.yaml").write_text(outcome.value.text, encoding="utf-8")
    command = [sys.executable, str(tmp_path / "tools" / "spec_parity.py"), str(tmp_path / "specs"), "ledger"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "differences: 0", done.stdout


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
def test_there_and_back_again_loses_words_only(release: Path) -> None:
    ours = read((ROOT / "specs" / "ledger.yaml").read_text(encoding="utf-8"))
    there = merge(ours, bare(read(release.read_text(encoding="utf-8")), "there"), version="2.4.12").data
    back = merge(there, bare(read((UPSTREAM / "ledger.yaml").read_text(encoding="utf-8")), "back"), version="2.4.12")
    found = changes(ours, back.data)
    assert [change for change in found.operations if not change.name.startswith("POST /v2/{ledger}/logs")] == []
    assert found.schemas == ()
    assert as_mapping(back.data)["info"] == as_mapping(ours)["info"]
