"""Requests as the HTTP library takes them."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, MutableMapping
from typing import Any, TypeAlias

import httpx2

from .outgoing import Envelope
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
    return httpx2.Request(
        envelope.method,
        envelope.url,
        headers=pairs,
        content=source,
        extensions=extensions,
    )


def given_request(
    client: httpx2.Client | httpx2.AsyncClient,
    envelope: Envelope,
    source: SyncBody | AsyncBody,
    extensions: MutableMapping[str, Any],
) -> httpx2.Request:
    """Return a request for a caller's own client: what that adds to each, it adds."""
    return client.build_request(
        envelope.method,
        envelope.url,
        headers=_headers(envelope),
        content=source,
        timeout=_timeout(envelope.timeout),
        extensions=extensions,
    )


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
