"""What `--check` sees."""

from pathlib import Path

from formance_codegen.drift import compare
from formance_codegen.emit import apply
from formance_codegen.manifest import MANIFEST, projects_in
from formance_codegen.tree import FileTree


def tree(files: dict[str, str]) -> FileTree:
    return FileTree.of((path, text.encode()) for path, text in files.items())


def test_what_was_just_written_is_clean(tmp_path: Path) -> None:
    files = tree({"a.py": "1\n", "p/b.py": "2\n"})
    assert apply({tmp_path: files}, command="build").value is not None
    drift = compare({tmp_path: files}, command="build")
    assert drift.is_clean
    assert drift.diff == ""


def test_tells_stale_missing_and_orphaned_and_changes_nothing(tmp_path: Path) -> None:
    apply({tmp_path: tree({"a.py": "one\ntwo\n", "gone.py": "1\n", "old.py": "1\n"})}, command="build")
    (tmp_path / "gone.py").unlink()
    (tmp_path / "own.txt").write_text("mine")
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    drift = compare({tmp_path: tree({"a.py": "one\nthree\n", "gone.py": "1\n"})}, command="build")
    assert drift.stale == (tmp_path / MANIFEST, tmp_path / "a.py")
    assert drift.missing == (tmp_path / "gone.py",)
    assert drift.orphaned == (tmp_path / "old.py",)
    name = (tmp_path / "a.py").as_posix()
    assert f"--- a/{name}\n+++ b/{name}\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n" in drift.diff
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_a_diff_says_where_the_last_line_has_no_end(tmp_path: Path) -> None:
    apply({tmp_path: tree({"a.py": "one"})}, command="build")
    diff = compare({tmp_path: tree({"a.py": "two\n"})}, command="build").diff
    assert "-one\n\\ No newline at end of file\n+two\n" in diff


def test_a_project_without_a_service_is_orphaned(tmp_path: Path) -> None:
    apply({tmp_path / "old": tree({"a.py": "1\n"})}, command="build")
    (tmp_path / "other").mkdir()
    assert projects_in(tmp_path, "build") == (tmp_path / "old",)
    assert compare({tmp_path / "old": FileTree()}, command="build").orphaned == (
        tmp_path / "old" / MANIFEST,
        tmp_path / "old/a.py",
    )


def test_no_output_folder_has_no_projects(tmp_path: Path) -> None:
    assert projects_in(tmp_path / "none", "build") == ()


def test_a_project_of_another_command_is_not_found(tmp_path: Path) -> None:
    apply({tmp_path / "one": tree({"a.py": "1\n"})}, command="generate")
    assert projects_in(tmp_path, "build") == ()
    assert projects_in(tmp_path, "generate") == (tmp_path / "one",)
