"""Diagnostics as text for people and as data for machines."""

from collections.abc import Iterable, Mapping
from typing import Final, TypedDict

from formance_codegen.diagnostics import Diagnostic
from formance_codegen.source import SourceFile, Span

_WIDTH: Final = 100
"""Characters of a source line that an excerpt shows: a document may be one line of megabytes."""


class DiagnosticData(TypedDict):
    """A diagnostic as plain data; what is not known is None."""

    code: str
    severity: str
    message: str
    file: str | None
    line: int | None
    column: int | None
    pointer: str | None
    notes: list[str]


def concise(diagnostics: Iterable[Diagnostic]) -> str:
    """Return a line for each diagnostic, in the order of their places: ``file:line:column: severity[code] message``."""
    return "".join(f"{_headline(found)}\n" for found in _sorted(diagnostics))


def full(diagnostics: Iterable[Diagnostic], sources: Mapping[str, SourceFile]) -> str:
    """Return the diagnostics with their notes and the lines they are about, a paragraph each.

    Args:
        sources: The texts by the name that spans have; a place in any other text is shown without its lines.
    """
    return "\n".join("".join(f"{line}\n" for line in _paragraph(found, sources)) for found in _sorted(diagnostics))


def as_json(diagnostics: Iterable[Diagnostic]) -> list[DiagnosticData]:
    """Return the diagnostics as plain data, in the order of their places."""
    return [
        DiagnosticData(
            code=found.code.slug,
            severity=found.severity.value,
            message=found.message,
            file=found.span.file if found.span else None,
            line=found.span.line if found.span else None,
            column=found.span.column if found.span else None,
            pointer=found.pointer,
            notes=list(found.notes),
        )
        for found in _sorted(diagnostics)
    ]


def _sorted(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    return sorted(diagnostics, key=_place)


def _place(found: Diagnostic) -> tuple[str, int, int, str, str]:
    span = found.span or Span(file="", line=0, column=0)
    return span.file, span.line, span.column, found.code.slug, found.message


def _headline(found: Diagnostic) -> str:
    place = f"{found.span}: " if found.span else ""
    return _printable(f"{place}{found.severity.value}[{found.code.slug}] {found.message}")


def _paragraph(found: Diagnostic, sources: Mapping[str, SourceFile]) -> list[str]:
    notes = [_printable(f"    note: {note}") for note in found.notes]
    source = sources.get(found.span.file) if found.span else None
    excerpt = _excerpt(source, found.span) if source and found.span else []
    return [_headline(found), *notes, *excerpt]


def _excerpt(source: SourceFile, span: Span) -> list[str]:
    """Return the line of a place between its neighbours, with a caret under the column."""
    # A window that keeps the column in sight, with as much as possible to its left.
    start = max(0, span.column - _WIDTH + 20)
    margin = len(str(span.line + 1)) + 2
    lines = source.text.splitlines()
    shown: list[str] = []
    for number in range(max(1, span.line - 1), min(len(lines), span.line + 1) + 1):
        text = _printable(lines[number - 1][start : start + _WIDTH])
        shown.append(f"{number:>{margin}} | {text}".rstrip())
        if number == span.line:
            shown.append(f"{'':>{margin}} | {'':>{span.column - 1 - start}}^")
    return shown


def _printable(text: str) -> str:
    """Return a text that moves no cursor and colours nothing: it may quote whatever a document holds."""
    return "".join(
        character if character.isprintable() else " " if character.isspace() else "\ufffd" for character in text
    )
