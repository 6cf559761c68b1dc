"""Tell of names that could not be as their rule says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from formance_codegen.diagnostics import Diagnostic, diagnose
from formance_codegen.naming.scope import Settlement
from formance_codegen.pointer import Pointer
from formance_codegen.source import Span

K = TypeVar("K")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A part of the document that has a name in Python."""

    label: str
    """What it is, for people: ``schema "V2Account"``."""
    pointer: Pointer
    span: Span


def notes(settlement: Settlement[K], sites: Mapping[K, Site]) -> Iterator[Diagnostic]:
    """Yield a note for each claim of ``settlement`` that did not get its first candidate."""
    for move in settlement.moves:
        site = sites[move.key]
        reason = "reserved" if move.holder is None else f"the name of the {sites[move.holder].label}"
        yield diagnose(
            "renamed",
            f"the {site.label} is called `{move.name}` in Python: `{move.wanted}` is {reason}",
            span=site.span,
            pointer=site.pointer,
        )
