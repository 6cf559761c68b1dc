"""Walks two versions of one thing side by side: which declaration stands where another stood."""

from collections.abc import Iterable, Iterator

from formance_codegen.ir.decls import Alias, Decl, Record, UnionDecl
from formance_codegen.ir.operations import Data, HeaderValue, Operation, Paged, Plain, Result
from formance_codegen.ir.types import ListOf, MapOf, Nullable, OneOf, Ref, SymbolId, TypeExpr


def paired_symbols(old: Operation | Decl, new: Operation | Decl) -> Iterator[tuple[SymbolId, SymbolId]]:
    """Yield the ids at the same places of two versions of an operation or a declaration.

    Variants of a union have no places of their own: those with the same tag stand for each other.
    """
    match old, new:
        case Operation(), Operation():
            yield from _walk(_of_operation(old, new))
        case Record(), Record():
            yield from _walk(_of_record(old, new))
        case UnionDecl(), UnionDecl():
            yield from _walk(_of_union(old, new))
        case Alias(), Alias():
            yield from _walk([(old.type, new.type)])
        case _:
            pass


def _walk(types: Iterable[tuple[TypeExpr | None, TypeExpr | None]]) -> Iterator[tuple[SymbolId, SymbolId]]:
    pending = list(types)[::-1]
    while pending:
        match pending.pop():
            case Ref(id=one), Ref(id=other):
                yield one, other
            case Nullable(inner=inner), other:
                pending.append((inner, other))
            case one, Nullable(inner=inner):
                pending.append((one, inner))
            case ListOf(item=item), ListOf(item=other):
                pending.append((item, other))
            case MapOf(value=value), MapOf(value=other):
                pending.append((value, other))
            case OneOf(members=members), OneOf(members=others):
                pending += zip(members, others, strict=False)
            case _:
                pass


def _of_operation(old: Operation, new: Operation) -> Iterable[tuple[TypeExpr | None, TypeExpr | None]]:
    parameters = {(found.location, found.wire): found.type for found in new.parameters}
    yield from ((found.type, parameters.get((found.location, found.wire))) for found in old.parameters)
    if old.body is not None and new.body is not None:
        media = {found.name: found.type for found in new.body.media}
        yield from ((found.type, media.get(found.name)) for found in old.body.media)
    for one in old.successes:
        others = [other for other in new.successes if other.status == one.status] or new.successes[:1]
        yield from ((_type_of(one.result), _type_of(other.result)) for other in others)
    failures = {found.status: found.type for found in new.failures}
    yield from ((found.type, failures.get(found.status)) for found in old.failures)


def _type_of(result: Result) -> TypeExpr | None:
    match result:
        case Plain() | Data() | HeaderValue():
            return result.type
        case Paged():
            return result.item
        case _:
            return None


def _of_record(old: Record, new: Record) -> Iterable[tuple[TypeExpr | None, TypeExpr | None]]:
    fields = {found.wire: found.type for found in new.fields}
    yield from ((found.type, fields.get(found.wire)) for found in old.fields)
    yield old.extra, new.extra


def _of_union(old: UnionDecl, new: UnionDecl) -> Iterable[tuple[TypeExpr, TypeExpr]]:
    tagged = {tag: found.type for found in new.variants for tag in found.tags}
    for found in old.variants:
        yield from ((found.type, tagged[tag]) for tag in found.tags if tag in tagged)
