"""Any document of OpenAPI 3.0 or 3.1 to one dialect, valid 3.1, with every part under the pointer it had."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from formance_codegen.diagnostics import Diagnostic
from formance_codegen.load.findings import Findings
from formance_codegen.load.inventory import Inventory, take_inventory, target_of
from formance_codegen.load.json_value import JsonValue, as_mapping, find
from formance_codegen.load.required import undeclared
from formance_codegen.load.schemas import normalise_schema
from formance_codegen.load.siblings import beside_reference
from formance_codegen.load.spans import MovedSpans
from formance_codegen.load.structure import METHODS, Form, Kind, field_of
from formance_codegen.pointer import ROOT, Pointer, join
from formance_codegen.source import Span

DIALECT: Final = "3.1.1"
"""The version that normalised data declares."""

_UNTITLED: Final = "API"
"""The title of a document that has none, though it has to."""

_DATA_KEYS: Final = frozenset({"default", "const", "example", "value"})
"""Keys under which null is a value; elsewhere it says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Normal:
    """Normalised data, where its parts stand in the text, and what was found on the way."""

    data: JsonValue
    spans: Mapping[Pointer, Span]
    diagnostics: tuple[Diagnostic, ...]


def normalise(data: JsonValue, spans: Mapping[Pointer, Span]) -> Normal:
    """Return a document of OpenAPI 3.0 or 3.1 in the dialect of 3.1; ``data`` stays as it is.

    - ``nullable: true`` becomes a type list with ``"null"``, and null joins an enum. Beside a ``$ref`` or a
      composition, where an added ``anyOf`` would shift pointers, it becomes ``x-nullable: true``.
    - Boolean ``exclusiveMinimum`` and ``exclusiveMaximum`` become numbers, a schema's ``example`` becomes ``examples``.
    - Boolean schemas become ``{}`` and ``{"not": {}}``; ``additionalProperties`` keeps its boolean.
    - What has no meaning is dropped with a note: keys of ``paths`` that are no paths, ``items`` of what is no array,
      repeated enum values, required names without a property.
    - Slips that are common and harmless are brought to a valid form, each with a note (``repaired``).
    Vendor keys (``x-…``) and values (``example``, ``default``, ``enum``, ``const``) stay untouched.
    """
    findings = Findings(spans=spans)
    # In 3.0 what stands beside a reference is ignored.
    is_joint = not str(as_mapping(data).get("openapi", "")).startswith("3.0")
    walk = _Walk(findings, take_inventory(data), is_joint=is_joint)
    normal = walk.part(Kind.OPENAPI, data, ROOT, None)
    return Normal(data=normal, spans=MovedSpans(spans, findings.moved), diagnostics=tuple(findings.diagnostics))


