"""The exact reading of fractions, where the document says that a number is a decimal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol, TypeAlias

from typing_extensions import TypeVar

from .adapter import Reader
from .guards import is_dict, is_list
from .model import READING

T_co = TypeVar("T_co", covariant=True)
Schema: TypeAlias = Mapping[str, Any]
"""A part of a core schema, as pydantic makes it of a type."""


class Source(Protocol[T_co]):
    """What reads JSON, parsed or not."""

    def validate_json(self, data: bytes, /, *, context: Any | None = None) -> T_co:
        """Read JSON text."""
        ...

    def validate_python(self, value: Any, /, *, context: Any | None = None) -> T_co:
        """Read parsed JSON."""
        ...


class WrittenFloat(float):
    """A float that remembers how it was written, for `Decimal` reads its text."""

    __slots__ = ("text",)

    def __new__(cls, text: str) -> WrittenFloat:
        """Return the nearest float."""
        number = super().__new__(cls, text)
        number.text = text
        return number

    text: str

    def __str__(self) -> str:
        return self.text

    def __reduce__(self) -> tuple[type[WrittenFloat], tuple[str]]:
        return WrittenFloat, (self.text,)


def read_exactly(source: Source[T_co], content: bytes, *, decimals: bool) -> T_co:
    """Return what JSON text holds.

    Args:
        source: Reads it.
        content: The text, which is JSON for certain where there are decimals.
        decimals: Whether some numbers are decimals: the parser of pydantic makes
            floats of them first, which have 17 digits.

    Raises:
        pydantic.ValidationError: It holds something else.
    """
    if not decimals:
        return source.validate_json(content, context=READING)
    parsed: object = json.loads(content, parse_float=WrittenFloat)
    return source.validate_python(parsed, context=READING)


@lru_cache(maxsize=4096)
def has_decimals(adapter: Reader[object]) -> bool:
    """Tell whether there are decimals in what is read."""
    left: list[object] = [dict(adapter.core_schema)]
    while left:
        part = left.pop()
        if is_dict(part):
            if part.get("type") == "decimal":
                return True
            left += [each for key, each in part.items() if key != "metadata"]
        elif is_list(part):
            left += part
    return False
