"""Within of values as the runtime takes them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from formance_codegen.ir.types import Bound
from formance_codegen.lower.bounds import is_readable
from formance_codegen.view.imports import Import
from formance_codegen.view.layout import Node, call, keyword
from formance_codegen.view.literals import literal

BOUNDS: Final = Import(module="/_core/bounds", name="Within")
_NAMES: Final = {
    "minimum": "minimum",
    "exclusiveMinimum": "above",
    "maximum": "maximum",
    "exclusiveMaximum": "below",
    "multipleOf": "multiple_of",
    "minLength": "min_length",
    "maxLength": "max_length",
    "pattern": "pattern",
    "minItems": "min_items",
    "maxItems": "max_items",
    "uniqueItems": "unique",
    "minProperties": "min_properties",
    "maxProperties": "max_properties",
}
"""What the runtime calls the keywords of JSON Schema, in the order in which they are written."""


def bounds_node(bounds: Iterable[Bound]) -> Node | None:
    """Return the expression for bounds; None where there is nothing to check."""
    given = tuple(bounds)
    values = {bound.keyword: bound.value for bound in given}
    parts: list[Node] = [
        keyword(name, literal(_shown(values[key])))
        for key, name in _NAMES.items()
        if key in values and not _is_idle(key, values[key])
    ]
    for part in ("items", "values"):
        inside = tuple(_below(given, f"{part}."))
        if inside and (node := bounds_node(inside)) is not None:
            parts.append(keyword(part, node))
    return call("Within", *parts) if parts else None


def _below(bounds: Iterable[Bound], way: str) -> Iterator[Bound]:
    """Yield the bounds of what is inside, as it has them itself."""
    for bound in bounds:
        if bound.keyword.startswith(way):
            yield replace(bound, keyword=bound.keyword.removeprefix(way))


def _is_idle(key: str, value: int | float | str) -> bool:
    """Return whether a bound allows everything, or is a pattern that Python does not have."""
    if isinstance(value, str):
        return not is_readable(value)
    return value == 0 and key in ("minLength", "minItems", "minProperties", "multipleOf")


def _shown(value: int | float | str) -> int | float | str:
    return int(value) if isinstance(value, float) and value.is_integer() else value
