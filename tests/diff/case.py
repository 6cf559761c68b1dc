"""The cases of the table: two versions of one small document, and what is to be said of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from formance_codegen.config import ServiceConfig
from formance_codegen.diff.change import Comparison
from formance_codegen.diff.comparison import compare
from formance_codegen.pipeline import understand
from formance_codegen.source import SourceFile
from formance_codegen.view.context import Context
from samples import Json, Node, is_node, node, nodes, text

CASES: Final = Path(__file__).parent / "cases"
DEFAULTS: Final = ServiceConfig()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Two versions and what changed from the first to the second: ``id class symbol``."""

    name: str
    old: Node
    new: Node
    changes: tuple[str, ...]
    verdict: str


def cases() -> list[Case]:
    """Return all cases, both ways where the way back is told."""
    base = node(yaml.safe_load((CASES / "base.yaml").read_text(encoding="utf-8")))
    found: list[Case] = []
    for file in sorted(CASES.glob("*.yaml")):
        if file.name != "base.yaml":
            for entry in nodes(yaml.safe_load(file.read_text(encoding="utf-8"))):
                found += _both_ways(file.stem, base, entry)
    return found


def _both_ways(group: str, base: Node, entry: Node) -> list[Case]:
    old, new = node(patched(base, entry.get("old", {}))), node(patched(base, entry["new"]))
    name = f"{group}: {text(entry['case'])}"
    found = [Case(name=name, old=old, new=new, changes=texts(entry["forth"]), verdict=text(entry["verdict"]))]
    if "back" in entry:
        back = Case(
            name=f"{name}, and back",
            old=new,
            new=old,
            changes=texts(entry["back"]),
            verdict=text(entry["back_verdict"]),
        )
        found.append(back)
    return found


def texts(value: Json) -> tuple[str, ...]:
    """Return the items of a list as texts."""
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def patched(value: Json, patch: Json) -> Json:
    """Apply a merge patch (RFC 7396)."""
    if not is_node(patch):
        return patch
    result: dict[str, Json] = dict(value) if is_node(value) else {}
    for key, change in patch.items():
        if change is None:
            result.pop(key, None)
        else:
            result[key] = patched(result.get(key), change)
    return result


def context_of(document: Node, name: str, config: ServiceConfig = DEFAULTS) -> Context:
    """Return what a document says; it must be without errors."""
    source = SourceFile(name=name, text=yaml.safe_dump(document, sort_keys=False))
    outcome = understand(source, config)
    assert outcome.value is not None, outcome.diagnostics
    return outcome.value


def compared(old: Node, new: Node, config: ServiceConfig = DEFAULTS, newer: ServiceConfig | None = None) -> Comparison:
    """Compare two documents."""
    return compare("shop", context_of(old, "old.yaml", config), context_of(new, "new.yaml", newer or config))


def told(comparison: Comparison) -> list[str]:
    """Return the changes as the table has them."""
    return sorted(f"{change.check.id} {change.impact.value} {change.symbol}" for change in comparison.changes)


def base_document() -> Mapping[str, Json]:
    """Return what all cases start from."""
    return node(yaml.safe_load((CASES / "base.yaml").read_text(encoding="utf-8")))
