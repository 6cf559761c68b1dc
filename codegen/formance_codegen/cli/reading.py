"""Reads what commands are given: documents, settings and templates."""

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final, TypeGuard

from formance_codegen.config import TABLE, Config, ServiceConfig, read_config
from formance_codegen.diagnostics import Diagnostic, Outcome, diagnose
from formance_codegen.naming.lock import FILE, Lock, read_locks
from formance_codegen.pipeline import Names
from formance_codegen.render.templates import Templates
from formance_codegen.resources import read_templates, resources
from formance_codegen.source import SourceFile, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings in force, with their paths made out."""

    config: Config
    specs: Path
    """The folder of the documents."""
    output: Path
    """The folder that gets the projects."""
    file: str
    """The file that holds the settings, as diagnostics name it."""
    are_bundled: bool = False
    """Whether they, and the documents, are those that come with the generator."""

    def of_document(self, path: Path) -> ServiceConfig:
        """Return the settings of a document: those of its table if it is in the folder that the file is about."""
        is_ours = path.resolve().parent == self.specs.resolve()
        return self.config.services.get(path.stem, _DEFAULTS) if is_ours else _DEFAULTS

    def document_name(self, path: Path) -> str:
        """Return what diagnostics call a document of the folder: the same for a checkout and an installed tool."""
        return (PurePath(self.config.specs) / path.name).as_posix()

    def overlay_name(self, path: Path) -> str:
        """Return what diagnostics call an overlay of the folder."""
        return (PurePath(self.config.specs) / OVERLAYS / path.name).as_posix()

    def overlay_of(self, path: Path) -> Path | None:
        """Return the overlay of a document of the folder: the file of its name in ``overlays``, where there is one."""
        if path.resolve().parent != self.specs.resolve():
            return None
        candidates = (self.specs / OVERLAYS / f"{path.stem}{ending}" for ending in ENDINGS)
        return next((file for file in candidates if file.is_file()), None)


_DEFAULTS: Final = ServiceConfig()
ENDINGS: Final = (".yaml", ".yml", ".json")
"""What documents and overlays end with."""
OVERLAYS: Final = "overlays"
"""The folder, beside the documents, of the overlays that are applied to them by themselves."""


def read_settings(folder: Path) -> Outcome[Settings]:
    """Read the settings of a working folder; those that come with the generator where it has none."""
    own = _read_config(folder / "pyproject.toml", "pyproject.toml")
    if own.value is not None:
        specs, output = folder / own.value.specs, folder / own.value.output
        return Outcome(value=Settings(config=own.value, specs=specs, output=output, file="pyproject.toml"))
    if own.failed and own.diagnostics:
        return Outcome(value=None, diagnostics=own.diagnostics)
    return bundled_settings(folder)


def bundled_settings(folder: Path) -> Outcome[Settings]:
    """Read the settings that come with the generator, with projects going below a folder."""
    bundled = resources()
    found = _read_config(bundled.config, "the generator's own pyproject.toml")
    if found.value is None:
        return Outcome(value=None, diagnostics=found.diagnostics)
    output = folder / found.value.output
    settings = Settings(config=found.value, specs=bundled.specs, output=output, file="pyproject.toml", are_bundled=True)
    return Outcome(value=settings)


def _read_config(path: Path, name: str) -> Outcome[Config]:
    """Read a file; a value of None without diagnostics says that there is no file or no table in it."""
    if not path.exists():
        return Outcome(value=None)
    source = read_source(path, name=name)
    if source.value is None:
        return Outcome(value=None, diagnostics=source.diagnostics)
    return config_in(source.value)


def config_in(source: SourceFile) -> Outcome[Config]:
    """Read the settings in the text of a ``pyproject.toml``; None without diagnostics: it has no table of ours."""
    try:
        table: object = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        return Outcome(value=None, diagnostics=(_not_toml(str(error), source),))
    for key in TABLE:
        table = table.get(key) if _is_table(table) else None
    if table is None:
        return Outcome(value=None)
    if not _is_table(table):
        message = f"{'.'.join(TABLE)} must be a table"
        return Outcome(value=None, diagnostics=(diagnose("invalid-config", message, span=_top(source.name)),))
    return read_config(table, source.name, text=source.text)


def _not_toml(message: str, source: SourceFile) -> Diagnostic:
    """Take the place out of the parser's message; where it has none, the text ends too early."""
    place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    cause = message[: place.start()] if place else message
    last = max(1, len(source.text.splitlines()))
    line, column = (int(place[1]), int(place[2])) if place and place[1] else (last, len(source.line(last)) + 1)
    span = Span(file=source.name, line=line, column=column)
    return diagnose("invalid-config", f"the file is not TOML: {cause[:1].lower()}{cause[1:]}", span=span)


def _is_table(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, dict)


