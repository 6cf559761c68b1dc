"""The command `diff`: what changed between two versions of documents, in terms of the Python API."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from formance_codegen.cli.output import show, value_or_exit
from formance_codegen.cli.progress import progress
from formance_codegen.cli.reading import Settings, find_documents, names_of, read_overlays, read_settings
from formance_codegen.cli.versions import Pair, Reading, Version, pair, read_version
from formance_codegen.config import ServiceConfig
from formance_codegen.diagnostics import Severity
from formance_codegen.diff.catalogue import Bump
from formance_codegen.diff.change import Comparison, verdict_of
from formance_codegen.pipeline import understand

if TYPE_CHECKING:
    from formance_codegen.view.context import Context

_FAIL: Final = {"major": Bump.MAJOR, "minor": Bump.MINOR, "any": Bump.PATCH}
_DEFAULTS: Final = ServiceConfig()


@click.command()
@click.argument("old")
@click.argument("new")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "changelog"]),
    default="text",
    show_default=True,
)
@click.option(
    "--fail-on",
    type=click.Choice(list(_FAIL)),
    help="Exit with 1 where a version of this size or a larger one is needed.",
)
@click.option("--service", metavar="NAME", help="Two files are versions of this document of the settings.")
@click.option("--no-overlays", is_flag=True, help="Compare the documents as they are published.")
@click.option("--verbose", "-v", is_flag=True, help="Show what a build would say about the two versions.")
def diff(
    *, old: str, new: str, form: str, fail_on: str | None, service: str | None, no_overlays: bool, verbose: bool
) -> None:
    """Show what changed between two versions for users of the clients.

    OLD and NEW are files, folders, or either of them in a git revision, such as main:specs/ledger.yaml or HEAD~1:specs.
    Documents of two folders are compared by their names. The changes are described in docs/diff.md.
    """
    settings = value_or_exit(read_settings(Path()))
    versions = value_or_exit(read_version(old, settings)), value_or_exit(read_version(new, settings))
    if versions[0].is_folder != versions[1].is_folder:
        raise click.UsageError(f"{old} and {new} must both be documents, or both folders of documents")
    if service is not None and versions[0].is_folder:
        raise click.BadParameter("documents of folders are known by their names", param_hint="--service")
    pairs = pair(*versions) if service is None else {service: _as_service(versions, settings, service)}
    if no_overlays:
        pairs = {name: (_bare(before), _bare(after)) for name, (before, after) in pairs.items()}
    comparisons = _compared(pairs, verbose=verbose)
    click.echo(_text(old, new, comparisons, form), nl=False)
    verdict = verdict_of(change for comparison in comparisons for change in comparison.changes)
    if fail_on is not None and verdict.rank <= _FAIL[fail_on].rank:
        raise click.exceptions.Exit(1)


def _as_service(versions: tuple[Version, Version], settings: Settings, name: str) -> Pair:
    """Return two documents with the settings, the overlay and the names of a document of the working folder."""
    path = value_or_exit(find_documents(settings)).get(name)
    if path is None:
        raise click.BadParameter(f"there is no document {name}", param_hint="--service")
    overlays = value_or_exit(read_overlays(settings, path, ()))
    config = settings.of_document(path)
    names = value_or_exit(names_of(settings, path))
    (before,), (after,) = (version.documents.values() for version in versions)
    known = Reading(source=after.source, config=config, overlays=overlays, names=names)
    return dataclasses.replace(known, source=before.source), known


def _bare(reading: Reading | None) -> Reading | None:
    return None if reading is None else dataclasses.replace(reading, overlays=())


def _compared(pairs: Mapping[str, Pair], *, verbose: bool) -> tuple[Comparison, ...]:
    from formance_codegen.diff.comparison import compare_all

    # What is the same in every byte needs no understanding.
    changed = {name: (old, new) for name, (old, new) in pairs.items() if _facts(old) != _facts(new)}
    old: dict[str, Context] = {}
    new: dict[str, Context] = {}
    failed = False
    with progress(len(changed)) as advance:
        for name, readings in changed.items():
            for reading, contexts in zip(readings, (old, new), strict=True):
                if reading is not None:
                    context = _understood(reading, verbose=verbose)
                    failed = failed or context is None
                    contexts |= {} if context is None else {name: context}
            advance(name)
    if failed:
        if any(reading.overlays for readings in changed.values() for reading in readings if reading is not None):
            click.echo("an overlay that fits one version only can be left out with --no-overlays", err=True)
        raise click.exceptions.Exit(1)
    return compare_all(old, new)


def _facts(reading: Reading | None) -> object:
    if reading is None:
        return None
    return (
        reading.source.text,
        dict(reading.source.linked),
        reading.config,
        tuple(overlay.text for overlay in reading.overlays),
        reading.names,
    )


def _understood(reading: Reading, *, verbose: bool) -> "Context | None":
    """Return what a document says; only errors are told unless ``verbose``: `lint` and `build` tell the rest."""
    outcome = understand(reading.source, reading.config or _DEFAULTS, reading.overlays, reading.names)
    errors = (found for found in outcome.diagnostics if found.severity is Severity.ERROR)
    show(outcome.diagnostics if verbose else errors, verbose=verbose)
    return None if outcome.failed else outcome.value


def _text(old: str, new: str, comparisons: Sequence[Comparison], form: str) -> str:
    match form:
        case "json":
            from formance_codegen.diff.data import as_data

            return f"{json.dumps(as_data(old, new, comparisons), indent=2)}\n"
        case "markdown":
            from formance_codegen.diff.markdown import as_markdown

            return as_markdown(comparisons)
        case "changelog":
            from formance_codegen.diff.markdown import as_changelog

            return as_changelog(comparisons)
        case _:
            from formance_codegen.diff.text import as_text

            return as_text(comparisons)
