"""D: what is tried again, how often, and what is never sent twice."""

import threading
from collections.abc import Iterator, Mapping

import httpcore2
import httpx2
import pytest

from flavours import Callers, Clock
from rig import BUSY, NO_CONTENT, Heard, Rig, Step, blackhole, closed_port, rig
from runtime.effects import Effects
from runtime.errors import ApiError, RequestTimeout, ServerError, TransportError
from runtime.operation import Empty, Operation
from runtime.outgoing import Progress
from runtime.retry import BUDGET, COST, Budget
from runtime.timeout import Timeout
from sample_client import CREATE, DELETE, IMPORT, POST, Account

NOTHING: Mapping[str, object] = {}
WRITE = POST.request(body=Account(address="a"))


KEYED = CREATE.request(path=("l",), query=(None,), headers=(None,), body=Account(address="a"))


BODY = b'{"data":{"address":"a"}}'


CREATED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY


ACCOUNT = CREATED.replace(b"24", b"15").replace(BODY, b'{"address":"a"}')


HALF = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"


def answer(status: int, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status} X", "Content-Length: 0", *headers, "", ""]).encode()


def of_method(method: str) -> Operation[None]:
    return Operation(name="thing", method=method, path="/thing", results=(("200", Empty()), ("204", Empty())))


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_d1_harmless_methods_are_tried_again(callers: Callers, origin: Rig, method: str) -> None:
    origin.script([("serve", answer(503))])
    with pytest.raises(ServerError):
        callers(url=origin.url).send(of_method(method).request())
    assert [each.method for each in origin.requests] == [method] * 3


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize("reply", [answer(503), answer(429, "Retry-After: 0"), answer(500, "Retry-After: 1")])
def test_d1_others_are_not(callers: Callers, origin: Rig, method: str, reply: bytes) -> None:
    origin.script([("serve", reply)])
    with pytest.raises(ApiError):
        callers(url=origin.url).send(of_method(method).request())
    assert len(origin.requests) == 1


def test_d1_one_key_is_for_all_attempts_of_a_call(callers: Callers, origin: Rig) -> None:
    busy = answer(503, "Connection: close")
    origin.script([("read_request",), ("send", busy), ("close",)], [("read_request",), ("rst",)], [("serve", CREATED)])
    caller = callers(url=origin.url)
    caller.send(KEYED)
    caller.send(KEYED)
    keys = [each.header("Idempotency-Key") for each in origin.requests]
    assert keys == ["key-1", "key-1", "key-1", "key-2"]


def test_d2_a_refused_connection_may_be_tried_again(callers: Callers, clock: Clock) -> None:
    with closed_port() as url, pytest.raises(TransportError) as caught:
        callers(url=url).send(WRITE)
    assert len(clock.slept) == 2
    assert not caught.value.may_have_been_applied


def test_d2_a_connection_that_never_comes_may_be_tried_again(callers: Callers, clock: Clock) -> None:
    with blackhole() as url, pytest.raises(RequestTimeout) as caught:
        callers(url=url, timeout=Timeout(connect=0.02)).send(WRITE)
    assert len(clock.slept) == 2
    assert not caught.value.may_have_been_applied


def test_d2_a_handshake_that_is_reset_may_be_tried_again(callers: Callers, clock: Clock) -> None:
    with rig() as origin:
        origin.script([("read", 5), ("rst",)])
        with pytest.raises(TransportError) as caught:
            callers(url=origin.url.replace("http:", "https:")).send(WRITE)
    assert len(origin.connections) == 3
    assert not caught.value.may_have_been_applied


def test_d2_a_reset_on_accept_never_means_two_posts(callers: Callers, origin: Rig, clock: Clock) -> None:
    # Whether a byte was written before the reset came is a race: the server tells.
    origin.script([("rst",)])
    with pytest.raises(TransportError) as caught:
        callers(url=origin.url).send(WRITE)
    assert caught.value.may_have_been_applied or len(clock.slept) == 2
    assert origin.requests == []


class _Refusing(httpcore2.NetworkStream):
    """A connection that was reset before anything could be written."""

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        raise httpcore2.WriteError("reset")

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        raise httpcore2.ReadError("reset")

    def close(self) -> None:
        return


