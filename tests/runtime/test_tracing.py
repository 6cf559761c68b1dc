"""Spans: one for each call where OpenTelemetry is installed, nothing where it is not."""

import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Final

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from flavours import Callers
from loopback import Answer, Loopback, json_answer
from runtime import tracing
from runtime.client import Client
from runtime.errors import NotFound, TransportError
from sample_client import EXPORT, GET

CALL: Final = GET.request(path=("ledger-value", "users:001"), query=("q-value", None), headers=("h-value",), cookies=())
FOUND: Final = json_answer({"data": {"address": "a"}})


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Generator[InMemorySpanExporter]:
    """What a program that has set up OpenTelemetry is shown."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    tracing.tracing.cache_clear()
    yield exporter
    tracing.tracing.cache_clear()


def only(spans: InMemorySpanExporter) -> ReadableSpan:
    (span,) = spans.get_finished_spans()
    return span


def test_a_call_is_a_span(server: Loopback, callers: Callers, spans: InMemorySpanExporter) -> None:
    server.say(FOUND)
    callers().send(CALL)
    span = only(spans)
    assert span.name == "GET /api/sample/v2/{ledger}/accounts/{address}"
    assert span.kind is SpanKind.CLIENT
    assert span.status.status_code is StatusCode.UNSET
    assert dict(span.attributes or {}) == {
        "http.request.method": "GET",
        "url.template": "/api/sample/v2/{ledger}/accounts/{address}",
        "server.address": "127.0.0.1",
        "server.port": int(server.url.rpartition(":")[2]),
        "http.response.status_code": 200,
    }
    assert span.instrumentation_scope is not None
    assert (span.instrumentation_scope.name, span.instrumentation_scope.version) == ("formance_sample", "1.2.3")


def test_the_server_is_told_of_the_span(server: Loopback, callers: Callers, spans: InMemorySpanExporter) -> None:
    server.say(Answer(status=503), FOUND)
    with trace.get_tracer("test").start_as_current_span("outer") as outer:
        callers().send(CALL)
    inner = next(span for span in spans.get_finished_spans() if span.kind is SpanKind.CLIENT)
    assert inner.parent == outer.get_span_context()
    context = inner.get_span_context()
    assert context is not None
    expected = f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
    assert [request.header("traceparent") for request in server.requests] == [expected, expected]


def test_attempts_are_counted(server: Loopback, callers: Callers, spans: InMemorySpanExporter) -> None:
    server.say(Answer(status=503), Answer(drop=True), FOUND)
    callers().send(CALL)
    attributes = only(spans).attributes or {}
    assert (attributes["http.request.resend_count"], attributes["http.response.status_code"]) == (2, 200)
    assert "error.type" not in attributes


def test_a_refusal_is_an_error_of_its_status(server: Loopback, callers: Callers, spans: InMemorySpanExporter) -> None:
    server.say(Answer(status=404))
    with pytest.raises(NotFound):
        callers().send(CALL)
    span = only(spans)
    attributes = span.attributes or {}
    assert (attributes["http.response.status_code"], attributes["error.type"]) == (404, "404")
    assert span.status.status_code is StatusCode.ERROR


def test_no_answer_is_an_error_of_its_name(server: Loopback, callers: Callers, spans: InMemorySpanExporter) -> None:
    server.say(Answer(drop=True))
    with pytest.raises(TransportError):
        callers(max_retries=0).send(CALL)
    span = only(spans)
    attributes = span.attributes or {}
    assert attributes["error.type"] == "TransportError"
    assert "http.response.status_code" not in attributes
    assert span.status.status_code is StatusCode.ERROR
    assert span.events == ()


def test_values_are_in_no_span(server: Loopback, callers: Callers, spans: InMemorySpanExporter) -> None:
    server.say(FOUND)
    callers().send(CALL)
    shown = only(spans).to_json()
    assert "-value" not in shown
    assert "users" not in shown


def test_a_stream_is_a_span_too(server: Loopback, callers: Callers, spans: InMemorySpanExporter) -> None:
    server.say(Answer(body=b"logs"))
    caller = callers()
    caller.wait(caller.stream(EXPORT.request()).read())
    assert only(spans).name == "POST /api/sample/export"


def test_the_span_is_current_for_hooks_and_a_callers_own_header_wins(
    server: Loopback, callers: Callers, spans: InMemorySpanExporter
) -> None:
    seen: list[int] = []
    server.say(FOUND)
    caller = callers(
        headers={"Traceparent": "mine"},
        on_response=lambda _: seen.append(trace.get_current_span().get_span_context().span_id),
    )
    caller.send(CALL)
    context = only(spans).get_span_context()
    assert context is not None
    assert seen == [context.span_id]
    assert server.last.header("traceparent") == "mine"
    assert not trace.get_current_span().get_span_context().is_valid


def test_without_a_provider_nothing_is_sent_along(server: Loopback, callers: Callers) -> None:
    server.say(FOUND)
    callers().send(CALL)
    assert server.last.header("traceparent") is None


ABSENT: Final = """
import sys
sys.modules["opentelemetry"] = None
from runtime.tracing import tracing
from runtime.client import Client
from sample_client import GET, SERVICE
with Client(SERVICE, sys.argv[1]) as client:
    call = GET.request(path=("l", "a"), query=(None, None), headers=(None,), cookies=(None,))
    print(client._transport.send(call).address, tracing("a", "1"))
"""
LAZY: Final = """
import sys
from runtime.client import Client
from sample_client import SERVICE
with Client(SERVICE, "http://localhost:1"):
    print([name for name in sys.modules if name.startswith("opentelemetry")])
"""


def run(code: str, *args: str) -> str:
    folder = Path(Client.__init__.__code__.co_filename).parents[1]
    paths = f"{folder}:{Path(__file__).parents[1]}"
    command = [sys.executable, "-W", "error", "-c", code, *args]
    return subprocess.run(command, env={"PYTHONPATH": paths}, capture_output=True, text=True, check=True).stdout


def test_without_the_package_calls_go_on(server: Loopback) -> None:
    server.say(FOUND)
    assert run(ABSENT, server.url) == "a None\n"
    assert server.last.header("traceparent") is None


def test_it_is_looked_for_by_the_first_call_and_not_before() -> None:
    assert run(LAZY) == "[]\n"
