"""What the HTTP library shows of a request, cut down to what is no secret."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote_plus

import httpx2

from .outgoing import Fault
from .secret import HIDDEN

SECRET_NAMES: Final = frozenset(
    {
        "access_token",
        "api_key",
        "api_token",
        "apikey",
        "auth_token",
        "authorization",
        "client_secret",
        "code",
        "id_token",
        "key",
        "passwd",
        "password",
        "refresh_token",
        "secret",
        "sig",
        "signature",
        "token",
    }
)
"""Query parameters that often hold a secret, whatever a document says of them."""


class _HiddenUrl(httpx2.URL):
    """A URL whose text, for logs and tracebacks, is without what is secret.

    What is sent is taken from its parts, and those are whole. So no logger has to be
    changed, and a caller's own client logs no secret either.
    """

    shown: str

    def __str__(self) -> str:
        return self.shown

    def __repr__(self) -> str:
        return f"URL({self.shown!r})"


def hidden_url(url: httpx2.URL, names: Iterable[str]) -> httpx2.URL:
    """Return a URL that does not show the values of these query parameters.

    Nor those of parameters whose names say that they are secret.
    """
    text = str(url)
    where, mark, query = text.partition("?")
    secretive = {*SECRET_NAMES, *(name.lower() for name in names)}
    shown = (
        where + mark + "&".join(_shown(part, secretive) for part in query.split("&"))
    )
    if shown == text:
        return url
    hidden = _HiddenUrl(url)
    hidden.shown = shown
    return hidden


def fault_of(error: Exception) -> Fault:
    """Return the fault that an error of the HTTP library means.

    Its cause is such an error too, of the same type and text. It has neither the
    request nor the frames that the request went through: headers are in there.
    """
    timed_out = isinstance(error, httpx2.TimeoutException)
    unsent = isinstance(
        error,
        httpx2.ConnectError
        | httpx2.ConnectTimeout
        | httpx2.PoolTimeout
        | httpx2.ProxyError
        | httpx2.UnsupportedProtocol
        | httpx2.InvalidURL,
    )
    kind = type(error).__name__
    text = f"{kind}: {error}" if str(error) else kind
    fault = Fault(text, timed_out=timed_out, unsent=unsent)
    fault.__cause__ = _bare(error)
    return fault


def _bare(error: Exception) -> Exception:
    bare = type(error).__new__(type(error), *error.args)
    if isinstance(bare, httpx2.HTTPError):
        httpx2.HTTPError.__init__(bare, str(error))
    return bare


def _shown(part: str, names: set[str]) -> str:
    name, mark, _ = part.partition("=")
    plain = unquote_plus(name).lower()
    secret = plain in names or plain.replace("-", "_") in names
    return f"{name}={HIDDEN}" if mark and secret else part
