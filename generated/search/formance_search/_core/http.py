"""The one module that speaks HTTP: requests out, answers in, faults by one name."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
)
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeAlias
from weakref import WeakKeyDictionary

import httpx2

from .capture import record
from .network import ENDING, AsyncNetwork, Network, async_client, sync_client
from .opened import ERRORS, AsyncOpenResponse, OpenResponse, fault_of, out_of_time
from .outgoing import Envelope, Outgoing, Sender
from .response import Headers, Response
from .sending import AsyncBody, SyncBody, given_request, own_request
from .sources import blocking, not_blocking

if TYPE_CHECKING:
    import asyncio

HttpClient: TypeAlias = httpx2.Client
"""What a caller may bring instead of our own client."""
AsyncHttpClient: TypeAlias = httpx2.AsyncClient

SyncSender: TypeAlias = Sender[SyncBody, httpx2.Response, None]
AsyncSender: TypeAlias = Sender[AsyncBody, Awaitable[httpx2.Response], Awaitable[None]]

Sleep: TypeAlias = Callable[[float, threading.Event], object]
"""Waits for some seconds, or until something has happened."""
AsyncSleep: TypeAlias = Callable[[float], Awaitable[None]]


class SyncHttp:
    """HTTP for code that blocks; its connections are made on first use, per process."""

    def __init__(
        self,
        given: httpx2.Client | None,
        sleep: Sleep,
        sender: SyncSender | None = None,
    ) -> None:
        self._given = given
        self._sender = sender
        # A forked process shares its parent's sockets: who uses them breaks them.
        self._made: dict[int, _Made] = {}
        self._closed = False
        self._sleep = sleep
        self._pauses: set[threading.Event] = set()
        self._abandoned: deque[httpx2.Response] = deque()

    def fetch(self, outgoing: Outgoing) -> Response:
        """Send a request and return its answer, read to the end.

        Raises:
            Fault: There is no whole answer.
            RuntimeError: The client is closed.
        """
        with self.open(outgoing) as answer:
            return answer.read()

    def open(self, outgoing: Outgoing) -> OpenResponse:
        """Send a request and return its answer when the head is there.

        Raises:
            Fault: There is no answer.
            RuntimeError: The client is closed.
        """
        self._check_open()
        while self._abandoned:
            self._abandoned.popleft().close()
        content = outgoing.content
        source = (
            None if content is None else blocking(content.rewound(), content.length)
        )
        sender = self if self._sender is None else self._sender
        try:
            answer = sender.send(outgoing, source)
        except ERRORS as error:
            fault = fault_of(error, outgoing)
        else:
            return OpenResponse(answer, outgoing, self._abandoned)
        # Here, or the error with its frames would be the context of the fault.
        raise fault

    def send(self, envelope: Envelope, source: SyncBody) -> httpx2.Response:
        """Send a request, perhaps of a client that shares these connections.

        Raises:
            httpx2.HTTPError: There is no answer.
            RuntimeError: The client is closed.
        """
        self._check_open()
        given = self._given
        extensions = {"trace": envelope.progress.note, ENDING: envelope.deadline}
        if given is None:
            made = self._made_here()
            request = own_request(made.client, envelope, source, extensions)
            return made.client.send(request, stream=True, auth=None)
        request = given_request(given, envelope, source, extensions)
        return given.send(request, stream=True, follow_redirects=False)

    def pause(self, seconds: float) -> None:
        """Wait, until the client is closed at most.

        Raises:
            RuntimeError: The client is closed.
        """
        if self._sender is not None:
            self._sender.pause(seconds)
            self._check_open()
            return
        # One for each pause: a lock that all share could be held when a process forks.
        ended = threading.Event()
        self._pauses.add(ended)
        try:
            self._check_open()
            self._sleep(seconds, ended)
        finally:
            self._pauses.discard(ended)
        self._check_open()

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
        if self._sender is not None:
            # The client that lends its connections closes them, for all at once.
            return
        self._closed = True
        for ended in list(self._pauses):
            ended.set()
        made = self._made.pop(os.getpid(), None)
        if made is not None:
            made.client.close()

    def _made_here(self) -> _Made:
        made = self._made.get(os.getpid())
        if made is None:
            # Of two threads that come here together, one throws its own away unused.
            made = self._made.setdefault(os.getpid(), _Made())
            for owner in list(self._made):
                inherited = (
                    None if owner == os.getpid() else self._made.pop(owner, None)
                )
                if inherited is not None:
                    inherited.network.drop()
            if self._closed:
                self.close()
                self._check_open()
        return made

    def _check_open(self) -> None:
        if self._closed:
            raise RuntimeError("the client is closed")


class AsyncHttp:
    """HTTP for ``async`` code; connections are made on first use, per event loop."""

    def __init__(
        self,
        given: httpx2.AsyncClient | None,
        sleep: AsyncSleep,
        sender: AsyncSender | None = None,
    ) -> None:
        self._given = given
        self._sender = sender
        # A connection belongs to the loop that opened it.
        self._here: WeakKeyDictionary[asyncio.AbstractEventLoop, _Here] = (
            WeakKeyDictionary()
        )
        self._closed = False
        self._sleep = sleep

    async def fetch(self, outgoing: Outgoing) -> Response:
        """Send a request and return its answer, read to the end.

        Raises:
            Fault: There is no whole answer.
            RuntimeError: The client is closed.
        """
        async with _ending(outgoing), await self._open(outgoing) as answer:
            return await answer.read()

    async def open(self, outgoing: Outgoing) -> AsyncOpenResponse:
        """Send a request and return its answer when the head is there.

        Raises:
            Fault: There is no answer.
            RuntimeError: The client is closed.
        """
        async with _ending(outgoing):
            return await self._open(outgoing)

    async def send(self, envelope: Envelope, source: AsyncBody) -> httpx2.Response:
        """Send a request, perhaps of a client that shares these connections.

        Raises:
            httpx2.HTTPError: There is no answer.
            RuntimeError: The client is closed.
        """
        self._check_open()
        given = self._given
        extensions = {"trace": envelope.progress.note_async}
        if given is None:
            client = self._of_this_loop().client
            request = own_request(client, envelope, source, extensions)
            return await client.send(request, stream=True, auth=None)
        request = given_request(given, envelope, source, extensions)
        return await given.send(request, stream=True, follow_redirects=False)

    async def pause(self, seconds: float) -> None:
        """Wait, until the client is closed at most.

        Raises:
            RuntimeError: The client is closed.
        """
        import asyncio

        waiting = self._sleep if self._sender is None else self._sender.pause
        task = asyncio.ensure_future(waiting(seconds))
        pauses = self._of_this_loop().pauses
        pauses.add(task)
        try:
            await task
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if not self._closed or (current is not None and current.cancelling()):
                raise
        finally:
            pauses.discard(task)
        self._check_open()

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
        if self._sender is not None:
            # The client that lends its connections closes them, for all at once.
            return
        self._closed = True
        here = self._here.pop(running_loop(), None)
        if here is not None:
            for pause in here.pauses:
                pause.cancel()
            if here.made is not None:
                await here.made.aclose()

    async def _open(self, outgoing: Outgoing) -> AsyncOpenResponse:
        self._check_open()
        abandoned = self._of_this_loop().abandoned
        while abandoned:
            await abandoned.popleft().aclose()
        content = outgoing.content
        source = (
            None if content is None else not_blocking(content.rewound(), content.length)
        )
        sender = self if self._sender is None else self._sender
        try:
            answer = await sender.send(outgoing, source)
        except ERRORS as error:
            fault = fault_of(error, outgoing)
        else:
            return AsyncOpenResponse(answer, outgoing, abandoned)
        # Here, or the error with its frames would be the context of the fault.
        raise fault

    def _of_this_loop(self) -> _Here:
        loop = running_loop()
        here = self._here.get(loop)
        if here is None:
            here = self._here[loop] = _Here()
        return here

    def _check_open(self) -> None:
        if self._closed:
            raise RuntimeError("the client is closed")


class _Made:
    """What one process has of a client for code that blocks."""

    def __init__(self) -> None:
        self.network = Network()
        self.client = sync_client(self.network)


class _Here:
    """What one event loop has of a client."""

    def __init__(self) -> None:
        self._network: AsyncNetwork | None = None
        self.made: httpx2.AsyncClient | None = None
        self.abandoned: deque[httpx2.Response] = deque()
        self.pauses: set[asyncio.Future[None]] = set()

    @property
    def client(self) -> httpx2.AsyncClient:
        if self.made is None:
            self.made = async_client(self.network)
        return self.made

    @property
    def network(self) -> AsyncNetwork:
        if self._network is None:
            self._network = AsyncNetwork()
        return self._network


def running_loop() -> asyncio.AbstractEventLoop:
    """Return the event loop that runs this code."""
    # Here, so that blocking code does without asyncio.
    import asyncio

    return asyncio.get_running_loop()


@asynccontextmanager
async def _ending(outgoing: Outgoing) -> AsyncGenerator[None]:
    """End a block when the time for the whole call runs out."""
    import asyncio

    limit = asyncio.timeout(outgoing.deadline.left())
    try:
        async with limit:
            yield
    except TimeoutError:
        if not limit.expired():
            raise
    else:
        return
    # Here, without the frames of what was stopped.
    raise out_of_time(outgoing)
