"""Fixtures: a whole stack on this machine, and clients of it in both flavours."""

import asyncio
import inspect
import threading
from collections.abc import AsyncIterable, Awaitable, Coroutine, Generator, Iterable, Mapping
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Final, TypeVar

import pytest

from formance_stack import AsyncFormance, Auth, ClientCredentials, Formance
from formance_stack._core.drift import OnDrift
from formance_stack._core.hooks import OnRequest, OnResponse
from loopback import Answer, Loopback, Recorded, json_answer, loopback

T = TypeVar("T")

SECRET: Final = ClientCredentials("id", "s&cret")
LEDGER: Final[dict[str, object]] = {"name": "main", "addedAt": "2026-01-01T00:00:00Z", "bucket": "b", "id": 1}
WALLET: Final[dict[str, object]] = {
    "id": "c5f9ab9d-3f74-4a4e-9f3c-3f5b3f5b9d4a",
    "name": "w",
    "ledger": "main",
    "metadata": {},
    "createdAt": "2026-01-01T00:00:00Z",
    "balances": {"main": {"assets": {"USD/2": 1}}},
}
VERSIONS: Final[dict[str, object]] = {"region": "r", "env": "e", "versions": []}


class Platform:
    """A stack: it issues tokens T1, T2 and so on, and its services take those that are not revoked."""

    def __init__(self) -> None:
        self.issued = 0
        self.revoked: set[str] = set()
        self.lock = threading.Lock()
        self.services: dict[str, Answer] = {
            "/api/ledger/v2/main": json_answer({"data": LEDGER}),
            "/api/ledger/v2/main/logs/export": Answer(body=b"logs"),
            "/api/ledger/v2": json_answer({"cursor": {"pageSize": 1, "hasMore": True, "next": "n", "data": [LEDGER]}}),
            "/api/wallets/wallets/w": json_answer({"data": WALLET}),
            "/api/payments/v3/pools/p/balances/latest": json_answer({"data": []}),
            "/versions": json_answer(VERSIONS),
        }

    def __call__(self, request: Recorded) -> Answer:
        if request.target == "/api/auth/oauth/token":
            with self.lock:
                self.issued += 1
                return json_answer({"access_token": f"T{self.issued}", "token_type": "Bearer", "expires_in": 3600})
        if (request.header("Authorization") or "").removeprefix("Bearer ") in self.revoked:
            return Answer(status=401)
        path = request.target.partition("?")[0]
        missing = json_answer({"errorCode": "NOT_FOUND", "errorMessage": "there is none"}, status=404)
        return self.services.get(path, missing)


@dataclass(slots=True)
class Doors:
    """Opens stacks in one flavour, so that one test shows both."""

    kind: type[Formance | AsyncFormance]
    url: str
    runner: asyncio.Runner
    opened: list[Formance | AsyncFormance] = field(default_factory=list["Formance | AsyncFormance"])

    @property
    def is_async(self) -> bool:
        """Whether it is the async flavour."""
        return self.kind is AsyncFormance

    def __call__(
        self,
        *,
        auth: Auth | None = None,
        max_retries: int = 2,
        headers: Mapping[str, str] | None = None,
        on_drift: OnDrift | None = None,
        on_request: OnRequest | None = None,
        on_response: OnResponse | None = None,
        strict: bool = False,
    ) -> Formance | AsyncFormance:
        """Return a client of the stack."""
        client = self.kind(
            self.url,
            auth=auth,
            max_retries=max_retries,
            headers=headers,
            on_drift=on_drift,
            on_request=on_request,
            on_response=on_response,
            strict=strict,
        )
        self.opened.append(client)
        return client

    def wait(self, value: T | Awaitable[T]) -> T:
        """Return a value, awaited if need be."""
        if not inspect.isawaitable(value):
            return value
        awaitable = value

        async def main() -> T:
            return await awaitable

        return self.run(main())

    def items(self, values: Iterable[T] | AsyncIterable[T]) -> list[T]:
        """Loop over all."""
        if not isinstance(values, AsyncIterable):
            return list(values)
        found = values

        async def main() -> list[T]:
            return [each async for each in found]

        return self.run(main())

    def run(self, main: Coroutine[object, object, T]) -> T:
        """Run a coroutine, in the context of the test."""
        return self.runner.run(main, context=copy_context())

    def close(self, client: Formance | AsyncFormance) -> None:
        """Close a client of the stack."""
        if isinstance(client, Formance):
            client.close()
        else:
            self.run(client.aclose())


@pytest.fixture
def server() -> Generator[Loopback]:
    """A scripted HTTP server."""
    with loopback() as running:
        yield running


@pytest.fixture
def platform(server: Loopback) -> Platform:
    """A stack, behind the server."""
    platform = server.handler = Platform()
    return platform


@pytest.fixture(params=[Formance, AsyncFormance])
def doors(request: pytest.FixtureRequest, server: Loopback, platform: Platform) -> Generator[Doors]:
    """Opens stacks: each test that asks for it runs for both flavours."""
    kind: type[Formance | AsyncFormance] = request.param
    with asyncio.Runner() as runner:
        made = Doors(kind, server.url, runner)
        yield made
        for client in made.opened:
            made.close(client)
