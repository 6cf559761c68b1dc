"""One call from its first attempt to its last: all that both flavours decide alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .auth import Placed, is_renewable, place, placements
from .encoding import WireRequest, encode, with_header
from .errors import AuthError, RequestTimeout, TransportError
from .operation import Operation, Request
from .outgoing import Fault, Outgoing
from .response import Headers
from .retry import SAFE_METHODS, Retry, delay_after_answer, delay_after_fault
from .secret import forms
from .settings import Settings
from .url import is_secure, join


class Call:
    """A call in progress. It decides; a transport sends and waits.

    Raises:
        ValueError: A value cannot be sent.
        pydantic.ValidationError: The body does not fit.
        AuthError: A credential would go over an open line.
    """

    def __init__(self, settings: Settings, request: Request[Any]) -> None:
        operation = request.operation
        effects = settings.effects
        self._settings = settings
        self._operation: Operation[Any] = operation
        self._wire = _keyed(
            operation, encode(request, boundary=effects.new_key), settings
        )
        self.placements = placements(
            settings.service, operation.security, settings.auth
        )
        allowed = settings.allow_http or is_secure(settings.base_url)
        if self.placements and not allowed:
            raise AuthError("the server is plain http: a credential is not sent there")
        content = self._wire.content
        self._retry = Retry(
            most=settings.max_retries,
            harmless=operation.method in SAFE_METHODS
            or operation.idempotency_key is not None,
            replayable=content is None or content.replayable,
        )
        total = settings.timeout.total
        self._deadline = None if total is None else effects.monotonic() + total
        self._attempt = 0
        self._refreshed = False
        self._refused = False
        self._placed: Sequence[Placed] = ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What was sent and must not show in any message, in all its forms."""
        return tuple(forms(each for placed in self._placed for each in placed.hidden))

    @property
    def deadline(self) -> float | None:
        """When the call must be over, on the monotonic clock."""
        return self._deadline

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
        left = self._left()
        if left is not None and left <= 0:
            raise self._explain(_out_of_time())
        self._attempt += 1
        self._refused = False
        pairs = zip(self.placements, secrets, strict=True)
        self._placed = [place(placement, secret) for placement, secret in pairs]
        wire = self._wire
        query = [wire.query, *(each.query for each in self._placed)]
        return Outgoing(
            method=wire.method,
            url=join(
                settings.base_url,
                settings.service.prefix,
                wire.path,
                "&".join(part for part in query if part),
            ),
            headers=_headers(settings, wire, self._placed),
            content=wire.content,
            timeout=settings.timeout.within(left),
            secret_parameters=tuple(
                each.scheme.name
                for each in self.placements
                if each.scheme.kind == "apiKey in query"
            ),
            deadline=self._deadline,
        )

    def failed(self, fault: Fault) -> float:
        """Return the seconds to wait before the next attempt.

        Raises:
            TransportError: There is none.
        """
        delay = delay_after_fault(
            self._retry,
            attempt=self._attempt,
            unsent=fault.unsent,
            chance=self._settings.effects.chance(),
        )
        if delay is None or not self._fits(delay):
            raise self._explain(fault) from fault
        return delay

    def answered(self, status: int, headers: Headers) -> float | None:
        """Return the seconds to wait before another attempt; None: this is the last."""
        if status == 401 and self._may_refresh():
            self._refreshed = self._refused = True
            return 0.0
        effects = self._settings.effects
        delay = delay_after_answer(
            self._retry,
            attempt=self._attempt - self._refreshed,
            status=status,
            retry_after=headers.get("retry-after"),
            now=effects.now(),
            chance=effects.chance(),
        )
        return delay if delay is not None and self._fits(delay) else None

    def _explain(self, fault: Fault) -> TransportError:
        sure = self._retry.harmless or fault.unsent
        hint = "" if sure else "; it may have been applied"
        return explain(self._operation, fault, hint=hint, secrets=self.secrets)

    def _may_refresh(self) -> bool:
        return (
            not self._refreshed
            and self._retry.replayable
            and any(is_renewable(each.credential) for each in self.placements)
        )

    def _left(self) -> float | None:
        if self._deadline is None:
            return None
        return self._deadline - self._settings.effects.monotonic()

    def _fits(self, delay: float) -> bool:
        left = self._left()
        return left is None or delay < left


def explain(
    operation: Operation[Any],
    fault: Fault,
    *,
    hint: str = "",
    secrets: Sequence[str] = (),
) -> TransportError:
    """Return the error that a fault means to the caller.

    Args:
        operation: What was asked.
        fault: What happened.
        hint: What follows from it.
        secrets: What was sent and must not show in the message.
    """
    kind = RequestTimeout if fault.timed_out else TransportError
    # It may be the cause of the error: its frames have seen what was sent.
    fault.with_traceback(None)
    text = str(fault)
    for secret in secrets:
        text = text.replace(secret, "***")
    return kind(
        f"{text}{hint} ({operation.name}, {operation.method} {operation.path})",
        operation=operation.name,
        method=operation.method,
        path=operation.path,
        may_have_been_applied=not fault.unsent,
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


def _out_of_time() -> Fault:
    return Fault("the time for the whole call ran out", timed_out=True, unsent=True)
