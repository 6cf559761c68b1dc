"""F: nothing short passes for whole, and nothing too large is kept."""

import gzip
import subprocess
import sys
import zlib

import pytest

from flavours import Callers
from replies import HEAD, enter, leave, pieces, read, sized
from rig import NO_CONTENT, Rig, Step
from runtime.effects import Effects
from runtime.errors import ApiError, BadRequest, RequestTimeout, TransportError
from runtime.opened import LONGEST_ERROR
from runtime.timeout import Timeout
from sample_client import DELETE, EXPORT, METRICS, POST, Account

WRITE = POST.request(body=Account(address="a"))


ONLY_TOTAL = Timeout(total=0.15)
"""Each wait is long, but all together are short."""


TRUNCATED = [
    HEAD + b"Content-Length: 10\r\n\r\nshort",
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n",
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n9\r\nshort",
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n0\r\n",
]


@pytest.mark.parametrize("end", ["close", "rst"])
@pytest.mark.parametrize("reply", TRUNCATED)
def test_f3_a_body_cut_short_is_an_error(callers: Callers, origin: Rig, reply: bytes, end: str) -> None:
    last: Step = ("close",) if end == "close" else ("rst",)
    origin.script([("read_request",), ("send", reply), ("sleep", 0.02), last])
    with pytest.raises(TransportError) as caught:
        callers(url=origin.url, max_retries=0).send(METRICS.request())
    assert caught.value.may_have_been_applied


@pytest.mark.parametrize("reply", TRUNCATED)
def test_f3_a_stream_cut_short_is_an_error(callers: Callers, origin: Rig, reply: bytes) -> None:
    origin.script([("read_request",), ("send", reply), ("close",)])
    caller = callers(url=origin.url)
    with pytest.raises(TransportError):
        read(caller, caller.stream(EXPORT.request()))


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_f3_a_compressed_body_whose_end_is_missing_is_an_error(callers: Callers, origin: Rig, coding: str) -> None:
    body = gzip.compress(b"a" * 1000) if coding == "gzip" else zlib.compress(b"a" * 1000)
    for cut in (1, 5, len(body) - 1):
        origin.script([("read_request",), ("send", sized(body[:cut], f"Content-Encoding: {coding}")), ("close",)])
        caller = callers(url=origin.url, max_retries=0)
        with pytest.raises(TransportError, match="has no end"):
            caller.send(METRICS.request())
        origin.until(lambda: origin.open == 0)
        with pytest.raises(TransportError, match="has no end"):
            read(caller, caller.stream(EXPORT.request()))


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(b"abc") + gzip.compress(b"def")),
        ("deflate", zlib.compress(b"abcdef")),
        ("deflate", zlib.compress(b"abcdef")[2:-4]),
        ("gzip, deflate", zlib.compress(gzip.compress(b"abcdef"))),
        ("identity", b"abcdef"),
    ],
    ids=["two members", "deflate", "bare deflate", "twice", "plain"],
)
def test_f3_compressed_bodies_come_whole(callers: Callers, origin: Rig, coding: str, body: bytes) -> None:
    origin.script([("serve", sized(body, f"Content-Encoding: {coding}"))])
    caller = callers(url=origin.url)
    assert caller.send(METRICS.request()) == "abcdef"
    assert read(caller, caller.stream(EXPORT.request())) == b"abcdef"
    stream = caller.stream(EXPORT.request())
    enter(caller, stream)
    assert pieces(caller, stream, 4) == [b"abcd", b"ef"]
    leave(caller, stream)


def test_f3_a_compressed_body_that_is_no_such_thing_is_an_error(callers: Callers, origin: Rig) -> None:
    origin.script([("serve", sized(b"plain text", "Content-Encoding: gzip"))])
    with pytest.raises(TransportError, match="DecodingError"):
        callers(url=origin.url, max_retries=0).send(METRICS.request())


def test_f5_a_large_answer_is_refused(callers: Callers, origin: Rig) -> None:
    origin.script([("serve", sized(b"a" * 1001))])
    with pytest.raises(TransportError, match="larger than max_response_bytes, 1000"):
        callers(url=origin.url, max_response_bytes=1000).send(METRICS.request())
    # The same would happen again: it is not tried.
    assert len(origin.requests) == 1
    assert callers(url=origin.url, max_response_bytes=1001).send(METRICS.request()) == "a" * 1001
    assert callers(url=origin.url, max_response_bytes=None).send(METRICS.request()) == "a" * 1001


def test_f5_an_endless_answer_ends(callers: Callers, origin: Rig) -> None:
    more: list[Step] = [("send", b"a" * 9999)]
    origin.script([("read_request",), ("send", HEAD + b"\r\n"), *more * 999, ("stall",)])
    with pytest.raises(TransportError, match="larger than max_response_bytes"):
        callers(url=origin.url, max_response_bytes=100_000).send(METRICS.request())


