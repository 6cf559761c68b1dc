"""Answers whose bodies are still to come, and what may go wrong with them."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import Final

import httpx2

from .inflate import Sizer, inflater_of
from .outgoing import Fault, Outgoing
from .response import Headers, Response

LONGEST_ERROR: Final = 8 * 1024 * 1024
"""How many bytes of an error's body are read at most: more would help nobody."""
UNSENT: Final = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
    httpx2.InvalidURL,
)
"""Errors of before there was a connection."""
ERRORS: Final = (
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpx2.StreamError,
    zlib.error,
)
"""What the HTTP library raises, and a compressed body that is not whole."""


class OpenResponse:
    """An answer whose body is still to come.

    Args:
        response: What there is of it.
        outgoing: What it answers.
        abandoned: Where it goes if it is dropped unread: closing it then and there, in
            the middle of whatever garbage collection interrupts, could break the pool.
    """

    def __init__(
        self,
        response: httpx2.Response,
        outgoing: Outgoing,
        abandoned: deque[httpx2.Response],
    ) -> None:
        self._response = response
        self._outgoing = outgoing
        self._abandoned = abandoned
        self.status: int = response.status_code
        self.headers = _answer_headers(response)

    def iter_bytes(self, size: int | None = None) -> Iterator[bytes]:
        """Yield the body, decompressed.

        Raises:
            Fault: The body breaks off.
        """
        response = self._response
        inflater = inflater_of(self.headers.get("content-encoding", ""))
        try:
            if inflater is None or response.is_stream_consumed:
                yield from response.iter_bytes(size)
                return
            sizer = Sizer(size)
            for data in response.iter_raw():
                yield from sizer.feed(inflater.feed(data))
            inflater.finish()
            yield from sizer.finish()
        except ERRORS as error:
            fault = fault_of(error, self._outgoing)
        else:
            return
        raise fault

    def read(self) -> Response:
        """Return the whole answer, or an error's answer up to a limit.

        Raises:
            Fault: The body breaks off, takes too long or is too large.
        """
        content = _Gathered(self.status, self._outgoing)
        for chunk in self.iter_bytes():
            if content.full(chunk):
                break
        return Response(self.status, self.headers, content.all())

    def begin(self) -> None:
        """Let the body take its time."""
        self._outgoing.deadline.lift()

    def close(self) -> None:
        """Give the connection back, or up if the body is not read to its end."""
        self._response.close()

    def __enter__(self) -> OpenResponse:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if not self._response.is_closed:
            self._abandoned.append(self._response)


class AsyncOpenResponse:
    """An answer whose body is still to come.

    Args:
        response: What there is of it.
        outgoing: What it answers.
        abandoned: Where it goes if it is dropped unread.
    """

    def __init__(
        self,
        response: httpx2.Response,
        outgoing: Outgoing,
        abandoned: deque[httpx2.Response],
    ) -> None:
        self._response = response
        self._outgoing = outgoing
        self._abandoned = abandoned
        self.status: int = response.status_code
        self.headers = _answer_headers(response)

    async def iter_bytes(self, size: int | None = None) -> AsyncIterator[bytes]:
        """Yield the body, decompressed.

        Raises:
            Fault: The body breaks off.
        """
        response = self._response
        inflater = inflater_of(self.headers.get("content-encoding", ""))
        try:
            if inflater is None or response.is_stream_consumed:
                async for chunk in response.aiter_bytes(size):
                    yield chunk
                return
            sizer = Sizer(size)
            async for data in response.aiter_raw():
                for chunk in sizer.feed(inflater.feed(data)):
                    yield chunk
            inflater.finish()
            for chunk in sizer.finish():
                yield chunk
        except ERRORS as error:
            fault = fault_of(error, self._outgoing)
        else:
            return
        raise fault

    async def read(self) -> Response:
        """Return the whole answer, or an error's answer up to a limit.

        Raises:
            Fault: The body breaks off, takes too long or is too large.
        """
        content = _Gathered(self.status, self._outgoing)
        async for chunk in self.iter_bytes():
            if content.full(chunk):
                break
        return Response(self.status, self.headers, content.all())

    def begin(self) -> None:
        """Let the body take its time."""
        self._outgoing.deadline.lift()

    async def aclose(self) -> None:
        """Give the connection back, or up if the body is not read to its end."""
        await self._response.aclose()

    async def __aenter__(self) -> AsyncOpenResponse:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    def __del__(self) -> None:
        if not self._response.is_closed:
            self._abandoned.append(self._response)


def fault_of(error: Exception, outgoing: Outgoing) -> Fault:
    """Return what an error of the HTTP library means.

    Its cause is such an error too, of the same type and text, but with neither the
    request nor the frames that the request went through: headers are in there.
    """
    kind = "DecodingError" if isinstance(error, zlib.error) else type(error).__name__
    fault = Fault(
        f"{kind}: {error}" if str(error) else kind,
        timed_out=isinstance(error, httpx2.TimeoutException),
        unsent=isinstance(error, UNSENT) or outgoing.progress.unsent,
    )
    fault.__cause__ = _bare(error)
    return fault


def _bare(error: Exception) -> Exception:
    bare = type(error).__new__(type(error), *error.args)
    if isinstance(bare, httpx2.HTTPError):
        httpx2.HTTPError.__init__(bare, str(error))
    return bare


def out_of_time(outgoing: Outgoing) -> Fault:
    """Return what it means that the time for a whole call ran out."""
    return Fault(
        "the time for the whole call ran out",
        timed_out=True,
        unsent=outgoing.progress.unsent,
    )


class _Gathered:
    """The pieces of a body, as many as may be kept."""

    def __init__(self, status: int, outgoing: Outgoing) -> None:
        most = outgoing.max_response_bytes
        self._outgoing = outgoing
        self._is_error = status >= 300
        if self._is_error:
            most = LONGEST_ERROR if most is None else min(most, LONGEST_ERROR)
        self._most = most
        self._size = 0
        self._chunks: list[bytes] = []

    def full(self, chunk: bytes) -> bool:
        """Take a piece, and tell whether it was the last that there is room for.

        Raises:
            Fault: The body takes too long, or is too large to be of any use.
        """
        left = self._outgoing.deadline.left()
        if left is not None and left <= 0:
            raise out_of_time(self._outgoing)
        self._size += len(chunk)
        self._chunks.append(chunk)
        most = self._most
        if most is None or self._size <= most:
            return False
        if not self._is_error:
            raise Fault(
                f"the answer is larger than max_response_bytes, {most}",
                timed_out=False,
                unsent=False,
                final=True,
            )
        return True

    def all(self) -> bytes:
        """Return what was taken."""
        content = b"".join(self._chunks)
        return content if self._most is None else content[: self._most]


def _answer_headers(response: httpx2.Response) -> Headers:
    return Headers(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in response.headers.raw
    )
