"""The reading of a stream of items: all that both flavours decide alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Final, Generic

from typing_extensions import TypeVar

from .call import Call
from .decoding import decode_part, result_for
from .framing import Frame, Frames, TooLarge
from .operation import Operation
from .outgoing import Fault
from .reading import Drifts, Unreadable
from .response import Headers, Response
from .sequences import Sequenced, StreamedItems, is_sequenced
from .settings import Settings

T = TypeVar("T")
R = TypeVar("R")

_EMPTY: Final = (204, 205, 304)
"""Statuses of answers without content (RFC 9110, section 15)."""


class Feed(Generic[T]):
    """Takes the pieces of a body and gives the items in them.

    Args:
        settings: How the client is set up.
        call: The call that is answered.
        operation: What was asked.
        status: The status of the answer.
        headers: Its headers.
    """

    def __init__(
        self,
        settings: Settings,
        call: Call,
        operation: Operation[StreamedItems[T] | None],
        status: int,
        headers: Headers,
    ) -> None:
        self.status = status
        self.headers = headers
        self._settings = settings
        self._call = call
        self._operation = operation
        # What there is of content is not known yet.
        self._head = Response(status, headers, b"" if status in _EMPTY else b"?")
        found = result_for(operation, self._head)
        self._result = found if is_sequenced(found) else None
        self._frames: Frames | None = None
        self._waiting: Iterator[Frame] = iter(())
        self.is_over = self._result is None
        """Whether nothing more is to be read."""

    @property
    def last_event_id(self) -> str:
        """The last id that the stream gave."""
        return "" if self._frames is None else self._frames.last_id

    @property
    def retry(self) -> int | None:
        """The milliseconds that the stream said to wait before connecting anew."""
        return None if self._frames is None else self._frames.retry

    def take(self, data: bytes | None) -> None:
        """Take a piece of the body; None is its end.

        Raises:
            DecodeError: It is of a kind in which there are no items.
        """
        result = self._result
        if result is None:
            return
        if self._frames is None:
            self._frames = result.frames(self._settings.max_response_bytes)
            self._decoded(data or b"", partial(_refuse, result, self._head.headers))
        frames = self._frames
        self._waiting = frames.finish() if data is None else frames.feed(data)
        self.is_over = data is None

    def items(self) -> Iterator[T]:
        """Yield the items of the piece that was taken last.

        Raises:
            DecodeError: One of them is not what it should be.
            Fault: One of them is too large.
        """
        result = self._result
        if result is None:
            return
        try:
            for frame in self._waiting:
                if result.is_last(frame):
                    self.is_over = True
                    return
                yield from self._decoded(frame.data, partial(_items, result, frame))
        except TooLarge:
            most = self._settings.max_response_bytes
            text = f"an item of the stream is larger than max_response_bytes, {most}"
            fault = Fault(text, timed_out=False, unsent=False, final=True)
        else:
            return
        raise fault

    def _decoded(self, data: bytes, read: Callable[[Drifts], R]) -> R:
        return decode_part(
            self._operation,
            replace(self._head, content=data),
            read,
            on_drift=self._settings.on_drift,
            strict=self._settings.strict,
            secrets=self._call.secrets,
            describe=self._call.describe,
        )


def _items(result: Sequenced[T], frame: Frame, drifts: Drifts) -> tuple[T, ...]:
    return tuple(result.items(frame, drifts))


def _refuse(result: Sequenced[object], headers: Headers, drifts: Drifts) -> None:
    if reason := result.refuses(headers.get("content-type", "")):
        raise Unreadable("", reason, foreign=True)
