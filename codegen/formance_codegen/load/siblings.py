"""What stands beside the reference of a schema: ignored in OpenAPI 3.0, part of the schema from 3.1 on."""

from typing import Final

from formance_codegen.load.findings import Findings
from formance_codegen.load.json_value import JsonValue, as_sequence
from formance_codegen.pointer import Pointer, join

_SAYS_MORE: Final = frozenset(
    "allOf anyOf oneOf properties patternProperties additionalProperties required items prefixItems enum const not "
    "if then else discriminator unevaluatedProperties dependentSchemas minProperties maxProperties minItems maxItems "
    "minLength maxLength pattern minimum maximum exclusiveMinimum exclusiveMaximum multipleOf uniqueItems".split()
)
"""Keywords that make another schema of it; titles, descriptions and the like do not."""


def beside_reference(node: dict[str, JsonValue], pointer: Pointer, findings: Findings) -> dict[str, JsonValue]:
    """Return a schema of 3.1 with its reference among the members of ``allOf`` if more stands beside it.

    That says the same (JSON Schema 2020-12, section 8.2.3.1), and every other part keeps its pointer.
    """
    if "$ref" not in node or not _SAYS_MORE & node.keys():
        return node
    members = as_sequence(node.get("allOf", []))
    findings.move(join(pointer, "$ref"), join(pointer, "allOf", len(members)))
    rest = {key: value for key, value in node.items() if key != "$ref"}
    return {**rest, "allOf": [*members, {"$ref": node["$ref"]}]}
