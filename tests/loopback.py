"""A scripted HTTP server on this machine that keeps every request it gets."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from typing_extensions import override


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A request as it came over the wire."""

    method: str
    target: str
    """The raw target: path and query, undecoded."""
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the only header of a name."""
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(found) <= 1, f"{name} came {len(found)} times"
        return found[0] if found else None

    def json(self) -> object:
        """Return the body, parsed; integers stay exact."""
        parsed: object = json.loads(self.body)
        return parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the server says."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    cut: int = 0
    """How many bytes more than there are `Content-Length` promises: the connection breaks off."""
    drop: bool = False
    """Whether the connection is closed without a word."""
    delay: float = 0.0
    """Seconds before the first word."""
    endless: bool = False
    """Whether the body comes again and again until the client leaves."""


def json_answer(value: object, *, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """Return an answer with a JSON body."""
    kind = ("Content-Type", "application/json")
    return Answer(status=status, body=json.dumps(value).encode(), headers=(kind, *headers))


@dataclass(slots=True)
class Loopback:
    """The server: its address, what it was asked, what it will say."""

    url: str
    requests: list[Recorded] = field(default_factory=list[Recorded])
    script: deque[Answer] = field(default_factory=deque[Answer])
    """Said one after the other; the last one again and again."""
    handler: Callable[[Recorded], Answer] | None = None
    """Asked instead of the script, where there is one."""
    connections: int = 0
    """How many connections were opened."""

    def say(self, *answers: Answer) -> Self:
        """Add to the script."""
        self.script.extend(answers)
        return self

    @property
    def last(self) -> Recorded:
        """The last request."""
        return self.requests[-1]

    def answer(self, request: Recorded) -> Answer:
        """Return what to say to a request."""
        self.requests.append(request)
        if self.handler is not None:
            return self.handler(request)
        if not self.script:
            return Answer(status=599, body=b"the script is empty")
        return self.script.popleft() if len(self.script) > 1 else self.script[0]


@contextmanager
def loopback() -> Generator[Loopback]:
    """Run a server on a free port for the length of a block."""
    http = _Server(("127.0.0.1", 0), _Handler)
    server = http.loopback = Loopback(f"http://127.0.0.1:{http.server_port}")
    thread = threading.Thread(target=http.serve_forever, args=(0.005,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Many may come at once.
    request_queue_size = 256
    loopback: Loopback


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Without delay: head and body are two writes.
    disable_nagle_algorithm = True

    @override
    def setup(self) -> None:
        super().setup()
        assert isinstance(self.server, _Server)
        self.server.loopback.connections += 1

    def _serve(self) -> None:
        assert isinstance(self.server, _Server)
        request = Recorded(
            method=self.command,
            target=self.requestline.split(" ")[1],
            headers=tuple(self.headers.items()),
            body=self._body(),
        )
        answer = self.server.loopback.answer(request)
        if answer.drop:
            self.close_connection = True
            return
        time.sleep(answer.delay)
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status not in (204, 304) and self.command != "HEAD" and not answer.endless:
            self.send_header("Content-Length", str(len(answer.body) + answer.cut))
        # A client may leave before it has heard all.
        with suppress(ConnectionError):
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)
            while answer.endless:
                self.wfile.write(answer.body)
        self.close_connection = self.close_connection or bool(answer.cut) or answer.endless

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve  # noqa: N815
    do_TRACE = do_QUERY = do_LOCK = _serve  # noqa: N815

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            chunks: list[bytes] = []
            while size := int(self.rfile.readline(), 16):
                chunks.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(chunks)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
