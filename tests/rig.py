"""Scripted servers on raw sockets of this machine: what they say and when, and what they were told.

`rig.script([("read_request",), ("send", b"HTTP/1.1 200"), ("rst",)], [("serve", OK)])`: the first list of steps is for
the first connection, and so on; the last one is for all that follow. Each `Rig` is an origin.
"""

import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, Self, TypeAlias

import trustme

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER with no time: closing sends RST, and throws away what was not sent."""
CHUNK = 65536
PATIENCE = 10.0
"""Seconds after which a server that hears nothing gives up: no test should come near."""

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A request as it came, with its framing."""

    head: bytes
    """The request line and the headers, up to and with the empty line."""
    body: bytes
    """What was read of the body, decoded where it came in chunks."""
    time: float
    """When its head was whole, on the monotonic clock."""
    connection: int
    """Which connection it came by: 0 is the first."""

    @property
    def method(self) -> str:
        """The method."""
        return self.head.split(b" ")[0].decode("latin-1")

    @property
    def target(self) -> str:
        """The raw target."""
        return self.head.split(b" ")[1].decode("latin-1")

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The fields, names in lower case."""
        lines = self.head.decode("latin-1").split("\r\n")[1:-2]
        pairs = [line.partition(":") for line in lines]
        return [(name.lower(), value.strip()) for name, _, value in pairs]

    def header(self, name: str) -> str | None:
        """Return the only header of a name."""
        found = [value for key, value in self.headers if key == name.lower()]
        assert len(found) <= 1, f"{name} came {len(found)} times"
        return found[0] if found else None


Step: TypeAlias = (
    tuple[Literal["read_head", "read_body", "read_request", "stall", "rst", "close"]]
    | tuple[Literal["read"], int]
    | tuple[Literal["send"], bytes]
    | tuple[Literal["drip"], bytes, float]
    | tuple[Literal["sleep"], float]
    | tuple[Literal["serve"], bytes]
    | tuple[Literal["answer"], Callable[[Heard], bytes]]
)
"""One thing that a server does:

- ``read_head``, ``read_body``, ``read_request`` (both): waits for as much and keeps it;
- ``read`` n: waits for n bytes; they are in `Connection.received` only;
- ``send`` bytes; ``drip`` bytes seconds: one byte each so many seconds;
- ``sleep`` seconds; ``stall``: until `Rig.release`, or until the client leaves;
- ``serve`` bytes: answers each request with them until the client leaves;
- ``answer`` function: so, but the function says with what;
- ``rst``: resets the connection; ``close``: closes it. After the last step it is closed.
"""


class _ClientLeft(Exception):
    """The client closed the connection."""


@dataclass(slots=True)
class Connection:
    """A connection, and what came by it."""

    index: int
    received: bytes = b""
    """Each byte that came: behind TLS, as it was before."""
    handshake_failed: bool = False
    ended: threading.Event = field(default_factory=threading.Event)
    """Whether it is closed, by whom ever."""
    left: threading.Event = field(default_factory=threading.Event)
    """Whether the client closed it while the server was listening."""


class Rig:
    """A server: its address, its scripts, and what it was told."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        self._tls = tls
        self._socket = socket.create_server((host, 0), backlog=256)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://{host}:{self.port}"
        self.connections: list[Connection] = []
        self.requests: list[Heard] = []
        self._scripts: list[list[Step]] = []
        self._changed = threading.Condition()
        self._released = threading.Event()
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []
        self._lines: list[_Line] = []

    def script(self, *scripts: list[Step]) -> Self:
        """Say what happens on the next connections; the last script is for all that follow."""
        self._scripts[:] = scripts
        return self

    def release(self) -> None:
        """Let all go on that stall, now and later."""
        self._released.set()

    def until(self, condition: Callable[[], bool], seconds: float = 5.0) -> None:
        """Wait until something holds of what came.

        Raises:
            AssertionError: It does not.
        """
        with self._changed:
            assert self._changed.wait_for(condition, seconds), "the server waited in vain"

    @property
    def open(self) -> int:
        """How many connections are open."""
        return sum(not each.ended.is_set() for each in self.connections)

    def start(self) -> None:
        """Begin to listen."""
        self._start(self._accept)

    def stop(self) -> None:
        """Close everything."""
        self._stopped.set()
        self._released.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for line in self._lines:
            line.end()
        for thread in self._threads:
            thread.join(PATIENCE)

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                accepted, _ = self._socket.accept()
            except OSError:
                return
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = Connection(len(self.connections))
            script = self._scripts[0] if self._scripts else []
            if len(self._scripts) > 1:
                del self._scripts[0]
            with self._changed:
                self.connections.append(connection)
                self._changed.notify_all()
            self._start(self._run, accepted, connection, script)

    def _run(self, accepted: socket.socket, connection: Connection, script: list[Step]) -> None:
        accepted.settimeout(PATIENCE)
        line = _Line(accepted, connection, self._note, self._stopped, self._released)
        self._lines.append(line)
        try:
            if self._tls is not None:
                line.secure(self._tls)
            for step in script:
                line.take(step)
        except _ClientLeft:
            connection.left.set()
        except OSError:
            # The client may hang up in the middle of anything.
            pass
        finally:
            line.close()
            with self._changed:
                connection.ended.set()
                self._changed.notify_all()

    def _note(self, heard: Heard | None) -> None:
        with self._changed:
            if heard is not None:
                self.requests.append(heard)
            self._changed.notify_all()


