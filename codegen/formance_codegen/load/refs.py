"""References inside a document: whether each leads somewhere, and where."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final, Protocol
from urllib.parse import unquote

from formance_codegen.diagnostics import Diagnostic, diagnose
from formance_codegen.load.json_value import JsonValue, Missing, find, step
from formance_codegen.load.spans import nearest
from formance_codegen.load.structure import parts
from formance_codegen.pointer import ROOT, Pointer, join, parent, tokens
from formance_codegen.source import Span


_MOST_HOPS: Final = 100
"""More references in a row are a circle; one through its own target would grow without end."""


class _CircleError(LookupError):
    """References lead back to themselves."""


class HasData(Protocol):
    """What references are followed in: a document."""

    @property
    def data(self) -> JsonValue:
        """The data of the whole document."""


def check_references(data: JsonValue, spans: Mapping[Pointer, Span]) -> tuple[Diagnostic, ...]:
    """Return an error for every ``$ref`` that leads nowhere, out of the document, or back to itself.

    Only references of the document's structure count: one inside an example or a default is data.
    """
    return tuple(
        found
        for part in parts(data)
        if isinstance(part.value, dict) and isinstance(reference := part.value.get("$ref"), str)
        for found in _faults(data, spans, part.pointer, reference)
    )


def resolve(document: HasData, reference: str) -> tuple[Pointer, JsonValue]:
    """Return the part that a pointer or a reference (``#/…``) leads to, and where it stands.

    References at the end and on the way are followed, so the value returned is never one.

    Raises:
        LookupError: It leads nowhere or in a circle; ``check_references`` finds these first.
    """
    return _follow(document.data, _pointer(reference))


def _pointer(reference: str) -> Pointer:
    """Return the pointer of a fragment (RFC 6901, section 6), or of what is one already."""
    return Pointer(unquote(reference[1:])) if reference.startswith("#") else Pointer(reference)


def _follow(data: JsonValue, pointer: Pointer) -> tuple[Pointer, JsonValue]:
    for _ in range(_MOST_HOPS):
        value = find(data, pointer)
        if isinstance(value, Missing):
            # A pointer may pass through a reference: .../responses/404/content, where 404 is a $ref.
            pointer = _detour(data, pointer)
        elif isinstance(value, dict) and isinstance(reference := value.get("$ref"), str) and reference[:1] == "#":
            pointer = _pointer(reference)
        else:
            return pointer, value
    raise _CircleError(pointer)


def _detour(data: JsonValue, pointer: Pointer) -> Pointer:
    """Return the pointer with the first reference on its way replaced by what that leads to."""
    value, path = data, tokens(pointer)
    for depth, token in enumerate(path):
        if isinstance(value, dict) and token not in value and isinstance(reference := value.get("$ref"), str):
            return join(_pointer(reference), *path[depth:])
        found = step(value, token)
        if isinstance(found, Missing):
            break
        value = found
    raise LookupError(pointer)


def _faults(
    data: JsonValue, spans: Mapping[Pointer, Span], pointer: Pointer, reference: str
) -> Iterator[Diagnostic]:
    place = join(pointer, "$ref")
    span = nearest(spans, place)
    if not reference.startswith("#"):
        message = f'"{reference}" leads out of the document; only references inside it are followed'
        yield diagnose("external-reference", message, span=span, pointer=place)
        return
    try:
        _follow(data, _pointer(reference))
    except _CircleError:
        message = f'"{reference}" leads in a circle and never reaches a value'
        yield diagnose("circular-reference", message, span=span, pointer=place)
    except LookupError:
        target = _pointer(reference)
        if target and not target.startswith("/"):
            message = f'"{reference}" is no JSON Pointer, which would start with "#/"'
            yield diagnose("broken-reference", message, span=span, pointer=place)
            return
        message, notes = _what_is_missing(data, reference, target)
        yield diagnose("broken-reference", message, span=span, pointer=place, notes=notes)


def _what_is_missing(data: JsonValue, reference: str, target: Pointer) -> tuple[str, tuple[str, ...]]:
    around = target
    value = find(data, around)
    name = ""
    while isinstance(value, Missing) and around != ROOT:
        name, around = tokens(around)[-1], parent(around)
        value = find(data, around)
    message = f'"{reference}" leads nowhere: there is no "{name}" in {around or "the document"}'
    names = list(value) if isinstance(value, dict) else []
    close = get_close_matches(name, names, n=1)
    return message, (f'did you mean "{close[0]}"?',) if close else ()
