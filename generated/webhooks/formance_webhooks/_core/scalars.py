"""The writing of single values as text, and the unfolding of models to plain values."""

from __future__ import annotations

import math
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from uuid import UUID

from pydantic_core import PydanticSerializationError, to_json

from .arguments import Unwritable
from .guards import is_list, is_mapping
from .model import Model, rfc3339
from .unions import Unknown


def text_of(value: object, name: str) -> str:
    """Write a single value as parameters and form fields carry it.

    Args:
        value: The value.
        name: What it is called in Python, for the error.

    Raises:
        Unwritable: The value has no such text.
    """
    match value:
        case bool():
            return str(value).lower()
        case Enum():
            return text_of(value.value, name)
        case str():
            return value
        case int() | UUID():
            return str(value)
        case float() | Decimal():
            return _number(value, name)
        case datetime():
            return _moment(value, name)
        case date() | time():
            return value.isoformat()
        case None:
            return ""
        case _:
            return _composed(value, name)


def json_text(value: object, name: str, *, ascii_only: bool = False) -> str:
    """Write any value as compact JSON; ``ascii_only`` escapes all other characters.

    Raises:
        Unwritable: The value is not JSON.
    """
    try:
        return to_json(
            plain(value), inf_nan_mode="constants", ensure_ascii=ascii_only
        ).decode()
    except PydanticSerializationError as error:
        raise Unwritable((name, str(error))) from None


def _composed(value: object, name: str) -> str:
    if isinstance(value, Unknown | Model) or is_mapping(value) or is_list(value):
        return json_text(value, name)
    raise Unwritable((name, f"{type(value).__name__} cannot be written as text"))


def _number(value: float | Decimal, name: str) -> str:
    if not math.isfinite(value):
        raise Unwritable((name, f"{value} is not a number that can be sent"))
    return str(value)


def _moment(value: datetime, name: str) -> str:
    try:
        return rfc3339(value)
    except ValueError as error:
        raise Unwritable((name, str(error))) from None


def plain(value: object) -> object:
    """Return models as mappings by their wire names, and other values as they are."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Unknown):
        return value.raw
    if isinstance(value, Model):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if is_list(value):
        return [plain(item) for item in value]
    if is_mapping(value):
        return {str(key): plain(item) for key, item in value.items()}
    return value
