"""Compares generated projects with what is on disk, and changes nothing."""

import difflib
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from formance_codegen.diagnostics import Diagnostic, diagnose
from formance_codegen.manifest import Command, manifest_of, with_manifest
from formance_codegen.source import Span
from formance_codegen.tree import FileTree

_MESSAGES: Final = {
    "stale": "the file is out of date",
    "edited": "the file was edited after it was generated",
    "foreign": "the file would be overwritten, and this generator did not write it",
    "missing": "the file is missing",
    "orphaned": "the file is no longer made",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How the files of projects differ from what would be written; each path has that of its project in front."""

    stale: tuple[Path, ...]
    """Files with other content, which an earlier run wrote."""
    edited: tuple[Path, ...]
    """Files with other content, or files that would be removed, which somebody edited since."""
    foreign: tuple[Path, ...]
    """Files of others where one would be written."""
    missing: tuple[Path, ...]
    """Files that are not there."""
    orphaned: tuple[Path, ...]
    """Files of an earlier run that would be removed."""
    diff: str
    """A unified diff from what is there to what would be written, for files with other content."""

    @property
    def is_clean(self) -> bool:
        """Whether writing would change nothing."""
        return not any(files for _, files in self.by_kind())

    def by_kind(self) -> tuple[tuple[str, tuple[Path, ...]], ...]:
        """Return the files by what is wrong with them, in one word each."""
        return (
            ("stale", self.stale),
            ("edited", self.edited),
            ("foreign", self.foreign),
            ("missing", self.missing),
            ("orphaned", self.orphaned),
        )

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return an error for each file."""
        return tuple(
            diagnose(f"{kind}-file", _MESSAGES[kind], span=Span(file=file.as_posix(), line=1, column=1))
            for kind, files in self.by_kind()
            for file in files
        )


def compare(
    projects: Mapping[Path, FileTree],
    *,
    command: Command,
    files: Mapping[Path, bytes] | None = None,
    unreadable: Container[str] = (),
) -> Drift:
    """Return what writing the trees into their folders, and single files of the user, would change.

    Args:
        projects: The folders, and what belongs into each.
        command: What makes them.
        files: The single files.
        unreadable: Files of the projects that are not for people: there is no diff of them.

    Raises:
        OSError: A file cannot be read.
    """
    found = [_compare(root, with_manifest(tree, command), unreadable) for root, tree in projects.items()]
    found += [_compare_file(file, content) for file, content in (files or {}).items()]
    return Drift(
        stale=tuple(file for each in found for file in each.stale),
        edited=tuple(file for each in found for file in each.edited),
        foreign=tuple(file for each in found for file in each.foreign),
        missing=tuple(file for each in found for file in each.missing),
        orphaned=tuple(file for each in found for file in each.orphaned),
        diff="".join(each.diff for each in found),
    )


def _compare_file(file: Path, content: bytes) -> Drift:
    """Return how a file of the user, of which no list tells, differs."""
    there = file.read_bytes() if file.is_file() else None
    is_stale = there is not None and there != content
    return Drift(
        stale=(file,) if is_stale else (),
        edited=(),
        foreign=(),
        missing=(file,) if there is None else (),
        orphaned=(),
        diff="".join(_diff(file, there, content)) if there is not None and is_stale else "",
    )


def _compare(root: Path, tree: FileTree, unreadable: Container[str]) -> Drift:
    """Return how one project differs."""
    manifest = manifest_of(root)
    there = {path: (root / path).read_bytes() for path in tree.files if (root / path).is_file()}
    other = [path for path, content in there.items() if content != tree.files[path]]
    gone = [path for path in manifest.paths if path not in tree.files and (root / path).is_file()]
    edited = {path for path in other if manifest.is_edited(path, there[path])}
    edited |= {path for path in gone if manifest.is_edited(path, (root / path).read_bytes())}
    owned = frozenset(manifest.paths)
    return Drift(
        stale=tuple(root / path for path in other if path in owned and path not in edited),
        edited=tuple(root / path for path in (*other, *gone) if path in edited),
        foreign=tuple(root / path for path in other if path not in owned),
        missing=tuple(root / path for path in tree.files if path not in there),
        orphaned=tuple(root / path for path in gone if path not in edited),
        diff="".join(
            line
            for path in other
            if path not in unreadable
            for line in _diff(root / path, there[path], tree.files[path])
        ),
    )


def _diff(file: Path, found: bytes, wanted: bytes) -> Iterable[str]:
    before, after = (content.decode(errors="replace").splitlines(keepends=True) for content in (found, wanted))
    for line in difflib.unified_diff(before, after, f"a/{file.as_posix()}", f"b/{file.as_posix()}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
