"""The keywords of one schema, OpenAPI 3.0's or 3.1's, in the dialect of 3.1."""

import json
from typing import Final

from formance_codegen.load.findings import Findings, quoted
from formance_codegen.load.json_value import JsonValue, as_sequence, kind_of
from formance_codegen.pointer import Pointer, join

COMPOSITIONS: Final = ("$ref", "allOf", "anyOf", "oneOf")
"""Keywords that bring other schemas in."""

TYPES: Final = frozenset({"null", "boolean", "object", "array", "number", "string", "integer"})
"""JSON Schema 2020-12, validation, section 6.1.1."""


def normalise_schema(node: dict[str, JsonValue], pointer: Pointer, findings: Findings) -> dict[str, JsonValue]:
    """Return a schema with its own keywords in the dialect of 3.1; the schemas inside it stay as they are."""
    node = _type(node, pointer, findings)
    node = _known_type(node, pointer, findings)
    node = _required(node, pointer, findings)
    node = _enum(node, pointer, findings)
    node = _meant_values(node, pointer, findings)
    node = _default(node, pointer, findings)
    node = _nullable(node)
    node = _exclusive(node, bound="minimum", exclusive="exclusiveMinimum")
    node = _exclusive(node, bound="maximum", exclusive="exclusiveMaximum")
    node = _examples(node, pointer, findings)
    return _items(node, pointer, findings)


def _type(node: dict[str, JsonValue], pointer: Pointer, findings: Findings) -> dict[str, JsonValue]:
    """Quote a null that was meant as the name of the type."""
    declared = node.get("type", "")
    names = [declared] if declared is None else as_sequence(declared)
    if None not in names:
        return node
    if declared is None and set(node) - {"type", "title", "description"}:
        findings.report("repaired", '"type" is null; it is read as if it were not there', join(pointer, "type"))
        return _without(node, "type")
    findings.report("repaired", 'a type is null without quotes; it is read as "null"', join(pointer, "type"))
    fixed: list[JsonValue] = ["null" if name is None else name for name in names]
    return {**node, "type": fixed[0] if declared is None else fixed}


def _known_type(node: dict[str, JsonValue], pointer: Pointer, findings: Findings) -> dict[str, JsonValue]:
    """Leave out names that are of no type."""
    declared, place = node.get("type"), join(pointer, "type")
    names = as_sequence(declared if isinstance(declared, list) else [declared])
    strange = [name for name in names if isinstance(name, str) and name not in TYPES]
    if not strange:
        return node
    kept = [name for name in names if name not in strange]
    instead = "it is left out" if kept else "any value is taken"
    for name in strange:
        findings.report("doubtful", f"there is no type {quoted(name)}", place, instead)
    return {**node, "type": kept} if kept else _without(node, "type")


def _required(node: dict[str, JsonValue], pointer: Pointer, findings: Findings) -> dict[str, JsonValue]:
    names, place = node.get("required"), join(pointer, "required")
    if isinstance(names, bool):
        message = '"required" of a schema is a list of its properties; a boolean says nothing'
        findings.report("repaired", message, place)
        return _without(node, "required")
    if not isinstance(names, list) or all(isinstance(name, str) for name in names):
        return node
    for index, name in enumerate(names):
        if not isinstance(name, str):
            findings.report(
                "doubtful", f"a required name is a text, not {kind_of(name)}; it is left out", join(place, index)
            )
    return {**node, "required": [name for name in names if isinstance(name, str)]}


def _enum(node: dict[str, JsonValue], pointer: Pointer, findings: Findings) -> dict[str, JsonValue]:
    """Drop repeated values."""
    values = node.get("enum")
    if not isinstance(values, list):
        return node
    place = join(pointer, "enum")
    if not values:
        findings.report("repaired", "the enum has no values; it is read as if it were not there", place)
        return _without(node, "enum")
    firsts: dict[tuple[str, str], int] = {}
    kept: list[JsonValue] = []
    for index, value in enumerate(values):
        own = join(place, index)
        first = firsts.setdefault(_identity(value), index)
        if first != index:
            span = findings.span(join(place, first))
            note = f"first listed at {span.line}:{span.column}"
            findings.report("duplicate-enum-value", f"{quoted(value)} is listed twice", own, note)
            continue
        if len(kept) != index:
            findings.move(own, join(place, len(kept)))
        kept.append(value)
    return node if len(kept) == len(values) else {**node, "enum": kept}


def _meant_values(node: dict[str, JsonValue], pointer: Pointer, findings: Findings) -> dict[str, JsonValue]:
    """Read the values of an enum as its type says: what has no quotes in YAML is no text."""
    values, types = node.get("enum"), [name for name in as_sequence(node.get("type")) if name != "null"]
    declared = types[0] if len(types) == 1 else node.get("type")
    if not isinstance(values, list) or not isinstance(declared, str):
        return node
    meant = [_meant(value, declared) for value in values]
    changed = [(old, new) for old, new in zip(values, meant, strict=True) if _identity(old) != _identity(new)]
    if not changed:
        return node
    (first, other), many = changed[0], "" if len(changed) == 1 else f", like {len(changed) - 1} more"
    message = f"a value of the enum has another type than {declared}: {quoted(first)} is read as {quoted(other)}{many}"
    findings.report("repaired", message, join(pointer, "enum"))
    return {**node, "enum": meant}


