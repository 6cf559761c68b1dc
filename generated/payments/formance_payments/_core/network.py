"""The HTTP clients of our own: how they connect, whom they trust, when they give up."""

from __future__ import annotations

import ssl
import threading
from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Callable,
    Generator,
    Iterable,
    Iterator,
)
from contextlib import contextmanager
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Final

import httpcore2
import httpx2

from .outgoing import Ending

CONNECTIONS: Final = 100
"""How many connections a client may have; more calls than that wait for one."""
IDLE_CONNECTIONS: Final = 20
IDLE_SECONDS: Final = 5.0
"""How long a connection is kept for the next call."""
PIECE: Final = 65536
ENDING: Final = "ending"
"""The extension of a request that says how much time is left for its call."""

Left = Callable[[], float | None]


def sync_client(network: Network) -> httpx2.Client:
    """Return a client for code that blocks.

    It has no cookies and takes nothing from the environment but whom to trust
    (``SSL_CERT_FILE``, ``SSL_CERT_DIR``): no proxy, no ``.netrc``.
    """
    return httpx2.Client(transport=network, cookies=_no_cookies(), trust_env=False)


def async_client(network: AsyncNetwork) -> httpx2.AsyncClient:
    """Return a client for ``async`` code; see `sync_client`."""
    return httpx2.AsyncClient(transport=network, cookies=_no_cookies(), trust_env=False)


@cache
def ssl_context() -> ssl.SSLContext:
    """Return whom to trust: reading it takes long, and all clients can share it."""
    return httpx2.create_ssl_context()


