"""The wallets of the stories: a main balance each, and holds."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from loopback import Answer
from samples import Json, Node
from stories.wire import Ask, Bare, Handle, Keys, Refused, Route, amount, data, labels, members, nothing, page, text


@dataclass(slots=True)
class Wallet:
    """A wallet."""

    described: Node
    main: Counter[str] = field(default_factory=Counter[str])

    def shown(self, *, balances: bool) -> dict[str, Json]:
        """Return the wallet as the service shows it."""
        funds: dict[str, Json] = {"balances": {"main": {"assets": {**self.main}}}} if balances else {}
        return {**self.described, **funds}

    def take(self, asset: str, size: int) -> None:
        """Take money out."""
        if self.main[asset] < size:
            raise Refused(400, "INSUFFICIENT_FUND", "insufficient fund")
        self.main[asset] -= size


@dataclass(slots=True)
class Hold:
    """Money set aside."""

    described: Node
    original: int
    remaining: int


class WalletsService:
    """The routes of wallets."""

    def __init__(self) -> None:
        self.wallets: dict[str, Wallet] = {}
        self.holds: dict[str, Hold] = {}
        self.keys = Keys()

    def routes(self) -> list[Route]:
        """Return all routes."""
        return [
            Route("GET", "/wallets", self._list),
            Route("POST", "/wallets", self._once(self._create)),
            Route("GET", "/wallets/{id}", lambda ask: data(self._wallet(ask).shown(balances=True))),
            Route("POST", "/wallets/{id}/credit", self._once(self._credit)),
            Route("POST", "/wallets/{id}/debit", self._once(self._debit)),
            Route("GET", "/holds/{id}", self._show_hold),
            Route("POST", "/holds/{id}/confirm", self._once(self._confirm)),
        ]

    def _once(self, handle: Handle) -> Handle:
        return lambda ask: self.keys.once(ask, handle)

    def _wallet(self, ask: Ask) -> Wallet:
        wallet = self.wallets.get(ask.path["id"])
        if wallet is None:
            raise Bare(404)
        return wallet

    def _list(self, ask: Ask) -> Answer:
        expand = ask.text("expand") == "balances"
        wanted = {name[len("metadata[") : -1]: ask.text(name) for name in ask.query if name.startswith("metadata[")}
        return page(ask, [*self._listed(wanted, balances=expand)])

    def _listed(self, wanted: dict[str, str | None], *, balances: bool) -> Iterator[Json]:
        for wallet in self.wallets.values():
            if wanted.items() <= labels(wallet.described["metadata"]).items():
                yield wallet.shown(balances=balances)

    def _create(self, ask: Ask) -> Answer:
        fields = ask.body("name", "metadata")
        number = str(UUID(int=len(self.wallets) + 1, version=4))
        described = {"id": number, "createdAt": "2026-03-02T09:30:00.123456Z", "ledger": "wallets-002", **fields}
        self.wallets[number] = Wallet(described)
        return data(described, status=201)

    def _credit(self, ask: Ask) -> Answer:
        fields = ask.body("amount", optional=("sources", "metadata", "reference", "balance"))
        asset, size = _money(fields)
        self._wallet(ask).main[asset] += size
        return nothing()

    def _debit(self, ask: Ask) -> Answer:
        fields = ask.body("amount", "metadata", optional=("pending", "description", "destination"))
        asset, size = _money(fields)
        self._wallet(ask).take(asset, size)
        if not fields.get("pending"):
            return nothing()
        number = str(UUID(int=100 + len(self.holds), version=4))
        described: Node = {
            "id": number,
            "walletID": ask.path["id"],
            "metadata": fields["metadata"],
            "asset": asset,
            "description": fields.get("description", ""),
            "destination": fields.get("destination", {"type": "ACCOUNT", "identifier": "world"}),
        }
        self.holds[number] = Hold(described, size, size)
        return data(described, status=201)

    def _show_hold(self, ask: Ask) -> Answer:
        hold = self.holds[ask.path["id"]]
        return data({**hold.described, "originalAmount": hold.original, "remaining": hold.remaining})

    def _confirm(self, ask: Ask) -> Answer:
        fields: Node = ask.body(optional=("amount", "final")) if ask.request.body else {}
        hold = self.holds[ask.path["id"]]
        if hold.remaining == 0:
            raise Refused(400, "HOLD_CLOSED", "hold is closed")
        size = amount(fields.get("amount", hold.remaining))
        if size > hold.remaining:
            raise Refused(400, "INSUFFICIENT_FUND", "insufficient fund")
        hold.remaining -= size
        if fields.get("final"):
            self.wallets[text(hold.described["walletID"])].main[text(hold.described["asset"])] += hold.remaining
            hold.remaining = 0
        return nothing()


def _money(fields: Node) -> tuple[str, int]:
    found = members(fields["amount"], "asset", "amount")
    return text(found["asset"]), amount(found["amount"])
