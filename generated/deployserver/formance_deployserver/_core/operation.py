"""What an operation is on the wire, and one call of it: constants and plain values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Generic

from typing_extensions import TypeVar

from .bodies import (
    BinaryBody,
    Body,
    FormBody,
    JsonBody,
    JsonLinesBody,
    MultipartBody,
    TextBody,
)
from .envelopes import PageData
from .paged_at import PagedAt, SinglePaged
from .parameters import Cookie, Header, Part, Path, Query
from .results import (
    Data,
    Empty,
    HeaderValue,
    Json,
    NoPage,
    Paged,
    Result,
    Stream,
    Streamed,
    Text,
)
from .sequences import (
    EventItems,
    Events,
    JsonDatum,
    JsonLines,
    JsonTexts,
    Sequenced,
    StreamedItems,
    TextDatum,
)
from .turning import Cursor, Link, Offset, PageNumber, Turn
from .url import Server

__all__ = [
    "BinaryBody",
    "Body",
    "Cookie",
    "Cursor",
    "Data",
    "Empty",
    "EventItems",
    "Events",
    "FormBody",
    "Header",
    "HeaderValue",
    "Json",
    "JsonBody",
    "JsonDatum",
    "JsonLines",
    "JsonLinesBody",
    "JsonTexts",
    "Link",
    "MultipartBody",
    "NoPage",
    "Offset",
    "Operation",
    "PageData",
    "PageNumber",
    "Paged",
    "PagedAt",
    "Part",
    "Path",
    "Query",
    "Request",
    "Requirement",
    "Result",
    "Server",
    "SinglePaged",
    "Stream",
    "Streamed",
    "StreamedItems",
    "Text",
    "TextBody",
    "TextDatum",
]

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A security scheme that an operation asks for, with its OAuth scopes."""

    scheme: str
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Operation(Generic[T_co]):
    """One method on one path; ``T_co`` is what a call of it gives.

    A page of accounts is an ``Operation[PageData[Account]]``, a stream of bytes an
    ``Operation[Streamed]``, one of events an
    ``Operation[StreamedItems[ServerSentEvent]]``.
    """

    name: str
    """The attribute path from the client: ``v2.create_transaction``."""
    method: str
    path: str
    """The template, with the parameters' wire names in braces."""
    server: Server | None = None
    """Where the document says that the operation is, if not where the others are."""
    path_parameters: tuple[Path, ...] = ()
    """In the order of the template."""
    query: tuple[Query, ...] = ()
    headers: tuple[Header, ...] = ()
    cookies: tuple[Cookie, ...] = ()
    body: tuple[Body, ...] = ()
    """The forms that the body may take, in order of preference."""
    fixed: tuple[tuple[str, object], ...] = ()
    """The properties of the body that have a value of their own in this operation."""
    results: tuple[tuple[str, Result[T_co]], ...]
    """By status: ``"200"``, ``"2XX"`` or ``"default"``."""
    errors: tuple[tuple[str, Json[object]], ...] = ()
    """The bodies of errors, by status."""
    accepts: tuple[str, ...] = ()
    """What else is accepted besides ``application/json``: other forms of JSON."""
    security: tuple[tuple[Requirement, ...], ...] | None = None
    """Alternatives; one without requirements is anonymous; None: nothing is said."""
    idempotency_key: str | None = None
    """The header that makes a repeated call harmless."""

    def request(
        self,
        *,
        path: tuple[object, ...] = (),
        query: tuple[object, ...] = (),
        headers: tuple[object, ...] = (),
        cookies: tuple[object, ...] = (),
        body: object = None,
        content_type: str | None = None,
    ) -> Request[T_co]:
        """Return a call with these values, each in the order of its parameters."""
        return Request(
            operation=self,
            path=path,
            query=query,
            headers=headers,
            cookies=cookies,
            body=body,
            content_type=content_type,
        )

    def adapters(self) -> Iterator[object]:
        """Yield what reads and writes bodies; it is made, if it was not yet."""
        results = tuple(result for _, result in self.results)
        errors = tuple(error for _, error in self.errors)
        for part in (*results, *errors, *self.body):
            if isinstance(part, Sequenced):
                yield from part.adapters
            else:
                yield getattr(part, "adapter", None)

    @cached_property
    def accept(self) -> str:
        """The media types that a call can make use of."""
        kinds = [kind for _, result in self.results if (kind := result.media_type)]
        # A service that has both is to give items, and JSON in case of an error.
        items = any(isinstance(result, Sequenced) for _, result in self.results)
        rest = [
            f"{kind};q=0.5" if items and ";q=" not in kind else kind
            for kind in ("application/json", *self.accepts)
        ]
        return ", ".join(dict.fromkeys([*kinds, *rest]))

    @cached_property
    def turn(self) -> Turn | None:
        """How a further page is asked for."""
        for _, result in self.results:
            if isinstance(result, Paged | PagedAt | SinglePaged):
                return Cursor(result.cursor) if result.cursor else result.turn
        return None


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Request(Generic[T_co]):
    """One call: an operation and the values of its parameters."""

    operation: Operation[T_co]
    path: tuple[object, ...] = ()
    query: tuple[object, ...] = ()
    headers: tuple[object, ...] = ()
    cookies: tuple[object, ...] = ()
    body: object = None
    content_type: str | None = None
    """The media type of the body that the caller chooses, where there are several."""
    link: str = ""
    """The URL of a further page as a page before it gave it: relative to the call
    without it."""

    def at(self, cursor: str) -> Request[T_co]:
        """Return the call for the page at a cursor that goes into the query.

        Only the path and the cursor survive: it stands for everything else.
        """
        turn = self.operation.turn
        name = turn.name if isinstance(turn, Cursor) else None
        query = tuple(
            cursor if parameter.name == name else None
            for parameter in self.operation.query
        )
        return replace(
            self, query=query, headers=(), cookies=(), body=None, content_type=None
        )

    def __repr__(self) -> str:
        # Values are left out: they may be secret.
        return f"<Request {self.operation.name}>"
