"""Compressed bodies, taken apart piece by piece and checked to be whole."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Final

PIECE: Final = 1024 * 1024
"""The most bytes that come out at once: a few bytes may stand for a thousandfold."""
WINDOWS: Final = {
    "gzip": 16 + zlib.MAX_WBITS,
    "x-gzip": 16 + zlib.MAX_WBITS,
    "deflate": zlib.MAX_WBITS,
}


class Inflater:
    """Takes bodies of one content coding apart (RFC 9110, section 8.4.1).

    The HTTP library does that as well; but it takes a body whose end is missing, or the
    first of several members (RFC 1952, section 2.2), for the whole.
    """

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._window = WINDOWS[coding]
        self._inner = zlib.decompressobj(self._window)
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what comes out of the next bytes.

        Raises:
            zlib.error: They cannot be.
        """
        while data:
            if self._inner.eof:
                self._inner = zlib.decompressobj(self._window)
            elif not self._begun and self._coding == "deflate" and data[0] & 15 != 8:
                # Some send it without its header (RFC 1950), as if it were a file.
                self._inner = zlib.decompressobj(-zlib.MAX_WBITS)
            self._begun = True
            piece = b"-"
            while not self._inner.eof and (data or piece):
                piece = self._inner.decompress(data, PIECE)
                data = self._inner.unconsumed_tail
                if piece:
                    yield piece
            data = self._inner.unused_data

    def finish(self) -> None:
        """Check that there is nothing to come.

        Raises:
            zlib.error: The end is missing.
        """
        if self._begun and not self._inner.eof:
            raise zlib.error(f"the {self._coding} body has no end")


class Sizer:
    """Makes pieces of one size out of pieces as they come; without a size, of any."""

    def __init__(self, size: int | None) -> None:
        self._size = size
        self._rest = bytearray()

    def feed(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield what is complete."""
        size = self._size
        if size is None:
            yield from pieces
            return
        for piece in pieces:
            self._rest += piece
            while len(self._rest) >= size:
                yield bytes(self._rest[:size])
                del self._rest[:size]

    def finish(self) -> Iterator[bytes]:
        """Yield what is left."""
        if self._rest:
            yield bytes(self._rest)


def inflater_of(coding: str) -> Inflater | None:
    """Return what takes a content coding apart, if it is one of those known here."""
    coding = coding.strip().lower()
    return Inflater(coding) if coding in WINDOWS else None
