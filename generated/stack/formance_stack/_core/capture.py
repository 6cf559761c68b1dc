"""The capture of answers: what a server sent in a block of code."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

from .response import Headers, Response


@dataclass(slots=True, kw_only=True, eq=False)
class Capture:
    """The answers that came in a block; `status` and the like are of the last one."""

    owner: object = field(repr=False)
    """Whose answers they are."""
    responses: list[Response] = field(default_factory=list[Response])
    """All of them in order, those that led to another attempt too."""

    @property
    def response(self) -> Response:
        """The last answer.

        Raises:
            LookupError: None came yet.
        """
        if not self.responses:
            raise LookupError("no answer came yet")
        return self.responses[-1]

    @property
    def status(self) -> int:
        """The HTTP status of the last answer."""
        return self.response.status

    @property
    def headers(self) -> Headers:
        """The headers of the last answer."""
        return self.response.headers

    @property
    def content(self) -> bytes:
        """The body of the last answer; empty for a stream, which is read elsewhere."""
        return self.response.content


# Per thread and task: a block sees its own calls and those of tasks begun in it.
_captures: Final[ContextVar[tuple[Capture, ...]]] = ContextVar("captures", default=())


@contextmanager
def capturing(owner: object) -> Generator[Capture]:
    """Gather the answers of an owner for the length of a block."""
    capture = Capture(owner=owner)
    token = _captures.set((*_captures.get(), capture))
    try:
        yield capture
    finally:
        _captures.reset(token)


def record(owner: object, response: Response) -> None:
    """Give an answer to the blocks that gather those of this owner."""
    for capture in _captures.get():
        if capture.owner is owner:
            capture.responses.append(response)
