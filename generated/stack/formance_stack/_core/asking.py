"""One asking for a token: all that both flavours decide alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from .auth import ClientCredentials, Placement
from .effects import Effects
from .errors import AuthError
from .oauth import Need, Token, token_of, token_request
from .outgoing import Fault, Outgoing
from .response import Response
from .retry import PATIENCE, backoff, seconds_of
from .secret import forms, scrub
from .timeout import Deadline, Timeout

BUSY: Final = frozenset({502, 503, 504})
"""Statuses after which a token is asked for once more; after a refusal it is not."""
EARLY: Final = 10.0
"""The most seconds that the renewal of a token may take that is still good."""
CLOSE: Final = 0.1
"""Timers of the system may be early by less than so many seconds."""
OUT_OF_TIME: Final = "no token was issued: the time for it ran out"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSettings:
    """How tokens are asked for."""

    url: Callable[[ClientCredentials, Placement], str]
    """Where; it raises `AuthError` where nobody says."""
    scopes: tuple[str, ...]
    """What to ask for beside what an operation needs."""
    timeout: Timeout
    retries: int
    """How many attempts may follow the first: 0 or 1."""
    user_agent: str
    effects: Effects


class Asking:
    """An asking in progress. It decides; others send and wait.

    Args:
        settings: How to ask.
        need: For what.
        current: The token that is renewed while it is still good.
        deadline: When the call that needs it must be over.
    """

    def __init__(
        self,
        settings: TokenSettings,
        need: Need,
        *,
        current: Token | None,
        deadline: Deadline | None,
    ) -> None:
        now = settings.effects.monotonic()
        left = None if deadline is None else deadline.left()
        total = settings.timeout.total
        ends = [
            None if left is None else now + left,
            None if total is None else now + total,
        ]
        if current is not None:
            ends += [now + EARLY, current.ends]
        self.need = need
        self.current = current
        self._settings = settings
        self._call = deadline
        self._ends = min((each for each in ends if each is not None), default=None)
        self._left = 0 if current is not None else settings.retries
        self._asked = now

    @property
    def now(self) -> float:
        """The time, on the monotonic clock."""
        return self._settings.effects.monotonic()

    @property
    def is_late(self) -> bool:
        """Whether the call that needs the token is over: others may have more time."""
        left = None if self._call is None else self._call.left()
        return left is not None and left < CLOSE

    def outgoing(self) -> Outgoing:
        """Return the next attempt.

        Raises:
            AuthError: There is no time left.
        """
        settings = self._settings
        left = self._time_left()
        if left is not None and left <= 0:
            raise AuthError(OUT_OF_TIME)
        self._asked = self.now
        return token_request(
            self.need,
            timeout=settings.timeout.within(left),
            deadline=Deadline(left, settings.effects.monotonic),
            user_agent=settings.user_agent,
        )

    def failed(self, fault: Fault) -> float:
        """Return the seconds to wait before another attempt.

        Raises:
            AuthError: There is none.
        """
        delay = None if fault.timed_out else self._again(None)
        if delay is None:
            text = scrub(str(fault), forms([self.need.credential.client_secret]))
            # Its frames have seen the secret.
            cause = fault.with_traceback(None)
            raise AuthError(f"no token was issued: {text}") from cause
        return delay

    def answered(self, response: Response) -> float | None:
        """Return the seconds to wait before another attempt; None: this is the last."""
        if response.status not in BUSY:
            return None
        return self._again(response.headers.get("retry-after"))

    def token(self, response: Response) -> Token:
        """Return the token in the last answer.

        Raises:
            AuthError: There is none.
        """
        chance = self._settings.effects.chance()
        return token_of(response, self.need, asked=self._asked, chance=chance)

    def _again(self, retry_after: str | None) -> float | None:
        if self._left <= 0:
            return None
        self._left -= 1
        effects = self._settings.effects
        delay = seconds_of(retry_after, effects.now())
        if delay is None:
            delay = backoff(1, effects.chance())
        left = self._time_left()
        fits = delay <= PATIENCE and (left is None or delay < left)
        return delay if fits else None

    def _time_left(self) -> float | None:
        if self._ends is None:
            return None
        return self._ends - self.now
