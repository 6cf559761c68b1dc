"""The one module that speaks HTTP: requests out, answers in, faults by one name."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ssl import SSLContext
from types import TracebackType
from typing import TYPE_CHECKING, Final, TypeAlias
from weakref import WeakKeyDictionary

import httpx2

from .content import Content, Readable, Source
from .response import Headers, Response
from .timeout import Timeout

if TYPE_CHECKING:
    import asyncio

CHUNK: Final = 65536

HttpClient: TypeAlias = httpx2.Client
"""What a caller may bring instead of our own client."""
AsyncHttpClient: TypeAlias = httpx2.AsyncClient


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


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Outgoing:
    """A request, complete with credentials."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    content: Content | None
    timeout: Timeout
    deadline: float | None = None
    """When the answer must be there, on the monotonic clock."""

    def __repr__(self) -> str:
        # There are credentials in it.
        return f"<Outgoing {self.method}>"


class SyncHttp:
    """HTTP for code that blocks; its connections are made on first use."""

    def __init__(
        self, given: httpx2.Client | None, monotonic: Callable[[], float]
    ) -> None:
        self._given = given
        self._made: httpx2.Client | None = None
        self._lock = threading.Lock()
        self._closed = False
        self._monotonic = monotonic

    def fetch(self, outgoing: Outgoing) -> Response:
        """Send a request and return its answer, read to the end.

        Raises:
            Fault: There is no whole answer.
        """
        with self.open(outgoing) as answer:
            chunks: list[bytes] = []
            for chunk in answer.iter_bytes():
                chunks.append(chunk)
                if outgoing.deadline is not None:
                    _check_deadline(outgoing.deadline, self._monotonic())
            return Response(answer.status, answer.headers, b"".join(chunks))

    def open(self, outgoing: Outgoing) -> OpenResponse:
        """Send a request and return its answer when the head is there.

        Raises:
            Fault: There is no answer.
        """
        client = self._client()
        source = None
        if outgoing.content is not None:
            source = _blocking(outgoing.content.rewound())
        try:
            if client is self._given:
                request = client.build_request(
                    outgoing.method,
                    outgoing.url,
                    headers=_headers(outgoing, {}),
                    content=source,
                    timeout=_timeout(outgoing.timeout),
                )
                return OpenResponse(
                    client.send(request, stream=True, follow_redirects=False)
                )
            request = httpx2.Request(
                outgoing.method,
                outgoing.url,
                headers=_headers(outgoing, client.headers),
                content=source,
                extensions={"timeout": _timeout(outgoing.timeout).as_dict()},
            )
            return OpenResponse(client.send(request, stream=True, auth=None))
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            raise _fault(error) from error

    def close(self) -> None:
        """Close what was made here; a client that was given stays open."""
        with self._lock:
            self._closed = True
            made, self._made = self._made, None
        if made is not None:
            made.close()

    def _client(self) -> httpx2.Client:
        if self._closed:
            raise RuntimeError("the client is closed")
        if self._given is not None:
            return self._given
        if self._made is None:
            with self._lock:
                if self._made is None:
                    self._made = httpx2.Client(
                        verify=_ssl_context(), cookies=_no_cookies()
                    )
        return self._made


class AsyncHttp:
    """HTTP for ``async`` code; connections are made on first use, per event loop."""

    def __init__(
        self, given: httpx2.AsyncClient | None, monotonic: Callable[[], float]
    ) -> None:
        self._given = given
        # A connection belongs to the loop that opened it.
        self._made: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx2.AsyncClient] = (
            WeakKeyDictionary()
        )
        self._closed = False
        self._monotonic = monotonic

    async def fetch(self, outgoing: Outgoing) -> Response:
        """Send a request and return its answer, read to the end.

        Raises:
            Fault: There is no whole answer.
        """
        async with await self.open(outgoing) as answer:
            chunks: list[bytes] = []
            async for chunk in answer.iter_bytes():
                chunks.append(chunk)
                if outgoing.deadline is not None:
                    _check_deadline(outgoing.deadline, self._monotonic())
            return Response(answer.status, answer.headers, b"".join(chunks))

    async def open(self, outgoing: Outgoing) -> AsyncOpenResponse:
        """Send a request and return its answer when the head is there.

        Raises:
            Fault: There is no answer.
        """
        client = self._client()
        source = None
        if outgoing.content is not None:
            source = _not_blocking(outgoing.content.rewound())
        try:
            if client is self._given:
                request = client.build_request(
                    outgoing.method,
                    outgoing.url,
                    headers=_headers(outgoing, {}),
                    content=source,
                    timeout=_timeout(outgoing.timeout),
                )
                return AsyncOpenResponse(
                    await client.send(request, stream=True, follow_redirects=False)
                )
            request = httpx2.Request(
                outgoing.method,
                outgoing.url,
                headers=_headers(outgoing, client.headers),
                content=source,
                extensions={"timeout": _timeout(outgoing.timeout).as_dict()},
            )
            return AsyncOpenResponse(await client.send(request, stream=True, auth=None))
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            raise _fault(error) from error

    async def aclose(self) -> None:
        """Close what was made here for this loop; a given client stays open."""
        self._closed = True
        made = self._made.pop(running_loop(), None)
        if made is not None:
            await made.aclose()

    def _client(self) -> httpx2.AsyncClient:
        if self._closed:
            raise RuntimeError("the client is closed")
        if self._given is not None:
            return self._given
        loop = running_loop()
        client = self._made.get(loop)
        if client is None:
            client = httpx2.AsyncClient(verify=_ssl_context(), cookies=_no_cookies())
            self._made[loop] = client
        return client


