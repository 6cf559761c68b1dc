"""A request on its way out: what goes, who sends it, and what may stop it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from typing_extensions import TypeVar

from .content import Content
from .timeout import Limits, Timeout

S_contra = TypeVar("S_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Outgoing:
    """A request, complete with credentials."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    content: Content | None
    timeout: Timeout
    secret_parameters: tuple[str, ...] = ()
    """The names of query parameters that hold credentials."""
    deadline: float | None = None
    """When the answer must be there, on the monotonic clock."""

    def __repr__(self) -> str:
        # There are credentials in it.
        return f"<Outgoing {self.method}>"


class Fault(Exception):
    """No answer, or not all of it.

    Args:
        text: What happened, without anything of the request.
        timed_out: Whether the time allowed ran out.
        unsent: Whether it is certain that the server saw nothing.
    """

    def __init__(self, text: str, *, timed_out: bool, unsent: bool) -> None:
        super().__init__(text)
        self.timed_out = timed_out
        self.unsent = unsent


class Envelope(Protocol):
    """A request without its body: an `Outgoing`, of whichever package."""

    @property
    def method(self) -> str:
        """The HTTP method."""
        ...

    @property
    def url(self) -> str:
        """The whole URL."""
        ...

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The headers, credentials among them."""
        ...

    @property
    def timeout(self) -> Limits:
        """The limits of the waits on the network."""
        ...

    @property
    def secret_parameters(self) -> tuple[str, ...]:
        """The names of query parameters that hold credentials."""
        ...


class Sender(Protocol[S_contra, R_co]):
    """The connections of a client, maybe of another package."""

    def send(self, envelope: Envelope, source: S_contra) -> R_co:
        """Send a request with a body; its answer's own body is still to come."""
        ...

    def record(
        self, status: int, headers: tuple[tuple[str, str], ...], content: bytes
    ) -> None:
        """Note an answer for those who capture what that client gets."""
        ...
