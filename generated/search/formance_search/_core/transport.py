"""The sending of calls: the two loops that blocking and ``async`` code differ in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from typing_extensions import TypeVar

from .call import Call, explain
from .decoding import api_error, decode, is_success
from .envelopes import PageData
from .feed import Feed
from .following import starting
from .http import AsyncHttp, SyncHttp
from .item_stream import AsyncItemStream, ItemStream
from .opened import AsyncOpenResponse, OpenResponse
from .operation import Request
from .outgoing import Fault, Outgoing
from .page import AsyncPage, Page
from .response import Headers, Response
from .results import Streamed
from .secret import Kept
from .sequences import StreamedItems
from .settings import Settings
from .stream import AsyncByteStream, ByteStream
from .tokens import AsyncTokens, SyncTokens
from .watching import AsyncWatch, SyncWatch

T = TypeVar("T")


class Answer(Protocol):
    """An answer, read or not."""

    @property
    def status(self) -> int:
        """The HTTP status."""
        ...

    @property
    def headers(self) -> Headers:
        """The headers."""
        ...


A = TypeVar("A", bound=Answer)


class SyncTransport(Kept):
    """Sends calls and waits for their answers."""

    def __init__(
        self, settings: Settings, http: SyncHttp, tokens: SyncTokens | None = None
    ) -> None:
        self.settings = settings
        self.http = http
        self.tokens = tokens or SyncTokens(settings.token_settings(), http)

    def send(self, request: Request[T]) -> T:
        """Make a call and return its result.

        Raises:
            InvalidRequest: A value cannot be sent.
            ClientError: The call did not succeed.
        """
        call = Call(self.settings, request)
        response = self._exchange(call, self._fetch)
        return decode(
            request.operation,
            response,
            on_drift=self.settings.on_drift,
            strict=self.settings.strict,
            secrets=call.secrets,
            describe=call.describe,
        )

    def page(self, request: Request[PageData[T]]) -> Page[T]:
        """Make a call and return its page, which leads on to the others."""
        request = starting(request, self.settings.start_at)
        return Page(self.send(request), request, self.send)

    def stream(self, request: Request[Streamed | None]) -> ByteStream:
        """Return the body of a call that is made when it is read."""
        return ByteStream(
            lambda: self._open(Call(self.settings, request)),
            lambda fault: explain(request.operation, fault),
        )

    def items(self, request: Request[StreamedItems[T] | None]) -> ItemStream[T]:
        """Return the items of a call that is made when the first is asked for."""

        def opened() -> tuple[OpenResponse, Feed[T]]:
            call = Call(self.settings, request)
            answer = self._open(call)
            operation, head = request.operation, (answer.status, answer.headers)
            return answer, Feed(self.settings, call, operation, *head)

        return ItemStream(opened, lambda fault: explain(request.operation, fault))

    def with_settings(self, settings: Settings) -> SyncTransport:
        """Return a transport with other settings and the same connections."""
        same = settings.auth is self.settings.auth
        return SyncTransport(settings, self.http, self.tokens if same else None)

    def _open(self, call: Call) -> OpenResponse:
        operation = call.operation

        def receive(outgoing: Outgoing) -> OpenResponse | Response:
            answer = self.http.open(outgoing)
            if is_success(operation, answer.status):
                answer.begin()
                self.http.keep(Response(answer.status, answer.headers))
                return answer
            with answer:
                response = answer.read()
            self.http.keep(response)
            return response

        answer = self._exchange(call, receive)
        if isinstance(answer, Response):
            raise api_error(
                operation, answer, secrets=call.secrets, request=call.describe()
            )
        return answer

    def _fetch(self, outgoing: Outgoing) -> Response:
        response = self.http.fetch(outgoing)
        self.http.keep(response)
        return response

    def _exchange(self, call: Call, receive: Callable[[Outgoing], A]) -> A:
        with SyncWatch(self.settings, call.operation) as watch:
            return self._attempts(call, receive, watch)

    def _attempts(
        self, call: Call, receive: Callable[[Outgoing], A], watch: SyncWatch
    ) -> A:
        while True:
            with call.named():
                secrets = [
                    self.tokens.secret(
                        placement, rejected=call.rejected(index), deadline=call.deadline
                    )
                    for index, placement in enumerate(call.placements)
                ]
            outgoing = watch.sending(call.outgoing(secrets), call.secrets)
            try:
                answer = receive(outgoing)
            except Fault as fault:
                delay = call.failed(fault)
                watch.failed(fault, delay)
                if delay is None:
                    raise call.explain(fault) from fault
            else:
                delay = call.answered(answer.status, answer.headers)
                try:
                    watch.answered(answer.status, answer.headers, delay)
                except BaseException:
                    # Only what ends a program or task comes here: see `watching`.
                    if isinstance(answer, OpenResponse):
                        answer.close()
                    raise
                if delay is None:
                    return answer
            self.http.pause(delay)


class AsyncTransport(Kept):
    """Sends calls and awaits their answers."""

    def __init__(
        self, settings: Settings, http: AsyncHttp, tokens: AsyncTokens | None = None
    ) -> None:
        self.settings = settings
        self.http = http
        self.tokens = tokens or AsyncTokens(settings.token_settings(), http)

    async def send(self, request: Request[T]) -> T:
        """Make a call and return its result.

        Raises:
            InvalidRequest: A value cannot be sent.
            ClientError: The call did not succeed.
        """
        call = Call(self.settings, request)
        response = await self._exchange(call, self._fetch)
        return decode(
            request.operation,
            response,
            on_drift=self.settings.on_drift,
            strict=self.settings.strict,
            secrets=call.secrets,
            describe=call.describe,
        )

    def page(self, request: Request[PageData[T]]) -> AsyncPage[T]:
        """Return the page of a call that is made when it is looped over or awaited."""
        return AsyncPage(starting(request, self.settings.start_at), self.send)

    def stream(self, request: Request[Streamed | None]) -> AsyncByteStream:
        """Return the body of a call that is made when it is read."""
        return AsyncByteStream(
            lambda: self._open(Call(self.settings, request)),
            lambda fault: explain(request.operation, fault),
        )

    def items(self, request: Request[StreamedItems[T] | None]) -> AsyncItemStream[T]:
        """Return the items of a call that is made when the first is asked for."""

        async def opened() -> tuple[AsyncOpenResponse, Feed[T]]:
            call = Call(self.settings, request)
            answer = await self._open(call)
            operation, head = request.operation, (answer.status, answer.headers)
            return answer, Feed(self.settings, call, operation, *head)

        return AsyncItemStream(opened, lambda fault: explain(request.operation, fault))

    def with_settings(self, settings: Settings) -> AsyncTransport:
        """Return a transport with other settings and the same connections."""
        same = settings.auth is self.settings.auth
        return AsyncTransport(settings, self.http, self.tokens if same else None)

    async def _open(self, call: Call) -> AsyncOpenResponse:
        operation = call.operation

        async def receive(outgoing: Outgoing) -> AsyncOpenResponse | Response:
            answer = await self.http.open(outgoing)
            if is_success(operation, answer.status):
                answer.begin()
                self.http.keep(Response(answer.status, answer.headers))
                return answer
            async with answer:
                response = await answer.read()
            self.http.keep(response)
            return response

        answer = await self._exchange(call, receive)
        if isinstance(answer, Response):
            raise api_error(
                operation, answer, secrets=call.secrets, request=call.describe()
            )
        return answer

    async def _fetch(self, outgoing: Outgoing) -> Response:
        response = await self.http.fetch(outgoing)
        self.http.keep(response)
        return response

    async def _exchange(
        self, call: Call, receive: Callable[[Outgoing], Awaitable[A]]
    ) -> A:
        with AsyncWatch(self.settings, call.operation) as watch:
            return await self._attempts(call, receive, watch)

    async def _attempts(
        self,
        call: Call,
        receive: Callable[[Outgoing], Awaitable[A]],
        watch: AsyncWatch,
    ) -> A:
        while True:
            with call.named():
                secrets = [
                    await self.tokens.secret(
                        placement, rejected=call.rejected(index), deadline=call.deadline
                    )
                    for index, placement in enumerate(call.placements)
                ]
            outgoing = await watch.sending(call.outgoing(secrets), call.secrets)
            try:
                answer = await receive(outgoing)
            except Fault as fault:
                delay = call.failed(fault)
                await watch.failed(fault, delay)
                if delay is None:
                    raise call.explain(fault) from fault
            else:
                delay = call.answered(answer.status, answer.headers)
                try:
                    await watch.answered(answer.status, answer.headers, delay)
                except BaseException:
                    # Only what ends a program or task comes here: see `watching`.
                    if isinstance(answer, AsyncOpenResponse):
                        await answer.aclose()
                    raise
                if delay is None:
                    return answer
            await self.http.pause(delay)
