"""The telling of mappings and sequences from other values, in terms of types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, TypeGuard


def is_mapping(value: object) -> TypeGuard[Mapping[object, object]]:
    """Tell whether a value is written as an object."""
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeGuard[Sequence[object] | AbstractSet[object]]:
    """Tell whether a value is written as an array."""
    return isinstance(value, Sequence | AbstractSet) and not isinstance(
        value, str | bytes | bytearray | memoryview
    )


def is_dict(value: object) -> TypeGuard[dict[Any, Any]]:
    """Tell whether a value is a dict, whose values may be changed."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Tell whether a value is a list itself, whose items may be changed."""
    return isinstance(value, list)
