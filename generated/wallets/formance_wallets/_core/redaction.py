"""What of a request and an answer may be shown: allow-lists of headers, hidden secrets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, quote_plus, unquote_plus

HIDDEN: Final = "***"
SHOWN: Final = frozenset(
    {
        "accept",
        "accept-encoding",
        "cache-control",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "etag",
        "idempotency-hit",
        "idempotency-key",
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
"""Headers whose values are no secret, of requests and of answers."""
SECRET_NAMES: Final = frozenset(
    {
        "access_token",
        "api_key",
        "apikey",
        "authorization",
        "client_secret",
        "code",
        "key",
        "password",
        "refresh_token",
        "secret",
        "sig",
        "signature",
        "token",
    }
)
"""Query parameters that often hold a secret, whatever a document says of them."""


def shown_headers(
    pairs: Iterable[tuple[str, str]], secrets: Sequence[str] = ()
) -> Mapping[str, str]:
    """Return headers by name in lower case.

    Values that are not known to be harmless are hidden.
    """
    shown = {
        name.lower(): hide(value, secrets) if name.lower() in SHOWN else HIDDEN
        for name, value in pairs
    }
    return MappingProxyType(shown)


def shown_url(url: str, secrets: Sequence[str] = ()) -> str:
    """Return a URL without these secrets.

    In its query, values of parameters whose names speak of secrets are hidden too.
    """
    base, mark, query = hide(url, secrets).partition("?")
    parts = [_shown_part(part) for part in query.split("&")]
    return base + mark + "&".join(parts)


def hide(text: str, secrets: Iterable[str]) -> str:
    """Return a text without secrets, encoded ones included."""
    for secret in secrets:
        for form in {secret, quote(secret, safe=""), quote_plus(secret)}:
            text = text.replace(form, HIDDEN) if form else text
    return text


def _shown_part(part: str) -> str:
    name, mark, _ = part.partition("=")
    plain = unquote_plus(name).lower().replace("-", "_")
    return f"{name}={HIDDEN}" if mark and plain in SECRET_NAMES else part
