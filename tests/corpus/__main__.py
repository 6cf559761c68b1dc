"""python -m corpus: makes a client of every document of the corpus and tells what became of them."""

import multiprocessing
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import click
from pydantic import TypeAdapter

from corpus.checks import Finding, Outcome, check
from corpus.documents import Document, documents
from corpus.table import table
from corpus.typed import type_errors

BATCH: Final = 40
"""Packages that mypy sees at once."""
_FINDINGS: Final = TypeAdapter(list[Finding])


@click.command()
@click.argument("results", type=click.Path(path_type=Path, file_okay=False))
@click.option("--only", metavar="TEXT", default="", help="Documents whose path holds it; 'failed': those that failed.")
@click.option("--every", metavar="N", default=1, show_default=True, help="Each Nth document.")
@click.option("--jobs", default=2, show_default=True)
@click.option("--types/--no-types", default=True, help="Whether mypy looks at the clients.")
def run(*, results: Path, only: str, every: int, jobs: int, types: bool) -> None:
    """Check documents and keep what was found in the folder RESULTS: findings.json, table.md and all clients.

    What was found of other documents before stays.
    """
    results = results.resolve()
    results.mkdir(parents=True, exist_ok=True)
    known = _known(results)
    numbered = list(enumerate(documents()))
    chosen = [(n, each) for n, each in numbered[::every] if _is_chosen(each, only, known)]
    work = [(each, results / "clients" / f"c{number:03}", f"c{number:03}") for number, each in chosen]
    found: list[Finding] = []
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        for finding in pool.imap_unordered(_check, work):
            found.append(finding)
            if finding.outcome is not Outcome.OK:
                click.echo(
                    f"{len(found)}/{len(work)} {finding.path}: {finding.outcome} {finding.stage} {finding.reason}"
                )
    if types:
        found = _typed(found, work, results)
    known |= {finding.path: finding for finding in found}
    (results / "findings.json").write_bytes(_FINDINGS.dump_json([*known.values()], indent=1))
    (results / "table.md").write_text(table([known[each.path] for _, each in numbered if each.path in known]))
    click.echo((results / "table.md").read_text())


def _known(results: Path) -> dict[str, Finding]:
    file = results / "findings.json"
    found = _FINDINGS.validate_json(file.read_bytes()) if file.exists() else []
    return {each.path: each for each in found}


def _is_chosen(document: Document, only: str, known: dict[str, Finding]) -> bool:
    if only == "failed":
        return document.path not in known or known[document.path].outcome is Outcome.FAILED
    return only in document.path


def _check(work: tuple[Document, Path, str]) -> Finding:
    document, folder, package = work
    shutil.rmtree(folder, ignore_errors=True)
    return check(document, folder, package)


def _typed(found: Sequence[Finding], work: Sequence[tuple[Document, Path, str]], results: Path) -> list[Finding]:
    """Let mypy look at all clients, some at a time, and return the findings with what it says."""
    places = {document.path: (package, folder) for document, folder, package in work}
    whole = [each for each in found if each.outcome is Outcome.OK]
    typed = {each.path: each for each in found}
    for start in range(0, len(whole), BATCH):
        batch = whole[start : start + BATCH]
        folder = results / "typed"
        shutil.rmtree(folder, ignore_errors=True)
        packages = dict(places[each.path] for each in batch)
        errors = type_errors(folder, packages, results / ".mypy_cache")
        for each in batch:
            if said := errors.get(places[each.path][0]):
                reason = f"{len(said)} errors: {said[0]}"
                typed[each.path] = replace(each, outcome=Outcome.FAILED, stage="types", reason=reason)
                click.echo(f"{each.path}: types {reason}")
    return list(typed.values())


if __name__ == "__main__":
    run()
