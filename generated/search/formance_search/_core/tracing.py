"""Spans of OpenTelemetry, where its API is installed: one for each call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Protocol
from urllib.parse import urlsplit


class Span(Protocol):
    """A span of ``opentelemetry.trace``: what is used of it."""

    def is_recording(self) -> bool:
        """Tell whether anybody will see it."""
        ...

    def set_attribute(self, key: str, value: str | int) -> None:
        """Note a fact."""
        ...

    def set_status(self, status: object) -> None:
        """Note how it ended."""
        ...

    def end(self) -> None:
        """End it."""
        ...


class Tracer(Protocol):
    """A tracer of ``opentelemetry.trace``: what is used of it."""

    def start_span(
        self, name: str, *, kind: object, attributes: Mapping[str, str | int]
    ) -> Span:
        """Begin a span below the current one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracing:
    """The part of OpenTelemetry's API that is used here."""

    tracer: Tracer
    client: object
    """The kind of a span that stands for a call."""
    failed: object
    """The status of one that failed."""
    use_span: Callable[..., AbstractContextManager[object]]
    inject: Callable[[dict[str, str]], None]


class Trace:
    """The span of one call.

    It follows the semantic conventions for HTTP clients; the URL is left out, since
    it holds values of parameters.
    """

    def __init__(
        self, tracing: Tracing, *, method: str, template: str, base_url: str
    ) -> None:
        server = urlsplit(base_url)
        port = server.port or (443 if server.scheme == "https" else 80)
        self._tracing = tracing
        self._span = tracing.tracer.start_span(
            f"{method} {template}",
            kind=tracing.client,
            attributes={
                "http.request.method": method,
                "url.template": template,
                "server.address": server.hostname or "",
                "server.port": port,
            },
        )

    def current(self) -> AbstractContextManager[object]:
        """Return a block in which this span is the current one."""
        return self._tracing.use_span(
            self._span,
            end_on_exit=False,
            record_exception=False,
            set_status_on_exception=False,
        )

    def headers(self) -> Mapping[str, str]:
        """Return what tells the server of the current span."""
        carrier: dict[str, str] = {}
        self._tracing.inject(carrier)
        return carrier

    def end(self, *, status: int | None, error: str | None, attempts: int) -> None:
        """End the span.

        Args:
            status: The last status, if an answer came.
            error: The name of what was raised instead of an answer.
            attempts: How many there were.
        """
        span = self._span
        if span.is_recording():
            if status is not None:
                span.set_attribute("http.response.status_code", status)
            if attempts > 1:
                span.set_attribute("http.request.resend_count", attempts - 1)
            kind = error or (str(status) if status and status >= 400 else None)
            if kind is not None:
                span.set_attribute("error.type", kind)
                span.set_status(self._tracing.failed)
        span.end()


@cache
def tracing(package: str, version: str) -> Tracing | None:
    """Return OpenTelemetry's API; None where it is not installed.

    Args:
        package: Who makes the spans.
        version: Its version.
    """
    try:
        trace = import_module("opentelemetry.trace")
        propagate = import_module("opentelemetry.propagate")
    except ImportError:
        return None
    return Tracing(
        tracer=trace.get_tracer(package, version),
        client=trace.SpanKind.CLIENT,
        failed=trace.Status(trace.StatusCode.ERROR),
        use_span=trace.use_span,
        inject=propagate.inject,
    )
