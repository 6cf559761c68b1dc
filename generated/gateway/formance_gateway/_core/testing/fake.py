"""A service in the same process: clients that it answers, and what it was asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Generic
from urllib.parse import parse_qsl

from typing_extensions import TypeVar

from ..client import AsyncClient, Client
from ..effects import Effects
from ..service import Service
from .answers import Answer, Disturbance
from .operations import FakeOperation, fake_operation
from .probing import probe
from .recording import Incoming, RecordedCall
from .routing import Router
from .script import UnexpectedCall
from .serving import (
    HttpRequest,
    HttpResponse,
    HttpTransport,
    Serving,
    incoming,
    outgoing,
)

C = TypeVar("C", bound=Client)
A = TypeVar("A", bound=AsyncClient)
SERVER: Final = "https://fake.test"
"""Where the service is said to be; nothing is ever looked up."""
TOKEN: Final[Answer] = Answer(
    json={"access_token": "fake-token", "token_type": "bearer", "expires_in": 3600}
)


class Waiting:
    """Time that passes when somebody waits, and at no other time."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    @property
    def effects(self) -> Effects:
        """Time and chance for a client: each wait is as long as it can be."""
        return Effects(
            monotonic=lambda: sum(self.waits),
            sleep=lambda seconds, ended: self.waits.append(seconds),
            async_sleep=self._sleep,
            chance=lambda: 1.0,
        )

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


class FakeNamespace:
    """A group of operations of a fake service.

    Args:
        operations: By their attributes.
    """

    def __init__(self, operations: Mapping[str, FakeOperation[Any, Any]]) -> None:
        vars(self).update(operations)


class Fake(Generic[C, A]):
    """A service in the same process.

    Args:
        service: What its clients know about it.
        client: The class of its clients.
        async_client: The class of its ``async`` clients.
        examples: Whether an operation without a script answers with values of no
            meaning that fit the document; else a call of it is an `UnexpectedCall`.
    """

    def __init__(
        self,
        service: Service,
        client: type[C],
        async_client: type[A],
        *,
        examples: bool = False,
    ) -> None:
        self._service = service
        self._classes = client, async_client
        self._examples = examples
        self._serving = Serving(self._respond)
        self._waiting = Waiting()
        self._calls: list[RecordedCall[object]] = []
        self._unexpected: list[str] = []
        self._router = Router[FakeOperation[Any, Any]]()
        self._found = {
            name: {each.method: fake_operation(each) for each in probed}
            for name, probed in probe(client).items()
        }
        for operation in self._operations:
            place = operation.place(SERVER, service.prefix)
            self._router.add(operation.method, place, operation)
        for name, operation in self._found[""].items():
            vars(self)[attribute(name)] = operation

    def client(self) -> C:
        """Return a client of this service: a real one, without a network.

        It waits for nothing, so retries take no time; `waits` has how long they would.
        It has no credential; ``with_options(auth=...)`` gives it one.
        """
        kind, _ = self._classes
        made = kind.__new__(kind)
        Client.__init__(
            made,
            self._service,
            SERVER,
            http_client=self._serving.client,
            effects=self._waiting.effects,
        )
        return made

    def async_client(self) -> A:
        """Return an ``async`` client of this service: a real one, without a network.

        It waits for nothing, so retries take no time; `waits` has how long they would.
        It has no credential; ``with_options(auth=...)`` gives it one.
        """
        _, kind = self._classes
        made = kind.__new__(kind)
        AsyncClient.__init__(
            made,
            self._service,
            SERVER,
            http_client=self._serving.async_client,
            effects=self._waiting.effects,
        )
        return made

    @property
    def transport(self) -> HttpTransport:
        """What answers, for an HTTP client of your own: ``httpx2.Client(transport=…)``."""
        return self._serving.transport

    @property
    def calls(self) -> Sequence[RecordedCall[object]]:
        """What was asked so far, of all operations; each attempt of a call is a call."""
        return tuple(self._calls)

    @property
    def waits(self) -> Sequence[float]:
        """The seconds that clients would have waited before each further attempt."""
        return tuple(self._waiting.waits)

    def assert_expected(self) -> None:
        """Make sure that nothing was asked that no test has said an answer for.

        Raises:
            UnexpectedCall: Something was, even if the application has caught that.
        """
        if self._unexpected:
            raise UnexpectedCall("; ".join(self._unexpected))

    def assert_exhausted(self) -> None:
        """Make sure that a call came to each answer.

        Raises:
            AssertionError: There are answers that were not asked for.
        """
        left = [each.name for each in self._operations if each.left]
        if left:
            raise AssertionError(f"answers are left: {', '.join(left)}")

    def reset(self) -> None:
        """Forget what was said and what was asked."""
        for operation in self._operations:
            operation.reset()
        self._calls.clear()
        self._unexpected.clear()
        self._waiting.waits.clear()

    def respond(self, request: HttpRequest) -> HttpResponse | None:
        """Answer a request; None where it is for no operation of this service.

        Raises:
            UnexpectedCall: No test has said an answer.
            httpx2.TransportError: A test wants it so.
        """
        came = incoming(request)
        found = self._router.find(came.method, came.path)
        return None if found is None else outgoing(self._answer(*found, came))

    @property
    def _operations(self) -> Iterator[FakeOperation[Any, Any]]:
        for found in self._found.values():
            yield from found.values()

    def _namespace(self, name: str) -> Mapping[str, FakeOperation[Any, Any]]:
        """Return the operations of a namespace by their attributes."""
        return self._found[name]

    def _respond(self, request: HttpRequest) -> HttpResponse:
        found = self.respond(request) or token_for(incoming(request))
        if found is None:
            raise self._unexpectedly(
                f"{request.method} {request.url.path} is no operation of "
                f"{self._service.name}"
            )
        return found

    def _answer(
        self,
        operation: FakeOperation[Any, Any],
        values: tuple[str, ...],
        request: Incoming,
    ) -> Answer | Disturbance:
        call, answer = operation.receive(values, request)
        self._calls.append(call)
        if answer is not None:
            return answer
        if self._examples:
            return operation.example(request)
        raise self._unexpectedly(
            f"{operation.name} was called, but no test has said an answer: say "
            f"{operation.name}.returns(...), or make the fake with examples=True"
        )

    def _unexpectedly(self, text: str) -> UnexpectedCall:
        self._unexpected.append(text)
        return UnexpectedCall(text)


def attribute(name: str) -> str:
    """Return the attribute of a fake for an attribute of a client."""
    return f"{name}_" if hasattr(Fake, name) else name


def token_for(request: Incoming) -> HttpResponse | None:
    """Return a token where one is asked for (RFC 6749, section 4.4)."""
    form = dict(parse_qsl(request.content.decode("latin-1")))
    asked = form.get("grant_type") == "client_credentials"
    return outgoing(TOKEN) if asked and request.method == "POST" else None
