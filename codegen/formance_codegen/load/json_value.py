"""JSON values as types, and narrow ways to read them."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Final, TypeAlias

from formance_codegen.pointer import Pointer, tokens

JsonValue: TypeAlias = str | int | float | bool | list["JsonValue"] | dict[str, "JsonValue"] | None
"""What JSON can say (RFC 8259). Read-only by agreement: parts may be shared."""


class Missing(Enum):
    """The type of ``MISSING``."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING
"""Stands for a part that is not there, which null cannot."""

_EMPTY: Final[Mapping[str, JsonValue]] = {}


def as_mapping(value: JsonValue | Missing) -> Mapping[str, JsonValue]:
    """Return an object as it is and an empty one for anything else."""
    return value if isinstance(value, dict) else _EMPTY


def as_sequence(value: JsonValue | Missing) -> Sequence[JsonValue]:
    """Return an array as it is and an empty one for anything else."""
    return value if isinstance(value, list) else ()


def as_text(value: JsonValue | Missing) -> str | None:
    """Return a string as it is and None for anything else."""
    return value if isinstance(value, str) else None


def find(data: JsonValue, pointer: Pointer) -> JsonValue | Missing:
    """Return the part of ``data`` at ``pointer`` (RFC 6901), or ``MISSING``."""
    for token in tokens(pointer):
        data_or_missing = step(data, token)
        if isinstance(data_or_missing, Missing):
            return MISSING
        data = data_or_missing
    return data


def step(value: JsonValue, token: str) -> JsonValue | Missing:
    """Return the direct child of ``value`` that an unescaped reference token names, or ``MISSING``."""
    match value:
        case dict():
            return value.get(token, MISSING)
        case list() if token.isascii() and token.isdigit() and (token == "0" or token[0] != "0"):
            # A longer number than that is beyond any list, and int() would refuse it.
            return value[int(token)] if len(token) < 12 and int(token) < len(value) else MISSING
        case _:
            return MISSING


def kind_of(value: JsonValue) -> str:
    """Return what a person calls such a value, such as ``a text`` or ``a mapping``."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case dict():
            return "a mapping"
