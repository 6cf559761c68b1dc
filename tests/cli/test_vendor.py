"""`formance-codegen vendor`, from the working folder into a second git repository."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from formance_codegen.manifest import MANIFEST
from formance_codegen.vendoring.pristine import ARCHIVE, pack, unpack
from loopback import Answer, loopback

if TYPE_CHECKING:
    from cli.conftest import Run

SUMMARY: Final = "summary: All of them.\n      operationId: listPets"


@pytest.fixture
def app(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another repository, with a package of its own."""
    repository = tmp_path_factory.mktemp("app")
    (repository / "shop/vendor").mkdir(parents=True)
    for package in ("shop", "shop/vendor"):
        (repository / package / "__init__.py").write_text("")
    git(repository, "init", "--quiet", ".")
    return repository


def git(repository: Path, *args: str) -> str:
    command = ["git", "-C", str(repository), "-c", "user.name=n", "-c", "user.email=e@example.com", *args]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def python(repository: Path, program: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(repository)}
    command = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(command, env=environment, cwd=repository, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def change(folder: Path, old: str, new: str) -> None:
    document = folder / "specs/pets.yaml"
    assert old in document.read_text()
    document.write_text(document.read_text().replace(old, new))


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


def test_the_list_tells_how_it_was_made_and_no_path(folder: Path, app: Path, run: "Run") -> None:
    run("vendor", str(app / "shop/vendor"), "--service", "pets", "--package", "zoo_client", "--only", "list_pets")
    text = (app / "shop/vendor/zoo_client" / MANIFEST).read_text()
    about = json.loads(text)
    assert about["command"] == "vendor"
    assert about["document"]["name"] == "pets"
    assert about["document"]["version"] == "1"
    assert about["only"] == ["list_pets"]
    assert str(folder) not in text
    assert str(app) not in text
    again = app / "again"
    run("vendor", str(again), "--service", "pets", "--package", "zoo_client", "--only", "list_pets")
    first = {file.name: file.read_bytes() for file in (app / "shop/vendor/zoo_client").iterdir() if file.is_file()}
    assert first == {file.name: file.read_bytes() for file in (again / "zoo_client").iterdir() if file.is_file()}


def test_it_knows_when_it_is_stale(folder: Path, app: Path, run: "Run") -> None:
    run("vendor", str(app), "--service", "pets", "--service", "shops")
    assert run("vendor", str(app), "--check").exit_code == 0
    change(folder, "operationId: listPets", SUMMARY)
    result = run("vendor", str(app), "--check")
    assert result.exit_code == 1
    assert '+        """All of them.' in result.stdout
    assert "vendor --update" in result.stderr
    assert run("vendor", str(app), "--update").exit_code == 0
    assert run("vendor", str(app), "--check").exit_code == 0
    assert run("vendor", str(app / "animals"), "--check").exit_code == 0


def test_it_knows_what_was_edited(folder: Path, app: Path, run: "Run") -> None:
    run("vendor", str(app), "--service", "pets")
    edit(app)
    result = run("vendor", str(app), "--check", "--format", "github")
    assert result.exit_code == 1
    assert "animals/client.py,line=1,col=1,title=edited-file" in result.stdout
    assert run("vendor", str(app), "--service", "pets").exit_code == 1


def edit(app: Path) -> Path:
    """Add a line at the end of a file."""
    client = app / "animals/client.py"
    client.write_text(client.read_text() + "\n\nOURS = 1\n")
    return client


def test_an_update_keeps_edits(folder: Path, app: Path, run: "Run") -> None:
    run("vendor", str(app), "--service", "pets")
    client = edit(app)
    change(folder, "info: {title: Pets,", "info: {title: Pets, description: What we have.,")
    result = run("vendor", str(app), "--update")
    assert result.exit_code == 0, result.stderr
    text = client.read_text()
    assert "What we have." in text
    assert text.endswith("OURS = 1\n")
    before = {file: file.read_bytes() for file in app.rglob("*") if file.is_file() and ".git/" not in str(file)}
    assert run("vendor", str(app), "--update").exit_code == 0
    assert before == {file: file.read_bytes() for file in before}
    checked = run("vendor", str(app), "--check")
    assert checked.exit_code == 1
    assert "1 edited" in checked.stderr


def test_a_conflict_is_shown_and_nothing_is_written(folder: Path, app: Path, run: "Run") -> None:
    change(folder, "operationId: listPets", SUMMARY)
    run("vendor", str(app), "--service", "pets")
    methods = app / "animals/_sync.py"
    methods.write_text(methods.read_text().replace("All of them.", "All of mine."))
    change(folder, "All of them.", "All of theirs.")
    before = {file: file.read_bytes() for file in app.rglob("*") if file.is_file()}
    result = run("vendor", str(app), "--update")
    assert result.exit_code == 1
    assert "both sides changed the same lines" in result.stdout
    assert "<<<<<<< edited" in result.stdout
    assert ">>>>>>> as it is generated now" in result.stdout
    assert before == {file: file.read_bytes() for file in before}
    assert run("vendor", str(app), "--update", "--force").exit_code == 0
    assert "All of theirs." in methods.read_text()
    assert run("vendor", str(app), "--check").exit_code == 0


def test_an_edited_file_that_is_no_longer_made_is_a_conflict(folder: Path, app: Path, run: "Run") -> None:
    run("vendor", str(app), "--service", "pets")
    model = app / "animals/models/pet.py"
    model.write_text(model.read_text() + "\n# ours\n")
    change(folder, "Pet", "Beast")
    result = run("vendor", str(app), "--update")
    assert result.exit_code == 1
    assert "it was edited, and is no longer made" in result.stdout
    model.write_text(model.read_text().removesuffix("\n# ours\n"))
    assert run("vendor", str(app), "--update").exit_code == 0
    assert not model.exists()


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


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--service", "pet"], "neither a file nor one of"),
        (["--service", "pets", "--only", "getPets"], "do you mean getPet"),
        ([], "--service"),
        (["--check", "--service", "pets"], "name DEST alone"),
        (["--check"], "holds no vendored client"),
        (["--service", "pets", "--package", "a-b"], "a-b is not a Python name"),
        (["--service", "pets", "--service", "shops", "--only", "x"], "one client at a time"),
    ],
)
def test_what_cannot_be(folder: Path, app: Path, run: "Run", args: list[str], message: str) -> None:
    result = run("vendor", str(app), *args)
    assert result.exit_code in (1, 2)
    assert message in result.stderr
    assert not (app / "animals").exists()


def test_a_document_of_any_folder(folder: Path, app: Path, run: "Run") -> None:
    (folder / "other.yaml").write_text((folder / "specs/shops.yaml").read_text())
    assert run("vendor", str(app), "--spec", "other.yaml", "--package", "other_shops").exit_code == 0
    assert run("vendor", str(app), "--check").exit_code == 0
    assert python(app, "import other_shops.client") == ""


def test_the_archive_gives_back_what_it_was_given() -> None:
    files = {"a.py": b"x = 1\n", "b/c.py": "é\n".encode()}
    assert unpack(pack(files)) == files
    for broken in (b"", b"!!", pack(files)[:-20], b"eJwDAAAAAAE="):
        with pytest.raises(ValueError, match=r"."):
            unpack(broken)


def test_a_lost_archive_stops_an_update(folder: Path, app: Path, run: "Run") -> None:
    run("vendor", str(app), "--service", "pets")
    (app / "animals" / ARCHIVE).unlink()
    assert "cannot be read" in run("vendor", str(app), "--update").stderr
    assert run("vendor", str(app), "--update", "--force").exit_code == 0
    assert run("vendor", str(app), "--check").exit_code == 0
