"""Attempts: which calls are made again, when, and how often."""

import io
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flavours import Callers, Clock
from loopback import Answer, Loopback, json_answer
from runtime.errors import ApiError, RequestTimeout, ServerError, TransportError
from runtime.retry import LONGEST, backoff, seconds_of
from runtime.timeout import Timeout
from sample_client import CREATE, DELETE, IMPORT, POST, Account

BUSY = Answer(status=503)
DROPPED = Answer(drop=True)
ACCOUNT = json_answer({"data": {"address": "a"}})
CALL = CREATE.request(path=("l",), query=(None,), headers=(None,), body=Account(address="a"))


@pytest.mark.parametrize("failure", [BUSY, DROPPED, Answer(status=429), Answer(body=b"{", cut=9)])
def test_a_harmless_call_is_made_again(server: Loopback, callers: Callers, clock: Clock, failure: Answer) -> None:
    server.say(failure, failure, Answer(status=204))
    callers().send(DELETE.request())
    assert len(server.requests) == 3
    assert clock.slept == [0.25, 0.5]


@pytest.mark.parametrize("failure", [BUSY, DROPPED])
def test_a_call_with_a_key_is_made_again_with_the_same_key(server: Loopback, callers: Callers, failure: Answer) -> None:
    server.say(failure, failure, ACCOUNT)
    caller = callers()
    caller.send(CALL)
    caller.send(CALL)
    keys = [request.header("Idempotency-Key") for request in server.requests]
    assert keys == ["key-1"] * 3 + ["key-2"]
    assert {request.body for request in server.requests} == {b'{"address":"a"}'}


def test_a_key_that_the_caller_gave_is_used(server: Loopback, callers: Callers) -> None:
    server.say(BUSY, ACCOUNT)
    callers().send(CREATE.request(path=("l",), query=(True,), headers=("mine",), body=Account(address="a")))
    assert [request.header("Idempotency-Key") for request in server.requests] == ["mine", "mine"]
    assert server.last.target == "/api/sample/v2/l/accounts?dryRun=true"


def test_a_post_without_a_key_is_never_made_again(server: Loopback, callers: Callers, clock: Clock) -> None:
    server.say(BUSY)
    with pytest.raises(ServerError):
        callers().send(POST.request(body=Account(address="a")))
    server.script.clear()
    server.say(DROPPED)
    with pytest.raises(TransportError, match="it may have been applied") as caught:
        callers().send(POST.request(body=Account(address="a")))
    assert caught.value.may_have_been_applied
    assert len(server.requests) == 2
    assert not clock.slept


def test_what_never_reached_a_server_is_always_sent_again(callers: Callers, clock: Clock) -> None:
    with pytest.raises(TransportError) as caught:
        callers(url="http://127.0.0.1:1").send(POST.request(body=Account(address="a")))
    assert not caught.value.may_have_been_applied
    assert len(clock.slept) == 2


@pytest.mark.parametrize("status", [400, 401, 404, 409, 500, 501, 505])
def test_other_errors_are_the_last_word(server: Loopback, callers: Callers, status: int) -> None:
    server.say(Answer(status=status))
    with pytest.raises(ApiError):
        callers().send(DELETE.request())
    assert len(server.requests) == 1


def test_a_body_that_is_spent_is_not_sent_again(server: Loopback, callers: Callers) -> None:
    server.say(BUSY)
    with pytest.raises(ServerError):
        callers().send(IMPORT.request(body=iter([b"a"])))
    assert len(server.requests) == 1


def test_a_file_is_sent_again_from_where_it_stood(callers: Callers, server: Loopback) -> None:
    operation = IMPORT.__class__(name="put", method="PUT", path="/put", body=IMPORT.body, results=IMPORT.results)
    server.say(BUSY, Answer(status=204))
    file = io.BytesIO(b"skip-data")
    file.seek(5)
    callers().send(operation.request(body=file))
    assert [request.body for request in server.requests] == [b"data", b"data"]


def test_the_number_of_attempts_is_the_callers(server: Loopback, callers: Callers) -> None:
    server.say(BUSY)
    with pytest.raises(ServerError):
        callers(max_retries=0).send(DELETE.request())
    assert len(server.requests) == 1
    with pytest.raises(ServerError):
        callers(max_retries=4).send(DELETE.request())
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    ("wait", "slept"), [("0", [0.0]), ("7", [7.0]), ("61", None), ("soon", [0.25]), ("-1", [0.25])]
)
def test_the_server_may_say_when(
    server: Loopback, callers: Callers, clock: Clock, wait: str, slept: list[float] | None
) -> None:
    server.say(Answer(status=429, headers=(("Retry-After", wait),)), Answer(status=204))
    if slept is None:
        with pytest.raises(ApiError):
            callers().send(DELETE.request())
    else:
        callers().send(DELETE.request())
        assert clock.slept == slept


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, None),
        ("", None),
        ("nan", None),
        ("1e9", None),
        ("9" * 400, None),
        ("12.5", 12.5),
        (format_datetime(datetime(2024, 1, 1, 0, 0, 30, tzinfo=UTC), usegmt=True), 30.0),
        (format_datetime(datetime(2023, 1, 1, tzinfo=UTC), usegmt=True), 0.0),
        ("Mon, 99 Foo 2024", None),
    ],
)
def test_waits_that_servers_ask_for(text: str | None, seconds: float | None) -> None:
    assert seconds_of(text, datetime(2024, 1, 1, tzinfo=UTC).timestamp()) == seconds


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_the_wait_is_bounded_and_grows(attempt: int, chance: float) -> None:
    assert 0 <= backoff(attempt, chance) <= min(LONGEST, 0.5 * 2 ** min(attempt - 1, 10))


def test_the_whole_call_has_an_end(server: Loopback, callers: Callers, clock: Clock) -> None:
    clock.luck = 1.0
    server.say(BUSY)
    with pytest.raises(ServerError):
        callers(timeout=Timeout(total=2.0), max_retries=50).send(DELETE.request())
    assert clock.slept == [0.5, 1.0]


def test_a_server_that_says_nothing_is_a_timeout(server: Loopback, callers: Callers) -> None:
    import threading

    silence = threading.Event()

    def wait(_: object) -> Answer:
        silence.wait(5)
        return Answer(status=204)

    server.handler = wait
    try:
        with pytest.raises(RequestTimeout):
            callers(timeout=Timeout(read=0.05), max_retries=0).send(DELETE.request())
    finally:
        silence.set()


@pytest.mark.parametrize("timeout", [0, -1, float("nan")])
def test_a_timeout_is_positive(timeout: float) -> None:
    with pytest.raises(ValueError, match="timeout"):
        Timeout.of(timeout)


def test_limits() -> None:
    assert Timeout.of(None).connect is None
    assert Timeout.of(2).total == 20
    assert Timeout.of(2).within(1.0) == Timeout(connect=1.0, read=1.0, write=1.0, pool=1.0, total=20)
    assert Timeout.of(None).within(None) == Timeout.of(None)
