"""Events as a server sends them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic

from typing_extensions import TypeVar

T_co = TypeVar("T_co", covariant=True, default=str)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSentEvent(Generic[T_co]):
    """One event of a ``text/event-stream`` (WHATWG HTML, section 9.2).

    ``T_co`` is what its data holds: text where the document says no more.
    """

    data: T_co
    """What it says."""
    event: str = "message"
    """What kind of event it is."""
    id: str = ""
    """The last id that the stream gave, with this event or before."""
    retry: int | None = None
    """The milliseconds to wait before connecting anew, where the event says so."""
