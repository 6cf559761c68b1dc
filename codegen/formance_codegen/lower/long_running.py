"""Reads the hint that the work of an operation goes on after its answer, and how to follow it."""

from collections.abc import Sequence
from typing import Final

from formance_codegen.ir.beside import LongRunning
from formance_codegen.ir.decls import Alias, Record
from formance_codegen.ir.operations import Data, NoPage, Nothing, Plain, Success
from formance_codegen.ir.types import Nullable, Ref, TypeExpr, WireName
from formance_codegen.load.json_value import JsonValue, Missing, as_mapping, kind_of
from formance_codegen.lower.hints import LONG_RUNNING
from formance_codegen.lower.session import Session
from formance_codegen.pointer import Pointer, join, tokens

_KEYS: Final = ("poll", "id")


def long_running(session: Session, pointer: Pointer, successes: Sequence[Success]) -> LongRunning | None:
    """Return how to follow what the operation at ``pointer`` starts; what the hint gets wrong is reported."""
    hint = session.hint(pointer, LONG_RUNNING)
    if isinstance(hint, Missing):
        return None
    place = join(pointer, LONG_RUNNING)
    told = as_mapping(hint)
    unknown = [key for key in told if key not in _KEYS]
    if not isinstance(hint, dict) or unknown:
        found = f'there is no "{unknown[0]}" here; there are poll and id' if unknown else f"it is {kind_of(hint)}"
        session.report("invalid-hint", f"{LONG_RUNNING} is a mapping with poll and id: {found}", place)
        return None
    poll = told.get("poll")
    target = session.operations.get(poll) if isinstance(poll, str) and poll else None
    if target is None:
        session.report(
            "invalid-hint", f'poll is the operationId of an operation; "{poll}" is none', join(place, "poll")
        )
        return None
    if "id" not in told:
        return LongRunning(poll=target, id=None)
    way = way_through(session, told["id"], successes)
    if way is None:
        session.report("invalid-hint", f"{told['id']} leads nowhere in the answer", join(place, "id"))
        return None
    return LongRunning(poll=target, id=way)


def way_through(session: Session, pointer: JsonValue, successes: Sequence[Success]) -> tuple[WireName, ...] | None:
    """Return the way through the result of the operation that a pointer into its body means."""
    result = next((found.result for found in successes if not isinstance(found.result, Nothing | NoPage)), None)
    if not isinstance(pointer, str) or (pointer and not pointer.startswith("/")):
        return None
    way = tokens(Pointer(pointer))
    match result:
        case Plain(type=type_):
            return tuple(map(WireName, way)) if _leads(session, type_, way) else None
        case Data(type=type_) if way[:1] == ("data",):
            return tuple(map(WireName, way[1:])) if _leads(session, type_, way[1:]) else None
        case _:
            return None


def _leads(session: Session, type_: TypeExpr, way: tuple[str, ...]) -> bool:
    if not way:
        return True
    match type_:
        case Nullable(inner=inner):
            return _leads(session, inner, way)
        case Ref(id=symbol):
            decl = session.decls.get(symbol)
            if isinstance(decl, Alias):
                return _leads(session, decl.type, way)
            fields = decl.fields if isinstance(decl, Record) else ()
            return any(entry.wire == way[0] and _leads(session, entry.type, way[1:]) for entry in fields)
        case _:
            return False
