"""The findings as a table, and what is not well in full."""

from collections import Counter
from collections.abc import Iterable, Sequence

from corpus.checks import Finding, Outcome


def table(findings: Sequence[Finding]) -> str:
    """Return Markdown: a row for each collection, then each document that is not made a client of."""
    return "\n".join((*_counts(findings), "", *_slowest(findings), "", *_rest(findings))) + "\n"


def _counts(findings: Sequence[Finding]) -> Iterable[str]:
    yield f"| collection | documents | {' | '.join(Outcome)} |"
    yield f"|---|---|{'---|' * len(Outcome)}"
    suites = Counter(_suite(each) for each in findings)
    for suite, count in sorted(suites.items()):
        yield _row(suite, count, [each for each in findings if _suite(each) == suite])
    yield _row("all", len(findings), findings)


def _row(name: str, count: int, findings: Iterable[Finding]) -> str:
    outcomes = Counter(each.outcome for each in findings)
    return f"| {name} | {count} | {' | '.join(str(outcomes[each]) for each in Outcome)} |"


def _suite(finding: Finding) -> str:
    return finding.path.partition("/")[0]


def _slowest(findings: Sequence[Finding]) -> Iterable[str]:
    yield "| slowest | CPU seconds | megabytes |"
    yield "|---|---|---|"
    for each in sorted(findings, key=lambda each: -each.seconds)[:8]:
        yield f"| {each.path} | {each.seconds:.1f} | {each.megabytes} |"


def _rest(findings: Iterable[Finding]) -> Iterable[str]:
    yield "| document | outcome | stage | reason |"
    yield "|---|---|---|---|"
    for each in sorted(findings, key=lambda each: (each.outcome, each.stage, each.path)):
        if each.outcome is not Outcome.OK:
            reason = each.reason.replace("|", "\\|")[:200]
            yield f"| {each.path} | {each.outcome} | {each.stage} | {reason} |"