class Network(httpx2.BaseTransport):
    """Connections whose every wait ends with the time for the call it is for.

    Those of httpx2 begin a new wait with each byte that trickles in. ``async`` code
    has `asyncio.timeout` against that.
    """

    def __init__(self) -> None:
        self._thread = threading.local()
        self._pool = httpcore2.ConnectionPool(
            ssl_context=ssl_context(),
            max_connections=CONNECTIONS,
            max_keepalive_connections=IDLE_CONNECTIONS,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=_Backend(self._left),
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request and return its answer, the body still to come."""
        ending: Ending = request.extensions[ENDING]
        assert isinstance(request.stream, httpx2.SyncByteStream)
        with self._until(ending):
            answer = self._pool.handle_request(_core(request, request.stream))
        return httpx2.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer, lambda: self._until(ending)),
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def drop(self) -> None:
        """Close a forked process's copies of the sockets; their owner keeps his.

        Without locks: a thread that is not in this process may hold them.
        """
        for connection in self._pool.connections:
            connection.close()

    @contextmanager
    def _until(self, ending: Ending) -> Generator[None]:
        # All that a call does on the network, it does in the thread that called.
        before = getattr(self._thread, "ending", None)
        self._thread.ending = ending
        try:
            with _translated():
                yield
        finally:
            self._thread.ending = before

    def _left(self) -> float | None:
        ending: Ending | None = getattr(self._thread, "ending", None)
        return None if ending is None else ending.left()


class AsyncNetwork(httpx2.AsyncBaseTransport):
    """Connections for ``async`` code that are closed whenever it is cancelled."""

    def __init__(self) -> None:
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=ssl_context(),
            max_connections=CONNECTIONS,
            max_keepalive_connections=IDLE_CONNECTIONS,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=_AsyncBackend(),
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request and return its answer, the body still to come."""
        assert isinstance(request.stream, httpx2.AsyncByteStream)
        try:
            with _translated():
                answer = await self._pool.handle_async_request(
                    _core(request, request.stream)
                )
        except BaseException:
            await self._sweep()
            raise
        return httpx2.Response(
            answer.status,
            headers=answer.headers,
            stream=_AsyncBody(answer),
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()

    async def _sweep(self) -> None:
        """Close connections that no request was ever sent on.

        A cancel scope of anyio that ends just when a connection is there leaves it so:
        httpcore2 would neither use it nor let another take its place.
        """
        for connection in self._pool.connections:
            if ", NEW, " in connection.info():
                await connection.aclose()


ERRORS: Final = (
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.ProxyError,
    httpcore2.UnsupportedProtocol,
)


@contextmanager
def _translated() -> Generator[None]:
    """Raise errors of httpcore2 as httpx2 calls them: by the same names."""
    try:
        yield
    except ERRORS as error:
        names = (each.__name__ for each in type(error).__mro__)
        name = next(name for name in names if hasattr(httpx2, name))
        kind: type[httpx2.HTTPError] = getattr(httpx2, name)
        raise kind(str(error)) from error


def _core(
    request: httpx2.Request, stream: Iterable[bytes] | AsyncIterable[bytes]
) -> httpcore2.Request:
    return httpcore2.Request(
        request.method,
        httpcore2.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        ),
        headers=request.headers.raw,
        content=stream,
        extensions=request.extensions,
    )


class _Body(httpx2.SyncByteStream):
    def __init__(
        self,
        answer: httpcore2.Response,
        until: Callable[[], Any],
    ) -> None:
        self._answer = answer
        self._until = until

    def __iter__(self) -> Iterator[bytes]:
        chunks = self._answer.iter_stream()
        while True:
            # Not around the loop: whoever reads may call others meanwhile.
            with self._until():
                chunk = next(chunks, None)
            if chunk is None:
                return
            yield chunk

    def close(self) -> None:
        self._answer.close()


class _AsyncBody(httpx2.AsyncByteStream):
    def __init__(self, answer: httpcore2.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _translated():
            async for chunk in self._answer.aiter_stream():
                yield chunk

    async def aclose(self) -> None:
        import asyncio

        # In a task of its own: httpcore2 forgets to tidy up where closing is cancelled.
        closing = asyncio.ensure_future(self._answer.aclose())
        try:
            await asyncio.shield(closing)
        except asyncio.CancelledError:
            if closing.cancelled():
                raise
            await asyncio.wait([closing])
            raise


class _Backend(httpcore2.NetworkBackend):
    def __init__(self, left: Left) -> None:
        self._left = left
        self._backend = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        timeout = _shorter(timeout, self._left(), httpcore2.ConnectTimeout)
        stream = self._backend.connect_tcp(
            host, port, timeout, local_address, socket_options
        )
        return _Stream(stream, self._left)


class _Stream(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream, left: Left) -> None:
        self._stream = stream
        self._left = left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        timeout = _shorter(timeout, self._left(), httpcore2.ReadTimeout)
        return self._stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        view = memoryview(buffer)
        # Piece by piece: a server that reads slowly takes no more time than there is.
        for start in range(0, len(view), PIECE):
            limit = _shorter(timeout, self._left(), httpcore2.WriteTimeout)
            self._stream.write(bytes(view[start : start + PIECE]), limit)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        timeout = _shorter(timeout, self._left(), httpcore2.ConnectTimeout)
        stream = self._stream.start_tls(ssl_context, server_hostname, timeout)
        return _Stream(stream, self._left)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _AsyncBackend(httpcore2.AsyncNetworkBackend):
    def __init__(self) -> None:
        backend = httpcore2.AnyIOBackend()
        # There is another class of that name, for where anyio is not installed.
        assert isinstance(backend, httpcore2.AsyncNetworkBackend)
        self._backend = backend

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        stream = await self._backend.connect_tcp(
            host, port, timeout, local_address, socket_options
        )
        return _AsyncStream(stream)


class _AsyncStream(httpcore2.AsyncNetworkStream):
    def __init__(self, stream: httpcore2.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        try:
            return await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:
            # httpcore2 forgets the socket where the handshake is cancelled.
            await self._stream.aclose()
            raise


def _shorter(
    limit: float | None, left: float | None, late: type[httpcore2.TimeoutException]
) -> float | None:
    if left is None:
        return limit
    if left <= 0:
        raise late("the time for the whole call ran out")
    return left if limit is None else min(limit, left)


def _no_cookies() -> CookieJar:
    """Return a jar that takes none: calls must not depend on those before."""
    return CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
