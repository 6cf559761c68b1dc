"""The validation errors of openapi-pydantic as diagnostics: one for each place, in the words of the specification."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from formance_codegen.diagnostics import Diagnostic, diagnose
from formance_codegen.load.findings import quoted
from formance_codegen.load.json_value import JsonValue, Missing, find, kind_of, step
from formance_codegen.load.spans import nearest
from formance_codegen.pointer import Pointer, join, parent, tokens
from formance_codegen.source import Span

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_EXPECTED: Final = {
    "string": "a text",
    "model": "a mapping",
    "dict": "a mapping",
    "list": "a list",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
}
"""What the first word of a kind of error expects."""


def complaints(
    error: "ValidationError", data: JsonValue, spans: Mapping[Pointer, Span], root: Pointer
) -> tuple[Diagnostic, ...]:
    """Return an ``invalid-document`` error for each place that ``error`` complains of.

    A value that may be a reference or an object fails twice; only what it was meant to be is reported.

    Args:
        data: The whole document.
        root: Where the part stands that was validated.
    """
    details = error.errors(include_url=False)
    meant = [detail for detail in details if _meant(detail, data, root)] or details
    found: dict[Pointer, str] = {}
    for detail in meant:
        pointer, _ = _locate(detail, data, root)
        found.setdefault(pointer, _message(detail, pointer, data))
    return tuple(
        diagnose("invalid-document", message, span=nearest(spans, pointer), pointer=pointer)
        for pointer, message in found.items()
    )


def _meant(detail: "ErrorDetails", data: JsonValue, root: Pointer) -> bool:
    """Return whether each member of a union that an error went into is the one that the value was meant to be."""
    _, members = _locate(detail, data, root)
    return all(_is_meant(member, find(data, pointer)) for pointer, member in members)


def _is_meant(member: str, value: JsonValue | Missing) -> bool:
    refers = isinstance(value, dict) and "$ref" in value
    match member:
        case "Reference":
            return refers
        case "bool":
            return False
        case "str-enum[DataType]":
            return not isinstance(value, list)
        case _ if member.startswith("list["):
            return isinstance(value, list)
        case _:
            return not refers


def _locate(detail: "ErrorDetails", data: JsonValue, root: Pointer) -> tuple[Pointer, tuple[tuple[Pointer, str], ...]]:
    """Return the place of an error, and the members of unions that pydantic mixes into it, each with its place."""
    pointer = root
    value: JsonValue | Missing = find(data, root)
    members: list[tuple[Pointer, str]] = []
    path = detail["loc"]
    for index, token in enumerate(path):
        child = step(value, str(token)) if not isinstance(value, Missing) else value
        if not isinstance(child, Missing):
            pointer, value = join(pointer, token), child
        elif index == len(path) - 1 and detail["type"] == "missing":
            pointer = join(pointer, token)
        else:
            members.append((pointer, str(token)))
    return pointer, tuple(members)


def _message(detail: "ErrorDetails", pointer: Pointer, data: JsonValue) -> str:
    value = find(data, pointer)
    name = _name(pointer, data)
    if isinstance(value, Missing):
        return f"{name} is missing"
    expected = _EXPECTED.get(detail["type"].partition("_")[0])
    if expected is not None and detail["type"].endswith(("_type", "_parsing", "_from_float")):
        is_plain = isinstance(value, str | int | float) and expected != "a text"
        return f"{name}: {expected} is expected, not {quoted(value) if is_plain else kind_of(value)}"
    if detail["type"] in ("enum", "literal_error"):
        allowed = str(detail.get("ctx", {}).get("expected", "")).replace("'", '"')
        return f"{name}: {quoted(value)} is not one of {allowed}"
    return f"{name}: {detail['msg'][:1].lower()}{detail['msg'][1:]}, not {quoted(value)}"


def _name(pointer: Pointer, data: JsonValue) -> str:
    path = tokens(pointer)
    if not path:
        return "the document"
    if isinstance(find(data, parent(pointer)), list):
        return f'item {int(path[-1]) + 1} of "{path[-2]}"'
    return f'"{path[-1]}"'
