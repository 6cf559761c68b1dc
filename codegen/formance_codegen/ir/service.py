"""A whole service: operations, declarations and how to reach it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from formance_codegen.ir.decls import Decl, Doc
from formance_codegen.ir.operations import Operation
from formance_codegen.ir.servers import Server
from formance_codegen.ir.types import SymbolId
from formance_codegen.ir.webhooks import Inbound
from formance_codegen.pointer import Pointer
from formance_codegen.source import Span


class SchemeKind(Enum):
    """How a security scheme proves who calls."""

    API_KEY_HEADER = "apiKey in header"
    API_KEY_QUERY = "apiKey in query"
    API_KEY_COOKIE = "apiKey in cookie"
    BASIC = "basic"
    BEARER = "bearer"
    CLIENT_CREDENTIALS = "client credentials"
    NONE = "none"
    """By what is below or beside HTTP headers: a client certificate, an answer to a challenge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityScheme:
    """A security scheme; what a client cannot do itself is a bearer token that the user brings."""

    id: str
    kind: SchemeKind
    name: str = ""
    """The header, query parameter or cookie of an API key."""
    token_url: str = ""
    scopes: tuple[tuple[str, str], ...] = ()
    """Each scope with its description."""
    doc: Doc = Doc()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A group of operations."""

    name: str
    doc: Doc = Doc()


@dataclass(frozen=True, slots=True, kw_only=True)
class Omission:
    """A part of the document that has no counterpart in the package."""

    pointer: Pointer
    reason: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class NameHint:
    """The Python name that an ``x-formance-name`` hint gives."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What one document describes."""

    document: str
    """The name of the file."""
    openapi: str
    """The version of the specification that the document follows."""
    title: str
    version: str
    doc: Doc
    servers: tuple[Server, ...]
    """Without servers on loopback addresses: those are the publisher's own machine."""
    tags: tuple[Tag, ...]
    operations: tuple[Operation, ...]
    """In the order of the document."""
    decls: Mapping[SymbolId, Decl]
    """In the order of the document; a recursive type is a cycle of ids."""
    schemes: tuple[SecurityScheme, ...]
    omissions: tuple[Omission, ...]
    inbound: Inbound = Inbound()
    """What the service sends by itself."""
    names: Mapping[Pointer, NameHint] = field(default_factory=lambda: MappingProxyType[Pointer, NameHint]({}))
    """The names that hints give, by the pointers that a rename takes: schemas, properties, parameters."""
