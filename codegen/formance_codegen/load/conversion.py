"""What converting a document of Swagger 2.0 keeps track of: what came from where, and references to be rewritten."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from formance_codegen.load.findings import Findings
from formance_codegen.load.json_value import JsonValue
from formance_codegen.load.spans import GraftedSpans
from formance_codegen.pointer import ROOT, Pointer, parent
from formance_codegen.source import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """The state of one run; it lives no longer."""

    data: JsonValue
    """The document as it was written."""
    findings: Findings
    origins: dict[Pointer, Pointer] = field(default_factory=dict[Pointer, Pointer])
    """By where something now is, where it was; what is inside of it keeps its way from there."""
    _homes: dict[Pointer, Pointer] = field(default_factory=dict[Pointer, Pointer])
    _references: list[dict[str, JsonValue]] = field(default_factory=list[dict[str, JsonValue]])

    def came(self, old: Pointer, new: Pointer) -> None:
        """Remember that what was at ``old`` is now at ``new``; the first of several is where references lead."""
        self.origins[new] = old
        self._homes.setdefault(old, new)

    def refer(self, node: dict[str, JsonValue]) -> dict[str, JsonValue]:
        """Have the reference of an object rewritten in the end; return the object."""
        self._references.append(node)
        return node

    def finish(self) -> None:
        """Rewrite all references."""
        for node in self._references:
            written = node.get("$ref")
            if isinstance(written, str) and written.startswith("#/"):
                node["$ref"] = "#" + quote(self._new(Pointer(unquote(written[1:]))), safe="/~!$&'()*+,;=:@-._{}[]<> ")

    def spans(self, spans: Mapping[Pointer, Span]) -> Mapping[Pointer, Span]:
        """Return where the parts of the new document stand."""
        return GraftedSpans(spans, {new: (spans, old) for new, old in self.origins.items()})

    def _new(self, old: Pointer) -> Pointer:
        around = old
        while around not in self._homes:
            if around == ROOT:
                return old
            around = parent(around)
        return Pointer(self._homes[around] + old[len(around) :])


def without(node: Mapping[str, JsonValue], *keys: str) -> dict[str, JsonValue]:
    """Return an object without some of its keys."""
    return {key: value for key, value in node.items() if key not in keys}


def only(node: Mapping[str, JsonValue], *keys: str) -> dict[str, JsonValue]:
    """Return an object with some of its keys, and its extensions."""
    return {key: value for key, value in node.items() if key in keys or key.startswith("x-")}
