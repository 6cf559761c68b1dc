"""Reads the documents that a document refers to, as far as the user lets it reach."""

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

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

NO_NETWORK: Final = "nothing is read from the network without --allow-remote"
OUTSIDE: Final = "it is outside of the document's folder"

Read: TypeAlias = Callable[[Address], SourceFile | str]
"""Gives a document, or why it cannot be read."""

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
    files = _Files(source=source, path=path, reach=reach)
    found = _gathered(source, overlays, files.read)
    finished = files.finish()
    value = None if finished.value is None else replace(source, linked=found)
    return Outcome(value=value, diagnostics=finished.diagnostics)


def linked_by(source: SourceFile, overlays: Sequence[SourceFile], read: Read) -> SourceFile:
    """Return a document with all that it refers to, where a reader of one's own knows what can be read."""
    if not any(_OUTWARD.search(text.text) for text in (source, *overlays)):
        return source
    return replace(source, linked=_gathered(source, overlays, read))


def _gathered(source: SourceFile, overlays: Sequence[SourceFile], read: Read) -> Mapping[str, SourceFile | str]:
    """Read what texts refer to that stand where the document does, and what that refers to."""
    # The reader of YAML takes a while to load.
    from formance_codegen.load.yaml import parse

    main = address_of(source)
    found: dict[str, SourceFile | str] = {}
    size = 0
    pending = [(main, text) for text in (source, *overlays)]
    while pending:
        base, text = pending.pop()
        parsed = parse(text).value
        for address in () if parsed is None else referred(parsed.data, base):
            if address == main or address in found:
                continue
            whole = len(found) >= MOST_FILES
            got = f"there are more than {MOST_FILES:,} documents" if whole else read(address)
            if isinstance(got, SourceFile):
                size += len(got.text)
                got = got if size <= MOST_BYTES else f"all documents together have more than {MOST_BYTES:,} bytes"
            found[address] = got
            if isinstance(got, SourceFile):
                pending.append((address, got))
    return found


class _Files:
    """What one document may read of the file system and the network."""

    def __init__(self, *, source: SourceFile, path: Path, reach: Reach) -> None:
        self._shown = posixpath.dirname(source.name)
        self._folder = path.parent
        # Links are followed before anything is compared: one must not lead out of the folders.
        self._roots = tuple(folder.resolve() for folder in (path.parent, *reach.roots))
        self._remote = Remote(path.parent) if reach.remote else None

    def read(self, address: Address) -> SourceFile | str:
        """Return a document, or why it cannot be read."""
        return self._read_remote(address) if is_url(address) else self._read_file(address)

    def finish(self) -> Outcome[bool]:
        """Write down what was fetched."""
        return Outcome(value=True) if self._remote is None else self._remote.save()

    def _read_remote(self, address: Address) -> SourceFile | str:
        if self._remote is None:
            return NO_NETWORK
        return self._remote.read(address)

    def _read_file(self, address: Address) -> SourceFile | str:
        try:
            actual = (self._folder / address).resolve()
            if not any(actual.is_relative_to(root) for root in self._roots):
                return f"{OUTSIDE}; --ref-root DIR lets it be read"
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
