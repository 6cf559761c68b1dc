"""G9: streams of items, whatever comes over the wire."""

import pytest

from flavours import Caller, Callers
from replies import sized
from rig import NO_CONTENT, Rig
from runtime.drift import Drift
from runtime.effects import Effects
from runtime.errors import DecodeError, NotFound, RequestTimeout, ServerError, TransportError
from runtime.events import ServerSentEvent
from runtime.timeout import Timeout
from sample_client import DELETE, EVENTS, FOLLOW, LINES, TEXTS, Account

ASKED = FOLLOW.request(query=(None,))
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
END = b"0\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def named(address: str) -> bytes:
    return b'data: {"address": "%b"}\n\n' % address.encode()


def whole(body: bytes, kind: str = "text/event-stream") -> bytes:
    return sized(body).replace(b"text/plain", kind.encode())


def addresses(accounts: list[Account]) -> list[str]:
    return [account.address for account in accounts]


def test_g9_items_are_there_as_soon_as_they_came(callers: Callers, origin: Rig) -> None:
    first = chunk(named("a") + b": ping\n\n" + named("b")[:9])
    rest = chunk(named("b")[9:]) + chunk(b"data: [DONE]\n\n" + named("late")) + END
    origin.script([("read_request",), ("send", CHUNKED + first), ("stall",), ("send", rest)])
    caller = callers(url=origin.url)
    stream = caller.follow(ASKED)
    assert not origin.connections

    assert addresses(caller.take(stream, 1)) == ["a"]
    origin.release()
    assert addresses(caller.take(stream)) == ["b"]
    assert caller.take(stream) == []
    assert stream.status == 200
    assert origin.requests[0].header("accept") == "text/event-stream, application/json;q=0.5"


def test_g9_events_are_whole_where_the_document_describes_them(callers: Callers, origin: Rig) -> None:
    first = b'retry: 20\nid: 7\nevent: account\ndata: {"address":"a"}\n\n'
    rest = b"event: note\ndata: [DONE\n\nevent: account\ndata:\n\nid: 9\n\n"
    origin.script([("serve", whole(first + rest))])
    caller = callers(url=origin.url)
    stream = caller.follow(EVENTS.request())

    account, note = caller.take(stream)

    assert isinstance(account.data, Account)
    assert (account.event, account.id, account.retry, account.data.address) == ("account", "7", 20, "a")
    assert note == ServerSentEvent(data="[DONE", event="note", id="7")
    assert (stream.last_event_id, stream.retry, stream.headers["content-type"]) == ("9", 20, "text/event-stream")


def test_g9_lines_and_sequences_are_read_item_by_item(callers: Callers, origin: Rig) -> None:
    origin.script([("serve", whole(b'{"address":"a"}\r\n\n{"address":"b"}', "application/json"))])
    caller = callers(url=origin.url)
    assert addresses(caller.take(caller.follow(LINES.request()))) == ["a", "b"]

    origin.script([("serve", whole(b"\x1e1\n\x1e123456789012345678901234567890\n", "application/json-seq"))])
    caller = callers(url=origin.url)
    assert caller.take(caller.follow(TEXTS.request())) == [1, 123456789012345678901234567890]


def test_g9_no_content_is_a_stream_without_items(callers: Callers, origin: Rig) -> None:
    origin.script([("serve", NO_CONTENT)])
    caller = callers(url=origin.url)
    assert caller.take(caller.follow(ASKED)) == []
    assert caller.take(caller.follow(LINES.request())) == []


def test_g9_errors_before_the_stream_are_those_of_any_call(callers: Callers, origin: Rig) -> None:
    origin.script([("serve", whole(b'{"errorCode": "GONE"}', "application/json").replace(b"200 X", b"404 X"))])
    caller = callers(url=origin.url)
    with pytest.raises(NotFound) as caught:
        caller.enter(caller.follow(ASKED))
    assert caught.value.code == "GONE"


def test_g9_a_call_for_a_stream_is_repeated_before_it_begins(callers: Callers, origin: Rig) -> None:
    origin.script([("serve", sized(b"", status=503))])
    caller = callers(url=origin.url, max_retries=2)
    with pytest.raises(ServerError):
        caller.take(caller.follow(ASKED))
    assert len(origin.requests) == 3


