"""The payments of the stories: connectors, payments that they found, orders, pools, and tasks that take their time."""

import base64
import json
from collections.abc import Mapping
from functools import partial
from typing import Final
from uuid import UUID

from loopback import Answer
from samples import Json, Node
from stories.wire import Ask, Refused, Route, amount, data, fits, items, moment, page, text

NOW: Final = "2026-03-02T09:30:00.123456Z"
CONFIGS: Final[Node] = {
    "stripe": {
        "apiKey": {"dataType": "string", "required": True},
        "pollingPeriod": {"dataType": "duration ns", "required": False, "defaultValue": "30m"},
    },
    "lunarbank": {"phase": {"dataType": "string", "required": True}},
}
"""What providers want to know; nobody's document has heard of the last one."""
FAR_SIDE: Final[Node] = {"provider": "Lunarbank", "name": "far side", "phase": "waning"}


def opaque(value: Mapping[str, Json]) -> str:
    """Return an id as payments makes them: base64url of JSON, without padding."""
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode().rstrip("=")


class PaymentsService:
    """The routes of payments, version 3."""

    def __init__(self) -> None:
        self.connectors: dict[str, Node] = {}
        self.payments: list[Node] = []
        self.orders: dict[str, Node] = {}
        self.pools: dict[str, Node] = {}
        self.tasks: dict[str, int] = {}
        """How often each was asked after."""
        self.install("lunarbank", FAR_SIDE)

    def routes(self) -> list[Route]:
        """Return all routes."""
        return [
            Route("GET", "/v3/connectors/configs", lambda _: data(CONFIGS)),
            Route("POST", "/v3/connectors/install/{provider}", self._install),
            Route("GET", "/v3/connectors", lambda ask: page(ask, [*self.connectors.values()])),
            Route("GET", "/v3/connectors/{id}/config", lambda ask: data(self._connector(ask)["config"])),
            Route("DELETE", "/v3/connectors/{id}", self._uninstall),
            Route("GET", "/v3/payments", self._list_payments),
            Route("POST", "/v3/payment-initiations", self._initiate),
            Route("POST", "/v3/payment-initiations/{id}/approve", self._approve),
            Route("GET", "/v3/tasks/{id}", self._task),
            Route("POST", "/v3/pools", self._create_pool),
        ]

    def install(self, provider: str, config: Node) -> str:
        """Install a connector and return its id."""
        reference = str(UUID(int=len(self.connectors) + 1, version=4))
        number = opaque({"Provider": provider, "Reference": reference})
        self.connectors[number] = {
            "id": number,
            "reference": reference,
            "name": config["name"],
            "createdAt": NOW,
            "provider": provider,
            "scheduledForDeletion": False,
            "config": config,
        }
        if provider == "stripe":
            self._find_payments(number)
        return number

    def _find_payments(self, connector: str) -> None:
        for place, status in enumerate(("SUCCEEDED", "FAILED", "SUCCEEDED", "SUCCEEDED")):
            self.payments.append(
                {
                    "id": opaque({"Reference": f"ch_{place}", "Type": "PAY-IN"}),
                    "connectorID": connector,
                    "provider": "stripe",
                    "reference": f"ch_{place}",
                    "createdAt": NOW,
                    "type": "PAY-IN",
                    "initialAmount": 10**20 + place,
                    "amount": 10**20 + place,
                    "asset": "USD/2",
                    "scheme": "CARD_VISA",
                    "status": status,
                    "sourceAccountID": None,
                    "destinationAccountID": None,
                    "metadata": None,
                    "adjustments": None,
                }
            )

    def _connector(self, ask: Ask) -> Node:
        found = self.connectors.get(ask.path["id"])
        if found is None:
            raise Refused(404, "NOT_FOUND", "connector not installed")
        return found

    def _install(self, ask: Ask) -> Answer:
        config = ask.body("name", "apiKey", "provider", optional=("pollingPeriod",))
        if any(each["name"] == config["name"] for each in self.connectors.values()):
            # 400, though it is a conflict: payments has its own mind.
            raise Refused(400, "CONFLICT", f"connector {config['name']} exists")
        return data(self.install(ask.path["provider"], config), status=202)

    def _uninstall(self, ask: Ask) -> Answer:
        del self.connectors[text(self._connector(ask)["id"])]
        return data({"taskID": self._begin("uninstall")}, status=202)

    def _list_payments(self, ask: Ask) -> Answer:
        wanted = ask.filter()
        return page(ask, [each for each in self.payments if fits(wanted, partial(_payment_fits, each))])

    def _initiate(self, ask: Ask) -> Answer:
        required = ("reference", "scheduledAt", "connectorID", "description", "type", "amount", "asset")
        fields = ask.body(*required, optional=("sourceAccountID", "destinationAccountID", "metadata"))
        moment(fields["scheduledAt"])
        amount(fields["amount"])
        if fields["connectorID"] not in self.connectors:
            raise Refused(400, "VALIDATION", "connector not installed")
        number = opaque({"ConnectorID": fields["connectorID"], "Reference": fields["reference"]})
        if number in self.orders:
            raise Refused(400, "CONFLICT", "reference exists")
        self.orders[number] = fields
        return data({"paymentInitiationID": number, "taskID": ""}, status=202)

    def _approve(self, ask: Ask) -> Answer:
        if ask.path["id"] not in self.orders:
            raise Refused(404, "NOT_FOUND", "payment initiation not found")
        return data({"taskID": self._begin("payout")}, status=202)

    def _begin(self, what: str) -> str:
        number = opaque({"ObjectID": f"{what}-{len(self.tasks)}"})
        self.tasks[number] = 0
        return number

    def _task(self, ask: Ask) -> Answer:
        number = ask.path["id"]
        self.tasks[number] += 1
        done = self.tasks[number] > 2
        found: dict[str, Json] = {
            "id": number,
            "status": "SUCCEEDED" if done else "PROCESSING",
            "createdAt": NOW,
            "updatedAt": NOW,
        }
        return data({**found, "createdObjectID": "po_1"} if done else found)

    def _create_pool(self, ask: Ask) -> Answer:
        fields = ask.body("name", "accountIDs")
        number = str(UUID(int=500 + len(self.pools), version=4))
        self.pools[number] = fields
        return data(number, status=201)

    def pool_balances(self, pool: str) -> dict[str, int]:
        """Return what the accounts of a pool hold: 1000 of USD/2 each."""
        return {"USD/2": 1000 * len(items(self.pools[pool]["accountIDs"]))}


def _payment_fits(payment: Node, operator: str, name: str, wanted: Json) -> bool:
    if operator != "$match" or name not in ("status", "reference", "connector_id"):
        raise Refused(400, "VALIDATION", f"unknown key {name} when building query")
    return payment["connectorID" if name == "connector_id" else name] == wanted
