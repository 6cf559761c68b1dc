"""Overlays (OpenAPI Overlay Specification 1.0): changes that are made to a document before anything else reads it."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from formance_codegen.diagnostics import Diagnostic, Outcome, diagnose
from formance_codegen.load.json_value import MISSING, JsonValue, Missing, kind_of
from formance_codegen.load.parsed import Parsed
from formance_codegen.load.patch import IncompatibleError, Patch
from formance_codegen.load.spans import nearest
from formance_codegen.load.yaml import parse
from formance_codegen.pointer import ROOT, Pointer, join
from formance_codegen.source import SourceFile, Span

if TYPE_CHECKING:
    from formance_codegen.load.targets import Query

_READ: Final = re.compile(r"1\.0(?:\.\d+)?(?:-.*)?")
_KEYS: Final = ("overlay", "info", "extends", "actions")
_ACTION_KEYS: Final = ("target", "description", "update", "remove")


def apply_overlays(document: Parsed, overlays: Sequence[SourceFile]) -> Outcome[Parsed]:
    """Return a document with the actions of all overlays applied, in their order.

    What an action adds has its place in the overlay. Errors: those of ``parse``, ``unsupported-overlay`` and
    ``invalid-overlay``; a target that selects nothing is a warning, ``overlay-without-effect``.
    """
    diagnostics: list[Diagnostic] = []
    read: list[_Overlay] = []
    for source in overlays:
        outcome = _read(source)
        diagnostics += outcome.diagnostics
        if outcome.value is not None:
            read.append(outcome.value)
    if len(read) < len(overlays):
        return Outcome(value=None, diagnostics=tuple(diagnostics))
    patch = Patch(data=document.data, spans=document.spans)
    for overlay in read:
        for action in overlay.actions:
            found = _apply(patch, action, overlay.spans)
            if found is not None:
                diagnostics.append(found)
            if found is not None and found.code.slug == "invalid-overlay":
                return Outcome(value=None, diagnostics=tuple(diagnostics))
    return Outcome(value=patch.result(), diagnostics=tuple(diagnostics))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Action:
    query: "Query"
    target: str
    update: JsonValue | Missing
    remove: bool
    pointer: Pointer
    """Where the action stands in the overlay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Overlay:
    actions: tuple[_Action, ...]
    spans: Mapping[Pointer, Span]


def _apply(patch: Patch, action: _Action, spans: Mapping[Pointer, Span]) -> Diagnostic | None:
    """Apply an action; return what is to say about it."""
    place = join(action.pointer, "target")
    try:
        selected = action.query.select(patch.data)
        if not selected:
            message = f"{action.target} selects nothing in the document"
            return diagnose("overlay-without-effect", message, span=nearest(spans, place), pointer=place)
        if not action.remove and not isinstance(action.update, Missing):
            for pointer in selected:
                patch.merge(pointer, action.update, spans, join(action.pointer, "update"))
        elif ROOT in selected:
            return _invalid("the document as a whole cannot be removed", place, spans)
        else:
            patch.remove(selected)
    except IncompatibleError as error:
        return _invalid(str(error), error.came, spans, f"the target is {action.target}")
    except ValueError as error:
        return _invalid(f"{action.target} cannot be followed: {error}", place, spans)
    return None


def _invalid(message: str, pointer: Pointer, spans: Mapping[Pointer, Span], *notes: str) -> Diagnostic:
    return diagnose("invalid-overlay", message, span=nearest(spans, pointer), pointer=pointer, notes=notes)


