"""Values that fit a type: what a model requires and nothing more, the same each time."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from types import NoneType, SimpleNamespace, UnionType
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)
from uuid import UUID

from pydantic.fields import FieldInfo
from pydantic.types import JsonValue
from pydantic_core import to_jsonable_python
from typing_extensions import TypeAliasType, TypeVar

from ..model import READ_ONLY, Json, Model
from ..shapes import wire_name_of
from ..unions import Tag, Telling, Unknown

M = TypeVar("M", bound=Model)

_SCALARS: Final[tuple[tuple[type[object], Json], ...]] = (
    (NoneType, None),
    (bool, False),
    (int, 1),
    (float, 1.0),
    (Decimal, "1"),
    (datetime, "2024-01-01T00:00:00Z"),
    (date, "2024-01-01"),
    (time, "00:00:00Z"),
    (UUID, "00000000-0000-4000-8000-000000000001"),
)
"""By type; a subclass stands before its base."""


class Endless(ValueError):
    """There is no finite value of a type: each would hold another of its kind."""


def make(model: type[M], /, **fields: object) -> M:
    """Return a valid instance of a model, with these fields and what else it requires.

    The same call gives an equal instance each time: text is the name of its field,
    numbers are 1, times are the beginning of 2024, lists have one item, maps none.

    Args:
        model: A generated model.
        fields: Values of fields, by their Python names.

    Raises:
        TypeError: The model has no such field.
        ValueError: A value does not fit.
    """
    model.model_rebuild()
    for name in fields:
        if name not in model.model_fields:
            raise TypeError(f"{model.__name__} has no field {name!r}")
    return model.model_validate({**_object(model, (), fields), **fields})


def make_json(model: type[Model], /, **fields: object) -> dict[str, Json]:
    """Return what `make` gives, as the JSON object that goes over the wire.

    Raises:
        TypeError: The model has no such field.
        ValueError: A value does not fit.
    """
    made = make(model, **fields)
    return made.model_dump(mode="json", by_alias=True, exclude_unset=True)


def example_json(annotation: object, name: str = "value") -> Json:
    """Return JSON that fits a type.

    Args:
        annotation: The type, as pydantic takes it.
        name: What text is.

    Raises:
        Endless: There is no finite value.
        TypeError: It is a type that no generated code has.
    """
    return _example(annotation, name, ())


def _example(annotation: object, name: str, within: tuple[object, ...]) -> Json:
    if annotation is Any or annotation is JsonValue or annotation is Unknown:
        return {}
    if isinstance(annotation, TypeAliasType):
        return _example(_value_of(annotation), name, _deeper(annotation, within))
    origin = get_origin(annotation)
    arguments: tuple[object, ...] = get_args(annotation)
    if origin is Annotated:
        return _annotated(arguments, name, within)
    if origin is Union or origin is UnionType:
        return _first(arguments, name, within)
    if origin is Literal:
        return _plain(arguments[0])
    kind = origin or annotation
    if not isinstance(kind, type):
        raise TypeError(f"there is no example of {annotation!r}")
    return _of_class(kind, arguments, name, within)


def _value_of(alias: TypeAliasType) -> object:
    """Return what a named type stands for; it may name itself, in text."""
    value: object = alias.__value__
    told = SimpleNamespace(__annotations__={"value": value})
    names = vars(sys.modules[str(alias.__module__)])
    return get_type_hints(told, globalns=names, include_extras=True)["value"]


def _of_class(
    kind: type[object],
    arguments: tuple[object, ...],
    name: str,
    within: tuple[object, ...],
) -> Json:
    if issubclass(kind, Model):
        return _object(kind, within)
    if issubclass(kind, Enum):
        return _plain(next(iter(kind)))
    if issubclass(kind, dict):
        return {}
    if issubclass(kind, tuple):
        return [_example(each, name, within) for each in arguments]
    if issubclass(kind, list):
        try:
            return [_example(arguments[0], name, within)]
        except Endless:
            return []
    if issubclass(kind, str | bytes):
        return name
    for known, value in _SCALARS:
        if issubclass(kind, known):
            return value
    raise TypeError(f"there is no example of {kind!r}")


def _object(
    model: type[Model], within: tuple[object, ...], without: Iterable[str] = ()
) -> dict[str, Json]:
    """Return the required fields of a model by their names on the wire."""
    deeper = _deeper(model, within)
    # The fields of a model whose build is deferred may not be known yet.
    model.model_rebuild()
    left_out = set(without)
    found: dict[str, Json] = {}
    for name, field in model.model_fields.items():
        if name in left_out:
            continue
        if field.is_required() or _comes_from_the_service(field):
            # pydantic keeps the marks of a type beside it.
            parts = (field.annotation, *field.metadata)
            found[wire_name_of(model, name)] = _annotated(parts, name, deeper)
        elif field.default is not None:
            found[wire_name_of(model, name)] = _plain(field.default)
    return found


def _comes_from_the_service(field: FieldInfo) -> bool:
    """Tell whether every answer has a field that no caller sets."""
    optional = NoneType in get_args(field.annotation)
    return READ_ONLY in field.metadata and not optional


def _annotated(
    arguments: tuple[object, ...], name: str, within: tuple[object, ...]
) -> Json:
    annotation, *marks = arguments
    tags = [mark.tag for mark in marks if isinstance(mark, Telling)]
    if tags:
        return _first(get_args(annotation) or (annotation,), name, within, tags[0])
    return _example(annotation, name, within)


def _first(
    members: Sequence[object],
    name: str,
    within: tuple[object, ...],
    tag: str | None = None,
) -> Json:
    """Return an example of the first member of a union that has one."""
    # A value says more than None, and a known variant more than an unknown one.
    for member in sorted(members, key=lambda each: each is NoneType or each is Unknown):
        try:
            found = _example(member, name, within)
        except Endless:
            continue
        if tag is not None and isinstance(found, dict):
            found |= _tagged(member, tag, found.get(tag))
        return found
    raise Endless(name)


def _tagged(member: object, tag: str, value: Json) -> dict[str, Json]:
    """Return the tag of a variant, where it has not one of its own."""
    marks = get_args(member)[1:] if get_origin(member) is Annotated else ()
    values = [each for mark in marks if isinstance(mark, Tag) for each in mark.values]
    return {tag: values[0]} if values and value not in values else {}


def _deeper(kind: object, within: tuple[object, ...]) -> tuple[object, ...]:
    if any(kind is each for each in within):
        raise Endless(repr(kind))
    return (*within, kind)


def _plain(value: object) -> Json:
    plain: Json = to_jsonable_python(value)
    return plain
