"""A request on its way out: what goes, who sends it, and what may stop it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from typing_extensions import TypeVar

from .content import Content
from .timeout import Deadline, Limits, Timeout

S_contra = TypeVar("S_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)
P_co = TypeVar("P_co", covariant=True)

LARGEST: Final = 64 * 1024 * 1024
"""How many bytes of an answer are read where nobody says how many."""


class Progress:
    """How far a request came, as the HTTP library tells it."""

    def __init__(self) -> None:
        self._told = False
        self._begun = False

    @property
    def unsent(self) -> bool:
        """Whether it is certain that the server saw nothing it could act upon."""
        return self._told and not self._begun

    def expect(self) -> None:
        """Note that silence means that nothing was sent."""
        self._told = True

    def note(self, event: str, info: Mapping[str, object]) -> None:
        """Note an event, of the ``trace`` extension of httpcore2."""
        self._told = True
        match event.partition(".")[2]:
            case "send_request_headers.started":
                self._begun = True
            case "send_request_headers.failed":
                # Refused by the socket, or before: no server has seen a whole head.
                # Where time ran out, some of it may still be under way.
                kind = type(info.get("exception")).__name__
                self._begun = kind not in ("WriteError", "LocalProtocolError")
            case _:
                pass

    async def note_async(self, event: str, info: Mapping[str, object]) -> None:
        """Note an event, for ``async`` code."""
        self.note(event, info)


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
    deadline: Deadline = field(default_factory=Deadline)
    """When the answer must be there."""
    max_response_bytes: int | None = LARGEST
    """The most that is read of the answer, after decompression; None: no limit."""
    progress: Progress = field(default_factory=Progress)
    """Is told how far it came."""

    def __repr__(self) -> str:
        # There are credentials in it.
        return f"<Outgoing {self.method}>"


class Fault(Exception):
    """No answer, or not all of it.

    Args:
        text: What happened, without anything of the request.
        timed_out: Whether the time allowed ran out.
        unsent: Whether it is certain that the server saw nothing.
        final: Whether the same would happen again.
    """

    def __init__(
        self, text: str, *, timed_out: bool, unsent: bool, final: bool = False
    ) -> None:
        super().__init__(text)
        self.timed_out = timed_out
        self.unsent = unsent
        self.final = final


class Ending(Protocol):
    """A `Deadline`, of whichever package."""

    def left(self) -> float | None:
        """Return the seconds that are left; None: any number."""
        ...


class Trace(Protocol):
    """A `Progress`, of whichever package."""

    def expect(self) -> None:
        """Note that silence means that nothing was sent."""
        ...

    def note(self, event: str, info: Mapping[str, object]) -> None:
        """Note an event."""
        ...

    async def note_async(self, event: str, info: Mapping[str, object]) -> None:
        """Note an event, for ``async`` code."""
        ...


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

    @property
    def deadline(self) -> Ending:
        """When the answer must be there."""
        ...

    @property
    def progress(self) -> Trace:
        """Is told how far it came."""
        ...


class Sender(Protocol[S_contra, R_co, P_co]):
    """The connections of a client, maybe of another package."""

    def send(self, envelope: Envelope, source: S_contra) -> R_co:
        """Send a request with a body; its answer's own body is still to come."""
        ...

    def pause(self, seconds: float) -> P_co:
        """Wait, until that client is closed at most."""
        ...

    def record(
        self, status: int, headers: tuple[tuple[str, str], ...], content: bytes
    ) -> None:
        """Note an answer for those who capture what that client gets."""
        ...
