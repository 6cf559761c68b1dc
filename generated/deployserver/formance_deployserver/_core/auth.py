"""Credentials, and which of them goes where in a request."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NoReturn, TypeAlias
from urllib.parse import quote

from .operation import Requirement
from .service import Kind, Scheme, Service

TokenSource: TypeAlias = str | Callable[[], str] | Callable[[], Awaitable[str]]


class Credential:
    """Something secret: never shown, never pickled, never changed."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(***)"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} holds a secret and is not copied")

    def __copy__(self) -> Credential:
        return self

    def __deepcopy__(self, memo: object) -> Credential:
        return self


class NoAuth(Credential):
    """No credential: behind ``fctl stack proxy``, for instance."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NoAuth()"


class BearerToken(Credential):
    """A token (RFC 6750), or a function that gives one for each call.

    The function may be a coroutine function for the async client. After a 401 it is
    asked once more.
    """

    __slots__ = ("token",)
    token: TokenSource

    def __init__(self, token: TokenSource) -> None:
        object.__setattr__(self, "token", token)


class ClientCredentials(Credential):
    """A client id and secret that are exchanged for tokens (RFC 6749, section 4.4).

    Args:
        client_id: The id.
        client_secret: The secret.
        scopes: What to ask for; None: what each operation needs.
        token_url: Where to ask; None: where the service's tokens come from.
    """

    __slots__ = ("client_id", "client_secret", "scopes", "token_url")
    client_id: str
    client_secret: str
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
        chosen = None if scopes is None else tuple(scopes)
        object.__setattr__(self, "client_id", client_id)
        object.__setattr__(self, "client_secret", client_secret)
        object.__setattr__(self, "scopes", chosen)
        object.__setattr__(self, "token_url", token_url)


class ApiKey(Credential):
    """A key; the document says in which header, query parameter or cookie it goes."""

    __slots__ = ("key",)
    key: str

    def __init__(self, key: str) -> None:
        object.__setattr__(self, "key", key)


class BasicAuth(Credential):
    """A user and a password (RFC 7617)."""

    __slots__ = ("password", "user")
    user: str
    password: str

    def __init__(self, user: str, password: str) -> None:
        object.__setattr__(self, "user", user)
        object.__setattr__(self, "password", password)


AnyCredential: TypeAlias = NoAuth | BearerToken | ClientCredentials | ApiKey | BasicAuth
Auth: TypeAlias = AnyCredential | Mapping[str, AnyCredential]
"""One credential, or one for each security scheme by its name."""


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
    """What must not show up in any message."""


def placements(
    service: Service,
    security: tuple[tuple[Requirement, ...], ...] | None,
    auth: Auth,
) -> tuple[Placement, ...]:
    """Return which credentials an operation is sent with.

    The first alternative that can be met, one that asks for something before an
    anonymous one. Where the operation says nothing, what there is.
    """
    if security is None:
        return _whatever(service, auth)
    for requirements in sorted(security, key=lambda each: not each):
        met = [_meet(service, each, auth) for each in requirements]
        found = tuple(each for each in met if each is not None)
        if len(found) == len(met):
            return found
    return ()


def place(placement: Placement, secret: str) -> Placed:
    """Put a secret where its scheme says.

    Args:
        placement: The credential and its scheme.
        secret: The token or key; for `BasicAuth` it is ignored.
    """
    scheme, credential = placement.scheme, placement.credential
    if isinstance(credential, BasicAuth):
        pair = f"{credential.user}:{credential.password}".encode()
        text = base64.b64encode(pair).decode()
        return Placed(header=("Authorization", f"Basic {text}"), secret=text)
    match scheme.kind:
        case "apiKey in header":
            return Placed(header=(scheme.name, secret), secret=secret)
        case "apiKey in query":
            return Placed(query=_pair(scheme.name, secret), secret=secret)
        case "apiKey in cookie":
            return Placed(cookie=_pair(scheme.name, secret), secret=secret)
        case _:
            return Placed(header=("Authorization", f"Bearer {secret}"), secret=secret)


_BEARER: Final = Scheme("bearer")
_BASIC: Final = Scheme("basic")


def _whatever(service: Service, auth: Auth) -> tuple[Placement, ...]:
    if isinstance(auth, Mapping):
        found = [_meet(service, Requirement(name), auth) for name in auth]
        return tuple(each for each in found if each is not None)
    for scheme in (*service.schemes.values(), _BEARER, _BASIC):
        if _fits(auth, scheme.kind):
            return (Placement(credential=auth, scheme=scheme),)
    return ()


def _meet(service: Service, requirement: Requirement, auth: Auth) -> Placement | None:
    scheme = service.schemes.get(requirement.scheme, _BEARER)
    credential = auth.get(requirement.scheme) if isinstance(auth, Mapping) else auth
    if credential is None or not _fits(credential, scheme.kind):
        return None
    return Placement(credential=credential, scheme=scheme, scopes=requirement.scopes)


def _fits(credential: AnyCredential, kind: Kind) -> bool:
    match credential:
        case NoAuth():
            return False
        case BearerToken() | ClientCredentials():
            return kind in ("bearer", "client credentials")
        case ApiKey():
            return kind.startswith("apiKey")
        case BasicAuth():
            return kind == "basic"


def _pair(name: str, value: str) -> str:
    return f"{quote(name, safe='')}={quote(value, safe='')}"
