"""Fixtures: the package of a feature, imported as a user would, and a client of it without a network."""

import importlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import httpx2
import pytest

from features.corpus import built

RUNTIME: Final = Path(__file__).parents[2] / "templates" / "runtime"
SERVER: Final = "https://server.test/base"


@dataclass(slots=True)
class Wire:
    """A server that gives the answers that it was told to give, and remembers what it was asked."""

    answers: list[httpx2.Response]
    requests: list[httpx2.Request] = field(default_factory=list[httpx2.Request])

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        self.requests.append(request)
        return self.answers.pop(0)

    @property
    def request(self) -> httpx2.Request:
        """The one request that was made."""
        (request,) = self.requests
        return request

    @property
    def target(self) -> str:
        """The path and the query of the one request, as they went over the wire."""
        return self.request.url.raw_path.decode().removeprefix("/base")


@dataclass(frozen=True, slots=True)
class Served:
    """A client and what it talks to; what stands in a generated package has no type here."""

    client: Any
    wire: Wire


Use = Callable[[str], ModuleType]
Serve = Callable[..., Served]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder from which packages can be imported."""
    folder = tmp_path_factory.mktemp("packages")
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


@pytest.fixture
def use(home: Path) -> Use:
    """Write the package of a feature, once, and import it."""

    def package(feature: str) -> ModuleType:
        generated, _ = built(feature)
        name = generated.names.package
        if name not in sys.modules:
            for path, content in generated.tree.under(".").files.items():
                if not path.startswith(f"./{name}/_core/"):
                    (home / path).parent.mkdir(parents=True, exist_ok=True)
                    (home / path).write_bytes(content)
            # The same files as those of the tree, compiled once for all packages.
            (home / name / "_core").symlink_to(RUNTIME, target_is_directory=True)
            importlib.invalidate_caches()
        return importlib.import_module(name)

    return package


@pytest.fixture
def serve(use: Use) -> Iterator[Serve]:
    """Make a client of a feature that gets the given answers, one after the other."""
    opened: list[httpx2.Client] = []

    def client(feature: str, *answers: httpx2.Response, server: str | None = SERVER, **options: object) -> Served:
        wire = Wire([*answers])
        http = httpx2.Client(transport=httpx2.MockTransport(wire))
        opened.append(http)
        package = use(feature)
        made = getattr(package, str(built(feature)[0].names.client))
        where = () if server is None else (server,)
        return Served(made(*where, http_client=http, **options), wire)

    yield client
    for http in opened:
        http.close()


@pytest.fixture
def models(use: Use) -> Use:
    """Import the models of a feature."""

    def package(feature: str) -> ModuleType:
        return importlib.import_module(f"{use(feature).__name__}.models")

    return package
