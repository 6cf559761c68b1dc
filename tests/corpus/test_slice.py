"""A slice of the corpus: some small documents of each collection become clients, complete and typed."""

from collections import defaultdict
from pathlib import Path
from typing import Final

import pytest

from corpus.checks import Finding, Outcome, check
from corpus.documents import CORPUS, Document, documents
from corpus.typed import pyright_errors, type_errors

LARGEST: Final = 12_000
"""Bytes of a document of the slice."""

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not there")


def slice_of_it() -> list[Document]:
    """Return every thirtieth of the small documents of each collection, and one that is to be refused."""
    small: dict[tuple[str, bool], list[Document]] = defaultdict(list)
    for document in documents() if CORPUS.is_dir() else ():
        if document.size <= LARGEST:
            small[document.suite.name, document.is_negative].append(document)
    return [each for found in small.values() for each in found[::30]]


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Finding, str, Path]]:
    """What was found of each document, with its package and folder."""
    found: dict[str, tuple[Finding, str, Path]] = {}
    for number, document in enumerate(slice_of_it()):
        folder = tmp_path_factory.mktemp("slice") / "client"
        package = f"slice_{number}"
        found[document.path] = check(document, folder, package), package, folder
    return found


def test_each_is_a_client_or_is_refused_clearly(findings: dict[str, tuple[Finding, str, Path]]) -> None:
    assert len(findings) >= 15
    failed = [found for found, _, _ in findings.values() if found.outcome is Outcome.FAILED]
    assert failed == []
    refused = {path for path, (found, _, _) in findings.items() if found.outcome is Outcome.REFUSED}
    assert refused <= {each.path for each in slice_of_it() if each.is_negative}


def test_types_are_right(findings: dict[str, tuple[Finding, str, Path]], tmp_path: Path) -> None:
    packages = {package: folder for found, package, folder in findings.values() if found.outcome is Outcome.OK}
    assert len(packages) >= 12
    assert type_errors(tmp_path / "typed", packages, tmp_path / "cache") == {}
    assert pyright_errors(tmp_path / "typed", packages) == []
