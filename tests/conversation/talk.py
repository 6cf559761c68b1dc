"""A conversation: a client calls every operation of a document, and the server that knows it answers."""

import asyncio
import inspect
import operator
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from conversation.arguments import Operation, arguments_of
from conversation.clients import Made
from conversation.judging import Attempt, Exchange, fallen, judged
from conversation.prism import prism
from conversation.schemas import Schemas
from conversation.values import Wish
from formance_codegen.load.json_value import JsonValue, as_mapping, as_sequence

Flavour: TypeAlias = Literal["sync", "async"]
FLAVOURS: Final[tuple[Flavour, ...]] = ("sync", "async")


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A server, and the calls that are made of each operation."""

    name: str
    options: tuple[str, ...] = ()
    calls: tuple[tuple[Flavour, Wish], ...]
    errors: bool = False
    """Whether the declared errors are asked for as well."""


STATIC: Final = Round(
    name="static",
    calls=(("sync", Wish(full=False)), ("async", Wish(full=True, awkward=True))),
    errors=True,
)
"""The server answers with examples, of the document or of its own."""
DYNAMIC: Final = Round(
    name="dynamic",
    options=("--dynamic", "--seed", "1", "--json-schema-faker-fillProperties=false"),
    calls=(("async", Wish(full=False)), ("sync", Wish(full=True))),
)
"""The server makes up answers of the schemas, the same each time."""
ROUNDS: Final = (STATIC, DYNAMIC)

_TIMEOUT: Final = 20.0
_MOST_ITEMS: Final = 3
_MOST_STARTS: Final = 4
"""How often a server is started that falls over."""
_MOST_ERRORS: Final = 3
"""How many of the errors of an operation are asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Partner:
    """Clients of both flavours, and what they talk about."""

    clients: Mapping[Flavour, Any]
    answers: Schemas
    round: str
    drifts: list[Any]
    """Where clients tell of drift."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    operation: Operation
    flavour: Flavour
    wish: Wish
    status: int | None = None
    """Which error the server is asked for."""


def conversation(made: Made, document: Path, rounds: Sequence[Round] = ROUNDS) -> Iterator[Exchange]:
    """Call every operation several times, with little and with much, in both flavours, and yield how it went.

    Args:
        made: The clients.
        document: What the server is told.
        rounds: What the server answers, and which calls are made: what it always says, and what it makes up.

    Raises:
        NoPrism: The server does not start with this document.
    """
    requests, answers = Schemas(made.document.data, "request"), Schemas(made.document.data, "answer")
    for each in rounds:
        waiting = deque(
            call
            for described in as_sequence(made.described["operations"])
            for call in _calls(made, requests, as_mapping(described), each)
        )
        for _ in range(_MOST_STARTS):
            with prism(document, *each.options) as server, asyncio.Runner() as runner:
                partner = _partner(made, answers, server.url, each.name)
                while waiting and server.is_alive:
                    yield _exchange(partner, waiting.popleft(), runner)
                partner.clients["sync"].close()
                runner.run(partner.clients["async"].aclose())
            if not waiting:
                break
        for call in waiting:
            yield fallen(call.operation, f"{call.flavour} {each.name}")


def _partner(made: Made, answers: Schemas, url: str, name: str) -> _Partner:
    drifts: list[Any] = []
    clients: dict[Flavour, Any] = {flavour: _client(made, flavour, url, drifts) for flavour in FLAVOURS}
    return _Partner(clients=clients, answers=answers, round=name, drifts=drifts)


def _client(made: Made, flavour: Flavour, url: str, drifts: list[Any]) -> Any:
    name = str(made.described["client" if flavour == "sync" else "async_client"])
    auth = credentials(made)
    given = {"auth": auth} if auth else {}
    return getattr(made.package, name)(
        url, strict=True, on_drift=drifts.append, max_retries=0, timeout=_TIMEOUT, **given
    )


def credentials(made: Made) -> dict[str, object]:
    """Return a credential for each security scheme that somebody asks for."""
    components = as_mapping(as_mapping(made.document.data).get("components", {}))
    schemes = {name: as_mapping(each) for name, each in as_mapping(components.get("securitySchemes", {})).items()}
    asked = {
        name
        for operation in map(as_mapping, as_sequence(made.described["operations"]))
        for alternative in as_sequence(operation["security"] or [])
        for name in as_mapping(alternative)
    }
    found: dict[str, object] = {}
    for name in sorted(asked & schemes.keys()):
        match schemes[name].get("type"), str(schemes[name].get("scheme", "")).lower():
            case "apiKey", _:
                found[name] = made.package.ApiKey("key")
            case "http", "basic":
                found[name] = made.package.BasicAuth("user", "password")
            case ("http", "bearer") | ("oauth2" | "openIdConnect", _):
                found[name] = made.package.BearerToken("token")
            case _:
                pass
    return found


def _calls(made: Made, requests: Schemas, described: Mapping[str, JsonValue], asked: Round) -> Iterator[_Call]:
    operation = Operation(schemas=requests, described=described, document=made.document.data)
    for flavour, wish in asked.calls:
        yield _Call(operation=operation, flavour=flavour, wish=wish)
    if asked.errors:
        declared = [each for each in as_mapping(operation.part("responses")) if each.isdigit() and each[0] in "45"]
        for index, status in enumerate(declared[:_MOST_ERRORS]):
            yield _Call(operation=operation, flavour=FLAVOURS[index % 2], wish=Wish(full=False), status=int(status))


def _exchange(partner: _Partner, call: _Call, runner: asyncio.Runner) -> Exchange:
    client = partner.clients[call.flavour]
    told = f"{call.flavour} {partner.round} {'full' if call.wish.full else 'spare'}"
    if call.status is not None:
        client = client.with_options(headers={"Prefer": f"code={call.status}"})
        told = f"{call.flavour} {partner.round} {call.status}"
    method = operator.attrgetter(call.operation.call)(client)
    error: Exception | None = None
    partner.drifts.clear()
    with client.capture_response() as captured:
        try:
            arguments = arguments_of(call.operation, method, call.wish)
            if call.flavour == "sync":
                _use(method(**arguments))
            else:
                # In this context: the answers are captured there.
                runner.run(_use_async(method, arguments), context=copy_context())
        except Exception as raised:  # noqa: BLE001  # whatever it is, it is what this test is for
            error = raised
    attempt = Attempt(
        operation=call.operation,
        how=told,
        wish=call.wish,
        status=call.status,
        error=error,
        response=captured.responses[-1] if captured.responses else None,
        drifts=tuple(found for drift in partner.drifts for found in drift.found),
    )
    return judged(attempt, partner.answers)


def _use(result: Any) -> None:
    """Take what a method gives: the items of a page, the bytes of a stream."""
    if hasattr(result, "data") and hasattr(result, "pages"):
        _ = result.data
    elif hasattr(result, "__enter__"):
        with result as stream:
            for _ in islice(stream, _MOST_ITEMS):
                pass


async def _use_async(method: Any, arguments: Mapping[str, object]) -> None:
    result = method(**arguments)
    if inspect.isawaitable(result):
        await result
    elif hasattr(result, "__aenter__"):
        async with result as stream:
            await _taken(aiter(stream))


async def _taken(items: AsyncIterator[object]) -> None:
    for _ in range(_MOST_ITEMS):
        try:
            await anext(items)
        except StopAsyncIteration:
            break
