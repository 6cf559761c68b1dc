"""How a stack is opened, and that it imports what is used and nothing else."""

import inspect
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from formance_codegen.cli.reading import read_settings
from formance_ledger import AsyncLedgerClient, LedgerClient
from formance_stack import AsyncFormance, Formance, Stack
from formance_stack._core.require import require
from loopback import Loopback
from stack.conftest import Platform

ROOT: Final = Path(__file__).parents[2]
GENERATED: Final = sorted(file.parent for file in (ROOT / "generated").glob("*/pyproject.toml"))
PROGRAM: Final = '''
"""A program that uses two services of a stack."""

import asyncio

from formance_ledger.v2 import Ledger, PostTransaction, Posting
from formance_stack import AsyncFormance, ClientCredentials, Formance, FormanceError, NotFound, Stack
from formance_wallets import WalletsClient


def rename(wallets: WalletsClient, name: str) -> int:
    return sum(wallet.name == name for wallet in wallets.list_wallets())


def main() -> None:
    stack = Stack("organization", "stack", "eu-west-1")
    with Formance(stack, auth=ClientCredentials("id", "secret"), timeout=5) as formance:
        ledger: Ledger = formance.ledger.v2.get_ledger("main")
        posting = Posting(source="world", destination=ledger.name, amount=100, asset="USD/2")
        try:
            formance.ledger.v2.create_transaction("main", PostTransaction(postings=[posting], metadata={}))
            rename(formance.wallets, "w")
        except NotFound as error:
            print(error.status + 1, error.code, error.response.headers["x"])
        except FormanceError as error:
            print(error.operation.upper())
        with formance.with_options(headers={"X": "1"}).capture_response() as captured:
            print(formance.gateway.get_versions().region, captured.status + 1)


async def async_main() -> None:
    async with AsyncFormance.from_env() as formance:
        async for account in formance.ledger.v2.list_accounts("main", {"$match": {"address": "users:"}}):
            print(account.address.upper())
        print((await formance.wallets.get_wallet("w")).name.upper())


main()
asyncio.run(async_main())
'''


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
    require("formance_ledger", "formance-ledger")


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


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with two programs: ours, and the one of the guide."""
    (guide,) = re.findall(r"```python\n(.+?)```", (ROOT / "docs/stack.md").read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "guide.py").write_text(guide)
    (tmp_path / "program.py").write_text(PROGRAM)
    return tmp_path


class TestTypes:
    def test_mypy_understands_a_program(self, programs: Path) -> None:
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "mypy",
                "--strict",
                "--config-file",
                os.devnull,
                "--cache-dir",
                ".mypy",
                "program.py",
                "guide.py",
            ],
            cwd=programs,
            env={**os.environ, "MYPYPATH": os.pathsep.join(map(str, GENERATED))},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def test_pyright_understands_a_program(self, programs: Path) -> None:
        settings = {
            "include": ["program.py", "guide.py"],
            "extraPaths": [*map(str, GENERATED)],
            "typeCheckingMode": "strict",
            "pythonVersion": "3.11",
        }
        (programs / "pyrightconfig.json").write_text(json.dumps(settings))
        done = subprocess.run(
            [sys.executable, "-m", "basedpyright", "--pythonpath", sys.executable],
            cwd=programs,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
