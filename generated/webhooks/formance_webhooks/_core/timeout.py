"""How long a call may take."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class Limits(Protocol):
    """Limits in seconds; None: no limit. A `Timeout` has them, of whichever package."""

    @property
    def connect(self) -> float | None:
        """For a connection, with TLS."""
        ...

    @property
    def read(self) -> float | None:
        """For each wait for bytes to come."""
        ...

    @property
    def write(self) -> float | None:
        """For each wait for bytes to go."""
        ...

    @property
    def pool(self) -> float | None:
        """For a free connection."""
        ...

    @property
    def total(self) -> float | None:
        """For the whole call."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeout:
    """Limits in seconds; None: no limit."""

    connect: float | None = 30.0
    """For a connection, with TLS."""
    read: float | None = 30.0
    """For each wait for bytes to come."""
    write: float | None = 30.0
    """For each wait for bytes to go."""
    pool: float | None = 30.0
    """For a free connection."""
    total: float | None = 300.0
    """For the whole call with all its attempts; for a stream, until it begins."""

    @classmethod
    def of(cls, timeout: float | Timeout | None) -> Timeout:
        """Return limits: a number is for each wait, and ten times that for the whole.

        Raises:
            ValueError: The number is not positive.
        """
        if isinstance(timeout, Timeout):
            return timeout
        if timeout is None:
            return cls(connect=None, read=None, write=None, pool=None, total=None)
        if not timeout > 0:
            raise ValueError("timeout: the number of seconds must be positive")
        return cls(
            connect=timeout,
            read=timeout,
            write=timeout,
            pool=timeout,
            total=10 * timeout,
        )

    @classmethod
    def like(cls, limits: Limits) -> Timeout:
        """Return the same limits."""
        return cls(
            connect=limits.connect,
            read=limits.read,
            write=limits.write,
            pool=limits.pool,
            total=limits.total,
        )

    def within(self, left: float | None) -> Timeout:
        """Return limits of which none is longer than what is left of the whole."""
        if left is None:
            return self

        def shorter(limit: float | None) -> float:
            return left if limit is None else min(limit, left)

        return Timeout(
            connect=shorter(self.connect),
            read=shorter(self.read),
            write=shorter(self.write),
            pool=shorter(self.pool),
            total=self.total,
        )


class Deadline:
    """The end of the time for a whole call.

    Args:
        seconds: How long it may take from now on; None: any time.
        monotonic: The clock.
    """

    def __init__(
        self,
        seconds: float | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._monotonic = monotonic
        self._at = None if seconds is None else monotonic() + seconds

    def left(self) -> float | None:
        """Return the seconds that are left; None: any number."""
        return None if self._at is None else self._at - self._monotonic()

    def lift(self) -> None:
        """Let the rest take its time: a stream has begun."""
        self._at = None
