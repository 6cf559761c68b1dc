"""What normalising finds on its way: diagnostics, and parts that now stand elsewhere."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from formance_codegen.diagnostics import Diagnostic, diagnose
from formance_codegen.load.json_value import JsonValue
from formance_codegen.load.spans import nearest
from formance_codegen.pointer import Pointer
from formance_codegen.source import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The state of one run of ``normalise``; it lives no longer."""

    spans: Mapping[Pointer, Span]
    """Where the parts of the document stand before normalising."""
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    moved: dict[Pointer, Span] = field(default_factory=dict[Pointer, Span])
    """Where parts come from that normalising put under a pointer of another one."""

    def report(self, slug: str, message: str, pointer: Pointer, *notes: str) -> None:
        """Add a diagnostic about the part at ``pointer``."""
        self.diagnostics.append(diagnose(slug, message, span=self.span(pointer), pointer=pointer, notes=notes))

    def move(self, origin: Pointer, target: Pointer) -> None:
        """Remember that the part at ``target`` of the normal form stands at ``origin`` in the text."""
        self.moved[target] = self.span(origin)

    def span(self, pointer: Pointer) -> Span:
        """Return where the part at ``pointer``, or else the closest part around it, starts."""
        return nearest(self.spans, pointer)


def quoted(value: JsonValue) -> str:
    """Return a value as JSON writes it, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."
