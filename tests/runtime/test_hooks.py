"""Hooks: what they are told of each attempt, the headers they add, coroutine functions."""

import asyncio
from dataclasses import FrozenInstanceError
from typing import Final

import httpx2
import pytest

from flavours import Callers, Clock
from loopback import Answer, Loopback, json_answer
from runtime.client import AsyncClient
from runtime.errors import TransportError
from runtime.hooks import AsyncOnRequest, AsyncOnResponse, OnRequest, OnResponse, RequestEvent, ResponseEvent
from runtime.http import AsyncHttpClient
from sample_client import CREATE, DELETE, EXPORT, SERVICE, Account

NOTHING: Final = Answer(status=204)
NEW: Final = CREATE.request(path=("l/1",), query=(True,), headers=(None,), body=Account(address="a"))


def test_hooks_are_told_of_each_attempt(server: Loopback, callers: Callers, clock: Clock) -> None:
    asked: list[RequestEvent] = []
    told: list[ResponseEvent] = []
    server.say(
        Answer(status=503, headers=(("Retry-After", "3"), ("X-Request-Id", "r1"))),
        Answer(drop=True),
        json_answer({"data": {"address": "a"}}, headers=(("X-Request-Id", "r3"),)),
    )
    caller = callers(on_request=asked.append, on_response=told.append)
    assert caller.send(NEW) == Account(address="a")
    events: list[RequestEvent | ResponseEvent] = [*asked, *told]
    for event in events:
        assert (event.operation, event.method) == ("v2.create_account", "POST")
        assert event.path == "/v2/{ledger}/accounts"
        assert event.url == f"{server.url}/api/sample/v2/l%2F1/accounts?dryRun=true"
    assert [event.attempt for event in asked] == [event.attempt for event in told] == [1, 2, 3]
    assert asked[0].headers["idempotency-key"] == "key-1"
    assert asked[0].headers["content-type"] == "application/json"
    assert [event.status for event in told] == [503, None, 200]
    assert [bool(event.fault) for event in told] == [False, True, False]
    assert [event.request_id for event in told] == ["r1", None, "r3"]
    assert [event.delay for event in told] == [*clock.slept, None]
    assert [event.will_retry for event in told] == [True, True, False]
    assert told[0].headers["retry-after"] == "3"
    assert told[1].headers == {}
    assert told[2].headers["content-type"] == "application/json"


def test_the_duration_is_that_of_the_attempt(server: Loopback, callers: Callers, clock: Clock) -> None:
    def answer(_: object) -> Answer:
        clock.time += 1.5
        return Answer(status=503 if len(server.requests) == 1 else 204)

    told: list[ResponseEvent] = []
    server.handler = answer
    callers(on_response=told.append).send(DELETE.request())
    assert [event.duration for event in told] == [1.5, 1.5]


def test_the_last_fault_is_told_too(server: Loopback, callers: Callers) -> None:
    told: list[ResponseEvent] = []
    server.say(Answer(drop=True))
    with pytest.raises(TransportError):
        callers(on_response=told.append, max_retries=1).send(DELETE.request())
    assert [(event.attempt, event.status, event.will_retry) for event in told] == [(1, None, True), (2, None, False)]


def test_a_stream_is_told_when_its_head_is_there(server: Loopback, callers: Callers) -> None:
    told: list[ResponseEvent] = []
    server.say(Answer(body=b"logs"))
    caller = callers(on_response=told.append)
    assert caller.wait(caller.stream(EXPORT.request()).read()) == b"logs"
    assert [event.status for event in told] == [200]


def test_an_event_cannot_be_changed(server: Loopback, callers: Callers) -> None:
    asked: list[RequestEvent] = []
    server.say(NOTHING)
    callers(on_request=asked.append).send(DELETE.request())
    with pytest.raises(FrozenInstanceError):
        asked[0].attempt = 2  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]  # the point
    with pytest.raises(TypeError):
        asked[0].headers["a"] = "b"  # type: ignore[index]  # pyright: ignore[reportIndexIssue]  # the point


def test_a_request_hook_adds_headers_to_each_attempt(server: Loopback, callers: Callers) -> None:
    server.say(Answer(status=503), NOTHING)
    caller = callers(
        headers={"X-Region": "eu"},
        on_request=lambda event: {
            "X-Request-Id": f"mine-{event.attempt}",
            "x-region": "us",
            "User-Agent": "mine/1",
        },
    )
    caller.send(DELETE.request())
    assert [request.header("X-Request-Id") for request in server.requests] == ["mine-1", "mine-2"]
    assert [request.header("X-Region") for request in server.requests] == ["us", "us"]
    assert server.last.header("User-Agent") == "mine/1"


def test_a_copy_has_its_own_hooks(server: Loopback, callers: Callers) -> None:
    seen: list[str] = []
    ask: OnRequest = lambda _: seen.append("ask")  # noqa: E731  # its type counts
    tell: OnResponse = lambda _: seen.append("tell")  # noqa: E731
    server.say(NOTHING)
    caller = callers()
    caller.client.with_options(on_request=ask)
    caller.send(DELETE.request())
    assert seen == []
    client = caller.client.with_options(on_request=ask, on_response=tell)
    caller.wait(client._transport.send(DELETE.request()))
    assert seen == ["ask", "tell"]


def test_coroutine_hooks_are_awaited(server: Loopback) -> None:
    seen: list[str] = []
    server.say(NOTHING)

    async def ask(event: RequestEvent) -> dict[str, str]:
        await asyncio.sleep(0)
        seen.append("asked")
        return {"X-Attempt": str(event.attempt)}

    async def tell(event: ResponseEvent) -> None:
        await asyncio.sleep(0)
        seen.append(f"told {event.status}")

    async def main(on_request: AsyncOnRequest, on_response: AsyncOnResponse) -> None:
        async with AsyncClient(SERVICE, server.url, on_request=on_request, on_response=on_response) as client:
            await client._transport.send(DELETE.request())

    asyncio.run(main(ask, tell))
    assert seen == ["asked", "told 204"]
    assert server.last.header("X-Attempt") == "1"


def test_a_hook_that_is_cancelled_gives_the_connection_back(server: Loopback) -> None:
    server.say(Answer(body=b"logs"))

    async def tell(_: ResponseEvent) -> None:
        raise asyncio.CancelledError

    async def main() -> None:
        # With one connection, a second call shows that the first gave it back.
        async with AsyncHttpClient(limits=httpx2.Limits(max_connections=1)) as own:
            client = AsyncClient(SERVICE, server.url, http_client=own, timeout=2.0, on_response=tell)
            with pytest.raises(asyncio.CancelledError):
                await client._transport.stream(EXPORT.request()).read()
            calm = client.with_options(on_response=lambda _: None)
            assert await calm._transport.stream(EXPORT.request()).read() == b"logs"

    asyncio.run(main())


def test_a_coroutine_function_is_no_hook_for_blocking_code(server: Loopback, callers: Callers) -> None:
    if callers.flavour == "async":
        return

    async def ask(_: RequestEvent) -> None:
        """Do nothing."""

    server.say(NOTHING)
    wrong: OnRequest = ask  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]  # the point
    with pytest.raises(TypeError, match="on_request: it must return a mapping of headers or None, not coroutine"):
        callers(on_request=wrong).send(DELETE.request())
    assert server.requests == []
