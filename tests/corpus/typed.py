"""Types of many clients at once, strictly."""

import ast
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from formance_codegen.resources import resources

SHARED: Final = "corpus_runtime"
"""The runtime that all clients of a run share: it is the same in each, and is checked where it lies."""


def type_errors(folder: Path, packages: Mapping[str, Path], cache: Path) -> Mapping[str, Sequence[str]]:
    """Return what mypy says of packages, by package.

    Args:
        folder: Where the packages are brought together; it is empty.
        packages: The folders that hold them, by name.
        cache: Where mypy keeps what it knows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    runtime = resources().templates / "runtime"
    (folder / SHARED).symlink_to(runtime, target_is_directory=True)
    for name, source in packages.items():
        _gather(source / name, folder / name, runtime)
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull, "--no-error-summary"]
    command += ["--no-pretty", "--hide-error-context", "--cache-dir", str(cache), *packages]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    found: dict[str, list[str]] = defaultdict(list)
    for line in done.stdout.splitlines():
        if ": error: " in line and "/_core/" not in line:
            found[line.partition("/")[0]].append(line)
    if done.returncode not in (0, 1) or "[syntax]" in done.stdout:
        raise RuntimeError(f"mypy: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return found


def pyright_errors(folder: Path, packages: Iterable[str]) -> Sequence[str]:
    """Return what pyright says in strict mode of packages that ``type_errors`` has brought together."""
    settings = {"include": [*packages], "exclude": ["**/_core"], "typeCheckingMode": "strict", "pythonVersion": "3.11"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "basedpyright", "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    said = json.loads(done.stdout)["generalDiagnostics"]
    return [f"{each['file']}:{each['range']['start']['line'] + 1} {each['message']}" for each in said]


def _gather(source: Path, target: Path, runtime: Path) -> None:
    """Link a package, with modules that lead to the shared runtime in place of its own."""
    target.mkdir()
    for entry in source.iterdir():
        if entry.name not in ("_core", "__pycache__"):
            (target / entry.name).symlink_to(entry, target_is_directory=entry.is_dir())
    for file in runtime.rglob("*.py"):
        relative = file.relative_to(runtime)
        stub = target / "_core" / relative
        stub.parent.mkdir(parents=True, exist_ok=True)
        module = ".".join((SHARED, *relative.with_suffix("").parts)).removesuffix(".__init__")
        names = sorted(set(_bound(ast.parse(file.read_text(encoding="utf-8")).body)))
        stub.write_text("".join(f"from {module} import {name} as {name}\n" for name in names))


def _bound(statements: Iterable[ast.stmt]) -> Iterator[str]:
    """Yield the names that a module has."""
    for each in statements:
        match each:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.ImportFrom(module=module, names=names) if module != "__future__":
                yield from (alias.asname or alias.name for alias in names)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.If(body=body, orelse=orelse):
                yield from _bound((*body, *orelse))
            case _:
                pass
