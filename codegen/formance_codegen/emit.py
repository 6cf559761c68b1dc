"""Writes generated projects and documents to disk, all or nothing: the only module that changes files."""

import shutil
import tempfile
from collections.abc import Generator, Mapping, Sequence, Set
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from formance_codegen.diagnostics import Diagnostic, Outcome, diagnose
from formance_codegen.manifest import MANIFEST, Command, Manifest, manifest_of, with_manifest
from formance_codegen.tree import FileTree

STAGING: Final = ".formance-codegen-staging-"
"""How the name of the folder for files on their way begins; it is gone after each run."""

ADVICE: Final = (
    "what is to differ belongs into an overlay, a setting or a template; move code of your own into a file of your own"
)
"""What to do instead of editing a generated file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What writing came to; each path is that of its project with the file's own behind."""

    written: tuple[Path, ...]
    unchanged: tuple[Path, ...]
    pruned: tuple[Path, ...]


def apply(
    projects: Mapping[Path, FileTree],
    *,
    command: Command,
    force: bool = False,
    files: Mapping[Path, bytes] | None = None,
) -> Outcome[Changes]:
    """Make each folder hold the files of its tree; an empty tree removes what the generator wrote there.

    Files are written only where they differ. Files that an earlier run wrote and that the tree no longer has are
    removed, and so are folders that this leaves empty. Every other file stays. All folders change, or none does; so do
    ``files``, single files of the user's that are written whatever they hold.

    The outcome is an error where a file that the generator did not write, or a symbolic link, stands in the way
    (``foreign-file``), where somebody edited a file that would change (``edited-file``), unless ``force`` says to
    write or remove it all the same, and where the system refuses (``unwritable-file``).
    """
    try:
        plans = [_plan(root, with_manifest(tree, command), force=force) for root, tree in projects.items()]
        plans += [_plan_files(file.parent, {file.name: content}) for file, content in (files or {}).items()]
        if refused := tuple(found for plan in plans for found in plan.refused):
            return Outcome(value=None, diagnostics=refused)
        _carry_out(plans)
    except OSError as error:
        return Outcome(value=None, diagnostics=(_unwritable(error),))
    return Outcome(
        value=Changes(
            written=tuple(plan.root / path for plan in plans for path in plan.write),
            unchanged=tuple(plan.root / path for plan in plans for path in plan.keep),
            pruned=tuple(plan.root / path for plan in plans for path in plan.remove),
        )
    )


def replace_files(root: Path, files: Mapping[str, bytes]) -> Outcome[Changes]:
    """Write files of the user in a folder, all or none; those that hold the same bytes are not touched.

    Unlike ``apply`` it keeps no list and removes nothing: the files are the user's, who asked for new contents.

    The outcome is an error where a symbolic link or a folder stands in the way (``foreign-file``), and where the
    system refuses (``unwritable-file``).
    """
    try:
        plan = _plan_files(root, files)
        if plan.refused:
            return Outcome(value=None, diagnostics=tuple(plan.refused))
        _carry_out([plan])
    except OSError as error:
        return Outcome(value=None, diagnostics=(_unwritable(error),))
    return Outcome(
        value=Changes(
            written=tuple(root / path for path in plan.write),
            unchanged=tuple(root / path for path in plan.keep),
            pruned=(),
        )
    )


