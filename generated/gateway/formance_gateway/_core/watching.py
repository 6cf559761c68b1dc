"""What a call tells while it runs: to a caller's hooks, to the log, to a tracer."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Coroutine, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from types import MappingProxyType, TracebackType
from typing import Any, Final, Self

from .guards import is_mapping
from .hooks import RequestEvent, ResponseEvent
from .journal import log_attempt, log_call, log_hook_failure
from .operation import Operation
from .outgoing import Fault, Outgoing
from .redacting import redacted_headers, redacted_url
from .response import Headers
from .secret import scrub
from .settings import Settings, checked_headers
from .tracing import Trace, tracing

SECRET_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization"})
"""Headers that a hook may not set: they are, or may be, credentials."""


class _Watch:
    """What one call tells; all but the calling of hooks."""

    def __init__(self, settings: Settings, operation: Operation[Any]) -> None:
        self._settings = settings
        self._operation = operation
        self._monotonic = settings.effects.monotonic
        self._began = self._sent = self._monotonic()
        self._attempt = 0
        self._secrets: Sequence[str] = ()
        self._url = ""
        self._status: int | None = None
        self._trace = _trace(settings, operation)
        self._current: AbstractContextManager[object] | None = None

    def __enter__(self) -> Self:
        if self._trace is not None:
            self._current = self._trace.current()
            self._current.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        operation = self._operation
        name = None if kind is None else kind.__name__
        log_call(
            operation=operation.name,
            method=operation.method,
            path=operation.path,
            attempts=self._attempt,
            outcome=name or self._status or "",
            duration=self._monotonic() - self._began,
        )
        if self._current is not None:
            self._current.__exit__(None, None, None)
        if self._trace is not None:
            self._trace.end(status=self._status, error=name, attempts=self._attempt)

    def _begin(self, outgoing: Outgoing, secrets: Sequence[str]) -> RequestEvent | None:
        """Note that an attempt begins; return what a hook is told, if there is one."""
        self._attempt += 1
        self._secrets, self._url = secrets, outgoing.url
        self._status = None
        if self._settings.on_request is None:
            return None
        operation = self._operation
        return RequestEvent(
            operation=operation.name,
            method=operation.method,
            path=operation.path,
            url=redacted_url(outgoing.url, secrets),
            attempt=self._attempt,
            headers=_shown(outgoing.headers, secrets),
        )

    def _ready(self, outgoing: Outgoing, asked: object) -> Outgoing:
        """Return an attempt with what a hook and a tracer add to it.

        Raises:
            TypeError: A hook returned something else than headers.
            ValueError: It returned headers that are not the caller's to set.
        """
        present = {name.lower() for name, _ in outgoing.headers}
        added: dict[str, str] = {}
        if self._trace is not None:
            told = self._trace.headers().items()
            added = {name: text for name, text in told if name.lower() not in present}
        if asked is not None:
            fixed = _fixed(outgoing, self._settings)
            added |= _checked(asked, fixed)
        self._sent = self._monotonic()
        return _with_headers(outgoing, added) if added else outgoing

    def _unsent(self, error: BaseException) -> None:
        """Say of an error of a hook what had been sent before."""
        if self._attempt > 1:
            error.add_note(
                f"{self._operation.name}: raised by on_request before attempt "
                f"{self._attempt}, which was not sent; the one before it was"
            )

    def _ended(
        self,
        *,
        status: int | None,
        fault: str | None,
        headers: Headers,
        delay: float | None,
    ) -> ResponseEvent | None:
        """Note that an attempt ended; return what a hook is told, if there is one."""
        self._status = status
        duration = self._monotonic() - self._sent
        operation = self._operation
        log_attempt(
            operation=operation.name,
            method=operation.method,
            path=operation.path,
            attempt=self._attempt,
            outcome=status or fault or "",
            duration=duration,
            delay=delay,
        )
        if self._settings.on_response is None:
            return None
        return ResponseEvent(
            operation=operation.name,
            method=operation.method,
            path=operation.path,
            url=redacted_url(self._url, self._secrets),
            attempt=self._attempt,
            headers=_shown(headers.items(), self._secrets),
            duration=duration,
            status=status,
            fault=fault,
            request_id=headers.request_id,
            delay=delay,
        )

    def _answered(
        self, status: int, headers: Headers, delay: float | None
    ) -> ResponseEvent | None:
        return self._ended(status=status, fault=None, headers=headers, delay=delay)

    def _failed(self, fault: Fault, delay: float | None) -> ResponseEvent | None:
        text = scrub(str(fault), self._secrets)
        return self._ended(status=None, fault=text, headers=Headers(), delay=delay)


class SyncWatch(_Watch):
    """What one call of blocking code tells."""

    def sending(self, outgoing: Outgoing, secrets: Sequence[str]) -> Outgoing:
        """Return an attempt that is about to be sent, with what hooks add to it.

        What the hook raises comes through, and nothing is sent.
        """
        event, hook = self._begin(outgoing, secrets), self._settings.on_request
        try:
            asked = None if event is None or hook is None else hook(event)
            return self._ready(outgoing, asked)
        except BaseException as error:
            self._unsent(error)
            raise

    def answered(self, status: int, headers: Headers, delay: float | None) -> None:
        """Tell that an answer came.

        Args:
            status: Its status.
            headers: Its headers.
            delay: Seconds until the next attempt; None: it was the last.
        """
        self._tell(self._answered(status, headers, delay))

    def failed(self, fault: Fault, delay: float | None) -> None:
        """Tell that no answer came.

        Args:
            fault: What happened.
            delay: Seconds until the next attempt; None: it was the last.
        """
        self._tell(self._failed(fault, delay))

    def _tell(self, event: ResponseEvent | None) -> None:
        hook = self._settings.on_response
        if event is None or hook is None:
            return
        # The call is done: what comes of it must not depend on who looks on.
        try:
            result = hook(event)
            if isinstance(result, Coroutine):
                result.close()
                raise TypeError("on_response: a coroutine needs the async client")
        except Exception as error:  # noqa: BLE001  # the caller's, of any kind
            log_hook_failure(self._operation.name, error)


class AsyncWatch(_Watch):
    """What one call of ``async`` code tells."""

    async def sending(self, outgoing: Outgoing, secrets: Sequence[str]) -> Outgoing:
        """Return an attempt that is about to be sent, with what hooks add to it.

        What the hook raises comes through, and nothing is sent.
        """
        event, hook = self._begin(outgoing, secrets), self._settings.on_request
        try:
            asked = None if event is None or hook is None else hook(event)
            if isinstance(asked, Awaitable):
                asked = await asked
            return self._ready(outgoing, asked)
        except BaseException as error:
            self._unsent(error)
            raise

    async def answered(
        self, status: int, headers: Headers, delay: float | None
    ) -> None:
        """Tell that an answer came.

        Args:
            status: Its status.
            headers: Its headers.
            delay: Seconds until the next attempt; None: it was the last.
        """
        await self._tell(self._answered(status, headers, delay))

    async def failed(self, fault: Fault, delay: float | None) -> None:
        """Tell that no answer came.

        Args:
            fault: What happened.
            delay: Seconds until the next attempt; None: it was the last.
        """
        await self._tell(self._failed(fault, delay))

    async def _tell(self, event: ResponseEvent | None) -> None:
        hook = self._settings.on_response
        if event is None or hook is None:
            return
        # The call is done: what comes of it must not depend on who looks on.
        try:
            result = hook(event)
            if result is not None:
                await result
        except Exception as error:  # noqa: BLE001  # the caller's, of any kind
            log_hook_failure(self._operation.name, error)


def _shown(
    pairs: Iterable[tuple[str, str]], secrets: Sequence[str]
) -> Mapping[str, str]:
    found = redacted_headers(pairs, secrets)
    return MappingProxyType({name.lower(): value for name, value in found})


def _trace(settings: Settings, operation: Operation[Any]) -> Trace | None:
    service = settings.service
    api = tracing(service.name, service.version)
    if api is None:
        return None
    return Trace(
        api,
        method=operation.method,
        template=service.prefix.rstrip("/") + operation.path,
        base_url=settings.base_of(operation.server),
    )


def _fixed(outgoing: Outgoing, settings: Settings) -> frozenset[str]:
    """Return the headers that a hook may not set.

    It may replace those that the caller gave to the client, and no others.
    """
    own = set(settings.headers)
    return SECRET_HEADERS | {
        pair[0].lower()
        for pair in outgoing.headers
        if pair not in own and pair[0].lower() != "user-agent"
    }


def _checked(asked: object, fixed: frozenset[str]) -> dict[str, str]:
    if not is_mapping(asked):
        if inspect.iscoroutine(asked):
            asked.close()
        raise TypeError(
            "on_request: it must return a mapping of headers or None, "
            f"not {type(asked).__name__}"
        )
    headers: dict[str, str] = {}
    for name, value in asked.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise TypeError("on_request: names and values of headers must be str")
        if name.lower() in fixed:
            raise ValueError(f"on_request: {name} is set by the client itself")
        headers[name] = value
    return dict(checked_headers(headers))


def _with_headers(outgoing: Outgoing, added: Mapping[str, str]) -> Outgoing:
    names = {name.lower() for name in added}
    kept = (pair for pair in outgoing.headers if pair[0].lower() not in names)
    return replace(outgoing, headers=(*kept, *added.items()))
