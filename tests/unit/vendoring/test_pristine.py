"""The archive of what was generated."""

import base64
import bz2
from typing import Final

import pytest

from formance_codegen.vendoring import pristine
from formance_codegen.vendoring.pristine import pack, unpack

FILES: Final = {"a.py": b"x = 1\n", "b/c.py": "é\r\n".encode(), "py.typed": b""}


def test_it_gives_back_what_it_was_given() -> None:
    assert unpack(pack(FILES)) == FILES
    assert unpack(pack(FILES).replace(b"\n", b"\r\n")) == FILES


def test_it_does_not_depend_on_an_order() -> None:
    assert pack(dict(reversed(FILES.items()))) == pack(FILES)


def test_a_change_of_a_file_is_a_change_of_a_line() -> None:
    before, after = pack(FILES).splitlines(), pack({**FILES, "a.py": b"x = 2\n"}).splitlines()
    assert [old for old, new in zip(before, after, strict=True) if old != new] == [before[1]]


def line(content: bytes, path: str = "a.py") -> bytes:
    return path.encode() + b" " + base64.b85encode(content)


HEAD: Final = pack({}).strip()
WHOLE: Final = bz2.compress(b"x" * 100)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "does not begin"),
        (b"a.py x\n", "does not begin"),
        (b"\xff", "utf-8"),
        (HEAD + b"\n<<<<<<< HEAD\n", "line 2 is damaged"),
        (HEAD + b"\n=======\n", "line 2 ends too early"),
        (HEAD + b"\n" + line(WHOLE[:-4]), "line 2 ends too early"),
        (HEAD + b"\n" + line(b"no bzip2") + b"\n", "line 2 is damaged"),
        (HEAD + b"\n" + line(WHOLE) + b"\n" + line(WHOLE), "line 3 tells of a.py again"),
    ],
)
def test_what_is_no_archive_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        unpack(content)


def test_a_bomb_does_not_go_off(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = HEAD + b"\n" + line(bz2.compress(b"\0" * 600), "a") + b"\n" + line(bz2.compress(b"\0" * 600), "b")
    assert len(unpack(bomb)) == 2
    monkeypatch.setattr(pristine, "_MOST", 1000)
    with pytest.raises(ValueError, match="line 3 ends too early, or holds too much"):
        unpack(bomb)
