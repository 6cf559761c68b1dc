"""From a list of allowed values to an open enum, or to constants."""

from formance_codegen.ir.decls import EnumDecl, EnumMember, Origin
from formance_codegen.ir.types import Const, Scalar, ScalarKind, SymbolId, TypeExpr
from formance_codegen.lower.compose import View
from formance_codegen.lower.hints import enum_names
from formance_codegen.lower.session import Session
from formance_codegen.pointer import join


def lower_enum(session: Session, view: View, values: tuple[object, ...], origin: Origin) -> EnumDecl | TypeExpr | None:
    """Return an enum of several strings or integers, constants for any other list, and None where neither fits.

    Of fractions, arrays and objects Python has no literal types (PEP 586).
    """
    if not values:
        return Scalar(kind=ScalarKind.NULL)
    texts = tuple(dict.fromkeys(value for value in values if isinstance(value, str)))
    numbers = tuple(dict.fromkeys(v for v in values if isinstance(v, int) and not isinstance(v, bool)))
    members: tuple[str, ...] | tuple[int, ...] | None = None
    if len(texts) > 1 and len(texts) == len(set(map(_key, values))):
        members = texts
    elif len(numbers) > 1 and len(numbers) == len(set(map(_key, values))):
        members = numbers
    if members is not None:
        names = enum_names(session, view.pointer, members)
        return EnumDecl(
            id=SymbolId(view.pointer),
            origin=origin,
            members=tuple(EnumMember(value=value, name=names.get(str(value))) for value in members),
            deprecated=view.deprecated,
            doc=view.doc,
            span=session.span(view.pointer),
        )
    constants: list[str | int | bool] = []
    for value in values:
        if not isinstance(value, str | int):
            message = "an enum with fractions, arrays or objects has no type in Python; any value of its type is taken"
            session.omit("unsupported-feature", message, join(view.pointer, "enum"))
            return None
        if _key(value) not in map(_key, constants):
            constants.append(value)
    return Const(values=tuple(constants))


def _key(value: object) -> tuple[str, str]:
    # True equals 1 in Python, not in JSON.
    return type(value).__name__, str(value)
