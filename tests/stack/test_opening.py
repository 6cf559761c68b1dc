"""How a stack is opened, and that it imports what is used and nothing else."""

import inspect
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from formance_codegen.cli.reading import read_settings
from formance_ledger import AsyncLedgerClient, LedgerClient
from formance_stack import AsyncFormance, Formance, Stack
from loopback import Loopback
from stack.conftest import Platform

ROOT: Final = Path(__file__).parents[2]
GENERATED: Final = sorted(file.parent for file in (ROOT / "generated").glob("*/pyproject.toml"))


def python(code: str, *, folders: Mapping[str, Path] | None = None) -> str:
    """Run code in an interpreter of its own that finds the generated packages, and return what it prints."""
    path = os.pathsep.join(
        str(folder) for folder in (folders or {project.name: project for project in GENERATED}).values()
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_only_what_is_used_is_imported() -> None:
    code = """
import json, sys
def services():
    return sorted(n for n in sys.modules if n.startswith("formance_") and "." not in n and n != "formance_stack")
found = []
import formance_stack
found.append([services(), "httpx2" in sys.modules, "pydantic" in sys.modules])
from formance_stack import Formance, FormanceError, NotFound
formance = Formance("http://localhost:55001")
found.append(services())
formance.wallets
found.append(services())
formance.ledger.v2
found.append(services())
print(json.dumps(found))
"""
    assert json.loads(python(code)) == [
        [[], False, False],
        [],
        ["formance_wallets"],
        ["formance_ledger", "formance_wallets"],
    ]


def test_a_service_that_is_not_installed_is_named() -> None:
    code = """
from formance_stack import Formance
formance = Formance("http://localhost:55001")
formance.ledger
try:
    formance.wallets
except ImportError as error:
    print(error.name, error)
"""
    folders = {project.name: project for project in GENERATED if project.name in ("stack", "ledger")}
    assert python(code, folders=folders) == (
        "formance_wallets formance_wallets is not installed; it comes with the distribution formance-wallets: "
        "pip install formance-wallets\n"
    )


def test_what_is_installed_is_not_complained_of() -> None:
    code = """
import sys
from formance_stack._core.require import require
require("formance_ledger", "formance-ledger")
print("formance_ledger" in sys.modules)
"""
    assert python(code) == "False\n"


@pytest.mark.parametrize(("stack", "service"), [(Formance, LedgerClient), (AsyncFormance, AsyncLedgerClient)])
def test_the_constructor_is_that_of_a_service(
    stack: type[Formance | AsyncFormance], service: type[LedgerClient | AsyncLedgerClient]
) -> None:
    assert inspect.signature(stack) == inspect.signature(service)


@pytest.mark.parametrize("kind", [Formance, AsyncFormance])
def test_wrong_arguments_are_refused_as_by_a_service(kind: type[Formance | AsyncFormance]) -> None:
    with pytest.raises(ValueError, match="server: the URL must be absolute"):
        kind("localhost")
    with pytest.raises(ValueError, match="max_retries"):
        kind("http://localhost", max_retries=-1)
    with pytest.raises(ValueError, match="timeout"):
        kind("http://localhost", timeout=0)


def test_a_stack_of_the_cloud() -> None:
    with Formance(Stack("o", "s", "eu-west-1")) as formance:
        assert repr(formance) == "<Formance https://o-s.eu-west-1.formance.cloud>"
        assert repr(formance.ledger) == "<LedgerClient https://o-s.eu-west-1.formance.cloud>"


def test_services_are_made_once() -> None:
    with Formance("http://localhost:55001") as formance:
        assert formance.ledger is formance.ledger
        assert formance.with_options().ledger is not formance.ledger


def test_from_env(server: Loopback, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="FORMANCE_BASE_URL is not set"):
        Formance.from_env()
    monkeypatch.setenv("FORMANCE_BASE_URL", server.url)
    monkeypatch.setenv("FORMANCE_CLIENT_ID", "id")
    monkeypatch.setenv("FORMANCE_CLIENT_SECRET", "s")
    with Formance.from_env() as formance:
        assert formance.ledger.v2.get_ledger("main").name == "main"
    assert server.last.header("Authorization") == "Bearer T1"


def test_every_built_service_of_the_platform_has_a_door() -> None:
    doors = {name for name, value in vars(Formance).items() if type(value).__name__ == "cached_property"}
    settings = read_settings(ROOT).value
    assert settings is not None
    services = settings.config.services.items()
    of_stacks = {name for name, service in services if service.platform == "stack"}
    assert doors == of_stacks & {project.name for project in GENERATED}
    assert doors == {name for name, value in vars(AsyncFormance).items() if type(value).__name__ == "cached_property"}
