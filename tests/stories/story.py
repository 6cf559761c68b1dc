"""What a story is told with: a client of a stack, and what it has sent there."""

import re
from collections.abc import AsyncIterable, Awaitable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol, TypeVar

from formance_stack import AsyncFormance, Auth, Formance
from formance_stack._core.drift import Drift
from loopback import Loopback, Recorded
from stack.conftest import Doors
from stories.gateway import TOKEN_PATH, Platform, Proxy

T = TypeVar("T")
Item = TypeVar("Item", covariant=True)

ANY: Final = "any"
"""Stands for a key that the client made up."""
BYTES: Final = "application/octet-stream"
TRANSPORT: Final = ("host", "user-agent", "accept-encoding", "connection", "content-length", "transfer-encoding")


@dataclass(frozen=True, slots=True)
class Sent:
    """A request, to the byte; what every request has in common is checked when it is noted."""

    line: str
    """Method and raw target."""
    body: str = ""
    key: str | None = None
    """The header Idempotency-Key."""
    accept: str = "application/json"
    content: str = "application/json"
    """The header Content-Type, where there is a body."""
    others: tuple[str, ...] = ()
    """The names of all other headers."""


class Listing(Protocol[Item]):
    """What the pages of all packages have, in both flavours."""

    @property
    def data(self) -> Sequence[Item]:
        """The items of this page."""
        ...

    @property
    def has_more(self) -> bool:
        """Whether another page follows."""
        ...

    @property
    def next(self) -> str | None:
        """The cursor of the page that follows."""
        ...

    @property
    def previous(self) -> str | None:
        """The cursor of the page before."""
        ...


@dataclass(slots=True)
class Story:
    """A client of a stack, and what it sends there."""

    formance: Formance | AsyncFormance
    doors: Doors
    server: Loopback
    platform: Platform
    proxy: Proxy | None
    """Where it is the proxy that is called."""
    drifts: list[Drift] = field(default_factory=list[Drift])
    """What answers held that the client did not know."""
    seen: int = 0

    @property
    def url(self) -> str:
        """Where the stack is."""
        return self.server.url

    def do(self, value: T | Awaitable[T]) -> T:
        """Return what a call gives, awaited if need be."""
        return self.doors.wait(value)

    def first(self, listing: Listing[T] | Awaitable[Listing[T]]) -> Listing[T]:
        """Return the first page of a list, fetched."""
        return self.doors.wait(listing)

    def all(self, values: Iterable[T] | AsyncIterable[T]) -> list[T]:
        """Return all that a loop gives, be it ``for`` or ``async for``."""
        return self.doors.items(values)

    def open(self, *, auth: Auth | None = None) -> Formance | AsyncFormance:
        """Return another client of the same stack, which does not try again."""
        return self.doors(auth=auth, max_retries=0)

    def saw(self, *expected: Sent) -> None:
        """Check all that was sent since the last time, requests for tokens apart."""
        sent = [_noted(request) for request in self.server.requests[self.seen :] if request.target != TOKEN_PATH]
        self.seen = len(self.server.requests)
        made_up = [each.key is not None and mine.key == ANY for each, mine in zip(sent, expected, strict=False)]
        keyless = [replace(each, key=ANY) if any_ else each for each, any_ in zip(sent, made_up, strict=False)]
        assert [*keyless, *sent[len(expected) :]] == [*expected]

    def forget(self) -> None:
        """Leave unchecked what was sent so far: another step of the story has shown it."""
        self.seen = len(self.server.requests)


def _noted(request: Recorded) -> Sent:
    headers = {name.lower(): value for name, value in request.headers}
    assert len(headers) == len(request.headers)
    assert re.fullmatch(r"formance_[a-z]+/\S+", headers["user-agent"])
    known = ("accept", "authorization", "content-type", "idempotency-key", *TRANSPORT)
    return Sent(
        f"{request.method} {request.target}",
        request.body.decode(),
        headers.get("idempotency-key"),
        headers["accept"],
        headers.get("content-type", "application/json"),
        tuple(sorted(headers.keys() - {*known})),
    )
