"""References inside a document: whether each leads somewhere, and where."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final, Protocol, TypeAlias
from urllib.parse import unquote

from formance_codegen.diagnostics import Diagnostic, diagnose
from formance_codegen.load.json_value import JsonValue, Missing, find, kind_of, step
from formance_codegen.load.spans import nearest
from formance_codegen.load.structure import Kind, parts
from formance_codegen.pointer import ROOT, Pointer, join, parent, tokens
from formance_codegen.source import Span

_MOST_HOPS: Final = 100
"""More references in a row are a circle; one through its own target would grow without end."""


class HasData(Protocol):
    """What references are followed in: a document."""

    @property
    def data(self) -> JsonValue:
        """The data of the whole document."""


def check_references(data: JsonValue, spans: Mapping[Pointer, Span]) -> tuple[Diagnostic, ...]:
    """Return what is wrong with every ``$ref`` that cannot be followed.

    It leads nowhere or to another kind of object (``broken-reference``) or in a circle (``circular-reference``), which
    can be mended; out of the document (``external-reference``), or is no text (``invalid-document``). Only
    references of the document's structure count: one inside an example or a default is data.
    """
    objects = tuple(parts(data))
    kinds = {part.pointer: part.kind for part in objects}
    faults = (
        (join(part.pointer, "$ref"), fault)
        for part in objects
        if isinstance(part.value, dict) and "$ref" in part.value
        for fault in _faults(data, part.value["$ref"], part.kind, kinds)
    )
    return tuple(
        diagnose(slug, message, span=nearest(spans, place), pointer=place, notes=notes)
        for place, (slug, message, notes) in faults
    )


def resolve(document: HasData, reference: str) -> tuple[Pointer, JsonValue]:
    """Return the part that a pointer or a reference (``#/…``) leads to, and where it stands.

    References at the end and on the way are followed, so the value returned is never one.

    Raises:
        LookupError: It leads nowhere or in a circle; ``check_references`` finds these first.
    """
    return follow(document.data, reference)


def follow(data: JsonValue, reference: str) -> tuple[Pointer, JsonValue]:
    """Return what ``resolve`` does, in data that is no document yet.

    Raises:
        LookupError: It leads nowhere or in a circle.
    """
    pointer = _pointer(reference)
    for _ in range(_MOST_HOPS):
        value = find(data, pointer)
        if isinstance(value, Missing):
            # A pointer may pass through a reference: .../responses/404/content, where 404 is a $ref.
            pointer = _detour(data, pointer)
        elif isinstance(value, dict) and isinstance(further := value.get("$ref"), str):
            pointer = _pointer(further)
        else:
            return pointer, value
    raise _CircleError(pointer)


class _CircleError(LookupError):
    """References lead back to themselves."""


class _DeadEndError(LookupError):
    """There is nothing at a pointer."""

    def __init__(self, pointer: Pointer) -> None:
        super().__init__(pointer)
        self.pointer = pointer


class _LeavesError(LookupError):
    """A reference leads out of the document."""


def _pointer(reference: str) -> Pointer:
    """Return the pointer of a fragment (RFC 6901, section 6), or of what is one already."""
    if reference[:1] not in ("#", "/", ""):
        raise _LeavesError(reference)
    return Pointer(unquote(reference[1:])) if reference.startswith("#") else Pointer(reference)


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
    raise _DeadEndError(pointer)


_Fault: TypeAlias = tuple[str, str, tuple[str, ...]]
"""A code, a message and notes."""


def _faults(data: JsonValue, reference: JsonValue, kind: Kind, kinds: Mapping[Pointer, Kind]) -> Iterator[_Fault]:
    if not isinstance(reference, str):
        yield "invalid-document", f'"$ref": a text is expected, not {kind_of(reference)}', ()
        return
    if not reference.startswith("#"):
        message = f'"{reference}" leads out of the document; only references inside it are followed'
        yield "external-reference", message, ()
        return
    if (written := _pointer(reference)) and not written.startswith("/"):
        yield "broken-reference", f'"{reference}" is no JSON Pointer, which would start with "#/"', ()
        return
    try:
        target, _ = follow(data, reference)
    except _CircleError:
        yield "circular-reference", f'"{reference}" leads in a circle and never reaches a value', ()
    except _DeadEndError as error:
        yield "broken-reference", *_dead_end(data, reference, error.pointer)
    except _LeavesError:
        # The reference on the way that leaves is reported by itself.
        return
    else:
        if kinds.get(target) is not kind:
            there = _with_article(kinds[target]) if target in kinds else "what is no object of the specification"
            yield "broken-reference", f'"{reference}" leads to {there}; {_with_article(kind)} is expected', ()


def _with_article(kind: Kind) -> str:
    return f"{'an' if kind.value[0] in 'AEIOU' else 'a'} {kind.value}"


def _dead_end(data: JsonValue, reference: str, target: Pointer) -> tuple[str, tuple[str, ...]]:
    """Return what is missing, and the nearest name that is there."""
    around, name = target, ""
    value = find(data, around)
    while isinstance(value, Missing) and around != ROOT:
        name, around = tokens(around)[-1], parent(around)
        value = find(data, around)
    message = f'"{reference}" leads nowhere: there is no "{name}" in {around or "the document"}'
    close = get_close_matches(name, value, n=1) if isinstance(value, dict) else []
    return message, (f'did you mean "{close[0]}"?',) if close else ()
