"""The smallest overlays that show what can be wrong with one, and what a person is told about them."""

from pathlib import Path
from typing import Final

import pytest
from syrupy.assertion import SnapshotAssertion

from formance_codegen.config import ServiceConfig
from formance_codegen.diagnostics import CODES, Diagnostic, Severity
from formance_codegen.pipeline import understand
from formance_codegen.report import full
from formance_codegen.source import SourceFile

FOLDER: Final = Path(__file__).parent / "overlays"
OVERLAYS: Final = sorted(FOLDER.glob("*.yaml"))

each_overlay = pytest.mark.parametrize("path", OVERLAYS, ids=lambda path: path.stem)


def source(path: Path) -> SourceFile:
    return SourceFile(name=path.name, text=path.read_text(encoding="utf-8"))


def diagnostics(path: Path) -> tuple[Diagnostic, ...]:
    outcome = understand(source(FOLDER / "document.openapi"), ServiceConfig(), [source(path)])
    code = CODES[path.stem.partition(".")[0]]
    assert (outcome.value is None) == (code.severity is Severity.ERROR)
    return outcome.diagnostics


@each_overlay
def test_an_overlay_shows_exactly_its_code_and_where(path: Path) -> None:
    found = diagnostics(path)
    assert {each.code.slug for each in found} == {path.stem.partition(".")[0]}
    assert {each.span.file for each in found if each.span} == {path.name}


@each_overlay
def test_what_a_person_is_told(path: Path, snapshot: SnapshotAssertion) -> None:
    sources = (source(path), source(FOLDER / "document.openapi"))
    assert full(diagnostics(path), {each.name: each for each in sources}) == snapshot
