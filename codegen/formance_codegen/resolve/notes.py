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


def notes(settlement: Settlement[K], sites: Mapping[K, Site], owners: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Yield a note for each claim of ``settlement`` that did not get its first candidate.

    ``owners`` tells, for people, whose the names are that were taken before.
    """
    for move in settlement.moves:
        site = sites[move.key]
        owner = owners.get(move.wanted) if move.holder is None else sites[move.holder].label
        reason = f"the name of the {owner}" if owner else "reserved"
        yield diagnose(
            "renamed",
            f"the {site.label} is called `{move.name}` in Python: `{move.wanted}` is {reason}",
            span=site.span,
            pointer=site.pointer,
        )
