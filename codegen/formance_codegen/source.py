"""Texts as they were read, and places in them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A text with the name that diagnostics show for it."""

    name: str
    """A path relative to where the command runs, with forward slashes."""
    text: str

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
