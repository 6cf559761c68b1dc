"""What a caller's own functions are told about each attempt of a call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEvent:
    """An attempt that is about to be sent. It holds no secret."""

    operation: str
    """The attribute path of the method: ``v2.create_transaction``."""
    method: str
    """The HTTP method."""
    path: str
    """The path template, without values."""
    url: str
    """The whole URL; secrets in its query are ``***``."""
    attempt: int
    """1 for the first, 2 for the first repetition, and so on."""
    headers: Mapping[str, str]
    """What goes along, by name in lower case; a value that may be secret is ``***``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseEvent:
    """An attempt that has ended. It holds no secret."""

    operation: str
    """The attribute path of the method: ``v2.create_transaction``."""
    method: str
    """The HTTP method."""
    path: str
    """The path template, without values."""
    url: str
    """The whole URL; secrets in its query are ``***``."""
    attempt: int
    """1 for the first, 2 for the first repetition, and so on."""
    headers: Mapping[str, str]
    """Those of the answer, by name in lower case; a value that may be secret is
    ``***``. Empty where no answer came."""
    duration: float
    """How long it took, in seconds: to the end of the answer, of a stream to the end
    of its head."""
    status: int | None
    """The HTTP status; None where no answer came."""
    fault: str | None
    """What happened where no answer came."""
    request_id: str | None
    """What the server calls the attempt, where it says."""
    delay: float | None
    """Seconds until the next attempt; None: it was the last."""

    @property
    def will_retry(self) -> bool:
        """Whether another attempt follows."""
        return self.delay is not None


OnRequest: TypeAlias = Callable[[RequestEvent], Mapping[str, str] | None]
"""Is called before each attempt; it may return headers to add.

What it raises comes through to the caller, and the attempt is not sent.
"""
OnResponse: TypeAlias = Callable[[ResponseEvent], None]
"""Is called after each attempt.

What it raises is logged, and changes nothing: the call may have moved money.
"""
AsyncOnRequest: TypeAlias = Callable[
    [RequestEvent], Mapping[str, str] | Awaitable[Mapping[str, str] | None] | None
]
"""The same for the async client, which awaits it if need be."""
AsyncOnResponse: TypeAlias = Callable[[ResponseEvent], Awaitable[None] | None]
"""The same for the async client, which awaits it if need be."""
