"""The bytes of a body on their way out: all at once, or piece by piece."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable
from typing import Final

from .content import Readable, Source

CHUNK: Final = 65536


def blocking(source: Source) -> bytes | Iterable[bytes]:
    """Return a source as code that blocks reads it.

    Raises:
        ValueError: It cannot be read without an event loop.
    """
    if isinstance(source, bytes | Iterable):
        return source
    if isinstance(source, AsyncIterable):
        raise ValueError("body: an async iterable needs the async client")
    return iter(lambda: source.read(CHUNK), b"")


def not_blocking(source: Source) -> bytes | AsyncIterable[bytes]:
    """Return a source as ``async`` code reads it."""
    if isinstance(source, bytes | AsyncIterable):
        return source
    return _chunks(source)


async def _chunks(source: Readable | Iterable[bytes]) -> AsyncIterator[bytes]:
    if isinstance(source, Readable):
        # Reading a file blocks; a thread of its own keeps the loop going.
        import asyncio

        while chunk := await asyncio.to_thread(source.read, CHUNK):
            yield chunk
    else:
        for chunk in source:
            yield chunk
