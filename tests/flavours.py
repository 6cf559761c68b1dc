"""Callers of both flavours, so that one test shows both, and a clock that nobody waits for."""

import asyncio
import inspect
import threading
from collections.abc import AsyncIterator, Awaitable, Coroutine, Mapping
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import TypeVar

from loopback import Loopback
from runtime.auth import Auth
from runtime.client import AsyncClient, Client
from runtime.drift import OnDrift
from runtime.effects import Effects
from runtime.envelopes import PageData
from runtime.following import Direction
from runtime.hooks import OnRequest, OnResponse
from runtime.http import AsyncHttpClient, HttpClient
from runtime.item_stream import AsyncItemStream, ItemStream
from runtime.operation import Request, Streamed, StreamedItems
from runtime.page import AsyncPage, Page
from runtime.service import Service
from runtime.stream import AsyncByteStream, ByteStream
from runtime.timeout import Timeout
from sample_client import SERVICE

T = TypeVar("T")


@dataclass(slots=True)
class Clock:
    """Time that passes only when somebody sleeps, and chance that is known beforehand."""

    time: float = 1_700_000_000.0
    slept: list[float] = field(default_factory=list[float])
    luck: float = 0.5
    keys: int = 0

    def now(self) -> float:
        """Return the time."""
        return self.time

    def sleep(self, seconds: float, ended: threading.Event | None = None) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.time += seconds

    async def async_sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.sleep(seconds)

    def chance(self) -> float:
        """Return the known number."""
        return self.luck

    def new_key(self) -> str:
        """Return key-1, key-2 and so on."""
        self.keys += 1
        return f"key-{self.keys}"

    def effects(self) -> Effects:
        """Return all of it as the runtime takes it."""
        return Effects(
            monotonic=self.now,
            now=self.now,
            sleep=self.sleep,
            async_sleep=self.async_sleep,
            chance=self.chance,
            new_key=self.new_key,
        )


@dataclass(slots=True)
class Caller:
    """Makes calls with a client of one flavour, so that one test shows both."""

    client: Client | AsyncClient
    runner: asyncio.Runner

    def wait(self, value: T | Awaitable[T]) -> T:
        """Return a value, awaited if need be."""
        if not inspect.isawaitable(value):
            return value
        awaitable = value

        async def main() -> T:
            return await awaitable

        return self.run(main())

    def run(self, main: Coroutine[object, object, T]) -> T:
        """Run a coroutine, in the context of the test."""
        return self.runner.run(main, context=copy_context())

    def send(self, request: Request[T]) -> T:
        """Make a call."""
        client = self.client
        if isinstance(client, Client):
            return client._transport.send(request)
        return self.run(client._transport.send(request))

    def page(self, request: Request[PageData[T]]) -> Page[T] | AsyncPage[T]:
        """Fetch a page."""
        client = self.client
        if isinstance(client, Client):
            return client._transport.page(request)
        page = client._transport.page(request)
        return self.wait(page)

    def items(
        self, page: Page[T] | AsyncPage[T], *, max_items: int | None = None, max_pages: int | None = None
    ) -> list[T]:
        """Loop over all items."""
        items = page.items(max_items=max_items, max_pages=max_pages)
        if not isinstance(items, AsyncIterator):
            return list(items)

        async def main() -> list[T]:
            return [item async for item in items]

        return self.run(main())

    def pages(
        self, page: Page[T] | AsyncPage[T], *, max_pages: int | None = None, direction: Direction = "forwards"
    ) -> list[list[T]]:
        """Loop over all pages."""
        if isinstance(page, Page):
            return [each.data for each in page.pages(max_pages=max_pages, direction=direction)]

        async def main() -> list[list[T]]:
            return [each.data async for each in page.pages(max_pages=max_pages, direction=direction)]

        return self.run(main())

    def neighbour(self, page: Page[T] | AsyncPage[T], direction: Direction) -> Page[T] | AsyncPage[T] | None:
        """Fetch the page beside a page."""
        if isinstance(page, Page):
            return page.next_page() if direction == "forwards" else page.previous_page()
        return self.run(page.next_page() if direction == "forwards" else page.previous_page())

    def stream(self, request: Request[Streamed]) -> ByteStream | AsyncByteStream:
        """Return a stream."""
        return self.client._transport.stream(request)

    def follow(self, request: Request[StreamedItems[T] | None]) -> ItemStream[T] | AsyncItemStream[T]:
        """Return a stream of items."""
        return self.client._transport.items(request)

    def take(self, stream: ItemStream[T] | AsyncItemStream[T], count: int | None = None) -> list[T]:
        """Return the next items of a stream: so many, or all."""
        found: list[T] = []
        if isinstance(stream, ItemStream):
            while len(found) != count and (item := next(stream, _END)) is not _END:
                assert not isinstance(item, _End)
                found.append(item)
            return found

        async def main() -> list[T]:
            while len(found) != count and (item := await anext(stream, _END)) is not _END:
                assert not isinstance(item, _End)
                found.append(item)
            return found

        return self.run(main())

    def enter(self, stream: ItemStream[T] | AsyncItemStream[T]) -> None:
        """Open a stream of items."""
        if isinstance(stream, ItemStream):
            stream.__enter__()
        else:
            self.run(stream.__aenter__())

    def leave(self, stream: ItemStream[T] | AsyncItemStream[T]) -> None:
        """Close a stream of items."""
        if isinstance(stream, ItemStream):
            stream.close()
        else:
            self.run(stream.aclose())

    def with_options(self, *, auth: Auth | None = None, headers: Mapping[str, str] | None = None) -> "Caller":
        """Return a caller with a copy of the client."""
        return Caller(self.client.with_options(auth=auth, headers=headers), self.runner)

    def close(self) -> None:
        """Close the client."""
        if isinstance(self.client, Client):
            self.client.close()
        else:
            self.run(self.client.aclose())


