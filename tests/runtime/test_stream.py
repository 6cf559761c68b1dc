"""Streams: read as they come, saved whole or not at all, always closed."""

from collections.abc import Awaitable
from pathlib import Path

import pytest

from flavours import Caller
from loopback import Answer, Loopback, json_answer
from runtime.errors import Conflict, TransportError
from runtime.stream import AsyncByteStream, ByteStream
from sample_client import EXPORT

BIG = bytes(range(256)) * 1000


def _read(caller: Caller, stream: ByteStream | AsyncByteStream) -> bytes:
    result: bytes | Awaitable[bytes] = stream.read()
    return caller.wait(result)


def _save(caller: Caller, stream: ByteStream | AsyncByteStream, path: Path) -> int:
    result: int | Awaitable[int] = stream.save(path)
    return caller.wait(result)


def _chunks(caller: Caller, stream: ByteStream | AsyncByteStream) -> list[bytes]:
    """Loop over an entered stream in pieces of 1000."""
    if isinstance(stream, ByteStream):
        with stream:
            assert stream.status == 200
            return list(stream.iter_bytes(1000))

    async def main() -> list[bytes]:
        async with stream:
            assert stream.headers["content-length"] == str(len(BIG))
            return [chunk async for chunk in stream.iter_bytes(1000)]

    return caller.run(main())


def test_nothing_is_sent_before_it_is_read(server: Loopback, caller: Caller) -> None:
    server.say(Answer(body=BIG))
    stream = caller.stream(EXPORT.request())
    assert not server.requests
    assert _read(caller, stream) == BIG
    assert server.last.header("Accept") == "application/octet-stream, application/json"


def test_a_stream_comes_in_pieces(server: Loopback, caller: Caller) -> None:
    server.say(Answer(body=BIG))
    chunks = _chunks(caller, caller.stream(EXPORT.request()))
    assert b"".join(chunks) == BIG
    assert {len(chunk) for chunk in chunks} == {1000}


def test_a_loop_opens_and_closes(server: Loopback, caller: Caller) -> None:
    server.say(Answer(body=BIG))
    stream = caller.stream(EXPORT.request())
    if isinstance(stream, ByteStream):
        assert b"".join(stream) == BIG
    else:

        async def main(stream: AsyncByteStream = stream) -> bytes:
            return b"".join([chunk async for chunk in stream])

        assert caller.run(main()) == BIG
    with pytest.raises(RuntimeError, match="not open"):
        _ = stream.status


def test_a_stream_is_saved(server: Loopback, caller: Caller, tmp_path: Path) -> None:
    server.say(Answer(body=BIG))
    target = tmp_path / "logs"
    assert _save(caller, caller.stream(EXPORT.request()), target) == len(BIG)
    assert target.read_bytes() == BIG
    assert [path.name for path in tmp_path.iterdir()] == ["logs"]


def test_a_stream_that_breaks_off_leaves_the_old_file(server: Loopback, caller: Caller, tmp_path: Path) -> None:
    target = tmp_path / "logs"
    target.write_bytes(b"old")
    server.say(Answer(body=BIG, cut=1))
    with pytest.raises(TransportError, match=r"v2.export_logs"):
        _save(caller, caller.stream(EXPORT.request()), target)
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["logs"]


def test_an_error_is_the_same_as_elsewhere(server: Loopback, caller: Caller) -> None:
    server.say(json_answer({"errorCode": "USER", "errorMessage": "m"}, status=409))
    with pytest.raises(Conflict) as caught:
        _read(caller, caller.stream(EXPORT.request()))
    assert caught.value.code == "USER"
