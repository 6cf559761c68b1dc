"""What a method's docstring says of the operations that can follow its answer."""

from collections.abc import Iterator

from formance_codegen.ir.beside import Link, LinkValue, Origin
from formance_codegen.ir.operations import Operation, Result
from formance_codegen.view.attributes import attributes
from formance_codegen.view.context import Context
from formance_codegen.view.docs import one_line


def links_of(context: Context, operation: Operation) -> Iterator[str]:
    """Yield each method that can follow, with its arguments: `get_user(id=…)`."""
    for success in operation.successes:
        for link in success.links:
            names = context.names.operations[link.operation]
            call = f"{names.namespace}.{names.method}" if names.namespace else names.method
            known = {found.pointer: found for found in context.service.operations}
            target = known.get(link.operation)
            taken = (value for value in link.values if _is_taken(target, value))
            values = "; ".join(_said(context, operation, target, success.result, value) for value in taken)
            text = one_line(link.doc.description)
            yield f"{call}: {values}." + (f" {text}" if text else "") if values else _alone(call, link)


def _is_taken(target: Operation | None, value: LinkValue) -> bool:
    """Return whether the other operation has such a parameter."""
    if target is None:
        return True
    if value.wire is None:
        return target.body is not None
    return any(parameter.wire == value.wire for parameter in target.parameters)


def _alone(call: str, link: Link) -> str:
    text = one_line(link.doc.description)
    return f"{call}: {text}" if text else call


def _said(context: Context, operation: Operation, target: Operation | None, result: Result, value: LinkValue) -> str:
    argument = "body" if value.wire is None else _argument(context, target, value.wire)
    return f"`{argument}` is {_source(context, operation, result, value)}"


def _argument(context: Context, operation: Operation | None, wire: str) -> str:
    if operation is None:
        return one_line(wire)
    names = context.names.operations[operation.pointer].parameters
    found = (names[parameter.pointer] for parameter in operation.parameters if parameter.wire == wire)
    return next(iter(found), one_line(wire))


def _source(context: Context, operation: Operation, result: Result, value: LinkValue) -> str:
    match value.origin:
        case Origin.ANSWER if value.way is not None:
            found = attributes(context, result, value.way)
            return f"the `{'.'.join(found)}` of the result" if found else "the result"
        case Origin.ANSWER:
            return f"`{one_line(value.text)}` in the body of the answer"
        case Origin.HEADER:
            return f"the header {one_line(value.text)} of the answer"
        case Origin.CALL:
            return f"the `{_argument(context, operation, value.text)}` of this call"
        case Origin.SENT:
            return f"`{one_line(value.text)}` in the body of this call" if value.text else "the body of this call"
        case Origin.FIXED:
            return f"`{one_line(value.text)}`"
