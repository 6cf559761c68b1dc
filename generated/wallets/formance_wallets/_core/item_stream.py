"""Items of a body that are read one by one as they come."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from types import TracebackType
from typing import Generic, Self

from typing_extensions import TypeVar

from .errors import TransportError
from .feed import Feed
from .opened import AsyncOpenResponse, OpenResponse
from .outgoing import Fault
from .response import Headers

T = TypeVar("T")


class ItemStream(Generic[T]):
    """Items that are read as they come. Nothing is sent before the first is asked for.

    It is its own iterator and can be gone through once. It closes its connection at its
    end, and when it is left, if it was entered::

        with client.follow() as stream:
            for item in stream:
                ...

    Each wait for more is limited by the client's timeout, the whole is not.
    """

    def __init__(
        self,
        open_: Callable[[], tuple[OpenResponse, Feed[T]]],
        explain: Callable[[Fault], TransportError],
    ) -> None:
        self._open = open_
        self._explain = explain
        self._answer: OpenResponse | None = None
        self._chunks: Iterator[bytes] = iter(())
        self._feed: Feed[T] | None = None
        self._items: Iterator[T] = iter(())
        self._is_closed = False

    @property
    def status(self) -> int:
        """The HTTP status, once the stream was opened."""
        return self._head()[0]

    @property
    def headers(self) -> Headers:
        """The headers, once the stream was opened."""
        return self._head()[1]

    @property
    def last_event_id(self) -> str:
        """The last id of an event, ``""`` before there was one.

        A service that remembers events goes on behind it where a new call has it as the
        header ``Last-Event-ID``.
        """
        return "" if self._feed is None else self._feed.last_event_id

    @property
    def retry(self) -> int | None:
        """The milliseconds that the service asks to wait before another call."""
        return None if self._feed is None else self._feed.retry

    def close(self) -> None:
        """Give the connection back, or up if the body is not read to its end."""
        self._is_closed = True
        answer, self._answer = self._answer, None
        if answer is not None:
            answer.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> T:
        """Return the next item.

        Raises:
            StopIteration: There is none, or the stream was closed.
            ClientError: The call did not succeed, the body breaks off, or an item is not
                what it should be.
        """
        try:
            return self._next()
        except Fault as fault:
            self.close()
            raise self._explain(fault) from fault
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        self._opened()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _next(self) -> T:
        if self._is_closed:
            raise StopIteration
        feed = self._opened()
        while True:
            for item in self._items:
                return item
            if feed.is_over:
                raise StopIteration
            feed.take(next(self._chunks, None))
            self._items = feed.items()

    def _opened(self) -> Feed[T]:
        if self._feed is None:
            self._answer, self._feed = self._open()
            self._chunks = self._answer.iter_bytes()
        return self._feed

    def _head(self) -> tuple[int, Headers]:
        if self._feed is None:
            raise RuntimeError("the stream is not open: enter it with `with` first")
        return self._feed.status, self._feed.headers


class AsyncItemStream(Generic[T]):
    """Items that are read as they come. Nothing is sent before the first is asked for.

    It is its own iterator and can be gone through once. It closes its connection at its
    end, and when it is left, if it was entered::

        async with client.follow() as stream:
            async for item in stream:
                ...

    Each wait for more is limited by the client's timeout, the whole is not.
    """

    def __init__(
        self,
        open_: Callable[[], Awaitable[tuple[AsyncOpenResponse, Feed[T]]]],
        explain: Callable[[Fault], TransportError],
    ) -> None:
        self._open = open_
        self._explain = explain
        self._answer: AsyncOpenResponse | None = None
        self._chunks: AsyncIterator[bytes] | None = None
        self._feed: Feed[T] | None = None
        self._items: Iterator[T] = iter(())
        self._is_closed = False

    @property
    def status(self) -> int:
        """The HTTP status, once the stream was opened."""
        return self._head()[0]

    @property
    def headers(self) -> Headers:
        """The headers, once the stream was opened."""
        return self._head()[1]

    @property
    def last_event_id(self) -> str:
        """The last id of an event, ``""`` before there was one.

        A service that remembers events goes on behind it where a new call has it as the
        header ``Last-Event-ID``.
        """
        return "" if self._feed is None else self._feed.last_event_id

    @property
    def retry(self) -> int | None:
        """The milliseconds that the service asks to wait before another call."""
        return None if self._feed is None else self._feed.retry

    async def aclose(self) -> None:
        """Give the connection back, or up if the body is not read to its end."""
        self._is_closed = True
        answer, self._answer = self._answer, None
        if answer is not None:
            await answer.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        """Return the next item.

        Raises:
            StopAsyncIteration: There is none, or the stream was closed.
            ClientError: The call did not succeed, the body breaks off, or an item is not
                what it should be.
        """
        try:
            return await self._next()
        except Fault as fault:
            await self.aclose()
            raise self._explain(fault) from fault
        except BaseException:
            await self.aclose()
            raise

    async def __aenter__(self) -> Self:
        await self._opened()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def _next(self) -> T:
        if self._is_closed:
            raise StopAsyncIteration
        feed, chunks = await self._opened()
        while True:
            for item in self._items:
                return item
            if feed.is_over:
                raise StopAsyncIteration
            feed.take(await anext(chunks, None))
            self._items = feed.items()

    async def _opened(self) -> tuple[Feed[T], AsyncIterator[bytes]]:
        if self._feed is None or self._chunks is None:
            self._answer, self._feed = await self._open()
            self._chunks = self._answer.iter_bytes()
        return self._feed, self._chunks

    def _head(self) -> tuple[int, Headers]:
        if self._feed is None:
            raise RuntimeError("the stream is not open: use `async with` first")
        return self._feed.status, self._feed.headers
