"""The command `build`: one client project for each document of the working folder."""

import difflib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from formance_codegen.cli.jobs import Built, Job, run
from formance_codegen.cli.options import overlay_option
from formance_codegen.cli.output import count, show, value_or_exit
from formance_codegen.cli.progress import progress
from formance_codegen.cli.reading import (
    Settings,
    display_name,
    find_documents,
    load_templates,
    read_overlays,
    read_settings,
    read_source,
)
from formance_codegen.cli.stack import STACK, build_stack, stack_documents
from formance_codegen.diagnostics import Severity
from formance_codegen.drift import compare
from formance_codegen.emit import apply
from formance_codegen.manifest import projects_in
from formance_codegen.render.templates import Templates
from formance_codegen.tree import FileTree


@click.command()
@click.option("--service", "services", metavar="NAME", multiple=True, help="Only this service; may be repeated.")
@click.option("--check", is_flag=True, help="Write nothing; show what is stale as a diff and exit with 1.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes; as many as there are processors.")
@overlay_option
@click.option("--verbose", "-v", is_flag=True, help="Show notes as well as warnings.")
def build(
    *, services: tuple[str, ...], check: bool, jobs: int | None, overlays: tuple[Path, ...], verbose: bool
) -> None:
    """Make a client project of each document.

    The documents and where the projects go are told by [tool.formance-codegen] in the pyproject.toml of the working
    folder. Without it, the documents that come with the generator are built into ./generated. After an error
    nothing is written at all. An overlay overlays/NAME.yaml beside the documents is applied to the document NAME.
    """
    if overlays and len(set(services)) != 1:
        raise click.BadParameter("it is applied to one document, which --service has to name", param_hint="--overlay")
    settings = value_or_exit(read_settings(Path()))
    found = value_or_exit(find_documents(settings))
    of_stack = value_or_exit(stack_documents(settings, found))
    templates = value_or_exit(load_templates(None))
    chosen = _select((*found, *([STACK] if of_stack else [])), services)
    documents = {name: path for name, path in found.items() if name in chosen}
    if overlays and not documents:
        raise click.BadParameter("the stack has no document of its own to apply it to", param_hint="--overlay")
    results = _run(_jobs(settings, documents, overlays, templates, verbose=verbose), jobs)
    # A service that failed has been told of already.
    if STACK in chosen and all(built.files is not None for built in results):
        results.append(build_stack(settings, of_stack, results, templates))
    for built in results:
        show(built.diagnostics, verbose=verbose)
    if any(built.files is None for built in results):
        _summarise(results)
        click.echo("nothing was written", err=True)
        raise click.exceptions.Exit(1)
    projects = {settings.output / built.name: FileTree.of((built.files or {}).items()) for built in results}
    if not services:
        projects |= {
            project: FileTree() for project in projects_in(settings.output, "build") if project not in projects
        }
    if check:
        _check(projects)
    else:
        _write(projects)
    _summarise(results)


def _select(names: Sequence[str], services: Sequence[str]) -> frozenset[str]:
    for name in services:
        if name not in names:
            close = difflib.get_close_matches(name, names, n=1)
            hint = f"do you mean {close[0]}?" if close else f"there are {', '.join(names) or 'no documents'}."
            raise click.BadParameter(f"there is no document {name}; {hint}", param_hint="--service")
    return frozenset(services or names)


def _jobs(
    settings: Settings,
    documents: Mapping[str, Path],
    overlays: Sequence[Path],
    templates: Templates,
    *,
    verbose: bool,
) -> list[Job]:
    sources = {name: read_source(path, name=settings.document_name(path)) for name, path in documents.items()}
    changes = {name: read_overlays(settings, path, overlays) for name, path in documents.items()}
    show((found for read in sources.values() for found in read.diagnostics), verbose=verbose)
    show((found for read in changes.values() for found in read.diagnostics), verbose=verbose)
    jobs = [
        Job(
            name=name,
            source=source.value,
            config=settings.of_document(documents[name]),
            templates=templates,
            overlays=changed,
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


def _check(projects: Mapping[Path, FileTree]) -> None:
    drift = compare(projects, command="build")
    if drift.is_clean:
        return
    click.echo(drift.diff, nl=False)
    for kind, files in (("missing", drift.missing), ("orphaned", drift.orphaned)):
        for file in files:
            click.echo(f"{kind}: {display_name(file)}")
    found = f"{len(drift.stale)} stale, {len(drift.missing)} missing, {len(drift.orphaned)} orphaned"
    click.echo(f"{found}: run formance-codegen build", err=True)
    raise click.exceptions.Exit(1)


def _write(projects: Mapping[Path, FileTree]) -> None:
    changes = value_or_exit(apply(projects, command="build"))
    pruned = f", {len(changes.pruned)} removed" if changes.pruned else ""
    click.echo(f"{count(len(changes.written), 'file')} written, {len(changes.unchanged)} unchanged{pruned}")


def _summarise(results: Sequence[Built]) -> None:
    width = max((len(built.name) for built in results), default=0)
    for built in results:
        click.echo(f"{built.name:<{width}}{_outcome(built)}  {built.seconds:6.2f} s")


def _outcome(built: Built) -> str:
    warnings = _number(built, Severity.WARNING)
    if built.services and built.files is not None:
        return f"  {built.services:4} {'service' if built.services == 1 else 'services'}"
    if built.files is None:
        return f"  failed: {count(_number(built, Severity.ERROR), 'error')}, {count(warnings, 'warning')}"
    numbers = ((built.operations, "operation"), (built.models, "model"), (warnings, "warning"))
    return "".join(f"  {number:4} {noun if number == 1 else noun + 's':<{len(noun) + 1}}" for number, noun in numbers)


def _number(built: Built, severity: Severity) -> int:
    return sum(found.severity is severity for found in built.diagnostics)
