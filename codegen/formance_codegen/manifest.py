"""The list of files that the generator wrote into a project, kept there so that it never touches others."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final, Literal, TypeAlias, TypeGuard

from formance_codegen.tree import FileTree

MANIFEST: Final = ".formance-codegen.json"
"""The file of a project that holds the list."""


Command: TypeAlias = Literal["build", "generate"]
"""What made a project: ``build`` removes projects of its own that are no longer made, and no others."""


def with_manifest(tree: FileTree, command: Command) -> FileTree:
    """Return the tree with the list of its files; an empty tree has none.

    The list holds paths only: a hash would change with each change of a file and hide what matters in a diff.
    """
    if not tree.files:
        return tree
    content = {"generator": "formance-codegen", "command": command, "files": sorted(tree.files)}
    return tree.union(FileTree.of([(MANIFEST, f"{json.dumps(content, indent=2, ensure_ascii=False)}\n".encode())]))


def listed_files(content: bytes) -> tuple[str, ...]:
    """Return the files that a manifest lists, itself included; what does not stay inside the project is left out.

    A manifest that cannot be read lists only itself: then every other file is treated as somebody else's.
    """
    return (MANIFEST, *sorted(path for path in _entries(content) if _stays_inside(path)))


def projects_in(folder: Path, command: Command) -> tuple[Path, ...]:
    """Return the projects in a folder of projects that a command made, in sorted order.

    Raises:
        OSError: A list cannot be read.
    """
    manifests = sorted(folder.glob(f"*/{MANIFEST}")) if folder.is_dir() else []
    return tuple(file.parent for file in manifests if _read(file.read_bytes()).get("command") == command)


def _entries(content: bytes) -> Iterable[str]:
    files = _read(content).get("files")
    return {path for path in files if isinstance(path, str)} if _is_array(files) else ()


def _read(content: bytes) -> Mapping[str, object]:
    try:
        data: object = json.loads(content)
    except ValueError:
        return {}
    return data if _is_object(data) else {}


def _is_object(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)


def _is_array(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _stays_inside(path: str) -> bool:
    parts = path.split("/")
    is_plain = all(part not in ("", ".", "..") for part in parts) and "\\" not in path and "\0" not in path
    return is_plain and path != MANIFEST and not PurePosixPath(path).is_absolute() and not PureWindowsPath(path).drive
