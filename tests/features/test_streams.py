"""Streams of items of the features: what they give, what they ask for, and the fakes of them."""

import asyncio
import importlib
import json
from datetime import datetime

import httpx2
import pytest

from features.conftest import Serve, Use

FEATURE = "streams-of-items"
BOTH = "answer-or-stream"


def said(body: bytes, kind: str = "text/event-stream") -> httpx2.Response:
    return httpx2.Response(200, content=body, headers={"content-type": kind})


def test_events_give_what_their_data_holds(serve: Serve, models: Use) -> None:
    served = serve("event-stream", said(b'data: {"text": "hi"}\n\n'))

    with served.client.follow() as events:
        assert [event.text for event in events] == ["hi"]
    assert served.wire.request.headers["accept"] == "text/event-stream, application/json;q=0.5"


def test_each_form_of_stream_gives_its_items(serve: Serve, models: Use) -> None:
    served = serve(
        FEATURE,
        said(b'data: {"price": 1}\n\ndata: [DONE]\n\n'),
        httpx2.Response(204),
        said(b"event: x\nid: 3\ndata: a\ndata: b\n\n"),
        said(b'event: note\ndata: {}\n\nevent: tick\ndata: {"price": 2}\n\nevent: siren\ndata: {"loud": true}\n\n'),
        said(b'event: thread.created\ndata: {"price": 3}\n\nevent: done\ndata: [DONE]\n\n'),
        said(b'{"price": 4}\n{"price": 5}\n', "application/x-ndjson"),
        said(b'{"a": [1]}\n2', "application/jsonl"),
        said(b"\x1e1\n\x1e2\n", "application/json-seq"),
    )
    client, tick = served.client, models(FEATURE).Tick

    assert list(client.follow_ticks()) == [tick(price=1)]
    assert list(client.follow_ticks()) == []
    assert [(event.event, event.id, event.data) for event in client.follow_text()] == [("x", "3", "a\nb")]
    assert [event.data for event in client.follow_signals()] == ["{}", tick(price=2), models(FEATURE).Alarm(loud=True)]
    assert [event.data for event in client.follow_threads()] == [tick(price=3)]
    assert list(client.read_log()) == [tick(price=4), tick(price=5)]
    assert list(client.dump()) == [{"a": [1]}, 2]
    assert list(client.readings()) == [1, 2]


@pytest.mark.parametrize("form", ["model", "mapping"])
def test_a_stream_is_asked_for_by_a_method_of_its_own(serve: Serve, models: Use, form: str) -> None:
    chats = models(BOTH)
    served = serve(BOTH, httpx2.Response(200, json={"text": "all"}), said(b'data: {"delta": "a"}\n\n'))
    question = chats.CreateChatRequest(prompt="?") if form == "model" else {"prompt": "?"}

    assert served.client.create_chat(question).text == "all"
    assert [chunk.delta for chunk in served.client.create_chat_stream(question)] == ["a"]

    assert [json.loads(request.content) for request in served.wire.requests] == [
        {"prompt": "?"},
        {"prompt": "?", "stream": True},
    ]
    assert [request.headers["accept"] for request in served.wire.requests] == [
        "application/json",
        "text/event-stream, application/json;q=0.5",
    ]


def test_streams_are_faked(use: Use, models: Use) -> None:
    kit = importlib.import_module(f"{use(FEATURE).__name__}.testing")
    event, tick = use(FEATURE).ServerSentEvent, models(FEATURE).Tick
    fake = kit.FakeStreamsOfItems()
    client = fake.client()
    signals = [event(data="a\nb", event="note", id="1"), event(data=tick(price=2), event="tick", id="1", retry=5)]

    fake.follow_ticks.returns([tick(price=1), tick(price=2)])
    fake.follow_signals.returns(signals)
    fake.read_log.returns([tick(price=3)])
    fake.readings.returns([1, 2])
    assert list(client.follow_ticks()) == [tick(price=1), tick(price=2)]
    assert list(client.follow_signals()) == signals
    assert list(client.read_log()) == [tick(price=3)]
    assert list(client.readings()) == [1, 2]

    async def main() -> list[object]:
        return [each async for each in fake.async_client().follow_signals()]

    assert asyncio.run(main()) == signals


def test_a_fake_refuses_items_that_a_stream_does_not_have(use: Use) -> None:
    kit = importlib.import_module(f"{use(FEATURE).__name__}.testing")
    fake = kit.FakeStreamsOfItems()

    with pytest.raises(ValueError, match="follow_ticks does not give that"):
        fake.follow_ticks.returns([{"price": "much"}])
    with pytest.raises(ValueError, match="ServerSentEvent"):
        fake.follow_signals.returns(["a"])
    with pytest.raises(ValueError, match="a list of them"):
        fake.readings.returns(1)


def test_a_faked_stream_may_break_off(use: Use) -> None:
    package = use(FEATURE)
    fake = importlib.import_module(f"{package.__name__}.testing").FakeStreamsOfItems(examples=True)
    fake.readings.breaks_off([1])
    stream = fake.client().readings()

    assert next(stream) == 1
    with pytest.raises(package.TransportError, match="scripted disconnect"):
        next(stream)


def test_streams_have_examples(use: Use) -> None:
    client = importlib.import_module(f"{use(FEATURE).__name__}.testing").FakeStreamsOfItems(examples=True).client()

    for name in ("follow_ticks", "follow_text", "follow_signals", "follow_threads", "read_log", "dump", "readings"):
        assert len(list(getattr(client, name)())) == 1, name


def test_lines_are_sent_item_by_item(serve: Serve, models: Use) -> None:
    row = models("json-lines-body").Row
    served = serve("json-lines-body", *(httpx2.Response(204) for _ in range(5)))

    served.client.import_rows([row(amount=10**30), {"amount": 2}])
    served.client.import_all([])
    served.client.import_all()
    served.client.import_rows(b'{"amount": 3}\n')
    served.client.import_rows(iter([b'{"amount"', b": 4}\n"]))

    assert [(request.content, request.headers.get("content-type")) for request in served.wire.requests] == [
        (b'{"amount":1000000000000000000000000000000}\n{"amount":2}\n', "application/jsonl"),
        (b"", "application/x-ndjson"),
        (b"", None),
        (b'{"amount": 3}\n', "application/jsonl"),
        (b'{"amount": 4}\n', "application/jsonl"),
    ]


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([{"amount": 1}, {"amount": "many"}], "body.1.amount"),
        ([{"amount": 1}, {}], "body.1.amount"),
        ([{"amount": 1, "at": datetime.fromisoformat("2026-01-02T00:00")}], "body.0.at"),
        ({"amount": 1}, "body"),
    ],
)
def test_an_item_that_does_not_fit_is_refused_by_its_place(serve: Serve, use: Use, rows: object, place: str) -> None:
    served = serve("json-lines-body")
    with pytest.raises(use("json-lines-body").InvalidRequest) as caught:
        served.client.import_rows(rows)
    assert [where for where, _ in caught.value.problems] == [place]
    assert served.wire.requests == []


def test_a_fake_has_the_lines_as_items(use: Use, models: Use) -> None:
    fake = importlib.import_module(f"{use('json-lines-body').__name__}.testing").FakeJsonLinesBody(examples=True)
    fake.client().import_rows([{"amount": 1}])
    (call,) = fake.import_rows.calls
    assert call.body == [models("json-lines-body").Row(amount=1)]
