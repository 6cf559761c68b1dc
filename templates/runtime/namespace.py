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


class AsyncNamespace(Kept):
    """A group of methods for ``async`` code."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