class _Walk:
    """Rebuilds a document from the top down."""

    def __init__(self, findings: Findings, inventory: Inventory, *, is_joint: bool) -> None:
        self._findings = findings
        self._is_joint = is_joint
        self._inventory = inventory

    def part(self, kind: Kind, value: JsonValue, pointer: Pointer, keyword: str | None) -> JsonValue:
        """Return an object in its normal form; ``keyword`` is that of the schema around a schema."""
        if not isinstance(value, dict):
            return self._stray(kind, value, pointer, keyword)
        own = self._without_nulls(kind, value, pointer)
        if kind is Kind.SCHEMA:
            own = self._meant_schema(own, pointer)
            if self._is_joint:
                own = beside_reference(own, pointer, self._findings)
            own = normalise_schema(own, pointer, self._findings)
            own = undeclared(own, pointer, keyword, self._inventory, self._findings)
        elif kind is Kind.PATH_ITEM:
            own = self._own_item(own)
        elif "$ref" not in own and kind in _RULES:
            own = _RULES[kind](own, pointer, self._findings)
        return {key: self._child(kind, key, child, pointer) for key, child in own.items()}

    def _child(self, kind: Kind, key: str, value: JsonValue, around: Pointer) -> JsonValue:
        field = field_of(kind, key)
        if field is None:
            return value
        pointer, keyword = join(around, key), key if kind is Kind.SCHEMA else None
        match field.form, value:
            case Form.ONE, _:
                return self.part(field.kind, value, pointer, keyword)
            case Form.LIST, list() if field.kind is Kind.PARAMETER:
                return self._parameters(value, pointer)
            case Form.LIST, list():
                return [self.part(field.kind, item, join(pointer, i), keyword) for i, item in enumerate(value)]
            case Form.MAP, dict():
                places = {name: join(pointer, name) for name in value}
                return {
                    name: self.part(field.kind, item, places[name], keyword)
                    for name, item in value.items()
                    if field.kind is not Kind.PARAMETER or not self._is_nameless(item, places[name])
                }
            case _:
                return value

    def _parameters(self, values: list[JsonValue], around: Pointer) -> list[JsonValue]:
        """Return the parameters of an operation that can be sent."""
        kept: list[JsonValue] = []
        for index, value in enumerate(values):
            place = join(around, index)
            if self._is_nameless(value, place):
                continue
            if len(kept) != index:
                self._findings.move(place, join(around, len(kept)))
            kept.append(self.part(Kind.PARAMETER, value, place, None))
        return kept

    def _is_nameless(self, value: JsonValue, pointer: Pointer) -> bool:
        """Tell of a parameter that nobody can send."""
        missing = [key for key in ("name", "in") if isinstance(value, dict) and key not in value]
        if not missing or "$ref" in as_mapping(value):
            return False
        what = " and no ".join(f'"{key}"' for key in missing)
        self._findings.report("doubtful", f"the parameter has no {what}", pointer, "it is left out")
        return True

    def _stray(self, kind: Kind, value: JsonValue, pointer: Pointer, keyword: str | None) -> JsonValue:
        """Return the object that something else stands for, or leave it to be reported as invalid."""
        match kind, value:
            case Kind.SCHEMA, bool() if keyword != "additionalProperties":
                return {} if value else {"not": {}}
            case Kind.SCHEMA, None:
                self._findings.report("repaired", "null is no schema; it is read as one that allows anything", pointer)
                return {}
            case Kind.RESPONSE, None:
                self._findings.report("repaired", "null is no response; it is read as one without content", pointer)
                return {"description": ""}
            case _:
                return value

    def _meant_schema(self, node: dict[str, JsonValue], pointer: Pointer) -> dict[str, JsonValue]:
        """Let a schema that refers to what has a schema refer to that; what has none allows anything."""
        reference = node.get("$ref")
        target = target_of(self._inventory.data, reference) if isinstance(reference, str) else None
        kind = self._inventory.kinds.get(target) if target else None
        if target is None or kind not in (Kind.PARAMETER, Kind.HEADER, Kind.RESPONSE, Kind.REQUEST_BODY):
            return node
        place = join(pointer, "$ref")
        meant = self._schemas_of(target)
        if len(meant) == 1:
            self._findings.report("repaired", f'"{reference}" leads to a {kind.value}; its schema is meant', place)
            return {**node, "$ref": f"#{meant[0]}"}
        self._findings.report("doubtful", f'"{reference}" leads to a {kind.value}; any value is taken', place)
        return {key: value for key, value in node.items() if key != "$ref"}

    def _own_item(self, node: dict[str, JsonValue]) -> dict[str, JsonValue]:
        """Give a path the operations that it shares with others: each is an operation of its own."""
        reference = node.get("$ref")
        target = target_of(self._inventory.data, reference) if isinstance(reference, str) else None
        if target is None or target not in self._inventory.shared:
            return node
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return {**as_mapping(find(self._inventory.data, target)), **beside}

    def _schemas_of(self, target: Pointer) -> list[Pointer]:
        """Return where an object has schemas: its own, or those of its content."""
        found = as_mapping(find(self._inventory.data, target))
        if "schema" in found:
            return [join(target, "schema")]
        content = as_mapping(found.get("content"))
        return [
            join(target, "content", name, "schema") for name, media in content.items() if "schema" in as_mapping(media)
        ]

    def _without_nulls(self, kind: Kind, value: Mapping[str, JsonValue], around: Pointer) -> dict[str, JsonValue]:
        kept: dict[str, JsonValue] = {}
        for key, child in value.items():
            field = field_of(kind, key)
            null = child is None and not key.startswith("x-") and key not in _DATA_KEYS
            if not null or (kind is Kind.SCHEMA and key == "type") or kind in (Kind.PATHS, Kind.RESPONSES):
                kept[key] = child
            elif field is not None:
                self._findings.report(
                    "repaired", f'"{key}" is null; it is read as if it were not there', join(around, key)
                )
        return kept


