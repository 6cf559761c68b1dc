"""The finding of drift: what an answer holds that the document does not know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from inspect import get_annotations
from typing import Literal, TypeAlias

from .envelopes import Envelope
from .guards import is_list, is_mapping
from .model import Model, OpenIntEnum, OpenStrEnum
from .pointers import Path, pointer_of
from .shapes import wire_name_of
from .unions import Unknown

DriftKind: TypeAlias = Literal[
    "unknown field",
    "unknown value",
    "unknown variant",
    "missing field",
    "null",
    "wrong value",
]
"""How a place differs.

An ``unknown value`` is one that an open enum does not name, a ``null`` one that must not
be null, a ``wrong value`` any other that does not fit.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One place in which an answer differs from the document. It holds no values."""

    pointer: str
    """The JSON pointer (RFC 6901) of the place, in the body or in the result."""
    model: str
    """The model that has the field; empty where there is none."""
    kind: str
    """A `DriftKind`; a stack's client may hear of others, from newer services."""
    expected: str = ""
    """What should stand there, in words; empty for what should not be there."""

    def __str__(self) -> str:
        what = self.kind + (f" of {self.model}" if self.model else "")
        wanted = f" (expected {self.expected})" if self.expected else ""
        return f"{self.pointer or 'the body'}: {what}{wanted}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How an answer differs from the document."""

    operation: str
    """The attribute path of the method: ``v2.create_transaction``."""
    found: tuple[Finding, ...]


OnDrift: TypeAlias = Callable[[Drift], None]
"""A caller's function that is told about drift."""


def found(
    path: Path, kind: DriftKind, *, model: str = "", expected: str = ""
) -> Finding:
    """Return a finding at a path."""
    return Finding(pointer=pointer_of(path), model=model, kind=kind, expected=expected)


def find_drift(value: object, path: Path = (), model: str = "") -> Iterator[Finding]:
    """Yield where a result holds unknown properties, enum values and variants.

    Args:
        value: The result, or a part of it.
        path: Where the part stands.
        model: The name of the model that the part is in.
    """
    if isinstance(value, Unknown):
        yield found(path, "unknown variant", model=model, expected="a known variant")
    elif isinstance(value, OpenStrEnum | OpenIntEnum):
        if not value.is_known:
            names = _known(type(value))
            yield found(path, "unknown value", model=model, expected=names)
    elif isinstance(value, Model):
        yield from _in_model(value, path)
    elif is_mapping(value):
        for key, item in value.items():
            yield from find_drift(item, (*path, str(key)), model)
    elif is_list(value):
        for index, item in enumerate(value):
            yield from find_drift(item, (*path, index), model)


def name_of(model: Model) -> str:
    """Return what a finding calls a model: an envelope is none of the document's."""
    return "" if isinstance(model, Envelope) else type(model).__name__


def _in_model(model: Model, path: Path) -> Iterator[Finding]:
    kind, name = type(model), name_of(model)
    # A model may say what type its further properties have: then any name is known.
    is_open = "__pydantic_extra__" in get_annotations(kind)
    for key, value in (model.model_extra or {}).items():
        if is_open:
            yield from find_drift(value, (*path, key), name)
        elif not isinstance(model, Envelope):
            yield found((*path, key), "unknown field", model=name)
    for field in kind.model_fields:
        value = getattr(model, field, None)
        yield from find_drift(value, (*path, wire_name_of(kind, field)), name)


def _known(kind: type[Enum]) -> str:
    # Some enums name hundreds, such as all currencies.
    names = [str(member.value) for member in kind]
    return f"a {kind.__name__}: {', '.join(names[:10])}{', …' if names[10:] else ''}"
