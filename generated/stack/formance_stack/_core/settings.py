"""What a client is set up with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from .asking import TokenSettings
from .auth import Auth, ClientCredentials, NoAuth, Placement, checked
from .drift import OnDrift
from .effects import Effects
from .errors import AuthError
from .hooks import AsyncOnRequest, AsyncOnResponse
from .oauth import checked_token_url
from .quoting import checked_header
from .retry import Budget, Spending
from .secret import Secret
from .service import Service
from .timeout import Timeout
from .url import Server, Stack, checked_base_url

HANDS_OFF: Final = frozenset(
    {"host", "content-length", "transfer-encoding", "connection"}
)
"""Headers that frame a message: a caller's own would let it be read as another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How calls are made."""

    service: Service
    base_url: str
    auth: Auth = field(repr=False)
    timeout: Timeout
    max_retries: int
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    on_drift: OnDrift | None
    strict: bool
    """Whether drift is an error."""
    on_request: AsyncOnRequest | None
    on_response: AsyncOnResponse | None
    max_response_bytes: int | None
    """The most that is read of an answer, after decompression; None: no limit."""
    allow_http: bool
    """Whether a credential may go over plain http to another machine."""
    effects: Effects
    start_at: str | None = None
    """The mark at which lists begin that come in pages; None: at the first page."""
    budget: Spending = field(default_factory=Budget)
    """What copies with other options share, and the clients of a stack."""

    def base_of(self, server: Server | None) -> str:
        """Return what the path of an operation is below.

        Args:
            server: Where the document says that the operation is. One on another host
                counts where this client talks to the document's own server, and not
                to one that its user brought: credentials and bodies stay there.

        Raises:
            ValueError: A variable of the client's server is none that this one has.
        """
        own = self.base_url + self.service.prefix.rstrip("/")
        if server is None:
            return own
        main = self.service.server
        values = None if main is None else main.values_in(self.base_url)
        if values is None and not server.is_relative:
            return own
        return server.at(self.base_url, values or {})

    def token_settings(self) -> TokenSettings:
        """Return how tokens are asked for."""
        return TokenSettings(
            url=self.token_url,
            scopes=self.service.scopes,
            timeout=self.timeout,
            retries=min(1, self.max_retries),
            user_agent=self.service.user_agent,
            effects=self.effects,
        )

    def token_url(self, credential: ClientCredentials, placement: Placement) -> str:
        """Return where a credential is exchanged for a token.

        Raises:
            AuthError: Nobody says where, or a secret cannot be sent there.
        """
        url = (
            credential.token_url or placement.scheme.token_url or self.service.token_url
        )
        if url is None:
            raise AuthError(
                "nobody says where tokens come from; give ClientCredentials a token_url"
            )
        return checked_token_url(self.base_url, url, allow_http=self.allow_http)


def settings_of(
    service: Service,
    server: Stack | str,
    *,
    auth: Auth | None,
    timeout: float | Timeout | None,
    max_retries: int,
    headers: Mapping[str, str] | None,
    on_drift: OnDrift | None,
    strict: bool,
    on_request: AsyncOnRequest | None,
    on_response: AsyncOnResponse | None,
    max_response_bytes: int | None,
    allow_http: bool,
    effects: Effects | None,
) -> Settings:
    """Return checked settings.

    Raises:
        ValueError: One of them cannot be.
    """
    base_url = server.base_url if isinstance(server, Stack) else server
    return Settings(
        service=service,
        base_url=checked_base_url(base_url),
        auth=NoAuth() if auth is None else checked(auth, service),
        timeout=Timeout.of(timeout),
        max_retries=checked_retries(max_retries),
        headers=checked_headers(headers or {}),
        on_drift=on_drift,
        strict=strict,
        on_request=on_request,
        on_response=on_response,
        max_response_bytes=checked_size(max_response_bytes),
        allow_http=allow_http,
        effects=effects or Effects(),
    )


def checked_retries(max_retries: int) -> int:
    """Return a number of retries.

    Raises:
        ValueError: It is negative.
    """
    if max_retries < 0:
        raise ValueError("max_retries: the number must not be negative")
    return max_retries


def checked_size(max_response_bytes: int | None) -> int | None:
    """Return the most that is read of an answer.

    Raises:
        ValueError: It is not positive.
    """
    if max_response_bytes is not None and max_response_bytes <= 0:
        raise ValueError("max_response_bytes: the number must be positive")
    return max_response_bytes


def checked_headers(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return headers that may go along with every call.

    Raises:
        ValueError: A name is not a token (RFC 9110, section 5.1) or not the caller's
            to set, or a value cannot stand in a header.
    """
    for name in headers:
        if name.lower() in HANDS_OFF:
            raise ValueError(f"headers: {name} is set by the client itself")
        plain = name.replace("-", "").replace("_", "")
        if not (plain.isascii() and plain.isalnum()):
            raise ValueError(f"headers: {name!r} is not the name of a header")
    return tuple(
        (name, Secret(checked_header(name, headers[name]))) for name in headers
    )
