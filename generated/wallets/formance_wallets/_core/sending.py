"""Requests as the HTTP library takes them; what it logs of them is no secret."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, MutableMapping
from typing import Any, TypeAlias

import httpx2

from .outgoing import Envelope
from .redacting import redacted_url
from .timeout import Limits

SyncBody: TypeAlias = bytes | Iterable[bytes] | None
AsyncBody: TypeAlias = bytes | AsyncIterable[bytes] | None


def own_request(
    client: httpx2.Client | httpx2.AsyncClient,
    envelope: Envelope,
    source: SyncBody | AsyncBody,
    extensions: MutableMapping[str, Any],
) -> httpx2.Request:
    """Return a request for a client of our own, which tells how far it comes."""
    envelope.progress.expect()
    pairs = _headers(envelope)
    # What the HTTP library can decompress, it knows itself.
    if accepted := client.headers.get("Accept-Encoding"):
        pairs.append((b"Accept-Encoding", accepted.encode("ascii")))
    extensions["timeout"] = _timeout(envelope.timeout).as_dict()
    request = httpx2.Request(
        envelope.method,
        envelope.url,
        headers=pairs,
        content=source,
        extensions=extensions,
    )
    request.url = _hidden_url(request.url, envelope.secret_parameters)
    return request


def given_request(
    client: httpx2.Client | httpx2.AsyncClient,
    envelope: Envelope,
    source: SyncBody | AsyncBody,
    extensions: MutableMapping[str, Any],
) -> httpx2.Request:
    """Return a request for a caller's own client: what that adds to each, it adds."""
    request = client.build_request(
        envelope.method,
        envelope.url,
        headers=_headers(envelope),
        content=source,
        timeout=_timeout(envelope.timeout),
        extensions=extensions,
    )
    request.url = _hidden_url(request.url, envelope.secret_parameters)
    return request


def _headers(envelope: Envelope) -> list[tuple[bytes, bytes]]:
    return [
        (name.encode("ascii"), value.encode("latin-1"))
        for name, value in envelope.headers
    ]


def _timeout(timeout: Limits) -> httpx2.Timeout:
    return httpx2.Timeout(
        connect=timeout.connect,
        read=timeout.read,
        write=timeout.write,
        pool=timeout.pool,
    )


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


def _hidden_url(url: httpx2.URL, names: Iterable[str]) -> httpx2.URL:
    """Return a URL that does not show the values of these query parameters.

    Nor those of parameters whose names say that they are secret.
    """
    text = str(url)
    shown = redacted_url(text, names=names)
    if shown == text:
        return url
    hidden = _HiddenUrl(url)
    hidden.shown = shown
    return hidden
