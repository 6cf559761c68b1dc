"""The secrets of credentials: given, or fetched once for all who wait for them."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Awaitable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from .asking import OUT_OF_TIME, Asking, TokenSettings
from .auth import (
    BearerToken,
    ClientCredentials,
    Lent,
    Placement,
    static_secret,
)
from .errors import AuthError
from .fctl import FctlProfile
from .http import AsyncHttp, SyncHttp, running_loop
from .oauth import Need, Token, scopes_for
from .outgoing import Fault
from .processes import PerProcess
from .secret import Kept, Secret, checked_secret
from .shelf import Found, Shelf
from .timeout import Deadline

if TYPE_CHECKING:
    import asyncio


class _Flight:
    """A token that is being fetched by one for all who need it."""

    def __init__(self) -> None:
        self.token: Token | None = None
        self.failure: str | None = None
        """Why there is none; None, too, where the one who asked was stopped."""


class _SyncFlight(_Flight):
    def __init__(self) -> None:
        super().__init__()
        self.landed = threading.Event()


class _AsyncFlight(_Flight):
    def __init__(self, landed: asyncio.Future[None]) -> None:
        super().__init__()
        self.landed = landed


class _Desk:
    """What threads of one process agree by."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.flights: dict[Need, _SyncFlight] = {}


class SyncTokens(Kept):
    """The secrets of credentials, for code that blocks."""

    def __init__(self, settings: TokenSettings, http: SyncHttp) -> None:
        self._settings = settings
        self._http = http
        self._shelf = Shelf()
        self._desk = PerProcess(_Desk)

    def secret(
        self,
        placement: Placement,
        *,
        rejected: str | None = None,
        deadline: Deadline | None = None,
    ) -> str:
        """Return what to send for a credential.

        Args:
            placement: The credential and what a token must allow.
            rejected: The token that the service has just refused.
            deadline: When the call must be over.

        Raises:
            AuthError: No token was issued.
        """
        credential = placement.credential
        match credential:
            case ClientCredentials():
                need = _need(self._settings, credential, placement)
                return self._token(need, rejected, deadline)
            case BearerToken(token=source):
                given = source() if callable(source) else source
                return _checked(_at_once(given))
            case FctlProfile():
                return credential.token(self._settings.effects.now(), rejected)
            case Lent(lender=lender):
                try:
                    return _at_once(lender.secret(placement.scopes, rejected))
                except lender.failure as error:
                    raise AuthError(str(error)) from error.with_traceback(None)
            case _:
                return static_secret(credential)

    def _token(
        self, need: Need, rejected: str | None, deadline: Deadline | None
    ) -> str:
        monotonic, shelf = self._settings.effects.monotonic, self._shelf
        while True:
            desk = self._desk.mine()
            with desk.lock:
                shelf.drop(rejected)
                found = shelf.find(need, monotonic())
                if found is not None and not found.is_due:
                    return found.token.value
                wanted = need if found is None else found.need
                flight, mine = desk.flights.get(wanted), _SyncFlight()
                if flight is None:
                    desk.flights[wanted] = mine
            if flight is None:
                asking = _asking(self._settings, wanted, found, deadline)
                value = self._lead(desk, mine, asking)
                if value is None:
                    continue
                return value
            if found is not None:
                return found.token.value
            left = None if deadline is None else deadline.left()
            if not flight.landed.wait(left):
                raise AuthError(OUT_OF_TIME)
            if flight.token is not None:
                return flight.token.value
            if flight.failure is not None:
                raise AuthError(flight.failure)

    def _lead(self, desk: _Desk, flight: _SyncFlight, asking: Asking) -> str | None:
        """Fetch a token for all who wait; None: the old one ended, ask once more."""
        try:
            flight.token = self._ask(asking)
            self._shelf.put(asking.need, flight.token)
            return flight.token.value
        except AuthError as error:
            return _failed(error, asking, flight, self._shelf)
        finally:
            with desk.lock:
                desk.flights.pop(asking.need, None)
            flight.landed.set()

    def _ask(self, asking: Asking) -> Token:
        while True:
            try:
                response = self._http.fetch(asking.outgoing())
            except Fault as fault:
                delay = asking.failed(fault)
            else:
                again = asking.answered(response)
                if again is None:
                    return asking.token(response)
                delay = again
            self._http.pause(delay)


