"""The smallest documents that show what loading finds, and what a person is told about them."""

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from formance_codegen.diagnostics import CODES, Diagnostic, Severity
from formance_codegen.load.document import load
from formance_codegen.load.openapi import parse_openapi
from formance_codegen.report import full
from formance_codegen.source import SourceFile

DOCUMENTS = sorted(Path(__file__).parent.glob("*.yaml"))


def _source(path: Path) -> SourceFile:
    return SourceFile(name=path.name, text=path.read_text(encoding="utf-8"))


def _diagnostics(source: SourceFile) -> tuple[Diagnostic, ...]:
    loaded = load(source)
    if loaded.value is None:
        return loaded.diagnostics
    return (*loaded.diagnostics, *parse_openapi(loaded.value).diagnostics)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_document_shows_exactly_its_code(path: Path) -> None:
    assert {found.code.slug for found in _diagnostics(_source(path))} == {path.stem}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_finding_has_a_place_and_a_pointer_unless_it_is_about_the_text(path: Path) -> None:
    for found in _diagnostics(_source(path)):
        assert found.span is not None
        assert found.span.file == path.name
        assert found.pointer is not None or path.stem == "not-yaml"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_document_is_refused_for_errors_only(path: Path) -> None:
    source = _source(path)
    loaded = load(source)
    refused = loaded.value is None or parse_openapi(loaded.value).value is None

    assert refused == (CODES[path.stem].severity is Severity.ERROR)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_what_a_person_is_told(path: Path, snapshot: SnapshotAssertion) -> None:
    source = _source(path)

    assert full(_diagnostics(source), {source.name: source}) == snapshot
