"""The bounds of a value and of what is inside it, as far as no declaration has them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from formance_codegen.ir.types import Bound
from formance_codegen.lower.bounds import report_patterns
from formance_codegen.lower.compose import View, view_of
from formance_codegen.lower.session import Session
from formance_codegen.pointer import Pointer

_DEEPEST: Final = 4
"""Lists inside of lists: what is deeper is not checked."""


def bounds_inside(session: Session, view: View) -> tuple[Bound, ...]:
    """Return the bounds of a schema; those of its items and values have keywords such as ``items.maxLength``."""
    return tuple(_bounds(session, view, "", frozenset()))


def _bounds(session: Session, view: View, way: str, seen: frozenset[Pointer]) -> Iterator[Bound]:
    report_patterns(session, view.bounds, view.pointer)
    yield from (replace(bound, keyword=way + bound.keyword) for bound in view.bounds)
    if view.pointer in seen or len(seen) >= _DEEPEST or view.choices:
        return
    below = seen | {view.pointer}
    if view.items is not None and not view.prefix:
        yield from _bounds(session, view_of(session, view.items, view.items_pointer), f"{way}items.", below)
    values = view.additional
    if values is not None and not isinstance(values, bool) and not (view.properties or view.patterns):
        yield from _bounds(session, view_of(session, values, view.additional_pointer), f"{way}values.", below)