class _End:
    """Stands for the end of a stream."""


_END = _End()


@dataclass(slots=True)
class Callers:
    """Makes callers of one flavour and closes them."""

    flavour: str
    server: Loopback
    clock: Clock
    runner: asyncio.Runner
    made: list[Caller] = field(default_factory=list[Caller])

    def __call__(
        self,
        *,
        url: str | None = None,
        auth: Auth | None = None,
        timeout: float | Timeout | None = 5.0,
        max_retries: int = 2,
        headers: Mapping[str, str] | None = None,
        on_drift: OnDrift | None = None,
        strict: bool = False,
        on_request: OnRequest | None = None,
        on_response: OnResponse | None = None,
        max_response_bytes: int | None = 64 * 1024 * 1024,
        allow_http: bool = False,
        effects: Effects | None = None,
        service: Service = SERVICE,
    ) -> Caller:
        """Return a caller for the server."""
        kind: type[Client | AsyncClient] = Client if self.flavour == "sync" else AsyncClient
        client = kind(
            service,
            url or self.server.url,
            auth=auth,
            timeout=timeout,
            max_retries=max_retries,
            headers=headers,
            on_drift=on_drift,
            strict=strict,
            on_request=on_request,
            on_response=on_response,
            max_response_bytes=max_response_bytes,
            allow_http=allow_http,
            effects=effects or self.clock.effects(),
        )
        caller = Caller(client, self.runner)
        self.made.append(caller)
        return caller

    def bringing(
        self,
        http_client: HttpClient | AsyncHttpClient,
        *,
        url: str,
        timeout: float | Timeout | None = 5.0,
        max_retries: int = 2,
        effects: Effects | None = None,
    ) -> Caller:
        """Return a caller that brings an HTTP client of the flavour."""
        effects = effects or self.clock.effects()
        client = (
            Client(SERVICE, url, timeout=timeout, max_retries=max_retries, http_client=http_client, effects=effects)
            if isinstance(http_client, HttpClient)
            else AsyncClient(
                SERVICE, url, timeout=timeout, max_retries=max_retries, http_client=http_client, effects=effects
            )
        )
        caller = Caller(client, self.runner)
        self.made.append(caller)
        return caller
