"""What is demanded of a body before it is sent: bounds, and who may set a property."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias, get_args

from typing_extensions import TypeAliasType

from .arguments import Unwritable, place
from .bounds import Within
from .guards import is_list, is_mapping
from .model import READ_ONLY, WRITE_ONLY, Closed, Model
from .nulls import Exclusion
from .pointers import Path

UNDECLARED: Final = "there is no such property"
Problems: TypeAlias = list[tuple[str, str]]


def ready_to_send(value: object, bounds: Within | None = None) -> Exclusion | None:
    """Return what pydantic must leave out of a body: what the service alone may set.

    Args:
        value: The body, validated.
        bounds: What it must keep to, besides what its models say.

    Raises:
        Unwritable: A value is out of its bounds, or one is missing.
    """
    told = bounds.findings(value) if bounds is not None else ()
    problems: Problems = [(place(where), complaint) for where, complaint in told]
    hidden = _look(value, (), problems)
    if problems:
        raise Unwritable(*problems)
    return hidden


def _undeclared(value: Model, path: Path) -> Iterator[Path]:
    if isinstance(value, Closed):
        yield from ((*path, name) for name in value.model_extra or ())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """What is demanded of a field, or of what is inside it."""

    name: str
    read_only: bool
    needed: bool
    """Whether it must be there though an answer never has it."""
    bounds: Within | None


def _look(value: object, path: Path, problems: Problems) -> Exclusion | None:
    """Return what is to be left out; note what is wrong."""
    found: Exclusion = {}
    if isinstance(value, Model):
        problems.extend(
            (place(where), UNDECLARED) for where in _undeclared(value, path)
        )
        for rule in _rules(type(value)):
            if (hidden := _look_at_field(value, rule, path, problems)) is not None:
                found[rule.name] = hidden
    elif is_mapping(value):
        for key, item in value.items():
            inner = _look(item, (*path, str(key)), problems)
            if isinstance(key, str | int) and inner:
                found[key] = inner
    elif is_list(value):
        for index, item in enumerate(value):
            if inner := _look(item, (*path, index), problems):
                found[index] = inner
    return found or None


def _look_at_field(
    model: Model, rule: _Rule, path: Path, problems: Problems
) -> bool | Exclusion | None:
    place_of_it = (*path, rule.name)
    if rule.name not in model.model_fields_set:
        if rule.needed:
            problems.append((place(place_of_it), "a value is needed"))
        return None
    if rule.read_only:
        return True
    item: object = getattr(model, rule.name)
    if rule.bounds is not None:
        told = rule.bounds.findings(item, place_of_it)
        problems.extend((place(where), complaint) for where, complaint in told)
    return _look(item, place_of_it, problems)


@lru_cache(maxsize=4096)
def _rules(model: type[Model]) -> tuple[_Rule, ...]:
    """Return the fields of a model that need a look; most models have none."""
    return tuple(
        rule
        for rule, annotation in _declared(model)
        if _demands(rule) or _has_demands(annotation)
    )


def _declared(model: type[Model]) -> Iterator[tuple[_Rule, object]]:
    # The fields of a model whose build is deferred may not be known yet.
    model.model_rebuild()
    for name, field in model.model_fields.items():
        marks: list[Any] = field.metadata
        rule = _Rule(
            name=name,
            read_only=READ_ONLY in marks,
            needed=WRITE_ONLY in marks and field.is_required(),
            bounds=next((mark for mark in marks if isinstance(mark, Within)), None),
        )
        yield rule, field.annotation


def _demands(rule: _Rule) -> bool:
    return rule.read_only or rule.needed or rule.bounds is not None


def _has_demands(annotation: object) -> bool:
    """Tell whether there are demands anywhere in the values of a type."""
    seen: set[type[Model]] = set()
    left = [annotation]
    while left:
        part = left.pop()
        if isinstance(part, TypeAliasType):
            # It names itself: what is inside is found by looking at the values.
            return True
        left += get_args(part)
        if isinstance(part, type) and issubclass(part, Model) and part not in seen:
            if issubclass(part, Closed):
                return True
            seen.add(part)
            for rule, inside in _declared(part):
                if _demands(rule):
                    return True
                left.append(inside)
    return False
