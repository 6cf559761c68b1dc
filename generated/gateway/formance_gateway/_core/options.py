"""The changing of a client's options, for a copy of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import Enum
from typing import Final, Literal

from typing_extensions import TypeVar

from .auth import Auth, checked
from .drift import OnDrift
from .hooks import AsyncOnRequest, AsyncOnResponse
from .settings import Settings, checked_headers, checked_retries, checked_size
from .timeout import Timeout

T = TypeVar("T")


class Same(Enum):
    """The type of `SAME`."""

    SAME = "same"


SAME: Final = Same.SAME
"""Stands for what is not to be changed, where None means something."""


def changed(
    settings: Settings,
    *,
    timeout: float | Timeout | Literal[Same.SAME] | None,
    max_retries: int | None,
    headers: Mapping[str, str] | None,
    auth: Auth | None,
    on_drift: OnDrift | None,
    strict: bool | None,
    on_request: AsyncOnRequest | None,
    on_response: AsyncOnResponse | None,
    max_response_bytes: int | Literal[Same.SAME] | None,
    allow_http: bool | None,
    start_at: str | None,
) -> Settings:
    """Return settings of which those that are given are changed; headers are added.

    Raises:
        ValueError: One of them cannot be.
    """
    if not isinstance(timeout, Same):
        settings = replace(settings, timeout=Timeout.of(timeout))
    if max_retries is not None:
        settings = replace(settings, max_retries=checked_retries(max_retries))
    if headers is not None:
        added = checked_headers(headers)
        settings = replace(settings, headers=(*settings.headers, *added))
    if auth is not None:
        settings = replace(settings, auth=checked(auth, settings.service))
    if not isinstance(max_response_bytes, Same):
        most = checked_size(max_response_bytes)
        settings = replace(settings, max_response_bytes=most)
    return replace(
        settings,
        on_drift=_given(on_drift, settings.on_drift),
        strict=_given(strict, settings.strict),
        on_request=_given(on_request, settings.on_request),
        on_response=_given(on_response, settings.on_response),
        allow_http=_given(allow_http, settings.allow_http),
        start_at=_given(start_at, settings.start_at),
    )


def _given(new: T | None, old: T) -> T:
    return old if new is None else new
