"""Builds again what a change concerns, as often as documents, overlays or templates are saved."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import click
from watchfiles import watch

from formance_codegen.cli.jobs import Built
from formance_codegen.cli.making import Made, Wanted
from formance_codegen.cli.output import value_or_exit
from formance_codegen.cli.reading import OVERLAYS, Settings, find_documents, read_settings
from formance_codegen.cli.stack import STACK
from formance_codegen.resources import resources

_QUIET: Final = 50
"""Milliseconds without a change after which a build begins: editors save in several steps."""

_IDLE: Final = 100
"""Milliseconds after which the watch says that nothing changed; the first time, that it has begun."""


def watch_documents(wanted: Wanted, build: Callable[[Wanted], Made]) -> None:
    """Build, and build again after each change, until an interrupt; an error is told and waited upon.

    Args:
        wanted: What the first build makes; later ones make what a change concerns of it.
        build: Makes and writes projects; `click.exceptions.Exit` says that it has told of an error.

    Raises:
        click.exceptions.Exit: The settings cannot be read.
    """
    settings = value_or_exit(read_settings(Path()))
    value_or_exit(find_documents(settings))
    templates = resources().templates
    known: dict[str, Built] = {}
    others = (*_folders(wanted.overlays), *wanted.reach.roots)
    watched = [folder for folder in (settings.specs, templates, *others) if folder.is_dir()]
    with suppress(KeyboardInterrupt):
        changes_seen = watch(*watched, step=_QUIET, rust_timeout=_IDLE, yield_on_timeout=True)
        # What is saved during the first build is built next: the watch begins before it.
        next(changes_seen)
        # In one process: it then knows how most of what it makes again is laid out.
        _build(dataclasses.replace(wanted, jobs=1), build, known)
        click.echo(f"watching {', '.join(sorted({folder.name for folder in watched}))}; Ctrl-C ends it", err=True)
        for changes in changes_seen:
            files = {Path(file) for _, file in changes}
            concerned = _concerned(files, settings, wanted, templates)
            if concerned is not None:
                _build(dataclasses.replace(concerned, jobs=1, known=tuple(known.values())), build, known)


def _folders(overlays: Iterable[Path]) -> set[Path]:
    return {overlay.resolve().parent for overlay in overlays}


def _build(wanted: Wanted, build: Callable[[Wanted], Made], known: dict[str, Built]) -> None:
    try:
        made = build(wanted)
    except click.exceptions.Exit:
        return
    except click.ClickException as error:
        error.show()
        return
    known.update({built.name: built for built in made.results})


def _concerned(files: Iterable[Path], settings: Settings, wanted: Wanted, templates: Path) -> Wanted | None:
    """Return what to make after changes of some files; None where they are nothing to us."""
    found = find_documents(settings).value or {}
    names = {_name(file, settings, wanted, found) for file in files if not _is_template(file, templates)}
    if any(_is_template(file, templates) for file in files) or "" in names:
        return wanted
    chosen = {name for name in names if name is not None and name in (wanted.services or found)}
    if not chosen:
        return None
    has_stack = settings.config.stack is not None and STACK in (wanted.services or {STACK})
    return dataclasses.replace(wanted, services=(*sorted(chosen), *([STACK] if has_stack else [])))


def _is_template(file: Path, templates: Path) -> bool:
    return file.is_relative_to(templates.resolve())


def _name(file: Path, settings: Settings, wanted: Wanted, documents: Mapping[str, Path]) -> str | None:
    """Return the document that a file concerns, "" for all of them, None for none."""
    if file in {overlay.resolve() for overlay in wanted.overlays}:
        return wanted.services[0]
    specs = settings.specs.resolve()
    if file.parent == specs / OVERLAYS:
        return file.stem
    if file.is_dir() and file.is_relative_to(specs):
        # What was written into a new folder at once is not always told of.
        return ""
    if file.suffix not in (".yaml", ".yml", ".json"):
        return None
    roots = (specs, *(root.resolve() for root in wanted.reach.roots))
    if file.parent != specs:
        # Any document may refer to it.
        return "" if any(file.is_relative_to(root) for root in roots) else None
    # A document that is gone takes its project along, which only a build of all does.
    return file.stem if file.stem in documents else ""
