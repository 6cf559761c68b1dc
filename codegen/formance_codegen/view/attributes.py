"""The way through a result in Python: the attributes that lead to a part of it."""

from formance_codegen.ir.decls import Alias, Record
from formance_codegen.ir.operations import Data, Plain, Result
from formance_codegen.ir.types import Nullable, Ref, TypeExpr, WireName
from formance_codegen.view.context import Context


def attributes(context: Context, result: Result, way: tuple[WireName, ...]) -> list[str]:
    """Return the attributes of a result that lead to a part of it."""
    type_: TypeExpr | None = result.type if isinstance(result, Plain | Data) else None
    found: list[str] = []
    for wire in way:
        record = None if type_ is None else _record(context, type_)
        if record is None:
            break
        found.append(context.names.fields[record.id][wire])
        type_ = next(entry.type for entry in record.fields if entry.wire == wire)
    return found


def _record(context: Context, type_: TypeExpr) -> Record | None:
    match type_:
        case Nullable(inner=inner):
            return _record(context, inner)
        case Ref(id=symbol):
            decl = context.decl(symbol)
            if isinstance(decl, Alias):
                return _record(context, decl.type)
            return decl if isinstance(decl, Record) else None
        case _:
            return None
