"""What the tests of updating share: a loopback server, no proxies, and documents written short."""

import os
from collections.abc import Generator

import pytest

from loopback import Loopback, loopback


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Generator[Loopback]:
    """A server that no proxy of the environment stands before."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    with loopback() as running:
        yield running
