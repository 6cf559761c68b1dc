"""Comparisons as text for a terminal."""

from collections.abc import Iterator, Sequence

from formance_codegen.diff.catalogue import Bump
from formance_codegen.diff.change import Change, Comparison, verdict_of
from formance_codegen.diff.order import TITLES, by_impact, condensed, headline, numbers


def as_text(comparisons: Sequence[Comparison]) -> str:
    """Return all changes, a line each with its place as diagnostics have it, and the verdict at the end."""
    lines = [line for comparison in comparisons if comparison.changes for line in _service(comparison)]
    changes = [change for comparison in comparisons for change in comparison.changes]
    verdict = verdict_of(changes)
    said = "no version is needed" if verdict is Bump.NONE else f"a {verdict.value} version is needed"
    return "".join(f"{line}\n" for line in (*lines, f"{numbers(changes)}: {said}"))


def _service(comparison: Comparison) -> Iterator[str]:
    yield headline(comparison)
    for impact, changes in by_impact(comparison.changes).items():
        yield f"  {TITLES[impact].lower()}"
        others, together = condensed(changes)
        for change in others:
            yield f"    {_place(change)}: {change.severity.value}[{change.check.id}] {change.message}"
            if change.remedy:
                yield f"        {change.remedy}"
        yield from (f"    {sentence}" for sentence in together)
    yield ""


def _place(change: Change) -> str:
    """Return where it is in the new document, or in the old one where that is all."""
    found = change.new or change.old
    return f"{found.span.file}:{found.span.line}" if found else "?"
