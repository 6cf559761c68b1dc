"""What a schema demands of a value beyond its type."""

import re
import warnings
from collections.abc import Iterable
from dataclasses import replace
from math import lcm
from typing import Final

from openapi_pydantic.v3.v3_1 import Schema

from formance_codegen.ir.types import Bound
from formance_codegen.lower.session import Session
from formance_codegen.pointer import Pointer, join

LOWER: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
"""Keywords whose larger values allow less."""
UPPER: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
"""Keywords whose smaller values allow less."""


def bounds_of(node: Schema) -> tuple[Bound, ...]:
    """Return the bounds that a schema itself sets, by their keywords."""
    values: dict[str, int | float | str | None] = {
        "minimum": node.minimum,
        "exclusiveMinimum": node.exclusiveMinimum,
        "minLength": node.minLength,
        "minItems": node.minItems,
        "minProperties": node.minProperties,
        "maximum": node.maximum,
        "exclusiveMaximum": node.exclusiveMaximum,
        "maxLength": node.maxLength,
        "maxItems": node.maxItems,
        "maxProperties": node.maxProperties,
        "multipleOf": node.multipleOf,
        "pattern": node.pattern,
        "uniqueItems": node.uniqueItems or None,
    }
    return tuple(Bound(keyword=name, value=value) for name, value in values.items() if value is not None)


def is_readable(pattern: str) -> bool:
    """Return whether Python takes a regular expression of ECMA-262, and for what it is there."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            re.compile(pattern)
        except (re.error, OverflowError, RecursionError, Warning):
            return False
    return True


_ANY_NAME: Final = re.compile(r"\^?(?:\(*(?:\[[^\]]+\]|\.|\\[dwSWD])(?:[*+?]|\{[\d,]+\})?\)*[*+?]?)*\$?")
"""A regular expression of kinds of characters only."""


def is_any_name(pattern: str) -> bool:
    """Return whether a pattern only says what names look like, so that all names are meant: ``^[a-z]+$``."""
    return _ANY_NAME.fullmatch(pattern) is not None


def report_patterns(session: Session, bounds: Iterable[Bound], pointer: Pointer) -> None:
    """Warn of regular expressions that Python does not have: nothing is checked by them."""
    for bound in bounds:
        if isinstance(bound.value, str) and not is_readable(bound.value):
            message = f'the pattern "{bound.value}" has no counterpart in Python; nothing is checked by it'
            session.omit("unsupported-feature", message, join(pointer, "pattern"))


def tightest(parts: Iterable[tuple[Bound, ...]]) -> tuple[Bound, ...]:
    """Return the bounds that hold where all parts of an allOf do."""
    found: dict[str, Bound] = {}
    for bound in (bound for part in parts for bound in part):
        other = found.get(bound.keyword)
        found[bound.keyword] = bound if other is None else _tighter(other, bound)
    return tuple(found.values())


def _tighter(one: Bound, other: Bound) -> Bound:
    if isinstance(one.value, str) or isinstance(other.value, str):
        return _both_patterns(one, str(one.value), str(other.value))
    if one.keyword == "multipleOf" and isinstance(one.value, int) and isinstance(other.value, int):
        return replace(one, value=lcm(one.value, other.value))
    if one.keyword in LOWER:
        return one if one.value >= other.value else other
    return one if one.value <= other.value else other


def _both_patterns(bound: Bound, one: str, other: str) -> Bound:
    """Return a bound that both patterns are found for; one that Python does not have is left to be reported."""
    if one == other or not is_readable(one):
        return replace(bound, value=one)
    if not is_readable(other):
        return replace(bound, value=other)
    return replace(bound, value=rf"\A(?=[\s\S]*?(?:{one}))(?=[\s\S]*?(?:{other}))")