def find_documents(settings: Settings) -> Outcome[Mapping[str, Path]]:
    """Return the documents that the settings are about by name, in sorted order."""
    if not settings.specs.is_dir():
        message = f"{display_name(settings.specs)} is not a folder; it should hold the OpenAPI documents"
        return Outcome(value=None, diagnostics=(diagnose("unreadable-file", message, span=_top(settings.file)),))
    found: dict[str, Path] = {}
    for file in sorted(settings.specs.iterdir()):
        if file.suffix in ENDINGS and not file.name.startswith("."):
            other = found.setdefault(file.stem, file)
            if other is not file:
                message = f"{other.name} and {file.name} would make the same project"
                return Outcome(value=None, diagnostics=(diagnose("invalid-config", message, span=_top(settings.file)),))
    if not found:
        # Or else a build would remove all projects that it ever made.
        message = f"{display_name(settings.specs)} holds no document (*.yaml, *.yml, *.json)"
        return Outcome(value=None, diagnostics=(diagnose("unreadable-file", message, span=_top(settings.file)),))
    return Outcome(value=found)


def read_source(path: Path, *, name: str | None = None) -> Outcome[SourceFile]:
    """Read a text file in UTF-8; ``name`` is what diagnostics call it, by default its path from the working folder."""
    shown = name or display_name(path)
    try:
        if path.is_dir():
            return _unreadable(shown, "it is a folder, not a file")
        content = path.read_bytes()
    except OSError as error:
        return _unreadable(shown, (error.strerror or "the system refuses").lower())
    return decoded(content, shown)


def decoded(content: bytes, name: str) -> Outcome[SourceFile]:
    """Return bytes as the text in UTF-8 that they are, under the name that diagnostics have for it."""
    if b"\0" in content:
        return _unreadable(name, "it is not text in UTF-8 (it holds zero bytes)")
    try:
        return Outcome(value=SourceFile(name=name, text=content.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        byte = content[error.start]
        return _unreadable(name, f"it is not text in UTF-8 (byte 0x{byte:02x})", line=line, column=column)


def read_overlays(settings: Settings, document: Path, given: Sequence[Path]) -> Outcome[tuple[SourceFile, ...]]:
    """Read the overlays of a document: first its own, if it is one of the folder, then those that the user gives."""
    own = settings.overlay_of(document)
    sources = [] if own is None else [read_source(own, name=settings.overlay_name(own))]
    sources += [read_source(path) for path in given if own is None or path.resolve() != own.resolve()]
    diagnostics = tuple(found for source in sources for found in source.diagnostics)
    values = tuple(source.value for source in sources if source.value is not None)
    return Outcome(value=values if len(values) == len(sources) else None, diagnostics=diagnostics)


def read_lock(settings: Settings) -> Outcome[Mapping[str, Lock]]:
    """Read the names that the documents of the folder were given, by document; none where there is no such file."""
    file = settings.specs / FILE
    if not file.exists():
        return Outcome(value={})
    source = read_source(file, name=settings.document_name(file))
    return Outcome(value=None, diagnostics=source.diagnostics) if source.value is None else read_locks(source.value)


def names_of(settings: Settings, document: Path) -> Outcome[Names]:
    """Read the names that a document was given; none where it is not one of the folder."""
    read = read_lock(settings)
    if read.value is None:
        return Outcome(value=None, diagnostics=read.diagnostics)
    is_ours = document.resolve().parent == settings.specs.resolve()
    return Outcome(value=Names(lock=read.value.get(document.stem, {}) if is_ours else {}))


def _unreadable(name: str, cause: str, *, line: int = 1, column: int = 1) -> Outcome[SourceFile]:
    span = Span(file=name, line=line, column=column)
    return Outcome(value=None, diagnostics=(diagnose("unreadable-file", f"cannot read {name}: {cause}", span=span),))


def _top(name: str) -> Span:
    return Span(file=name, line=1, column=1)


def display_name(path: Path) -> str:
    """Return a path as people know it: from the working folder if it is below, else as it was given."""
    absolute, folder = Path(os.path.abspath(path)), Path.cwd()  # noqa: PTH100 - links are not to be followed
    is_below = path.is_absolute() and absolute.is_relative_to(folder)
    return (absolute.relative_to(folder) if is_below else path).as_posix()


def load_templates(user: Path | None) -> Outcome[Templates]:
    """Read the templates, with those of the user's folder in place of ours.

    A folder in which no file has the path of one of our templates is an error: it would change nothing.
    """
    try:
        templates, ours = read_templates(user), read_templates()
        if user is None or any((user / path).is_file() for path in ours.package):
            return Outcome(value=templates)
    except OSError as error:
        message = f"cannot read the templates: {error.strerror.lower() if error.strerror else error}"
    except UnicodeDecodeError:
        message = f"a template in {display_name(user or Path())} is not text in UTF-8"
    else:
        names = ", ".join(sorted(ours.package))
        message = f"no file in {display_name(user)} has the path of a template; the templates are {names}"
    return Outcome(value=None, diagnostics=(diagnose("invalid-template", message),))
