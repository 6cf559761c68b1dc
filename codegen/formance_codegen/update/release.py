"""Reads a published document: whether it is one, and its bare wire facts with known slips mended."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from formance_codegen.diagnostics import Outcome, Severity, diagnose
from formance_codegen.load.document import load
from formance_codegen.load.inventory import take_inventory
from formance_codegen.load.json_value import JsonValue, Missing, as_mapping, as_sequence, as_text, find
from formance_codegen.load.normalise import normalise
from formance_codegen.load.structure import Form, Kind, field_of
from formance_codegen.load.yaml import parse
from formance_codegen.pointer import ROOT, Pointer, join, tokens
from formance_codegen.source import SourceFile, Span
from formance_codegen.update.facts import FORMATS, is_prose, target

_PAGE: Final = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype|html|head|body|\?xml)\b", re.IGNORECASE | re.DOTALL)
_PARAMETER: Final = re.compile(r"#/components/(?:parameters|headers)/[^/]+")
"""What a schema cannot refer to; the schema of that is meant."""
_DROPPED: Final = frozenset({"duplicate-enum-value", "required-without-property", "extension-in-paths"})
"""Findings about a part that says nothing, so that leaving it out changes no fact."""


def read_release(content: bytes, name: str) -> Outcome[JsonValue]:
    """Return the data of a published document as it is; an error says why the bytes are none.

    Args:
        name: What diagnostics call it.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Outcome(value=None, diagnostics=(diagnose("not-yaml", f"{name} is not text in UTF-8"),))
    if _PAGE.match(text):
        notes = ("a server or a proxy answers with a page of its own where the document should be", _BY_HAND)
        message = f"{name} is a web page, not an OpenAPI document"
        return Outcome(value=None, diagnostics=(diagnose("not-openapi", message, notes=notes),))
    return read_document(SourceFile(name=name, text=text))


_BY_HAND: Final = "open the address in a browser, save the document, and give it with --from-file"


