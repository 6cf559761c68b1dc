"""The keeping of tokens: fetched once for all who wait, used until near their end."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from .auth import BearerToken, ClientCredentials, Lent, Placement, static_secret
from .errors import AuthError
from .http import AsyncHttp, SyncHttp, running_loop
from .oauth import Token, scopes_for, token_of, token_request
from .outgoing import Fault, Outgoing
from .timeout import Timeout
from .url import is_secure

if TYPE_CHECKING:
    import asyncio


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSettings:
    """How tokens are asked for."""

    url: Callable[[ClientCredentials, Placement], str]
    """Where; it raises `AuthError` where nobody says."""
    scopes: tuple[str, ...]
    """What to ask for beside what an operation needs."""
    timeout: Timeout
    user_agent: str
    monotonic: Callable[[], float]


class _Shelf:
    """The tokens that there are, by the scopes they are good for."""

    def __init__(self) -> None:
        self._tokens: dict[tuple[str, frozenset[str]], Token] = {}
        self.failures = 0
        self.last_failure = ""

    def find(self, url: str, scopes: frozenset[str], now: float) -> Token | None:
        """Return a token that allows this, and perhaps more."""
        for (origin, _), token in self._tokens.items():
            if origin == url and token.scopes >= scopes and token.ends > now:
                return token
        return None

    def put(self, url: str, scopes: frozenset[str], token: Token) -> None:
        """Keep a token."""
        self._tokens[url, scopes] = token

    def drop(self, rejected: str | None) -> None:
        """Forget a token that the service does not accept."""
        for key, token in list(self._tokens.items()):
            if token.value == rejected:
                del self._tokens[key]

    def failed(self, message: str) -> None:
        """Note that no token was issued, for those who wait for the same one."""
        self.failures += 1
        self.last_failure = message

    def check(self, failures_before: int) -> None:
        """Share the failure of the one who asked while others waited."""
        if self.failures != failures_before:
            raise AuthError(self.last_failure)


class SyncTokens:
    """The secrets of credentials, for code that blocks."""

    def __init__(self, settings: TokenSettings, http: SyncHttp) -> None:
        self._settings = settings
        self._http = http
        self._shelf = _Shelf()
        self._lock = threading.Lock()

    def secret(self, placement: Placement, *, rejected: str | None = None) -> str:
        """Return what to send for a credential.

        Args:
            placement: The credential and what a token must allow.
            rejected: The token that the service has just refused.

        Raises:
            AuthError: No token was issued.
        """
        credential = placement.credential
        match credential:
            case ClientCredentials():
                return self._token(credential, placement, rejected)
            case BearerToken(token=str(token)):
                return token
            case BearerToken(token=source):
                return _at_once(source() if callable(source) else source)
            case Lent(lender=lender):
                try:
                    return _at_once(lender.secret(placement.scopes, rejected))
                except lender.failure as error:
                    raise AuthError(str(error)) from error
            case _:
                return static_secret(credential)

    def _token(
        self, credential: ClientCredentials, placement: Placement, rejected: str | None
    ) -> str:
        settings, shelf = self._settings, self._shelf
        url = settings.url(credential, placement)
        scopes = scopes_for(credential, (*settings.scopes, *placement.scopes))
        if rejected is None:
            found = shelf.find(url, scopes, settings.monotonic())
            if found is not None:
                return found.value
        failures = shelf.failures
        with self._lock:
            shelf.drop(rejected)
            found = shelf.find(url, scopes, settings.monotonic())
            if found is not None:
                return found.value
            shelf.check(failures)
            outgoing = asking(settings, credential, url, scopes)
            try:
                response = self._http.fetch(outgoing)
                now = settings.monotonic()
                secret = credential.client_secret
                token = token_of(response, scopes=scopes, now=now, secret=secret)
            except Fault as fault:
                error = AuthError(f"no token was issued: {fault}")
                shelf.failed(str(error))
                raise error from fault
            except AuthError as error:
                shelf.failed(str(error))
                raise
            shelf.put(url, scopes, token)
            return token.value


class AsyncTokens:
    """The secrets of credentials, for ``async`` code."""

    def __init__(self, settings: TokenSettings, http: AsyncHttp) -> None:
        self._settings = settings
        self._http = http
        self._shelf = _Shelf()
        # A lock belongs to the loop that first waits for it.
        self._locks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = (
            WeakKeyDictionary()
        )

    async def secret(self, placement: Placement, *, rejected: str | None = None) -> str:
        """Return what to send for a credential.

        Args:
            placement: The credential and what a token must allow.
            rejected: The token that the service has just refused.

        Raises:
            AuthError: No token was issued.
        """
        credential = placement.credential
        match credential:
            case ClientCredentials():
                return await self._token(credential, placement, rejected)
            case BearerToken(token=str(token)):
                return token
            case BearerToken(token=source):
                given = source() if callable(source) else source
                return await given if inspect.isawaitable(given) else given
            case Lent(lender=lender):
                try:
                    given = lender.secret(placement.scopes, rejected)
                    return await given if inspect.isawaitable(given) else given
                except lender.failure as error:
                    raise AuthError(str(error)) from error
            case _:
                return static_secret(credential)

    async def _token(
        self, credential: ClientCredentials, placement: Placement, rejected: str | None
    ) -> str:
        import asyncio

        settings, shelf = self._settings, self._shelf
        url = settings.url(credential, placement)
        scopes = scopes_for(credential, (*settings.scopes, *placement.scopes))
        if rejected is None:
            found = shelf.find(url, scopes, settings.monotonic())
            if found is not None:
                return found.value
        failures = shelf.failures
        lock = self._locks.setdefault(running_loop(), asyncio.Lock())
        async with lock:
            shelf.drop(rejected)
            found = shelf.find(url, scopes, settings.monotonic())
            if found is not None:
                return found.value
            shelf.check(failures)
            outgoing = asking(settings, credential, url, scopes)
            try:
                response = await self._http.fetch(outgoing)
                now = settings.monotonic()
                secret = credential.client_secret
                token = token_of(response, scopes=scopes, now=now, secret=secret)
            except Fault as fault:
                error = AuthError(f"no token was issued: {fault}")
                shelf.failed(str(error))
                raise error from fault
            except AuthError as error:
                shelf.failed(str(error))
                raise
            shelf.put(url, scopes, token)
            return token.value


def asking(
    settings: TokenSettings,
    credential: ClientCredentials,
    url: str,
    scopes: frozenset[str],
) -> Outgoing:
    """Return the request for a token.

    Raises:
        AuthError: The secret would go over an open line.
    """
    if not is_secure(url):
        raise AuthError("the token URL is plain http: a secret is not sent there")
    return token_request(
        credential,
        url=url,
        scopes=scopes,
        timeout=settings.timeout,
        user_agent=settings.user_agent,
    )


def _at_once(given: str | Awaitable[str]) -> str:
    if isinstance(given, str):
        return given
    if inspect.iscoroutine(given):
        given.close()
    raise AuthError("an async token function needs the async client")
