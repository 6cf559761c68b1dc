"""Declarations: what a document names, or what must have a name in Python."""

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from formance_codegen.ir.types import Bound, JsonScalar, SymbolId, TypeExpr, WireName
from formance_codegen.source import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Doc:
    """The prose of a document about one thing, verbatim."""

    summary: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a declaration's name comes from: the words of its owner, then the way down to it."""

    parts: tuple[str, ...]
    """Wire names: (``"V2Account"``,) for a component, (``"V2Account"``, ``"metadata"``) for what stands inline."""
    component: bool
    """Whether the document itself gives the name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A property of a record."""

    wire: WireName
    type: TypeExpr
    required: bool
    """Whether the document demands it; `Nullable` in the type tells whether null is allowed."""
    default: JsonScalar = None
    """What the server takes for an absent value: for the docs only, never sent."""
    tag: bool = False
    """Whether this is a discriminator (or a constant) with exactly one value for this record, which its type says."""
    deprecated: bool = False
    read_only: bool = False
    write_only: bool = False
    bounds: tuple[Bound, ...] = ()
    doc: Doc = Doc()
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A JSON object with declared properties."""

    id: SymbolId
    origin: Origin
    fields: tuple[Field, ...]
    extra: TypeExpr | None = None
    """The type of undeclared properties where the document gives one; they are kept in any case."""
    closed: bool = False
    """Whether the service takes no undeclared properties."""
    deprecated: bool = False
    doc: Doc = Doc()
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumMember:
    """A value of an enum."""

    value: str | int
    name: str | None = None
    """The name that an ``x-formance-enum-names`` hint gives."""
    doc: Doc = Doc()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumDecl:
    """An open set of strings or integers: the known members."""

    id: SymbolId
    origin: Origin
    members: tuple[EnumMember, ...]
    """All strings or all integers, each once."""
    deprecated: bool = False
    doc: Doc = Doc()
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A name for a type that is neither a record nor an enum nor a union."""

    id: SymbolId
    origin: Origin
    type: TypeExpr
    deprecated: bool = False
    doc: Doc = Doc()
    span: Span


class Telling(Enum):
    """How a reader tells the variants of a union apart."""

    TAG = "tag"
    """By the value of a property."""
    SHAPE = "shape"
    """By the JSON type and the required properties; the declared order breaks a tie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A member of a union."""

    type: TypeExpr
    tags: tuple[str, ...] = ()
    """The values of the tag property that mean this variant."""
    required: tuple[WireName, ...] = ()
    """The properties that an object of this variant has in any case."""
    known: tuple[WireName, ...] = ()
    """All properties that the variant declares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnionDecl:
    """A value that is one of several declared ones; a reader keeps an unknown one as raw data."""

    id: SymbolId
    origin: Origin
    variants: tuple[Variant, ...]
    telling: Telling
    tag: WireName | None = None
    deprecated: bool = False
    doc: Doc = Doc()
    span: Span


Decl: TypeAlias = Record | EnumDecl | Alias | UnionDecl
