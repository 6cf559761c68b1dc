"""The list of files that the generator wrote into a project, kept there so that it never touches others."""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final, Literal, TypeAlias, TypeGuard

from formance_codegen.tree import FileTree

MANIFEST: Final = ".formance-codegen.json"
"""The file of a project that holds the list."""


Command: TypeAlias = Literal["build", "generate", "vendor"]
"""What made a project: ``build`` removes projects of its own that are no longer made, and no others."""

_ENTRY: Final = re.compile(r'^\s*("(?:[^"\\]|\\.)*"): ("[0-9a-f]{32}"),?\s*$', re.MULTILINE)
"""A line of the list, as it also stands between the marks of a merge that ended in a conflict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The files of a project, and what was written into them."""

    command: str
    """What made the project; "" where the list does not say."""
    files: Mapping[str, frozenset[str]]
    """The fingerprints of each: more than one where a merge left two sides, none where the list is an old one."""
    about: Mapping[str, object] = field(default_factory=dict[str, object])
    """All that the list says besides."""
    is_whole: bool = True
    """Whether the list can be read; it cannot with the marks of a merge in it."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that the generator wrote, the list itself included."""
        return (MANIFEST, *sorted(self.files))

    def is_edited(self, path: str, content: bytes) -> bool:
        """Tell whether a file of the list holds something else than what was written into it."""
        prints = self.files.get(path, frozenset())
        return bool(prints) and fingerprint(content) not in prints


NOTHING: Final = Manifest(command="", files={})
"""The list of a folder that has none."""


def with_manifest(tree: FileTree, command: Command, about: Mapping[str, object] | None = None) -> FileTree:
    """Return the tree with the list of its files; an empty tree has none, and one that has a list keeps it.

    It has a line for each file with its fingerprint, so that a file that somebody edited can be told from one that is
    only out of date. ``about`` is what else is to be known of how the project was made.
    """
    if not tree.files or MANIFEST in tree.files:
        return tree
    files = {path: fingerprint(content) for path, content in sorted(tree.files.items())}
    content = {"generator": "formance-codegen", "command": command, **(about or {}), "files": files}
    return tree.union(FileTree.of([(MANIFEST, f"{json.dumps(content, indent=2, ensure_ascii=False)}\n".encode())]))


def fingerprint(content: bytes) -> str:
    """Return a fingerprint of a text file that does not depend on how a version control system ends lines."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()[:32]


def read_manifest(content: bytes) -> Manifest:
    """Return the list of files; paths that do not stay inside the project are left out.

    Of a list that is not JSON, as a merge with conflicts leaves it, all lines that are whole count. What lists nothing
    makes every file somebody else's.
    """
    read = _read(content)
    data = read or {}
    found: dict[str, frozenset[str]] = {}
    for path, prints in _entries(content, data.get("files")):
        if _stays_inside(path):
            found[path] = found.get(path, frozenset()) | prints
    command = data.get("command")
    about = {key: value for key, value in data.items() if key not in ("generator", "command", "files")}
    return Manifest(
        command=command if isinstance(command, str) else "", files=found, about=about, is_whole=read is not None
    )


def manifest_of(project: Path) -> Manifest:
    """Return the list of the files of a project; an empty one where there is none.

    Raises:
        OSError: The list cannot be read.
    """
    file = project / MANIFEST
    return read_manifest(file.read_bytes()) if file.is_file() and not file.is_symlink() else NOTHING


def projects_in(folder: Path, command: Command) -> tuple[Path, ...]:
    """Return the projects in a folder of projects that a command made, in sorted order.

    Raises:
        OSError: A list cannot be read.
    """
    manifests = sorted(folder.glob(f"*/{MANIFEST}")) if folder.is_dir() else []
    return tuple(file.parent for file in manifests if manifest_of(file.parent).command == command)


def projects_below(folder: Path, command: Command) -> tuple[Path, ...]:
    """Return the projects in a folder, at any depth, that a command made, in sorted order, and the folder if it is one.

    A project whose list cannot be read is one of them, since it may be. Hidden folders, installed packages, and what
    is inside a project are left alone; so are symbolic links.

    Raises:
        OSError: A list cannot be read.
    """
    found: list[Path] = []
    for place, folders, files in os.walk(folder):
        manifest = manifest_of(Path(place)) if MANIFEST in files else NOTHING
        is_one = manifest.command == command or not manifest.is_whole
        if is_one:
            found.append(Path(place))
        is_closed = is_one or "pyvenv.cfg" in files
        folders[:] = () if is_closed else sorted(name for name in folders if _is_looked_into(name))
    return tuple(found)


def _is_looked_into(folder: str) -> bool:
    return not folder.startswith(".") and folder not in ("__pycache__", "node_modules", "site-packages")


def _entries(content: bytes, files: object) -> Iterator[tuple[str, frozenset[str]]]:
    if _is_object(files):
        yield from ((path, frozenset({text})) for path, text in files.items() if isinstance(text, str))
    elif _is_array(files):
        # As it was before there were fingerprints.
        yield from ((path, frozenset[str]()) for path in files if isinstance(path, str))
    else:
        for match in _ENTRY.finditer(content.decode(errors="replace")):
            yield str(json.loads(match[1])), frozenset({str(json.loads(match[2]))})


def _read(content: bytes) -> Mapping[str, object] | None:
    try:
        data: object = json.loads(content)
    except ValueError:
        return None
    return data if _is_object(data) else None


def _is_object(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)


def _is_array(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _stays_inside(path: str) -> bool:
    parts = path.split("/")
    is_plain = all(part not in ("", ".", "..") for part in parts) and "\\" not in path and "\0" not in path
    return is_plain and path != MANIFEST and not PurePosixPath(path).is_absolute() and not PureWindowsPath(path).drive
