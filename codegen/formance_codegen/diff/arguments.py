"""What changed of the arguments of a method, the body aside."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from formance_codegen.diff.bounds import bound_changes, bound_sentence
from formance_codegen.diff.call import Call
from formance_codegen.diff.change import Change
from formance_codegen.diff.shapes import Relation
from formance_codegen.diff.side import Side, place
from formance_codegen.diff.wording import code, value
from formance_codegen.ir.operations import Operation
from formance_codegen.ir.requests import Location, Parameter
from formance_codegen.view.annotations import Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class _Argument:
    """A parameter and its name in Python."""

    name: str
    parameter: Parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """An argument that both versions have."""

    old: _Argument
    new: _Argument


def argument_changes(call: Call) -> Iterator[Change]:
    """Yield the changes of arguments, in the order of the old signature; new ones come last."""
    before, after = _arguments(call.shapes.old, call.old), _arguments(call.shapes.new, call.new)
    pairs = _paired(before, after)
    kept = {id(pair.new) for pair in pairs.values()}
    for argument in before:
        pair = pairs.get(id(argument))
        if pair is None:
            yield _removed(call, argument)
        else:
            yield from _changed(call, pair)
    yield from _order(call, before, after, pairs)
    yield from (_added(call, argument) for argument in after if id(argument) not in kept)


def _arguments(side: Side, operation: Operation) -> tuple[_Argument, ...]:
    names = side.context.names.operations[operation.pointer].parameters
    return tuple(_Argument(name=names[found.pointer], parameter=found) for found in operation.parameters)


def _paired(before: Sequence[_Argument], after: Sequence[_Argument]) -> Mapping[int, _Pair]:
    """Pair by wire name and place, then path parameters by their position, then by wire name, then by its letters."""
    found: dict[int, _Pair] = {}
    left = list(after)

    def pair(rank: int) -> None:
        for old in before:
            key = _key(old, rank, before)
            if id(old) in found or not key:
                continue
            same = [new for new in left if _key(new, rank, after) == key]
            if len(same) == 1:
                left.remove(same[0])
                found[id(old)] = _Pair(old=old, new=same[0])

    for rank in range(4):
        pair(rank)
    return found


def _key(argument: _Argument, rank: int, beside: Sequence[_Argument]) -> tuple[str, ...]:
    """Return what tells an argument; nothing where it tells nothing."""
    parameter = argument.parameter
    match rank:
        case 0:
            return parameter.location.value, parameter.wire
        case 1:
            path = [found.parameter.wire for found in beside if found.parameter.location is Location.PATH]
            is_path = parameter.location is Location.PATH
            return (str(len(path)), str(path.index(parameter.wire))) if is_path else ()
        case 2:
            return ("", parameter.wire)
        case _:
            return (parameter.location.value, re.sub(r"[\W_]", "", parameter.wire).casefold())


def _removed(call: Call, argument: _Argument) -> Change:
    wire = argument.parameter.wire
    slug = "idempotency-key-removed" if wire == call.old.idempotency_key else "argument-removed"
    return call.change(
        slug,
        f"{code(call.name)} no longer takes {code(argument.name)}.",
        remedy=f"Leave {code(argument.name)} out of calls of {code(call.name)}.",
        member=argument.name,
        before=_text(call.shapes.old, argument.parameter),
        old=place(argument.parameter),
    )


def _added(call: Call, argument: _Argument) -> Change:
    parameter = argument.parameter
    message = f"{code(call.name)} takes {code(argument.name)}"
    remedy = ""
    if parameter.wire == call.new.idempotency_key and not parameter.required:
        slug = "idempotency-key-added"
        message += " and repeats a call that failed on the way"
    elif parameter.required:
        slug = "required-argument-added"
        message += ", which must be given"
        remedy = f"Give {code(argument.name)} in calls of {code(call.name)}."
    else:
        slug = "argument-added"
    return call.change(
        slug,
        f"{message}.",
        remedy=remedy,
        member=argument.name,
        after=_text(call.shapes.new, parameter),
        new=place(parameter),
    )


def _changed(call: Call, pair: _Pair) -> Iterator[Change]:
    for slug, message, remedy, before, after in (
        *_naming(call, pair),
        *_need(call, pair),
        *_type(call, pair),
        *_wire(call, pair),
        *_bounds(call, pair),
    ):
        yield call.change(
            slug,
            message,
            remedy=remedy,
            member=pair.old.name,
            before=before,
            after=after,
            old=place(pair.old.parameter),
            new=place(pair.new.parameter),
        )


_Told = tuple[str, str, str, str, str]
"""Id, message, remedy, before and after."""


def _naming(call: Call, pair: _Pair) -> Iterator[_Told]:
    old, new = pair.old, pair.new
    if old.name != new.name:
        yield (
            "argument-renamed",
            f"{code(old.name)} of {code(call.name)} is now {code(new.name)}.",
            f"Write `{new.name}=` in place of `{old.name}=` in calls of {code(call.name)}.",
            old.name,
            new.name,
        )
    places = old.parameter.location, new.parameter.location
    if places[0] is places[1]:
        return
    where = f"{places[0].value} → {places[1].value}"
    if places[0] is Location.PATH:
        remedy = f"Give {code(new.name)} by name in calls of {code(call.name)}."
        message = f"{code(new.name)} of {code(call.name)} may only be given by name."
        yield "argument-moved", message, remedy, places[0].value, places[1].value
    elif places[1] is Location.PATH:
        message = f"{code(new.name)} of {code(call.name)} may be given by position."
        yield "argument-became-positional", message, "", places[0].value, places[1].value
    else:
        message = f"{code(new.name)} of {code(call.name)} travels elsewhere in the request: {where}."
        yield "argument-location-changed", message, "", places[0].value, places[1].value


def _need(call: Call, pair: _Pair) -> Iterator[_Told]:
    old, new = pair.old.parameter, pair.new.parameter
    name = pair.new.name
    if new.required and not old.required:
        remedy = f"Give {code(name)} in calls of {code(call.name)}."
        message = f"{code(name)} of {code(call.name)} must be given."
        yield "argument-became-required", message, remedy, "optional", "required"
    elif old.required and not new.required:
        message = f"{code(name)} of {code(call.name)} may be left out."
        yield "argument-became-optional", message, "", "required", "optional"
    if new.deprecated and not old.deprecated:
        message = f"{code(name)} of {code(call.name)} is deprecated."
        yield "argument-deprecated", message, f"Look for another way than {code(name)} before it is removed.", "", ""
    elif old.deprecated and not new.deprecated:
        yield "argument-undeprecated", f"{code(name)} of {code(call.name)} is no longer deprecated.", "", "", ""


def _type(call: Call, pair: _Pair) -> Iterator[_Told]:
    shapes, old, new = call.shapes, pair.old.parameter, pair.new.parameter
    before, after = shapes.before(old.type, Voice.ARGUMENT), shapes.after(new.type, Voice.ARGUMENT)
    relation = shapes.relate(before, after, reading=False)
    if relation is Relation.SAME:
        return
    texts = _text(shapes.old, old), _text(shapes.new, new)
    remedy = (
        "" if relation is Relation.WIDENED else f"Pass {code(texts[1])} as {code(pair.new.name)} of {code(call.name)}."
    )
    message = f"{code(pair.new.name)} of {code(call.name)} takes {code(texts[1])}, before {code(texts[0])}."
    yield f"argument-type-{relation.value}", message, remedy, *texts


def _wire(call: Call, pair: _Pair) -> Iterator[_Told]:
    old, new, name = pair.old.parameter, pair.new.parameter, pair.new.name
    if old.default != new.default:
        values = value(old.default), value(new.default)
        message = (
            f"Where {code(name)} of {code(call.name)} is left out, the server takes {values[1]}, before {values[0]}."
        )
        yield "argument-default-changed", message, f"Give {code(name)} to be sure of its value.", *values
    if (old.style, old.explode) != (new.style, new.explode) and old.location is new.location:
        styles = [f"{found.style.value}{', exploded' if found.explode else ''}" for found in (old, new)]
        message = f"{code(name)} of {code(call.name)} is written another way on the wire."
        yield "argument-encoding-changed", message, "", styles[0], styles[1]


def _bounds(call: Call, pair: _Pair) -> Iterator[_Told]:
    for word, before, after in bound_changes(pair.old.parameter.bounds, pair.new.parameter.bounds):
        message = bound_sentence(f"{code(pair.new.name)} of {code(call.name)}", before, after)
        remedy = f"Give {code(pair.new.name)} within its bounds." if word != "loosened" else ""
        yield f"argument-bounds-{word}", message, remedy, before, after


def _order(
    call: Call, before: Sequence[_Argument], after: Sequence[_Argument], pairs: Mapping[int, _Pair]
) -> Iterator[Change]:
    """Tell where positional arguments that both versions have stand in another order."""
    found_again = [pairs[id(found)] for found in before if id(found) in pairs]
    old = [pair for pair in found_again if _is_positional(pair.old) and _is_positional(pair.new)]
    positions = {id(found): index for index, found in enumerate(after)}
    new = sorted(old, key=lambda pair: positions[id(pair.new)])
    if old != new:
        names = [", ".join(f"{code(pair.new.name)}" for pair in pairs) for pairs in (old, new)]
        yield call.change(
            "argument-order-changed",
            f"The arguments of {code(call.name)} stand in the order {names[1]}, before {names[0]}.",
            remedy=f"Give them by name, or in the new order, in calls of {code(call.name)}.",
            before=names[0],
            after=names[1],
        )


def _is_positional(argument: _Argument) -> bool:
    return argument.parameter.location is Location.PATH


def _text(side: Side, parameter: Parameter) -> str:
    return side.text(parameter.type, Voice.ARGUMENT) + ("" if parameter.required else " | None")
