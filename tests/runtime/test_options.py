"""Options: all that a client takes can be changed in a copy, and a caller's own transport is used."""

import asyncio
import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import httpx2
import pytest

from flavours import Clock
from loopback import Answer, Loopback
from runtime.auth import BearerToken
from runtime.client import AsyncClient, Client
from runtime.hooks import RequestEvent, ResponseEvent
from runtime.settings import Settings
from runtime.timeout import Timeout
from sample_client import DELETE, METRICS, SERVICE

PLACE: Final = {"self", "service", "server", "http_client", "effects"}
"""What makes a client another client: a copy has the same server and the same connections."""


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_copy_may_have_any_other_option(kind: type[Client | AsyncClient]) -> None:
    made = inspect.signature(kind.__init__).parameters
    copied = inspect.signature(kind.with_options).parameters
    assert set(copied) == set(made) - PLACE | {"self", "start_at"}
    assert {each.kind for name, each in copied.items() if name != "self"} == {inspect.Parameter.KEYWORD_ONLY}


def ask(_: RequestEvent) -> None:
    """Add nothing."""


def tell(_: ResponseEvent) -> None:
    """Note nothing."""


TOKEN: Final = BearerToken("t")
Change = Callable[[Client], Client]
CHANGES: Final[dict[str, tuple[Change, object]]] = {
    "timeout": (lambda client: client.with_options(timeout=1.0), Timeout.of(1.0)),
    "max_retries": (lambda client: client.with_options(max_retries=7), 7),
    "headers": (lambda client: client.with_options(headers={"X-A": "1"}), (("X-Old", "0"), ("X-A", "1"))),
    "auth": (lambda client: client.with_options(auth=TOKEN), TOKEN),
    "on_drift": (lambda client: client.with_options(on_drift=print), print),
    "strict": (lambda client: client.with_options(strict=True), True),
    "on_request": (lambda client: client.with_options(on_request=ask), ask),
    "on_response": (lambda client: client.with_options(on_response=tell), tell),
    "max_response_bytes": (lambda client: client.with_options(max_response_bytes=None), None),
    "allow_http": (lambda client: client.with_options(allow_http=True), True),
    "start_at": (lambda client: client.with_options(start_at="c2"), "c2"),
}


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_an_option_changes_itself_and_nothing_else(name: str) -> None:
    change, value = CHANGES[name]
    with Client(SERVICE, "http://localhost:1", headers={"X-Old": "0"}) as client:
        before = client._transport.settings
        after = change(client)._transport.settings
        assert getattr(after, name) == value
        assert getattr(before, name) != value
        # All other fields are the very same.
        back: Settings = replace(after, **{name: getattr(before, name)})
        assert back == before
        assert client._transport.settings is before


def test_every_option_is_tried_here() -> None:
    assert set(CHANGES) == set(inspect.signature(Client.with_options).parameters) - {"self"}


def test_a_callers_own_transport_answers(clock: Clock) -> None:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(503 if len(seen) == 1 else 204)

    told: list[ResponseEvent] = []
    with httpx2.Client(transport=httpx2.MockTransport(answer)) as own:
        client = Client(
            SERVICE, "https://service.test/base", http_client=own, on_response=told.append, effects=clock.effects()
        )
        client.with_options(headers={"X-A": "1"})._transport.send(DELETE.request())
    assert [str(request.url) for request in seen] == ["https://service.test/base/api/sample/thing"] * 2
    assert seen[0].headers["x-a"] == "1"
    assert [event.status for event in told] == [503, 204]


def test_a_callers_own_async_transport_answers() -> None:
    seen: list[str] = []

    async def answer(request: httpx2.Request) -> httpx2.Response:
        await asyncio.sleep(0)
        seen.append(request.method)
        return httpx2.Response(200, content=b"m 1")

    async def main() -> str:
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as own:
            client = AsyncClient(SERVICE, "https://service.test", http_client=own)
            return await client._transport.send(METRICS.request())

    assert asyncio.run(main()) == "m 1"
    assert seen == ["GET"]


def test_a_capture_sees_tasks_begun_in_its_block_and_all_their_attempts(server: Loopback, clock: Clock) -> None:
    server.handler = lambda request: Answer(
        status=503 if len(server.requests) <= 3 else 200, body=(request.header("X-Name") or "").encode()
    )

    async def main() -> tuple[list[int], set[bytes]]:
        async with AsyncClient(SERVICE, server.url, max_retries=3, effects=clock.effects()) as client:
            with client.capture_response() as captured:
                names = [client.with_options(headers={"X-Name": f"t{number}"}) for number in range(3)]
                await asyncio.gather(*(each._transport.send(METRICS.request()) for each in names))
            await client._transport.send(METRICS.request())
            return (
                sorted(response.status for response in captured.responses),
                {response.content for response in captured.responses},
            )

    statuses, names = asyncio.run(main())
    assert statuses == [200, 200, 200, 503, 503, 503]
    assert names == {b"t0", b"t1", b"t2"}
