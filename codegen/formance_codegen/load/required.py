"""Names that a schema requires and nothing declares."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from formance_codegen.load.findings import Findings
from formance_codegen.load.json_value import JsonValue, as_mapping, as_sequence
from formance_codegen.load.refs import resolve
from formance_codegen.load.structure import parts
from formance_codegen.pointer import Pointer, join

_APPLICATORS: Final = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"})
"""Keywords whose schemas are about the same value as the schema around them, which may declare what they require."""

_UNSURE: Final = frozenset({"anyOf", "oneOf", "if", "then", "else", "patternProperties", "dependentSchemas"})
"""Keywords that may declare a property in some cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inheritance:
    """A document and which of its schemas are part of others."""

    data: JsonValue
    bases: frozenset[Pointer]
    """Schemas that an allOf refers to: the schema with the allOf may declare what they require."""

    @classmethod
    def of(cls, data: JsonValue) -> "Inheritance":
        """Return what is to know about a document before its schemas are judged one by one."""
        references = (
            reference
            for part in parts(data)
            if part.schema_parent == "allOf" and isinstance(reference := as_mapping(part.value).get("$ref"), str)
        )
        return cls(data=data, bases=frozenset(filter(None, (_target(data, reference) for reference in references))))


@dataclass(frozen=True, slots=True)
class _Holder:
    data: JsonValue


def undeclared(
    node: dict[str, JsonValue], pointer: Pointer, keyword: str | None, inheritance: Inheritance, findings: Findings
) -> dict[str, JsonValue]:
    """Return a schema without the required names that nothing declares, each of which is reported.

    Where a schema around it, a condition or a pattern may declare them, the names stay.
    """
    names = node.get("required")
    sure = keyword not in _APPLICATORS and pointer not in inheritance.bases and as_mapping(node.get("properties"))
    if not sure or not isinstance(names, list) or isinstance(node.get("additionalProperties"), dict):
        return node
    known = _declared(inheritance.data, node, frozenset())
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
    reference = node.get("$ref")
    members = [*as_sequence(node.get("allOf")), *([{"$ref": reference}] if isinstance(reference, str) else [])]
    if reference is not None and "allOf" not in node and set(node) == {"$ref"}:
        target = _target(data, str(reference))
        if target is None or target in seen:
            return None
        _, value = resolve(_Holder(data), target)
        return _declared(data, as_mapping(value), seen | {target})
    for member in members:
        more = _declared(data, as_mapping(member), seen)
        if more is None:
            return None
        known |= more
    return known


def _target(data: JsonValue, reference: str) -> Pointer | None:
    try:
        return resolve(_Holder(data), reference)[0] if reference.startswith("#") else None
    except LookupError:
        return None
