"""Reads a version of the documents that `diff` compares: a file, a folder, or either in a git revision."""

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final, TypeAlias

from formance_codegen.cli.git import Revision, revision
from formance_codegen.cli.linking import NO_NETWORK, OUTSIDE, Reach, linked, linked_by
from formance_codegen.cli.reading import (
    ENDINGS,
    OVERLAYS,
    Settings,
    config_in,
    decoded,
    names_of,
    read_overlays,
    read_source,
)
from formance_codegen.config import Config, ServiceConfig
from formance_codegen.diagnostics import Diagnostic, Outcome, diagnose
from formance_codegen.load.addresses import Address, is_url
from formance_codegen.naming.lock import FILE, Lock, read_locks
from formance_codegen.pipeline import Names
from formance_codegen.source import SourceFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document, and what goes with it."""

    source: SourceFile
    config: ServiceConfig | None = None
    """None where no settings are about it."""
    overlays: tuple[SourceFile, ...] = ()
    """Its own: that of its name in the folder beside it."""
    names: Names | None = None
    """The names that its parts were given; None where no settings are about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What the user named: one document, or a folder of them."""

    documents: Mapping[str, Reading]
    """By name: the file name without its ending."""
    is_folder: bool


def read_version(given: str, settings: Settings) -> Outcome[Version]:
    """Read a file or a folder; where there is neither, ``REVISION:PATH`` is looked for in git.

    Each document gets the settings and the overlay of its folder, if that is the folder of the settings; in a git
    revision those are the ones of that revision.
    """
    path = Path(given)
    if path.exists():
        return _local(path, settings)
    name, colon, inside = given.partition(":")
    if not (name and colon):
        return _missing(given, "there is no such file or folder")
    found = revision(name)
    if found.value is None:
        return Outcome(value=None, diagnostics=found.diagnostics)
    return _in_git(found.value, found.value.path(inside), settings)


def _missing(given: str, cause: str) -> Outcome[Version]:
    return Outcome(value=None, diagnostics=(diagnose("unreadable-file", f"cannot read {given}: {cause}"),))


def _local(path: Path, settings: Settings) -> Outcome[Version]:
    if not path.is_dir():
        return _gathered({path.stem: _reading(path, settings)}, is_folder=False)
    files = [file for file in sorted(path.iterdir()) if file.is_file() and _is_document(file.name)]
    if not files:
        return _missing(path.as_posix(), "the folder holds no document (*.yaml, *.yml, *.json)")
    return _gathered({file.stem: _reading(file, settings) for file in files}, is_folder=True)


def _is_document(name: str) -> bool:
    return name.endswith(ENDINGS) and not name.startswith(".")


def _reading(path: Path, settings: Settings) -> Outcome[Reading]:
    source, overlays, names = read_source(path), read_overlays(settings, path, ()), names_of(settings, path)
    if source.value is not None:
        source = linked(source.value, path, overlays.value or (), Reach())
    diagnostics = (*source.diagnostics, *overlays.diagnostics, *names.diagnostics)
    if source.value is None or overlays.value is None or names.value is None:
        return Outcome(value=None, diagnostics=diagnostics)
    if path.resolve().parent != settings.specs.resolve():
        return Outcome(value=Reading(source=source.value), diagnostics=diagnostics)
    config = settings.of_document(path)
    reading = Reading(source=source.value, config=config, overlays=overlays.value, names=names.value)
    return Outcome(value=reading, diagnostics=diagnostics)


def _gathered(readings: Mapping[str, Outcome[Reading]], *, is_folder: bool) -> Outcome[Version]:
    diagnostics: list[Diagnostic] = [found for reading in readings.values() for found in reading.diagnostics]
    values = {name: reading.value for name, reading in readings.items() if reading.value is not None}
    whole = Version(documents=values, is_folder=is_folder) if len(values) == len(readings) else None
    return Outcome(value=whole, diagnostics=tuple(diagnostics))


_DEFAULTS: Final = ServiceConfig()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Committed:
    """A revision with its settings."""

    revision: Revision
    config: Config | None
    locks: Mapping[str, Lock]
    """The names that its documents were given."""

    def name(self, path: str) -> str:
        return f"{self.revision.name}:{path}"

    def reading(self, path: str, beside: Iterable[str]) -> Outcome[Reading]:
        """Read a document; ``beside`` are the overlays of its folder."""
        source = self.text(path)
        folder, stem = posixpath.dirname(path), PurePosixPath(path).stem
        is_ours = self.config is not None and folder == self.revision.path(f"./{self.config.specs}")
        candidates = [f"{stem}{ending}" for ending in ENDINGS]
        own = [name for name in candidates if name in beside][:1] if is_ours else []
        overlays = [self.text(posixpath.join(folder, OVERLAYS, name)) for name in own]
        diagnostics = tuple(found for read in (source, *overlays) for found in read.diagnostics)
        values = tuple(read.value for read in overlays if read.value is not None)
        if source.value is None or len(values) < len(overlays):
            return Outcome(value=None, diagnostics=diagnostics)
        whole = linked_by(source.value, values, partial(self._beside, folder))
        if self.config is None or not is_ours:
            return Outcome(value=Reading(source=whole), diagnostics=diagnostics)
        config, names = self.config.services.get(stem, _DEFAULTS), Names(lock=self.locks.get(stem, {}))
        reading = Reading(source=whole, config=config, overlays=values, names=names)
        return Outcome(value=reading, diagnostics=diagnostics)

    def _beside(self, folder: str, address: Address) -> SourceFile | str:
        """Return what a document of a folder refers to, or why it cannot be read."""
        if is_url(address):
            return NO_NETWORK
        path = posixpath.normpath(posixpath.join(folder, address))
        if posixpath.relpath(path, folder or ".").startswith("../"):
            return OUTSIDE
        if self.revision.kind(path) != "blob":
            return f"there is no file {self.name(path)}"
        read = self.text(path)
        return read.value or read.diagnostics[0].message

    def text(self, path: str) -> Outcome[SourceFile]:
        return decoded(self.revision.read(path), self.name(path))


def _in_git(found: Revision, path: str, settings: Settings) -> Outcome[Version]:
    kind = found.kind(path)
    if not kind:
        return _missing(f"{found.name}:{path}", "the revision has no such file or folder")
    config = _config(found, settings)
    if config.failed and config.diagnostics:
        return Outcome(value=None, diagnostics=config.diagnostics)
    folder = path if kind == "tree" else posixpath.dirname(path)
    locks = _locks(found, posixpath.join(folder, FILE))
    if locks.value is None:
        return Outcome(value=None, diagnostics=locks.diagnostics)
    committed = _Committed(revision=found, config=config.value, locks=locks.value)
    overlays = posixpath.join(folder, OVERLAYS)
    beside = found.files(overlays) if found.kind(overlays) == "tree" else []
    if kind != "tree":
        return _gathered({PurePosixPath(path).stem: committed.reading(path, beside)}, is_folder=False)
    paths = [posixpath.join(path, name) for name in found.files(path) if _is_document(name)]
    if not paths:
        return _missing(committed.name(path), "the folder holds no document (*.yaml, *.yml, *.json)")
    readings = {PurePosixPath(file).stem: committed.reading(file, beside) for file in paths}
    return _gathered(readings, is_folder=True)


def _locks(found: Revision, path: str) -> Outcome[Mapping[str, Lock]]:
    if found.kind(path) != "blob":
        return Outcome(value={})
    text = decoded(found.read(path), f"{found.name}:{path}")
    return Outcome(value=None, diagnostics=text.diagnostics) if text.value is None else read_locks(text.value)


def _config(found: Revision, settings: Settings) -> Outcome[Config]:
    """Return the settings of a revision; where it has none, those of the working folder; None where that has none."""
    path = found.path("./pyproject.toml")
    if found.kind(path) == "blob":
        text = decoded(found.read(path), f"{found.name}:{path}")
        config: Outcome[Config] = Outcome(value=None, diagnostics=text.diagnostics)
        if text.value is not None:
            config = config_in(text.value)
        if config.value is not None or config.diagnostics:
            return config
    return Outcome(value=None if settings.are_bundled else settings.config)


Pair: TypeAlias = tuple[Reading | None, Reading | None]


def pair(old: Version, new: Version) -> Mapping[str, Pair]:
    """Return the documents of both versions by name; two files are one pair, whatever they are called.

    What only one of the two has settings, overlays or names for is understood with those on both sides.
    """
    if not (old.is_folder or new.is_folder):
        (before,), (after,) = old.documents.values(), new.documents.values()
        (name,) = old.documents if after.config is None and before.config is not None else new.documents
        return {name: _shared(before, after)}
    names = sorted({*old.documents, *new.documents})
    return {name: _shared(old.documents.get(name), new.documents.get(name)) for name in names}


def _shared(old: Reading | None, new: Reading | None) -> Pair:
    if old is None or new is None or (old.config is None) == (new.config is None):
        return old, new
    known = new if old.config is None else old
    return _like(old, known), _like(new, known)


def _like(reading: Reading, known: Reading) -> Reading:
    return replace(known, source=reading.source)
