"""Clients of a document: generated, written to a folder, imported."""

import importlib
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Final

from formance_codegen.cli.linking import Reach, linked
from formance_codegen.cli.reading import read_source
from formance_codegen.config import ServiceConfig
from formance_codegen.diagnostics import Diagnostic, Severity
from formance_codegen.inspection import inspect
from formance_codegen.load.document import Document, load
from formance_codegen.load.json_value import JsonValue
from formance_codegen.pipeline import generate
from formance_codegen.resources import read_templates
from formance_codegen.source import SourceFile

RUNTIME: Final = Path(__file__).parents[2] / "templates" / "runtime"


class NoClient(Exception):
    """No client is generated from a document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A client, and what it is made of."""

    package: ModuleType
    described: Mapping[str, JsonValue]
    """What `inspect` says of it."""
    document: Document
    """What the generator read."""


@contextmanager
def made(path: Path, folder: Path) -> Generator[Made]:
    """Generate the client of a document into a folder, from where it can be imported for the length of a block.

    Raises:
        NoClient: The generator refuses the document.
    """
    source, config = _source(path), ServiceConfig(package="conversation_partner")
    generated = generate(source, config, read_templates())
    described, document = inspect(source, config), load(source)
    if generated.value is None or described.value is None or document.value is None:
        raise NoClient(_told(generated.diagnostics))
    name = generated.value.names.package
    for file, content in generated.value.tree.files.items():
        if not file.startswith(f"{name}/_core/"):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(content)
    # The same files as those of the tree, compiled once for all.
    (folder / name / "_core").symlink_to(RUNTIME, target_is_directory=True)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield Made(package=importlib.import_module(name), described=described.value, document=document.value)
    finally:
        sys.path.remove(str(folder))
        for module in [each for each in sys.modules if each.partition(".")[0] == name]:
            del sys.modules[module]


def _source(path: Path) -> SourceFile:
    read = read_source(path, name=path.name)
    if read.value is None:
        raise NoClient(_told(read.diagnostics))
    whole = linked(replace(read.value, name=path.name), path, (), Reach())
    if whole.value is None:
        raise NoClient(_told(whole.diagnostics))
    return whole.value


def _told(diagnostics: Sequence[Diagnostic]) -> str:
    """Return the first error."""
    errors = [f"{found.code.slug}: {found.message}" for found in diagnostics if found.severity is Severity.ERROR]
    return errors[0] if errors else "nothing is generated"
