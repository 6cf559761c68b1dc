"""The command `update`: newer releases of the documents, as `sources.toml` says where they are."""

import difflib
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from formance_codegen.cli.output import show, value_or_exit
from formance_codegen.cli.progress import progress
from formance_codegen.cli.reading import Settings, display_name, read_settings, read_source
from formance_codegen.diagnostics import Outcome, diagnose
from formance_codegen.emit import replace_files
from formance_codegen.report import full
from formance_codegen.source import SourceFile
from formance_codegen.update.changes import SIGNS, Change
from formance_codegen.update.sources import SOURCES, Source, is_older, pinned, read_sources

if TYPE_CHECKING:
    from formance_codegen.update.revision import Revision


T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """The release that a document shall have."""

    version: str
    """Empty where the release itself tells."""
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Updated:
    """What became of one document."""

    name: str
    path: Path
    text: str
    source: Source
    lines: tuple[str, ...]
    """What people are told."""


@click.command()
@click.option("--service", "services", metavar="NAME", multiple=True, help="Only this service; may be repeated.")
@click.option("--to", "version", metavar="VERSION", help="This release, by its tag; the newest one without.")
@click.option(
    "--from-file", "file", type=click.Path(path_type=Path), metavar="FILE", help="The release, downloaded before."
)
@click.option("--dry-run", is_flag=True, help="Write nothing; only show what would change.")
@click.option("--verbose", "-v", is_flag=True, help="Show notes as well as warnings.")
def update(*, services: tuple[str, ...], version: str | None, file: Path | None, dry_run: bool, verbose: bool) -> None:
    """Bring documents up to newer releases.

    Where each is published, and which release it is, stands in sources.toml beside the documents (docs/updating.md).
    The documents and sources.toml are written together, or after an error not at all.
    """
    settings = value_or_exit(read_settings(Path()))
    if settings.are_bundled:
        message = "the working folder has no [tool.formance-codegen] in a pyproject.toml, and so no documents to update"
        show((diagnose("invalid-config", message),), verbose=verbose)
        raise click.exceptions.Exit(1)
    pins = value_or_exit(read_source(settings.specs / SOURCES, name=_name(settings, SOURCES)))
    sources = _select(value_or_exit(read_sources(pins)), services)
    if version is not None and len(sources) != 1:
        raise click.BadParameter("a version is that of one document: name it with --service", param_hint="--to")
    if file is not None and len(sources) != 1:
        raise click.BadParameter("a file is one document: name it with --service", param_hint="--from-file")
    results: list[_Updated] = []
    remarks: list[str] = []
    with progress(len(sources)) as advance:
        for name, source in sources.items():
            wanted = _local(name, file, source, version) if file else _published(name, source, version)
            if isinstance(wanted, str):
                remarks.append(f"{name}: {wanted}")
            else:
                results.append(_revised(settings, name, source, wanted, verbose=verbose))
                remarks += results[-1].lines
            advance(name)
    click.echo("\n".join(remarks))
    _write(settings, pins, results, dry_run=dry_run)


def _select(sources: Mapping[str, Source], services: Sequence[str]) -> Mapping[str, Source]:
    for name in services:
        if name not in sources:
            close = difflib.get_close_matches(name, sources, n=1)
            hint = f"do you mean {close[0]}?" if close else f"there are {', '.join(sources) or 'none'}."
            raise click.BadParameter(f"{SOURCES} has no {name}; {hint}", param_hint="--service")
    return {name: source for name, source in sources.items() if name in services or not services}


def _local(name: str, file: Path, source: Source, version: str | None) -> _Wanted:
    try:
        content = file.read_bytes()
    except OSError as error:
        cause = (error.strerror or "the system refuses").lower()
        found = diagnose("unreadable-file", f"cannot read {display_name(file)}: {cause}")
        refused: Outcome[_Wanted] = Outcome(value=None, diagnostics=(found,))
        return value_or_exit(refused)
    if version is None and source.is_versioned and hashlib.sha256(content).hexdigest() != source.sha256:
        message = f"say which release of {name} the file is, as its tag is written: --to VERSION"
        raise click.BadParameter(message, param_hint="--from-file")
    return _Wanted(version=version or (source.version if source.is_versioned else ""), content=content)