@pytest.mark.parametrize("kind", ["application/json", "application/problem+json; charset=utf-8", "text/html"])
def test_g9_another_kind_of_answer_is_no_empty_stream(callers: Callers, origin: Rig, kind: str) -> None:
    origin.script([("serve", whole(b'{"address": "a"}', kind))])
    caller = callers(url=origin.url)
    with pytest.raises(DecodeError, match="came") as caught:
        caller.take(caller.follow(ASKED))
    assert '{"address": "a"}' in str(caught.value)
    origin.until(lambda: origin.open == 0)


def test_g9_an_item_that_is_no_json_ends_the_stream(callers: Callers, origin: Rig) -> None:
    origin.script([("read_request",), ("send", CHUNKED + chunk(named("a") + b"data: {no\n\n")), ("stall",)])
    caller = callers(url=origin.url)
    stream = caller.follow(ASKED)
    assert addresses(caller.take(stream, 1)) == ["a"]
    with pytest.raises(DecodeError, match=r"\{no"):
        caller.take(stream, 1)
    assert caller.take(stream) == []
    origin.until(lambda: origin.open == 0)


def test_g9_drift_is_told_item_by_item_and_loses_none(callers: Callers, origin: Rig) -> None:
    drifts: list[Drift] = []
    body = b'data: {"address":"a","new":1}\n\ndata: {"address":"b","balance":"many"}\n\n'
    origin.script([("serve", whole(body))])
    caller = callers(url=origin.url, on_drift=drifts.append)
    assert addresses(caller.take(caller.follow(ASKED))) == ["a", "b"]
    assert [found.pointer for drift in drifts for found in drift.found] == ["/new", "/balance"]

    strict = callers(url=origin.url, strict=True)
    with pytest.raises(DecodeError, match="new"):
        strict.take(strict.follow(ASKED))


def test_g9_a_stream_cut_short_is_an_error(callers: Callers, origin: Rig) -> None:
    origin.script([("read_request",), ("send", CHUNKED + chunk(named("a"))), ("close",)])
    caller = callers(url=origin.url)
    stream = caller.follow(ASKED)
    assert addresses(caller.take(stream, 1)) == ["a"]
    with pytest.raises(TransportError):
        caller.take(stream)


def test_f2_each_wait_for_an_item_has_a_limit_and_all_of_them_together_have_none(callers: Callers, origin: Rig) -> None:
    body = named("a") * 3
    origin.script(
        [("read_request",), ("send", HEAD + b"Content-Length: 999\r\n\r\n"), ("drip", body, 0.005), ("stall",)]
    )
    caller = callers(url=origin.url, timeout=Timeout(read=0.2, total=0.1), effects=Effects())
    stream = caller.follow(ASKED)
    assert addresses(caller.take(stream, 3)) == ["a", "a", "a"]
    with pytest.raises(RequestTimeout, match="ReadTimeout"):
        caller.take(stream)


def test_f5_an_item_has_a_largest_size_and_the_stream_has_none(callers: Callers, origin: Rig) -> None:
    origin.script([("serve", whole(named("a") * 20 + named("x" * 200)))])
    caller = callers(url=origin.url, max_response_bytes=100)
    stream = caller.follow(ASKED)
    assert len(caller.take(stream, 20)) == 20
    with pytest.raises(TransportError, match="max_response_bytes, 100"):
        caller.take(stream)


@pytest.mark.parametrize("taken", [0, 1])
def test_f7_a_stream_of_items_that_is_left_gives_its_connection_back(callers: Callers, origin: Rig, taken: int) -> None:
    origin.script([("read_request",), ("send", CHUNKED + chunk(named("a") * 9)), ("stall",)], [("serve", NO_CONTENT)])
    caller = callers(url=origin.url)
    stream = caller.follow(ASKED)
    caller.enter(stream)
    assert len(caller.take(stream, taken)) == taken
    caller.leave(stream)
    assert caller.take(stream) == []
    origin.until(lambda: origin.open == 0)
    caller.send(DELETE.request())


def test_g9_a_stream_read_to_its_end_keeps_its_connection(callers: Callers, origin: Rig) -> None:
    origin.script([("serve", whole(named("a")))])
    caller: Caller = callers(url=origin.url)
    for _ in range(3):
        assert addresses(caller.take(caller.follow(ASKED))) == ["a"]
    assert len(origin.connections) == 1
