"""What stands behind the readers of a client: types, and how they are written."""

from __future__ import annotations

from typing import Any, TypeGuard

from pydantic import TypeAdapter

from ..adapter import Writer


def type_of(adapter: object) -> object:
    """Return the type that a ``TypeAdapter`` was made for."""
    # It has no public name: pydantic itself needs it for its repr only.
    return vars(adapter)["_type"]


def is_adapter(value: object) -> TypeGuard[TypeAdapter[Any]]:
    """Tell whether something both reads and writes."""
    return isinstance(value, TypeAdapter)


def writer_of(adapter: object) -> Writer:
    """Return the writing half of what reads."""
    assert is_adapter(adapter)
    return adapter