class AsyncTokens(Kept):
    """The secrets of credentials, for ``async`` code."""

    def __init__(self, settings: TokenSettings, http: AsyncHttp) -> None:
        self._settings = settings
        self._http = http
        self._shelf = Shelf()
        # A future belongs to the loop that it was made in.
        self._flights: WeakKeyDictionary[
            asyncio.AbstractEventLoop, dict[Need, _AsyncFlight]
        ] = WeakKeyDictionary()

    async def secret(
        self,
        placement: Placement,
        *,
        rejected: str | None = None,
        deadline: Deadline | None = None,
    ) -> str:
        """Return what to send for a credential.

        Args:
            placement: The credential and what a token must allow.
            rejected: The token that the service has just refused.
            deadline: When the call must be over.

        Raises:
            AuthError: No token was issued.
        """
        credential = placement.credential
        match credential:
            case ClientCredentials():
                need = _need(self._settings, credential, placement)
                return await self._token(need, rejected, deadline)
            case BearerToken(token=source):
                given = source() if callable(source) else source
                return _checked(await given if inspect.isawaitable(given) else given)
            case FctlProfile():
                return credential.token(self._settings.effects.now(), rejected)
            case Lent(lender=lender):
                try:
                    given = lender.secret(placement.scopes, rejected)
                    return await given if inspect.isawaitable(given) else given
                except lender.failure as error:
                    raise AuthError(str(error)) from error.with_traceback(None)
            case _:
                return static_secret(credential)

    async def _token(
        self, need: Need, rejected: str | None, deadline: Deadline | None
    ) -> str:
        import asyncio

        monotonic, shelf = self._settings.effects.monotonic, self._shelf
        loop = running_loop()
        flights = self._flights.setdefault(loop, {})
        while True:
            shelf.drop(rejected)
            found = shelf.find(need, monotonic())
            if found is not None and not found.is_due:
                return found.token.value
            wanted = need if found is None else found.need
            flight = flights.get(wanted)
            if flight is None:
                mine = flights[wanted] = _AsyncFlight(loop.create_future())
                asking = _asking(self._settings, wanted, found, deadline)
                value = await self._lead(flights, mine, asking)
                if value is None:
                    continue
                return value
            if found is not None:
                return found.token.value
            left = None if deadline is None else deadline.left()
            landed, _ = await asyncio.wait([flight.landed], timeout=left)
            if not landed:
                raise AuthError(OUT_OF_TIME)
            if flight.token is not None:
                return flight.token.value
            if flight.failure is not None:
                raise AuthError(flight.failure)

    async def _lead(
        self, flights: dict[Need, _AsyncFlight], flight: _AsyncFlight, asking: Asking
    ) -> str | None:
        """Fetch a token for all who wait; None: the old one ended, ask once more."""
        try:
            flight.token = await self._ask(asking)
            self._shelf.put(asking.need, flight.token)
            return flight.token.value
        except AuthError as error:
            return _failed(error, asking, flight, self._shelf)
        finally:
            # Also where the task is cancelled: then one of those who wait asks.
            flights.pop(asking.need, None)
            flight.landed.set_result(None)

    async def _ask(self, asking: Asking) -> Token:
        while True:
            try:
                response = await self._http.fetch(asking.outgoing())
            except Fault as fault:
                delay = asking.failed(fault)
            else:
                again = asking.answered(response)
                if again is None:
                    return asking.token(response)
                delay = again
            await self._http.pause(delay)


def _need(
    settings: TokenSettings, credential: ClientCredentials, placement: Placement
) -> Need:
    return Need(
        credential=credential,
        url=settings.url(credential, placement),
        scopes=scopes_for(credential, (*settings.scopes, *placement.scopes)),
    )


def _asking(
    settings: TokenSettings, need: Need, found: Found | None, deadline: Deadline | None
) -> Asking:
    current = None if found is None else found.token
    return Asking(settings, need, current=current, deadline=deadline)


def _failed(
    error: AuthError, asking: Asking, flight: _Flight, shelf: Shelf
) -> str | None:
    """Return the token that could not be renewed and is still good; None: it ended.

    Raises:
        AuthError: There was none, and there is none.
    """
    current = asking.current
    if current is None:
        # Who has less time than the others fails alone.
        flight.failure = None if asking.is_late else str(error)
        raise error
    now = asking.now
    shelf.put_off(asking.need, now)
    return current.value if current.ends > now else None


def _at_once(given: str | Awaitable[str]) -> str:
    if isinstance(given, str):
        return given
    if inspect.iscoroutine(given):
        given.close()
    raise AuthError("an async token function needs the async client")


def _checked(token: object) -> Secret:
    try:
        return checked_secret(token, "the token")
    except (TypeError, ValueError) as error:
        raise AuthError(str(error)) from None
