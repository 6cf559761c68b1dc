"""The table of cases: a small change of a document, and exactly what is said of it."""

from typing import Final

import pytest

from diff.case import Case, cases, context_of, told
from formance_codegen.diff.catalogue import CHECKS, Severity
from formance_codegen.diff.comparison import compare

CASES: Final = cases()


def test_there_are_enough() -> None:
    assert len(CASES) >= 40
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_change_is_told_as_what_it_is(case: Case) -> None:
    old, new = context_of(case.old, "old.yaml"), context_of(case.new, "new.yaml")
    comparison = compare("shop", old, new)
    assert told(comparison) == sorted(case.changes)
    assert comparison.verdict.value == case.verdict
    assert told(compare("shop", new, new)) == []
    for change in comparison.changes:
        assert change.message.endswith(".")
        assert change.old is None or change.old.span.file == "old.yaml"
        assert change.new is None or change.new.span.file == "new.yaml"
        assert change.old or change.new
        if change.severity is Severity.ERROR:
            assert change.remedy.endswith("."), change.check.id


def test_each_kind_of_change_has_a_case() -> None:
    shown = {change.split()[0] for case in CASES for change in case.changes}
    elsewhere = {"service-added", "service-removed", "former-name-removed", "namespace-renamed", "prefix-changed"}
    assert CHECKS.keys() - shown == elsewhere
