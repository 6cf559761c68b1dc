"""Answers that are items one after the other, and how each is read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Final, Generic, TypeGuard

from typing_extensions import TypeVar

from .adapter import Reader
from .events import ServerSentEvent
from .framing import EventFrames, Frame, Frames, LineFrames, RecordFrames
from .reading import Drifts, Unreadable, read_json, read_text
from .response import Response
from .results import Result

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

DONE: Final = b"[DONE]"
"""What some services send as the data of an event to say that it was the last."""


@dataclass(frozen=True, slots=True)
class StreamedItems(Generic[T_co]):
    """The items of a stream, where somebody reads it whole."""

    items: tuple[T_co, ...]


class Sequenced(Result[StreamedItems[T_co]]):
    """The items of a body, read one by one as they come."""

    kind: str

    @property
    def media_type(self) -> str | None:
        """The media type that the document declares."""
        return self.kind

    @property
    def adapters(self) -> tuple[object, ...]:
        """What reads items; each is made, if it was not yet."""
        return ()

    @abstractmethod
    def frames(self, most: int | None = None) -> Frames:
        """Return what cuts a body into items.

        Args:
            most: The most bytes that one item may have.
        """

    @abstractmethod
    def items(self, frame: Frame, drifts: Drifts) -> Iterator[T_co]:
        """Yield the item of a frame, or nothing where it holds none.

        Raises:
            Unreadable: It does not hold what it should.
        """

    def is_last(self, frame: Frame) -> bool:
        """Tell whether a frame only says that there are no more."""
        return False

    def refuses(self, content_type: str) -> str:
        """Return why a body that is said to be of a type cannot be read; ``""``: it can."""
        came = content_type.lower()
        return "" if "html" not in came else f"a page of HTML came, not {self.kind}"

    def read(self, response: Response, drifts: Drifts) -> StreamedItems[T_co]:
        """Return all items.

        Raises:
            Unreadable: One of them is not what it should be.
        """
        if reason := self.refuses(response.headers.get("content-type", "")):
            raise Unreadable("", reason, foreign=True)
        frames = self.frames()
        found: list[T_co] = []
        for part in (frames.feed(response.content), frames.finish()):
            for frame in part:
                if self.is_last(frame):
                    return StreamedItems(tuple(found))
                found += self.items(frame, drifts)
        return StreamedItems(tuple(found))


def is_sequenced(
    result: Result[StreamedItems[T] | None],
) -> TypeGuard[Sequenced[T]]:
    """Tell whether an answer is items."""
    return isinstance(result, Sequenced)


@dataclass(frozen=True, eq=False)
class JsonLines(Sequenced[T_co]):
    """JSON texts, one a line."""

    kind: str
    make: Callable[[], Reader[T_co]]

    @cached_property
    def adapter(self) -> Reader[T_co]:
        """What reads an item; made when it is first used."""
        return self.make()

    @property
    def adapters(self) -> tuple[object, ...]:
        """What reads an item."""
        return (self.adapter,)

    def frames(self, most: int | None = None) -> Frames:
        """Return what cuts a body into lines."""
        return LineFrames(most)

    def items(self, frame: Frame, drifts: Drifts) -> Iterator[T_co]:
        """Yield what the line holds."""
        yield read_json(self.adapter, frame.data, drifts)


class JsonTexts(JsonLines[T_co]):
    """JSON texts after a record separator each (RFC 7464)."""

    def frames(self, most: int | None = None) -> Frames:
        """Return what cuts a body into texts."""
        return RecordFrames(most)


@dataclass(frozen=True, eq=False)
class EventItems(JsonLines[T_co]):
    """The data of events, which is JSON; what else an event has is passed over."""

    def frames(self, most: int | None = None) -> Frames:
        """Return what cuts a body into events."""
        return EventFrames(most)

    def items(self, frame: Frame, drifts: Drifts) -> Iterator[T_co]:
        """Yield what the data holds, if there is any."""
        if frame.data.strip():
            yield read_json(self.adapter, frame.data, drifts)

    def is_last(self, frame: Frame) -> bool:
        """Tell whether the data is ``[DONE]``, which is no JSON."""
        return frame.data.strip() == DONE

    def refuses(self, content_type: str) -> str:
        """Refuse JSON too: no event would be found in it."""
        return _no_events(self.kind, content_type) or super().refuses(content_type)


class Datum(ABC, Generic[T_co]):
    """How the data of an event is read."""

    is_text: ClassVar[bool] = False

    @property
    def adapters(self) -> tuple[object, ...]:
        """What reads it."""
        return ()

    @abstractmethod
    def read(self, data: bytes, drifts: Drifts) -> T_co:
        """Return what the data holds.

        Raises:
            Unreadable: It does not hold that.
        """


@dataclass(frozen=True, slots=True)
class TextDatum(Datum[str]):
    """Text, as it came."""

    is_text: ClassVar[bool] = True

    def read(self, data: bytes, drifts: Drifts) -> str:
        """Return the text."""
        return read_text(data)


@dataclass(frozen=True, eq=False)
class JsonDatum(Datum[T_co]):
    """JSON."""

    make: Callable[[], Reader[T_co]]

    @cached_property
    def adapter(self) -> Reader[T_co]:
        """What reads the data; made when it is first used."""
        return self.make()

    @property
    def adapters(self) -> tuple[object, ...]:
        """What reads the data."""
        return (self.adapter,)

    def read(self, data: bytes, drifts: Drifts) -> T_co:
        """Return what the data holds."""
        return read_json(self.adapter, data, drifts)


@dataclass(frozen=True, eq=False)
class Events(Sequenced[ServerSentEvent[T_co]]):
    """Events, whole."""

    kind: str
    other: Datum[T_co]
    """How the data of events is read that `named` has not."""
    named: tuple[tuple[str, Datum[T_co]], ...] = ()
    """How the data of events is read, by what they are called."""

    @property
    def adapters(self) -> tuple[object, ...]:
        """What reads the data."""
        return tuple(each for datum in self._data for each in datum.adapters)

    def frames(self, most: int | None = None) -> Frames:
        """Return what cuts a body into events."""
        return EventFrames(most)

    def items(self, frame: Frame, drifts: Drifts) -> Iterator[ServerSentEvent[T_co]]:
        """Yield the event, but for one without data where that should be JSON."""
        datum = self.datum(frame.event)
        if frame.data.strip() or datum.is_text:
            yield ServerSentEvent(
                data=datum.read(frame.data, drifts),
                event=frame.event or "message",
                id=frame.id,
                retry=frame.retry,
            )

    def datum(self, event: str) -> Datum[T_co]:
        """Return how the data of an event of a name is read."""
        return self._by_name.get(event or "message", self.other)

    def is_last(self, frame: Frame) -> bool:
        """Tell whether the data is ``[DONE]`` where it should be JSON."""
        return frame.data.strip() == DONE and not all(
            datum.is_text for datum in self._data
        )

    def refuses(self, content_type: str) -> str:
        """Refuse JSON too: no event would be found in it."""
        return _no_events(self.kind, content_type) or super().refuses(content_type)

    @property
    def _data(self) -> tuple[Datum[T_co], ...]:
        return (self.other, *self._by_name.values())

    @cached_property
    def _by_name(self) -> dict[str, Datum[T_co]]:
        return dict(self.named)


def _no_events(kind: str, content_type: str) -> str:
    essence = content_type.partition(";")[0].strip().lower()
    is_json = essence == "application/json" or essence.endswith("+json")
    return f"{essence} came, not {kind}" if is_json else ""
