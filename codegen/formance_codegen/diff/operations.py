"""What changed of operations: which there are, what their methods are called, what they call."""

from collections.abc import Iterator, Mapping

from formance_codegen.diff.arguments import argument_changes
from formance_codegen.diff.bodies import body_changes
from formance_codegen.diff.call import Call, operation_change
from formance_codegen.diff.catalogue import Impact
from formance_codegen.diff.change import Change
from formance_codegen.diff.matching import Pairs
from formance_codegen.diff.results import result_changes
from formance_codegen.diff.security import security_changes
from formance_codegen.diff.shapes import Shapes
from formance_codegen.diff.side import place
from formance_codegen.diff.wording import KEPT, code
from formance_codegen.ir.decls import Doc
from formance_codegen.ir.operations import Operation


def operation_changes(shapes: Shapes, pairs: Pairs) -> Iterator[Change]:
    """Yield all changes of operations, in the order of the old document; new ones come last."""
    for operation in pairs.removed:
        name = shapes.old.method(operation)
        yield operation_change(
            "method-removed",
            operation,
            name,
            f"{code(name)} is gone.",
            remedy=f"Take out calls of {code(name)}; the service does not offer them any more.",
            before=name,
            old=place(operation),
        )
    for old, new in pairs.operations:
        call = Call(shapes=shapes, old=old, new=new)
        yield from _method_changes(call)
        yield from argument_changes(call)
        yield from body_changes(call)
        yield from result_changes(call)
        yield from security_changes(call)
        yield from _word_changes(call)
    for operation in pairs.added:
        name = shapes.new.method(operation)
        yield operation_change(
            "method-added", operation, name, f"{code(name)} is new.", after=name, new=place(operation)
        )


def _method_changes(call: Call) -> Iterator[Change]:
    before, after = call.name, call.shapes.new.method(call.new)
    if before != after:
        namespaces = (before.rpartition(".")[0], after.rpartition(".")[0])
        slug = "method-renamed" if namespaces[0] == namespaces[1] else "method-moved"
        is_kept = call.shapes.new.still_has(before)
        yield call.change(
            slug,
            f"{code(before)} is now {code(after)}{KEPT if is_kept else ''}.",
            remedy=f"Call {code(after)} in place of {code(before)}.",
            before=before,
            after=after,
            impact=Impact.TYPING if is_kept else None,
        )
    ends = [f"{found.method} {found.server.url if found.server else ''}{found.path}" for found in (call.old, call.new)]
    if ends[0] != ends[1]:
        message = f"{code(after)} calls {code(ends[1])}, before {code(ends[0])}; an older service may not have it."
        yield call.change("endpoint-changed", message, before=ends[0], after=ends[1])
    if call.new.deprecated and not call.old.deprecated:
        remedy = f"Look for another way than {code(after)} before it is removed."
        yield call.change("method-deprecated", f"{code(after)} is deprecated.", remedy=remedy)
    elif call.old.deprecated and not call.new.deprecated:
        yield call.change("method-undeprecated", f"{code(after)} is no longer deprecated.")


def _word_changes(call: Call) -> Iterator[Change]:
    if _words(call.old, call.new) != _words(call.new, call.old):
        yield call.change("method-description-changed", f"{code(call.name)} is described in other words.")
    if call.old.long_running != call.new.long_running:
        yield call.change(
            "long-running-changed", f"How to follow the work that {code(call.name)} starts is described otherwise."
        )


def _words(operation: Operation, other: Operation) -> tuple[Doc, Mapping[str, Doc]]:
    """Return the words about an operation, and about those parts that another version of it has, too."""
    parts = {f"{found.location.value} {found.wire}": found.doc for found in operation.parameters}
    shared = {f"{found.location.value} {found.wire}" for found in other.parameters}
    words = {name: doc for name, doc in parts.items() if name in shared}
    if operation.body is not None and other.body is not None:
        words["body"] = operation.body.doc
    return operation.doc, words
