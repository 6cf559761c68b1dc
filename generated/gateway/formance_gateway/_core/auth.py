"""Credentials, and which of them goes where in a request."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias
from urllib.parse import quote

from .errors import AuthError
from .fctl import FctlProfile
from .operation import Requirement
from .secret import Credential, Secret, checked_secret
from .service import Kind, Scheme, Service

TokenSource: TypeAlias = str | Callable[[], str] | Callable[[], Awaitable[str]]


class NoAuth(Credential):
    """No credential: behind ``fctl stack proxy``, for instance."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NoAuth()"


class BearerToken(Credential):
    """A token (RFC 6750), or a function that gives one for each call.

    The function may be a coroutine function for the async client. After a 401 it is
    asked once more.

    Raises:
        ValueError: The token has characters that cannot be sent.
    """

    __slots__ = ("token",)
    token: TokenSource

    def __init__(self, token: TokenSource) -> None:
        given = token if callable(token) else checked_secret(token, "token")
        object.__setattr__(self, "token", given)


class ClientCredentials(Credential):
    """A client id and secret that are exchanged for tokens (RFC 6749, section 4.4).

    Args:
        client_id: The id.
        client_secret: The secret.
        scopes: What to ask for; None: what each operation needs.
        token_url: Where to ask; None: where the service's tokens come from.

    Raises:
        ValueError: The id or the secret has characters that cannot be sent.
    """

    __slots__ = ("client_id", "client_secret", "scopes", "token_url")
    client_id: str
    client_secret: Secret
    scopes: tuple[str, ...] | None
    token_url: str | None

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        *,
        scopes: Iterable[str] | None = None,
        token_url: str | None = None,
    ) -> None:
        chosen = None if scopes is None else _scopes(scopes)
        secret = checked_secret(client_secret, "client_secret")
        checked_secret(client_id, "client_id")
        object.__setattr__(self, "client_id", client_id)
        object.__setattr__(self, "client_secret", secret)
        object.__setattr__(self, "scopes", chosen)
        object.__setattr__(self, "token_url", token_url)


class ApiKey(Credential):
    """A key; the document says in which header, query parameter or cookie it goes.

    Raises:
        ValueError: It has characters that cannot be sent.
    """

    __slots__ = ("key",)
    key: Secret

    def __init__(self, key: str) -> None:
        object.__setattr__(self, "key", checked_secret(key, "key"))


class BasicAuth(Credential):
    """A user and a password (RFC 7617).

    Raises:
        ValueError: One of them has characters that cannot be sent, or the user a colon.
    """

    __slots__ = ("password", "user")
    user: str
    password: Secret

    def __init__(self, user: str, password: str) -> None:
        if ":" in checked_secret(user or " ", "user"):
            raise ValueError("user: it must not have a colon")
        secret = checked_secret(password, "password") if password else Secret()
        object.__setattr__(self, "user", user)
        object.__setattr__(self, "password", secret)


class Lender(Protocol):
    """A credential of another client, maybe of another package, which keeps the tokens.

    Whose package it is, its class cannot be known here: only what it does counts.
    """

    @property
    def renewable(self) -> bool:
        """Whether another secret may come after a refusal."""
        ...

    @property
    def failure(self) -> type[Exception]:
        """What ``secret`` raises where there is none."""
        ...

    def fits(self, kind: Kind) -> bool:
        """Tell whether it can be sent by a scheme of a kind."""
        ...

    def secret(
        self, scopes: tuple[str, ...], rejected: str | None
    ) -> str | Awaitable[str]:
        """Return what to send; after a refusal it is told which secret that was of."""
        ...


class Lent(Credential):
    """The credential of the client that this one shares connections with."""

    __slots__ = ("lender",)
    lender: Lender

    def __init__(self, lender: Lender) -> None:
        object.__setattr__(self, "lender", lender)


AnyCredential: TypeAlias = (
    NoAuth | BearerToken | ClientCredentials | FctlProfile | ApiKey | BasicAuth | Lent
)
Auth: TypeAlias = AnyCredential | Mapping[str, AnyCredential]
"""One credential, or one for each security scheme by its name."""


def checked(auth: Auth, service: Service) -> Auth:
    """Return credentials of this package.

    Raises:
        TypeError: One is something else; a class of the same name in another package
            would not be recognised, and the call would go out without it.
        ValueError: A mapping has one that goes nowhere: for a scheme that the document
            does not have, or not of the kind that the scheme asks for.
    """
    given: tuple[object, ...] = (auth,)
    if isinstance(auth, Mapping):
        given = tuple(auth.values())
    for each in given:
        if not isinstance(each, Credential):
            kind, package = type(each), __name__.rpartition("._core")[0]
            raise TypeError(
                f"auth: {kind.__module__}.{kind.__name__} is not a credential of "
                f"{package}: import it from there"
            )
    if isinstance(auth, Mapping) and service.schemes:
        for name, credential in auth.items():
            _check_scheme(service, name, credential)
    return auth


