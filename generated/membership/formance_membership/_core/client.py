"""The clients: a service, a server, and the methods that generated code adds."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import ClassVar, Literal, Self

from .auth import Auth
from .capture import Capture, capturing
from .drift import OnDrift
from .effects import Effects
from .environment import from_environment
from .errors import join
from .hooks import AsyncOnRequest, AsyncOnResponse, OnRequest, OnResponse
from .http import (
    AsyncHttp,
    AsyncHttpClient,
    AsyncSender,
    HttpClient,
    SyncHttp,
    SyncSender,
)
from .namespace import AsyncNamespace, Namespace
from .options import SAME, Same, changed
from .service import Service
from .settings import settings_of
from .sharing import Host, Lending, borrow, lend
from .timeout import Timeout
from .transport import AsyncTransport, SyncTransport
from .url import Stack


class Client(Namespace):
    """A client that blocks. Threads may share it.

    Args:
        service: What the client knows about its service.
        server: A stack, or the base URL of a server.
        auth: The credential; None: none is sent.
        timeout: Seconds for each wait on the network, or limits one by one; None: none.
        max_retries: How many attempts may follow a first that failed, where it is safe.
        headers: Headers that go along with every call.
        http_client: Used instead of a client of our own; it is never closed here.
        on_drift: Is told what answers hold that the document does not know.
        strict: Whether that is an error, a `DecodeError`, instead.
        on_request: Is called before each attempt; it may return headers to add.
        on_response: Is called after each attempt.
        max_response_bytes: The most that is read of an answer, after decompression;
            None: no limit. Streams have none.
        allow_http: Whether a credential may go over plain http to another machine;
            to this machine it always may.
        effects: Where time and chance come from.

    Raises:
        ValueError: One of them cannot be.
    """

    _service: ClassVar[Service]
    """The service of a generated client: what `from_env` needs to know."""

    def __init__(
        self,
        service: Service,
        server: Stack | str,
        *,
        auth: Auth | None = None,
        timeout: float | Timeout | None = 30.0,
        max_retries: int = 2,
        headers: Mapping[str, str] | None = None,
        http_client: HttpClient | None = None,
        on_drift: OnDrift | None = None,
        strict: bool = False,
        on_request: OnRequest | None = None,
        on_response: OnResponse | None = None,
        max_response_bytes: int | None = 64 * 1024 * 1024,
        allow_http: bool = False,
        effects: Effects | None = None,
    ) -> None:
        settings = settings_of(
            service,
            server,
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
            effects=effects,
        )
        http = SyncHttp(http_client, settings.effects.sleep)
        super().__init__(SyncTransport(settings, http))

    @classmethod
    def from_env(cls) -> Self:
        """Return a client for the server and credential in environment variables.

        Raises:
            ValueError: A variable is missing; the message names it.
        """
        server, auth = from_environment(cls._service, os.environ)
        client = cls.__new__(cls)
        # A generated client's own arguments may be others.
        Client.__init__(client, cls._service, server, auth=auth)
        return client

    @classmethod
    def sharing(cls, host: Host[SyncSender]) -> Self:
        """Return a client that shares connections, tokens and settings with a host.

        This is how a client of many services makes the clients of each. The errors that
        this package raises are the host's errors too from now on. Closing the client
        closes nothing.
        """
        join(host.errors)
        settings = borrow(cls._service, host)
        http = SyncHttp(None, settings.effects.sleep, host.http)
        client = cls.__new__(cls)
        Namespace.__init__(client, SyncTransport(settings, http))
        return client

    def with_options(
        self,
        *,
        timeout: float | Timeout | Literal[Same.SAME] | None = SAME,
        max_retries: int | None = None,
        headers: Mapping[str, str] | None = None,
        auth: Auth | None = None,
        on_drift: OnDrift | None = None,
        strict: bool | None = None,
        on_request: OnRequest | None = None,
        on_response: OnResponse | None = None,
        max_response_bytes: int | Literal[Same.SAME] | None = SAME,
        allow_http: bool | None = None,
        start_at: str | None = None,
    ) -> Self:
        """Return a copy with other options; it shares connections and tokens.

        What is not given stays as it is; headers are added to those there are. Closing
        one of the copies closes the connections of all.

        Args:
            start_at: What `next` of a page gave: lists of this copy begin there.

        Raises:
            ValueError: One of them cannot be.
        """
        settings = changed(
            self._transport.settings,
            timeout=timeout,
            max_retries=max_retries,
            headers=headers,
            auth=auth,
            on_drift=on_drift,
            strict=strict,
            on_request=on_request,
            on_response=on_response,
            max_response_bytes=max_response_bytes,
            allow_http=allow_http,
            start_at=start_at,
        )
        copy = type(self).__new__(type(self))
        Namespace.__init__(copy, self._transport.with_settings(settings))
        return copy

    def _lend(self, name: str) -> Lending[SyncHttp]:
        """Return what the client of a service shares with this one."""
        transport = self._transport
        return lend(name, transport.settings, transport.tokens, transport.http)

    def capture_response(self) -> AbstractContextManager[Capture]:
        """Gather the answers that this client gets in a ``with`` block.

        Each thread and task sees its own calls, and those of tasks begun in the block.
        """
        return capturing(self._transport.http)

    def close(self) -> None:
        """Close the connections. A client that was given as http_client stays open."""
        self._transport.http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._transport.settings.base_url}>"


class AsyncClient(AsyncNamespace):
    """A client for ``async`` code on asyncio. Tasks and event loops may share it.

    Args:
        service: What the client knows about its service.
        server: A stack, or the base URL of a server.
        auth: The credential; None: none is sent.
        timeout: Seconds for each wait on the network, or limits one by one; None: none.
        max_retries: How many attempts may follow a first that failed, where it is safe.
        headers: Headers that go along with every call.
        http_client: Used instead of a client of our own; it is never closed here.
        on_drift: Is told what answers hold that the document does not know.
        strict: Whether that is an error, a `DecodeError`, instead.
        on_request: Is called before each attempt; it may return headers to add.
        on_response: Is called after each attempt.
        max_response_bytes: The most that is read of an answer, after decompression;
            None: no limit. Streams have none.
        allow_http: Whether a credential may go over plain http to another machine;
            to this machine it always may.
        effects: Where time and chance come from.

    Raises:
        ValueError: One of them cannot be.
    """

    _service: ClassVar[Service]
    """The service of a generated client: what `from_env` needs to know."""

    def __init__(
        self,
        service: Service,
        server: Stack | str,
        *,
        auth: Auth | None = None,
        timeout: float | Timeout | None = 30.0,
        max_retries: int = 2,
        headers: Mapping[str, str] | None = None,
        http_client: AsyncHttpClient | None = None,
        on_drift: OnDrift | None = None,
        strict: bool = False,
        on_request: AsyncOnRequest | None = None,
        on_response: AsyncOnResponse | None = None,
        max_response_bytes: int | None = 64 * 1024 * 1024,
        allow_http: bool = False,
        effects: Effects | None = None,
    ) -> None:
        settings = settings_of(
            service,
            server,
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
            effects=effects,
        )
        http = AsyncHttp(http_client, settings.effects.async_sleep)
        super().__init__(AsyncTransport(settings, http))

    @classmethod
    def from_env(cls) -> Self:
        """Return a client for the server and credential in environment variables.

        Raises:
            ValueError: A variable is missing; the message names it.
        """
        server, auth = from_environment(cls._service, os.environ)
        client = cls.__new__(cls)
        # A generated client's own arguments may be others.
        AsyncClient.__init__(client, cls._service, server, auth=auth)
        return client

    @classmethod
    def sharing(cls, host: Host[AsyncSender]) -> Self:
        """Return a client that shares connections, tokens and settings with a host.

        This is how a client of many services makes the clients of each. The errors that
        this package raises are the host's errors too from now on. Closing the client
        closes nothing.
        """
        join(host.errors)
        settings = borrow(cls._service, host)
        http = AsyncHttp(None, settings.effects.async_sleep, host.http)
        client = cls.__new__(cls)
        AsyncNamespace.__init__(client, AsyncTransport(settings, http))
        return client

    def with_options(
        self,
        *,
        timeout: float | Timeout | Literal[Same.SAME] | None = SAME,
        max_retries: int | None = None,
        headers: Mapping[str, str] | None = None,
        auth: Auth | None = None,
        on_drift: OnDrift | None = None,
        strict: bool | None = None,
        on_request: AsyncOnRequest | None = None,
        on_response: AsyncOnResponse | None = None,
        max_response_bytes: int | Literal[Same.SAME] | None = SAME,
        allow_http: bool | None = None,
        start_at: str | None = None,
    ) -> Self:
        """Return a copy with other options; it shares connections and tokens.

        What is not given stays as it is; headers are added to those there are. Closing
        one of the copies closes the connections of all.

        Args:
            start_at: What `next` of a page gave: lists of this copy begin there.

        Raises:
            ValueError: One of them cannot be.
        """
        settings = changed(
            self._transport.settings,
            timeout=timeout,
            max_retries=max_retries,
            headers=headers,
            auth=auth,
            on_drift=on_drift,
            strict=strict,
            on_request=on_request,
            on_response=on_response,
            max_response_bytes=max_response_bytes,
            allow_http=allow_http,
            start_at=start_at,
        )
        copy = type(self).__new__(type(self))
        AsyncNamespace.__init__(copy, self._transport.with_settings(settings))
        return copy

    def _lend(self, name: str) -> Lending[AsyncHttp]:
        """Return what the client of a service shares with this one."""
        transport = self._transport
        return lend(name, transport.settings, transport.tokens, transport.http)

    def capture_response(self) -> AbstractContextManager[Capture]:
        """Gather the answers that this client gets in a ``with`` block.

        Each thread and task sees its own calls, and those of tasks begun in the block.
        """
        return capturing(self._transport.http)

    async def aclose(self) -> None:
        """Close the connections. A client that was given as http_client stays open."""
        await self._transport.http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._transport.settings.base_url}>"
