"""What the settings may say."""

import tomllib
from collections.abc import Mapping
from typing import TypeGuard

import pytest

from formance_codegen.config import Config, ServiceConfig, StackConfig, read_config
from formance_codegen.diagnostics import Outcome
from formance_codegen.pointer import Pointer
from formance_codegen.resources import resources


def is_table(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, dict)


def read(text: str) -> Outcome[Config]:
    table: object = tomllib.loads(text)
    for key in ("tool", "formance-codegen"):
        assert is_table(table)
        table = table[key]
    assert is_table(table)
    return read_config(table, "pyproject.toml", text=text)


def test_everything_has_a_default() -> None:
    assert read_config({}, "pyproject.toml").value == Config(specs="specs", output="generated", services={})


def test_a_service_table() -> None:
    config = read("""
[tool.formance-codegen]
specs = "documents"
output = "clients"

[tool.formance-codegen.services.pets]
package = "pet_store"
distribution = "pet-store"
client = "PetStore"
prefix = "/api"
token_url = "https://example.com/token"
error_root = "PetError"
renames = { "/components/schemas/Pet" = "Animal" }
""").value
    assert config == Config(
        specs="documents",
        output="clients",
        services={
            "pets": ServiceConfig(
                package="pet_store",
                distribution="pet-store",
                client="PetStore",
                prefix="/api",
                token_url="https://example.com/token",
                error_root="PetError",
                renames={Pointer("/components/schemas/Pet"): "Animal"},
            )
        },
    )


@pytest.mark.parametrize(
    ("platform", "token_url", "error_root"),
    [("stack", "/api/auth/oauth/token", "FormanceError"), ("cloud", None, "FormanceError"), ("", None, None)],
)
def test_a_platform_brings_its_defaults(platform: str, token_url: str | None, error_root: str | None) -> None:
    config = read_config({"services": {"x": {"platform": platform}}}, "pyproject.toml").value
    assert config is not None
    service = config.services["x"]
    assert (service.platform, service.token_url, service.error_root) == (platform, token_url, error_root)


HEAD = "[tool.formance-codegen]\n"
SERVICE = "[tool.formance-codegen.services.ledger]\n"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (f'{HEAD}spec = "x"\n', 2, 'there is no setting "spec" (do you mean "specs"?)'),
        (f"{HEAD}specs = 1\n", 2, "specs must be a string, not a number"),
        (f"{HEAD}output = [true]\n", 2, "output must be a string, not a list"),
        (f"{HEAD}services = []\n", 2, "services must be a table, not a list"),
        (f"{HEAD}services.ledger = true\n", 2, "ledger must be a table, not a boolean"),
        (f'{SERVICE}clint = "X"\n', 2, 'there is no setting "clint" (do you mean "client"?)'),
        (f'{SERVICE}package = "my-ledger"\n', 2, '"my-ledger" is not a Python name'),
        (f'{SERVICE}client = "class"\n', 2, '"class" is not a Python name'),
        (f"{SERVICE}prefix = 2026-01-01\n", 2, "prefix must be a string, not a date or time"),
        (f'{SERVICE}\n\nprefix = "api"\n', 4, 'the prefix "api" must begin with a slash and end without one'),
        (f'{SERVICE}prefix = "/api/"\n', 2, 'the prefix "/api/" must begin with a slash and end without one'),
        (f'{SERVICE}platform = "stak"\n', 2, '"stak" is not a platform (do you mean "stack"?)'),
        (f'{SERVICE}renames = {{ "components" = "X" }}\n', 2, '"components" is not a JSON pointer'),
        (f"{HEAD}[tool.formance-codegen.services]\nledger = {{ package = 1 }}\n", 3, "package must be a string"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, line: int, message: str) -> None:
    outcome = read(text)
    assert outcome.value is None
    assert [found.code.slug for found in outcome.diagnostics] == ["invalid-config"]
    found = outcome.diagnostics[0]
    assert found.message.startswith(message)
    assert found.span is not None
    assert (found.span.file, found.span.line) == ("pyproject.toml", line)


def test_all_mistakes_are_told_at_once() -> None:
    assert len(read(f'{HEAD}a = 1\nb = 2\n{SERVICE}package = ""\n').diagnostics) == 3


def test_our_own_settings_name_all_services() -> None:
    config = read(resources().config.read_text(encoding="utf-8")).value
    assert config is not None
    assert (config.specs, config.output) == ("specs", "generated")
    stack = (
        "auth",
        "gateway",
        "ledger",
        "orchestration",
        "payments",
        "reconciliation",
        "search",
        "wallets",
        "webhooks",
    )
    cloud = ("deployserver", "membership")
    assert set(config.services) == {*stack, *cloud}
    for name, service in config.services.items():
        assert service.package == f"formance_{name}"
        assert service.client == f"{name.capitalize()}Client"
        assert service.platform == ("cloud" if name in cloud else "stack")
        assert service.prefix == ("" if name in (*cloud, "gateway") else f"/api/{name}")
        assert service.error_root == "FormanceError"


class TestStack:
    def test_there_is_none_unless_it_is_asked_for(self) -> None:
        config = read_config({}, "pyproject.toml").value
        assert config is not None
        assert config.stack is None

    def test_everything_has_a_default(self) -> None:
        config = read("[tool.formance-codegen.stack]").value
        assert config is not None
        assert config.stack == StackConfig(package="formance_stack", client="Formance", services=None)

    def test_all_settings(self) -> None:
        config = read("""
[tool.formance-codegen.stack]
package = "acme"
distribution = "acme-api"
client = "Acme"
version = "2.1"
token_url = "/token"
services = ["ledger", "wallets"]
""").value
        assert config is not None
        assert config.stack == StackConfig(
            package="acme",
            distribution="acme-api",
            client="Acme",
            version="2.1",
            token_url="/token",
            services=("ledger", "wallets"),
        )

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("service = []", 'there is no setting "service" (do you mean "services"?)'),
            ('services = "ledger"', "services must be a list of strings, not a string"),
            ("services = [1]", "services must be a list of strings, not a list"),
            ('version = "next"', '"next" is not a version: it must be numbers with dots between them'),
            ('package = "a-b"', '"a-b" is not a Python name'),
        ],
    )
    def test_mistakes(self, line: str, message: str) -> None:
        outcome = read(f"[tool.formance-codegen.stack]\n{line}")
        assert outcome.value is None
        assert [found.message for found in outcome.diagnostics] == [message]
        assert outcome.diagnostics[0].span is not None
