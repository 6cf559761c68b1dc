"""Finds imports that go against the order of the layers, and cycles."""

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

LAYERS: Final = (
    ("source", "pointer", "tree", "diagnostics", "quiet"),
    ("naming", "config"),
    ("load",),
    ("ir",),
    ("lower",),
    ("resolve",),
    ("view",),
    ("render",),
    (
        *("pipeline", "inspection", "report", "manifest", "emit", "drift", "sarif", "resources", "cache"),
        *("update", "diff", "vendoring"),
    ),
    ("cli", "__main__"),
)
"""The first part of each module's name below ``formance_codegen``; a layer imports from those before it."""

PACKAGE: Final = "formance_codegen"


def modules(root: Path) -> dict[str, str]:
    """Return the source text of each module of the package in ``root`` by its full name."""
    files = ((".".join(file.relative_to(root).with_suffix("").parts), file) for file in sorted(root.rglob("*.py")))
    return {name.removesuffix(".__init__"): file.read_text(encoding="utf-8") for name, file in files}


def imports(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """Return which modules of ``sources`` each module imports, wherever the import stands."""
    return {name: set(_imported(text, sources)) for name, text in sources.items()}


def _imported(text: str, sources: Mapping[str, str]) -> Iterable[str]:
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names if alias.name in sources)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                found = {f"{module}.{alias.name}" for alias in names}
                yield from found & sources.keys()
                if module in sources and found - sources.keys():
                    yield module
            case _:
                pass


def unplaced(sources: Mapping[str, str]) -> list[str]:
    """Return the modules that belong to no layer."""
    return [name for name in sources if name != PACKAGE and _layer(name) is None]


def violations(sources: Mapping[str, str]) -> list[str]:
    """Return the imports from a later layer."""
    return [
        f"{name} imports {other}"
        for name, others in imports(sources).items()
        for other in sorted(others)
        if name != PACKAGE and other != PACKAGE and (_layer(name) or 0) < (_layer(other) or 0)
    ]


def _layer(name: str) -> int | None:
    part = name.split(".")[1]
    return next((number for number, layer in enumerate(LAYERS) if part in layer), None)


def cycle(sources: Mapping[str, str]) -> list[str]:
    """Return the modules that are left when those that import nothing more are taken away again and again."""
    graph = imports(sources)
    while free := {name for name, others in graph.items() if not others & graph.keys()}:
        graph = {name: others for name, others in graph.items() if name not in free}
    return sorted(graph)