Rule: TypeAlias = Callable[[dict[str, JsonValue], Pointer, Findings], dict[str, JsonValue]]


def _openapi(node: dict[str, JsonValue], pointer: Pointer, findings: Findings) -> dict[str, JsonValue]:
    if "info" not in node:
        findings.report("repaired", f'the document has no "info"; it is called "{_UNTITLED}"', pointer)
    info: JsonValue = {"title": _UNTITLED, "version": ""}
    return _security({"info": info, **node, "openapi": DIALECT}, pointer, findings)


def _security(node: dict[str, JsonValue], pointer: Pointer, findings: Findings) -> dict[str, JsonValue]:
    """Read a single requirement as the list of it."""
    required = node.get("security")
    if not isinstance(required, dict):
        return node
    findings.report("repaired", '"security" is a list of requirements; it is read as one', join(pointer, "security"))
    return {**node, "security": [required]}


def _info(node: dict[str, JsonValue], pointer: Pointer, findings: Findings) -> dict[str, JsonValue]:
    fixed = dict(node)
    for key, default in (("title", _UNTITLED), ("version", "")):
        value = node.get(key)
        if value is None:
            findings.report("repaired", f'the document has no {key}; it is read as "{default}"', pointer)
            fixed[key] = default
        elif isinstance(value, int | float) and not isinstance(value, bool):
            findings.report("repaired", f"the {key} {value} is a number; it is read as a text", join(pointer, key))
            fixed[key] = str(value)
    return fixed


_PATH_ITEM: Final = frozenset({*METHODS, "query", "additionalOperations", "$ref"})
"""What tells that a value is a path item."""


def _paths(node: dict[str, JsonValue], pointer: Pointer, findings: Findings) -> dict[str, JsonValue]:
    kept: dict[str, JsonValue] = {}
    for key, value in node.items():
        if key.startswith("/"):
            kept[key] = value
        elif not key.startswith("x-") and f"/{key}" not in node and not _PATH_ITEM.isdisjoint(as_mapping(value)):
            findings.report("repaired", f'the path "{key}" has no slash before it; it gets one', join(pointer, key))
            kept[key] = value
        else:
            what = "an extension" if key.startswith("x-") else "no path, which starts with a slash"
            findings.report("extension-in-paths", f'"{key}" is {what}; it is left out', join(pointer, key))
    return kept


def _without_extensions(node: dict[str, JsonValue], _pointer: Pointer, _findings: Findings) -> dict[str, JsonValue]:
    """Leave out what the models would take for a response or a path item."""
    return {key: value for key, value in node.items() if not key.startswith("x-")}


def _response(node: dict[str, JsonValue], pointer: Pointer, findings: Findings) -> dict[str, JsonValue]:
    if "description" in node:
        return node
    findings.report("repaired", "the response has no description; it is read as an empty one", pointer)
    return {**node, "description": ""}


def _request_body(node: dict[str, JsonValue], pointer: Pointer, findings: Findings) -> dict[str, JsonValue]:
    if "content" in node:
        return node
    findings.report("repaired", "the request body has no content; it is read as an empty one", pointer)
    return {**node, "content": {}}


_RULES: Final[Mapping[Kind, Rule]] = MappingProxyType(
    {
        Kind.OPENAPI: _openapi,
        Kind.INFO: _info,
        Kind.PATHS: _paths,
        Kind.OPERATION: _security,
        Kind.RESPONSES: _without_extensions,
        Kind.CALLBACK: _without_extensions,
        Kind.RESPONSE: _response,
        Kind.REQUEST_BODY: _request_body,
    }
)
