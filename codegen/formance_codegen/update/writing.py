"""Writes documents in one stable style: known keys in an order of their own, a blank line before each path."""

import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from yaml import SafeDumper, ScalarNode, dump
from yaml.nodes import Node

from formance_codegen.load.json_value import JsonValue, as_mapping
from formance_codegen.load.scalars import plain
from formance_codegen.load.structure import Form, Kind, field_of

_WIDTH: Final = 118
"""Where lines are folded."""
_LONG: Final = 100
"""A text with more characters is folded over several lines."""

_APART: Final = frozenset({"info", "servers", "security", "tags", "paths", "components"})
"""Keys of the document with a blank line before them."""
_OPEN: Final = re.compile(r"(?:^|[\n\x85\u2028\u2029])[\n\x85\u2028\u2029]\Z")
_STATUS: Final = re.compile(r"[1-5](?:\d\d|XX)")

_PARAMETER: Final = "$ref name in description required deprecated style explode schema content example examples"
_ORDER: Final[Mapping[Kind, tuple[str, ...]]] = MappingProxyType(
    {
        kind: tuple(keys.split())
        for kind, keys in {
            Kind.OPENAPI: "openapi info servers security tags paths components",
            Kind.INFO: "title summary version description contact license",
            Kind.OPERATION: "operationId tags summary description deprecated parameters requestBody responses security",
            Kind.PARAMETER: _PARAMETER,
            Kind.HEADER: _PARAMETER,
            Kind.REQUEST_BODY: "$ref description required content",
            Kind.RESPONSE: "$ref description headers content links",
            Kind.MEDIA_TYPE: "schema example examples",
            Kind.SCHEMA: "$ref title type format description deprecated nullable readOnly writeOnly enum const default "
            "allOf oneOf anyOf not discriminator required properties additionalProperties items pattern minLength "
            "maxLength minimum exclusiveMinimum maximum exclusiveMaximum minItems maxItems uniqueItems example",
        }.items()
    }
)
"""The keys of each kind of object in the order in which they are written; any other key comes behind as it was."""


def to_yaml(document: JsonValue) -> str:
    """Return a document as YAML; what is read from that and written again gives the same text."""
    ordered = _ordered(Kind.OPENAPI, document)
    return "".join(_section(key, value) for key, value in as_mapping(ordered).items()).lstrip("\n")


def to_json(document: JsonValue) -> str:
    """Return a document as JSON with the keys in the same order."""
    return f"{json.dumps(_ordered(Kind.OPENAPI, document), indent=2, ensure_ascii=False)}\n"


def _section(key: str, value: JsonValue) -> str:
    """Return one key of the document with what stands under it."""
    text: str = dump(
        {key: value}, Dumper=_Dumper, sort_keys=False, width=_WIDTH, allow_unicode=True, default_flow_style=False
    )
    if key == "paths":
        text = re.sub(r"\n(?=  /)", "\n\n", text).replace("paths:\n\n", "paths:\n", 1)
    return f"\n{text}" if key in _APART else text


def _ordered(kind: Kind, value: JsonValue) -> JsonValue:
    if not isinstance(value, dict):
        return value
    order = _ORDER.get(kind, ())
    keys = [*(key for key in order if key in value), *(key for key in value if key not in order)]
    return {key: _child(kind, key, value[key]) for key in keys}


def _child(kind: Kind, key: str, value: JsonValue) -> JsonValue:
    field = field_of(kind, key)
    if field is None:
        return value
    match field.form, value:
        case Form.LIST, list():
            return [_ordered(field.kind, item) for item in value]
        case Form.MAP, dict():
            return {name: _ordered(field.kind, item) for name, item in value.items()}
        case Form.ONE, _:
            return _ordered(field.kind, value)
        case _:
            return value


class _Dumper(SafeDumper):
    """Indents lists below their key, folds long texts, writes no anchors."""

    # The library calls these by position.
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002
        del indentless
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def _text(dumper: SafeDumper, value: str) -> Node:
    del dumper
    return ScalarNode("tag:yaml.org,2002:str", value, style=_style(value))


def _style(value: str) -> str | None:
    if _OPEN.search(value):
        # Blank lines at the end of a block would run into those between sections.
        return '"'
    if "\n" in value:
        return "|"
    if len(value) > _LONG:
        return ">"
    if _STATUS.fullmatch(value):
        return '"'
    # The library quotes what YAML 1.1 would misread; that is not all that YAML 1.2 would.
    return None if isinstance(plain(value), str) else "'"


_Dumper.add_representer(str, _text)
