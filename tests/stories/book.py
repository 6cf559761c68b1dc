"""The books of the stories: transactions are kept, and everything else is computed from them."""

import copy
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from samples import Json, Node, is_node
from stories.wire import Keys, Refused, Unexpected, address_fits, amount, fits, items, labels, members, moment, text

START: Final = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
"""When the first transaction takes place; each one after it follows a minute later."""
SEND: Final = re.compile(r"send \[(\S+) (\d+)\] \(\s*source = (\S+)\s+destination = (\S+)\s*\)")
"""The Numscript that is understood."""


@dataclass(slots=True)
class Book:
    """One ledger."""

    name: str
    number: int
    settings: Node
    transactions: list[dict[str, Json]] = field(default_factory=list[dict[str, Json]])
    metadata: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    logs: list[Json] = field(default_factory=list[Json])
    keys: Keys = field(default_factory=Keys)

    def described(self) -> Json:
        """Return the ledger as the service shows it."""
        added = stamp(START)
        return {"id": self.number, "name": self.name, "addedAt": added, "bucket": "_default", **self.settings}

    def record(self, fields: Node) -> dict[str, Json]:
        """Record a transaction."""
        postings = [*self._postings(fields)]
        if not postings:
            raise Refused(400, "NO_POSTINGS", "transaction has no postings")
        reference = fields.get("reference")
        if reference is not None and any(reference == each.get("reference") for each in self.transactions):
            raise Refused(409, "CONFLICT", f"reference {reference} is taken")
        self._check_funds(postings)
        at = fields.get("timestamp") or stamp(START + timedelta(minutes=len(self.transactions)))
        done: dict[str, Json] = {
            "id": len(self.transactions) + 1,
            "postings": postings,
            "metadata": labels(fields["metadata"]),
            "timestamp": stamp(moment(at)),
            "reverted": False,
        }
        if reference is not None:
            done["reference"] = reference
        self.transactions.append(done)
        self.log("NEW_TRANSACTION", {"transaction": copy.deepcopy(done), "accountMetadata": {}})
        return done

    def revert(self, number: int, *, at_effective_date: bool, metadata: dict[str, str]) -> dict[str, Json]:
        """Record the opposite of a transaction."""
        found = next((each for each in self.transactions if each["id"] == number), None)
        if found is None:
            raise Refused(404, "NOT_FOUND", f"transaction {number} does not exist")
        if found["reverted"]:
            raise Refused(400, "ALREADY_REVERT", f"transaction {number} is reverted already")
        turned = [
            {**posting, "source": posting["destination"], "destination": posting["source"]}
            for posting in reversed(items(found["postings"]))
            if is_node(posting)
        ]
        when: dict[str, Json] = {"timestamp": found["timestamp"]} if at_effective_date else {}
        done = self.record({"postings": turned, "metadata": metadata, **when})
        found["reverted"] = True
        return done

    def label(self, account: str, metadata: dict[str, str]) -> None:
        """Set metadata of an account."""
        self.metadata.setdefault(account, {}).update(metadata)
        self.log("SET_METADATA", {"targetType": "ACCOUNT", "targetId": account, "metadata": {**metadata}})

    def log(self, kind: str, value: Json) -> None:
        """Add to the log."""
        self.logs.append({"id": len(self.logs) + 1, "type": kind, "data": value, "date": stamp(START), "hash": ""})

    def volumes(self, *, since: datetime | None = None, until: datetime | None = None) -> dict[str, "Volumes"]:
        """Return what came into and went out of each account, in a time."""
        found: defaultdict[str, Volumes] = defaultdict(Volumes)
        for each in self.transactions:
            at = moment(each["timestamp"])
            if (since is None or at >= since) and (until is None or at <= until):
                for posting in items(each["postings"]):
                    source, destination, asset, size = _parts(posting)
                    found[source].outputs[asset] += size
                    found[destination].inputs[asset] += size
        return found

    def accounts(self, filter_: Node, *, pit: datetime | None = None) -> Iterator[str]:
        """Yield the addresses that fit a filter."""
        for address in sorted({*self.volumes(until=pit), *self.metadata}):
            if fits(filter_, partial(self._account_fits, address)):
                yield address

    def _account_fits(self, address: str, operator: str, name: str, wanted: Json) -> bool:
        if operator != "$match":
            raise Refused(400, "VALIDATION", f"{operator} is not for {name}")
        if name == "address":
            return address_fits(address, text(wanted))
        if key := re.fullmatch(r"metadata\[(.+)\]", name):
            return self.metadata.get(address, {}).get(key[1]) == wanted
        raise Refused(400, "VALIDATION", f"unknown field {name}")

    def _postings(self, fields: Node) -> Iterator[Json]:
        if ("postings" in fields) is ("script" in fields):
            raise Unexpected(f"either postings or a script: {fields}")
        if "postings" in fields:
            for posting in items(fields["postings"]):
                _parts(posting)
                yield posting
            return
        script = members(fields["script"], "plain", optional=("vars",))
        given = labels(script.get("vars", {}))
        send = SEND.search(text(script["plain"]))
        if send is None:
            raise Refused(400, "COMPILATION_FAILED", "this script is not understood")
        asset, size, source, destination = send.groups()
        ends = [given[end[1:]] if end.startswith("$") else end.removeprefix("@") for end in (source, destination)]
        yield {"source": ends[0], "destination": ends[1], "asset": asset, "amount": int(size)}

    def _check_funds(self, postings: Iterable[Json]) -> None:
        volumes = self.volumes()
        for posting in postings:
            source, destination, asset, size = _parts(posting)
            have = volumes[source]
            if source != "world" and have.balance(asset) < size:
                raise Refused(400, "INSUFFICIENT_FUND", f"account {source} had insufficient funds")
            have.outputs[asset] += size
            volumes[destination].inputs[asset] += size


@dataclass(slots=True)
class Volumes:
    """What came into and went out of an account, by asset."""

    inputs: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    outputs: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def assets(self) -> list[str]:
        """Return the assets."""
        return sorted({*self.inputs, *self.outputs})

    def balance(self, asset: str) -> int:
        """Return input minus output."""
        return self.inputs[asset] - self.outputs[asset]

    def add(self, other: "Volumes") -> None:
        """Add the volumes of another account."""
        for asset in other.assets():
            self.inputs[asset] += other.inputs[asset]
            self.outputs[asset] += other.outputs[asset]

    def row(self, asset: str) -> dict[str, Json]:
        """Return the volumes in one asset."""
        return {"input": self.inputs[asset], "output": self.outputs[asset], "balance": self.balance(asset)}


def stamp(at: datetime) -> str:
    """Return a time as the platform writes it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _parts(posting: Json) -> tuple[str, str, str, int]:
    found = members(posting, "source", "destination", "asset", "amount")
    return text(found["source"]), text(found["destination"]), text(found["asset"]), amount(found["amount"])
