"""What parsing a text yields, whether it was YAML or JSON."""

from collections.abc import Mapping
from dataclasses import dataclass

from formance_codegen.diagnostics import Diagnostic, diagnose
from formance_codegen.load.json_value import JsonValue
from formance_codegen.pointer import Pointer
from formance_codegen.source import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """The data of a text and where its parts stand."""

    data: JsonValue
    spans: Mapping[Pointer, Span]
    """The key of a mapping's entry, the start of a list's item. Parts that only an alias leads to have none."""


def duplicate_key(key: str, span: Span, *, first: Span, pointer: Pointer) -> Diagnostic:
    """Return the error about a key that stands twice in one mapping."""
    note = f"first at {first.line}:{first.column}"
    return diagnose(
        "duplicate-key", f'the key "{key}" stands here a second time', span=span, pointer=pointer, notes=(note,)
    )
