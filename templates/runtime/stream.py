"""Bodies that are read as they come."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from .errors import TransportError
from .opened import AsyncOpenResponse, OpenResponse
from .outgoing import Fault
from .response import Headers


class ByteStream:
    """A body that is read as it comes. Nothing is sent before it is read or entered.

    ``read`` and ``save`` and a loop open and close it by themselves; ``with`` keeps it
    open for more than one of them.
    """

    def __init__(
        self,
        open_: Callable[[], OpenResponse],
        explain: Callable[[Fault], TransportError],
    ) -> None:
        self._open = open_
        self._explain = explain
        self._answer: OpenResponse | None = None

    @property
    def status(self) -> int:
        """The HTTP status, while the stream is open."""
        return self._opened.status

    @property
    def headers(self) -> Headers:
        """The headers, while the stream is open."""
        return self._opened.headers

    def read(self) -> bytes:
        """Return all that is left.

        Raises:
            TransportError: The body breaks off.
        """
        return b"".join(self.iter_bytes())

    def save(self, path: str | os.PathLike[str]) -> int:
        """Write all that is left to a file and return the number of bytes.

        The file appears when all is there: an error leaves what was there before.

        Raises:
            TransportError: The body breaks off.
            OSError: The file cannot be written.
        """
        target, part = _part_of(path)
        size = 0
        try:
            with part.open("wb") as file:
                for chunk in self.iter_bytes():
                    size += file.write(chunk)
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return size

    def iter_bytes(self, size: int | None = None) -> Iterator[bytes]:
        """Yield the body in pieces: of a size, or as they come.

        Raises:
            TransportError: The body breaks off.
        """
        if self._answer is None:
            with self:
                yield from self.iter_bytes(size)
            return
        try:
            yield from self._answer.iter_bytes(size)
        except Fault as fault:
            raise self._explain(fault) from fault

    def close(self) -> None:
        """Give the connection back."""
        answer, self._answer = self._answer, None
        if answer is not None:
            answer.close()

    def __iter__(self) -> Iterator[bytes]:
        return self.iter_bytes()

    def __enter__(self) -> ByteStream:
        if self._answer is None:
            self._answer = self._open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def _opened(self) -> OpenResponse:
        if self._answer is None:
            raise RuntimeError("the stream is not open: enter it with `with` first")
        return self._answer


class AsyncByteStream:
    """A body that is read as it comes. Nothing is sent before it is read or entered.

    ``read`` and ``save`` and a loop open and close it by themselves; ``async with``
    keeps it open for more than one of them.
    """

    def __init__(
        self,
        open_: Callable[[], Awaitable[AsyncOpenResponse]],
        explain: Callable[[Fault], TransportError],
    ) -> None:
        self._open = open_
        self._explain = explain
        self._answer: AsyncOpenResponse | None = None

    @property
    def status(self) -> int:
        """The HTTP status, while the stream is open."""
        return self._opened.status

    @property
    def headers(self) -> Headers:
        """The headers, while the stream is open."""
        return self._opened.headers

    async def read(self) -> bytes:
        """Return all that is left.

        Raises:
            TransportError: The body breaks off.
        """
        return b"".join([chunk async for chunk in self.iter_bytes()])

    async def save(self, path: str | os.PathLike[str]) -> int:
        """Write all that is left to a file and return the number of bytes.

        The file appears when all is there: an error leaves what was there before.

        Raises:
            TransportError: The body breaks off.
            OSError: The file cannot be written.
        """
        target, part = _part_of(path)
        size = 0
        import asyncio

        # Writing blocks; threads keep the loop going.
        file: BinaryIO = await asyncio.to_thread(part.open, "wb")
        try:
            async for chunk in self.iter_bytes():
                size += await asyncio.to_thread(file.write, chunk)
            await asyncio.to_thread(file.close)
            part.replace(target)
        except BaseException:
            file.close()
            part.unlink(missing_ok=True)
            raise
        return size

    async def iter_bytes(self, size: int | None = None) -> AsyncIterator[bytes]:
        """Yield the body in pieces: of a size, or as they come.

        Raises:
            TransportError: The body breaks off.
        """
        if self._answer is None:
            async with self:
                async for chunk in self.iter_bytes(size):
                    yield chunk
            return
        try:
            async for chunk in self._answer.iter_bytes(size):
                yield chunk
        except Fault as fault:
            raise self._explain(fault) from fault

    async def aclose(self) -> None:
        """Give the connection back."""
        answer, self._answer = self._answer, None
        if answer is not None:
            await answer.aclose()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self.iter_bytes()

    async def __aenter__(self) -> AsyncByteStream:
        if self._answer is None:
            self._answer = await self._open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    @property
    def _opened(self) -> AsyncOpenResponse:
        if self._answer is None:
            raise RuntimeError("the stream is not open: use `async with` first")
        return self._answer


def _part_of(path: str | os.PathLike[str]) -> tuple[Path, Path]:
    target = Path(path)
    return target, target.with_name(target.name + ".part")
