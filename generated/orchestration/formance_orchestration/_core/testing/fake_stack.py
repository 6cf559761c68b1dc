"""The services of a stack in the same process, behind one client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from inspect import getattr_static
from typing import Generic, Protocol

from typing_extensions import TypeVar

from ..client import AsyncClient, Client
from ..service import Service
from .fake import SERVER, Waiting, token_for
from .script import UnexpectedCall
from .serving import HttpRequest, HttpResponse, Serving, incoming

C = TypeVar("C", bound=Client)
A = TypeVar("A", bound=AsyncClient)
P = TypeVar("P", bound="Part")


class Part(Protocol):
    """The fake of a service, of another package."""

    def respond(self, request: HttpRequest) -> HttpResponse | None:
        """Answer a request; None where it is for no operation of this service."""
        ...

    def assert_expected(self) -> None:
        """Make sure that nothing was asked that no test has said an answer for."""
        ...

    def reset(self) -> None:
        """Forget what was said and what was asked."""
        ...


class FakeStack(Generic[C, A]):
    """A stack in the same process: fakes of its services, and clients of them all.

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
        self._parts: list[Part] = []
        self._examples = examples
        self._serving = Serving(self._respond)
        self._waiting = Waiting()
        self._unexpected: list[str] = []

    def client(self) -> C:
        """Return a client of the stack: a real one, without a network.

        It waits for nothing, so retries take no time.
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
        """Return an ``async`` client of the stack: a real one, without a network.

        It waits for nothing, so retries take no time.
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
    def waits(self) -> Sequence[float]:
        """The seconds that clients would have waited before each further attempt."""
        return tuple(self._waiting.waits)

    def assert_expected(self) -> None:
        """Make sure that nothing was asked that no test has said an answer for.

        Raises:
            AssertionError: Something was, even if the application has caught that.
        """
        for part in self._parts:
            part.assert_expected()
        if self._unexpected:
            raise UnexpectedCall("; ".join(self._unexpected))

    def reset(self) -> None:
        """Forget what was said and what was asked."""
        for part in self._parts:
            part.reset()
        self._unexpected.clear()
        self._waiting.waits.clear()

    def _opened(self, part: P) -> P:
        """Return the fake of a service, of which this one knows from now on."""
        self._parts.append(part)
        return part

    def _respond(self, request: HttpRequest) -> HttpResponse:
        for part in self._reached():
            response = part.respond(request)
            if response is not None:
                return response
        token = token_for(incoming(request))
        if token is None:
            text = f"{request.method} {request.url.path} is no operation of the stack"
            self._unexpected.append(text)
            raise UnexpectedCall(text)
        return token

    def _reached(self) -> Iterator[Part]:
        """Yield the fakes of services: those that the test knows, then all others."""
        known = tuple(self._parts)
        yield from known
        for name in dir(type(self)):
            static = getattr_static(type(self), name)
            if isinstance(static, cached_property) and name not in vars(self):
                # A stack can do without the packages of some services.
                with suppress(ModuleNotFoundError):
                    getattr(self, name)
        yield from self._parts[len(known) :]