@contextmanager
def lent_files(contents: Sequence[bytes]) -> Generator[tuple[Path, ...]]:
    """Write files for another program to read; they are gone when the block ends.

    Raises:
        OSError: The system refuses.
    """
    with tempfile.TemporaryDirectory(prefix="formance-codegen-") as folder:
        files = tuple(Path(folder, str(index)) for index in range(len(contents)))
        for file, content in zip(files, contents, strict=True):
            file.write_bytes(content)
        yield files


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What has to happen in one project."""

    root: Path
    write: Mapping[str, bytes]
    keep: Sequence[str]
    remove: Sequence[str]
    refused: Sequence[Diagnostic]


def _plan_files(root: Path, files: Mapping[str, bytes]) -> _Plan:
    refused = tuple(_foreign(found) for path in files if (found := _obstacle(root, path)))
    keep = () if refused else tuple(p for p in files if (root / p).exists() and _holds(root / p, files[p]))
    write = {path: content for path, content in files.items() if path not in keep}
    return _Plan(root=root, write=write, keep=keep, remove=(), refused=refused)


def _plan(root: Path, tree: FileTree, *, force: bool) -> _Plan:
    manifest = manifest_of(root)
    owned = frozenset(manifest.paths)
    write: dict[str, bytes] = {}
    keep: list[str] = []
    refused: dict[str, Diagnostic] = {}
    for path, content in tree.files.items():
        if obstacle := _obstacle(root, path):
            refused[obstacle] = _foreign(obstacle)
        elif not (root / path).exists() or _is_renamed(root, path, owned):
            write[path] = content
        elif _holds(root / path, content):
            keep.append(path)
        elif path in owned and (force or not _is_edited(root, path, manifest)):
            write[path] = content
        elif path in owned:
            refused[path] = _edited(root / path)
        else:
            refused[path] = _foreign(f"{_show(root / path)} exists, and this generator did not write it; move it away")
    remove = [path for path in manifest.paths if path not in tree.files and _is_removable(root, path)]
    if not force:
        refused |= {path: _edited(root / path) for path in remove if _is_edited(root, path, manifest)}
    return _Plan(root=root, write=write, keep=keep, remove=remove, refused=tuple(refused.values()))


def _is_edited(root: Path, path: str, manifest: Manifest) -> bool:
    return manifest.is_edited(path, (root / path).read_bytes())


def _obstacle(root: Path, path: str) -> str | None:
    """Say what makes it impossible or unsafe to write a file: links could lead out of the folder."""
    for folder in (root, *(root / parent for parent in reversed(PurePosixPath(path).parents[:-1]))):
        if folder != root and folder.is_symlink():
            return f"{_show(folder)} is a symbolic link"
        if folder.exists() and not folder.is_dir():
            return f"{_show(folder)} is not a folder"
    target = root / path
    if target.is_symlink():
        return f"{_show(target)} is a symbolic link"
    return f"{_show(target)} is not a file" if target.exists() and not target.is_file() else None


def _is_renamed(root: Path, path: str, owned: Set[str]) -> bool:
    """Whether a file is ours under another spelling: file systems may ignore the case of letters."""
    if path in owned:
        return False
    twins = (other for other in owned if other.casefold() == path.casefold())
    return any((root / twin).exists() and (root / path).samefile(root / twin) for twin in twins)


def _is_removable(root: Path, path: str) -> bool:
    return _obstacle(root, path) is None and (root / path).is_file()


def _holds(file: Path, content: bytes) -> bool:
    return file.stat().st_size == len(content) and file.read_bytes() == content


def _foreign(message: str) -> Diagnostic:
    return diagnose("foreign-file", message, notes=("move it away, or choose another output folder",))


def _edited(file: Path) -> Diagnostic:
    notes = (ADVICE, "--force writes or removes it all the same")
    return diagnose("edited-file", f"{_show(file)} was edited after it was generated", notes=notes)


def _unwritable(error: OSError) -> Diagnostic:
    place = f"{_show(Path(error.filename))}: " if isinstance(error.filename, str) else ""
    return diagnose("unwritable-file", f"{place}{error.strerror or 'the system refuses'}; nothing was changed")


def _show(path: Path) -> str:
    return path.as_posix()


def _carry_out(plans: Sequence[_Plan]) -> None:
    """Stage everything, then move it into place; any error on the way takes back what was done."""
    active = [plan for plan in plans if plan.write or plan.remove]
    with ExitStack() as undo:
        with ExitStack() as staging:
            folders = [_staging_folder(plan, staging, undo) for plan in active]
            for plan, folder in zip(active, folders, strict=True):
                _stage(plan, folder)
            with ExitStack() as moves:
                for plan, folder in zip(active, folders, strict=True):
                    _commit(plan, folder, moves)
                moves.pop_all()
        undo.pop_all()
    for plan in active:
        _remove_empty_folders(plan)


def _staging_folder(plan: _Plan, staging: ExitStack, undo: ExitStack) -> Path:
    """Make a folder inside the project, since only there a move is sure not to cross file systems."""
    _make_folder(plan.root, undo)
    return Path(staging.enter_context(tempfile.TemporaryDirectory(prefix=STAGING, dir=plan.root)))


def _stage(plan: _Plan, folder: Path) -> None:
    """Write the new files aside, and copy those that they replace."""
    for path, content in plan.write.items():
        new = folder / "new" / path
        new.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(content)
    for path in (*plan.write, *plan.remove):
        if (plan.root / path).exists():
            old = folder / "old" / path
            old.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(plan.root / path, old)


def _commit(plan: _Plan, folder: Path, undo: ExitStack) -> None:
    """Remove, then write: a file system that ignores case may hold one file for an old and a new path."""
    for path in plan.remove:
        undo.callback((folder / "old" / path).replace, plan.root / path)
        (plan.root / path).unlink()
    for path in plan.write:
        _make_folder((plan.root / path).parent, undo)
        if (folder / "old" / path).exists():
            undo.callback((folder / "old" / path).replace, plan.root / path)
        else:
            undo.callback((plan.root / path).unlink, missing_ok=True)
        (folder / "new" / path).replace(plan.root / path)


def _make_folder(folder: Path, undo: ExitStack) -> None:
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        place.mkdir()
        undo.callback(place.rmdir)


def _remove_empty_folders(plan: _Plan) -> None:
    """Remove what pruning left without files; Python's caches do not count."""
    for folder in sorted(_folders(plan), key=lambda folder: -len(folder.parts)):
        # The files are as they should be: a folder that stays behind is no reason to fail.
        with suppress(OSError):
            if all(_is_cache(entry) for entry in folder.iterdir()):
                shutil.rmtree(folder)


def _folders(plan: _Plan) -> set[Path]:
    parents = (parent for path in plan.remove for parent in PurePosixPath(path).parents)
    # The project's own folder goes with its last file, and only when everything was removed on purpose.
    return {plan.root / parent for parent in parents if parent.parts or MANIFEST in plan.remove}


def _is_cache(entry: Path) -> bool:
    return (
        entry.name == "__pycache__"
        and not entry.is_symlink()
        and all(file.suffix == ".pyc" for file in entry.iterdir())
    )
