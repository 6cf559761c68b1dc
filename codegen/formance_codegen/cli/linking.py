"""Reads the documents that a document refers to, as far as the user lets it reach."""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from formance_codegen.cli.reading import read_source
from formance_codegen.cli.remote import Remote
from formance_codegen.diagnostics import Outcome
from formance_codegen.load.addresses import Address, address_of, is_url, referred
from formance_codegen.source import SourceFile

_OUTWARD: Final = re.compile(
    r"""\$(?:dynamicRef|ref)["']?\s*:\s*(?!["']?\#)  # a reference to elsewhere
    |\#?mapping["']?\s*:[^#]{0,4000}\.(?:ya?ml|json)  # or one in the mapping of a discriminator""",
    re.VERBOSE,
)
"""Texts without this need not be parsed to know that nothing else is to be read."""

MOST_FILES: Final = 2_000
LARGEST_FILE: Final = 32_000_000
"""Bytes."""
MOST_BYTES: Final = 128_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What else may be read besides what is in the folder of a document."""

    roots: tuple[Path, ...] = ()
    """Folders."""
    remote: bool = False
    """Whether documents of the network may be: as ``refs.lock`` pins them, or fetched."""


def linked(source: SourceFile, path: Path, overlays: Sequence[SourceFile], reach: Reach) -> Outcome[SourceFile]:
    """Return a document with all that it refers to, directly or through others.

    What cannot be read is noted as such: it is an error only where the document really needs it.

    Args:
        source: The document.
        path: Where it was read.
        overlays: They may refer to others, too, from where the document is.
        reach: What may be read.
    """
    if not any(_OUTWARD.search(text.text) for text in (source, *overlays)):
        return Outcome(value=source)
    reading = _Reading(source=source, path=path, reach=reach)
    reading.gather((source, *overlays))
    finished = reading.finish()
    value = None if finished.value is None else replace(source, linked=reading.found)
    return Outcome(value=value, diagnostics=finished.diagnostics)


class _Reading:
    """The state of one run of ``linked``; it lives no longer."""

    def __init__(self, *, source: SourceFile, path: Path, reach: Reach) -> None:
        self.found: dict[str, SourceFile | str] = {}
        self._main = address_of(source)
        self._shown = posixpath.dirname(source.name)
        self._folder = path.parent
        # Links are followed before anything is compared: one must not lead out of the folders.
        self._roots = tuple(folder.resolve() for folder in (path.parent, *reach.roots))
        self._remote = Remote(path.parent) if reach.remote else None
        self._bytes = 0

    def gather(self, texts: Sequence[SourceFile]) -> None:
        """Read what texts refer to that stand where the document does, and what that refers to."""
        # The reader of YAML takes a while to load.
        from formance_codegen.load.yaml import parse

        pending = [(self._main, text) for text in texts]
        while pending:
            base, text = pending.pop()
            parsed = parse(text).value
            if parsed is None:
                continue
            for address in referred(parsed.data, base):
                if address != self._main and address not in self.found:
                    read = self._read(address)
                    self.found[address] = read
                    if isinstance(read, SourceFile):
                        pending.append((address, read))

    def finish(self) -> Outcome[bool]:
        """Write down what was fetched."""
        return Outcome(value=True) if self._remote is None else self._remote.save()

    def _read(self, address: Address) -> SourceFile | str:
        if len(self.found) >= MOST_FILES:
            return f"there are more than {MOST_FILES:,} documents"
        read = self._read_remote(address) if is_url(address) else self._read_file(address)
        if isinstance(read, SourceFile):
            self._bytes += len(read.text)
            if self._bytes > MOST_BYTES:
                return f"all documents together have more than {MOST_BYTES:,} bytes"
        return read

    def _read_remote(self, address: Address) -> SourceFile | str:
        if self._remote is None:
            return "nothing is read from the network without --allow-remote"
        return self._remote.read(address)

    def _read_file(self, address: Address) -> SourceFile | str:
        try:
            actual = (self._folder / address).resolve()
            if not any(actual.is_relative_to(root) for root in self._roots):
                return "it is outside of the document's folder; --ref-root DIR lets it be read"
            if not actual.is_file():
                return f"there is no file {self._name(address)}"
            if actual.stat().st_size > LARGEST_FILE:
                return f"the file has more than {LARGEST_FILE:,} bytes"
        except (OSError, ValueError, RuntimeError):
            return "it is not the name of a file"
        outcome = read_source(actual, name=self._name(address))
        return outcome.value or outcome.diagnostics[0].message

    def _name(self, address: Address) -> str:
        return posixpath.normpath(posixpath.join(self._shown, address))
