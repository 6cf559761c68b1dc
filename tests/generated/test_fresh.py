"""What is committed in generated/ is what the documents in specs/ give."""

import difflib
from pathlib import Path
from typing import Final

import pytest

from formance_codegen.cli.linking import Reach
from formance_codegen.cli.reading import Settings, read_overlays, read_settings
from formance_codegen.cli.stack import STACK, build_stack, stack_documents
from formance_codegen.manifest import with_manifest
from formance_codegen.pipeline import generate
from formance_codegen.resources import read_templates
from formance_codegen.source import SourceFile
from formance_codegen.tree import FileTree
from generated.cases import ROOT, SPECS

DOCUMENTS: Final = sorted(SPECS.glob("*.yaml"))
MEND: Final = "run `formance-codegen build`"


def settings() -> Settings:
    """Return the settings of the repository."""
    found = read_settings(ROOT).value
    assert found is not None
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_client_is_what_its_document_gives(path: Path) -> None:
    chosen = settings()
    source = SourceFile(name=chosen.document_name(path), text=path.read_text(encoding="utf-8"))
    overlays = read_overlays(chosen, path, ()).value
    assert overlays is not None
    outcome = generate(source, chosen.of_document(path), read_templates(), overlays)
    assert outcome.value is not None, [found.message for found in outcome.diagnostics]
    check(ROOT / "generated" / path.stem, outcome.value.tree)


def test_the_stack_is_what_its_services_give() -> None:
    chosen = settings()
    documents = stack_documents(chosen, {path.stem: path for path in DOCUMENTS}).value
    assert documents
    built = build_stack(chosen, documents, [], read_templates(), Reach())
    assert built.files is not None, [found.message for found in built.diagnostics]
    check(ROOT / "generated" / STACK, FileTree.of(built.files.items()))


def check(project: Path, tree: FileTree) -> None:
    """Compare a project with the files that belong there."""
    expected = with_manifest(tree, "build").files
    present = {
        file.relative_to(project).as_posix(): file.read_bytes()
        for file in project.rglob("*")
        if file.is_file() and not {"__pycache__", "build", "dist"} & set(file.parts) and ".egg-info" not in str(file)
    }
    assert sorted(present.keys() - expected.keys()) == [], f"files that nothing makes: {MEND}"
    assert sorted(expected.keys() - present.keys()) == [], f"files that are missing: {MEND}"
    stale = [name for name in expected if expected[name] != present[name]]
    assert stale == [], f"{MEND}\n" + "".join(difference(name, present[name], expected[name]) for name in stale[:5])


def difference(name: str, present: bytes, expected: bytes) -> str:
    """Return a unified diff of a file that is stale."""
    lines = difflib.unified_diff(
        present.decode().splitlines(keepends=True),
        expected.decode().splitlines(keepends=True),
        f"a/{name}",
        f"b/{name}",
    )
    return "".join(lines)


def test_every_client_has_its_document() -> None:
    projects = {file.parent.name for file in (ROOT / "generated").glob("*/pyproject.toml")}
    assert projects == {*(path.stem for path in DOCUMENTS), STACK}
