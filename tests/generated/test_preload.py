"""preload(): after it, nothing that calls need is imported or built any more."""

from typing import Final

import pytest

from generated.test_imports import PACKAGES, python

# What a preloaded client still has to import or build for its calls.
LEFT: Final = """
import importlib, inspect, sys
from pydantic import BaseModel, TypeAdapter
package, flavour, namespace = sys.argv[1:]
client_module = importlib.import_module(package + ".client")
Client = next(
    value for name, value in vars(client_module).items()
    if inspect.isclass(value) and value.__module__ == client_module.__name__
    and name.startswith("Async") == (flavour == "async")
)
owner = client = Client("http://localhost:1")
if namespace:
    owner = getattr(client, namespace)
owner.preload()
loaded = set(sys.modules)
scope = package + (f".{namespace}" if namespace else "")
unbuilt, adapters = [], 0
for name in sorted(loaded):
    if not name.startswith(scope + "."):
        continue
    if name.endswith("._operations"):
        for operation in vars(sys.modules[name]).values():
            if type(operation).__name__ == "Operation":
                for part in (*dict(operation.results).values(), *dict(operation.errors).values(), *operation.body):
                    if hasattr(type(part), "adapter"):
                        adapters += 1
                        made = vars(part).get("adapter")
                        if made is None or not getattr(made, "pydantic_complete", True):
                            unbuilt.append(operation.name)
    elif name.endswith(".models"):
        for exported in sys.modules[name].__all__:
            value = getattr(sys.modules[name], exported)
            if inspect.isclass(value) and issubclass(value, BaseModel) and not value.__pydantic_complete__:
                unbuilt.append(exported)
other = "._sync" if flavour == "async" else "._async"
assert loaded == set(sys.modules), sorted(set(sys.modules) - loaded)
assert not namespace or not [name for name in loaded if name.startswith(scope) and name.endswith(other)]
print(adapters, *unbuilt)
"""

ONE: Final = """
import sys
from formance_ledger import LedgerClient
LedgerClient("http://localhost:1").v2.preload()
print(*sys.modules)
"""


@pytest.mark.parametrize("flavour", ["sync", "async"])
@pytest.mark.parametrize("package", ["formance_ledger", "formance_gateway"])
def test_a_client_is_ready(package: str, flavour: str) -> None:
    assert package in {found.name for found in PACKAGES}
    adapters, *unbuilt = python("-c", LEFT, package, flavour, "").split()
    assert int(adapters) > 0
    assert unbuilt == []


def test_a_namespace_is_ready_and_others_are_not_touched() -> None:
    adapters, *unbuilt = python("-c", LEFT, "formance_ledger", "sync", "v2").split()
    assert int(adapters) > 50
    assert unbuilt == []
    assert "formance_ledger.v1._operations" not in python("-c", ONE).split()
