"""Comparisons as Markdown for a pull request, and as an entry of a CHANGELOG."""

from collections.abc import Iterator, Sequence
from typing import Final

from formance_codegen.diff.catalogue import Impact, Severity
from formance_codegen.diff.change import Change, Comparison, verdict_of
from formance_codegen.diff.order import TITLES, by_impact, condensed
from formance_codegen.diff.wording import code, count

_OPEN: Final = frozenset({Impact.CALL, Impact.READ})
"""What a reviewer should see without a click."""
_WORDS: Final = frozenset({"method-description-changed", "model-description-changed", "model-module-changed"})
"""What nobody looks for in a CHANGELOG."""


def as_markdown(comparisons: Sequence[Comparison]) -> str:
    """Return a report for a pull request: a table, then what breaks, then the rest folded."""
    changed = [comparison for comparison in comparisons if comparison.changes]
    if not changed:
        return "## Python API: no changes\n"
    verdict = verdict_of(change for comparison in changed for change in comparison.changes)
    lines = [f"## Python API: {verdict.value}", "", *_table(changed)]
    for comparison in changed:
        lines += ["", f"### {comparison.service}", *_details(comparison)]
    return "\n".join(lines) + "\n"


def _table(comparisons: Sequence[Comparison]) -> Iterator[str]:
    yield "| Client | Verdict | Callers | Readers | Type checkers | Additions | Notes |"
    yield "| --- | --- | --: | --: | --: | --: | --: |"
    for comparison in comparisons:
        found = by_impact(comparison.changes)
        cells = " | ".join(str(len(found.get(impact, ()))) for impact in Impact)
        yield f"| {code(comparison.package)} | **{comparison.verdict.value}** | {cells} |"


def _details(comparison: Comparison) -> Iterator[str]:
    for impact, changes in by_impact(comparison.changes).items():
        if impact in _OPEN:
            yield from ("", f"#### {TITLES[impact]}", "", *_items(changes))
        else:
            title = f"{TITLES[impact]} ({len(changes)})"
            yield from ("", "<details>", f"<summary>{title}</summary>", "", *_items(changes), "", "</details>")


def _items(changes: Sequence[Change]) -> Iterator[str]:
    others, together = condensed(changes)
    yield from (_item(change) for change in others)
    yield from (f"- {sentence}" for sentence in together)


def _item(change: Change) -> str:
    remedy = f" {change.remedy}" if change.remedy else ""
    marked = f" **{change.remedy}**" if change.remedy and change.severity is Severity.ERROR else remedy
    endpoint = f" {code(change.endpoint)}" if change.endpoint else ""
    return f"- {change.message}{marked}<br>{code(change.check.id)}{endpoint} {_places(change)}".rstrip()


def _places(change: Change) -> str:
    """Return where it stands on both sides, as code: no file name of a user is read as Markdown."""
    places = [f"{found.span.file}:{found.span.line}" for found in (change.old, change.new) if found]
    return " → ".join(code(place) for place in dict.fromkeys(places))


def as_changelog(comparisons: Sequence[Comparison]) -> str:
    """Return an entry for each client that changed, in the form of keepachangelog.com."""
    entries = ["\n".join(_entry(comparison)) + "\n" for comparison in comparisons if comparison.changes]
    return "\n".join(entries) or "No changes.\n"


def _entry(comparison: Comparison) -> Iterator[str]:
    yield f"## {comparison.distribution} {comparison.version} ({comparison.verdict.value})"
    told = False
    for title, changes in _sections(comparison.changes):
        if changes:
            told = True
            others, together = condensed(changes)
            yield from ("", f"### {title}", "")
            yield from (f"- {change.message}{f' {change.remedy}' if change.remedy else ''}" for change in others)
            yield from (f"- {sentence}" for sentence in together)
    if not told:
        yield from ("", f"{count(len(comparison.changes), 'change')} of words only.")


def _sections(changes: Sequence[Change]) -> Iterator[tuple[str, Sequence[Change]]]:
    deprecated = [change for change in changes if change.check.id.endswith("-deprecated")]
    left = [change for change in changes if change not in deprecated and change.check.id not in _WORDS]
    yield "Breaking", [change for change in left if change.impact.is_breaking]
    yield "Deprecated", deprecated
    yield "Added", [change for change in left if change.impact is Impact.ADDITION]
    yield "Changed", [change for change in left if change.impact in (Impact.TYPING, Impact.DOCUMENTATION)]
