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
    attempt: int
    """1 for the first, 2 for the first repetition, and so on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseEvent:
    """An attempt that has ended. It holds no secret."""

    operation: str
    """The attribute path of the method: ``v2.create_transaction``."""
    method: str
    """The HTTP method."""
    path: str
    """The path template, without values."""
    attempt: int
    """1 for the first, 2 for the first repetition, and so on."""
    duration: float
    """How long it took, in seconds."""
    status: int | None
    """The HTTP status; None where no answer came."""
    fault: str | None
    """What happened where no answer came."""
    delay: float | None
    """Seconds until the next attempt; None: it was the last."""


OnRequest: TypeAlias = Callable[[RequestEvent], Mapping[str, str] | None]
"""Is called before each attempt; it may return headers to add."""
OnResponse: TypeAlias = Callable[[ResponseEvent], None]
"""Is called after each attempt."""
AsyncOnRequest: TypeAlias = (
    OnRequest | Callable[[RequestEvent], Awaitable[Mapping[str, str] | None]]
)
"""The same for the async client, which awaits it if need be."""
AsyncOnResponse: TypeAlias = OnResponse | Callable[[ResponseEvent], Awaitable[None]]
"""The same for the async client, which awaits it if need be."""
