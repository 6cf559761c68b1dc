"""What importing and using a generated package loads, and that all of it can be loaded."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from formance_codegen.cli.stack import STACK
from generated.cases import ROOT, Case, all_cases
from samples import node, text

GENERATED: Final = ROOT / "generated"
RUNTIME: Final = ROOT / "templates/runtime"
PACKAGES: Final = sorted(file.parent for file in GENERATED.glob("*/*/__init__.py"))
PATHS: Final = os.pathsep.join(
    map(str, (ROOT / "tests", ROOT / "codegen", *sorted({package.parent for package in PACKAGES})))
)

each_package = pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)


def python(*args: str) -> str:
    """Run Python in a process of its own, with warnings as errors, and return what it prints."""
    environment = {**os.environ, "PYTHONPATH": PATHS}
    done = subprocess.run(
        [sys.executable, "-W", "error", *args], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def modules_of(package: Path) -> list[str]:
    """Return the names of all modules of a package."""
    files = sorted(file.relative_to(package.parent) for file in package.rglob("*.py"))
    return [".".join(file.with_suffix("").parts).removesuffix(".__init__") for file in files]


def test_there_are_packages() -> None:
    assert {package.parent.name for package in PACKAGES} == {*(case.service for case in all_cases()), STACK}


@each_package
def test_importing_the_package_loads_no_model_and_no_dependency(package: Path) -> None:
    loaded = json.loads(python("-c", f"import sys, json, {package.name}; print(json.dumps(sorted(sys.modules)))"))
    assert [name for name in loaded if name.startswith(("pydantic", "httpx2", "typing_extensions"))] == []
    own = [name for name in loaded if name.startswith(package.name)]
    assert own == [package.name, f"{package.name}._core", f"{package.name}._core.lazy"]


def chosen_calls(service: str) -> list[Case]:
    """Return the first operation of a service that gives one model and the first that takes one."""
    mine = [case for case in all_cases() if case.service == service]
    gives = next((c for c in mine if node(c.described["returns"])["model"] and not c.described["body"]), None)
    takes = next((c for c in mine if node(c.described["body"]).get("model")), None)
    return [case for case in (gives, takes) if case is not None]


def test_a_call_loads_only_the_models_that_it_needs() -> None:
    program = str(ROOT / "tests/generated/one_call.py")
    services = sorted({case.service for case in all_cases()})
    chosen = {f"{s}:{text(case.operation['operationId'])}": case for s in services for case in chosen_calls(s)}
    assert {name.partition(":")[0] for name in chosen} == {*services}
    loaded = json.loads(python(program, *chosen))
    for name, case in chosen.items():
        for flavour, other in (("sync", "_async"), ("async", "_sync")):
            check_loaded(case, set(loaded[name][flavour]), other)


def check_loaded(case: Case, loaded: set[str], other: str) -> None:
    """Check which modules a call took; ``other`` is the module of the flavour that it is not of."""
    models = {name for name in loaded if ".models." in name}
    needed = {
        text(node(case.described[part])["model"]).partition(":")[0]
        for part in ("body", "returns")
        if node(case.described[part]).get("model")
    }
    assert needed <= models
    assert models <= closure(needed)
    namespace = text(case.described["namespace"])
    if namespace:
        assert f"{case.package}.{namespace}.{other}" not in loaded


def closure(modules: set[str]) -> set[str]:
    """Return modules with all that they import when they run, read off their source."""
    found: set[str] = set()
    pending = [*modules]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += imports_of(name)
    return found


def imports_of(module: str) -> Iterator[str]:
    """Yield the model modules that a model module imports at its top."""
    package = module.partition(".")[0]
    path = next(p for p in PACKAGES if p.name == package).parent / f"{module.replace('.', '/')}.py"
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.ImportFrom) and statement.level:
            base = module.split(".")[: -statement.level]
            target = ".".join([*base, *([statement.module] if statement.module else [])])
            if ".models." in target:
                yield target
            elif target.endswith(".models"):
                yield from (f"{target}.{alias.name}" for alias in statement.names)


ALL_OF_IT: Final = """
import importlib, inspect, sys
from pydantic import BaseModel, TypeAdapter

models = 0
for name in sys.argv[1:]:
    module = importlib.import_module(name)
    exported = getattr(module, "__all__", ())
    assert list(exported) == sorted(set(exported)), name
    for attribute in exported:
        assert attribute in dir(module), (name, attribute)
        value = getattr(module, attribute)
        if ".models" in name and inspect.isclass(value) and issubclass(value, BaseModel):
            value.model_rebuild(raise_errors=True)
            models += 1
        elif name.endswith(".models"):
            TypeAdapter(value)
print(models)
"""


@each_package
def test_every_module_imports_and_every_model_builds(package: Path) -> None:
    models = int(python("-c", ALL_OF_IT, *modules_of(package)))
    # The stack has none of its own: they are those of its services.
    assert (models == 0) is (package.parent.name == STACK)


@each_package
def test_every_module_imports_alone(package: Path) -> None:
    # In an order of chance a module may find what another has loaded; alone it must not need that.
    program = """
import importlib, sys
for name in sys.argv[2:]:
    for loaded in [key for key in sys.modules if key.startswith(sys.argv[1])]:
        del sys.modules[loaded]
    importlib.import_module(name)
print(len(sys.argv) - 2)
"""
    # Of the models every fourth: each loads what it refers to anew.
    own = [name for name in modules_of(package) if "._core" not in name]
    own = [name for number, name in enumerate(own) if ".models." not in name or number % 4 == 0]
    assert int(python("-c", program, package.name, *own)) == len(own)


@each_package
def test_the_package_is_typed_and_its_runtime_is_ours(package: Path) -> None:
    assert (package / "py.typed").read_bytes() == b""
    assert contents(package / "_core") == contents(RUNTIME)


def contents(folder: Path) -> dict[Path, bytes]:
    """Return the modules of a folder and of those in it."""
    return {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*.py")}
