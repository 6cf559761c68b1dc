"""Prism, a server that knows a document: it answers as the document says and refuses what does not fit."""

import json
import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from formance_codegen.load.json_value import JsonValue, as_mapping, as_sequence

HERE: Final = Path(__file__).parent
ERRORS: Final = "https://stoplight.io/prism/errors#"
"""How the type of a problem begins that Prism itself tells, and no document."""

_LISTENS: Final = re.compile(r"Prism is listening on (http://\S+)")
_PATIENCE: Final = 90.0
"""Seconds after which a server that does not listen is given up; three are usual."""


class NoPrism(Exception):
    """Prism does not start, or not with this document."""


def find_prism() -> Path | None:
    """Return the program, as npm put it beside this file or on the path, or None where it is not."""
    beside = HERE / "node_modules" / ".bin" / "prism"
    if shutil.which("node") is None:
        return None
    if beside.is_file():
        return beside
    found = shutil.which("prism")
    return Path(found) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that runs."""

    url: str
    process: subprocess.Popen[bytes]

    @property
    def is_alive(self) -> bool:
        """Whether it still runs: some documents make it fall over."""
        return self.process.poll() is None


@contextmanager
def prism(document: Path, *options: str) -> Generator[Server]:
    """Run a server for a document, for the length of a block.

    It chooses a free port by itself, and is ended in any case.

    Raises:
        NoPrism: It is not installed, or ends or stays silent instead of listening.
    """
    program = find_prism()
    if program is None:
        raise NoPrism("Prism is not installed: npm install --prefix tests/conversation")
    command = [str(program), "mock", "--port", "0", "--multiprocess", "false", *options, str(document)]
    # A group of its own, so that whatever it starts ends with it.
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        yield Server(url=_address(server), process=server)
    finally:
        _end(server)


def objections(headers: Mapping[str, str], body: bytes) -> Sequence[str]:
    """Return what Prism says against a request or its own answer, a line each: ``request.query.limit: must be…``.

    It says so in a header, and where nothing else is left to answer in a problem of its own.
    """
    lines = [_line(each) for each in _listed(_parsed(headers.get("sl-violations", "")))]
    problem = as_mapping(_parsed(body))
    kind = str(problem.get("type", ""))
    if kind.startswith(ERRORS):
        told = [_line(each) for each in _listed(problem.get("validation"))] or [str(problem.get("detail", ""))]
        lines += [f"{kind.removeprefix(ERRORS)}: {line}" for line in told]
    return lines


def _parsed(text: str | bytes) -> JsonValue:
    try:
        parsed: JsonValue = json.loads(text)
    except ValueError:
        return None
    return parsed


def _listed(value: JsonValue) -> Sequence[Mapping[str, JsonValue]]:
    """Return the objections that count: what an absent credential is told as has no severity of its own."""
    told = [as_mapping(each) for each in as_sequence(value or [])]
    return [each for each in told if each.get("severity", "Error") == "Error"]


def _line(objection: Mapping[str, JsonValue]) -> str:
    place = ".".join(map(str, as_sequence(objection.get("location", []))))
    return f"{place}: {objection.get('message', '')}"


def _address(server: subprocess.Popen[bytes]) -> str:
    """Return where a server listens; what it says later is thrown away, so that it never waits for a reader."""
    said: list[str] = []
    found: list[str] = []
    ready = threading.Event()

    def listen() -> None:
        assert server.stdout is not None
        for line in server.stdout:
            if ready.is_set():
                continue
            said.append(line.decode(errors="replace"))
            if match := _LISTENS.search(said[-1]):
                found.append(match.group(1))
                ready.set()
        ready.set()

    threading.Thread(target=listen, daemon=True).start()
    ready.wait(_PATIENCE)
    if not found:
        raise NoPrism(" ".join("".join(said[-12:]).split())[-400:] or "it stays silent")
    return found[0]


def _end(server: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()
    if server.stdout is not None:
        server.stdout.close()
