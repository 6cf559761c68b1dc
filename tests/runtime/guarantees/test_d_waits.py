"""D: how long to wait for another attempt, and what ends the wait."""

import asyncio
import math
import random
import threading
import time
from collections.abc import Callable
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flavours import Callers, Clock
from rig import BUSY, NO_CONTENT, Rig
from runtime.client import AsyncClient, Client
from runtime.errors import RateLimited, ServerError
from runtime.retry import LONGEST, PATIENCE, backoff, seconds_of
from runtime.timeout import Timeout
from sample_client import DELETE, SERVICE


def answer(status: int, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status} X", "Content-Length: 0", *headers, "", ""]).encode()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("7", 7.0),
        ("0.25", 0.25),
        (" 3 ", 3.0),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("1e9", None),
        ("1000000000", 1e9),
        ("0x10", None),
        ("١٢", None),
        ("12,5", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("9" * 5000, None),
        (formatdate(1_700_000_030, usegmt=True), 30.0),
        (formatdate(1_600_000_000, usegmt=True), 0.0),
        ("Mon, 01 Jan 2024 00:00:00 +99999999999999999999", None),
        ("Mon, 99 Foo 2024", None),
    ],
)
def test_d5_what_a_server_may_say(text: str | None, seconds: float | None) -> None:
    assert seconds_of(text, 1_700_000_000.0) == seconds


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ \d+:\d+:\d+ [+-]?[A-Z0-9]+"))
def test_d5_no_words_of_a_server_do_harm(text: str) -> None:
    seconds = seconds_of(text, 1_700_000_000.0)
    assert seconds is None or (seconds >= 0 and math.isfinite(seconds))


@pytest.mark.parametrize(
    ("wait", "slept"),
    [("0", [0.0]), ("7", [7.0]), ("60", [60.0]), ("61", None), ("1000000000", None), ("-1", [0.25]), ("nan", [0.25])],
)
def test_d5_a_wait_is_honoured_up_to_a_limit(
    callers: Callers, origin: Rig, clock: Clock, wait: str, slept: list[float] | None
) -> None:
    origin.script([("read_request",), ("send", answer(429, f"Retry-After: {wait}")), ("serve", NO_CONTENT)])
    caller = callers(url=origin.url, timeout=Timeout())
    if slept is None:
        with pytest.raises(RateLimited):
            caller.send(DELETE.request())
    else:
        caller.send(DELETE.request())
    assert clock.slept == (slept or [])
    assert PATIENCE == 60


def test_d5_nor_beyond_the_callers_own_deadline(callers: Callers, origin: Rig, clock: Clock) -> None:
    origin.script([("serve", answer(503, "Retry-After: 30"))])
    with pytest.raises(ServerError):
        callers(url=origin.url, timeout=Timeout(total=20)).send(DELETE.request())
    assert clock.slept == []


def test_d6_waits_are_spread_and_bounded() -> None:
    for attempt in range(1, 12):
        most = min(LONGEST, 0.5 * 2 ** (attempt - 1))
        waits = [backoff(attempt, random.Random(seed).random()) for seed in range(1000)]
        assert 0 <= min(waits) < most * 0.05
        assert most * 0.95 < max(waits) <= most
        assert most * 0.45 < sum(waits) / 1000 < most * 0.55


def test_d6_attempts_end(callers: Callers, origin: Rig, clock: Clock) -> None:
    clock.luck = 1.0
    origin.script([("serve", BUSY)])
    with pytest.raises(ServerError):
        callers(url=origin.url, max_retries=4).send(DELETE.request())
    assert clock.slept == [0.5, 1.0, 2.0, 4.0]
    clock.slept.clear()
    with pytest.raises(ServerError):
        callers(url=origin.url, max_retries=40, timeout=Timeout(total=5)).send(DELETE.request())
    assert clock.slept == [0.5, 1.0, 2.0]


def test_d10_closing_ends_a_pause(origin: Rig) -> None:
    origin.script([("serve", answer(503, "Retry-After: 50"))])
    client = Client(SERVICE, origin.url)
    errors: list[BaseException] = []

    def call() -> None:
        try:
            client._transport.send(DELETE.request())
        except RuntimeError as error:
            errors.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    origin.until(lambda: len(origin.requests) == 1)
    _until(lambda: bool(client._transport.http._pauses))
    client.close()
    thread.join(5)
    assert [str(error) for error in errors] == ["the client is closed"]
    assert len(origin.requests) == 1


def test_d10_closing_ends_a_pause_of_a_task(origin: Rig) -> None:
    origin.script([("serve", answer(503, "Retry-After: 50"))])

    async def main() -> None:
        client = AsyncClient(SERVICE, origin.url)
        task = asyncio.create_task(client._transport.send(DELETE.request()))
        await _paused(client)
        await client.aclose()
        with pytest.raises(RuntimeError, match="the client is closed"):
            await asyncio.wait_for(task, 5)

    asyncio.run(main())
    assert len(origin.requests) == 1


def test_d10_a_pause_can_be_cancelled(origin: Rig) -> None:
    origin.script([("serve", answer(503, "Retry-After: 50"))])

    async def main() -> float:
        async with AsyncClient(SERVICE, origin.url) as client:
            task = asyncio.create_task(client._transport.send(DELETE.request()))
            await _paused(client)
            began = time.thread_time()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asyncio.wait_for(task, 5)
            spent = time.thread_time() - began
            assert client._transport.http._of_this_loop().pauses == set()
            return spent

    # Of this thread's own time: others may be busy.
    assert asyncio.run(main()) < 0.05
    assert len(origin.requests) == 1


async def _paused(client: AsyncClient) -> None:
    while not client._transport.http._of_this_loop().pauses:
        await asyncio.sleep(0.001)


def _until(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(0.001)
