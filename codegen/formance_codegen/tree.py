"""An immutable tree of files: what the generator makes, before anything is written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class FileTree:
    """Paths (relative, with forward slashes) and the bytes that belong there, in sorted order."""

    files: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, files: Iterable[tuple[str, bytes]]) -> "FileTree":
        """Return a tree of the given files.

        Raises:
            ValueError: A path occurs twice, also when only the case of letters differs.
        """
        entries = sorted(files)
        seen: dict[str, str] = {}
        for path, _ in entries:
            if (other := seen.setdefault(path.casefold(), path)) is not path:
                raise ValueError(f"two files for one path: {other} and {path}")
        return cls(MappingProxyType(dict(entries)))

    def under(self, folder: str) -> "FileTree":
        """Return the same files one folder deeper."""
        return FileTree.of((f"{folder}/{path}", content) for path, content in self.files.items())

    def union(self, other: "FileTree") -> "FileTree":
        """Return the files of both trees, which must not overlap."""
        return FileTree.of((*self.files.items(), *other.files.items()))
