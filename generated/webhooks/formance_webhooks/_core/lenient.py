"""The lenient reading of JSON: what does not fit is kept as it came, and noted.

It costs more than the strict reading, so it comes second, after that has failed. It
takes the core schema that pydantic has made of a type, and wraps each field, item and
value in it, so that a part that does not fit spoils nothing around it. A marker stands
in its place until the whole is read, since only then it is known where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

from pydantic import ValidationError
from pydantic_core import SchemaValidator, core_schema
from typing_extensions import TypeVar

from .adapter import Reader
from .drift import DriftKind, Finding, found, name_of
from .envelopes import Envelope
from .exact import has_decimals, read_exactly
from .guards import is_array, is_dict
from .model import Model
from .pointers import Path, pointer_of
from .shapes import wire_name_of

T = TypeVar("T")
Schema: TypeAlias = dict[str, Any]
"""A part of a core schema; its keys are those that pydantic documents."""


class Misplaced(Exception):
    """An object that is another than was expected, not one with a fault.

    Args:
        pointer: Where it stands.
        message: What is wrong with it.
    """

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(pointer, message)
        self.pointer = pointer
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unfit:
    """Stands for a value that does not fit."""

    raw: object
    expected: str


class _Missing:
    """The type of what stands for a required property that is not there."""


_MISSING: Final = _Missing()


def read_leniently(adapter: Reader[T], content: bytes, findings: list[Finding]) -> T:
    """Return what JSON text holds, whether all of it fits or not.

    A value that does not fit is kept as plain JSON, a required property that is missing
    reads as None; the parts around them are what they should be. Envelopes have to fit.

    Args:
        adapter: Reads the text strictly.
        content: The text.
        findings: What does not fit is added here.

    Raises:
        pydantic.ValidationError: The whole, or an envelope, is of another shape.
        Misplaced: An object has nothing of what it should have.
    """
    value: Any = read_exactly(
        _lenient(adapter), content, decimals=has_decimals(adapter)
    )
    _check(value)
    findings += _settle(value, ())
    result: T = value
    return result


@lru_cache(maxsize=1024)
def _lenient(adapter: Reader[object]) -> SchemaValidator:
    # Without the validators of the models as they are: those are strict.
    return SchemaValidator(_loose(adapter.core_schema), _use_prebuilt=False)


def _loose(schema: Mapping[str, Any]) -> Any:
    """Return a schema whose parts may be unfit."""
    copy: Schema = dict(schema)
    match schema["type"]:
        case "model":
            copy["schema"] = _fields(schema["schema"], schema["cls"])
        case "definitions":
            copy["schema"] = _loose(schema["schema"])
            copy["definitions"] = [_loose(each) for each in schema["definitions"]]
        case "nullable" | "default" | "function-before" | "function-after":
            copy["schema"] = _loose(schema["schema"])
        case "list" if "items_schema" in schema:
            copy["items_schema"] = _kept(schema["items_schema"])
        case "dict" if "values_schema" in schema:
            copy["values_schema"] = _kept(schema["values_schema"])
        case "tagged-union":
            choices = schema["choices"].items()
            copy["choices"] = {label: _loose(choice) for label, choice in choices}
        case _:
            pass
    return copy


def _fields(schema: Mapping[str, Any], model: type[object]) -> Schema:
    copy: Schema = dict(schema)
    if schema["type"] != "model-fields":
        return copy
    is_envelope = issubclass(model, Envelope)
    copy["fields"] = {
        name: {**field, "schema": _field(field["schema"], firm=is_envelope)}
        for name, field in schema["fields"].items()
    }
    if "extras_schema" in schema:
        copy["extras_schema"] = _kept(schema["extras_schema"])
    return copy


def _field(schema: Mapping[str, Any], *, firm: bool) -> Any:
    if schema["type"] == "default":
        return {**schema, "schema": _kept(schema["schema"])}
    if firm:
        return _loose(schema)
    return core_schema.with_default_schema(_kept(schema), default=_MISSING)


def _kept(schema: Mapping[str, Any]) -> Any:
    return core_schema.no_info_wrap_validator_function(_keep, _loose(schema))


def _keep(value: object, handler: Callable[[object], object]) -> object:
    try:
        return handler(value)
    except ValidationError as error:
        message = error.errors(include_url=False, include_input=False)[0]["msg"]
        return _Unfit(raw=value, expected=message.removeprefix("Input should be "))


def _check(value: object) -> None:
    """Look at the object that was asked for: an alien one is no object with faults."""
    path: Path = ()
    while isinstance(value, Envelope):
        inside: str = next(iter(type(value).model_fields))
        path, value = (*path, inside), getattr(value, inside)
    if not isinstance(value, Model):
        return
    fields = type(value).model_fields
    wanted = any(field.is_required() for field in fields.values())
    if wanted and not value.model_fields_set & fields.keys():
        kind = type(value).__name__
        raise Misplaced(pointer_of(path), f"there is nothing of {kind} in it")


def _settle(value: object, path: Path, model: str = "") -> Iterator[Finding]:
    """Put what came in the place of all markers; yield what they stand for."""
    if isinstance(value, Model):
        yield from _settle_model(value, path)
    elif is_dict(value):
        yield from _settle_parts(value, list(value), path, model)
    elif is_array(value):
        yield from _settle_parts(value, range(len(value)), path, model)


def _settle_model(model: Model, path: Path) -> Iterator[Finding]:
    kind, owner = type(model), name_of(model)
    # Not by assignment, which would check the values.
    values = vars(model)
    for name, field in kind.model_fields.items():
        place = (*path, wire_name_of(kind, name))
        match values.get(name):
            case _Missing():
                values[name] = None
                yield found(place, "missing field", model=owner, expected="a value")
            case _Unfit() as unfit:
                # Of an envelope the runtime itself makes use: it must be sure of it.
                envelope = isinstance(model, Envelope)
                values[name] = field.default if envelope else unfit.raw
                yield _finding(unfit, place, owner)
            case value:
                yield from _settle(value, place, owner)
    extra = model.model_extra
    if extra:
        yield from _settle_parts(extra, list(extra), path, owner)


def _settle_parts(parts: Any, keys: Any, path: Path, model: str) -> Iterator[Finding]:
    for key in keys:
        value, place = parts[key], (*path, key)
        if isinstance(value, _Unfit):
            parts[key] = value.raw
            yield _finding(value, place, model)
        else:
            yield from _settle(value, place, model)


def _finding(unfit: _Unfit, path: Path, model: str) -> Finding:
    kind: DriftKind = "null" if unfit.raw is None else "wrong value"
    return found(path, kind, model=model, expected=unfit.expected)
