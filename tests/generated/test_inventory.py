"""What the eleven clients have, counted against what is known of the platform."""

from collections import Counter
from typing import Final

from generated.cases import all_cases
from samples import node, text

PAGED: Final = {
    "deployserver": 5,
    "ledger": 13,
    "membership": 4,
    "orchestration": 4,
    "payments": 25,
    "reconciliation": 2,
    "search": 1,
    "wallets": 4,
    "webhooks": 4,
}
"""Operations that answer with a page, by service."""
UNPAGEABLE: Final = {
    "ledger v2ListExporters",
    "ledger v2ListPipelines",
    "membership listApplications",
    "wallets listBalances",
    "webhooks getManyConfigs",
}
"""Lists in the form of a page that take no parameter to ask for another: the first page is all there is."""


def test_there_are_as_many_operations_as_are_published() -> None:
    assert len(all_cases()) == 357


def test_every_page_is_recognised() -> None:
    paged = [case for case in all_cases() if case.described["paging"] is not None]

    assert Counter(case.service for case in paged) == PAGED
    assert {
        f"{case.service} {text(case.described['id'])}"
        for case in paged
        if node(case.described["paging"])["parameter"] is None
    } == UNPAGEABLE