def _meant(value: JsonValue, declared: str) -> JsonValue:
    if declared == "string" and isinstance(value, bool | int | float):
        return json.dumps(value)
    if declared in ("integer", "number") and isinstance(value, str) and value.removeprefix("-").isdecimal():
        return int(value)
    if declared == "boolean" and value in ("true", "false"):
        return value == "true"
    return value


def _default(node: dict[str, JsonValue], pointer: Pointer, findings: Findings) -> dict[str, JsonValue]:
    """Read a default as its type says, or leave it out: it is only shown."""
    default, declared = node.get("default"), node.get("type")
    types = [name for name in as_sequence(declared if isinstance(declared, list) else [declared]) if name != "null"]
    if default is None or not types or any(name is None or _is_of(default, name) for name in types):
        return node
    place = join(pointer, "default")
    meant = _meant(default, str(types[0])) if len(types) == 1 else default
    if _identity(meant) != _identity(default):
        message = f"the default {quoted(default)} is no {types[0]}; it is read as {quoted(meant)}"
        findings.report("repaired", message, place)
        return {**node, "default": meant}
    message = f"the default {quoted(default)} is of another type than {'/'.join(map(str, types))}"
    findings.report("doubtful", message, place, "it is left out")
    return _without(node, "default")


def _is_of(value: JsonValue, name: JsonValue) -> bool:
    """Return whether a value is of a JSON type, or the type is none that is known."""
    match name:
        case "integer":
            return (isinstance(value, int) and not isinstance(value, bool)) or _is_whole(value)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "array":
            return isinstance(value, list)
        case "object":
            return isinstance(value, dict)
        case _:
            return True


def _is_whole(value: JsonValue) -> bool:
    return isinstance(value, float) and value.is_integer()


def _identity(value: JsonValue) -> tuple[str, str]:
    """Return what equal values of JSON Schema share: 1 and 1.0 are equal, 1 and true are not (section 4.2.2)."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return kind_of(value), json.dumps(value, sort_keys=True)


def _nullable(node: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Say in the terms of 3.1 that null is allowed (a keyword of 3.0 that lives on in documents of 3.1)."""
    if "nullable" not in node:
        return node
    plain = _without(node, "nullable")
    if node["nullable"] is not True:
        return plain
    declared = node.get("type")
    types = declared if isinstance(declared, list) else [declared]
    if any(key in node for key in COMPOSITIONS) or declared is None:
        plain["x-nullable"] = True
    elif "null" not in types:
        plain["type"] = [*types, "null"]
    values = node.get("enum")
    if isinstance(values, list) and None not in values:
        plain["enum"] = [*values, None]
    return plain


def _exclusive(node: dict[str, JsonValue], *, bound: str, exclusive: str) -> dict[str, JsonValue]:
    flag = node.get(exclusive)
    if not isinstance(flag, bool):
        return node
    plain = _without(node, exclusive)
    if not flag or bound not in plain:
        return plain
    plain[exclusive] = plain.pop(bound)
    return plain


def _examples(node: dict[str, JsonValue], pointer: Pointer, findings: Findings) -> dict[str, JsonValue]:
    plain = dict(node)
    if "examples" in plain and not isinstance(plain["examples"], list):
        findings.report(
            "repaired", '"examples" of a schema is a list; each value is read as an example', join(pointer, "examples")
        )
        examples = plain["examples"]
        plain["examples"] = list(examples.values()) if isinstance(examples, dict) else [examples]
    if "example" in plain:
        plain.setdefault("examples", [plain["example"]])
        del plain["example"]
        findings.move(join(pointer, "example"), join(pointer, "examples"))
    return plain


def _items(node: dict[str, JsonValue], pointer: Pointer, findings: Findings) -> dict[str, JsonValue]:
    declared = node.get("type")
    if "items" not in node:
        return node
    place = join(pointer, "items")
    if isinstance(declared, str | list) and "array" not in declared:
        message = f'"items" does not apply to the type {quoted(declared)}; it is left out'
        findings.report("unused-keyword", message, place)
        return _without(node, "items")
    if not isinstance(node["items"], list):
        return node
    findings.report("repaired", '"items" is a list, as in older JSON Schema; it is read as "prefixItems"', place)
    findings.move(place, join(pointer, "prefixItems"))
    return {"prefixItems" if key == "items" else key: value for key, value in node.items()}


def _without(node: dict[str, JsonValue], key: str) -> dict[str, JsonValue]:
    return {name: value for name, value in node.items() if name != key}
