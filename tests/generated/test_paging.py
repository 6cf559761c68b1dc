"""Which lists come in pages, and how it is known: test_calls walks two pages of each."""

from typing import Final

import pytest

from generated.cases import Case, all_cases

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
"""How many operations of each service give pages."""

TOLD: Final = {
    "ledger-v2RunQuery": ("cursor", "body", "cursor"),
    "ledger-v2ListExporters": ("cursor", None, None),
    "ledger-v2ListPipelines": ("cursor", None, None),
    "membership-listApplications": ("cursor", None, None),
    "membership-listLogs": ("cursor", "query", "cursor"),
    "membership-listOrganizationApplications": ("number", "query", "page"),
    "membership-organizationClientsRead": ("cursor", "query", "cursor"),
    "search-search": ("cursor", "body", "cursor"),
    "wallets-listBalances": ("cursor", None, None),
    "webhooks-getDeliveries": ("cursor", "query", "cursor"),
    "webhooks-getDeliveryAttempts": ("cursor", "query", "cursor"),
    "webhooks-getManyConfigs": ("cursor", None, None),
    "webhooks-replayDeliveries": ("cursor", "body", "cursor"),
}
"""The exceptions: how the next page is asked for, where, and by what; None where the first page is all."""


def paged() -> list[Case]:
    return [case for case in all_cases() if case.described["paging"] is not None]


@pytest.mark.parametrize("service", sorted({case.service for case in all_cases()}))
def test_every_page_of_a_service_is_recognised(service: str) -> None:
    assert sum(case.service == service for case in paged()) == PAGED.get(service, 0)


def test_overlays_tell_the_exceptions() -> None:
    told = {str(case): case.paging for case in paged() if case.paging["recognised"] == "overlay"}
    assert {name: (page["style"], page["in"], page["parameter"]) for name, page in told.items()} == TOLD


def test_shape_tells_all_others() -> None:
    others = [case for case in paged() if str(case) not in TOLD]
    assert others
    for case in others:
        told = [case.paging[key] for key in ("recognised", "style", "in", "parameter")]
        assert told == ["shape", "cursor", "query", "cursor"], str(case)