class _AsyncRefusing(httpcore2.AsyncNetworkStream):
    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        raise httpcore2.WriteError("reset")

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        raise httpcore2.ReadError("reset")

    async def aclose(self) -> None:
        return


class _Backend(httpcore2.NetworkBackend):
    def connect_tcp(self, *args: object, **kwargs: object) -> httpcore2.NetworkStream:
        return _Refusing()


class _AsyncBackend(httpcore2.AsyncNetworkBackend):
    async def connect_tcp(self, *args: object, **kwargs: object) -> httpcore2.AsyncNetworkStream:
        return _AsyncRefusing()


def test_d2_a_head_that_could_not_be_written_may_be_tried_again(callers: Callers, clock: Clock) -> None:
    own: httpx2.Client | httpx2.AsyncClient
    if callers.flavour == "sync":
        transport = httpx2.HTTPTransport()
        transport._pool = httpcore2.ConnectionPool(network_backend=_Backend())
        own = httpx2.Client(transport=transport)
    else:
        asynchronous = httpx2.AsyncHTTPTransport()
        asynchronous._pool = httpcore2.AsyncConnectionPool(network_backend=_AsyncBackend())
        own = httpx2.AsyncClient(transport=asynchronous)
    with pytest.raises(TransportError) as caught:
        callers.bringing(own, url="http://127.0.0.1:1").send(WRITE)
    assert len(clock.slept) == 2
    assert not caught.value.may_have_been_applied


@pytest.mark.parametrize(
    ("told", "unsent"),
    [
        ([], False),
        ([("connection.connect_tcp.started", NOTHING)], True),
        ([("http11.send_request_headers.started", NOTHING)], False),
        ([("http11.send_request_headers.failed", {"exception": httpcore2.WriteTimeout()})], False),
        ([("http11.send_request_headers.failed", {"exception": httpcore2.WriteError()})], True),
        (
            [
                ("http11.send_request_headers.started", NOTHING),
                ("http11.send_request_headers.complete", NOTHING),
                ("http11.send_request_body.failed", {"exception": httpcore2.WriteError()}),
            ],
            False,
        ),
    ],
)
def test_d2_what_is_certain(told: list[tuple[str, Mapping[str, object]]], unsent: bool) -> None:  # noqa: FBT001
    progress = Progress()
    for event, info in told:
        progress.note(event, info)
    assert progress.unsent is unsent


@pytest.mark.parametrize(
    "steps",
    [
        [("read_head",), ("rst",)],
        [("read_head",), ("close",)],
        [("read", 20), ("rst",)],
        [("read_request",), ("rst",)],
        [("read_request",), ("close",)],
        [("read_request",), ("send", b"HTTP/1.1 200"), ("rst",)],
        [("read_request",), ("send", HALF), ("rst",)],
        [("read_request",), ("send", HALF), ("close",)],
        [("read_request",), ("stall",)],
    ],
)
def test_d3_a_half_sent_post_is_never_sent_again(
    callers: Callers, origin: Rig, clock: Clock, steps: list[Step]
) -> None:
    origin.script(steps)
    with pytest.raises(TransportError, match="it may have been applied") as caught:
        callers(url=origin.url, timeout=Timeout(read=0.05)).send(WRITE)
    assert caught.value.may_have_been_applied
    assert len(origin.connections) == 1
    assert clock.slept == []


def test_d3_what_an_earlier_attempt_may_have_done_is_not_forgotten(callers: Callers) -> None:
    with rig() as gone:
        gone.script([("read_request",), ("rst",)])
        url = gone.url

        # The server dies of the first attempt: the others find nobody.
        def die(seconds: float, ended: threading.Event | None = None) -> None:
            gone.stop()

        async def die_async(seconds: float) -> None:
            die(seconds)

        with pytest.raises(TransportError) as caught:
            callers(url=url, effects=Effects(sleep=die, async_sleep=die_async)).send(DELETE.request())
    assert "ConnectError" in str(caught.value)
    assert caught.value.may_have_been_applied


def test_d4_a_connection_closed_while_idle_is_not_used(callers: Callers, origin: Rig) -> None:
    origin.script([("read_request",), ("send", ACCOUNT), ("close",)], [("serve", ACCOUNT)])
    caller = callers(url=origin.url)
    caller.send(WRITE)
    origin.until(lambda: origin.open == 0)
    caller.send(WRITE)
    assert [each.connection for each in origin.requests] == [0, 1]
    assert [each.method for each in origin.requests] == ["POST", "POST"]


