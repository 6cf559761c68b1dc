"""Brings documents in for `init`: those of Formance, and those that the user names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import click

from formance_codegen.cli.linking import Reach, linked
from formance_codegen.cli.output import value_or_exit
from formance_codegen.cli.reading import ENDINGS, OVERLAYS, Settings, find_documents, read_source
from formance_codegen.diagnostics import Severity
from formance_codegen.load.addresses import is_url
from formance_codegen.source import SourceFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What comes into the folder of the documents."""

    files: Mapping[str, bytes]
    """By their paths from that folder."""
    services: tuple[str, ...]
    """The services of Formance whose documents are ours: not those of which the user has another document."""
    left: tuple[Path, ...]
    """Documents of the user's that stay in place of what would come."""


def incoming(settings: Settings, bundled: Settings, services: Sequence[str], specs: Sequence[Path]) -> Incoming:
    """Read the documents that are asked for, with all that belongs to them.

    Raises:
        click.BadParameter: There is no such service, or a file cannot be a document of the folder.
        click.exceptions.Exit: A document cannot be read or understood.
    """
    known = value_or_exit(find_documents(bundled))
    for name in services:
        if name not in known:
            raise click.BadParameter(f"there is no {name}; there are {', '.join(known)}", param_hint="--service")
    _refuse(specs, services)
    files: dict[str, bytes] = {}
    left: list[Path] = []
    chosen: list[str] = []
    for path in [*(known[name] for name in dict.fromkeys(services)), *specs]:
        there = _other(settings.specs, path)
        if there is not None:
            left.append(there)
        elif path in known.values():
            chosen.append(path.stem)
            files |= _of_service(bundled, path)
        else:
            files |= _of_user(path)
    return Incoming(files=files, services=tuple(chosen), left=tuple(left))


def _refuse(specs: Sequence[Path], services: Sequence[str]) -> None:
    names = set(services)
    for spec in specs:
        if spec.suffix not in ENDINGS:
            raise click.BadParameter(f"{spec.name} ends with none of {', '.join(ENDINGS)}", param_hint="--spec")
        if spec.stem in names:
            raise click.BadParameter(f"there would be two documents {spec.stem}", param_hint="--spec")
        names.add(spec.stem)


def _other(folder: Path, path: Path) -> Path | None:
    """Return the document that would be the same service and holds something else."""
    for there in (folder / f"{path.stem}{ending}" for ending in ENDINGS):
        if there.is_file() and not (there.suffix == path.suffix and path.is_file() and _same(there, path)):
            return there
    return None


def _same(one: Path, other: Path) -> bool:
    return one.read_bytes() == other.read_bytes()


def _of_service(bundled: Settings, path: Path) -> Mapping[str, bytes]:
    overlay = bundled.overlay_of(path)
    own = {} if overlay is None else {f"{OVERLAYS}/{overlay.name}": overlay.read_bytes()}
    return {path.name: path.read_bytes(), **own}


def _of_user(path: Path) -> Mapping[str, bytes]:
    """Return a document with the files that it refers to; one that could not be built is told of now."""
    from formance_codegen.config import ServiceConfig
    from formance_codegen.pipeline import understand

    source = value_or_exit(linked(value_or_exit(read_source(path)), path, (), Reach()))
    # What is no error is told by the build.
    understood = understand(source, ServiceConfig())
    errors = tuple(found for found in understood.diagnostics if found.severity is Severity.ERROR)
    value_or_exit(replace(understood, diagnostics=errors))
    return {path.name: path.read_bytes(), **dict(_parts(source, path))}


def _parts(source: SourceFile, path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files that a document refers to, directly or through others; they keep their places beside it."""
    for address, text in source.linked.items():
        if isinstance(text, SourceFile) and not is_url(address):
            parts = PurePosixPath(address).parts
            if PurePosixPath(address).is_absolute() or ".." in parts:
                raise click.BadParameter(f"{path.name} refers to {address}, out of its folder", param_hint="--spec")
            if len(parts) == 1 and address.endswith(ENDINGS):
                message = f"{path.name} refers to {address} beside it, which a build would take for a document"
                raise click.BadParameter(f"{message}; put it into a folder below", param_hint="--spec")
            yield address, (path.parent / address).read_bytes()
