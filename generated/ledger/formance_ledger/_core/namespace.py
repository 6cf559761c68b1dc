"""What a group of methods stands on: the transport that sends their calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .secret import Kept

if TYPE_CHECKING:
    from .transport import AsyncTransport, SyncTransport


class Namespace(Kept):
    """A group of methods that block."""

    def __init__(self, transport: SyncTransport) -> None:
        self._transport = transport

    def preload(self) -> None:
        """Import and build all that calls need, instead of on first use.

        It takes as long as all models together take; nothing is sent. For programs
        that would rather start later than answer their first request later.
        """
        from .preloading import preload

        preload(self)


class AsyncNamespace(Kept):
    """A group of methods for ``async`` code."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def preload(self) -> None:
        """Import and build all that calls need, instead of on first use.

        It takes as long as all models together take; nothing is sent. For programs
        that would rather start later than answer their first request later.
        """
        from .preloading import preload

        preload(self)
