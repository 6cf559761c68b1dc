"""What unions know of their variants: a tag has one value in each."""

from collections import defaultdict
from dataclasses import replace

from formance_codegen.ir.decls import Alias, EnumDecl, Field, Record, UnionDecl
from formance_codegen.ir.types import Const, Nullable, Ref, Scalar, ScalarKind, SymbolId, TypeExpr, WireName
from formance_codegen.lower.session import Session


def narrow_tags(session: Session) -> None:
    """Give the tag property of each variant of each union the values that mean this variant."""
    tags: dict[SymbolId, dict[WireName, list[str]]] = defaultdict(lambda: defaultdict(list))
    for decl in list(session.decls.values()):
        if isinstance(decl, UnionDecl) and decl.tag is not None:
            for variant in decl.variants:
                target = _record(session, variant.type)
                if target is not None and variant.tags:
                    known = tags[target.id][decl.tag]
                    known.extend(tag for tag in variant.tags if tag not in known)
    for symbol, properties in tags.items():
        found = session.decls[symbol]
        if isinstance(found, Record):
            session.decls[symbol] = _narrowed(session, found, properties)
    for symbol, decl in list(session.decls.items()):
        if isinstance(decl, Record):
            session.decls[symbol] = replace(decl, fields=tuple(map(_with_constant, decl.fields)))


def _narrowed(session: Session, record: Record, properties: dict[WireName, list[str]]) -> Record:
    fields = {field.wire: field for field in record.fields}
    for wire, values in properties.items():
        field = fields.get(wire) or Field(
            wire=wire, type=Scalar(kind=ScalarKind.STRING), required=True, span=record.span
        )
        if _is_text(session, field.type):
            fields[wire] = replace(field, type=Const(values=tuple(values)), tag=len(values) == 1)
    return replace(record, fields=tuple(fields.values()))


def _with_constant(field: Field) -> Field:
    """A required property with a single value needs no argument."""
    single = isinstance(field.type, Const) and len(field.type.values) == 1
    return replace(field, tag=True) if single and field.required else field


def _record(session: Session, type_: TypeExpr) -> Record | None:
    if not isinstance(type_, Ref):
        return None
    decl = session.decls.get(type_.id)
    if isinstance(decl, Alias):
        return _record(session, decl.type)
    return decl if isinstance(decl, Record) else None


def _is_text(session: Session, type_: TypeExpr) -> bool:
    match type_:
        case Scalar(kind=ScalarKind.STRING):
            return True
        case Const(values=values):
            return all(isinstance(value, str) for value in values)
        case Nullable(inner=inner):
            return _is_text(session, inner)
        case Ref(id=symbol):
            decl = session.decls.get(symbol)
            return isinstance(decl, EnumDecl) or (isinstance(decl, Alias) and _is_text(session, decl.type))
        case _:
            return False
