"""Makes the projects of a working folder, in memory: what `build` writes, compares, or makes again and again."""

import difflib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from formance_codegen.cli.jobs import Built, Job, run
from formance_codegen.cli.linking import Reach, linked
from formance_codegen.cli.output import show, value_or_exit
from formance_codegen.cli.progress import progress
from formance_codegen.cli.reading import (
    Settings,
    find_documents,
    load_templates,
    read_lock,
    read_overlays,
    read_settings,
    read_source,
)
from formance_codegen.cli.stack import STACK, build_stack, stack_documents
from formance_codegen.diagnostics import Diagnostic, Severity
from formance_codegen.manifest import projects_in
from formance_codegen.naming.lock import FILE, write_locks
from formance_codegen.pipeline import Names
from formance_codegen.render.templates import Templates
from formance_codegen.tree import FileTree


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be made."""

    services: tuple[str, ...] = ()
    """The names of documents; all where there are none."""
    overlays: tuple[Path, ...] = ()
    """Applied to the one document that is named."""
    jobs: int | None = None
    """How many processes; as many as there are processors where None."""
    verbose: bool = False
    """Whether notes are told as well."""
    relock: bool = False
    """Whether names may be others than they were."""
    reach: Reach = Reach()
    """What documents may refer to."""
    known: tuple[Built, ...] = ()
    """What earlier runs made of other services: a stack need not read them again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What became of it."""

    results: tuple[Built, ...]
    findings: tuple[Diagnostic, ...]
    """What is to be told."""
    projects: Mapping[Path, FileTree] | None
    """The folders of the projects, those that are to go with an empty tree; None after an error."""
    lock: Mapping[Path, bytes]
    """The file of the names, with what it should hold; none where the documents are those of the generator."""


def make(wanted: Wanted) -> Made:
    """Make the projects that the settings of the working folder tell of.

    Raises:
        click.exceptions.Exit: A file cannot be read; it was told of.
        click.BadParameter: There is no such service.
    """
    services = wanted.services
    if wanted.overlays and len(set(services)) != 1:
        raise click.BadParameter("it is applied to one document, which --service has to name", param_hint="--overlay")
    settings = value_or_exit(read_settings(Path()))
    found = value_or_exit(find_documents(settings))
    of_stack = value_or_exit(stack_documents(settings, found))
    templates = value_or_exit(load_templates(None))
    chosen = _select((*found, *([STACK] if of_stack else [])), services)
    documents = {name: path for name, path in found.items() if name in chosen}
    if wanted.overlays and not documents:
        raise click.BadParameter("the stack has no document of its own to apply it to", param_hint="--overlay")
    results = _run(_jobs(settings, documents, wanted, templates), wanted.jobs)
    # A service that failed has been told of already.
    if STACK in chosen and all(built.files is not None for built in results):
        results.append(build_stack(settings, of_stack, (*wanted.known, *results), templates, wanted.reach))
    findings = tuple(
        each for built in results for each in built.diagnostics if wanted.verbose or each.severity is not Severity.NOTE
    )
    return Made(
        results=tuple(results),
        findings=findings,
        projects=_projects(settings, results, services),
        lock={} if settings.are_bundled else _lock(settings, results, found),
    )


def _lock(settings: Settings, results: Sequence[Built], documents: Iterable[str]) -> Mapping[Path, bytes]:
    """Return the names of what was made now, beside those of the other documents."""
    before = read_lock(settings).value or {}
    made = {built.name: built.lock for built in results if built.name != STACK}
    locks = {name: made.get(name, before.get(name, {})) for name in documents}
    return {settings.specs / FILE: write_locks(locks).encode()}


def _projects(settings: Settings, results: Sequence[Built], services: Sequence[str]) -> Mapping[Path, FileTree] | None:
    projects = {settings.output / built.name: FileTree.of((built.files or {}).items()) for built in results}
    if any(built.files is None for built in results):
        return None
    if services:
        return projects
    return {project: FileTree() for project in projects_in(settings.output, "build")} | projects


def _select(names: Sequence[str], services: Sequence[str]) -> frozenset[str]:
    for name in services:
        if name not in names:
            close = difflib.get_close_matches(name, names, n=1)
            hint = f"do you mean {close[0]}?" if close else f"there are {', '.join(names) or 'no documents'}."
            raise click.BadParameter(f"there is no document {name}; {hint}", param_hint="--service")
    return frozenset(services or names)


def _jobs(settings: Settings, documents: Mapping[str, Path], wanted: Wanted, templates: Templates) -> list[Job]:
    sources = {name: read_source(path, name=settings.document_name(path)) for name, path in documents.items()}
    changes = {name: read_overlays(settings, path, wanted.overlays) for name, path in documents.items()}
    for name, read in sources.items():
        if read.value is not None and (applied := changes[name].value) is not None:
            sources[name] = linked(read.value, documents[name], applied, wanted.reach)
    show((found for read in sources.values() for found in read.diagnostics), verbose=wanted.verbose)
    show((found for read in changes.values() for found in read.diagnostics), verbose=wanted.verbose)
    locks = value_or_exit(read_lock(settings))
    jobs = [
        Job(
            name=name,
            source=source.value,
            config=settings.of_document(documents[name]),
            templates=templates,
            overlays=changed,
            held=Names(lock=locks.get(name, {}), relock=wanted.relock),
        )
        for name, source in sources.items()
        if source.value is not None and (changed := changes[name].value) is not None
    ]
    if len(jobs) < len(documents):
        raise click.exceptions.Exit(1)
    return jobs


def _run(jobs: Sequence[Job], processes: int | None) -> list[Built]:
    with progress(len(jobs)) as advance:
        results: list[Built] = []
        for built in run(jobs, processes=processes or os.cpu_count() or 1):
            advance(built.name)
            results.append(built)
    return sorted(results, key=lambda built: built.name)
