"""F: every wait ends."""

import time

import pytest

from flavours import Callers
from replies import HEAD, read
from rig import Rig, Step, blackhole
from runtime.client import AsyncClient, Client
from runtime.effects import Effects
from runtime.errors import RequestTimeout
from runtime.timeout import Timeout
from sample_client import EXPORT, IMPORT, POST, SERVICE, Account

WRITE = POST.request(body=Account(address="a"))


SHORT = Timeout(connect=0.05, read=0.05, write=0.05, pool=0.05)
"""Each wait is short."""


ONLY_TOTAL = Timeout(total=0.15)
"""Each wait is long, but all together are short."""


def test_f1_there_is_a_limit_for_everything_by_default() -> None:
    for client in (Client(SERVICE, "http://localhost"), AsyncClient(SERVICE, "http://localhost")):
        limits = client._transport.settings.timeout
        assert limits == Timeout(connect=30, read=30, write=30, pool=30, total=300)


@pytest.mark.parametrize(
    "steps",
    [
        [("stall",)],
        [("read_head",), ("stall",)],
        [("read_request",), ("stall",)],
        [("read_request",), ("send", b"HTTP/1.1 2"), ("stall",)],
        [("read_request",), ("send", HEAD), ("stall",)],
        [("read_request",), ("send", HEAD + b"Content-Length: 9\r\n\r\nab"), ("stall",)],
    ],
)
@pytest.mark.parametrize("timeout", [SHORT, ONLY_TOTAL])
def test_f1_silence_ends(callers: Callers, origin: Rig, timeout: Timeout, steps: list[Step]) -> None:
    origin.script(steps)
    began = time.monotonic()
    with pytest.raises(RequestTimeout):
        callers(url=origin.url, timeout=timeout, effects=Effects()).send(WRITE)
    assert time.monotonic() - began < 5
    origin.until(lambda: origin.open == 0)


@pytest.mark.parametrize("timeout", [SHORT, ONLY_TOTAL])
def test_f1_a_handshake_ends(callers: Callers, origin: Rig, timeout: Timeout) -> None:
    origin.script([("stall",)])
    caller = callers(url=origin.url.replace("http:", "https:"), timeout=timeout, effects=Effects(), max_retries=0)
    with pytest.raises(RequestTimeout) as caught:
        caller.send(WRITE)
    assert not caught.value.may_have_been_applied


@pytest.mark.parametrize("timeout", [SHORT, ONLY_TOTAL])
def test_f1_connecting_ends(callers: Callers, timeout: Timeout) -> None:
    with blackhole() as url, pytest.raises(RequestTimeout) as caught:
        callers(url=url, timeout=timeout, effects=Effects(), max_retries=0).send(WRITE)
    assert not caught.value.may_have_been_applied


@pytest.mark.parametrize("timeout", [SHORT, ONLY_TOTAL])
def test_f1_writing_ends(callers: Callers, origin: Rig, timeout: Timeout) -> None:
    origin.script([("read_head",), ("stall",)])
    caller = callers(url=origin.url, timeout=timeout, effects=Effects())
    with pytest.raises(RequestTimeout) as caught:
        caller.send(IMPORT.request(body=b"0" * (64 * 1024 * 1024)))
    assert caught.value.may_have_been_applied


@pytest.mark.parametrize(
    "steps",
    [
        [("read_request",), ("drip", HEAD + b"X: " + b"a" * 1000, 0.01)],
        [("read_request",), ("send", HEAD + b"Content-Length: 9999\r\n\r\n"), ("drip", b"a" * 9999, 0.01)],
        [
            ("read_request",),
            ("send", HEAD + b"Transfer-Encoding: chunked\r\n\r\n"),
            ("drip", b"1\r\na\r\n" * 999, 0.01),
        ],
        [("read_request",), ("drip", b"HTTP/1.1 100 Continue\r\n\r\n" * 999, 0.001)],
    ],
)
def test_f2_what_trickles_in_ends_by_the_deadline(callers: Callers, origin: Rig, steps: list[Step]) -> None:
    origin.script(steps)
    began = time.monotonic()
    with pytest.raises(RequestTimeout) as caught:
        callers(url=origin.url, timeout=ONLY_TOTAL, effects=Effects()).send(WRITE)
    assert caught.value.may_have_been_applied
    assert time.monotonic() - began < 3


def test_f2_the_head_of_a_stream_ends_by_the_deadline_too(callers: Callers, origin: Rig) -> None:
    origin.script([("read_request",), ("drip", HEAD + b"X: " + b"a" * 1000, 0.01)])
    caller = callers(url=origin.url, timeout=ONLY_TOTAL, effects=Effects())
    with pytest.raises(RequestTimeout):
        read(caller, caller.stream(EXPORT.request()))


def test_f2_so_does_an_error_of_a_stream(callers: Callers, origin: Rig) -> None:
    error = HEAD.replace(b"200 OK", b"400 No") + b"Content-Length: 9999\r\n\r\n"
    origin.script([("read_request",), ("send", error), ("drip", b"a" * 9999, 0.01)])
    caller = callers(url=origin.url, timeout=ONLY_TOTAL, effects=Effects())
    with pytest.raises(RequestTimeout):
        read(caller, caller.stream(EXPORT.request()))


def test_f2_a_stream_that_has_begun_takes_its_time(callers: Callers, origin: Rig) -> None:
    body = b"a" * 30
    origin.script([("read_request",), ("send", HEAD + b"Content-Length: 30\r\n\r\n"), ("drip", body, 0.01)])
    caller = callers(url=origin.url, timeout=Timeout(total=0.15), effects=Effects())
    assert read(caller, caller.stream(EXPORT.request())) == body
