"""What a schema forbids without a type for it: the keywords that only allow less."""

from typing import Final

from openapi_pydantic.v3.v3_1 import Schema

from formance_codegen.lower.session import SchemaNode, Session
from formance_codegen.pointer import Pointer, tokens

_RESTRICTING: Final = (
    ("schema_not", "not"),
    ("schema_if", "if"),
    ("dependentSchemas", "dependentSchemas"),
    ("dependentRequired", "dependentRequired"),
    ("contains", "contains"),
    ("propertyNames", "propertyNames"),
)
"""Keywords that Python has no type for, by the attribute that holds them (JSON Schema 2020-12, section 10)."""


def report_unchecked(session: Session, unchecked: tuple[Pointer, ...]) -> None:
    """Warn of the keywords whose meaning the types of a client leave out; they are wider for it, never narrower."""
    for pointer in unchecked:
        session.omit(
            "unsupported-feature",
            f'"{tokens(pointer)[-1]}" of a schema has no counterpart in Python; nothing is checked by it',
            pointer,
            "the type is what the rest of the schema says; what else is in an object is kept",
        )


def unchecked_keywords(node: Schema) -> tuple[str, ...]:
    """Return the keywords of a schema that only allow less and that no type says."""
    if is_never(node):
        return ()
    return tuple(keyword for attribute, keyword in _RESTRICTING if attribute in node.model_fields_set)


def is_never(node: SchemaNode | None) -> bool:
    """Return whether a schema allows nothing: the ``false`` of JSON Schema, in its long form."""
    if not isinstance(node, Schema) or node.model_fields_set != {"schema_not"}:
        return False
    return isinstance(node.schema_not, Schema) and not node.schema_not.model_fields_set


def additional_of(node: Schema) -> tuple[str, SchemaNode | bool | None]:
    """Return the keyword that tells of undeclared properties, and what it says of them."""
    for keyword, said in (
        ("additionalProperties", node.additionalProperties),
        ("unevaluatedProperties", node.unevaluatedProperties),
    ):
        if said is not None:
            return keyword, said if isinstance(said, bool) else not is_never(said) and said
    return "additionalProperties", None
