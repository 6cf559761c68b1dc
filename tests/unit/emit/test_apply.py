"""What writing does to a folder: all of the tree or nothing, and never to files of others."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from formance_codegen.emit import Changes, apply
from formance_codegen.manifest import MANIFEST
from formance_codegen.tree import FileTree


def tree(**files: str) -> FileTree:
    return FileTree.of((path.replace("__", "/").replace("_py", ".py"), text.encode()) for path, text in files.items())


def write(root: Path, files: FileTree) -> Changes:
    outcome = apply({root: files}, command="build")
    assert outcome.value is not None, outcome.diagnostics
    return outcome.value


def refusals(projects: dict[Path, FileTree]) -> list[str]:
    outcome = apply(projects, command="build")
    assert outcome.failed
    assert outcome.value is None
    assert {found.code.slug for found in outcome.diagnostics} <= {"foreign-file", "unwritable-file"}
    return [found.message for found in outcome.diagnostics]


def content(root: Path) -> dict[str, str]:
    """Return all files below a folder, without the manifest."""
    files = (file for file in sorted(root.rglob("*")) if file.is_file() and file.name != MANIFEST)
    return {file.relative_to(root).as_posix(): file.read_text() for file in files}


def test_writes_a_new_project_and_its_parents(tmp_path: Path) -> None:
    root = tmp_path / "deep" / "ledger"
    changes = write(root, tree(pyproject="x", ledger__a_py="a = 1\n"))
    assert content(root) == {"ledger/a.py": "a = 1\n", "pyproject": "x"}
    assert [path.relative_to(root).as_posix() for path in changes.written] == [MANIFEST, "ledger/a.py", "pyproject"]
    assert not changes.unchanged
    assert not changes.pruned


def test_second_run_writes_nothing(tmp_path: Path) -> None:
    write(tmp_path, tree(a_py="1", b_py="2"))
    before = {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    changes = write(tmp_path, tree(a_py="1", b_py="2"))
    assert not changes.written
    assert len(changes.unchanged) == 3
    assert {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == before


def test_writes_only_what_differs(tmp_path: Path) -> None:
    write(tmp_path, tree(a_py="1", b_py="2"))
    changes = write(tmp_path, tree(a_py="1", b_py="3"))
    assert changes.written == (tmp_path / MANIFEST, tmp_path / "b.py")
    assert content(tmp_path) == {"a.py": "1", "b.py": "3"}


def test_an_edited_file_stays_unless_it_is_forced(tmp_path: Path) -> None:
    write(tmp_path, tree(a_py="1"))
    (tmp_path / "a.py").write_text("edited")
    outcome = apply({tmp_path: tree(a_py="2")}, command="build")
    assert [found.code.slug for found in outcome.diagnostics] == ["edited-file"]
    assert content(tmp_path) == {"a.py": "edited"}
    assert apply({tmp_path: tree(a_py="2")}, command="build", force=True).value is not None
    assert content(tmp_path) == {"a.py": "2"}


def test_an_edit_that_comes_to_the_same_is_none(tmp_path: Path) -> None:
    write(tmp_path, tree(a_py="1"))
    (tmp_path / "a.py").write_text("2")
    assert write(tmp_path, tree(a_py="2")).unchanged == (tmp_path / "a.py",)


def test_a_list_without_fingerprints_is_believed(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1")
    (tmp_path / MANIFEST).write_text(json.dumps({"command": "build", "files": ["a.py"]}))
    assert tmp_path / "a.py" in write(tmp_path, tree(a_py="2")).written


def test_prunes_stale_files_and_the_folders_they_leave_empty(tmp_path: Path) -> None:
    write(tmp_path, tree(p__v1__a_py="1", p__v1__models__b_py="2", p__c_py="3"))
    for folder in ("p/v1", "p/v1/models"):
        (tmp_path / folder / "__pycache__").mkdir()
        (tmp_path / folder / "__pycache__" / "a.cpython-311.pyc").write_bytes(b"")
    changes = write(tmp_path, tree(p__c_py="3"))
    assert changes.pruned == (tmp_path / "p/v1/a.py", tmp_path / "p/v1/models/b.py")
    assert not (tmp_path / "p/v1").exists()
    assert content(tmp_path) == {"p/c.py": "3"}


def test_leaves_what_others_put_there(tmp_path: Path) -> None:
    write(tmp_path, tree(p__v1__a_py="1", p__c_py="3"))
    (tmp_path / "p/v1/notes.txt").write_text("mine")
    (tmp_path / ".venv").mkdir()
    write(tmp_path, tree(p__c_py="3"))
    assert content(tmp_path) == {"p/c.py": "3", "p/v1/notes.txt": "mine"}
    assert (tmp_path / ".venv").is_dir()


def test_an_empty_tree_removes_the_project(tmp_path: Path) -> None:
    write(tmp_path / "old", tree(p__a_py="1"))
    write(tmp_path / "kept", tree(p__a_py="1"))
    (tmp_path / "kept/own.txt").write_text("mine")
    outcome = apply({tmp_path / "old": FileTree(), tmp_path / "kept": FileTree()}, command="build")
    assert outcome.value is not None
    assert not (tmp_path / "old").exists()
    assert content(tmp_path) == {"kept/own.txt": "mine"}


def test_refuses_to_overwrite_a_file_of_others(tmp_path: Path) -> None:
    (tmp_path / "pyproject").write_text("mine")
    assert "pyproject exists, and this generator did not write it" in refusals({tmp_path: tree(pyproject="x")})[0]
    assert content(tmp_path) == {"pyproject": "mine"}


def test_accepts_a_file_of_others_with_the_same_content(tmp_path: Path) -> None:
    (tmp_path / "pyproject").write_text("x")
    assert write(tmp_path, tree(pyproject="x")).unchanged == (tmp_path / "pyproject",)


def test_one_refusal_keeps_all_projects_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b/x.py").write_text("mine")
    assert len(refusals({tmp_path / "a": tree(x_py="1"), tmp_path / "b": tree(x_py="1")})) == 1
    assert not (tmp_path / "a").exists()
    assert content(tmp_path) == {"b/x.py": "mine"}


def test_never_follows_a_link_out_of_the_folder(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.py").write_text("mine")
    root = tmp_path / "root"
    write(root, tree(p__a_py="1", q_py="2"))
    shutil.rmtree(root / "p")
    (root / "p").symlink_to(outside, target_is_directory=True)
    (root / "q.py").unlink()
    (root / "q.py").symlink_to(outside / "a.py")
    messages = refusals({root: tree(p__a_py="3", q_py="4")})
    assert [message.rpartition("/")[2] for message in messages] == ["p is a symbolic link", "q.py is a symbolic link"]
    write(root, tree(other_py="5"))
    assert content(outside) == {"a.py": "mine"}
    assert (root / "q.py").is_symlink()


@pytest.mark.parametrize(
    "listed", ["../outside.txt", "/etc/hostname", "a/../../outside.txt", "C:/outside.txt", "..\\outside.txt", "", "."]
)
def test_a_manifest_cannot_make_it_remove_files_elsewhere(tmp_path: Path, listed: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "outside.txt").write_text("mine")
    (root / MANIFEST).write_text(json.dumps({"files": [listed]}))
    assert not write(root, tree(a_py="1")).pruned
    assert content(tmp_path) == {"outside.txt": "mine", "root/a.py": "1"}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"files": 1}', '{"files": [1, null]}', "\x00\xff"])
def test_a_damaged_manifest_owns_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_bytes(text.encode("latin-1"))
    (tmp_path / "a.py").write_text("mine")
    assert len(refusals({tmp_path: tree(a_py="1")})) == 1
    write(tmp_path, tree(b_py="1"))
    assert content(tmp_path) == {"a.py": "mine", "b.py": "1"}


@pytest.mark.parametrize("obstacle", ["folder", "file in the way", "root is a file"])
def test_refuses_where_the_kind_is_wrong(tmp_path: Path, obstacle: str) -> None:
    root = tmp_path / "root"
    match obstacle:
        case "folder":
            (root / "p/a.py").mkdir(parents=True)
        case "file in the way":
            root.mkdir()
            (root / "p").write_text("mine")
        case _:
            root.write_text("mine")
    before = content(tmp_path)
    assert len(refusals({root: tree(p__a_py="1")})) == 1
    assert content(tmp_path) == before


def fails_at(monkeypatch: pytest.MonkeyPatch, number: int, error: BaseException) -> None:
    """Let the given move into place fail."""
    original: Callable[[Path, Path], Path] = Path.replace
    calls: list[Path] = []

    def replace(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == number:
            raise error
        return original(self, target)

    monkeypatch.setattr(Path, "replace", replace)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6])
def test_an_error_half_way_takes_everything_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    one, two, three = tmp_path / "one", tmp_path / "two", tmp_path / "new/three"
    write(one, tree(a_py="1", b_py="2", stale__c_py="3"))
    write(two, tree(a_py="1"))
    before = content(tmp_path)
    fails_at(monkeypatch, number, OSError(28, "No space left on device", str(one / "x")))
    changed = {one: tree(a_py="9", d__e_py="9"), two: tree(a_py="9"), three: tree(a_py="9")}
    assert "No space left on device; nothing was changed" in refusals(changed)[0]
    assert content(tmp_path) == before
    assert not (tmp_path / "new").exists()
    assert not (one / "d").exists()


def test_an_interrupt_takes_everything_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, tree(a_py="1", b_py="2"))
    fails_at(monkeypatch, 2, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        apply({tmp_path: tree(a_py="8", b_py="9")}, command="build")
    assert content(tmp_path) == {"a.py": "1", "b.py": "2"}


def test_nothing_is_left_of_the_staging(tmp_path: Path) -> None:
    write(tmp_path, tree(a_py="1"))
    write(tmp_path, tree(b_py="1"))
    assert sorted(file.name for file in tmp_path.iterdir()) == [MANIFEST, "b.py"]


def test_new_files_have_ordinary_permissions(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    write(tmp_path / "root", tree(a_py="1"))
    assert (tmp_path / "root/a.py").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_folder_that_is_a_link_itself_is_the_users_choice(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real", target_is_directory=True)
    write(tmp_path / "link", tree(a_py="1"))
    assert content(tmp_path / "real") == {"a.py": "1"}
