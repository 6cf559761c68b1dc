"""One of the two versions that are compared: what it is, what its parts are called, and how it uses its models."""

from collections.abc import Mapping
from dataclasses import dataclass

from formance_codegen.diff.change import Direction, Place
from formance_codegen.ir.decls import Decl, Field
from formance_codegen.ir.operations import Failure, Operation, Success
from formance_codegen.ir.requests import Body, Parameter
from formance_codegen.ir.types import SymbolId, TypeExpr
from formance_codegen.ir.webhooks import Webhook
from formance_codegen.pointer import Pointer
from formance_codegen.resolve.attributes import field_pointer
from formance_codegen.resolve.graph import answer_references, graph_of, inbound_references, request_references
from formance_codegen.view.annotations import Annotation, Voice, annotate
from formance_codegen.view.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A version of a service, with its names."""

    context: Context
    directions: Mapping[SymbolId, Direction]
    """Where each declaration is used; what webhooks hold is read, as answers are."""

    def decl(self, symbol: SymbolId) -> Decl:
        """Return a declaration."""
        return self.context.service.decls[symbol]

    def model(self, symbol: SymbolId) -> str:
        """Return a model as it is imported from the package: ``v2.Account``."""
        found = self.context.names.decls[symbol]
        return f"{found.namespace}.{found.name}" if found.namespace else found.name

    def method(self, operation: Operation) -> str:
        """Return a method as it is called on the client: ``v2.list_accounts``."""
        found = self.context.names.operations[operation.pointer]
        return f"{found.namespace}.{found.method}" if found.namespace else found.method

    def still_has(self, name: str) -> bool:
        """Return whether an old name of a method or model is kept for one more release."""
        return name in self.former()

    def former(self) -> Mapping[str, Pointer]:
        """Return the old names that are kept for one more release, as they are written, with what they are names of."""
        names = self.context.names
        return {
            f"{found.namespace}.{found.name}" if found.namespace else found.name: found.pointer
            for found in (*names.former_methods, *names.former_classes)
        }

    def text(self, type_: TypeExpr, voice: Voice) -> str:
        """Return a type as the client spells it; models with their namespaces."""
        return annotate(type_, voice, self.refer).text

    def refer(self, symbol: SymbolId) -> Annotation:
        """Name a model with its namespace."""
        return Annotation(self.model(symbol))


def side_of(context: Context) -> Side:
    """Return a version of a service as comparisons want it."""
    service, graph = context.service, graph_of(context.service)
    sent = graph.reachable(symbol for call in service.operations for symbol in request_references(call))
    answers = [symbol for call in service.operations for symbol in answer_references(call)]
    read = graph.reachable([*answers, *inbound_references(service.inbound)])
    directions = {symbol: _direction(sent=symbol in sent, read=symbol in read) for symbol in service.decls}
    return Side(context=context, directions=directions)


def _direction(*, sent: bool, read: bool) -> Direction:
    if sent:
        return Direction.BOTH if read else Direction.REQUEST
    return Direction.RESPONSE if read else Direction.NOWHERE


def place(found: Operation | Parameter | Body | Success | Failure | Webhook | Decl | None) -> Place | None:
    """Return where a part of a document stands."""
    match found:
        case None:
            return None
        case Operation() | Parameter() | Body() | Success() | Failure() | Webhook():
            return Place(pointer=found.pointer, span=found.span)
        case _:
            return Place(pointer=Pointer(found.id), span=found.span)


def field_place(record: SymbolId, field: Field | None) -> Place | None:
    """Return where a property stands; its pointer is the one that a rename takes."""
    return None if field is None else Place(pointer=field_pointer(record, field.wire), span=field.span)
