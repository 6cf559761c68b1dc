"""Whatever the names in a document are: its package is imported whole, and its operations can be called."""

import inspect
import unicodedata
from collections import Counter
from pathlib import PurePosixPath
from types import ModuleType
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings

from formance_codegen.pipeline import Generated
from laws.names import SURROGATE, documents
from laws.packages import ALL_CHECKS, UNSHRUNK, installed, loaded


@settings(max_examples=15, deadline=None, suppress_health_check=ALL_CHECKS, phases=UNSHRUNK)
@given(documents())
def test_any_names_give_a_package_that_works(data: dict[str, Any]) -> None:
    with installed(data) as (generated, package):
        check_files(generated)
        check_imports(generated, package)
        check_calls(generated, package)


def check_files(generated: Generated) -> None:
    """No two files of one folder are one file where case or composition do not count."""
    folded = Counter(unicodedata.normalize("NFC", path).casefold() for path in generated.tree.files)
    assert [path for path, count in folded.items() if count > 1] == []
    assert max(len(part.encode()) for path in generated.tree.files for part in PurePosixPath(path).parts) < 256


def check_imports(generated: Generated, package: ModuleType) -> None:
    """Every module is imported, and every name that a package offers is there."""
    inside = f"{generated.names.package}/"
    for path in generated.tree.files:
        if path.startswith(inside) and path.endswith(".py") and "/_core/" not in path:
            name = path.removeprefix(inside).removesuffix(".py").removesuffix("__init__").strip("/").replace("/", ".")
            module = loaded(package, name) if name and not name.startswith("testing") else package
            for offered in getattr(module, "__all__", ()):
                assert getattr(module, offered) is not None or offered


def check_calls(generated: Generated, package: ModuleType) -> None:
    """Each operation is a method of its own, which sends what it says."""
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(204)

    operations = generated.service.operations
    with httpx2.Client(transport=httpx2.MockTransport(answer)) as http:
        client = getattr(package, str(generated.names.client))("https://server.test", http_client=http)
        for operation in operations:
            name = generated.names.operations[operation.pointer]
            owner = client
            for part in [part for part in name.namespace.split(".") if part]:
                owner = getattr(owner, part)
            method = getattr(owner, name.method)
            signature = inspect.signature(method)
            required = [each for each in signature.parameters.values() if each.default is each.empty]
            values = ["x" for each in required if each.kind is not each.KEYWORD_ONLY]
            if SURROGATE in operation.path:
                # No URL can have it.
                with pytest.raises(ValueError, match="not valid Unicode"):
                    method(*values)
                continue
            method(*values)
            assert asked[-1].method == operation.method
    assert len(asked) == sum(SURROGATE not in operation.path for operation in operations)