class OpenResponse:
    """An answer whose body is still to come."""

    def __init__(self, response: httpx2.Response) -> None:
        self._response = response
        self.status: int = response.status_code
        self.headers = _answer_headers(response)

    def iter_bytes(self, size: int | None = None) -> Iterator[bytes]:
        """Yield the body, decompressed.

        Raises:
            Fault: The body breaks off.
        """
        try:
            yield from self._response.iter_bytes(size)
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            raise _fault(error) from error

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


class AsyncOpenResponse:
    """An answer whose body is still to come."""

    def __init__(self, response: httpx2.Response) -> None:
        self._response = response
        self.status: int = response.status_code
        self.headers = _answer_headers(response)

    async def iter_bytes(self, size: int | None = None) -> AsyncIterator[bytes]:
        """Yield the body, decompressed.

        Raises:
            Fault: The body breaks off.
        """
        try:
            async for chunk in self._response.aiter_bytes(size):
                yield chunk
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            raise _fault(error) from error

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


def running_loop() -> asyncio.AbstractEventLoop:
    """Return the event loop that runs this code."""
    # Here, so that blocking code does without asyncio.
    import asyncio

    return asyncio.get_running_loop()


@cache
def _ssl_context() -> SSLContext:
    # Reading the trusted certificates takes long; all clients can share them.
    return httpx2.create_ssl_context()


def _no_cookies() -> CookieJar:
    """Return a jar that takes none: calls must not depend on those before."""
    return CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))


def _headers(
    outgoing: Outgoing, defaults: httpx2.Headers | dict[str, str]
) -> list[tuple[bytes, bytes]]:
    pairs = list(outgoing.headers)
    # What the HTTP library can decompress, it knows itself.
    if accepted := defaults.get("Accept-Encoding"):
        pairs.append(("Accept-Encoding", accepted))
    return [(name.encode("ascii"), value.encode("latin-1")) for name, value in pairs]


def _timeout(timeout: Timeout) -> httpx2.Timeout:
    return httpx2.Timeout(
        connect=timeout.connect,
        read=timeout.read,
        write=timeout.write,
        pool=timeout.pool,
    )


def _blocking(source: Source) -> bytes | Iterable[bytes]:
    if isinstance(source, bytes | Iterable):
        return source
    if isinstance(source, AsyncIterable):
        raise ValueError("body: an async iterable needs the async client")
    return iter(lambda: source.read(CHUNK), b"")


def _not_blocking(source: Source) -> bytes | AsyncIterable[bytes]:
    if isinstance(source, bytes | AsyncIterable):
        return source
    return _chunks(source)


async def _chunks(source: Readable | Iterable[bytes]) -> AsyncIterator[bytes]:
    if isinstance(source, Readable):
        # Reading a file blocks; a thread of its own keeps the loop going.
        import asyncio

        while chunk := await asyncio.to_thread(source.read, CHUNK):
            yield chunk
    else:
        for chunk in source:
            yield chunk


def _answer_headers(response: httpx2.Response) -> Headers:
    return Headers(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in response.headers.raw
    )


def _fault(error: Exception) -> Fault:
    timed_out = isinstance(error, httpx2.TimeoutException)
    unsent = isinstance(
        error,
        httpx2.ConnectError
        | httpx2.ConnectTimeout
        | httpx2.PoolTimeout
        | httpx2.ProxyError
        | httpx2.UnsupportedProtocol
        | httpx2.InvalidURL,
    )
    kind = type(error).__name__
    text = f"{kind}: {error}" if str(error) else kind
    return Fault(text, timed_out=timed_out, unsent=unsent)


def _check_deadline(deadline: float, now: float) -> None:
    if now > deadline:
        raise Fault("the time for the whole call ran out", timed_out=True, unsent=False)
