"""F: connections come back, whatever happens."""

import asyncio
import gc
from collections.abc import Generator
from contextlib import contextmanager

import httpx2
import pytest

from flavours import Caller, Callers
from replies import HEAD, enter, leave, sized
from rig import NO_CONTENT, Rig, Step
from runtime.effects import Effects
from runtime.errors import RequestTimeout, ServerError, TransportError
from runtime.stream import AsyncByteStream, ByteStream
from runtime.timeout import Timeout
from sample_client import DELETE, EXPORT, METRICS, POST, Account

WRITE = POST.request(body=Account(address="a"))


SHORT = Timeout(connect=0.05, read=0.05, write=0.05, pool=0.05)
"""Each wait is short."""


@contextmanager
def one_connection(callers: Callers) -> Generator[httpx2.Client | httpx2.AsyncClient]:
    limits = httpx2.Limits(max_connections=1)
    if callers.flavour == "sync":
        with httpx2.Client(limits=limits) as own:
            yield own
    else:
        asynchronous = httpx2.AsyncClient(limits=limits)
        yield asynchronous
        callers.runner.run(asynchronous.aclose())


def test_f4_waiting_for_a_connection_ends(callers: Callers, origin: Rig, hasty: Effects) -> None:
    origin.script([("read_request",), ("send", HEAD + b"Content-Length: 9\r\n\r\n"), ("stall",)])
    with one_connection(callers) as own:
        caller = callers.bringing(own, url=origin.url, timeout=SHORT, effects=hasty)
        stream = caller.stream(EXPORT.request())
        enter(caller, stream)
        with pytest.raises(RequestTimeout, match="PoolTimeout") as caught:
            caller.send(WRITE)
        assert not caught.value.may_have_been_applied
        leave(caller, stream)
        origin.script([("serve", NO_CONTENT)])
        Caller(caller.client.with_options(timeout=5), caller.runner).send(DELETE.request())
    assert [each.method for each in origin.requests] == ["POST", "DELETE"]


FAILURES: list[list[Step]] = [
    [("rst",)],
    [("read_request",), ("rst",)],
    [("read_request",), ("close",)],
    [("read_request",), ("stall",)],
    [("read_request",), ("send", HEAD + b"Content-Length: 9\r\n\r\nab"), ("rst",)],
    [("read_request",), ("send", HEAD + b"Content-Length: 9\r\n\r\nab"), ("stall",)],
    [("read_request",), ("send", HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"), ("stall",)],
    [("read_request",), ("send", HEAD + b"Content-Length: 9999\r\n\r\n" + b"a" * 9999), ("stall",)],
    [("read_request",), ("send", sized(b"x", "Content-Encoding: gzip")), ("close",)],
    [("read_request",), ("send", sized(b"no", status=500)), ("close",)],
]


@pytest.mark.parametrize("steps", FAILURES)
def test_f4_a_connection_comes_back_after_each_failure(
    callers: Callers, origin: Rig, hasty: Effects, steps: list[Step]
) -> None:
    with one_connection(callers) as own:
        caller = callers.bringing(own, url=origin.url, timeout=SHORT, max_retries=0, effects=hasty)
        small = Caller(caller.client.with_options(max_response_bytes=5000), caller.runner)
        origin.script(steps)
        for _ in range(10):
            with pytest.raises((TransportError, ServerError)) as caught:
                small.send(METRICS.request())
            assert "PoolTimeout" not in str(caught.value)
        origin.until(lambda: origin.open == 0)
        origin.script([("serve", NO_CONTENT)])
        patient = Caller(caller.client.with_options(timeout=5), caller.runner)
        patient.send(DELETE.request())


LARGE = HEAD + b"Content-Length: 900000\r\n\r\n" + b"a" * 900_000


@pytest.mark.parametrize("how", ["left", "error", "break"])
def test_f7_a_stream_half_read_gives_its_connection_back(callers: Callers, origin: Rig, how: str) -> None:
    origin.script([("read_request",), ("send", LARGE), ("stall",)], [("serve", NO_CONTENT)])
    with one_connection(callers) as own:
        caller = callers.bringing(own, url=origin.url)
        stream = caller.stream(EXPORT.request())
        if isinstance(stream, ByteStream):
            read_some(stream, how)
        else:
            caller.run(read_some_async(stream, how, origin))
        origin.until(lambda: origin.open == 0)
        caller.send(DELETE.request())
    assert [heard.method for heard in origin.requests] == ["POST", "DELETE"]


def failing(data: bytes) -> None:
    raise ZeroDivisionError


def read_some(stream: ByteStream, how: str) -> None:
    if how == "break":
        for _ in stream:
            break
    elif how == "left":
        with stream:
            next(stream.iter_bytes(10))
    else:
        with pytest.raises(ZeroDivisionError), stream:
            failing(next(stream.iter_bytes(10)))


async def read_some_async(stream: AsyncByteStream, how: str, origin: Rig) -> None:
    if how == "break":
        async for _ in stream:
            break
    elif how == "left":
        async with stream:
            await anext(stream.iter_bytes(10))
    else:
        with pytest.raises(ZeroDivisionError):  # there is no async form of it
            async with stream:
                failing(await anext(stream.iter_bytes(10)))
    # What was dropped half-way is closed by a task of the loop's own.
    while origin.open:
        await asyncio.sleep(0.001)


@pytest.mark.parametrize("size", [0, 10])
def test_f7_a_stream_forgotten_gives_its_connection_back(callers: Callers, origin: Rig, size: int) -> None:
    origin.script([("read_request",), ("send", LARGE), ("stall",)], [("serve", NO_CONTENT)])
    with one_connection(callers) as own:
        caller = callers.bringing(own, url=origin.url)
        stream = caller.stream(EXPORT.request())
        enter(caller, stream)
        if size and isinstance(stream, ByteStream):
            next(stream.iter_bytes(size))
        del stream
        gc.collect()
        # The next call finds what was left behind.
        caller.send(DELETE.request())
    assert len(origin.connections) == 2
