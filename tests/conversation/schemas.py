"""Schemas as one side of a conversation is held to them, and whether values fit."""

import re
import warnings
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Final, Literal, TypeAlias
from urllib.parse import unquote
from uuid import UUID

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012, SchemaRegistry

from formance_codegen.load.json_value import JsonValue, as_mapping, as_sequence, as_text, find
from formance_codegen.pointer import Pointer

Node: TypeAlias = JsonValue | Mapping[str, JsonValue]
"""A part of a document; an object may be one that cannot be changed."""
Side: TypeAlias = Literal["request", "answer"]

_BASE: Final = "urn:document"
_HIDDEN: Final[Mapping[Side, str]] = {"request": "readOnly", "answer": "writeOnly"}
_DATA: Final = frozenset({"default", "const", "enum", "example", "examples", "value"})
_MAPS: Final = frozenset({"properties", "patternProperties", "$defs", "dependentSchemas", "schemas", "parameters"})
_NAMING: Final = frozenset({"$id", "$schema", "$anchor", "$dynamicAnchor"})
_MANY: Final = 40
"""References in a row are a circle."""


_FORMATS: Final = FormatChecker(formats=())
"""Those formats that are types of Python."""


@_FORMATS.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


@_FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or (len(value) > len("2024-01-01") and bool(datetime.fromisoformat(value)))


@_FORMATS.checks("int32")
@_FORMATS.checks("int64")
def _is_whole(value: object) -> bool:
    return not isinstance(value, float) or value.is_integer()


@_FORMATS.checks("uuid", raises=ValueError)
def _is_uuid(value: object) -> bool:
    return not isinstance(value, str) or bool(UUID(value))


class Schemas:
    """The schemas of a document of the 3.1 dialect, as a request or an answer has to fit them.

    It reads the document by itself, so that a mistake of the generator is not made here again.
    """

    def __init__(self, document: JsonValue, side: Side) -> None:
        self._document = document
        self._hidden = _HIDDEN[side]
        whole = DRAFT202012.create_resource(as_mapping(self._told(document)))
        registry: SchemaRegistry = Registry()
        self._registry = registry.with_resource(_BASE, whole)

    def complaint(self, schema: Node, value: JsonValue) -> str | None:
        """Return what a schema has against a value, or None; a schema that cannot be understood has nothing."""
        try:
            validator = Draft202012Validator(
                as_mapping(self._told(schema)), registry=self._registry, format_checker=_FORMATS
            )
            validator.validate(value)  # pyright: ignore[reportUnknownMemberType]  # the library says half of it
        except ValidationError as error:
            return f"{error.json_path}: {error.message}"[:300]
        except (Unresolvable, RecursionError, TypeError, ValueError):
            return None
        return None

    def resolved(self, node: Node) -> Mapping[str, JsonValue]:
        """Return an object of the document that is no reference, nor one to one."""
        for _ in range(_MANY):
            reference = as_text(_object(node).get("$ref", None))
            if reference is None or not reference.startswith("#"):
                break
            node = as_mapping(find(self._document, Pointer(unquote(reference[1:]))))
        return _object(node)

    def is_hidden(self, schema: Node) -> bool:
        """Tell whether this side never has such a property."""
        node = _object(schema)
        parts = (node, self.resolved(node), *map(self.resolved, as_sequence(node.get("allOf", []))))
        return any(part.get(self._hidden) is True for part in parts)

    def _told(self, node: Node, *, is_map: bool = False) -> JsonValue:
        """Return a part of the document as JSON Schema alone says it."""
        if isinstance(node, list):
            return [self._told(item) for item in node]
        if isinstance(node, Mapping):
            told = {key: self._child(key, child, is_map=is_map) for key, child in node.items()}
            return told if is_map else self._plain(node, told)
        return node

    def _child(self, key: str, child: JsonValue, *, is_map: bool) -> JsonValue:
        if not is_map and key in _DATA:
            return child
        return self._told(child, is_map=not is_map and key in _MAPS and isinstance(child, dict))

    def _plain(self, node: Mapping[str, JsonValue], told: dict[str, JsonValue]) -> JsonValue:
        own = {key: value for key, value in told.items() if key not in _NAMING or not isinstance(value, str)}
        pattern = own.get("pattern")
        if isinstance(pattern, str) and not _compiles(pattern):
            del own["pattern"]
        reference = own.get("$ref")
        if isinstance(reference, str) and reference.startswith("#"):
            own = {"$ref": _BASE + reference, "x-nullable": own.get("x-nullable", False)}
        required = as_sequence(node.get("required", []))
        if required:
            unseen = set(self._unseen(node))
            own["required"] = [name for name in required if name not in unseen]
        return {"anyOf": [{"type": "null"}, own]} if own.get("x-nullable") is True else own

    def _unseen(self, node: Mapping[str, JsonValue]) -> Iterator[str]:
        members = [self.resolved(member) for member in as_sequence(node.get("allOf", []))]
        for part in (node, *members):
            for name, schema in as_mapping(part.get("properties", {})).items():
                if self.is_hidden(schema):
                    yield name


def _object(node: Node) -> Mapping[str, JsonValue]:
    return node if isinstance(node, Mapping) else {}


def _compiles(pattern: str) -> bool:
    try:
        with warnings.catch_warnings():
            # What Python may read in another way one day is a pattern of JavaScript.
            warnings.simplefilter("ignore", FutureWarning)
            re.compile(pattern)
    except re.error:
        return False
    return True
