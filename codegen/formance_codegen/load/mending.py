"""References that lead nowhere: what a client is made of in their place, with a warning."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from formance_codegen.diagnostics import Diagnostic, Outcome, Severity
from formance_codegen.load.json_value import JsonValue, as_mapping
from formance_codegen.load.parsed import Parsed
from formance_codegen.load.patch import Patch
from formance_codegen.load.refs import check_references
from formance_codegen.load.structure import Kind, parts
from formance_codegen.pointer import join, parent

_STAND_INS: Final[Mapping[Kind, tuple[dict[str, JsonValue], str]]] = MappingProxyType(
    {
        Kind.SCHEMA: ({}, "any value is taken"),
        Kind.MEDIA_TYPE: ({}, "any value is taken"),
        Kind.RESPONSE: ({"description": ""}, "it is read as one without content"),
        Kind.REQUEST_BODY: ({"content": {}}, "no body is sent"),
        Kind.PATH_ITEM: ({}, "it has no operations"),
    }
)
"""What stands where a reference did; all other objects are left out."""


def mend_references(parsed: Parsed) -> Outcome[Parsed]:
    """Return a normalised document in which every reference can be followed.

    Publishers' documents have references to what they left out. A schema becomes one that allows any value, a response
    one without content, and what has no such neutral form is left out; each with the warning of ``check_references``
    (``broken-reference`` or ``circular-reference``), which says so. Its errors are returned as they are.
    """
    told: list[Diagnostic] = []
    while faults := check_references(parsed.data, parsed.spans):
        if any(fault.severity is Severity.ERROR for fault in faults):
            return Outcome(value=None, diagnostics=(*told, *faults))
        # What is left out may have been referred to, so it is looked again.
        now, parsed = _mended(parsed, faults)
        told += now
    return Outcome(value=parsed, diagnostics=tuple(told))


def _mended(parsed: Parsed, faults: Iterable[Diagnostic]) -> tuple[list[Diagnostic], Parsed]:
    by_place = {parent(fault.pointer): fault for fault in faults if fault.pointer is not None}
    broken = [part for part in parts(parsed.data) if part.pointer in by_place]
    patch = Patch(data=parsed.data, spans=parsed.spans)
    for kind, value, place, _ in broken:
        missing = {key: neutral for key, neutral in _neutral(kind).items() if key not in as_mapping(value)}
        patch.merge(place, missing, parsed.spans, place)
    patch.remove(join(part.pointer, "$ref") if part.kind in _STAND_INS else part.pointer for part in broken)
    return [_told(by_place[part.pointer], part.kind) for part in broken], patch.result()


def _neutral(kind: Kind) -> Mapping[str, JsonValue]:
    return _STAND_INS[kind][0] if kind in _STAND_INS else {}


def _told(fault: Diagnostic, kind: Kind) -> Diagnostic:
    """Return a fault with what is made of the object."""
    instead = _STAND_INS[kind][1] if kind in _STAND_INS else "it is left out"
    return replace(fault, notes=(*fault.notes, instead))
