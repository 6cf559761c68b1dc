"""The tokens that there are, and when the next is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .oauth import Need, Token

LATER: Final = 30.0
"""Seconds after which a renewal that failed is tried again, while the token is good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A token that can be used."""

    need: Need
    """What it was asked for: this, or more."""
    token: Token
    is_due: bool
    """Whether somebody should renew it."""


class Shelf:
    """The tokens that there are. Threads may share it: each step is one of a dict."""

    def __init__(self) -> None:
        self._tokens: dict[Need, Token] = {}
        self._put_off: dict[Need, float] = {}

    def find(self, need: Need, now: float) -> Found | None:
        """Return a token of the same credential that allows this, and perhaps more."""
        for kept, token in list(self._tokens.items()):
            if (
                kept.credential is need.credential
                and kept.url == need.url
                and token.scopes >= need.scopes
                and token.ends > now
            ):
                due = max(token.due, self._put_off.get(kept, token.due))
                return Found(need=kept, token=token, is_due=now >= due)
        return None

    def put(self, need: Need, token: Token) -> None:
        """Keep a token."""
        self._tokens[need] = token
        self._put_off.pop(need, None)

    def put_off(self, need: Need, now: float) -> None:
        """Note that a token could not be renewed."""
        self._put_off[need] = now + LATER

    def drop(self, rejected: str | None) -> None:
        """Forget a token that the service does not accept.

        It is told by being the same object: a server may give the same text again, and
        then who comes late would throw away what was just renewed.
        """
        for need, token in list(self._tokens.items()):
            if token.value is rejected and self._tokens.get(need) is token:
                del self._tokens[need]
