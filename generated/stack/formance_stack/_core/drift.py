"""The finding of drift: what an answer holds that the document does not know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import get_annotations
from typing import TypeAlias

from .guards import is_list, is_mapping
from .model import Model, OpenIntEnum, OpenStrEnum
from .reading import Path, pointer_of
from .shapes import wire_name_of
from .unions import Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How an answer differs from the document."""

    operation: str
    """The attribute path of the method: ``v2.create_transaction``."""
    found: tuple[tuple[str, str], ...]
    """JSON pointers into the result and what was found there, without values."""


OnDrift: TypeAlias = Callable[[Drift], None]
"""A caller's function that is told about drift."""


def find_drift(value: object, path: Path = ()) -> Iterator[tuple[str, str]]:
    """Yield where a result holds unknown properties, enum values and variants."""
    if isinstance(value, Unknown):
        yield pointer_of(path), "unknown variant"
    elif isinstance(value, OpenStrEnum | OpenIntEnum):
        if not value.is_known:
            yield pointer_of(path), f"unknown value of {type(value).__name__}"
    elif isinstance(value, Model):
        yield from _in_model(value, path)
    elif is_mapping(value):
        for key, item in value.items():
            yield from find_drift(item, (*path, str(key)))
    elif is_list(value):
        for index, item in enumerate(value):
            yield from find_drift(item, (*path, index))


def _in_model(model: Model, path: Path) -> Iterator[tuple[str, str]]:
    kind = type(model)
    # A model may say what type its further properties have: then any name is known.
    is_open = "__pydantic_extra__" in get_annotations(kind)
    for name, value in (model.model_extra or {}).items():
        if is_open:
            yield from find_drift(value, (*path, name))
        else:
            yield pointer_of((*path, name)), f"unknown property of {kind.__name__}"
    for name in kind.model_fields:
        value = getattr(model, name, None)
        yield from find_drift(value, (*path, wire_name_of(kind, name)))
