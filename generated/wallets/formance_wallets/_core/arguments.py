"""Where in the arguments of a call something is wrong, as the caller spells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

from pydantic import ValidationError

from .guards import is_list, is_mapping
from .model import Model
from .pointers import Path

BODY: Final = "body"
CONTENT_TYPE: Final = "content_type"
MOST: Final = 10
"""How many problems the text of an error tells."""

Schema: TypeAlias = Mapping[str, Any]
"""A part of a core schema, as pydantic makes it of a type."""
Problems: TypeAlias = tuple[tuple[str, str], ...]


class Unwritable(ValueError):
    """A value that cannot be sent.

    Args:
        problems: What is wrong in which argument, without the value.
    """

    def __init__(self, *problems: tuple[str, str]) -> None:
        told = [f"{place}: {what}" for place, what in problems[:MOST]]
        more = len(problems) - len(told)
        super().__init__("; ".join(told) + (f"; and {more} more" if more else ""))
        self.problems: Problems = problems


def misfit(
    error: ValidationError, schema: Schema, path: tuple[str | int, ...] = ()
) -> Unwritable:
    """Return what pydantic found wrong with a body.

    Args:
        error: What it found.
        schema: The core schema of the body.
        path: Where in the body that stands.
    """
    return Unwritable(
        *(
            (place((*path, *_named(schema, detail["loc"]))), detail["msg"])
            for detail in error.errors(include_url=False, include_input=False)
        )
    )


def place(path: Iterable[str | int]) -> str:
    """Return the name of a place in the body: ``body.postings.0.amount``."""
    return ".".join([BODY, *map(str, path)])


def naive_moments(value: object, path: Path = ()) -> Iterator[Path]:
    """Yield where the moments without a time zone are: nobody knows when those are."""
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            yield path
    elif isinstance(value, Model):
        for name, item in value:
            yield from naive_moments(item, (*path, name))
    elif is_mapping(value):
        for key, item in value.items():
            yield from naive_moments(item, (*path, str(key)))
    elif is_list(value):
        for index, item in enumerate(value):
            yield from naive_moments(item, (*path, index))


def _named(schema: Schema, path: Path) -> Iterator[str | int]:
    """Yield a path with the fields' names in Python, without the labels of variants."""
    definitions = _definitions(schema)
    node: Schema | None = schema
    for part in path:
        node = None if node is None else _open(node, definitions)
        if node is None:
            yield part
            continue
        match node["type"]:
            case "model-fields":
                name, node = _field(node, part)
                yield name
            case "list":
                yield part
                node = node.get("items_schema")
            case "dict":
                yield part
                node = node.get("values_schema")
            case "tagged-union":
                # The label of a variant is no part of the value.
                node = node["choices"].get(part)
            case "union":
                node = None
            case _:
                yield part
                node = None


def _definitions(schema: Schema) -> Mapping[str, Schema]:
    if schema["type"] != "definitions":
        return {}
    return {each["ref"]: each for each in schema["definitions"]}


def _open(schema: Schema, definitions: Mapping[str, Schema]) -> Schema | None:
    """Return what a schema is below its wrappers."""
    node: Schema | None = schema
    while node is not None:
        match node["type"]:
            case "definition-ref":
                node = definitions.get(node["schema_ref"])
            case "lax-or-strict":
                node = node["lax_schema"]
            case "json-or-python":
                node = node["python_schema"]
            case _ if isinstance(node.get("schema"), Mapping):
                node = node["schema"]
            case _:
                return node
    return None


def _field(schema: Schema, part: str | int) -> tuple[str | int, Schema | None]:
    for name, field in schema["fields"].items():
        if part in (name, field.get("validation_alias")):
            return name, field["schema"]
    return part, schema.get("extras_schema")
