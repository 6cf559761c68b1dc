"""What must not be carried over a fork: locks, and those who wait for them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Generic

from typing_extensions import TypeVar

T = TypeVar("T")


class PerProcess(Generic[T]):
    """A thing that each process makes anew when it first needs it.

    After a fork a child has one thread, and its copy of a lock may be held by a thread
    that only its parent has. It must neither wait for that lock nor release it.

    Args:
        make: Makes the thing; it may be called more often than is needed.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: dict[int, T] = {}

    def mine(self) -> T:
        """Return the thing of this process."""
        process = os.getpid()
        found = self._made.get(process)
        # One step, so that threads that are here together all get the same.
        return self._made.setdefault(process, self._make()) if found is None else found
