"""Faults that are known, and whose they are: known.toml."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from conversation.judging import Exchange, Outcome, Party

_KNOWN: Final = Path(__file__).with_name("known.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault, and how it shows."""

    document: str
    """The end of the path of the document; empty for all."""
    says: re.Pattern[str]
    party: Party
    why: str


def explained(exchange: Exchange, document: str) -> Exchange:
    """Return an exchange with the party at fault and the reason, where they are known."""
    if exchange.outcome is Outcome.FINE:
        return exchange
    for fault in known():
        if document.endswith(fault.document) and fault.says.search(exchange.words):
            return replace(exchange, party=fault.party, why=fault.why)
    return exchange


@cache
def known() -> Sequence[Fault]:
    """Return the faults of the list."""
    listed = tomllib.loads(_KNOWN.read_text(encoding="utf-8"))["fault"]
    return tuple(
        Fault(
            document=each.get("document", ""),
            says=re.compile(each["says"]),
            party=Party(each["party"]),
            why=each["why"],
        )
        for each in listed
    )
