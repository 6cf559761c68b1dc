"""What a method's docstring says: what the document says, in the order that readers of Python expect."""

import textwrap
from collections.abc import Iterable
from typing import Final

from formance_codegen.ir.operations import HeaderValue, Operation, Parameter
from formance_codegen.ir.types import SymbolId
from formance_codegen.resolve.parameters import CONTENT_TYPE
from formance_codegen.view.annotations import Annotation, Voice, annotate
from formance_codegen.view.attributes import attributes
from formance_codegen.view.context import Context
from formance_codegen.view.docs import one_line, prose, summary_and_rest
from formance_codegen.view.layout import WIDTH
from formance_codegen.view.link_docs import links_of
from formance_codegen.view.literals import literal
from formance_codegen.view.results import main_result

_INDENT: Final = 8
ERRORS: Final = {
    "400": "BadRequest",
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "NotFound",
    "409": "Conflict",
    "410": "Gone",
    "422": "UnprocessableEntity",
    "429": "RateLimited",
}
"""The exceptions of the runtime that stand for one status."""


def method_doc(context: Context, operation: Operation) -> tuple[str, ...]:
    """Return the lines of the docstring of an operation's method."""
    summary, rest = summary_and_rest(operation.doc.summary, operation.doc.description)
    said = (summary or _fallback(operation), rest, _following(context, operation), _streaming(operation))
    lines = list(prose("\n\n".join(part for part in said if part), _INDENT))
    for title, entries in (
        ("Args:", _arguments(context, operation)),
        ("Returns:", _returns(operation)),
        ("Headers:", _headers(operation)),
        ("Links:", links_of(context, operation)),
        ("Raises:", _raises(operation)),
    ):
        found = list(entries)
        if found:
            lines.extend(("", title))
            lines.extend(line for entry in found for line in _wrapped(entry))
    return tuple(lines)


def _fallback(operation: Operation) -> str:
    return f"Call `{operation.method} {one_line(operation.path)}`."


def _following(context: Context, operation: Operation) -> str:
    """Say how to follow work that goes on after the answer."""
    work = operation.long_running
    if work is None:
        return ""
    poll = context.names.operations[work.poll]
    call = f"{poll.namespace}.{poll.method}" if poll.namespace else poll.method
    if work.id is None:
        argument = ""
    elif found := attributes(context, main_result(operation.successes), work.id):
        argument = f" with the `{'.'.join(found)}` of the result"
    else:
        argument = " with the result"
    return f"The work goes on after the answer: call `{call}` of the client{argument} to see how far it is."


def _streaming(operation: Operation) -> str:
    """Say what tells the operation from the one that gives the same as a whole."""
    if not operation.variant:
        return ""
    asked = "".join(f", and `{wire}` is set in the body" for wire, _ in operation.fixed)
    return f"The answer comes as a stream, item by item{asked}."


def _arguments(context: Context, operation: Operation) -> Iterable[str]:
    names = context.names.operations[operation.pointer]
    in_path = [p for p in operation.parameters if p.required and p.location.value == "path"]
    others = [p for p in operation.parameters if p not in in_path]
    for parameter in in_path:
        yield from _argument(names.parameters[parameter.pointer], parameter)
    if operation.body is not None and (text := one_line(operation.body.doc.description)):
        yield f"{names.body}: {_ended(text)}"
    for parameter in others:
        yield from _argument(names.parameters[parameter.pointer], parameter)
    if operation.body is not None and operation.body.choice:
        yield f"{CONTENT_TYPE}: What the body is sent as; its value decides where this is absent."


def _argument(name: str, parameter: Parameter) -> Iterable[str]:
    parts = [_ended(one_line(parameter.doc.description))]
    if parameter.default is not None:
        parts.append(f"The server takes {literal(parameter.default)} where this is absent.")
    if parameter.deprecated:
        parts.append("Deprecated.")
    text = " ".join(part for part in parts if part)
    if text:
        yield f"{name}: {text}"


def _returns(operation: Operation) -> Iterable[str]:
    """Say what each success means where there are several, or where a header is the answer."""
    first, *others = operation.successes
    if others:
        for success in operation.successes:
            yield f"{success.status}: {_ended(one_line(success.doc.description) or 'Success')}"
    elif isinstance(first.result, HeaderValue):
        yield f"The value of the header {one_line(first.result.wire)}."


def _headers(operation: Operation) -> Iterable[str]:
    """Say which headers the answers have, and as what they can be read."""
    found = {header.wire: header for success in operation.successes for header in success.headers}
    for success in operation.successes:
        if isinstance(success.result, HeaderValue):
            found.pop(success.result.wire, None)
    for header in found.values():
        text = one_line(header.doc.description)
        kind = annotate(header.type, Voice.RESULT, _no_declarations).text
        yield f"{one_line(header.wire)}: `{kind}`." + (f" {_ended(text)}" if text else "")


def _no_declarations(symbol: SymbolId) -> Annotation:
    raise AssertionError(f"{symbol}: a header is a scalar")


def _raises(operation: Operation) -> Iterable[str]:
    for failure in operation.failures:
        name = ERRORS.get(failure.status) or ("ServerError" if failure.status.startswith("5") else "")
        text = one_line(failure.doc.description)
        if name and text:
            yield f"{name}: {_ended(text)}"


def _ended(text: str) -> str:
    return text if not text or text[-1] in ".!?:;…" else f"{text}."


def _wrapped(entry: str) -> list[str]:
    return textwrap.wrap(
        entry,
        width=WIDTH - _INDENT,
        initial_indent="    ",
        subsequent_indent="        ",
        break_long_words=False,
        break_on_hyphens=False,
    )
