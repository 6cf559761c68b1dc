"""JSON Pointers (RFC 6901): how every part of a document is addressed."""

from typing import Final, NewType

Pointer = NewType("Pointer", str)
"""A JSON Pointer in its string form: ``""`` is the whole document."""

ROOT: Final = Pointer("")


def join(pointer: Pointer, *tokens: str | int) -> Pointer:
    """Return the pointer to the part of ``pointer`` that ``tokens`` lead to."""
    return Pointer(pointer + "".join([f"/{escape(str(token))}" for token in tokens]))


def tokens(pointer: Pointer) -> tuple[str, ...]:
    """Return the unescaped reference tokens of a pointer."""
    return tuple(unescape(token) for token in pointer.split("/")[1:])


def parent(pointer: Pointer) -> Pointer:
    """Return the pointer one level up; the root is its own parent."""
    return Pointer(pointer.rpartition("/")[0])


def escape(token: str) -> str:
    """Escape a reference token (RFC 6901, section 3)."""
    return token.replace("~", "~0").replace("/", "~1")


def unescape(token: str) -> str:
    """Undo ``escape`` (RFC 6901, section 4)."""
    return token.replace("~1", "/").replace("~0", "~")
