"""Texts as they were read, and places in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A text with the name that diagnostics show for it."""

    name: str
    """A path relative to where the command runs, with forward slashes."""
    text: str
    linked: Mapping[str, "SourceFile | str"] = field(default_factory=dict[str, "SourceFile | str"], hash=False)
    """The documents that this one refers to, and those on to others, by address; a text says why one was not read."""

    def line(self, number: int) -> str:
        """Return the text of a line (1 is the first) without its end."""
        lines = self.text.splitlines()
        return lines[number - 1] if 0 < number <= len(lines) else ""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """Where something starts: a file, and a line and a column that count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"
