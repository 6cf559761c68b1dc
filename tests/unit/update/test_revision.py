"""One document and one release."""

import hashlib
from typing import Final

import pytest

from formance_codegen.diagnostics import Severity
from formance_codegen.source import SourceFile
from formance_codegen.update.revision import Revision, revise
from formance_codegen.update.sources import Prose, Source
from unit.update.documents import OURS, RELEASE, replaced

ADDRESS: Final = "https://example.com/{version}/pets.yaml"
DIGEST: Final = hashlib.sha256(RELEASE.encode()).hexdigest()


def source(*, version: str = "v1.0.0", sha256: str = DIGEST, prose: Prose = "ours") -> Source:
    return Source(address=ADDRESS, version=version, sha256=sha256, prose=prose)


def document(text: str = OURS, name: str = "specs/pets.yaml") -> SourceFile:
    return SourceFile(name=name, text=text)


def revised(content: str, version: str, ours: SourceFile, origin: Source) -> tuple[Revision, list[str]]:
    outcome = revise(ours, content.encode(), origin, version)
    assert outcome.value is not None, outcome.diagnostics
    return outcome.value, [found.code.slug for found in outcome.diagnostics]


def codes(content: bytes, version: str = "v2.0.0", ours: str = OURS) -> list[str]:
    outcome = revise(document(ours), content, source(), version)
    assert outcome.value is None
    errors = [found for found in outcome.diagnostics if found.severity is Severity.ERROR]
    assert errors
    return [found.code.slug for found in errors]


def test_the_pinned_release_leaves_the_text_alone() -> None:
    revision, found = revised(RELEASE, "v1.0.0", document(), source())
    assert revision.text == OURS
    assert revision.source == source()
    assert revision.changes.is_empty
    assert found == ["kept-addition", "kept-addition"]


def test_a_newer_release() -> None:
    release = replaced(RELEASE, ("kind: {type: string", "age: {type: integer}\n        kind: {type: string"))
    revision, _ = revised(release, "v1.1.0", document(), source())
    assert "  version: 1.1.0\n" in revision.text
    assert revision.source.version == "v1.1.0"
    assert revision.source.sha256 == hashlib.sha256(release.encode()).hexdigest()
    assert [change.details for change in revision.changes.schemas] == [("+age",)]


def test_another_file_under_the_pinned_version() -> None:
    assert codes(RELEASE.encode() + b"\n", "v1.0.0") == ["wrong-hash"]


@pytest.mark.parametrize("sha256", ["", DIGEST])
def test_a_first_pin_or_another_version_has_no_hash_to_be_checked(sha256: str) -> None:
    version = "v1.0.0" if not sha256 else "v1.0.1"
    revision, _ = revised(f"{RELEASE}\n", version, document(), source(sha256=sha256))
    assert revision.source.sha256 != DIGEST


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "not-openapi"),
        (b"\n <!-- x -->\n<HTML>", "not-openapi"),
        (b"\xff\xfe", "not-yaml"),
        (b"", "not-yaml"),
        (RELEASE[: RELEASE.index("Their limit")].encode(), "not-yaml"),
        (b"Not Found", "not-openapi"),
        (b"swagger: '2.0'\n", "unsupported-version"),
        (RELEASE.replace("tags: [pets]", "tags: pets").encode(), "invalid-document"),
    ],
)
def test_what_is_no_release(content: bytes, code: str) -> None:
    assert code in codes(content)


def test_a_document_of_ours_that_is_broken_is_not_touched() -> None:
    assert codes(RELEASE.encode(), ours="openapi: [") == ["not-yaml"]


def test_a_document_that_is_not_there_yet() -> None:
    for prose in ("ours", "published"):
        revision, found = revised(RELEASE, "v1.0.0", document(""), source(prose=prose))
        assert revision.text.startswith("openapi: 3.0.3\n\ninfo:\n")
        assert ("Their limit." in revision.text) is (prose == "published")
        assert found == []


def test_an_address_of_the_newest_release_only_takes_the_documents_own_version() -> None:
    revision, _ = revised(RELEASE, "", document(), Source(address="https://example.com/pets.yaml"))
    assert revision.source.version == "v1"
    assert "summary: Gets" in revision.text


def test_json_stays_json() -> None:
    revision, _ = revised(RELEASE, "v1.0.0", document("", "specs/pets.json"), source())
    assert revision.text.startswith('{\n  "openapi": "3.0.3",\n')


def test_comments_that_get_lost_are_told() -> None:
    ours = document(OURS.replace("paths:\n", "# All paths.\npaths:\n"))
    revision, found = revised(RELEASE, "v1.0.0", ours, source())
    assert revision.text == ours.text
    assert "lost-comments" not in found
    outcome = revise(ours, RELEASE.encode(), source(), "v1.0.1")
    (lost,) = [found for found in outcome.diagnostics if found.code.slug == "lost-comments"]
    assert lost.span is not None
    assert ours.line(lost.span.line) == "# All paths."
