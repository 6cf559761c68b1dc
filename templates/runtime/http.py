"""The one module that speaks HTTP: requests out, answers in, faults by one name."""

from __future__ import annotations

import threading
from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
)
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ssl import SSLContext
from types import TracebackType
from typing import TYPE_CHECKING, TypeAlias
from weakref import WeakKeyDictionary

import httpx2

from .capture import record
from .faults import fault_of, hidden_url
from .outgoing import Envelope, Fault, Outgoing, Sender
from .response import Headers, Response
from .sources import blocking, not_blocking
from .timeout import Limits

if TYPE_CHECKING:
    import asyncio

HttpClient: TypeAlias = httpx2.Client
"""What a caller may bring instead of our own client."""
AsyncHttpClient: TypeAlias = httpx2.AsyncClient

SyncBody: TypeAlias = bytes | Iterable[bytes] | None
AsyncBody: TypeAlias = bytes | AsyncIterable[bytes] | None
SyncSender: TypeAlias = Sender[SyncBody, httpx2.Response]
AsyncSender: TypeAlias = Sender[AsyncBody, Awaitable[httpx2.Response]]


class SyncHttp:
    """HTTP for code that blocks; its connections are made on first use."""

    def __init__(
        self,
        given: httpx2.Client | None,
        monotonic: Callable[[], float],
        sender: SyncSender | None = None,
    ) -> None:
        self._given = given
        self._sender = sender
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
        content = outgoing.content
        source = None if content is None else blocking(content.rewound())
        sender = self if self._sender is None else self._sender
        try:
            return OpenResponse(sender.send(outgoing, source))
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            fault = fault_of(error)
        # Here, so that the error with its frames is not the context of the fault.
        raise fault

    def send(self, envelope: Envelope, source: SyncBody) -> httpx2.Response:
        """Send a request, perhaps of a client that shares these connections.

        Raises:
            httpx2.HTTPError: There is no answer.
        """
        client = self._client()
        own = client is not self._given
        request = _request(client, envelope, source, own=own)
        if own:
            return client.send(request, stream=True, auth=None)
        return client.send(request, stream=True, follow_redirects=False)

    def keep(self, response: Response) -> None:
        """Give an answer to those who capture what this client gets."""
        record(self, response)
        if self._sender is not None:
            pairs = response.headers.pairs
            self._sender.record(response.status, pairs, response.content)

    def record(
        self, status: int, headers: tuple[tuple[str, str], ...], content: bytes
    ) -> None:
        """Keep an answer of a client that shares these connections."""
        self.keep(Response(status, Headers(headers), content))

    def close(self) -> None:
        """Close what was made here; what was given or is shared stays open."""
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
        self,
        given: httpx2.AsyncClient | None,
        monotonic: Callable[[], float],
        sender: AsyncSender | None = None,
    ) -> None:
        self._given = given
        self._sender = sender
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
        content = outgoing.content
        source = None if content is None else not_blocking(content.rewound())
        sender = self if self._sender is None else self._sender
        try:
            return AsyncOpenResponse(await sender.send(outgoing, source))
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            fault = fault_of(error)
        # Here, so that the error with its frames is not the context of the fault.
        raise fault

    async def send(self, envelope: Envelope, source: AsyncBody) -> httpx2.Response:
        """Send a request, perhaps of a client that shares these connections.

        Raises:
            httpx2.HTTPError: There is no answer.
        """
        client = self._client()
        own = client is not self._given
        request = _request(client, envelope, source, own=own)
        if own:
            return await client.send(request, stream=True, auth=None)
        return await client.send(request, stream=True, follow_redirects=False)

    def keep(self, response: Response) -> None:
        """Give an answer to those who capture what this client gets."""
        record(self, response)
        if self._sender is not None:
            pairs = response.headers.pairs
            self._sender.record(response.status, pairs, response.content)

    def record(
        self, status: int, headers: tuple[tuple[str, str], ...], content: bytes
    ) -> None:
        """Keep an answer of a client that shares these connections."""
        self.keep(Response(status, Headers(headers), content))

    async def aclose(self) -> None:
        """Close what was made here for this loop; all else stays open."""
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
            return
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            fault = fault_of(error)
        raise fault

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
            return
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            fault = fault_of(error)
        raise fault

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


def _request(
    client: httpx2.Client | httpx2.AsyncClient,
    envelope: Envelope,
    source: SyncBody | AsyncBody,
    *,
    own: bool,
) -> httpx2.Request:
    method, url, timeout = envelope.method, envelope.url, _timeout(envelope.timeout)
    if own:
        headers = _headers(envelope, client.headers)
        extensions = {"timeout": timeout.as_dict()}
        request = httpx2.Request(
            method, url, headers=headers, content=source, extensions=extensions
        )
    else:
        # What a caller's own client adds to each request, it adds to ours.
        request = client.build_request(
            method,
            url,
            headers=_headers(envelope, {}),
            content=source,
            timeout=timeout,
        )
    request.url = hidden_url(request.url, envelope.secret_parameters)
    return request


def _headers(
    envelope: Envelope, defaults: httpx2.Headers | dict[str, str]
) -> list[tuple[bytes, bytes]]:
    pairs = list(envelope.headers)
    # What the HTTP library can decompress, it knows itself.
    if accepted := defaults.get("Accept-Encoding"):
        pairs.append(("Accept-Encoding", accepted))
    return [(name.encode("ascii"), value.encode("latin-1")) for name, value in pairs]


def _timeout(timeout: Limits) -> httpx2.Timeout:
    return httpx2.Timeout(
        connect=timeout.connect,
        read=timeout.read,
        write=timeout.write,
        pool=timeout.pool,
    )


def _answer_headers(response: httpx2.Response) -> Headers:
    return Headers(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in response.headers.raw
    )


def _check_deadline(deadline: float, now: float) -> None:
    if now > deadline:
        raise Fault("the time for the whole call ran out", timed_out=True, unsent=False)
