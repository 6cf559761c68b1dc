"""The published documents, all eleven: a client of each, complete, importable, tidy and typed.

The runtime in them is the same in each, and is checked where it lies.
"""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from formance_codegen.config import ServiceConfig
from formance_codegen.diagnostics import Severity
from formance_codegen.inspection import inspect
from formance_codegen.pipeline import generate
from formance_codegen.resources import read_templates
from formance_codegen.source import SourceFile
from generated.cases import METHODS, ROOT, SHARED, read_document
from samples import Node, is_node, node, nodes, text

UPSTREAM: Final = SHARED / "upstream"
DOCUMENTS: Final = sorted(UPSTREAM.glob("*.yaml"))
HISTORY: Final = sorted((UPSTREAM / "history").glob("*.yaml"))
OPERATIONS: Final = 357
TYPED: Final = ("upstream_ledger", "upstream_wallets")

pytestmark = pytest.mark.skipif(not DOCUMENTS, reason="../shared/upstream is not there")

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)


def config_of(path: Path) -> ServiceConfig:
    """Return settings with a package name that no client of the repository has."""
    return ServiceConfig(package=f"upstream_{path.stem.replace('-', '_').replace('.', '_')}", platform="stack")


def source_of(path: Path) -> SourceFile:
    return SourceFile(name=path.name, text=path.read_text(encoding="utf-8"))


@cache
def files_of(path: Path) -> Mapping[str, bytes]:
    """Return the files of a document's client; there are no errors on the way."""
    outcome = generate(source_of(path), config_of(path), read_templates())
    errors = [found.message for found in outcome.diagnostics if found.severity is Severity.ERROR]
    assert errors == []
    assert outcome.value is not None
    return outcome.value.tree.files


@dataclass(frozen=True, slots=True, kw_only=True)
class Clients:
    """The clients of all documents, in one folder."""

    folder: Path
    packages: tuple[str, ...]


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Clients:
    folder = tmp_path_factory.mktemp("upstream")
    packages: list[str] = []
    for path in DOCUMENTS:
        package = config_of(path).package or ""
        packages.append(package)
        for name, content in files_of(path).items():
            file = folder / name
            # Packages only, side by side: the files of their projects would overwrite each other.
            if name.startswith(f"{package}/"):
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
    return Clients(folder=folder, packages=tuple(packages))


def run(folder: Path, tool: str, *args: str) -> str:
    """Run a tool, fail with what it says, and return what it says where it is content."""
    done = subprocess.run([sys.executable, "-m", tool, *args], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{tool} {' '.join(args)}\n{(done.stdout + done.stderr)[-8000:]}"
    return done.stdout


def test_all_operations_of_all_documents_are_there() -> None:
    assert len(DOCUMENTS) == 11
    assert sum(len(operations_of(read_document(path))) for path in DOCUMENTS) == OPERATIONS


def operations_of(document: Node) -> Mapping[tuple[str, str], Node]:
    """Return the operations of a document by method and path."""
    return {
        (method.upper(), template): node(operation)
        for template, item in node(document["paths"]).items()
        if template.startswith("/")
        for method, operation in node(item).items()
        if method in METHODS and is_node(operation)
    }


@each_document
def test_nothing_of_a_document_is_left_out(path: Path) -> None:
    outcome = inspect(source_of(path), config_of(path))
    assert outcome.value is not None
    found = {(each["method"], each["path"]): each for each in nodes(outcome.value["operations"])}
    declared = operations_of(read_document(path))
    assert found.keys() == declared.keys()
    assert nodes(outcome.value["omitted"]) == []
    for place, operation in declared.items():
        assert bool(operation.get("requestBody")) is (found[place]["body"] is not None), place
        assert found[place]["id"] == operation["operationId"]
    calls = [text(each["call"]) for each in found.values()]
    assert len(calls) == len(set(calls))


@pytest.mark.parametrize("path", [*DOCUMENTS, *HISTORY], ids=lambda path: path.stem)
def test_every_file_compiles(path: Path) -> None:
    sources = {name: content for name, content in files_of(path).items() if name.endswith(".py")}
    assert len(sources) > 30
    for name, content in sources.items():
        compile(content, name, "exec")


def test_every_module_imports_and_every_model_builds(clients: Clients) -> None:
    program = """
import importlib, pathlib, sys
from pydantic import BaseModel
for package in sys.argv[1:]:
    for file in sorted(pathlib.Path(package).rglob("*.py")):
        module = importlib.import_module(".".join(file.with_suffix("").parts).removesuffix(".__init__"))
        for name in getattr(module, "__all__", ()):
            value = getattr(module, name)
            if ".models" in module.__name__ and isinstance(value, type) and issubclass(value, BaseModel):
                value.model_rebuild(raise_errors=True)
"""
    environment = {**os.environ, "PYTHONPATH": str(clients.folder)}
    command = [sys.executable, "-W", "error", "-c", program, *clients.packages]
    done = subprocess.run(command, cwd=clients.folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_black_leaves_them_alone(clients: Clients) -> None:
    run(clients.folder, "black", "--check", "--quiet", "--diff", "--config", os.devnull, "--exclude", "/_core/", ".")


def test_ruff_finds_nothing(clients: Clients) -> None:
    # With the rules that the repository has for generated code: they are tied to its folder.
    rules = ["--config", str(ROOT / "pyproject.toml"), "--config", f"lint.per-file-ignores = {ignores()}"]
    run(clients.folder, "ruff", "check", "--no-cache", *rules, ".")


def ignores() -> str:
    """Return the repository's rules that generated code is free of, for all files of a folder, as TOML."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    free: list[str] = settings["tool"]["ruff"]["lint"]["per-file-ignores"]["generated/**"]
    return f'{{"**" = {json.dumps(free)}}}'


def test_mypy_is_content(clients: Clients) -> None:
    # Two of them: the facts are those of specs/, whose clients are all looked at.
    options = ["--config-file", os.devnull, "--strict", "--cache-dir", str(ROOT / ".mypy_cache/upstream")]
    packages = [part for package in TYPED for part in ("-p", package)]
    assert "Success: no issues found" in run(clients.folder, "mypy", *options, *packages)
