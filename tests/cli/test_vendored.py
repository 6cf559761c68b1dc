"""Vendored clients in their places: what imports them, and what they import."""

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from loopback import Answer, loopback
from neighbour import change, git, python

if TYPE_CHECKING:
    from cli.conftest import Run


def test_a_client_works_inside_any_package(folder: Path, app: Path, run: "Run") -> None:
    result = run("vendor", str(app / "shop/vendor"), "--service", "pets")
    assert result.exit_code == 0, result.stderr
    git(app, "add", "--all")
    files = git(app, "ls-files").splitlines()
    assert "shop/vendor/animals/py.typed" in files
    assert not any(name.endswith(("pyproject.toml", "README.md")) for name in files)
    with loopback() as server:
        server.say(Answer(body=b'{"name": "Rex"}', headers=(("Content-Type", "application/json"),)))
        program = f"from shop.vendor.animals import Zoo\nprint(Zoo({server.url!r}).get_pet('1').name)"
        assert python(app, program) == "Rex\n"
    assert python(app, "import shop.vendor.animals.testing; import sys; print('animals' in sys.modules)") == "False\n"


def test_only_what_is_asked_for(folder: Path, app: Path, run: "Run") -> None:
    change(folder, "components:\n", MORE)
    document = folder / "specs/pets.yaml"
    document.write_text(f"{document.read_text()}    Food: {{type: object, properties: {{kind: {{type: string}}}}}}\n")
    result = run("vendor", str(app), "--service", "pets", "--only", "feed")
    assert "1 operation, 1 model" in result.stdout
    assert python(app, "import animals; print(animals.Food.__name__, hasattr(animals, 'Pet'))") == "Food False\n"
    assert "def get_pet" not in (app / "animals/_sync.py").read_text()
    assert run("vendor", str(app), "--check").exit_code == 0
    environment = {**os.environ, "MYPYPATH": str(app)}
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull, "-p", "animals"]
    command += ["--cache-dir", str(app / ".mypy")]
    done = subprocess.run(command, env=environment, cwd=app, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


MORE: Final = """\
  /food:
    post:
      operationId: feedPets
      x-formance-name: feed
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/Food"}}}
      responses: {"204": {description: ""}}
components:
"""


def test_one_client_under_two_names(folder: Path, app: Path, run: "Run") -> None:
    for name in ("one", "two"):
        run("vendor", str(app / "shop/vendor"), "--service", "pets", "--package", name)
    program = """
from shop.vendor import one, two
for package in (one, two):
    with package.Zoo("http://127.0.0.1:9") as client:
        client.preload()
try:
    one.Zoo("http://127.0.0.1:9", auth=two.BearerToken("t"))
except TypeError as error:
    print(error)
"""
    told = "auth: shop.vendor.two._core.auth.BearerToken is not a credential of shop.vendor.one: import it from there\n"
    assert python(app, program) == told


def test_every_module_works_below_any_parent(folder: Path, app: Path, run: "Run") -> None:
    # Named like the folder of the runtime: no module may take it for its own.
    place = app / "shop/_core"
    place.mkdir()
    (place / "__init__.py").write_text("")
    (app / "shop/models.py").write_text("raise SystemError('no business of the client')\n")
    (app / "shop/own.py").write_text("from shop._core.animals import Zoo\nclass Mine(Zoo): ...\n")
    run("vendor", str(place), "--service", "pets")
    package = place / "animals"
    files = sorted(package.rglob("*.py"))
    absolute = {
        name.partition(".")[0]
        for file in files
        for statement in ast.walk(ast.parse(file.read_text()))
        for name in _absolute(statement)
    }
    others = {"httpx2", "httpcore2", "pydantic", "pydantic_core", "pytest", "typing_extensions"}
    assert absolute - sys.stdlib_module_names <= others
    names = [".".join(file.relative_to(app).with_suffix("").parts).removesuffix(".__init__") for file in files]
    program = f"""
import importlib, logging
for name in {names!r}:
    importlib.import_module(name)
from shop._core.animals import Pet, Zoo
from shop._core.animals.testing import FakeZoo
fake = FakeZoo()
fake.get_pet.returns(Pet(name="Rex"))
print(fake.client().get_pet("1").name)
from shop.own import Mine
Mine("http://127.0.0.1:9").preload()
try:
    Mine("http://127.0.0.1:9", auth=1)
except TypeError as error:
    print(error)
print([name for name in logging.root.manager.loggerDict if "animals" in name])
"""
    told = "auth: builtins.int is not a credential of shop._core.animals: import it from there"
    assert python(app, program) == f"Rex\n{told}\n['shop._core.animals']\n"


def _absolute(statement: ast.AST) -> list[str]:
    """Return the modules that a statement imports by their full names."""
    match statement:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module]
        case _:
            return []
