"""Operations: what a client can call, in wire terms."""

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from formance_codegen.ir.beside import Link, LongRunning, ResponseHeader
from formance_codegen.ir.decls import Doc
from formance_codegen.ir.requests import Body, Parameter
from formance_codegen.ir.servers import Server
from formance_codegen.ir.types import TypeExpr, WireName
from formance_codegen.pointer import Pointer
from formance_codegen.source import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """The body as it is."""

    type: TypeExpr


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """The ``data`` of an envelope that holds nothing else."""

    type: TypeExpr


class CursorPlace(Enum):
    """Where the mark of a page is sent."""

    QUERY = "query"
    BODY = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class ByCursor:
    """The next page is asked for with the mark that this one gives."""

    place: CursorPlace
    wire: WireName
    keeps: bool = False
    """Whether everything else is sent again; else the mark stands for the whole call."""
    carries: tuple[tuple[WireName, Pointer], ...] = ()
    """Properties of the body that take a value of the page before, and where that stands in its answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByNumber:
    """The next page is asked for by its number, with everything else as before."""

    wire: WireName
    """The query parameter."""
    first: int | None
    """What the server takes for an absent number; None where the answer tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByOffset:
    """The next page is asked for by the position of its first item, with everything else as before."""

    wire: WireName
    """The query parameter."""
    first: int
    """The position of the first item of all: what the server takes for an absent position."""


class LinkPlace(Enum):
    """Where the URL of the next page stands."""

    BODY = "body"
    HEADER = "header"
    """``Link``, with the relation ``next`` (RFC 8288)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByLink:
    """The next page is asked for by its URL alone."""

    place: LinkPlace


Turning: TypeAlias = ByCursor | ByNumber | ByOffset | ByLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Where a page says how far the list goes; pointers lead into the body of the answer."""

    total: Pointer | None = None
    """How many items there are on all pages."""
    pages: Pointer | None = None
    """How many pages there are."""
    position: Pointer | None = None
    """The number of this page, or the position of its first item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """A page of items; pointers lead into the body of the answer."""

    item: TypeExpr
    items: Pointer
    next: Pointer | None
    """The mark or the URL of the next page."""
    more: Pointer | None
    """Whether another page follows."""
    turning: Turning | None
    """How the next page is asked for; None where the first page is all."""
    last: Pointer | None = None
    """Where in the last item of a page the mark of the next one stands, if in that; it leads into the item."""
    counts: Counts = Counts()
    single: bool = False
    """Whether a page is one item, and no list."""
    optional: bool = False
    """Whether an answer may have no list at all, and says other things instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPage:
    """No content, where another success of the operation is a page of items: an empty page."""

    item: TypeExpr


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderValue:
    """The value of the one header that a bodiless answer declares."""

    wire: WireName
    type: TypeExpr


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Bytes, read as they come."""

    media_type: str


class Framing(Enum):
    """How one item of a stream is told from the next."""

    EVENTS = "events"
    """Server-sent events (WHATWG HTML, section 9.2)."""
    LINES = "lines"
    """JSON Lines: a JSON text a line."""
    RECORDS = "records"
    """JSON text sequences (RFC 7464)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedEvent:
    """What events of a name hold."""

    name: str
    type: TypeExpr | None
    """What their data is as JSON; None for a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Items, read one by one as they come."""

    media_type: str
    framing: Framing
    type: TypeExpr | None
    """What an item is as JSON; of an event its data, which is a text where this is None."""
    is_event: bool = False
    """Whether an item is a whole event, and not only what its data holds."""
    named: tuple[NamedEvent, ...] = ()
    """What the data of whole events is, by their names, where that differs from `type`."""

    @property
    def types(self) -> tuple[TypeExpr, ...]:
        """All that an item, or the data of an event, may be."""
        found = (*(event.type for event in self.named), self.type)
        return tuple(dict.fromkeys(type_ for type_ in found if type_ is not None))

    @property
    def has_text(self) -> bool:
        """Whether the data of an event may be a text."""
        return self.type is None or any(event.type is None for event in self.named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text body, whole."""

    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """No content."""


Result: TypeAlias = Plain | Data | Paged | NoPage | HeaderValue | Stream | Items | Text | Nothing


class Recognition(Enum):
    """How it is known what of an answer is the result."""

    SHAPE = "shape"
    """By the form of its schema."""
    OVERLAY = "overlay"
    """A hint says so, from an overlay or from the document itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Success:
    """What an answer of a status means."""

    status: str
    """``"200"``, ``"2XX"`` or ``"default"``."""
    result: Result
    recognised: Recognition = Recognition.SHAPE
    headers: tuple[ResponseHeader, ...] = ()
    """The headers that the answer declares: what ``capture_response()`` gives of it."""
    links: tuple[Link, ...] = ()
    doc: Doc = Doc()
    pointer: Pointer
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The body of an error answer of a status."""

    status: str
    """``"404"``, ``"5XX"`` or ``"default"``."""
    type: TypeExpr | None
    """None where the document declares no JSON body."""
    doc: Doc = Doc()
    pointer: Pointer
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A security scheme that an operation asks for, with the scopes of OAuth2."""

    scheme: str
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method on one path."""

    id: str
    """The operationId, or the method and the path where there is none; behind it `variant`, if there is one."""
    pointer: Pointer
    span: Span
    method: str
    """In upper case."""
    path: str
    """The path template, with the parameters' wire names in braces."""
    server: Server | None = None
    """Where it is, if not where the client's server is; may be relative to that."""
    variant: str = ""
    """What tells the operation from the one of the same method and path that answers in another form."""
    tags: tuple[str, ...]
    name: str | None
    """The name that an ``x-formance-name`` hint gives."""
    parameters: tuple[Parameter, ...]
    """Path parameters in the order of the template, then the others in the order of the document."""
    body: Body | None
    fixed: tuple[tuple[WireName, bool], ...] = ()
    """The properties of the body that have a value of their own in this operation."""
    successes: tuple[Success, ...]
    """At least one."""
    failures: tuple[Failure, ...]
    accepts: tuple[str, ...] = ()
    """In which forms of JSON, other than ``application/json``, answers may come."""
    idempotency_key: WireName | None
    """The header parameter that makes a repeated call harmless."""
    long_running: LongRunning | None = None
    security: tuple[tuple[Requirement, ...], ...] | None
    """Alternatives, each a set of schemes; an empty alternative is anonymous access; None where nothing is said."""
    deprecated: bool
    doc: Doc
