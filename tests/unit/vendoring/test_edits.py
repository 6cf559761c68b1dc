"""Edits and a newer generation, put together."""

from typing import Final

import pytest

from formance_codegen.vendoring.edits import Kept, keep_edits

BASE: Final = "".join(f"line {number}\n" for number in range(1, 21))
PATH: Final = "a.py"


def kept(mine: str, theirs: str | None, base: str = BASE) -> Kept:
    """Put one file together."""
    after = {} if theirs is None else {PATH: theirs.encode()}
    return keep_edits({PATH: base.encode()}, {PATH: mine.encode()}, after)


def test_both_sides_are_in_what_comes_out() -> None:
    found = kept(BASE.replace("line 2\n", "ours\n"), BASE.replace("line 18\n", "theirs\n"))
    both = BASE.replace("line 2\n", "ours\n").replace("line 18\n", "theirs\n")
    assert found == Kept(files={PATH: both.encode()}, edited=(PATH,))


@pytest.mark.parametrize(
    ("mine", "theirs", "now"),
    [
        (BASE, "new\n", "new\n"),
        (BASE.replace("\n", "\r\n"), "new\n", "new\n"),
        ("new\n", "new\n", "new\n"),
    ],
)
def test_what_is_no_edit_any_more_is_not_told(mine: str, theirs: str, now: str) -> None:
    assert kept(mine, theirs) == Kept(files={PATH: now.encode()})


def test_what_changed_on_one_side_alone_stays_as_it_is() -> None:
    mine = BASE.replace("\n", "\r\n") + "ours"
    assert kept(mine, BASE) == Kept(files={PATH: mine.encode()}, edited=(PATH,))


def test_a_file_that_is_gone_comes_back_and_a_new_one_comes() -> None:
    theirs = {PATH: b"x", "b.py": b"y"}
    assert keep_edits({PATH: b"w"}, {}, theirs) == Kept(files=theirs)


def test_conflicts_are_shown_with_the_lines_around_them() -> None:
    mine = BASE.replace("line 2\n", "ours\nours\n").replace("line 15\n", "")
    theirs = BASE.replace("line 2\n", "theirs\n").replace("line 15\n", "theirs\n")
    found = kept(mine, theirs)
    assert [(each.path, each.reason) for each in found.conflicts] == [(PATH, "both sides changed the same lines")]
    first, second = found.conflicts[0].hunks
    assert first.text == (
        "line 1\n<<<<<<< edited\nours\nours\n||||||| as it was generated\nline 2\n=======\ntheirs\n"
        ">>>>>>> as it is generated now\nline 3\nline 4\nline 5\n"
    )
    assert second.text.startswith("line 12\nline 13\nline 14\n<<<<<<< edited\n|||||||")
    assert (first.line, second.line) == (2, 16)


def test_conflicts_close_to_each_other_are_shown_once() -> None:
    mine, theirs = (BASE.replace("line 5\n", f"{side}\n").replace("line 9\n", f"{side}\n") for side in ("a", "b"))
    first, second = kept(mine, theirs).conflicts[0].hunks
    assert (first.line, second.line) == (5, 9)
    assert second.text.startswith("line 6\nline 7\nline 8\n<<<<<<< edited\na\n")


def test_an_edited_file_that_is_not_made_is_a_conflict() -> None:
    (conflict,) = kept(f"{BASE}ours\n", None).conflicts
    assert (conflict.path, conflict.reason, conflict.hunks) == (PATH, "it was edited, and is no longer made", ())


def test_what_is_no_text_is_a_conflict() -> None:
    (conflict,) = kept(f"{BASE}\0", f"{BASE}theirs\n").conflicts
    assert "binary" in conflict.reason
