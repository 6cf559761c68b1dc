"""What OpenAPI 3.2 has beyond 3.1, said in the terms of 3.1 where they suffice."""

import re
from collections.abc import Mapping
from typing import Final

from formance_codegen.load.conversion import Conversion, without
from formance_codegen.load.findings import Findings
from formance_codegen.load.json_value import JsonValue, as_mapping, as_sequence
from formance_codegen.load.parsed import Parsed
from formance_codegen.load.structure import METHODS, Form, Kind, field_of
from formance_codegen.pointer import ROOT, Pointer, join

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""What a method may consist of (RFC 9110, section 9.1)."""
_FORM: Final = "application/x-www-form-urlencoded"


def from_newer(parsed: Parsed) -> tuple[Parsed, Findings]:
    """Return a document of OpenAPI 3.2 as one of 3.1, and what was found on the way.

    - ``query`` and ``additionalOperations`` of a path item stay: what follows knows them.
    - A parameter in the ``querystring`` that is written like a form is one in the query whose properties are
      written each by itself. Another one is one in the query, of the style ``querystring``, which 3.1 does not have.
    - ``itemSchema``, ``itemEncoding`` and ``prefixEncoding`` stay: what follows knows them.
    - A response or a tag without a description has its summary for one.
    The rest, such as ``$self``, the parents of tags, and names of servers, says nothing that a client does.
    """
    findings = Findings(spans=parsed.spans)
    run = Conversion(data=parsed.data, findings=findings)
    data = _Walk(run).part(Kind.OPENAPI, parsed.data, ROOT, ROOT)
    return Parsed(data=data, spans=run.spans(parsed.spans)), findings


class _Walk:
    """Rebuilds a document from the top down."""

    def __init__(self, run: Conversion) -> None:
        self._run = run

    def part(self, kind: Kind, value: JsonValue, old: Pointer, new: Pointer) -> JsonValue:
        """Return an object that was at ``old`` and is now at ``new``."""
        if not isinstance(value, dict):
            return value
        if "$ref" not in value or kind is Kind.PATH_ITEM:
            value = self._changed(kind, value, old, new)
        return {key: self._child(kind, key, child, old, new) for key, child in value.items()}

    def _child(self, kind: Kind, key: str, value: JsonValue, around: Pointer, now: Pointer) -> JsonValue:
        known = field_of(kind, key)
        if known is None or known.kind is Kind.SCHEMA:
            return value
        old, new = join(around, key), join(now, key)
        match known.form, value:
            case Form.ONE, _:
                return self.part(known.kind, value, old, new)
            case Form.LIST, list():
                return [self.part(known.kind, item, join(old, i), join(new, i)) for i, item in enumerate(value)]
            case Form.MAP, dict():
                return {
                    name: self.part(known.kind, item, join(old, name), join(new, name)) for name, item in value.items()
                }
            case _:
                return value

    def _changed(self, kind: Kind, node: dict[str, JsonValue], old: Pointer, new: Pointer) -> dict[str, JsonValue]:
        match kind:
            case Kind.OPENAPI:
                return {**node, "tags": [_tag(tag) for tag in as_sequence(node["tags"])]} if "tags" in node else node
            case Kind.PATH_ITEM:
                self._check_methods(node, old)
            case Kind.PARAMETER if node.get("in") == "querystring" and _FORM in as_mapping(node.get("content")):
                self._run.came(join(old, "content", _FORM, "schema"), join(new, "schema"))
                schema = as_mapping(as_mapping(node.get("content"))[_FORM]).get("schema", {})
                return {**without(node, "content"), "in": "query", "style": "form", "explode": True, "schema": schema}
            case Kind.PARAMETER if node.get("in") == "querystring":
                return {**node, "in": "query", "style": "querystring"}
            case Kind.RESPONSE if "description" not in node:
                return {**node, "description": node.get("summary", "")}
            case _:
                pass
        return node

    def _check_methods(self, node: Mapping[str, JsonValue], pointer: Pointer) -> None:
        for method in as_mapping(node.get("additionalOperations")):
            place = join(pointer, "additionalOperations", method)
            if method.lower() in (*METHODS, "query"):
                message = f'"{method}" has a field of its own, "{method.lower()}" of the path item'
                self._run.findings.report("invalid-document", message, place)
            elif not _TOKEN.fullmatch(method):
                self._run.findings.report("invalid-document", f'"{method}" is no method of HTTP', place)


def _tag(value: JsonValue) -> JsonValue:
    if isinstance(value, dict) and "description" not in value and isinstance(value.get("summary"), str):
        return {**value, "description": value["summary"]}
    return value