@pytest.mark.parametrize("status", [400, 404, 500])
def test_f5_an_error_keeps_its_status_and_the_first_of_its_words(callers: Callers, origin: Rig, status: int) -> None:
    origin.script([("serve", sized(b"a" * 5000, status=status))])
    caller = callers(url=origin.url, max_response_bytes=1000)
    with pytest.raises(ApiError) as caught:
        caller.send(METRICS.request())
    assert caught.value.status == status
    assert caught.value.response.content == b"a" * 1000
    with pytest.raises(ApiError) as caught:
        read(caller, caller.stream(EXPORT.request()))
    assert caught.value.response.content == b"a" * 1000


def test_f5_an_error_has_a_limit_even_where_answers_have_none(callers: Callers, origin: Rig) -> None:
    origin.script([("serve", sized(b"a" * (LONGEST_ERROR + 1), status=400))])
    with pytest.raises(BadRequest) as caught:
        callers(url=origin.url, max_response_bytes=None).send(METRICS.request())
    assert len(caught.value.response.content) == LONGEST_ERROR


@pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip, gzip"])
@pytest.mark.parametrize("status", [200, 400])
def test_f5_the_limit_is_of_what_comes_out(callers: Callers, origin: Rig, coding: str, status: int) -> None:
    body = b"\0" * 3_000_000
    for each in coding.split(", "):
        body = gzip.compress(body) if each == "gzip" else zlib.compress(body)
    origin.script([("serve", sized(body, f"Content-Encoding: {coding}", status=status))])
    caller = callers(url=origin.url, max_response_bytes=2_000_000)
    if status == 200:
        with pytest.raises(TransportError, match="larger than max_response_bytes"):
            caller.send(METRICS.request())
    else:
        with pytest.raises(BadRequest) as caught:
            caller.send(METRICS.request())
        assert len(caught.value.response.content) == 2_000_000


BOMB = """
import asyncio, pathlib, re, resource, sys
sys.path[:0] = sys.argv[2:]
from runtime.client import AsyncClient, Client
from runtime.errors import TransportError
from sample_client import METRICS, SERVICE

def sync():
    with Client(SERVICE, sys.argv[1], max_retries=0) as client:
        client._transport.send(METRICS.request())

async def main():
    async with AsyncClient(SERVICE, sys.argv[1], max_retries=0) as client:
        await client._transport.send(METRICS.request())

for run in (sync, lambda: asyncio.run(main())):
    try:
        run()
    except TransportError as error:
        assert "max_response_bytes" in str(error), error
    else:
        raise SystemExit("the bomb went off")
status = pathlib.Path("/proc/self/status")
if status.exists():
    # The other figure begins with that of the process before.
    print(int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]) * 1024)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_f5_a_bomb_does_not_fill_the_memory(origin: Rig) -> None:
    # Ten gigabytes of zeros in ten megabytes: each 10 MB of zeros are one member of the file.
    bomb = gzip.compress(b"\0" * 10_000_000) * 1000
    origin.script(
        [("serve", sized(bomb, "Content-Encoding: gzip"))], [("serve", sized(zeros(), "Content-Encoding: gzip"))]
    )
    paths = [path for path in sys.path if path.endswith(("templates", "tests"))]
    done = subprocess.run(
        [sys.executable, "-c", BOMB, origin.url, *paths], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 200_000_000


def zeros() -> bytes:
    """Return the beginning of one endless gzip member."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(b"\0" * 10_000_000) for _ in range(20)) + packer.flush()


@pytest.mark.parametrize(
    "reply",
    [
        b"\r\n".join([b"HTTP/1.1 200 OK", *[b"X-%d: " % n + b"a" * 1000 for n in range(300)]]),
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000,
        b"<html>hello</html>\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nshort\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1" * 100 + b"\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"x" * 300_000,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
    ],
)
def test_f6_nonsense_is_a_transport_error(callers: Callers, origin: Rig, reply: bytes) -> None:
    origin.script([("read_request",), ("send", reply), ("stall",)])
    with pytest.raises(TransportError) as caught:
        callers(url=origin.url, max_retries=0).send(METRICS.request())
    assert not isinstance(caught.value, RequestTimeout)
    origin.until(lambda: origin.open == 0)


def test_f6_interim_answers_are_passed_over(callers: Callers, origin: Rig) -> None:
    interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    origin.script([("serve", interim * 50 + NO_CONTENT)])
    callers(url=origin.url).send(DELETE.request())
    # An answer in between that was taken for the last one would have been an error, or asked for again.
    assert [heard.method for heard in origin.requests] == ["DELETE"]


def test_f6_a_flood_of_them_ends_by_the_deadline(callers: Callers, origin: Rig) -> None:
    flood = b"HTTP/1.1 100 Continue\r\n\r\n" * 4000
    script: list[Step] = [("send", flood)]
    origin.script([("read_request",), *script * 2000, ("stall",)])
    with pytest.raises(RequestTimeout):
        callers(url=origin.url, timeout=ONLY_TOTAL, effects=Effects()).send(WRITE)
    origin.until(lambda: origin.open == 0)
