"""Fixtures: a stack in small and a client of it, in both flavours, with credentials or behind `fctl stack proxy`."""

import asyncio
from collections.abc import Generator
from typing import Final

import pytest

from formance_stack import AsyncFormance, ClientCredentials, Formance, NoAuth
from formance_stack._core.drift import Drift
from loopback import loopback
from stack.conftest import Doors
from stories.gateway import Platform, Proxy
from stories.story import Story

SECRET: Final = ClientCredentials("accounting", "s&cret")


@pytest.fixture(params=["credentials", "proxy"])
def access(request: pytest.FixtureRequest) -> str:
    """How the stack is reached."""
    found: str = request.param
    return found


@pytest.fixture(params=[Formance, AsyncFormance], ids=["sync", "async"])
def story(request: pytest.FixtureRequest, access: str) -> Generator[Story]:
    """A client of a stack: each test that asks for it runs in both flavours, with credentials and behind the proxy."""
    platform = Platform()
    proxy = Proxy(platform) if access == "proxy" else None
    with loopback() as server, asyncio.Runner() as runner:
        server.handler = proxy or platform
        doors = Doors(request.param, server.url, runner)
        drifts: list[Drift] = []
        auth = NoAuth() if proxy else SECRET
        told = Story(doors(auth=auth, on_drift=drifts.append), doors, server, platform, proxy, drifts)
        yield told
        for client in doors.opened:
            doors.close(client)
    assert platform.complaints == []
    told.saw()
    assert told.drifts == []
