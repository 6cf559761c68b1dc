"""The reconciliation of the stories: the sums of a ledger against those of a pool."""

from typing import Final
from uuid import UUID

from loopback import Answer
from samples import Json, Node, is_node
from stories.ledger import LedgerService
from stories.payments import PaymentsService
from stories.wire import Ask, Refused, Route, Unexpected, data, moment, text

NOW: Final = "2026-03-02T09:30:00.123456Z"


class ReconciliationService:
    """The routes of reconciliation."""

    def __init__(self, ledger: LedgerService, payments: PaymentsService) -> None:
        self._ledger = ledger
        self._payments = payments
        self.policies: dict[str, Node] = {}

    def routes(self) -> list[Route]:
        """Return all routes."""
        return [
            Route("POST", "/policies", self._create),
            Route("POST", "/policies/{id}/reconciliation", self._reconcile),
        ]

    def _create(self, ask: Ask) -> Answer:
        fields = ask.body("name", "ledgerName", "ledgerQuery", "paymentsPoolID")
        if fields["paymentsPoolID"] not in self._payments.pools:
            raise Refused(400, "VALIDATION", "there is no such pool")
        number = str(UUID(int=600 + len(self.policies), version=4))
        self.policies[number] = {"id": number, "createdAt": NOW, **fields}
        return data(self.policies[number], status=201)

    def _reconcile(self, ask: Ask) -> Answer:
        policy = self.policies.get(ask.path["id"])
        if policy is None:
            raise Refused(404, "NOT_FOUND", "policy not found")
        asked = ask.body("reconciledAtLedger", "reconciledAtPayments")
        moment(asked["reconciledAtPayments"])
        query = policy["ledgerQuery"]
        if not is_node(query):
            raise Unexpected(f"{query!r} is no filter")
        in_ledger = self._ledger.balances(text(policy["ledgerName"]), query, moment(asked["reconciledAtLedger"]))
        in_pool = self._payments.pool_balances(text(policy["paymentsPoolID"]))
        drift = {a: abs(in_pool.get(a, 0) + in_ledger.get(a, 0)) for a in {**in_ledger, **in_pool}}
        agreed = not any(drift.values())
        found: dict[str, Json] = {
            "id": str(UUID(int=650, version=4)),
            "policyID": ask.path["id"],
            "createdAt": NOW,
            **asked,
            "status": "OK" if agreed else "NOT_OK",
            "paymentsBalances": in_pool,
            "ledgerBalances": in_ledger,
            "driftBalances": drift,
        }
        return data(found if agreed else {**found, "error": "balance drift for asset USD/2"})