def read_document(source: SourceFile) -> Outcome[JsonValue]:
    """Return the data of a document that a client can be made of, as it is written; only errors are told."""
    loaded = load(source)
    diagnostics = loaded.diagnostics
    if loaded.value is not None:
        # The models take a while to load.
        from formance_codegen.load.openapi import parse_openapi

        diagnostics = (*diagnostics, *parse_openapi(loaded.value).diagnostics)
    errors = tuple(found for found in diagnostics if found.severity is Severity.ERROR)
    parsed = parse(source).value
    if errors or parsed is None or loaded.value is None:
        return Outcome(value=None, diagnostics=errors)
    return Outcome(value=parsed.data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A published document without its publisher's words."""

    data: JsonValue
    required_by_bases: Mapping[str, frozenset[str]]
    """By reference to a schema: names that it required without declaring them, which those made of it may do."""


def bare(data: JsonValue, name: str) -> Facts:
    """Return the facts of a document that ``read_release`` gave.

    Words, examples and extensions are left out; a response says the phrase of its status, since it has to say
    something. So are parts without a meaning: keys of ``paths`` that are no paths, repeated enum values and required
    names that nothing declares. Misspelt formats are mended.
    """
    spans = {ROOT: Span(file=name, line=1, column=1)}
    dropped = {found.pointer for found in normalise(data, spans).diagnostics if found.code.slug in _DROPPED}
    required: dict[str, frozenset[str]] = {}
    for pointer in take_inventory(data).bases:
        if absent := _undeclared(data, pointer):
            required[f"#{pointer}"] = frozenset(absent)
            names = as_sequence(as_mapping(find_or_none(data, pointer)).get("required"))
            dropped |= {join(pointer, "required", index) for index, entry in enumerate(names) if entry in absent}
    walk = _Walk(frozenset(place for place in dropped if place is not None))
    return Facts(data=walk.part(Kind.OPENAPI, data, ROOT), required_by_bases=required)


def find_or_none(data: JsonValue, pointer: Pointer) -> JsonValue:
    """Return the part at a pointer, or None."""
    found = find(data, pointer)
    return None if isinstance(found, Missing) else found


def _undeclared(data: JsonValue, pointer: Pointer) -> set[str]:
    """Return what a schema that others are made of requires, though neither it nor what it is made of declares it."""
    schema = as_mapping(find_or_none(data, pointer))
    known = _properties(data, schema, frozenset((pointer,)))
    names = {name for name in as_sequence(schema.get("required")) if isinstance(name, str)}
    return names - known if known and not schema.keys() & {"oneOf", "anyOf"} else set()


def _properties(data: JsonValue, schema: Mapping[str, JsonValue], seen: frozenset[str]) -> frozenset[str]:
    known = frozenset(as_mapping(schema.get("properties")))
    for member in as_sequence(schema.get("allOf")):
        reference = as_text(as_mapping(member).get("$ref"))
        if reference not in seen:
            passed = seen | {reference} if reference else seen
            known |= _properties(data, as_mapping(target(data, member)), passed)
    return known


class _Walk:
    """Rebuilds a document from the top down without what is dropped."""

    def __init__(self, dropped: frozenset[Pointer]) -> None:
        self._dropped = dropped

    def part(self, kind: Kind, value: JsonValue, place: Pointer) -> JsonValue:
        if not isinstance(value, dict):
            return value
        found = {
            key: self._child(kind, key, child, join(place, key))
            for key, child in value.items()
            if not is_prose(key) and join(place, key) not in self._dropped
        }
        match kind:
            case Kind.RESPONSE if "$ref" not in value:
                found["description"] = _phrase(tokens(place)[-1])
            case Kind.INFO:
                found["title"] = value.get("title", "API")
            case Kind.SECURITY_SCHEME:
                return _wordless(found)
            case Kind.SCHEMA if not found.get("required", True):
                del found["required"]
            case Kind.SCHEMA if meant := _PARAMETER.fullmatch(str(found.get("$ref"))):
                found["$ref"] = f"{meant[0]}/schema"
            case _:
                pass
        return found

    def _child(self, kind: Kind, key: str, value: JsonValue, place: Pointer) -> JsonValue:
        field = field_of(kind, key)
        if field is None:
            return self._data(kind, key, value, place)
        match field.form, value:
            case Form.LIST, list():
                return [self.part(field.kind, item, join(place, index)) for index, item in enumerate(value)]
            case Form.MAP, dict():
                return {name: self.part(field.kind, item, join(place, name)) for name, item in value.items()}
            case Form.ONE, _:
                return self.part(field.kind, value, place)
            case _:
                return value

    def _data(self, kind: Kind, key: str, value: JsonValue, place: Pointer) -> JsonValue:
        match kind, key, value:
            case Kind.SCHEMA, ("enum" | "required"), list():
                return [item for index, item in enumerate(value) if join(place, index) not in self._dropped]
            case Kind.SCHEMA, "format", str():
                return FORMATS.get(value, value)
            case _:
                return value


def _wordless(scheme: JsonValue) -> JsonValue:
    """Return a security scheme whose scopes are not described."""
    flows = as_mapping(as_mapping(scheme).get("flows"))
    if not flows:
        return scheme
    bare_flows: dict[str, JsonValue] = {
        name: {**as_mapping(flow), "scopes": dict.fromkeys(as_mapping(as_mapping(flow).get("scopes")), "")}
        for name, flow in flows.items()
    }
    return {**as_mapping(scheme), "flows": bare_flows}


def _phrase(status: str) -> str:
    """Return the standard words for a status (RFC 9110, section 15), or plain ones."""
    if status.isdigit() and int(status) in set(HTTPStatus):
        return HTTPStatus(int(status)).phrase
    classes = {"1XX": "Informational", "2XX": "Success", "3XX": "Redirection", "4XX": "Client error"}
    return {**classes, "5XX": "Server error", "default": "Any other outcome"}.get(status, "Response")
