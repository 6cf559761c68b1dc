"""What an answer of a status means, and how it is read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, Protocol

from typing_extensions import TypeVar

from .adapter import Reader
from .envelopes import PageData
from .reading import Drifts, Unreadable, read_json, read_text
from .response import Response
from .turning import Turn

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class HasData(Protocol[T_co]):
    """An envelope with ``data``."""

    @property
    def data(self) -> T_co:
        """What is inside."""
        ...


class HasPage(Protocol[T]):
    """An envelope with a page."""

    @property
    def page_data(self) -> PageData[T]:
        """What is inside."""
        ...


@dataclass(frozen=True, slots=True)
class Streamed:
    """The body of a stream, where somebody reads it whole."""

    content: bytes


class Result(ABC, Generic[T_co]):
    """The meaning of an answer."""

    @property
    def media_type(self) -> str | None:
        """What to ask for with ``Accept``; None where there is no content."""
        return "application/json"

    @abstractmethod
    def read(self, response: Response, drifts: Drifts) -> T_co:
        """Return what the answer holds.

        Raises:
            Unreadable: It does not hold that.
        """


@dataclass(frozen=True, eq=False)
class Json(Result[T_co]):
    """The body, as JSON."""

    make: Callable[[], Reader[T_co]]

    @cached_property
    def adapter(self) -> Reader[T_co]:
        """What reads the body; made when it is first used."""
        return self.make()

    def read(self, response: Response, drifts: Drifts) -> T_co:
        """Return the body."""
        return read_json(self.adapter, response.content, drifts)


@dataclass(frozen=True, eq=False)
class Data(Result[T_co]):
    """The ``data`` of a JSON body that holds nothing else."""

    make: Callable[[], Reader[HasData[T_co]]]

    @cached_property
    def adapter(self) -> Reader[HasData[T_co]]:
        """What reads the envelope; made when it is first used."""
        return self.make()

    def read(self, response: Response, drifts: Drifts) -> T_co:
        """Return what is in the envelope."""
        return read_json(self.adapter, response.content, drifts).data


@dataclass(frozen=True, eq=False)
class Paged(Result[PageData[T]], Generic[T]):
    """A page of items in a JSON body."""

    make: Callable[[], Reader[HasPage[T]]]
    cursor: str | None = None
    """The query parameter that asks for a further page, and stands for all else."""
    turn: Turn | None = None
    """How a further page is asked for otherwise."""

    @cached_property
    def adapter(self) -> Reader[HasPage[T]]:
        """What reads the envelope; made when it is first used."""
        return self.make()

    def read(self, response: Response, drifts: Drifts) -> PageData[T]:
        """Return the page."""
        return read_json(self.adapter, response.content, drifts).page_data


@dataclass(frozen=True, eq=False)
class HeaderValue(Result[T_co]):
    """The value of a header."""

    header: str
    make: Callable[[], Reader[T_co]]

    @property
    def media_type(self) -> str | None:
        """None: there is no content."""
        return None

    @cached_property
    def adapter(self) -> Reader[T_co]:
        """What reads the value; made when it is first used."""
        return self.make()

    def read(self, response: Response, drifts: Drifts) -> T_co:
        """Return the value."""
        text = response.headers.get(self.header)
        if text is None:
            raise Unreadable("", f"the header {self.header} is missing")
        try:
            return self.adapter.validate_strings(text)
        except ValueError:
            raise Unreadable("", f"the header {self.header} is not valid") from None


@dataclass(frozen=True, slots=True)
class Text(Result[str]):
    """The body, as text."""

    kind: str = "text/plain"

    @property
    def media_type(self) -> str | None:
        """The media type that the document declares."""
        return self.kind

    def read(self, response: Response, drifts: Drifts) -> str:
        """Return the body."""
        came = response.headers.get("content-type", "")
        if "html" in came.lower() and "html" not in self.kind:
            # A proxy's page, such as one to sign in.
            reason = f"a page of HTML came instead of {self.kind}"
            raise Unreadable("", reason, foreign=True)
        return read_text(response.content)


@dataclass(frozen=True, slots=True)
class Stream(Result[Streamed]):
    """The body, read as it comes."""

    kind: str = "application/octet-stream"

    @property
    def media_type(self) -> str | None:
        """The media type that the document declares."""
        return self.kind

    def read(self, response: Response, drifts: Drifts) -> Streamed:
        """Return the body."""
        return Streamed(response.content)


@dataclass(frozen=True, slots=True)
class Empty(Result[None]):
    """No content; a body is ignored."""

    @property
    def media_type(self) -> str | None:
        """None: there is no content."""
        return None

    def read(self, response: Response, drifts: Drifts) -> None:
        """Return nothing."""


@dataclass(frozen=True, slots=True)
class NoPage(Result[PageData[Any]]):
    """No content where other answers are pages: a page without items."""

    @property
    def media_type(self) -> str | None:
        """None: there is no content."""
        return None

    def read(self, response: Response, drifts: Drifts) -> PageData[Any]:
        """Return the empty page."""
        return PageData(data=[], has_more=False)
