"""An answer of a server: status, headers and content."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import get_origin

from typing_extensions import TypeVar

from .secret import scrub, scrub_bytes

T = TypeVar("T")


class Headers(Mapping[str, str]):
    """Header fields; names compare without case, repeated ones are joined by ``, ``.

    ``Set-Cookie`` cannot be joined (RFC 9110, section 5.3): see `pairs`.
    """

    __slots__ = ("_values", "pairs")

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self.pairs = tuple(pairs)
        """The fields as they came, in order."""
        values: dict[str, str] = {}
        for name, value in self.pairs:
            key = name.lower()
            values[key] = f"{values[key]}, {value}" if key in values else value
        self._values = values

    @property
    def request_id(self) -> str | None:
        """What the server calls the request, where it says."""
        for name in ("x-request-id", "request-id", "x-correlation-id"):
            if value := self.get(name):
                return value
        return None

    def read(self, name: str, kind: type[T]) -> T | None:
        """Return the value of a header as a type, or None where it did not come.

            remaining = captured.headers.read("X-Rate-Limit-Remaining", int)

        Args:
            name: The name of the header.
            kind: What its text stands for: ``int``, ``datetime`` (RFC 3339 or, as HTTP
                writes it, RFC 9110, section 5.6.7), ``list[int]`` and the like.

        Raises:
            ValueError: The text stands for no such value.
        """
        text = self.get(name)
        if text is None:
            return None
        from pydantic import TypeAdapter

        plain: object = text
        if get_origin(kind) is list:
            plain = [part.strip() for part in text.split(",")]
        elif kind is datetime and text[:1].isalpha():
            plain = parsedate_to_datetime(text).isoformat()
        return TypeAdapter(kind).validate_python(plain)

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        # Values are left out: cookies and tokens may be among them.
        return f"<Headers {', '.join(self._values)}>"

    def __reduce__(self) -> tuple[type[Headers], tuple[tuple[tuple[str, str], ...]]]:
        return Headers, (self.pairs,)


@dataclass(frozen=True, slots=True, repr=False)
class Response:
    """An answer, read to its end."""

    status: int
    headers: Headers
    content: bytes = b""

    def __repr__(self) -> str:
        return f"<Response {self.status}, {len(self.content)} bytes>"


def without_secrets(response: Response, secrets: Collection[str]) -> Response:
    """Return an answer in which nothing is repeated of what was secret."""
    if not secrets:
        return response
    pairs = [(name, scrub(value, secrets)) for name, value in response.headers.pairs]
    content = scrub_bytes(response.content, secrets)
    return Response(response.status, Headers(pairs), content)
