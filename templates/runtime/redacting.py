"""What is told of a request or answer: enough to see what happened, nothing secret."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_plus

from .outgoing import Outgoing
from .secret import HIDDEN, scrub

PLAIN_HEADERS: Final = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "cache-control",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "etag",
        "idempotency-hit",
        "idempotency-key",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-unmodified-since",
        "range",
        "request-id",
        "retry-after",
        "server",
        "traceparent",
        "transfer-encoding",
        "user-agent",
        "vary",
        "x-correlation-id",
        "x-request-id",
    }
)
"""Headers whose values may be shown; all others may be secret."""
SECRETIVE: Final = re.compile(
    r"token|secret|passw|passphrase|api[-_]?key|credential|signature|authorization"
    r"|session|^(?:auth|code|key|pwd|sig)$",
    re.IGNORECASE,
)
"""Names of query parameters whose values are likely to be secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestInfo:
    """A request as it was sent last, with ``***`` in the place of what may be secret."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str | None
    """The media type of the body; None where there was none. The body is not kept."""
    attempts: int
    """How many requests were made."""

    def curl(self) -> str:
        """Return a command line that makes the request, once ``***`` is filled in.

        A body is read from the file ``body``.
        """
        parts = ["curl", "--globoff", "--request", self.method]
        for name, value in self.headers:
            parts += ["--header", f"{name}: {value}"]
        if self.body is not None:
            parts += ["--data-binary", "@body"]
        if self.method == "HEAD":
            parts.append("--head")
        return shlex.join([*parts, self.url])


def request_info(
    outgoing: Outgoing,
    *,
    attempts: int,
    secrets: Sequence[str],
    secret_parameters: Iterable[str],
) -> RequestInfo:
    """Return what is told of a request.

    Args:
        outgoing: The request.
        attempts: How many there were of it.
        secrets: What must not show anywhere, in all its forms.
        secret_parameters: The names of query parameters that carry a credential.
    """
    content = outgoing.content
    return RequestInfo(
        method=outgoing.method,
        url=redacted_url(outgoing.url, secrets, secret_parameters),
        headers=redacted_headers(outgoing.headers, secrets),
        body=None if content is None else content.media_type,
        attempts=attempts,
    )


def redacted_url(
    url: str, secrets: Sequence[str] = (), names: Iterable[str] = ()
) -> str:
    """Return a URL without secrets.

    Args:
        url: The URL.
        secrets: What must not show anywhere, in all its forms.
        names: Query parameters whose values must not show, beside those whose names
            speak of secrets.
    """
    where, mark, query = url.partition("?")
    known = frozenset(name.lower() for name in names)
    pairs = [_redacted_pair(pair, secrets, known) for pair in query.split("&")]
    return scrub(where + mark + "&".join(pairs), secrets)


def redacted_headers(
    pairs: Iterable[tuple[str, str]], secrets: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Return headers with the values of those only that are known to be plain."""
    return tuple(
        (name, _redacted_header(name, value, secrets)) for name, value in pairs
    )


def _redacted_pair(pair: str, secrets: Sequence[str], names: frozenset[str]) -> str:
    key, equals, encoded = pair.partition("=")
    name, value = unquote_plus(key), unquote_plus(encoded)
    known = name.lower() in names or any(secret in value for secret in secrets)
    return f"{key}={HIDDEN}" if equals and (known or SECRETIVE.search(name)) else pair


def _redacted_header(name: str, value: str, secrets: Sequence[str]) -> str:
    plain = name.lower() in PLAIN_HEADERS
    return scrub(value, secrets) if plain else HIDDEN
