"""What comes from outside: time and chance."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


def _new_key() -> str:
    return str(uuid.uuid4())


def _sleep(seconds: float, ended: threading.Event) -> None:
    ended.wait(seconds)


async def _async_sleep(seconds: float) -> None:
    # Blocking code never needs asyncio: it is not imported for it.
    import asyncio

    await asyncio.sleep(seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What comes from outside: time and chance. Tests bring their own."""

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    sleep: Callable[[float, threading.Event], object] = _sleep
    """Waits for some seconds, or until something has happened."""
    async_sleep: Callable[[float], Awaitable[None]] = _async_sleep
    chance: Callable[[], float] = random.random
    new_key: Callable[[], str] = _new_key
