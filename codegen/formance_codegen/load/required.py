"""Names that a schema requires and nothing declares."""

from collections.abc import Mapping
from typing import Final

from formance_codegen.load.findings import Findings
from formance_codegen.load.inventory import Inventory, target_of
from formance_codegen.load.json_value import JsonValue, as_mapping, as_sequence
from formance_codegen.load.refs import follow
from formance_codegen.pointer import Pointer, join

_APPLICATORS: Final = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"})
"""Keywords whose schemas are about the same value as the schema around them, which may declare what they require."""

_UNSURE: Final = frozenset({"anyOf", "oneOf", "if", "then", "else", "patternProperties", "dependentSchemas"})
"""Keywords that may declare a property in some cases."""


def undeclared(
    node: dict[str, JsonValue], pointer: Pointer, keyword: str | None, inventory: Inventory, findings: Findings
) -> dict[str, JsonValue]:
    """Return a schema without the required names that nothing declares, each of which is reported.

    Where a schema around it, a condition or a pattern may declare them, the names stay.
    """
    names = node.get("required")
    sure = keyword not in _APPLICATORS and pointer not in inventory.bases and as_mapping(node.get("properties"))
    if not sure or not isinstance(names, list) or isinstance(node.get("additionalProperties"), dict):
        return node
    known = _declared(inventory.data, node, frozenset())
    if known is None:
        return node
    absent = [name for name in names if isinstance(name, str) and name not in known]
    for name in absent:
        place = join(pointer, "required", names.index(name))
        message = f'required names "{name}", which is not among the properties; it is not required'
        findings.report("required-without-property", message, place)
    return {**node, "required": [name for name in names if name not in absent]} if absent else node


def _declared(data: JsonValue, node: Mapping[str, JsonValue], seen: frozenset[Pointer]) -> frozenset[str] | None:
    """Return the properties that a schema and those it is made of declare, or None where that depends."""
    if not _UNSURE.isdisjoint(node):
        return None
    known = frozenset(as_mapping(node.get("properties")))
    members = [(as_mapping(member), seen) for member in as_sequence(node.get("allOf"))]
    if isinstance(reference := node.get("$ref"), str):
        target = target_of(data, reference)
        if target is None or target in seen:
            return None
        members.append((as_mapping(follow(data, target)[1]), seen | {target}))
    for member, passed in members:
        more = _declared(data, member, passed)
        if more is None:
            return None
        known |= more
    return known
