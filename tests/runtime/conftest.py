"""Fixtures: a loopback server, a clock that nobody waits for, and callers of both flavours."""

import asyncio
from collections.abc import Generator

import pytest

from flavours import Caller, Callers, Clock
from loopback import Loopback, loopback


@pytest.fixture
def server() -> Generator[Loopback]:
    """A scripted HTTP server."""
    with loopback() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    """A clock that nobody waits for."""
    return Clock()


@pytest.fixture(params=["sync", "async"])
def callers(request: pytest.FixtureRequest, server: Loopback, clock: Clock) -> Generator[Callers]:
    """Makes callers: each test that asks for it runs for both flavours."""
    flavour: str = request.param
    with asyncio.Runner() as runner:
        made = Callers(flavour, server, clock, runner)
        yield made
        for caller in made.made:
            caller.close()


@pytest.fixture
def caller(callers: Callers) -> Caller:
    """A caller without credentials."""
    return callers()
