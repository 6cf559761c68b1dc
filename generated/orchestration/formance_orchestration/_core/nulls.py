"""The finding of explicit None values that must not be sent as null."""

from __future__ import annotations

from typing import TypeAlias

from .guards import is_list, is_mapping
from .model import NULLABLE, Model

Exclusion: TypeAlias = "dict[str | int, bool | Exclusion]"


def unwanted_nulls(value: object) -> Exclusion | None:
    """Return what pydantic must leave out of a value: its None that stand for nothing.

    An optional field that the document does not call nullable is left out when it is
    None, at any depth of models, lists and maps. None if there is nothing to leave out.
    """
    if isinstance(value, Model):
        return _in_model(value)
    found: Exclusion = {}
    if is_mapping(value):
        for key, item in value.items():
            if isinstance(key, str | int) and (inner := unwanted_nulls(item)):
                found[key] = inner
    elif is_list(value):
        for index, item in enumerate(value):
            if inner := unwanted_nulls(item):
                found[index] = inner
    return found or None


def together(one: Exclusion, other: Exclusion) -> Exclusion:
    """Return what leaves out whatever either of two leaves out."""
    merged: Exclusion = {**one}
    for key, inner in other.items():
        known = merged.get(key)
        if known is None:
            merged[key] = inner
        elif isinstance(known, bool) or isinstance(inner, bool):
            merged[key] = True
        else:
            merged[key] = together(known, inner)
    return merged


def _in_model(model: Model) -> Exclusion | None:
    found: Exclusion = {}
    fields = type(model).model_fields
    for name in model.model_fields_set:
        field = fields.get(name)
        item: object = getattr(model, name)
        if item is not None:
            if inner := unwanted_nulls(item):
                found[name] = inner
        elif field and not field.is_required() and NULLABLE not in field.metadata:
            found[name] = True
    return found or None
