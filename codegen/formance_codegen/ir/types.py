"""Type expressions: a closed union, matched with ``assert_never``."""

from dataclasses import dataclass
from enum import Enum
from typing import NewType, TypeAlias

SymbolId = NewType("SymbolId", str)
"""The JSON pointer of a declaration's schema: what a `Ref` leads to."""
WireName = NewType("WireName", str)
"""A name as it stands in the document and travels on the wire."""

JsonScalar: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What a service checks of a value beyond its type; a client checks it of what it sends."""

    keyword: str
    """Of JSON Schema: ``maxLength``; with the way to what is inside: ``items.maxLength``, ``values.items.minimum``."""
    value: int | float | str


class ScalarKind(Enum):
    """What a scalar holds; the Python type follows from it alone."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    DECIMAL = "decimal"
    DECIMAL_NUMBER = "decimal number"
    """The same, written as a JSON number."""
    BOOLEAN = "boolean"
    DATE = "date"
    DATE_TIME = "date-time"
    TIME = "time"
    UUID = "uuid"
    BINARY = "binary"
    SECRET = "secret"
    """A text that nobody should see by chance."""
    NULL = "null"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A single value."""

    kind: ScalarKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Const:
    """One of a few fixed values; reading tolerates others where a fallback is given by the context."""

    values: tuple[str | int | bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOf:
    """A JSON array of one kind of item."""

    item: "TypeExpr"


@dataclass(frozen=True, slots=True, kw_only=True)
class TupleOf:
    """A JSON array of so many items, each of a kind of its own."""

    items: tuple["TypeExpr", ...]
    """At least one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapOf:
    """A JSON object whose keys are data."""

    value: "TypeExpr"


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    """An anonymous union of scalars, lists and maps that JSON itself tells apart."""

    members: tuple["TypeExpr", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nullable:
    """A value or null."""

    inner: "TypeExpr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """A declaration, by its id."""

    id: SymbolId


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyJson:
    """Any JSON value: the document says nothing about it."""


TypeExpr: TypeAlias = Scalar | Const | ListOf | TupleOf | MapOf | OneOf | Nullable | Ref | AnyJson
