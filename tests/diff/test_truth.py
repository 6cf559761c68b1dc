"""What `diff` says against the truth: the public API of the two clients, compared by griffe."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import griffe
import pytest
import yaml

from diff.case import Case, cases
from diff.truth import Break, breaks, package, unexplained
from formance_codegen.config import ServiceConfig
from formance_codegen.diff.comparison import compare
from formance_codegen.pipeline import understand
from formance_codegen.source import SourceFile
from formance_codegen.view.context import Context
from generated.cases import SHARED

LEDGER: Final = ServiceConfig(
    package="formance_ledger", client="LedgerClient", platform="stack", prefix="/api/ledger", error_root="FormanceError"
)
SHOP: Final = ServiceConfig(package="shop_client")
UPSTREAM: Final = SHARED / "upstream"
RELEASES: Final = ("history/ledger-v2.1.0", "history/ledger-v2.2.0", "history/ledger-v2.3.0", "history/ledger-v2.4.0")
PAIRS: Final = tuple(zip(RELEASES, (*RELEASES[1:], "ledger"), strict=True))
BREAKING: Final = [case for case in cases() if case.verdict == "major"]


class Clients:
    """The APIs of generated clients, each made once: most cases have a side in common."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[str, griffe.Module] = {}

    def of(self, source: SourceFile, config: ServiceConfig) -> griffe.Module:
        if source.text not in self._made:
            folder = self._folder / str(len(self._made))
            self._made[source.text] = package(source, config, folder)
        return self._made[source.text]


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Clients:
    return Clients(tmp_path_factory.mktemp("clients"))


def understood(source: SourceFile, config: ServiceConfig) -> Context:
    outcome = understand(source, config)
    assert outcome.value is not None
    return outcome.value


def modules_of(context: Context) -> Mapping[str, frozenset[str]]:
    """Return the models of each module of models."""
    found: dict[str, set[str]] = defaultdict(set)
    for name in context.names.decls.values():
        prefix = f"{name.namespace}." if name.namespace else ""
        found[f"{prefix}{name.module}"].add(f"{prefix}{name.name}")
    return {module: frozenset(models) for module, models in found.items()}


def differences(
    clients: Clients, old: SourceFile, new: SourceFile, config: ServiceConfig
) -> tuple[list[Break], list[str]]:
    """Return the differences of two clients, and which of them `diff` does not tell of."""
    contexts = understood(old, config), understood(new, config)
    comparison = compare("service", *contexts)
    found = list(breaks(clients.of(old, config), clients.of(new, config)))
    modules = modules_of(contexts[0])
    silent = replace(comparison, changes=())
    assert all(unexplained(each, silent, modules) for each in found)
    return found, [each.what for each in found if unexplained(each, comparison, modules)]


@pytest.mark.skipif(not UPSTREAM.is_dir(), reason="../shared/upstream is not there")
@pytest.mark.parametrize(("old", "new"), PAIRS, ids=lambda name: str(name).rpartition("/")[2])
def test_every_breakage_between_releases_of_the_ledger_is_told(clients: Clients, old: str, new: str) -> None:
    texts = [(UPSTREAM / f"{name}.yaml").read_text(encoding="utf-8") for name in (old, new)]
    before, after = (SourceFile(name="ledger.yaml", text=text) for text in texts)
    found, untold = differences(clients, before, after, LEDGER)
    assert found
    assert untold == []


@pytest.mark.parametrize("case", BREAKING, ids=lambda case: case.name)
def test_every_breakage_of_a_case_is_told(clients: Clients, case: Case) -> None:
    before, after = (SourceFile(name="shop.yaml", text=yaml.safe_dump(dict(side))) for side in (case.old, case.new))
    _, untold = differences(clients, before, after, SHOP)
    assert untold == []
