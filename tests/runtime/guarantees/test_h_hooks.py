"""H7: hooks neither swallow nor double calls, and see no credential."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Final

import pytest

from flavours import Callers
from loopback import Answer, Loopback, json_answer
from runtime.auth import ApiKey, Auth, BasicAuth, BearerToken, ClientCredentials
from runtime.client import AsyncClient
from runtime.effects import Effects
from runtime.errors import NotFound, TransportError
from runtime.hooks import RequestEvent, ResponseEvent
from runtime.operation import Empty, Operation, Query, Requirement
from sample_client import CREATE, DELETE, EXPORT, POST, SERVICE, Account

NOTHING: Final = Answer(status=204)
MADE: Final = json_answer({"data": {"address": "a"}})
NEW: Final = CREATE.request(path=("l",), query=(None,), headers=(None,), body=Account(address="a"))
UNKEYED: Final = POST.request(body=Account(address="a"))


class BoomError(Exception):
    """What a hook raises."""


def boom(_: object) -> None:
    raise BoomError


def test_h7_a_request_hook_that_raises_stops_the_call_before_anything_is_sent(
    server: Loopback, callers: Callers
) -> None:
    caller = callers(on_request=boom)
    with pytest.raises(BoomError):
        caller.send(UNKEYED)
    assert server.requests == []
    server.say(json_answer({"address": "a"}))
    assert callers().send(UNKEYED) == Account(address="a")
    assert len(server.requests) == 1


def test_h7_a_request_hook_that_raises_before_a_repetition_says_what_was_sent(
    server: Loopback, callers: Callers
) -> None:
    def second(event: RequestEvent) -> None:
        if event.attempt == 2:
            raise BoomError

    server.say(Answer(status=503), MADE)
    with pytest.raises(BoomError) as caught:
        callers(on_request=second).send(NEW)
    assert caught.value.__notes__ == [
        "v2.create_account: raised by on_request before attempt 2, which was not sent; the one before it was"
    ]
    assert len(server.requests) == 1


def test_h7_a_response_hook_that_raises_does_not_change_the_outcome(
    server: Loopback, callers: Callers, caplog: pytest.LogCaptureFixture
) -> None:
    caller = callers(on_response=boom)
    server.say(json_answer({"address": "a"}))
    assert caller.send(UNKEYED) == Account(address="a")
    assert len(server.requests) == 1
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("runtime", logging.ERROR)
    assert record.getMessage() == "v2.post_account: on_response raised BoomError; the call goes on without it"
    assert record.exc_info is not None


def test_h7_a_response_hook_that_raises_hides_no_error(server: Loopback, callers: Callers) -> None:
    server.say(Answer(status=404))
    with pytest.raises(NotFound):
        callers(on_response=boom).send(DELETE.request())
    server.script.clear()
    server.say(Answer(drop=True))
    with pytest.raises(TransportError):
        callers(on_response=boom, max_retries=0).send(DELETE.request())
    assert len(server.requests) == 2


def test_h7_a_response_hook_that_raises_neither_stops_nor_adds_a_repetition(server: Loopback, callers: Callers) -> None:
    server.say(Answer(status=503), MADE)
    assert callers(on_response=boom).send(NEW) == Account(address="a")
    assert len(server.requests) == 2
    assert {request.header("Idempotency-Key") for request in server.requests} == {"key-1"}


def test_h7_hooks_that_raise_leave_streams_readable(server: Loopback, callers: Callers) -> None:
    server.say(Answer(body=b"logs"))
    caller = callers(on_response=boom)
    assert caller.wait(caller.stream(EXPORT.request()).read()) == b"logs"


def with_security(scheme: str) -> Operation[None]:
    return Operation(
        name="secured",
        method="GET",
        path="/secured",
        query=(Query("q"), Query("access_token")),
        results=(("204", Empty()),),
        security=((Requirement(scheme),),),
    )


@pytest.mark.parametrize(
    ("scheme", "auth", "secrets"),
    [
        ("Authorization", BearerToken("t/ok+en"), ("t/ok+en", "t%2Fok%2Ben")),
        ("Authorization", ClientCredentials("id", "hush"), ("T1-issued", "hush")),
        ("basic", BasicAuth("ann", "p w"), ("YW5uOnAgdw==", "p w")),
        ("key", ApiKey("k/e+y"), ("k/e+y",)),
        ("query_key", ApiKey("k/e y"), ("k/e y", "k%2Fe%20y", "k/e+y")),
        ("cookie_key", ApiKey("k/e y"), ("k/e y", "k%2Fe%20y")),
    ],
)
def test_h7_no_credential_is_visible(
    server: Loopback,
    callers: Callers,
    caplog: pytest.LogCaptureFixture,
    scheme: str,
    auth: Auth,
    secrets: tuple[str, ...],
) -> None:
    caplog.set_level(logging.DEBUG, "runtime")
    token = json_answer({"access_token": "T1-issued", "token_type": "Bearer", "expires_in": 3600})
    cookie = ("Set-Cookie", f"sid={secrets[0]}")
    echo = ("Content-Type", f"text/{secrets[0]}")
    server.handler = lambda request: (
        token if "oauth" in request.target else Answer(status=204, headers=(cookie, echo))
    )
    seen: list[RequestEvent | ResponseEvent] = []
    caller = callers(auth=auth, headers={"X-Signature": "sig-of-mine"}, on_request=seen.append, on_response=seen.append)
    caller.send(with_security(scheme).request(query=("plain", "in-the-query")))
    sent = str(server.last)
    assert any(secret in sent for secret in secrets)
    shown = " ".join([*map(str, seen), *(str(vars(record)) + record.getMessage() for record in caplog.records)])
    for secret in (*secrets, "in-the-query", "sig-of-mine"):
        assert secret not in shown
    first, second = seen
    assert isinstance(first, RequestEvent)
    assert isinstance(second, ResponseEvent)
    assert first.headers["x-signature"] == "***"
    assert first.headers["user-agent"] == "formance_sample/1.2.3"
    assert second.headers["set-cookie"] == "***"
    assert "q=plain" in first.url
    assert "access_token=***" in first.url
    assert first.url == second.url


def test_h7_a_fault_shows_no_credential(server: Loopback, callers: Callers) -> None:
    server.say(Answer(drop=True))
    seen: list[ResponseEvent] = []
    caller = callers(auth=ApiKey("127.0.0.1"), on_response=seen.append, max_retries=0)
    with pytest.raises(TransportError):
        caller.send(with_security("query_key").request(query=(None, None)))
    assert seen[0].status is None
    assert seen[0].fault
    assert "127.0.0.1" not in str(seen[0])


REFUSED: Final[list[tuple[Mapping[str, str], str]]] = [
    ({"Authorization": "Bearer x"}, "Authorization is set by the client itself"),
    ({"cookie": "a=b"}, "cookie is set by the client itself"),
    ({"X-Api-Key": "other"}, "X-Api-Key is set by the client itself"),
    ({"idempotency-key": "new each time"}, "idempotency-key is set by the client itself"),
    ({"Content-Type": "text/plain"}, "Content-Type is set by the client itself"),
    ({"Content-Length": "1"}, "Content-Length is set by the client itself"),
    ({"Transfer-Encoding": "chunked"}, "Transfer-Encoding is set by the client itself"),
    ({"Host": "elsewhere"}, "Host is set by the client itself"),
    ({"X-A": "1\r\nX-B: 2"}, "X-A"),
    ({"X A": "1"}, "not the name of a header"),
]


@pytest.mark.parametrize(("added", "message"), REFUSED)
def test_h7_a_request_hook_cannot_change_what_is_the_clients(
    server: Loopback, callers: Callers, added: Mapping[str, str], message: str
) -> None:
    server.say(MADE)
    keyed = Operation(
        name=CREATE.name,
        method=CREATE.method,
        path=CREATE.path,
        path_parameters=CREATE.path_parameters,
        query=CREATE.query,
        headers=CREATE.headers,
        body=CREATE.body,
        results=CREATE.results,
        security=((Requirement("key"),),),
        idempotency_key=CREATE.idempotency_key,
    )
    caller = callers(auth=ApiKey("secret"), on_request=lambda _: added)
    with pytest.raises(ValueError, match=message):
        caller.send(keyed.request(path=("l",), query=(None,), headers=(None,), body=Account(address="a")))
    assert server.requests == []


def run_async(server: Loopback, effects: Effects, hooks: Mapping[str, Callable[[object], object]]) -> object:
    """Call with coroutine hooks, of which there are none for blocking code."""

    async def on_request(event: RequestEvent) -> None:
        await asyncio.sleep(0)
        hooks["request"](event)

    async def on_response(event: ResponseEvent) -> None:
        await asyncio.sleep(0)
        hooks["response"](event)

    async def main() -> object:
        client = AsyncClient(SERVICE, server.url, effects=effects, on_request=on_request, on_response=on_response)
        async with client:
            return await client._transport.send(UNKEYED)

    return asyncio.run(main())


def test_h7_coroutine_hooks_are_as_safe(server: Loopback, callers: Callers) -> None:
    effects = callers.clock.effects()
    server.say(json_answer({"address": "a"}))
    with pytest.raises(BoomError):
        run_async(server, effects, {"request": boom, "response": boom})
    assert server.requests == []
    assert run_async(server, effects, {"request": str, "response": boom}) == Account(address="a")
    assert len(server.requests) == 1