def _check_scheme(service: Service, name: str, credential: AnyCredential) -> None:
    scheme = service.schemes.get(name)
    if scheme is None:
        known = ", ".join(service.schemes)
        raise ValueError(f"auth: there is no security scheme {name!r}; known: {known}")
    if not isinstance(credential, NoAuth) and not fits(credential, scheme.kind):
        kind = type(credential).__name__
        raise ValueError(f"auth: {kind} is not sent for {name!r} ({scheme.kind})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A credential and where it goes."""

    credential: AnyCredential
    scheme: Scheme
    scopes: tuple[str, ...] = ()
    """What a token must allow."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Placed:
    """A secret, ready to be sent."""

    header: tuple[str, str] | None = None
    query: str | None = None
    """An encoded ``name=value`` pair."""
    cookie: str | None = None
    secret: str
    """The very object that was put here: a refused token is told by it."""
    hidden: tuple[str, ...]
    """What must not show up in any message."""


def placements(
    service: Service,
    security: tuple[tuple[Requirement, ...], ...] | None,
    auth: Auth,
) -> tuple[Placement, ...]:
    """Return which credentials an operation is sent with.

    The first alternative that can be met, one that asks for something before an
    anonymous one. Where the operation says nothing, what there is. One credential alone
    is not sent to several places: it is the secret of one scheme.
    """
    if security is None:
        return _whatever(service, auth)
    for requirements in sorted(security, key=lambda each: not each):
        asked = [each for each in requirements if not _is_outside(service, each)]
        met = [_meet(service, each, auth) for each in asked]
        found = tuple(each for each in met if each is not None)
        places = {(_place(each.scheme), each.scheme.name) for each in found}
        if len(found) == len(met) and (isinstance(auth, Mapping) or len(places) < 2):
            return found
    return ()


def fits(credential: AnyCredential, kind: Kind) -> bool:
    """Tell whether a credential can be sent by a scheme of a kind."""
    match credential:
        case NoAuth():
            return False
        case BearerToken() | ClientCredentials() | FctlProfile():
            return kind in ("bearer", "client credentials")
        case ApiKey():
            return kind.startswith("apiKey")
        case BasicAuth():
            return kind == "basic"
        case Lent(lender=lender):
            return lender.fits(kind)


def is_renewable(credential: AnyCredential) -> bool:
    """Tell whether a credential may give another secret after one was refused."""
    match credential:
        case ClientCredentials() | FctlProfile():
            return True
        case BearerToken(token=token):
            return callable(token)
        case Lent(lender=lender):
            return lender.renewable
        case _:
            return False


def static_secret(credential: NoAuth | ApiKey | BasicAuth) -> Secret:
    """Return the secret of a credential that has its own, as it is sent."""
    match credential:
        case ApiKey(key=key):
            return key
        case BasicAuth(user=user, password=password):
            pair = f"{user}:{password}".encode()
            return Secret(base64.b64encode(pair).decode())
        case NoAuth():
            return Secret()


def place(placement: Placement, secret: str) -> Placed:
    """Put a secret where its scheme says.

    Args:
        placement: The credential and its scheme.
        secret: The token or key, or the encoded pair of `BasicAuth`.

    Raises:
        AuthError: It has characters that no header may have.
    """
    scheme = placement.scheme
    match scheme.kind:
        case "basic":
            pair = base64.b64decode(secret).decode()
            hidden = (secret, pair, pair.partition(":")[2])
            value = Secret(f"Basic {secret}")
            return Placed(header=("Authorization", value), secret=secret, hidden=hidden)
        case "apiKey in header":
            return _in_header(scheme.name, secret, secret)
        case "apiKey in query":
            pair = _pair(scheme.name, secret)
            return Placed(query=pair, secret=secret, hidden=(secret,))
        case "apiKey in cookie":
            pair = _pair(scheme.name, secret)
            return Placed(cookie=pair, secret=secret, hidden=(secret,))
        case "bearer" | "client credentials" | "none":
            return _in_header("Authorization", f"Bearer {secret}", secret)


_BEARER: Final = Scheme("bearer")
_BASIC: Final = Scheme("basic")


def _whatever(service: Service, auth: Auth) -> tuple[Placement, ...]:
    if isinstance(auth, Mapping):
        found = [_meet(service, Requirement(name), auth) for name in auth]
        return tuple(each for each in found if each is not None)
    for scheme in (*service.schemes.values(), _BEARER, _BASIC):
        if fits(auth, scheme.kind):
            return (Placement(credential=auth, scheme=scheme),)
    return ()


def _is_outside(service: Service, requirement: Requirement) -> bool:
    """Tell whether a caller's own HTTP client meets a requirement, if anybody does."""
    scheme = service.schemes.get(requirement.scheme)
    return scheme is not None and scheme.kind == "none"


def _meet(service: Service, requirement: Requirement, auth: Auth) -> Placement | None:
    scheme = service.schemes.get(requirement.scheme, _BEARER)
    credential = auth.get(requirement.scheme) if isinstance(auth, Mapping) else auth
    if credential is None or not fits(credential, scheme.kind):
        return None
    return Placement(credential=credential, scheme=scheme, scopes=requirement.scopes)


def _place(scheme: Scheme) -> str:
    """Return what stands for the place of a secret: all tokens share one."""
    return "bearer" if scheme.kind == "client credentials" else scheme.kind


def _pair(name: str, value: str) -> Secret:
    return Secret(f"{quote(name, safe='')}={quote(value, safe='')}")


def _in_header(name: str, value: str, secret: str) -> Placed:
    if not value.isascii():
        raise AuthError(f"the secret for {name} has characters that no header may have")
    return Placed(header=(name, Secret(value)), secret=secret, hidden=(secret,))


def _scopes(scopes: Iterable[str]) -> tuple[str, ...]:
    if isinstance(scopes, str):
        raise TypeError("scopes: a list of scopes is needed, not one str")
    return tuple(scopes)
