"""What changed between real releases of the ledger: exactly what was read off them by hand."""

from pathlib import Path
from typing import Final

import pytest
import yaml

from diff.case import texts
from formance_codegen.config import ServiceConfig
from formance_codegen.diff.comparison import compare
from formance_codegen.pipeline import understand
from formance_codegen.source import SourceFile
from formance_codegen.view.context import Context
from generated.cases import SHARED
from samples import Json, Node, node, nodes, text

UPSTREAM: Final = SHARED / "upstream"
LEDGER: Final = ServiceConfig(package="formance_ledger", client="LedgerClient", platform="stack", prefix="/api/ledger")
WORDS: Final = frozenset({"method-description-changed", "model-description-changed"})


def pairs() -> list[Node]:
    found: Json = yaml.safe_load((Path(__file__).parent / "ledger.yaml").read_text(encoding="utf-8"))
    return nodes(found)


def understood(name: str) -> Context:
    source = SourceFile(name=f"{name}.yaml", text=(UPSTREAM / f"{name}.yaml").read_text(encoding="utf-8"))
    outcome = understand(source, LEDGER)
    assert outcome.value is not None
    return outcome.value


@pytest.mark.skipif(not UPSTREAM.is_dir(), reason="../shared/upstream is not there")
@pytest.mark.parametrize("pair", pairs(), ids=lambda pair: f"{text(pair['old'])} to {text(pair['new'])}")
def test_the_report_names_exactly_what_changed(pair: Node) -> None:
    expected = [
        f"{kind} {symbol}"
        for group in nodes(pair["groups"])
        for kind, symbols in node(group["changes"]).items()
        for symbol in texts(symbols)
    ]
    comparison = compare("ledger", understood(text(pair["old"])), understood(text(pair["new"])))
    changes = [change for change in comparison.changes if change.check.id not in WORDS]
    assert sorted(f"{found.check.id} {found.impact.value} {found.symbol}" for found in changes) == sorted(expected)
    assert comparison.verdict.value == pair["verdict"]
