"""The client credentials grant (RFC 6749, section 4.4): requests and answers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from .auth import ClientCredentials
from .content import Content
from .errors import AuthError, one_line
from .model import Json
from .outgoing import Outgoing
from .reading import parse_json
from .response import Response
from .timeout import Timeout

MARGIN: Final = 60.0
"""How many seconds before it ends a token is no longer used."""
SHARE: Final = 0.1
"""The margin of tokens that do not live long, as a share of their life."""
UNTOLD: Final = 300.0
"""The life of a token, in seconds, whose server does not say."""
LONGEST: Final = 24 * 3600.0
"""A token is not used for longer, whatever the server says."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Token:
    """An access token and what it is good for."""

    value: str
    scopes: frozenset[str]
    ends: float
    """When it is no longer used, on the monotonic clock."""

    def __repr__(self) -> str:
        return "Token(***)"


def scopes_for(
    credential: ClientCredentials, needed: tuple[str, ...]
) -> frozenset[str]:
    """Return what to ask for: what the caller says, or what the operation needs."""
    return frozenset(needed if credential.scopes is None else credential.scopes)


def token_request(
    credential: ClientCredentials,
    *,
    url: str,
    scopes: frozenset[str],
    timeout: Timeout,
    user_agent: str,
) -> Outgoing:
    """Return the request for a token; the secret is in its body alone."""
    fields = {
        "grant_type": "client_credentials",
        "client_id": credential.client_id,
        "client_secret": credential.client_secret,
    }
    if scopes:
        fields["scope"] = " ".join(sorted(scopes))
    media_type = "application/x-www-form-urlencoded"
    return Outgoing(
        method="POST",
        url=url,
        headers=(
            ("Accept", "application/json"),
            ("Content-Type", media_type),
            ("User-Agent", user_agent),
        ),
        content=Content(media_type=media_type, source=urlencode(fields).encode()),
        timeout=timeout,
    )


def token_of(
    response: Response, *, scopes: frozenset[str], now: float, secret: str
) -> Token:
    """Return the token in an answer.

    Args:
        response: The answer of the token endpoint.
        scopes: What was asked for.
        now: The time, on the monotonic clock.
        secret: What must not show in the text of an error.

    Raises:
        AuthError: There is none; the message says why as far as the server did.
    """
    try:
        body = parse_json(response.content)
    except ValueError:
        body = None
    fields = body if isinstance(body, dict) else {}
    value = fields.get("access_token")
    if not (200 <= response.status < 300) or not isinstance(value, str) or not value:
        raise AuthError(_refusal(response, fields, secret))
    return Token(
        value=value,
        scopes=_granted(fields.get("scope"), scopes),
        ends=now + lifetime(fields.get("expires_in")),
    )


def lifetime(expires_in: Json) -> float:
    """Return for how many seconds a token is used, by what the server says."""
    seconds = UNTOLD
    if isinstance(expires_in, int | float | str):
        try:
            seconds = float(expires_in)
        except (ValueError, OverflowError):
            seconds = UNTOLD
    if math.isnan(seconds):
        seconds = UNTOLD
    seconds = min(max(seconds, 0.0), LONGEST)
    return seconds - min(MARGIN, seconds * SHARE)


def _granted(scope: Json, asked: frozenset[str]) -> frozenset[str]:
    # A server may grant less than was asked for; asking again would not help.
    granted = frozenset(scope.split()) if isinstance(scope, str) else frozenset[str]()
    return asked | granted


def _refusal(response: Response, fields: Mapping[str, Json], secret: str) -> str:
    said = [fields.get(name) for name in ("error", "error_description")]
    words = ": ".join(text for text in said if isinstance(text, str) and text)
    if not words and 200 <= response.status < 300:
        words = "there is no access_token in the answer"
    text = f"no token was issued: {response.status}"
    return one_line(f"{text} {words}".replace(secret, "***") if secret else text)
