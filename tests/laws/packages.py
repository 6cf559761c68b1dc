"""Clients of documents that a test makes up: generated, compiled, imported and forgotten again."""

import importlib
import json
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, Final

from hypothesis import HealthCheck, Phase

from formance_codegen.config import ServiceConfig
from formance_codegen.diagnostics import Outcome
from formance_codegen.pipeline import Generated, generate
from formance_codegen.render.templates import Templates
from formance_codegen.resources import read_templates
from formance_codegen.source import SourceFile

RUNTIME: Final = Path(__file__).parents[2] / "templates" / "runtime"
UNSHRUNK: Final = (Phase.explicit, Phase.reuse, Phase.generate)
"""A package takes too long to make for hundreds of attempts at a smaller example."""
ALL_CHECKS: Final = [
    HealthCheck.too_slow,
    HealthCheck.filter_too_much,
    HealthCheck.data_too_large,
    HealthCheck.large_base_example,
]
"""How long it takes to draw says nothing of what is drawn."""
_NUMBERS: Final = count(1)


def document(schemas: Mapping[str, object], paths: Mapping[str, object] | None = None) -> dict[str, object]:
    """Return the data of a document of OpenAPI 3.1 with components."""
    info = {"title": "Made up", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": paths or {}, "components": {"schemas": dict(schemas)}}


def made(data: object, *, package: str = "made_up") -> Outcome[Generated]:
    """Generate a client of the data of a document."""
    source = SourceFile(name=f"{package}.json", text=json.dumps(data))
    return generate(source, ServiceConfig(package=package), templates())


@contextmanager
def installed(data: object) -> Generator[tuple[Generated, ModuleType]]:
    """Generate a client of the data of a document, and import its package for the length of a block."""
    outcome = made(data, package=f"made_up_{next(_NUMBERS)}")
    assert outcome.value is not None, [found.message for found in outcome.diagnostics]
    name = outcome.value.names.package
    with TemporaryDirectory() as folder:
        _write(outcome.value, Path(folder))
        sys.path.insert(0, folder)
        importlib.invalidate_caches()
        try:
            yield outcome.value, importlib.import_module(name)
        finally:
            sys.path.remove(folder)
            for module in [module for module in sys.modules if module.partition(".")[0] == name]:
                del sys.modules[module]


def _write(generated: Generated, folder: Path) -> None:
    name = generated.names.package
    for path, content in generated.tree.files.items():
        if path.startswith(f"{name}/") and not path.startswith(f"{name}/_core/"):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
            if path.endswith(".py"):
                compile(content, path, "exec")
    (folder / name / "_core").symlink_to(RUNTIME, target_is_directory=True)


def loaded(package: ModuleType, name: str) -> Any:
    """Import a module of a package."""
    return importlib.import_module(f"{package.__name__}.{name}")


@cache
def templates() -> Templates:
    """Return the templates and the runtime."""
    return read_templates()
