"""Compares generated projects with what is on disk, and changes nothing."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from formance_codegen.manifest import MANIFEST, Command, listed_files, with_manifest
from formance_codegen.tree import FileTree


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How the files of projects differ from what would be written; each path has that of its project in front."""

    stale: tuple[Path, ...]
    """Files with other content."""
    missing: tuple[Path, ...]
    """Files that are not there."""
    orphaned: tuple[Path, ...]
    """Files of an earlier run that would be removed."""
    diff: str
    """A unified diff from what is there to what would be written, for stale files."""

    @property
    def is_clean(self) -> bool:
        """Whether writing would change nothing."""
        return not (self.stale or self.missing or self.orphaned)


def compare(projects: Mapping[Path, FileTree], *, command: Command) -> Drift:
    """Return what writing the trees into their folders would change.

    Raises:
        OSError: A file cannot be read.
    """
    trees = {root: with_manifest(tree, command) for root, tree in projects.items()}
    wanted = {root / path: content for root, tree in trees.items() for path, content in tree.files.items()}
    found = {file: file.read_bytes() for file in wanted if file.is_file()}
    stale = tuple(file for file, content in found.items() if content != wanted[file])
    return Drift(
        stale=stale,
        missing=tuple(file for file in wanted if file not in found),
        orphaned=tuple(file for root, tree in trees.items() for file in _orphans(root, tree)),
        diff="".join(line for file in stale for line in _diff(file, found[file], wanted[file])),
    )


def _orphans(root: Path, tree: FileTree) -> Iterable[Path]:
    manifest = root / MANIFEST
    listed = listed_files(manifest.read_bytes()) if manifest.is_file() else ()
    return (root / path for path in listed if path not in tree.files and (root / path).is_file())


def _diff(file: Path, found: bytes, wanted: bytes) -> Iterable[str]:
    before, after = (content.decode(errors="replace").splitlines(keepends=True) for content in (found, wanted))
    for line in difflib.unified_diff(before, after, f"a/{file.as_posix()}", f"b/{file.as_posix()}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
