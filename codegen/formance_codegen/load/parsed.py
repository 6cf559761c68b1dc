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
    """Return the error about a key that stands twice in one mapping of YAML (1.2.2, section 3.2.1.3)."""
    return diagnose("duplicate-key", _twice(key), span=span, pointer=pointer, notes=(_before(first),))


def repeated_key(key: str, span: Span, *, first: Span, pointer: Pointer) -> Diagnostic:
    """Return the warning about a key that stands twice in one object of JSON."""
    return diagnose("doubtful", _twice(key), span=span, pointer=pointer, notes=(_before(first), "the last one counts"))


def _twice(key: str) -> str:
    return f'the key "{key}" stands here a second time'


def _before(first: Span) -> str:
    return f"first at {first.line}:{first.column}"
