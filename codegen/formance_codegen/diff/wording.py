"""Quotes what a document says, so that it does no harm in a terminal, in Markdown or in a log."""

from typing import Final

KEPT: Final = "; the old name is deprecated and goes with the next release"
"""What is said of a name that is kept for a while."""


def code(text: object) -> str:
    """Return a text as code: one line of printable characters between backticks."""
    line = " ".join(str(text).split()).replace("`", "'")
    return f"`{''.join(mark if mark.isprintable() else chr(0xFFFD) for mark in line)}`"


def value(found: object) -> str:
    """Return a default value as code, or what its absence means."""
    return "what it chooses" if found is None else code(found)


def count(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 change``, ``2 changes``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
