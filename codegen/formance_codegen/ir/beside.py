"""What an answer has beside its content: headers, operations that can follow it, work that goes on."""

from dataclasses import dataclass
from enum import Enum

from formance_codegen.ir.decls import Doc
from formance_codegen.ir.types import ListOf, Scalar, WireName
from formance_codegen.pointer import Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseHeader:
    """A header of an answer."""

    wire: WireName
    type: Scalar | ListOf
    """What its text stands for: scalars only."""
    doc: Doc = Doc()


class Origin(Enum):
    """Where a link takes a value from."""

    ANSWER = "body of the answer"
    HEADER = "header of the answer"
    CALL = "parameter of the call"
    SENT = "body of the call"
    FIXED = "the document"
    """A value, or a runtime expression of another kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkValue:
    """What a link gives the operation that it leads to."""

    wire: WireName | None
    """The parameter that takes it; None for the body."""
    origin: Origin
    text: str
    """The name of a header or parameter, a pointer into a body, or a value as JSON."""
    way: tuple[WireName, ...] | None = None
    """The way through the result, where the value comes from there; empty for the result itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An operation that can follow an answer (the Link Object)."""

    operation: Pointer
    values: tuple[LinkValue, ...]
    doc: Doc = Doc()


@dataclass(frozen=True, slots=True, kw_only=True)
class LongRunning:
    """Work that goes on after the answer."""

    poll: Pointer
    """The operation that tells how far it is."""
    id: tuple[WireName, ...] | None
    """The way through the result to what that operation is asked for; empty for the result itself."""
