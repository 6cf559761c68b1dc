"""What a client knows about its service, apart from the operations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeAlias

from .url import Server

Kind: TypeAlias = Literal[
    "apiKey in header",
    "apiKey in query",
    "apiKey in cookie",
    "basic",
    "bearer",
    "client credentials",
    "none",
]
"""How a scheme is met; "none": not by this client, maybe by a caller's own HTTP client."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A security scheme (OpenAPI 3.1, section 4.8.27)."""

    kind: Kind
    name: str = ""
    """The header, query parameter or cookie of an API key."""
    token_url: str | None = None
    """Where this scheme's tokens come from; None: where the service's do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The facts about a service that all its operations share."""

    name: str
    """The package: it goes into ``User-Agent`` with the version."""
    version: str
    server: Server | None = None
    """Where the document says that the service is."""
    prefix: str = ""
    """Stands between the base URL and each path: ``/api/ledger``."""
    token_url: str | None = None
    """Where tokens come from: absolute, or relative to the base URL without prefix."""
    scopes: tuple[str, ...] = ()
    """What tokens are asked for beside what each operation needs: a token for all."""
    schemes: Mapping[str, Scheme] = field(
        default_factory=lambda: MappingProxyType[str, Scheme]({})
    )
    """By name. A scheme that an operation names and nobody defines is a bearer."""
    env_prefix: str = ""
    """What the names of environment variables begin with: ``FORMANCE``."""

    @property
    def user_agent(self) -> str:
        """How the client calls itself."""
        return f"{self.name}/{self.version}"
