"""Groups changes for people: the worst first, what belongs together in one place."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from formance_codegen.diff.catalogue import Impact
from formance_codegen.diff.change import Change, Comparison
from formance_codegen.diff.wording import code, count

TITLES: Final[Mapping[Impact, str]] = {
    Impact.CALL: "Breaking for callers",
    Impact.READ: "Breaking for readers",
    Impact.TYPING: "For type checkers only",
    Impact.ADDITION: "Additions",
    Impact.DOCUMENTATION: "Documentation and the wire",
}
NOUNS: Final[Mapping[Impact, str]] = {
    Impact.CALL: "change that breaks callers",
    Impact.READ: "change that breaks readers",
    Impact.TYPING: "change for type checkers",
    Impact.ADDITION: "addition",
    Impact.DOCUMENTATION: "note",
}


def by_impact(changes: Iterable[Change]) -> Mapping[Impact, Sequence[Change]]:
    """Return the changes of each impact that any has, the worst impact first."""
    groups: dict[Impact, list[Change]] = {impact: [] for impact in Impact}
    for change in changes:
        groups[change.impact].append(change)
    return {impact: found for impact, found in groups.items() if found}


def numbers(changes: Iterable[Change]) -> str:
    """Return how many changes there are of each impact: ``1 addition, 2 notes``."""
    found = by_impact(changes)
    parts = [_counted(impact, len(group)) for impact, group in found.items()]
    return ", ".join(parts) or "no changes"


def _counted(impact: Impact, number: int) -> str:
    noun = NOUNS[impact]
    if number != 1 and impact.is_breaking:
        return f"{number} {noun.replace('change that breaks', 'changes that break')}"
    return count(number, noun) if impact is not Impact.TYPING else f"{count(number, 'change')} for type checkers"


def headline(comparison: Comparison) -> str:
    """Return a service with its verdict in one line."""
    return f"{comparison.service}: {comparison.verdict.value} ({numbers(comparison.changes)})"


def condensed(changes: Sequence[Change]) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """Split off what is told together, in one sentence each: new models, and what has other words only."""
    others = tuple(change for change in changes if change.check.id not in _TOGETHER)
    groups = [(text, [change for change in changes if change.check.id == slug]) for slug, text in _TOGETHER.items()]
    return others, tuple(f"{text} {_listed(found)}." for text, found in groups if found)


_TOGETHER: Final[Mapping[str, str]] = {
    "model-added": "New models:",
    "method-description-changed": "Methods described in other words:",
    "model-description-changed": "Models described in other words:",
}
_SHOWN: Final = 40
"""How many names of a group are told; the JSON has them all."""


def _listed(changes: Sequence[Change]) -> str:
    names = ", ".join(code(change.name) for change in changes[:_SHOWN])
    return names if len(changes) <= _SHOWN else f"{names} and {len(changes) - _SHOWN} more"
