"""Fixtures: scripted raw-socket servers, each an origin of its own."""

from collections.abc import Generator

import pytest

from flavours import Clock
from rig import Rig, certified, rig
from runtime.effects import Effects


@pytest.fixture
def origin() -> Generator[Rig]:
    """The server that a client is made for."""
    with rig() as running:
        yield running


@pytest.fixture
def elsewhere() -> Generator[Rig]:
    """A server on another port: another origin."""
    with rig() as running:
        yield running


@pytest.fixture
def secure() -> Generator[Rig]:
    """A server behind TLS; its certificate names it, but nobody trusts who signed it."""
    with rig(tls=certified("127.0.0.1", "localhost")) as running:
        yield running


@pytest.fixture
def misnamed() -> Generator[Rig]:
    """A server behind TLS whose certificate is another server's, of the same authority."""
    with rig(tls=certified("elsewhere.example")) as running:
        yield running


@pytest.fixture
def hasty(clock: Clock) -> Effects:
    """Real time, but nobody sleeps between attempts."""
    return Effects(sleep=clock.sleep, async_sleep=clock.async_sleep, chance=clock.chance)