def test_d4_a_connection_that_breaks_as_it_is_used_sends_no_post_twice(callers: Callers, origin: Rig) -> None:
    origin.script(
        [("read_request",), ("send", ACCOUNT), ("read_head",), ("rst",)],
        [("serve", NO_CONTENT)],
    )
    caller = callers(url=origin.url)
    caller.send(WRITE)
    with pytest.raises(TransportError) as caught:
        caller.send(WRITE)
    assert caught.value.may_have_been_applied
    assert len(origin.connections) == 1


def test_d4_a_harmless_call_goes_on_by_another_connection(callers: Callers, origin: Rig) -> None:
    origin.script(
        [("read_request",), ("send", NO_CONTENT), ("read_head",), ("rst",)],
        [("serve", NO_CONTENT)],
    )
    caller = callers(url=origin.url)
    caller.send(DELETE.request())
    caller.send(DELETE.request())
    assert [each.connection for each in origin.requests] == [0, 0, 1]


def test_d7_a_dead_server_is_not_stormed(callers: Callers, clock: Clock) -> None:
    def attempts(url: str) -> int:
        caller = callers(url=url)
        copy = caller.with_options(headers={"X-A": "1"})
        for _ in range(250):
            for each in (caller, copy):
                with pytest.raises(TransportError):
                    each.send(DELETE.request())
        return 500 + len(clock.slept)

    with closed_port() as url:
        assert 501 < attempts(url) <= 600


def test_d7_calls_that_succeed_fill_the_budget(callers: Callers, origin: Rig) -> None:
    replies: Iterator[bytes] = iter([BUSY] * 3 * BUDGET)
    failing = True

    def reply(_: Heard) -> bytes:
        return next(replies) if failing else NO_CONTENT

    origin.script([("answer", reply)])
    caller = callers(url=origin.url)
    for _ in range(BUDGET // COST):
        with pytest.raises(ServerError):
            caller.send(DELETE.request())
    failing = False
    for _ in range(COST):
        caller.send(DELETE.request())
    failing = True
    origin.requests.clear()
    with pytest.raises(ServerError):
        caller.send(DELETE.request())
    assert len(origin.requests) == 2


def test_d7_a_call_that_succeeds_in_the_end_costs_nothing(callers: Callers, origin: Rig) -> None:
    turns = iter(range(10 * BUDGET))
    origin.script([("answer", lambda _: BUSY if next(turns) % 3 else NO_CONTENT)])
    caller = callers(url=origin.url)
    calls = BUDGET // COST + 10
    for _ in range(calls):
        caller.send(DELETE.request())
    # None was given up: the first succeeded at once, each other at its third attempt.
    assert len(origin.requests) == 1 + 3 * (calls - 1)


def test_d7_threads_never_spend_more_than_there_is() -> None:
    budget = Budget()
    paid: list[bool] = []
    together = threading.Barrier(8)

    def spend() -> None:
        together.wait()
        paid.extend(budget.spend() for _ in range(BUDGET))

    threads = [threading.Thread(target=spend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Two that both find too little may each give theirs back: never more than there was.
    assert BUDGET // COST - 8 < sum(paid) <= BUDGET // COST


@pytest.mark.parametrize("status", [408, 429, 503])
def test_d8_a_spent_body_is_not_sent_again(callers: Callers, origin: Rig, status: int) -> None:
    operation = IMPORT.__class__(name="put", method="PUT", path="/put", body=IMPORT.body, results=IMPORT.results)
    origin.script([("serve", answer(status))])
    with pytest.raises(ApiError):
        callers(url=origin.url).send(operation.request(body=iter([b"a", b"b"])))
    assert [each.body for each in origin.requests] == [b"ab"]


RETRIED = {408, 425, 429, 502, 503, 504}


@pytest.mark.parametrize("status", [*range(400, 452), *range(500, 512), 599])
def test_d9_which_errors_are_the_last_word(callers: Callers, origin: Rig, status: int) -> None:
    origin.script([("serve", answer(status))])
    with pytest.raises(ApiError) as caught:
        callers(url=origin.url, max_retries=1).send(DELETE.request())
    assert caught.value.status == status
    assert len(origin.requests) == (2 if status in RETRIED else 1)
