"""The JSON shapes of types and values: what a type may be, what a value is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Literal, TypeAlias, Union, get_args, get_origin
from uuid import UUID

from typing_extensions import TypeAliasType

from .guards import is_mapping
from .model import WRITE_ONLY, Model

Kind: TypeAlias = Literal[
    "object", "array", "string", "number", "boolean", "null", "any"
]
"""A JSON type; ``any`` where the type does not say."""

_KINDS: tuple[tuple[type[object], tuple[Kind, ...]], ...] = (
    (bool, ("boolean",)),
    (str, ("string",)),
    (int, ("number",)),
    (float, ("number",)),
    (Decimal, ("string", "number")),
    (bytes, ("string",)),
    (date, ("string",)),
    (time, ("string",)),
    (UUID, ("string",)),
    (NoneType, ("null",)),
    (list, ("array",)),
    (tuple, ("array",)),
    (Mapping, ("object",)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the keys of a JSON object must be to fit a model."""

    required: tuple[frozenset[str], ...]
    """The names of each property that must be there: on the wire and in Python."""
    known: frozenset[str]
    constants: Mapping[str, tuple[object, ...]]
    """The values that a property may have, where these are fixed."""
    inside: Mapping[str, tuple[type[Model], ...]]
    """The models that a property may be, where it is an object."""

    def fits(self, value: Mapping[object, object]) -> bool:
        """Tell whether all required keys and no wrong constants are there."""
        return all(
            any(name in value for name in names) for names in self.required
        ) and all(
            value[name] in allowed
            for name, allowed in self.constants.items()
            if name in value
        )

    def closeness(self, value: Mapping[object, object]) -> tuple[bool, int]:
        """Return whether the objects inside fit as well, and how many keys are known.

        Of two that fit, the greater is the closer.
        """
        whole, known = True, sum(name in self.known for name in value)
        for name, models in self.inside.items():
            item = value.get(name)
            if is_mapping(item):
                fitting = [shape for shape in map(shape_of, models) if shape.fits(item)]
                nearest = max(
                    (shape.closeness(item) for shape in fitting), default=None
                )
                whole = whole and nearest is not None and nearest[0]
                known += nearest[1] if nearest is not None else 0
        return whole, known


def shape_of(model: type[Model]) -> Shape:
    """Return the shape of a model whose fields are complete."""
    required: list[frozenset[str]] = []
    known: set[str] = set()
    constants: dict[str, tuple[object, ...]] = {}
    inside: dict[str, tuple[type[Model], ...]] = {}
    for name, field in model.model_fields.items():
        names = frozenset({name, wire_name_of(model, name)})
        known |= names
        if field.is_required() and WRITE_ONLY not in field.metadata:
            required.append(names)
        if get_origin(field.annotation) is Literal:
            allowed = get_args(field.annotation)
            constants |= dict.fromkeys(names, allowed)
        if models := models_of(field.annotation):
            inside |= dict.fromkeys(names, models)
    return Shape(
        required=tuple(required),
        known=frozenset(known),
        constants=constants,
        inside=inside,
    )


def wire_name_of(model: type[Model], name: str) -> str:
    """Return the name of a field on the wire."""
    alias = model.model_fields[name].alias
    generator = model.model_config.get("alias_generator")
    if alias is not None:
        return alias
    return generator(name) if callable(generator) else name


def models_of(annotation: object) -> tuple[type[Model], ...]:
    """Return the models that a type is made of: itself, or the members of a union."""
    if isinstance(annotation, type):
        return (annotation,) if issubclass(annotation, Model) else ()
    return tuple(
        model for member in _members(annotation) for model in models_of(member)
    )


def kinds_of(annotation: object) -> tuple[Kind, ...]:
    """Return the JSON types that values of a type may have, each once."""
    members = _members(annotation)
    if members:
        return tuple(dict.fromkeys(kind for each in members for kind in kinds_of(each)))
    origin = get_origin(annotation)
    if origin is Literal:
        return tuple(dict.fromkeys(kind_of(value) for value in get_args(annotation)))
    plain = origin or annotation
    if not isinstance(plain, type):
        return ("any",)
    if issubclass(plain, Model):
        return ("object",)
    for known, kinds in _KINDS:
        if issubclass(plain, known):
            return kinds
    return ("any",)


def kind_of(value: object) -> Kind:
    """Return the JSON type of a value."""
    if isinstance(value, Enum):
        return kind_of(value.value)
    if isinstance(value, Decimal):
        return "number"
    for known, kinds in _KINDS:
        if isinstance(value, known):
            return kinds[0]
    return "any"


def _members(annotation: object) -> tuple[object, ...]:
    """Return what an alias, an annotation or a union stands for; nothing for others."""
    if isinstance(annotation, TypeAliasType):
        return (annotation.__value__,)
    origin = get_origin(annotation)
    if origin is Annotated:
        return (get_args(annotation)[0],)
    if origin is Union or origin is UnionType:
        return get_args(annotation)
    return ()
