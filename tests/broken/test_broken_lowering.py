"""The smallest documents that show what lowering and naming find, and what a person is told about them."""

from pathlib import Path
from typing import Final

import pytest
from syrupy.assertion import SnapshotAssertion

from formance_codegen.config import ServiceConfig
from formance_codegen.diagnostics import CODES, Diagnostic, Severity
from formance_codegen.pipeline import understand
from formance_codegen.report import full
from formance_codegen.source import SourceFile

FOLDER: Final = Path(__file__).parent
DOCUMENTS: Final = sorted((FOLDER / "lowering").glob("*.yaml"))
NOT_OF_DOCUMENTS: Final = frozenset(
    {"foreign-file", "invalid-config", "invalid-template", "unreadable-file", "unwritable-file"}
    | {"download-failed", "kept-addition", "lost-comments", "wrong-hash"}
    | {"edited-file", "stale-file", "missing-file", "orphaned-file", "invalid-lock", "name-changed", "unknown-name"}
)
"""What is wrong with something else than a document: a file, a setting, a template."""

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)


def _source(path: Path) -> SourceFile:
    return SourceFile(name=path.name, text=path.read_text(encoding="utf-8"))


def _diagnostics(source: SourceFile) -> tuple[Diagnostic, ...]:
    return understand(source, ServiceConfig()).diagnostics


def test_every_code_that_a_document_can_cause_has_a_document() -> None:
    # Several overlays may show one code: behind a dot stands what each is about.
    shown = {path.stem.partition(".")[0] for path in FOLDER.rglob("*.yaml")}

    assert shown == CODES.keys() - NOT_OF_DOCUMENTS


@each_document
def test_document_shows_exactly_its_code(path: Path) -> None:
    assert {found.code.slug for found in _diagnostics(_source(path))} == {path.stem}


@each_document
def test_every_finding_has_a_place_and_a_pointer(path: Path) -> None:
    for found in _diagnostics(_source(path)):
        assert found.span is not None
        assert found.span.file == path.name
        assert found.pointer is not None


@each_document
def test_what_is_found_once_is_said_once(path: Path) -> None:
    found = _diagnostics(_source(path))

    assert len(found) == len(set(found))


@each_document
def test_a_client_is_made_all_the_same(path: Path) -> None:
    outcome = understand(_source(path), ServiceConfig())

    assert outcome.value is not None
    assert CODES[path.stem].severity is not Severity.ERROR


@each_document
def test_what_is_left_out_is_a_warning(path: Path) -> None:
    outcome = understand(_source(path), ServiceConfig())

    assert outcome.value is not None
    omitted = {omission.pointer for omission in outcome.value.service.omissions}
    warned = {found.pointer for found in outcome.diagnostics if found.severity is Severity.WARNING}
    assert omitted <= warned


@each_document
def test_what_a_person_is_told(path: Path, snapshot: SnapshotAssertion) -> None:
    source = _source(path)

    assert full(_diagnostics(source), {source.name: source}) == snapshot
