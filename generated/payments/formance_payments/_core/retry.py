"""When a call is tried again, and after how long: pure decisions."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final, Protocol

SAFE_METHODS: Final = frozenset(
    {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "QUERY"}
)
"""Methods that may be repeated (RFC 9110, section 9.2.2)."""
STATUSES: Final = frozenset({408, 425, 429, 502, 503, 504})
FIRST: Final = 0.5
"""The longest first wait, in seconds; it doubles each time."""
LONGEST: Final = 8.0
PATIENCE: Final = 60.0
"""The longest wait that a server may ask for, in seconds."""
BUDGET: Final = 500
"""What a client may spend on further attempts before calls succeed again."""
COST: Final = 10
"""What each of them costs; a call that succeeds gives it back, and 1 more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """What is allowed for one call."""

    most: int
    """How many attempts may follow the first."""
    harmless: bool
    """Whether the server may see the call twice: by method or by key."""
    replayable: bool
    """Whether the body can be sent twice."""


class Spending(Protocol):
    """A `Budget`, of whichever package."""

    def spend(self) -> bool:
        """Pay for another attempt; False: there is not enough left."""
        ...

    def refund(self, attempts: int) -> None:
        """Give back what a call cost that has succeeded after so many further attempts."""
        ...


class Budget:
    """What a client may spend on further attempts: nobody storms a server that is down.

    Threads and forked processes may use it. It has no lock, so that none can be held
    when a process forks: there are as many items as there is left to spend, and they
    come and go one by one.
    """

    def __init__(self) -> None:
        self._items = deque(range(BUDGET), maxlen=BUDGET)

    def spend(self) -> bool:
        """Pay for another attempt; False: there is not enough left."""
        for paid in range(COST):
            try:
                self._items.pop()
            except IndexError:
                self._items.extend(range(paid))
                return False
        return True

    def refund(self, attempts: int) -> None:
        """Give back what a call cost that has succeeded after so many further attempts."""
        self._items.extend(range(attempts * COST + 1))


def delay_after_fault(
    retry: Retry, *, attempt: int, unsent: bool, chance: float
) -> float | None:
    """Return the seconds to wait after no answer; None: do not try again.

    Args:
        retry: What is allowed.
        attempt: How many attempts there were.
        unsent: Whether it is certain that the server saw nothing of the last one.
        chance: A random number from 0 to 1.
    """
    if attempt > retry.most or not retry.replayable:
        return None
    if not (retry.harmless or unsent):
        return None
    return backoff(attempt, chance)


def delay_after_answer(
    retry: Retry,
    *,
    attempt: int,
    status: int,
    retry_after: str | None,
    now: float,
    chance: float,
) -> float | None:
    """Return the seconds to wait after an answer; None: it is the last word.

    Args:
        retry: What is allowed.
        attempt: How many attempts there were.
        status: The status of the answer.
        retry_after: The header of that name (RFC 9110, section 10.2.3).
        now: The time, in seconds since 1970.
        chance: A random number from 0 to 1.
    """
    if status not in STATUSES or attempt > retry.most:
        return None
    if not (retry.harmless and retry.replayable):
        return None
    asked = seconds_of(retry_after, now)
    if asked is None:
        return backoff(attempt, chance)
    return asked if asked <= PATIENCE else None


def backoff(attempt: int, chance: float) -> float:
    """Return a wait of full jitter: any time up to a limit that doubles."""
    return chance * min(LONGEST, FIRST * 2.0 ** min(attempt - 1, 16))


def seconds_of(retry_after: str | None, now: float) -> float | None:
    """Return the wait that a server asks for; None if it says nothing sensible."""
    if not retry_after:
        return None
    text = retry_after.strip()
    if text.replace(".", "", 1).isdecimal() and text.isascii():
        seconds = float(text)
        return seconds if math.isfinite(seconds) else None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, moment.timestamp() - now)
