"""The features: a folder each, with the tiniest document that shows one idea and the files that show it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from formance_codegen.cli.linking import Reach, linked
from formance_codegen.config import ServiceConfig
from formance_codegen.diagnostics import Diagnostic
from formance_codegen.pipeline import Generated, generate
from formance_codegen.render.templates import Templates
from formance_codegen.resources import read_templates
from formance_codegen.source import SourceFile

FOLDER: Final = Path(__file__).parent
_SHOWS: Final = "# shows: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A folder of this corpus."""

    name: str
    idea: str
    """What it shows, in one sentence: the first line of its document."""
    shows: tuple[str, ...]
    """The generated files that show it, relative to the package or to the project."""
    text: str
    overlay: str | None
    """What `overlay.yaml` says beside the document, where there is one."""

    @property
    def package(self) -> str:
        """The import package that is generated from it."""
        return self.name.replace("-", "_")

    @property
    def source(self) -> SourceFile:
        """The document as the generator takes it."""
        path = FOLDER / self.name / "spec.yaml"
        own = SourceFile(name=f"{self.name}/spec.yaml", text=self.text)
        read = linked(own, path, self.overlays, Reach()).value
        assert read is not None
        return read if read.linked else SourceFile(name=f"{self.name}.yaml", text=self.text)

    @property
    def overlays(self) -> tuple[SourceFile, ...]:
        """The overlay as the generator takes it."""
        return () if self.overlay is None else (SourceFile(name=f"{self.name}.overlay.yaml", text=self.overlay),)


@cache
def features() -> tuple[Feature, ...]:
    """Return all features, by name."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*/spec.yaml")))


@cache
def built(name: str) -> tuple[Generated, tuple[Diagnostic, ...]]:
    """Return the client project of a feature, and what the generator said about its document."""
    feature = next(feature for feature in features() if feature.name == name)
    outcome = generate(feature.source, ServiceConfig(package=feature.package), templates(), feature.overlays)
    assert outcome.value is not None, outcome.diagnostics
    return outcome.value, outcome.diagnostics


def files(name: str) -> dict[str, bytes]:
    """Return the generated files of a feature without the runtime; those of the package relative to it."""
    generated, _ = built(name)
    inside = f"{generated.names.package}/"
    own = {path.removeprefix(inside): content for path, content in generated.tree.files.items()}
    return {path: content for path, content in own.items() if not path.startswith("_core/")}


@cache
def templates() -> Templates:
    """Return the templates and the runtime."""
    return read_templates()


def _read(path: Path) -> Feature:
    text = path.read_text(encoding="utf-8")
    idea, shows, *_ = text.split("\n")
    overlay = path.with_name("overlay.yaml")
    assert idea.startswith("# "), f"{path}: the first line tells the idea"
    assert shows.startswith(_SHOWS), f"{path}: the second line tells the files that show it"
    return Feature(
        name=path.parent.name,
        idea=idea.removeprefix("# "),
        shows=tuple(shows.removeprefix(_SHOWS).split()),
        text=text,
        overlay=overlay.read_text(encoding="utf-8") if overlay.is_file() else None,
    )
