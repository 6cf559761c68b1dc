"""The client credentials grant (RFC 6749, section 4.4): requests and answers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urlsplit

from .auth import ClientCredentials
from .content import Content
from .errors import AuthError, one_line
from .model import Json
from .outgoing import Outgoing
from .reading import parse_json
from .response import Response
from .secret import Secret, checked_secret, forms, scrub
from .timeout import Deadline, Timeout
from .url import is_secure, join

MARGIN: Final = 120.0
"""How many seconds before its end a token is renewed, at the latest; at the earliest,
twice as many."""
LEEWAY: Final = 5.0
"""How many seconds before its end a token is no longer sent: it takes time to arrive."""
SHARE: Final = 0.1
"""The most that the margin is of a token's life; the leeway is at most half of it."""
UNTOLD: Final = 300.0
"""The life of a token, in seconds, whose server does not say."""
LONGEST: Final = 24 * 3600.0
"""A token is not used for longer, whatever the server says."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Token:
    """An access token and what it is good for; times are on the monotonic clock."""

    value: Secret
    scopes: frozenset[str]
    due: float
    """When it should be renewed; until its end it is good all the same."""
    ends: float
    """When it is no longer used."""

    def __repr__(self) -> str:
        return "Token(***)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A token that somebody needs: whose, from where, for what."""

    credential: ClientCredentials
    url: str
    scopes: frozenset[str]


def scopes_for(
    credential: ClientCredentials, needed: tuple[str, ...]
) -> frozenset[str]:
    """Return what to ask for: what the caller says, or what the operation needs."""
    return frozenset(needed if credential.scopes is None else credential.scopes)


def checked_token_url(base_url: str, reference: str, *, allow_http: bool) -> str:
    """Return where tokens come from.

    Args:
        base_url: The checked base URL.
        reference: An absolute URL, or one below the base URL.
        allow_http: Whether a secret may go over plain http to another machine.

    Raises:
        AuthError: It is no URL, or the secret would go over an open line.
    """
    url = reference if "://" in reference else join(base_url, "", reference)
    # The URL itself is not in any message: it may hold a password.
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # raises where the port is no number
    except ValueError:
        raise AuthError("the token URL is not a URL") from None
    odd = any(char <= " " or char in "\x7f\\" for char in url)
    if odd or parts.scheme not in ("http", "https") or not parts.hostname:
        raise AuthError("the token URL is not an absolute http or https URL")
    if "@" in parts.netloc or "#" in url:
        raise AuthError("the token URL must not have credentials or a fragment")
    if not (allow_http or is_secure(url)):
        raise AuthError("the token URL is plain http: a secret is not sent there")
    return url


def token_request(
    need: Need, *, timeout: Timeout, deadline: Deadline, user_agent: str
) -> Outgoing:
    """Return the request for a token; the secret is in its body alone.

    Args:
        need: What is needed.
        timeout: The limits of the waits on the network.
        deadline: When the answer must be there.
        user_agent: How the client calls itself.
    """
    media_type = "application/x-www-form-urlencoded"
    return Outgoing(
        method="POST",
        url=need.url,
        headers=(
            ("Accept", "application/json"),
            ("Content-Type", media_type),
            ("User-Agent", user_agent),
        ),
        content=Content(media_type=media_type, source=_form(need)),
        timeout=timeout,
        deadline=deadline,
    )


def token_of(response: Response, need: Need, *, asked: float, chance: float) -> Token:
    """Return the token in an answer.

    Args:
        response: The answer of the token endpoint.
        need: What was asked for.
        asked: When it was asked for, on the monotonic clock: no token is younger.
        chance: A number from 0 to 1, so that not all who got a token together ask for
            the next together.

    Raises:
        AuthError: There is none; the message says why as far as the server did.
    """
    grant = _Grant.of(response)
    if not 200 <= response.status < 300:
        raise AuthError(_refusal(response, grant.said, need))
    if grant.problem:
        raise AuthError(_refusal(response, (grant.problem,), need))
    seconds = life(grant.expires_in)
    margin = min(MARGIN * (1 + chance), seconds * SHARE * (1 + chance))
    return Token(
        value=grant.token,
        scopes=need.scopes | grant.scopes,
        due=asked + seconds - margin,
        ends=asked + seconds - min(LEEWAY, seconds * SHARE / 2),
    )


def life(expires_in: Json) -> float:
    """Return how many seconds a token lives, by what the server says.

    A token that is said to live for no time at all is good for the calls that waited
    for it.
    """
    seconds = UNTOLD
    if isinstance(expires_in, int | float | str) and not isinstance(expires_in, bool):
        try:
            seconds = float(expires_in)
        except (ValueError, OverflowError):
            seconds = UNTOLD
    if math.isnan(seconds):
        seconds = UNTOLD
    return min(max(seconds, 0.0), LONGEST)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Grant:
    """What a token endpoint says (RFC 6749, sections 5.1 and 5.2)."""

    token: Secret
    problem: str
    """Why there is no token; empty where there is."""
    scopes: frozenset[str]
    """What was granted; a server may grant less, and asking again would not help."""
    expires_in: Json
    said: tuple[str, ...]
    """Its words about an error."""

    @classmethod
    def of(cls, response: Response) -> _Grant:
        try:
            body = parse_json(response.content)
        except ValueError:
            body = None
        fields = body if isinstance(body, dict) else {}
        token, problem = _access_token(fields.get("access_token"))
        kind = fields.get("token_type")
        if isinstance(kind, str) and kind.lower() != "bearer":
            problem = f"a token of type {kind!r} cannot be used here"
        scope = fields.get("scope")
        words = [fields.get(name) for name in ("error", "error_description")]
        return cls(
            token=token,
            problem=problem,
            scopes=frozenset(scope.split() if isinstance(scope, str) else ()),
            expires_in=fields.get("expires_in"),
            said=tuple(each for each in words if isinstance(each, str) and each),
        )


def _access_token(value: Json) -> tuple[Secret, str]:
    if not isinstance(value, str) or not value:
        return Secret(), "there is no access_token in the answer"
    try:
        return checked_secret(value, "access_token"), ""
    except ValueError as error:
        return Secret(), str(error)


def _form(need: Need) -> bytes:
    fields = {
        "grant_type": "client_credentials",
        "client_id": need.credential.client_id,
        "client_secret": need.credential.client_secret,
    }
    if need.scopes:
        fields["scope"] = " ".join(sorted(need.scopes))
    return urlencode(fields).encode()


def _refusal(response: Response, words: Iterable[str], need: Need) -> str:
    text = f"no token was issued: {response.status} {': '.join(words)}"
    return one_line(scrub(text, forms([need.credential.client_secret])))
