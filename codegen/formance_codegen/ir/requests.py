"""Requests: the parameters and the bodies of operations, in wire terms."""

from dataclasses import dataclass
from enum import Enum

from formance_codegen.ir.decls import Doc
from formance_codegen.ir.types import Bound, JsonScalar, TypeExpr, WireName
from formance_codegen.pointer import Pointer
from formance_codegen.source import Span


class Location(Enum):
    """Where a parameter travels."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    COOKIE = "cookie"


class Style(Enum):
    """How a parameter is written (OpenAPI 3.1, section 4.8.12.2)."""

    SIMPLE = "simple"
    FORM = "form"
    LABEL = "label"
    MATRIX = "matrix"
    SPACE_DELIMITED = "spaceDelimited"
    PIPE_DELIMITED = "pipeDelimited"
    DEEP_OBJECT = "deepObject"
    COOKIE = "cookie"
    """Of OpenAPI 3.2: as ``form``, but for a cookie, and nothing is encoded."""
    TAB_DELIMITED = "tabDelimited"
    """Not a style of 3.x: ``tsv`` of Swagger 2.0."""
    QUERYSTRING = "querystring"
    """Not a style of the specification: the whole query, without a name (``in: querystring`` of 3.2)."""
    JSON = "json"
    """Not a style of the specification: a parameter with JSON content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of an operation."""

    wire: WireName
    location: Location
    type: TypeExpr
    required: bool
    style: Style
    explode: bool
    reserved: bool = False
    """Whether reserved characters are not encoded, where they do no harm (``allowReserved``)."""
    empty: bool = False
    """Whether the empty text is a value, whatever the schema says (``allowEmptyValue``)."""
    deprecated: bool = False
    default: JsonScalar = None
    bounds: tuple[Bound, ...] = ()
    doc: Doc = Doc()
    pointer: Pointer
    span: Span


class MediaKind(Enum):
    """How a body of a media type is written and read."""

    JSON = "json"
    TEXT = "text"
    FORM = "form"
    MULTIPART = "multipart"
    LINES = "lines"
    """A JSON text a line, each an item of the list that the body is."""
    BINARY = "binary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """How a field of a form is written (the Encoding Object)."""

    wire: WireName
    """``""`` for an item of a sequence."""
    media_type: str = ""
    """Of a part of a multipart body; ``""`` where its value tells."""
    style: Style | None = None
    """None: as its media type says; else that says nothing."""
    explode: bool = True
    reserved: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    """What a part always has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaType:
    """One form of a body."""

    name: str
    """The media type as the document writes it: ``application/json``; what stands for a range."""
    kind: MediaKind
    type: TypeExpr
    range: str = ""
    """What the document writes where that is a range: ``image/*``."""
    parts: tuple[Part, ...] = ()
    """The fields of a form that are written in another way than usual."""
    prefix: tuple[Part, ...] = ()
    """How the first items of a sequence of parts are written."""
    item: Part | None = None
    """How its other items are written, where that is said."""
    bounds: tuple[Bound, ...] = ()
    """Of a request's body that is no record, which has its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A request body."""

    media: tuple[MediaType, ...]
    """In order of preference: JSON first."""
    required: bool
    """Never on GET and HEAD, whatever the document says."""
    demanded: bool = False
    """What the document says."""
    choice: bool = False
    """Whether the caller says which media type it is: the value alone does not tell."""
    doc: Doc = Doc()
    pointer: Pointer
    span: Span
