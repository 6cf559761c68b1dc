"""The fake's side of HTTP: what the HTTP library asks, and how it is answered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Final, TypeAlias

import httpx2

from ..response import Headers
from .answers import JSON, Answer, Disturbance
from .recording import Incoming

HttpRequest: TypeAlias = httpx2.Request
HttpResponse: TypeAlias = httpx2.Response
HttpTransport: TypeAlias = httpx2.MockTransport

DISTURBANCES: Final[dict[Disturbance, Callable[[str], httpx2.TransportError]]] = {
    "timeout": httpx2.ReadTimeout,
    "disconnect": httpx2.ReadError,
    "refused": httpx2.ConnectError,
}


class Serving:
    """HTTP clients that ask a function instead of a server.

    Args:
        respond: Answers a request whose body is read.
    """

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self.transport = httpx2.MockTransport(respond)
        self.client = httpx2.Client(transport=self.transport, trust_env=False)
        self.async_client = httpx2.AsyncClient(
            transport=self.transport, trust_env=False
        )


def incoming(request: HttpRequest) -> Incoming:
    """Return a request as it is recorded."""
    path, _, query = request.url.raw_path.decode("ascii").partition("?")
    return Incoming(
        method=request.method,
        path=path,
        query=query,
        headers=Headers(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in request.headers.raw
        ),
        content=request.content,
    )


def outgoing(answer: Answer | Disturbance) -> HttpResponse:
    """Return an answer as the HTTP library has it.

    Raises:
        httpx2.TransportError: There is to be none.
    """
    if not isinstance(answer, Answer):
        raise DISTURBANCES[answer](f"scripted {answer}")
    headers = dict(answer.headers)
    if answer.json is not None:
        headers = {"content-type": JSON, **headers}
    return httpx2.Response(
        answer.status, headers=headers, stream=_Chunks(answer.chunks, breaks_off=answer.breaks_off)
    )


class _Chunks(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body, piece by piece, for both flavours."""

    def __init__(self, chunks: tuple[bytes, ...], *, breaks_off: bool) -> None:
        self._chunks = chunks
        self._breaks_off = breaks_off

    def __iter__(self) -> Iterator[bytes]:
        yield from self._chunks
        if self._breaks_off:
            raise httpx2.RemoteProtocolError("scripted disconnect")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk
