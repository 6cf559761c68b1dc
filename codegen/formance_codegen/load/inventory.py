"""What a document holds, gathered before its parts are judged one by one."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from formance_codegen.load.json_value import JsonValue, as_mapping, as_text
from formance_codegen.load.refs import follow
from formance_codegen.load.structure import Kind, parts
from formance_codegen.pointer import Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """The objects of a document, and which of its schemas others are made of."""

    data: JsonValue
    """The document as it was written."""
    kinds: Mapping[Pointer, Kind]
    bases: frozenset[Pointer]
    """Schemas that an allOf refers to: the schema with the allOf may declare what they require."""
    shared: frozenset[Pointer]
    """Path items that several paths have."""


def take_inventory(data: JsonValue) -> Inventory:
    """Return what is to know about a document that was not normalised yet."""
    kinds: dict[Pointer, Kind] = {}
    bases: set[Pointer] = set()
    items: Counter[Pointer] = Counter()
    for part in parts(data):
        kinds[part.pointer] = part.kind
        reference = as_text(as_mapping(part.value).get("$ref"))
        if part.schema_parent == "allOf" and reference is not None and (target := target_of(data, reference)):
            bases.add(target)
        if part.kind is Kind.PATH_ITEM and (found := _item_of(data, part.pointer, reference)) is not None:
            items[found] += 1
    shared = frozenset(item for item, count in items.items() if count > 1)
    return Inventory(data=data, kinds=kinds, bases=frozenset(bases), shared=shared)


def _item_of(data: JsonValue, pointer: Pointer, reference: str | None) -> Pointer | None:
    """Return where what a path has stands; what is among the components is of a path only by a reference."""
    if reference is not None:
        return target_of(data, reference)
    return None if pointer.startswith("/components/") else pointer


def target_of(data: JsonValue, reference: str) -> Pointer | None:
    """Return where what a reference leads to stands, or None for one that cannot be followed."""
    try:
        return follow(data, reference)[0]
    except LookupError:
        return None