def _read(source: SourceFile) -> Outcome[_Overlay]:
    """Return an overlay that was checked as a whole, its queries included."""
    outcome = parse(source)
    if outcome.value is None:
        return Outcome(value=None, diagnostics=outcome.diagnostics)
    reader = _Reader(spans=outcome.value.spans)
    actions = reader.overlay(outcome.value.data)
    diagnostics = (*outcome.diagnostics, *reader.found)
    if reader.found:
        return Outcome(value=None, diagnostics=diagnostics)
    return Outcome(value=_Overlay(actions=actions, spans=outcome.value.spans), diagnostics=diagnostics)


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Checks an overlay and gathers what is wrong with it."""

    spans: Mapping[Pointer, Span]
    found: list[Diagnostic] = field(default_factory=list[Diagnostic])

    def overlay(self, data: JsonValue) -> tuple[_Action, ...]:
        if not isinstance(data, dict):
            self._report(f"the overlay is {kind_of(data)}, not a mapping", ROOT)
            return ()
        if not self._version(data):
            return ()
        self._refuse_unknown(data, _KEYS, ROOT)
        self._text(data, "extends", ROOT)
        self._info(data)
        actions = data.get("actions", MISSING)
        if not isinstance(actions, list) or not actions:
            found = "are missing" if isinstance(actions, Missing) else f"are {_listed(actions)}"
            self._report(f"actions {found}; a list with at least one is expected", join(ROOT, "actions"))
            return ()
        read = [self._action(action, join(ROOT, "actions", index)) for index, action in enumerate(actions)]
        return tuple(action for action in read if action is not None)

    def _version(self, data: Mapping[str, JsonValue]) -> bool:
        pointer = join(ROOT, "overlay")
        declared = data.get("overlay", MISSING)
        if isinstance(declared, Missing):
            self._report('the document has no key "overlay"; it is no overlay', ROOT)
            return False
        # Without quotes 1.0 is a number.
        version = str(declared) if isinstance(declared, str | float | int) else kind_of(declared)
        if _READ.fullmatch(version):
            return True
        message = f"Overlay {version} is not read; Overlay 1.0 is"
        self.found.append(diagnose("unsupported-overlay", message, span=nearest(self.spans, pointer), pointer=pointer))
        return False

    def _info(self, data: Mapping[str, JsonValue]) -> None:
        info, pointer = data.get("info", MISSING), join(ROOT, "info")
        if not isinstance(info, dict):
            found = "is missing" if isinstance(info, Missing) else f"is {kind_of(info)}"
            self._report(f"info {found}; a mapping with title and version is expected", pointer)
            return
        for key in ("title", "version"):
            value = info.get(key, MISSING)
            if not isinstance(value, str | int | float):
                found = "is missing" if isinstance(value, Missing) else f"is {kind_of(value)}, not a text"
                self._report(f"the {key} of info {found}", join(pointer, key))

    def _action(self, action: JsonValue, pointer: Pointer) -> _Action | None:
        if not isinstance(action, dict):
            self._report(f"an action is {kind_of(action)}, not a mapping", pointer)
            return None
        self._refuse_unknown(action, _ACTION_KEYS, pointer)
        self._text(action, "description", pointer)
        remove, update = action.get("remove", False), action.get("update", MISSING)
        if not isinstance(remove, bool):
            self._report(f"remove is {kind_of(remove)}, not true or false", join(pointer, "remove"))
        elif not remove and isinstance(update, Missing):
            self._report("the action says neither update nor remove: true", pointer)
        query = self._query(action, pointer)
        if query is None:
            return None
        target = str(action["target"])
        return _Action(query=query, target=target, update=update, remove=remove is True, pointer=pointer)

    def _query(self, action: Mapping[str, JsonValue], around: Pointer) -> "Query | None":
        # The library is imported only where there is an overlay.
        from formance_codegen.load.targets import Query

        target = action.get("target", MISSING)
        if isinstance(target, Missing):
            self._report("the action has no target", around)
            return None
        pointer = join(around, "target")
        if not isinstance(target, str):
            self._report(f"the target is {kind_of(target)}, not a JSONPath query", pointer)
            return None
        try:
            return Query(target)
        except ValueError as error:
            self._report(f"{target} is no JSONPath query (RFC 9535): {error}", pointer)
            return None

    def _text(self, data: Mapping[str, JsonValue], key: str, around: Pointer) -> None:
        value = data.get(key, "")
        if not isinstance(value, str):
            self._report(f"{key} is {kind_of(value)}, not a text", join(around, key))

    def _refuse_unknown(self, data: Mapping[str, JsonValue], allowed: Iterable[str], around: Pointer) -> None:
        known = tuple(allowed)
        for key in data:
            if key in known or key.startswith("x-"):
                continue
            if key == "copy" and around != ROOT:
                message = "copy belongs to Overlay 1.1, which is not read"
                pointer = join(around, key)
                span = nearest(self.spans, pointer)
                self.found.append(diagnose("unsupported-overlay", message, span=span, pointer=pointer))
                continue
            close = difflib.get_close_matches(key, known, n=1)
            hint = f' (do you mean "{close[0]}"?)' if close else ""
            note = f"the keys here are {', '.join(known)}, and those that begin with x-"
            self._report(f'there is no key "{key}" in Overlay 1.0{hint}', join(around, key), note)

    def _report(self, message: str, pointer: Pointer, *notes: str) -> None:
        self.found.append(_invalid(message, pointer, self.spans, *notes))


def _listed(actions: JsonValue) -> str:
    return "an empty list" if actions == [] else kind_of(actions)
