"""What scripted servers often say, and streams of both flavours, read alike."""

from flavours import Caller
from runtime.stream import AsyncByteStream, ByteStream

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


def sized(body: bytes, *headers: str, status: int = 200) -> bytes:
    lines = [f"HTTP/1.1 {status} X", "Content-Type: text/plain", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def read(caller: Caller, stream: ByteStream | AsyncByteStream) -> bytes:
    """Read a stream to its end."""
    if isinstance(stream, ByteStream):
        return stream.read()
    return caller.run(stream.read())


def pieces(caller: Caller, stream: ByteStream | AsyncByteStream, size: int) -> list[bytes]:
    """Read an open stream in pieces."""
    if isinstance(stream, ByteStream):
        return list(stream.iter_bytes(size))

    async def main() -> list[bytes]:
        return [piece async for piece in stream.iter_bytes(size)]

    return caller.run(main())


def enter(caller: Caller, stream: ByteStream | AsyncByteStream) -> None:
    """Open a stream."""
    if isinstance(stream, ByteStream):
        stream.__enter__()
    else:
        caller.run(stream.__aenter__())


def leave(caller: Caller, stream: ByteStream | AsyncByteStream) -> None:
    """Close a stream."""
    if isinstance(stream, ByteStream):
        stream.close()
    else:
        caller.run(stream.aclose())
