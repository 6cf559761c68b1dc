"""The bytes of a body on their way out: all at once, or piece by piece."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import Final

from .content import Readable, Source

CHUNK: Final = 65536


def blocking(source: Source, length: int | None) -> bytes | Iterable[bytes]:
    """Return a source as code that blocks reads it.

    Args:
        source: The bytes, or what gives them.
        length: How many there are, where that was said; what a file has got since is
            left out.

    Raises:
        ValueError: It cannot be read without an event loop.
    """
    if isinstance(source, bytes):
        return source
    if isinstance(source, Readable):
        return _pieces(source, length)
    if isinstance(source, AsyncIterable):
        raise ValueError("body: an async iterable needs the async client")
    return source


def not_blocking(source: Source, length: int | None) -> bytes | AsyncIterable[bytes]:
    """Return a source as ``async`` code reads it."""
    if isinstance(source, bytes | AsyncIterable):
        return source
    return _chunks(source, length)


def _pieces(source: Readable, length: int | None) -> Iterator[bytes]:
    left = length
    while left != 0 and (chunk := source.read(_next(left))):
        left = None if left is None else left - len(chunk)
        yield chunk


def _next(left: int | None) -> int:
    return CHUNK if left is None else min(CHUNK, left)


async def _chunks(
    source: Readable | Iterable[bytes], length: int | None
) -> AsyncIterator[bytes]:
    if isinstance(source, Readable):
        # Reading a file blocks; a thread of its own keeps the loop going.
        import asyncio

        pieces = _pieces(source, length)
        while chunk := await asyncio.to_thread(next, pieces, b""):
            yield chunk
    else:
        for chunk in source:
            yield chunk
