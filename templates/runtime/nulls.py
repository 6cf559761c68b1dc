"""The finding of explicit None values that must not be sent as null."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from .model import NULLABLE, Model

Exclusion: TypeAlias = "dict[str | int, bool | Exclusion]"


def unwanted_nulls(value: object) -> Exclusion | None:
    """Return what pydantic must leave out of a value: its None that stand for nothing.

    An optional field that the document does not call nullable is left out when it is
    None, at any depth of models, lists and maps. None if there is nothing to leave out.
    """
    found: Exclusion = {}
    if isinstance(value, Model):
        fields = type(value).model_fields
        for name in value.model_fields_set:
            field = fields.get(name)
            item: object = getattr(value, name)
            if item is None and field is not None:
                if not field.is_required() and NULLABLE not in field.metadata:
                    found[name] = True
            elif inner := unwanted_nulls(item):
                found[name] = inner
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if inner := unwanted_nulls(item):
                found[key] = inner
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            if inner := unwanted_nulls(item):
                found[index] = inner
    return found or None