class _Line:
    """The server's end of one connection."""

    def __init__(
        self,
        accepted: socket.socket,
        connection: Connection,
        note: Callable[[Heard | None], None],
        stopped: threading.Event,
        released: threading.Event,
    ) -> None:
        self._socket = accepted
        self._connection = connection
        self._note = note
        self._stopped = stopped
        self._released = released
        self._ahead = b""
        self._head = b""
        self._time = 0.0

    def secure(self, tls: ssl.SSLContext) -> None:
        try:
            self._socket = tls.wrap_socket(self._socket, server_side=True)
        except (ssl.SSLError, OSError):
            self._connection.handshake_failed = True
            raise

    def take(self, step: Step) -> None:  # noqa: C901  # one branch for each sort of step
        match step:
            case ("read_head",):
                self._read_head()
                self._tell(b"")
            case ("read_body",):
                self._read_body()
            case ("read_request",):
                self._read_request()
            case ("read", count):
                self._take(count)
            case ("send", data):
                self._socket.sendall(data)
            case ("drip", data, seconds):
                for index in range(len(data)):
                    self._socket.sendall(data[index : index + 1])
                    self._stopped.wait(seconds)
            case ("sleep", seconds):
                self._stopped.wait(seconds)
            case ("stall",):
                self._stall()
            case ("serve", data):
                while True:
                    self._read_request()
                    self._socket.sendall(data)
            case ("answer", answer):
                while True:
                    self._socket.sendall(answer(self._read_request()))
            case ("rst",):
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                self._socket.close()
            case ("close",):
                self.close()

    def end(self) -> None:
        """Wake whoever waits for the client, from another thread."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with suppress(OSError):
            # Also where another thread's fork holds a copy.
            self._socket.shutdown(socket.SHUT_WR)
        self._socket.close()

    def _read_request(self) -> Heard:
        self._read_head()
        return self._tell(self._read_body())

    def _tell(self, body: bytes) -> Heard:
        heard = Heard(head=self._head, body=body, time=self._time, connection=self._connection.index)
        self._note(heard)
        return heard

    def _read_head(self) -> None:
        self._head = self._take_until(b"\r\n\r\n")
        self._time = time.monotonic()

    def _read_body(self) -> bytes:
        head = Heard(head=self._head, body=b"", time=0, connection=0)
        if head.header("transfer-encoding") == "chunked":
            chunks: list[bytes] = []
            while size := int(self._take_until(b"\r\n"), 16):
                chunks.append(self._take(size))
                self._take(2)
            self._take(2)
            return b"".join(chunks)
        return self._take(int(head.header("content-length") or 0))

    def _take(self, count: int) -> bytes:
        while len(self._ahead) < count:
            self._receive()
        taken, self._ahead = self._ahead[:count], self._ahead[count:]
        return taken

    def _take_until(self, end: bytes) -> bytes:
        while end not in self._ahead:
            self._receive()
        return self._take(self._ahead.index(end) + len(end))

    def _receive(self) -> None:
        data = self._socket.recv(CHUNK)
        if not data:
            raise _ClientLeft
        self._ahead += data
        self._connection.received += data
        self._note(None)

    def _stall(self) -> None:
        while not self._released.wait(0.005):
            if select.select([self._socket], [], [], 0)[0]:
                # Behind TLS this may be the closing words: they end it as well.
                self._receive()


@contextmanager
def rig(*, tls: ssl.SSLContext | None = None) -> Generator[Rig]:
    """Run a scripted server for the length of a block."""
    server = Rig(tls=tls)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def blackhole() -> Generator[str]:
    """Give the URL of a port where connections are never accepted, nor refused."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        address = listening.getsockname()
        waiting: list[socket.socket] = []
        try:
            # What does not fit into the queue of the system is left without an answer.
            for _ in range(4):
                filler = socket.socket()
                filler.settimeout(0)
                filler.connect_ex(address)
                waiting.append(filler)
            yield f"http://127.0.0.1:{address[1]}"
        finally:
            for filler in waiting:
                filler.close()


@contextmanager
def closed_port() -> Generator[str]:
    """Give the URL of a port that refuses connections for the length of a block."""
    with socket.socket() as bound:
        # Bound, so that nobody else gets it; not listening.
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


@cache
def authority() -> trustme.CA:
    """Return an authority of this process that nobody trusts by himself."""
    return trustme.CA(key_type=trustme.KeyType.ECDSA)


def certified(*names: str) -> ssl.SSLContext:
    """Return what a server needs to call itself by names, with a certificate of the authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate = authority().issue_cert(*names, key_type=trustme.KeyType.ECDSA)
    certificate.configure_cert(context)  # pyright: ignore[reportUnknownMemberType]
    return context


def trusting() -> ssl.SSLContext:
    """Return what a client needs to trust the authority, and nobody else."""
    context = ssl.create_default_context()
    authority().configure_trust(context)  # pyright: ignore[reportUnknownMemberType]
    return context


def trust_file(folder: Path) -> Path:
    """Write the authority's certificate into a folder, for SSL_CERT_FILE."""
    authority().cert_pem.write_to_path(path := folder / "authority.pem")
    return path
