"""Aliases that stand for nothing but one another are found, and stand for any value."""

from collections.abc import Mapping
from dataclasses import replace

from formance_codegen.ir.decls import Alias, Decl
from formance_codegen.ir.types import AnyJson, Nullable, Ref, SymbolId, TypeExpr


def without_circles(decls: Mapping[SymbolId, Decl]) -> Mapping[SymbolId, Decl]:
    """Return declarations in which every alias leads to a type in the end."""
    return {
        symbol: replace(decl, type=AnyJson()) if isinstance(decl, Alias) and _is_circle(decl, decls) else decl
        for symbol, decl in decls.items()
    }


def _is_circle(alias: Alias, decls: Mapping[SymbolId, Decl]) -> bool:
    seen: set[SymbolId] = set()
    decl: Decl | None = alias
    while isinstance(decl, Alias):
        if decl.id in seen:
            return True
        seen.add(decl.id)
        target = _target(decl.type)
        decl = None if target is None else decls.get(target)
    return False


def _target(type_: TypeExpr) -> SymbolId | None:
    """Return what an alias is just another name of."""
    if isinstance(type_, Nullable):
        return _target(type_.inner)
    return type_.id if isinstance(type_, Ref) else None
