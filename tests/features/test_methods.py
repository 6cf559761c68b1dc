"""Each method of HTTP over the wire, in both flavours."""

import asyncio
import inspect
from collections.abc import Iterator
from typing import Any

import pytest

from features.conftest import Use
from features.corpus import built
from loopback import Answer, Loopback, Recorded, json_answer, loopback

FEATURE = "every-method"
DOOR = {"open": True}


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as running:
        yield running


@pytest.fixture(params=["sync", "async"])
def ask(request: pytest.FixtureRequest, use: Use, server: Loopback) -> Iterator[Any]:
    """Call a method of a client of one flavour, and return what it gives; a stream is read."""
    package, names = use(FEATURE), built(FEATURE)[0].names
    client = getattr(package, names.client if request.param == "sync" else names.async_client)(server.url)

    async def asynchronously(name: str, arguments: tuple[object, ...], options: dict[str, object]) -> object:
        given = getattr(client, name)(*arguments, **options)
        given = await given if inspect.isawaitable(given) else given
        return await given.read() if hasattr(given, "read") else given

    with asyncio.Runner() as runner:

        def call(name: str, *arguments: object, **options: object) -> object:
            if request.param == "async":
                return runner.run(asynchronously(name, arguments, options))
            given = getattr(client, name)(*arguments, **options)
            return given.read() if hasattr(given, "read") else given

        yield call
        client.close() if request.param == "sync" else runner.run(client.aclose())


@pytest.mark.parametrize(
    ("name", "method", "arguments", "answer", "given"),
    [
        ("is_door", "HEAD", (), Answer(headers=(("ETag", '"1"'),)), '"1"'),
        ("what_of_door", "OPTIONS", (), Answer(status=204, headers=(("Allow", "GET"),)), None),
        ("trace_door", "TRACE", (), Answer(body=b"TRACE /"), b"TRACE /"),
        ("drop_door", "DELETE", (), Answer(status=204), None),
        ("open_door", "POST", (), Answer(status=202, body=b"soon"), None),
        ("lock_door", "LOCK", (), Answer(status=204), None),
        ("set_door", "PUT", (DOOR,), Answer(status=204), None),
    ],
)
def test_each_method_goes_over_the_wire(
    server: Loopback, ask: Any, name: str, method: str, arguments: tuple[object, ...], answer: Answer, given: object
) -> None:
    server.handler = lambda request: answer
    assert ask(name, "a/b", *arguments) == given
    assert (server.last.method, server.last.target) == (method, "/doors/a%2Fb")


@pytest.mark.parametrize(
    ("name", "arguments", "status"),
    [
        ("get_door", (), 200),
        ("set_door", (DOOR,), 201),
        ("set_door", (DOOR,), 299),
        ("change_door", (), 200),
        ("change_door", (), 203),
        ("ask_door", (DOOR,), 200),
    ],
)
def test_an_answer_of_a_range_is_read_like_one_of_the_status(
    server: Loopback, ask: Any, name: str, arguments: tuple[object, ...], status: int
) -> None:
    server.say(json_answer(DOOR, status=status))
    assert ask(name, "a", *arguments).open is True


def test_what_did_not_change_is_none(server: Loopback, ask: Any) -> None:
    server.handler = _unchanged
    assert ask("get_door", "a", if_none_match='"1"') is None
    assert ask("get_door", "a").open is True


def _unchanged(request: Recorded) -> Answer:
    return Answer(status=304) if request.header("If-None-Match") else json_answer(DOOR)


def test_a_question_has_a_body_and_may_be_repeated(server: Loopback, ask: Any) -> None:
    server.say(Answer(status=503, headers=(("Retry-After", "0"),)), json_answer(DOOR))
    assert ask("ask_door", "a", DOOR).open is True
    assert [(each.method, each.json()) for each in server.requests] == [("QUERY", DOOR), ("QUERY", DOOR)]
