"""How the clients of several services share connections, tokens and settings.

One client, the host, has them; the clients of the services are its guests. Each may be
of another package, with a runtime of its own: what passes between them is described by
protocols, and is made of types that they have in common.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeAlias

from typing_extensions import TypeVar

from .auth import (
    AnyCredential,
    Auth,
    Lender,
    Lent,
    Placement,
    fits,
    is_renewable,
)
from .drift import Drift, Finding, OnDrift
from .effects import Effects
from .errors import KINDS, AuthError
from .relaying import Ask, Note, relayed_request, relayed_response
from .retry import Spending
from .service import Kind, Scheme, Service
from .settings import Settings
from .timeout import Limits, Timeout
from .tokens import AsyncTokens, SyncTokens

H = TypeVar("H")
H_co = TypeVar("H_co", covariant=True)

Tell: TypeAlias = Callable[[str, tuple[tuple[str, str, str, str], ...]], None]
"""Is told of drift: the operation, and each finding's pointer, model, kind and what was
expected."""


class Host(Protocol[H_co]):
    """What a client of many services gives to the client of one: see `lend`."""

    @property
    def base_url(self) -> str:
        """The checked URL of the server that all services are behind."""
        ...

    @property
    def auth(self) -> Lender | Mapping[str, Lender]:
        """The credential, or one for each security scheme by its name."""
        ...

    @property
    def timeout(self) -> Limits:
        """The limits of each call."""
        ...

    @property
    def max_retries(self) -> int:
        """How many attempts may follow a first that failed, where it is safe."""
        ...

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Checked headers that go along with every call."""
        ...

    @property
    def strict(self) -> bool:
        """Whether drift is an error."""
        ...

    @property
    def max_response_bytes(self) -> int | None:
        """The most that is read of an answer."""
        ...

    @property
    def allow_http(self) -> bool:
        """Whether a credential may go over plain http to another machine."""
        ...

    @property
    def budget(self) -> Spending:
        """What may be spent on further attempts, by all services together."""
        ...

    @property
    def ask(self) -> Ask | None:
        """Is asked before each attempt for headers to add, if anybody wants to know."""
        ...

    @property
    def note(self) -> Note | None:
        """Is told of each attempt, if anybody wants to know."""
        ...

    @property
    def tell(self) -> Tell | None:
        """Is told of drift, if anybody wants to know."""
        ...

    @property
    def errors(self) -> Mapping[str, type[Exception]]:
        """The host's own errors by name; a guest's errors are to be these as well."""
        ...

    @property
    def http(self) -> H_co:
        """The connections."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Loan:
    """A credential and the tokens kept for it: a `Lender`."""

    credential: AnyCredential
    tokens: SyncTokens | AsyncTokens

    @property
    def renewable(self) -> bool:
        """Whether another secret may come after a refusal."""
        return is_renewable(self.credential)

    @property
    def failure(self) -> type[Exception]:
        """What ``secret`` raises where there is none."""
        return AuthError

    def fits(self, kind: Kind) -> bool:
        """Tell whether it can be sent by a scheme of a kind."""
        return fits(self.credential, kind)

    def secret(
        self, scopes: tuple[str, ...], rejected: str | None
    ) -> str | Awaitable[str]:
        """Return what to send; after a refusal it is told which secret that was of.

        Raises:
            AuthError: No token was issued.
        """
        placement = Placement(
            credential=self.credential, scheme=Scheme("bearer"), scopes=scopes
        )
        return self.tokens.secret(placement, rejected=rejected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lending(Generic[H]):
    """What a client lends to the client of a service: a `Host`."""

    base_url: str
    auth: Loan | Mapping[str, Loan] = field(repr=False)
    timeout: Timeout
    max_retries: int
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    strict: bool
    max_response_bytes: int | None
    allow_http: bool
    budget: Spending
    ask: Ask | None
    note: Note | None
    tell: Tell | None
    errors: Mapping[str, type[Exception]] = field(repr=False)
    http: H


def lend(
    name: str, settings: Settings, tokens: SyncTokens | AsyncTokens, http: H
) -> Lending[H]:
    """Return what a client lends to the client of a service.

    Args:
        name: The attribute of the host that leads to the service.
        settings: The host's settings.
        tokens: The host's tokens.
        http: The host's connections.
    """
    return Lending(
        base_url=settings.base_url,
        auth=_loans(settings.auth, tokens),
        timeout=settings.timeout,
        max_retries=settings.max_retries,
        headers=settings.headers,
        strict=settings.strict,
        max_response_bytes=settings.max_response_bytes,
        allow_http=settings.allow_http,
        budget=settings.budget,
        ask=relayed_request(name, settings.on_request),
        note=relayed_response(name, settings.on_response),
        tell=_tell(name, settings.on_drift),
        errors=KINDS,
        http=http,
    )


def borrow(service: Service, host: Host[object]) -> Settings:
    """Return the settings of a service's client whose host has the say."""
    auth, tell = host.auth, host.tell
    lent = (
        {name: Lent(lender) for name, lender in auth.items()}
        if isinstance(auth, Mapping)
        else Lent(auth)
    )
    return Settings(
        service=service,
        base_url=host.base_url,
        auth=lent,
        timeout=Timeout.like(host.timeout),
        max_retries=host.max_retries,
        headers=host.headers,
        on_drift=None if tell is None else _hear(tell),
        strict=host.strict,
        on_request=host.ask,
        on_response=host.note,
        max_response_bytes=host.max_response_bytes,
        allow_http=host.allow_http,
        effects=Effects(),
        budget=host.budget,
    )


def _loans(auth: Auth, tokens: SyncTokens | AsyncTokens) -> Loan | Mapping[str, Loan]:
    if isinstance(auth, Mapping):
        return {
            name: Loan(credential=credential, tokens=tokens)
            for name, credential in auth.items()
        }
    return Loan(credential=auth, tokens=tokens)


def _tell(name: str, on_drift: OnDrift | None) -> Tell | None:
    if on_drift is None:
        return None

    def tell(operation: str, found: tuple[tuple[str, str, str, str], ...]) -> None:
        findings = tuple(
            Finding(pointer=pointer, model=model, kind=kind, expected=expected)
            for pointer, model, kind, expected in found
        )
        on_drift(Drift(operation=f"{name}.{operation}", found=findings))

    return tell


def _hear(tell: Tell) -> OnDrift:
    return lambda drift: tell(
        drift.operation,
        tuple(
            (each.pointer, each.model, each.kind, each.expected) for each in drift.found
        ),
    )
