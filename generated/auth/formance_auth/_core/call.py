"""One call from its first attempt to its last: all that both flavours decide alike."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

from .auth import Placed, is_renewable, place, placements
from .encoding import WireRequest, encode, with_header
from .errors import (
    AuthError,
    InvalidRequest,
    PaginationError,
    RequestTimeout,
    TransportError,
)
from .operation import Operation, Request
from .outgoing import Fault, Outgoing
from .redacting import RequestInfo, request_info
from .response import Headers
from .retry import (
    SAFE_METHODS,
    STATUSES,
    Retry,
    delay_after_answer,
    delay_after_fault,
)
from .secret import forms, scrub
from .settings import Settings
from .timeout import Deadline
from .url import follow, is_secure, join


class Call:
    """A call in progress. It decides; a transport sends and waits.

    Raises:
        InvalidRequest: A value cannot be sent.
        AuthError: A credential would go over an open line.
        PaginationError: A page leads to another origin.
    """

    def __init__(self, settings: Settings, request: Request[Any]) -> None:
        operation = request.operation
        effects = settings.effects
        self._settings = settings
        self.operation: Operation[Any] = operation
        self._wire = _keyed(
            operation, encode(request, boundary=effects.new_key), settings
        )
        self.placements = placements(
            settings.service, operation.security, settings.auth
        )
        self._base_url = _base_url(settings, operation)
        allowed = settings.allow_http or is_secure(self._base_url)
        if self.placements and not allowed:
            raise AuthError(
                "the server is plain http: a credential is not sent there",
                operation=operation.name,
                method=operation.method,
                path=operation.path,
            )
        self._url = self._address(request.link)
        content = self._wire.content
        self._retry = Retry(
            most=settings.max_retries,
            harmless=operation.method in SAFE_METHODS
            or operation.idempotency_key is not None,
            replayable=content is None or content.replayable,
        )
        self._deadline = Deadline(settings.timeout.total, effects.monotonic)
        self._attempt = 0
        self._repeated = 0
        self._may_be_applied = False
        self._refreshed = False
        self._refused = False
        self._placed: Sequence[Placed] = ()
        self._last: Outgoing | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What was sent and must not show in any message, in all its forms."""
        return tuple(forms(each for placed in self._placed for each in placed.hidden))

    @property
    def deadline(self) -> Deadline:
        """When the call must be over."""
        return self._deadline

    def describe(self) -> RequestInfo | None:
        """Return what an error tells of the last attempt; None where there was none."""
        if self._last is None:
            return None
        return request_info(
            self._last,
            attempts=self._attempt,
            secrets=self.secrets,
            secret_parameters=self._secret_parameters(),
        )

    @contextmanager
    def named(self) -> Generator[None]:
        """Let errors about credentials tell for which call they are."""
        try:
            yield
        except AuthError as error:
            error.operation = self.operation.name
            error.method, error.path = self.operation.method, self.operation.path
            raise

    def rejected(self, index: int) -> str | None:
        """Return the token that was refused, if the one of this placement was."""
        return self._placed[index].secret if self._refused else None

    def outgoing(self, secrets: Sequence[str]) -> Outgoing:
        """Return the next attempt.

        Args:
            secrets: What to send for each of the placements.

        Raises:
            RequestTimeout: There is no time left.
        """
        settings = self._settings
        left = self._deadline.left()
        if left is not None and left <= 0:
            raise self.explain(_out_of_time())
        self._attempt += 1
        self._refused = False
        pairs = zip(self.placements, secrets, strict=True)
        self._placed = [place(placement, secret) for placement, secret in pairs]
        wire = self._wire
        query = "&".join(each.query for each in self._placed if each.query)
        self._last = Outgoing(
            method=wire.method,
            url=_with_query(self._url, query),
            headers=_headers(settings, wire, self._placed),
            content=wire.content,
            timeout=settings.timeout.within(left),
            secret_parameters=self._secret_parameters(),
            deadline=self._deadline,
            max_response_bytes=settings.max_response_bytes,
        )
        return self._last

    def failed(self, fault: Fault) -> float | None:
        """Return the seconds to wait before another attempt; None: this is the last."""
        self._may_be_applied = self._may_be_applied or not fault.unsent
        delay = delay_after_fault(
            self._retry,
            attempt=self._attempt,
            unsent=fault.unsent and not self._may_be_applied,
            chance=self._settings.effects.chance(),
        )
        if delay is None or fault.final or not self._may_spend(delay):
            return None
        return delay

    def answered(self, status: int, headers: Headers) -> float | None:
        """Return the seconds to wait before another attempt; None: this is the last."""
        if status == 401 and self._may_refresh():
            self._refreshed = self._refused = True
            return 0.0
        effects = self._settings.effects
        if status not in STATUSES:
            self._settings.budget.refund(self._repeated)
        delay = delay_after_answer(
            self._retry,
            attempt=self._attempt - self._refreshed,
            status=status,
            retry_after=headers.get("retry-after"),
            now=effects.now(),
            chance=effects.chance(),
        )
        if delay is None or not self._may_spend(delay):
            return None
        # A gateway may say so of what has reached the service behind it.
        self._may_be_applied = self._may_be_applied or status != 429
        return delay

    def explain(self, fault: Fault) -> TransportError:
        """Return the error that a fault means to the caller."""
        return explain(
            self.operation,
            fault,
            harmless=self._retry.harmless,
            may_be_applied=self._may_be_applied or not fault.unsent,
            secrets=self.secrets,
            request=self.describe(),
        )

    def _address(self, link: str) -> str:
        """Return the URL of the call, but for the credentials in its query."""
        wire, operation = self._wire, self.operation
        url = join(self._base_url, "", wire.path, wire.query)
        if not link:
            return url
        try:
            return follow(url, link, without=self._in_query())
        except ValueError as error:
            raise PaginationError(
                f"a page leads to {error} "
                f"({operation.name}, {operation.method} {operation.path})",
                operation=operation.name,
                method=operation.method,
                path=operation.path,
            ) from None

    def _in_query(self) -> tuple[str, ...]:
        """Return the query parameters of credentials: they are sent once, by us."""
        schemes = [placement.scheme for placement in self.placements]
        return tuple(
            scheme.name for scheme in schemes if scheme.kind == "apiKey in query"
        )

    def _secret_parameters(self) -> tuple[str, ...]:
        return tuple(
            unquote(each.query.partition("=")[0]) for each in self._placed if each.query
        )

    def _may_refresh(self) -> bool:
        return (
            not self._refreshed
            and self._retry.replayable
            and any(is_renewable(each.credential) for each in self.placements)
        )

    def _may_spend(self, delay: float) -> bool:
        """Tell whether there is the time, and the budget, for another attempt."""
        left = self._deadline.left()
        if left is not None and delay >= left:
            return False
        if not self._settings.budget.spend():
            return False
        self._repeated += 1
        return True


