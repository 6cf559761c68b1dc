"""Comparisons as plain data: see docs/diff.schema.json."""

from collections.abc import Sequence
from typing import TypedDict

from formance_codegen.diff.catalogue import Impact
from formance_codegen.diff.change import Change, Comparison, Place, verdict_of
from formance_codegen.diff.order import by_impact


class PlaceData(TypedDict):
    """A part of a document."""

    pointer: str
    file: str
    line: int


ChangeData = TypedDict(
    "ChangeData",
    {
        "id": str,
        "class": str,
        "severity": str,
        "bump": str,
        "subject": str,
        "name": str,
        "member": str,
        "endpoint": str | None,
        "direction": str | None,
        "message": str,
        "remedy": str,
        "before": str,
        "after": str,
        "old": PlaceData | None,
        "new": PlaceData | None,
    },
)


class ComparisonData(TypedDict):
    """The changes of a service."""

    service: str
    package: str
    distribution: str
    version: str
    verdict: str
    counts: dict[str, int]
    changes: list[ChangeData]


class ReportData(TypedDict):
    """The changes of all services."""

    old: str
    new: str
    verdict: str
    services: list[ComparisonData]


def as_data(old: str, new: str, comparisons: Sequence[Comparison]) -> ReportData:
    """Return comparisons as plain data; ``old`` and ``new`` are what the user called the two versions."""
    changes = [change for comparison in comparisons for change in comparison.changes]
    services = [_comparison(comparison) for comparison in comparisons]
    return ReportData(old=old, new=new, verdict=verdict_of(changes).value, services=services)


def _comparison(comparison: Comparison) -> ComparisonData:
    found = by_impact(comparison.changes)
    return ComparisonData(
        service=comparison.service,
        package=comparison.package,
        distribution=comparison.distribution,
        version=comparison.version,
        verdict=comparison.verdict.value,
        counts={impact.value: len(found.get(impact, ())) for impact in Impact},
        changes=[_change(change) for change in comparison.changes],
    )


def _change(change: Change) -> ChangeData:
    return {
        "id": change.check.id,
        "class": change.impact.value,
        "severity": change.severity.value,
        "bump": change.bump.value,
        "subject": change.subject.value,
        "name": change.name,
        "member": change.member,
        "endpoint": change.endpoint or None,
        "direction": None if change.direction is None else change.direction.value,
        "message": change.message,
        "remedy": change.remedy,
        "before": change.before,
        "after": change.after,
        "old": _place(change.old),
        "new": _place(change.new),
    }


def _place(place: Place | None) -> PlaceData | None:
    if place is None:
        return None
    return {"pointer": place.pointer, "file": place.span.file, "line": place.span.line}
