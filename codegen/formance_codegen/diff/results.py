"""What changed of what a method gives, and of the errors that it raises."""

from collections.abc import Iterator
from dataclasses import replace

from formance_codegen.diff.call import Call
from formance_codegen.diff.change import Change, Place
from formance_codegen.diff.shapes import Relation
from formance_codegen.diff.side import Side, place
from formance_codegen.diff.wording import code
from formance_codegen.ir.operations import Failure, Items, Operation, Paged, Stream, Success, Text
from formance_codegen.ir.types import AnyJson
from formance_codegen.view.annotations import Voice
from formance_codegen.view.flavours import SYNC
from formance_codegen.view.results import main_success, result_annotation


def result_changes(call: Call) -> Iterator[Change]:
    """Yield the changes of results and errors."""
    yield from _result(call)
    yield from _answer(call)
    yield from _errors(call)


def _result(call: Call) -> Iterator[Change]:
    shapes = call.shapes
    old, new = main_success(call.old.successes), main_success(call.new.successes)
    places = place(old), place(new)
    texts = _text(shapes.old, call.old), _text(shapes.new, call.new)
    paged = isinstance(old.result, Paged), isinstance(new.result, Paged)
    if paged[0] != paged[1]:
        remedy = (
            f"Walk through what {code(call.name)} gives: `for item in …`." if paged[1] else "Take the result as it is."
        )
        message = f"{code(call.name)} gives {code(texts[1])}, before {code(texts[0])}."
        yield _told(call, "paging-gained" if paged[1] else "paging-lost", message, places, remedy, texts)
        return
    before, after = shapes.result_before(call.old.successes), shapes.result_after(call.new.successes)
    relation = shapes.relate(before, after, reading=True)
    if relation is not Relation.SAME:
        message = f"{code(call.name)} gives {code(texts[1])}, before {code(texts[0])}."
        remedy = "" if relation is Relation.NARROWED else f"Take {code(texts[1])} from {code(call.name)}."
        yield _told(call, f"result-type-{relation.value}", message, places, remedy, texts)
    yield from _details(call, old, new)


def _told(
    call: Call,
    slug: str,
    message: str,
    places: tuple[Place | None, Place | None],
    remedy: str = "",
    texts: tuple[str, str] = ("", ""),
    member: str = "",
) -> Change:
    return call.change(
        slug,
        message,
        remedy=remedy,
        member=member,
        before=texts[0],
        after=texts[1],
        old=places[0],
        new=places[1],
    )


def _details(call: Call, old: Success, new: Success) -> Iterator[Change]:
    """Tell how the same result comes about in another way."""
    places = place(old), place(new)
    match old.result, new.result:
        case Paged() as one, Paged() as other:
            if _told_by(one) != _told_by(other):
                lost = one.turning is not None and other.turning is None
                what = "gives one page only" if lost else "asks for the next page in another way"
                yield _told(call, "paging-changed", f"{code(call.name)} {what}.", places)
        case (Items() | Stream() | Text()) as one, (Items() | Stream() | Text()) as other:
            if one.media_type != other.media_type:
                types = one.media_type, other.media_type
                message = f"The answer of {code(call.name)} is {code(types[1])}, before {code(types[0])}."
                yield _told(call, "response-media-type-changed", message, places, texts=types)
        case _:
            pass


def _told_by(page: Paged) -> Paged:
    """Return a page without what is no matter of how the next one is asked for."""
    return replace(page, item=AnyJson(), optional=False, single=False)


def _answer(call: Call) -> Iterator[Change]:
    old, new = main_success(call.old.successes), main_success(call.new.successes)
    places = place(old), place(new)
    statuses = [", ".join(sorted(found.status for found in side.successes)) for side in (call.old, call.new)]
    if statuses[0] != statuses[1]:
        message = f"{code(call.name)} succeeds with {statuses[1]}, before {statuses[0]}."
        yield _told(call, "status-changed", message, places, texts=(statuses[0], statuses[1]))
    before, after = _headers(call.old), _headers(call.new)
    for name in after:
        if name not in before:
            message = f"The answer of {code(call.name)} declares the header {code(name)}."
            yield _told(call, "response-header-added", message, places, member=name)
    for name in before:
        if name not in after:
            message = f"The answer of {code(call.name)} no longer declares the header {code(name)}."
            yield _told(call, "response-header-removed", message, places, member=name)


def _headers(operation: Operation) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(name for found in operation.successes for name in (header.wire for header in found.headers))
    )


def _errors(call: Call) -> Iterator[Change]:
    before = {found.status: found for found in call.old.failures}
    after = {found.status: found for found in call.new.failures}
    for status, old in before.items():
        new = after.get(status)
        if new is None:
            message = f"{code(call.name)} no longer declares its error {status}."
            yield _told(call, "error-removed", message, (place(old), None), member=status)
        else:
            yield from _error(call, old, new)
    for status, new in after.items():
        if status not in before:
            yield _told(
                call,
                "error-added",
                f"{code(call.name)} declares the error {status}.",
                (None, place(new)),
                member=status,
            )


def _error(call: Call, old: Failure, new: Failure) -> Iterator[Change]:
    shapes = call.shapes
    # Without a declared type the body is raw JSON.
    types = old.type or AnyJson(), new.type or AnyJson()
    relation = shapes.relate(shapes.before(types[0]), shapes.after(types[1]), reading=True)
    if relation is not Relation.SAME:
        texts = shapes.old.text(types[0], Voice.RESULT), shapes.new.text(types[1], Voice.RESULT)
        message = f"The body of error {new.status} of {code(call.name)} is {code(texts[1])}, before {code(texts[0])}."
        remedy = "" if relation is Relation.NARROWED else f"Read {code(texts[1])} from `error.body`."
        yield _told(
            call, f"error-type-{relation.value}", message, (place(old), place(new)), remedy, texts, member=new.status
        )


def _text(side: Side, operation: Operation) -> str:
    return result_annotation(operation.successes, SYNC, side.refer).text
