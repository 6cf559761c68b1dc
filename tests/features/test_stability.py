"""Text is laid out before black sees it, so that black has nothing left to change."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from features.corpus import Feature, features, templates
from formance_codegen.config import ServiceConfig, read_config
from formance_codegen.pipeline import understand
from formance_codegen.render.environment import environment
from formance_codegen.render.formatting import ask_black
from formance_codegen.source import SourceFile
from formance_codegen.view.package import package_files

ROOT: Final = Path(__file__).parents[2]
SPECS: Final = (ROOT / "specs/ledger.yaml", ROOT / "specs/wallets.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What black makes of a piece that it does not leave alone."""

    path: str
    before: str
    after: str


def changes(source: SourceFile, config: ServiceConfig, overlays: Sequence[SourceFile] = ()) -> Iterable[Change]:
    """Yield the pieces of a project that black would change."""
    context = understand(source, config, overlays).value
    assert context is not None
    env = environment(templates())
    for file in package_files(context):
        for piece in file.pieces:
            before = env.get_template(piece.template).render(view=piece.view).strip("\n")
            after = ask_black(before, piece.indent)
            if before != after:
                yield Change(path=file.path, before=before, after=after)


# No layout makes a literal fit that is longer than a line.
LAID_OUT: Final = tuple(feature for feature in features() if feature.name != "hostile-text")


@pytest.mark.parametrize("feature", LAID_OUT, ids=lambda feature: feature.name)
def test_black_leaves_the_pieces_of_a_feature_alone(feature: Feature) -> None:
    assert [*changes(feature.source, ServiceConfig(package=feature.package), feature.overlays)] == []


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_black_leaves_the_pieces_of_our_clients_alone(path: Path) -> None:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["formance-codegen"]
    config = read_config(table, "pyproject.toml").value
    assert config is not None
    source = SourceFile(name=path.name, text=path.read_text(encoding="utf-8"))

    assert [*changes(source, config.services[path.stem])] == []