def explain(
    operation: Operation[Any],
    fault: Fault,
    *,
    harmless: bool = True,
    may_be_applied: bool = True,
    secrets: Sequence[str] = (),
    request: RequestInfo | None = None,
) -> TransportError:
    """Return the error that a fault means to the caller.

    Args:
        operation: What was asked.
        fault: What happened.
        harmless: Whether it does not matter how often it is applied.
        may_be_applied: Whether the server may have done what was asked.
        secrets: What was sent and must not show in the message.
        request: What is told of the request.
    """
    kind = RequestTimeout if fault.timed_out else TransportError
    # It may be the cause of the error: its frames have seen what was sent.
    fault.with_traceback(None)
    hint = "; it may have been applied" if may_be_applied and not harmless else ""
    return kind(
        f"{scrub(str(fault), secrets)}{hint} ({operation.name}, {operation.method} {operation.path})",
        operation=operation.name,
        method=operation.method,
        path=operation.path,
        request=request,
        may_have_been_applied=may_be_applied,
    )


def _base_url(settings: Settings, operation: Operation[Any]) -> str:
    try:
        return settings.base_of(operation.server)
    except ValueError as error:
        problem = str(error)
    raise InvalidRequest(
        f"{operation.name}: {problem}",
        operation=operation.name,
        method=operation.method,
        path=operation.path,
        problems=(("server", problem),),
    )


def _keyed(
    operation: Operation[Any], wire: WireRequest, settings: Settings
) -> WireRequest:
    """Return the request with a key of its own where the caller gave none."""
    name = operation.idempotency_key
    if name is None or any(key.lower() == name.lower() for key, _ in wire.headers):
        return wire
    return with_header(wire, name, settings.effects.new_key())


def _headers(
    settings: Settings, wire: WireRequest, placed: Sequence[Placed]
) -> tuple[tuple[str, str], ...]:
    """Return all headers; what comes later in this list wins over what comes before."""
    cookies = "; ".join(
        [*wire.cookies, *(each.cookie for each in placed if each.cookie)]
    )
    pairs = [
        ("User-Agent", settings.service.user_agent),
        *settings.headers,
        *wire.headers,
        *([("Cookie", cookies)] if cookies else []),
        *(each.header for each in placed if each.header),
    ]
    return tuple({name.lower(): (name, value) for name, value in pairs}.values())


def _with_query(url: str, query: str) -> str:
    """Return a URL with more in its query."""
    if not query:
        return url
    separator = "&" if "?" in url else "?"
    return f"{url}{separator}{query}"


def _out_of_time() -> Fault:
    return Fault("the time for the whole call ran out", timed_out=True, unsent=True)