def _published(name: str, source: Source, version: str | None) -> _Wanted | str:
    """Download the release that is asked for, or else the newest one; a text says why there is nothing to do."""
    # The HTTP library takes a while to load.
    from formance_codegen.update.fetch import download, newest

    if not source.is_versioned:
        if version is not None:
            message = f"the address of {name} has no {{version}}: it has the newest release only"
            raise click.BadParameter(message, param_hint="--to")
        return _Wanted(version="", content=_value(download(source.address)))
    if version is None:
        if source.latest is None:
            message = f"{SOURCES} does not say where the newest release of {name} is told (latest): --to VERSION"
            raise click.UsageError(message)
        version = _value(newest(source.latest))
        if version == source.version:
            return f"{version} is the newest release"
        if is_older(version, source.version):
            return f"{source.version} is newer than the newest release, {version}; --to goes back"
    return _Wanted(version=version, content=_value(download(source.address_of(version))))


def _revised(settings: Settings, name: str, source: Source, wanted: _Wanted, *, verbose: bool) -> _Updated:
    from formance_codegen.update.revision import revise

    path = _document(settings.specs, name)
    document = SourceFile(name=_name(settings, path.name), text="")
    if path.exists():
        document = value_or_exit(read_source(path, name=document.name))
    revision = _value(revise(document, wanted.content, source, wanted.version), verbose=verbose)
    lines = tuple(_lines(name, source, revision))
    return _Updated(name=name, path=path, text=revision.text, source=revision.source, lines=lines)


def _document(folder: Path, name: str) -> Path:
    found = (path for ending in (".yaml", ".yml", ".json") if (path := folder / f"{name}{ending}").exists())
    return next(found, folder / f"{name}.yaml")


def _lines(name: str, source: Source, revision: "Revision") -> Iterator[str]:
    versions = f"{source.version or 'none'} → {revision.source.version or 'no version'}"
    yield f"{name}: {revision.source.version if revision.source.version == source.version else versions}"
    found = revision.changes
    if found.is_empty:
        yield "  nothing changed on the wire"
    for noun, changed in (("operation", found.operations), ("schema", found.schemas)):
        if changed:
            yield f"  {noun}s: {_numbers(changed)}"
            yield from (f"    {SIGNS[change.kind]} {change.name}{_details(change)}" for change in changed)
    if source.prose == "ours" and any(_is_new(change) for change in (*found.operations, *found.schemas)):
        yield "  what is new has no words yet: give it summaries, descriptions and examples"


def _is_new(change: Change) -> bool:
    return change.kind == "added" or any(detail.startswith("+") for detail in change.details)


def _numbers(changed: Sequence[Change]) -> str:
    numbers = Counter(change.kind for change in changed)
    return ", ".join(f"{numbers[kind]} {kind}" for kind in SIGNS if numbers[kind])


def _details(change: Change) -> str:
    return f"  {', '.join(change.details)}" if change.details else ""


def _write(settings: Settings, pins: SourceFile, results: Sequence[_Updated], *, dry_run: bool) -> None:
    if dry_run:
        click.echo("nothing was written (--dry-run)")
        return
    if not results:
        return
    files = {result.path.name: result.text.encode() for result in results}
    releases = {result.name: (result.source.version, result.source.sha256) for result in results}
    files[SOURCES] = pinned(pins.text, releases).encode()
    changes = _value(replace_files(settings.specs, files))
    written = ", ".join(display_name(path) for path in changes.written)
    click.echo(f"written: {written}" if written else "nothing to write: all is as it was")


def _value(outcome: Outcome[T], *, verbose: bool = False) -> T:
    """Do what ``value_or_exit`` does, and say after an error what may help."""
    if outcome.failed:
        click.echo(full(outcome.diagnostics, {}).rstrip("\n"), err=True)
        raise click.exceptions.Exit(1)
    return value_or_exit(outcome, verbose=verbose)


def _name(settings: Settings, file: str) -> str:
    return (Path(settings.config.specs) / file).as_posix()
