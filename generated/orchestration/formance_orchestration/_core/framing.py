"""Where one item of a stream ends and the next begins, however the network cuts it."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .reading import BOM, parse_json

_LINE_ENDS: Final = re.compile(rb"\r\n|\r|\n")
_LINE_FEED: Final = re.compile(rb"\n")
_RECORD: Final = b"\x1e"
_SCALAR: Final = re.compile(rb"[-0-9tfn]")
"""How texts begin of which one cannot see that they were cut."""


class TooLarge(Exception):
    """An item is larger than it may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The bytes of an item, and what goes along with those of an event."""

    data: bytes
    event: str = ""
    id: str = ""
    retry: int | None = None


class Frames(ABC):
    """Cuts bytes into items.

    Args:
        most: The most bytes that one item may have; None: any number.
    """

    last_id: str = ""
    """The last id that was seen."""
    retry: int | None = None
    """The last time to wait before connecting anew that was seen, in milliseconds."""

    def __init__(self, most: int | None = None) -> None:
        self._most = most

    @abstractmethod
    def feed(self, data: bytes) -> Iterator[Frame]:
        """Yield the items that are whole with these bytes.

        Raises:
            TooLarge: One of them is too large.
        """

    @abstractmethod
    def finish(self) -> Iterator[Frame]:
        """Yield what the end of all bytes makes whole."""

    def _check(self, size: int) -> None:
        if self._most is not None and size > self._most:
            raise TooLarge


class LineFrames(Frames):
    """JSON Lines: an item a line; empty lines are none."""

    def __init__(self, most: int | None = None) -> None:
        super().__init__(most)
        self._lines = _Lines(_LINE_FEED)

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Yield the lines that end in these bytes."""
        for line in self._lines.feed(data):
            yield from self._line(line)
        self._check(self._lines.size)

    def finish(self) -> Iterator[Frame]:
        """Yield the last line, which needs no end."""
        yield from self._line(self._lines.rest())

    def _line(self, line: bytes) -> Iterator[Frame]:
        self._check(len(line))
        if text := line.strip():
            yield Frame(data=text)


class RecordFrames(Frames):
    """JSON texts with a record separator before and a line feed behind (RFC 7464)."""

    def __init__(self, most: int | None = None) -> None:
        super().__init__(most)
        self._held: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Yield the texts that are whole with these bytes."""
        first, *others = data.split(_RECORD)
        self._hold(first)
        for part in others:
            yield from self._text()
            self._hold(part)
        if self._held and self._held[-1].endswith(b"\n"):
            # What is whole need not wait for the separator of the next.
            text = b"".join(self._held)
            try:
                parse_json(text)
            except ValueError:
                self._held = [text]
            else:
                yield from self._text()
        self._check(self._size)

    def finish(self) -> Iterator[Frame]:
        """Yield the last text."""
        yield from self._text()

    def _hold(self, part: bytes) -> None:
        if part:
            self._held.append(part)
            self._size += len(part)

    def _text(self) -> Iterator[Frame]:
        text = b"".join(self._held)
        self._held, self._size = [], 0
        self._check(len(text))
        stripped = text.strip()
        if stripped:
            # A number without its end may be the beginning of a larger one (section 2.4).
            cut = _SCALAR.match(stripped) and not text[-1:].isspace()
            yield Frame(data=stripped + b"\x1e" if cut else stripped)


class EventFrames(Frames):
    """Events of a ``text/event-stream`` (WHATWG HTML, section 9.2.6)."""

    def __init__(self, most: int | None = None) -> None:
        super().__init__(most)
        self._lines = _Lines(_LINE_ENDS)
        self._is_first = True
        self._id = ""
        self._own_retry: int | None = None
        self._begin()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Yield the events whose empty line is in these bytes."""
        for line in self._lines.feed(data):
            yield from self._line(line)
        self._check(self._size + self._lines.size)

    def finish(self) -> Iterator[Frame]:
        """Yield nothing: an event without its empty line is not whole."""
        yield from ()

    def _begin(self) -> None:
        self._data: list[bytes] = []
        self._size = 0
        self._event = ""
        self._own_retry = None

    def _line(self, line: bytes) -> Iterator[Frame]:
        if self._is_first:
            self._is_first = False
            line = line.removeprefix(BOM)
        if line:
            name, _, value = line.partition(b":")
            self._field(name, value.removeprefix(b" "))
            return
        self.last_id = self._id
        frame = Frame(
            data=b"\n".join(self._data),
            event=self._event,
            id=self._id,
            retry=self._own_retry,
        )
        has_data = bool(self._data)
        self._begin()
        if has_data:
            yield frame

    def _field(self, name: bytes, value: bytes) -> None:
        match name:
            case b"data":
                self._size += len(value) + 1
                self._check(self._size)
                self._data.append(value)
            case b"event":
                self._event = _text(value)
            case b"id" if b"\0" not in value:
                self._id = _text(value)
            case b"retry" if value.isdigit():
                self.retry = self._own_retry = int(value[:18])
            case _:
                # A comment, which begins with the colon, or a field of later times.
                pass


class _Lines:
    """Cuts bytes into lines."""

    def __init__(self, ends: re.Pattern[bytes]) -> None:
        self._ends = ends
        self._held: list[bytes] = []
        self._after_return = False
        self.size = 0
        """The bytes of the line that has not ended."""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the lines that end in these bytes."""
        if self._after_return and data:
            # The other half of a line's end that was cut in two.
            data = data.removeprefix(b"\n")
            self._after_return = False
        if not data:
            return []
        self._after_return = self._ends is _LINE_ENDS and data.endswith(b"\r")
        first, *others = self._ends.split(data)
        self._held.append(first)
        self.size += len(first)
        if not others:
            return []
        lines = [b"".join(self._held), *others[:-1]]
        self._held, self.size = [others[-1]], len(others[-1])
        return lines

    def rest(self) -> bytes:
        """Return the line that has not ended."""
        return b"".join(self._held)


def _text(value: bytes) -> str:
    return value.decode("utf-8", errors="replace")
