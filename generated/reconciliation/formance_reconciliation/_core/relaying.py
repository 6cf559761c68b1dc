"""The hooks of a host, called for the attempts of its guests.

A guest may be of another package, whose events are other classes: the host makes its
own of them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol, TypeAlias

from .hooks import AsyncOnRequest, AsyncOnResponse, RequestEvent, ResponseEvent


class RequestFacts(Protocol):
    """A `RequestEvent`, of whichever package."""

    @property
    def operation(self) -> str:
        """The attribute path of the method."""
        ...

    @property
    def method(self) -> str:
        """The HTTP method."""
        ...

    @property
    def path(self) -> str:
        """The path template."""
        ...

    @property
    def url(self) -> str:
        """The URL, without secrets."""
        ...

    @property
    def attempt(self) -> int:
        """The number of the attempt."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, without secrets."""
        ...


class ResponseFacts(RequestFacts, Protocol):
    """A `ResponseEvent`, of whichever package."""

    @property
    def duration(self) -> float:
        """Seconds."""
        ...

    @property
    def status(self) -> int | None:
        """The HTTP status."""
        ...

    @property
    def fault(self) -> str | None:
        """What happened where no answer came."""
        ...

    @property
    def request_id(self) -> str | None:
        """What the server calls the attempt."""
        ...

    @property
    def delay(self) -> float | None:
        """Seconds until the next attempt."""
        ...


Ask: TypeAlias = Callable[
    [RequestFacts], Mapping[str, str] | Awaitable[Mapping[str, str] | None] | None
]
"""Is asked before each attempt of a guest for headers to add."""
Note: TypeAlias = Callable[[ResponseFacts], Awaitable[None] | None]
"""Is told of each attempt of a guest."""


def relayed_request(name: str, hook: AsyncOnRequest | None) -> Ask | None:
    """Return what asks a host's hook for a guest.

    Args:
        name: The attribute of the host that leads to the guest.
        hook: The hook.
    """
    if hook is None:
        return None

    def ask(
        facts: RequestFacts,
    ) -> Mapping[str, str] | Awaitable[Mapping[str, str] | None] | None:
        event = RequestEvent(
            operation=f"{name}.{facts.operation}",
            method=facts.method,
            path=facts.path,
            url=facts.url,
            attempt=facts.attempt,
            headers=facts.headers,
        )
        return hook(event)

    return ask


def relayed_response(name: str, hook: AsyncOnResponse | None) -> Note | None:
    """Return what tells a host's hook of a guest.

    Args:
        name: The attribute of the host that leads to the guest.
        hook: The hook.
    """
    if hook is None:
        return None

    def note(facts: ResponseFacts) -> Awaitable[None] | None:
        event = ResponseEvent(
            operation=f"{name}.{facts.operation}",
            method=facts.method,
            path=facts.path,
            url=facts.url,
            attempt=facts.attempt,
            headers=facts.headers,
            duration=facts.duration,
            status=facts.status,
            fault=facts.fault,
            request_id=facts.request_id,
            delay=facts.delay,
        )
        return hook(event)

    return note
