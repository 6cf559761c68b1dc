"""The bounds that a service sets to values: kept by what is sent, not asked of what is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from .guards import is_list, is_mapping
from .pointers import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """What a value must keep to, where it is of the type that a bound is about.

    The bounds are those of JSON Schema (2020-12, validation, section 6).
    """

    minimum: float | None = None
    above: float | None = None
    """``exclusiveMinimum``."""
    maximum: float | None = None
    below: float | None = None
    """``exclusiveMaximum``."""
    multiple_of: float | None = None
    min_length: int | None = None
    """In characters, as are all lengths."""
    max_length: int | None = None
    pattern: str | None = None
    """A regular expression that is found somewhere in the text."""
    min_items: int | None = None
    max_items: int | None = None
    unique: bool = False
    min_properties: int | None = None
    max_properties: int | None = None
    items: Within | None = None
    """What the items of a list must keep to."""
    values: Within | None = None
    """What the values of a map must keep to."""

    def complaints(self, value: object) -> Iterator[str]:
        """Yield what is wrong with a value and where, without the value."""
        for path, complaint in self.findings(value):
            yield f"{'.'.join(map(str, path))}: {complaint}" if path else complaint

    def findings(self, value: object, path: Path = ()) -> Iterator[tuple[Path, str]]:
        """Yield what is wrong with a value, and where in it, without the value."""
        yield from ((path, complaint) for complaint in self._own(value))
        if self.values is not None and is_mapping(value):
            for key, item in value.items():
                yield from self.values.findings(item, (*path, str(key)))
        elif self.items is not None and is_list(value):
            for index, item in enumerate(value):
                yield from self.items.findings(item, (*path, index))

    def _own(self, value: object) -> Iterator[str]:
        if isinstance(value, bool):
            return
        if isinstance(value, int | float | Decimal):
            yield from self._of_number(value)
        elif isinstance(value, str):
            yield from _of_size(
                len(value), "characters", self.min_length, self.max_length
            )
            if self.pattern is not None and not re.search(self.pattern, value):
                yield f"must match {self.pattern!r}"
        elif is_mapping(value):
            size = len(value)
            yield from _of_size(
                size, "properties", self.min_properties, self.max_properties
            )
        elif is_list(value):
            yield from _of_size(len(value), "items", self.min_items, self.max_items)
            if self.unique and _repeats(list(value)):
                yield "must not have an item twice"

    def _of_number(self, value: float | Decimal) -> Iterator[str]:
        if self.minimum is not None and value < self.minimum:
            yield f"must be at least {self.minimum}"
        if self.above is not None and value <= self.above:
            yield f"must be greater than {self.above}"
        if self.maximum is not None and value > self.maximum:
            yield f"must be at most {self.maximum}"
        if self.below is not None and value >= self.below:
            yield f"must be less than {self.below}"
        if self.multiple_of and not _is_multiple(value, self.multiple_of):
            yield f"must be a multiple of {self.multiple_of}"


def _of_size(size: int, of: str, least: int | None, most: int | None) -> Iterator[str]:
    if least is not None and size < least:
        yield f"must have at least {least} {of}"
    if most is not None and size > most:
        yield f"must have at most {most} {of}"


def _is_multiple(value: float | Decimal, unit: float) -> bool:
    # As they are written: 0.3 is a multiple of 0.1, which it is not as a float.
    if isinstance(value, int) and isinstance(unit, int):
        return value % unit == 0
    ratio = Decimal(str(value)) / Decimal(str(unit))
    return not ratio.is_finite() or ratio == ratio.to_integral_value()


def _repeats(items: list[object]) -> bool:
    try:
        return len(set(items)) < len(items)
    except TypeError:
        return any(item in items[:index] for index, item in enumerate(items))
