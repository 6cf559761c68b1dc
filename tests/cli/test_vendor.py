"""`formance-codegen vendor`, from the working folder into a second git repository."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from formance_codegen.manifest import MANIFEST
from formance_codegen.vendoring.pristine import ARCHIVE, pack
from neighbour import change

if TYPE_CHECKING:
    from cli.conftest import Run

NO_OPTIONS: Final[dict[str, object]] = {"overlays": [], "ref_roots": [], "allow_remote": False}
SUMMARY: Final = "summary: All of them.\n      operationId: listPets"


def test_the_list_tells_how_it_was_made_and_no_path(folder: Path, app: Path, run: "Run") -> None:
    run("vendor", str(app / "shop/vendor"), "--service", "pets", "--package", "zoo_client", "--only", "list_pets")
    text = (app / "shop/vendor/zoo_client" / MANIFEST).read_text()
    about = json.loads(text)
    assert about["command"] == "vendor"
    digest = hashlib.sha256((folder / "specs/pets.yaml").read_bytes()).hexdigest()
    assert about["document"] == {"name": "pets.yaml", "version": "1", "sha256": digest}
    assert about["options"] == {"service": "pets", "package": "zoo_client", "only": ["list_pets"], **NO_OPTIONS}
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
    assert checked.stderr.startswith("1 edited\n")


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
    line = methods.read_text().partition("All of mine.")[0].count("\n") + 1
    (shown,) = [part for part in result.stdout.split("@@ ") if "All of mine." in part]
    assert f"_sync.py:{line} @@\n" in shown
    assert '\n<<<<<<< edited\n        """All of mine."""\n||||||| as it was generated\n' in shown
    assert '\n=======\n        """All of theirs."""\n>>>>>>> as it is generated now\n' in shown
    assert len(shown.splitlines()) < 16
    told = run("vendor", str(app), "--update", "--format", "github").stdout
    assert f"_sync.py,line={line},col=1,title=edited-file::both sides changed the same lines" in told
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


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--service", "pet"], "do you mean pets?"),
        (["--service", "stack"], "vendor the services"),
        (["--service", "pets", "--only", "getPets"], "do you mean getPet"),
        ([], "--service"),
        (["--package", "x", "--update"], "--service"),
        (["--check", "--service", "pets"], "it goes with DEST and --format alone"),
        (["--check", "--force"], "it goes with DEST and --format alone"),
        (["--update", "--service", "pets"], "holds no vendored client"),
        (["--service", "pets", "--spec", "specs/pets.yaml"], "give one another --package"),
        (["--check"], "holds no vendored client"),
        (["--service", "pets", "--package", "a-b"], "a-b is not a Python name"),
        (["--service", "pets", "--service", "shops", "--only", "x"], "one client at a time"),
    ],
)
def test_what_cannot_be(folder: Path, app: Path, run: "Run", args: list[str], message: str) -> None:
    result = run("vendor", str(app), *args)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not (app / "animals").exists()


def test_more_may_be_asked_for_later(folder: Path, app: Path, run: "Run") -> None:
    options = ("--service", "pets", "--only", "list_pets")
    run("vendor", str(app), *options)
    edit(app)
    refused = run("vendor", str(app), *options, "--only", "getPet")
    assert refused.exit_code == 1
    assert "with the same options, --update keeps what was edited" in refused.stderr
    result = run("vendor", str(app), *options, "--only", "getPet", "--update")
    assert result.exit_code == 0, result.stderr
    assert "2 operations" in result.stdout
    assert "def get_pet" in (app / "animals/_sync.py").read_text()
    assert (app / "animals/client.py").read_text().endswith("OURS = 1\n")
    assert "def get_pet" in (app / "animals/_sync.py").read_text()
    change(folder, "getPet", "fetchPet")
    lost = run("vendor", str(app), "--update")
    assert lost.exit_code == 1
    assert "the client has no getPet" in lost.stderr


def test_a_document_of_any_folder(folder: Path, app: Path, run: "Run") -> None:
    (folder / "other.yaml").write_text((folder / "specs/shops.yaml").read_text())
    change = 'overlay: 1.0.0\ninfo: {title: t, version: "1"}\nactions: [{target: $.info, update: {title: Stalls}}]\n'
    (folder / "change.yaml").write_text(change)
    given = ("--spec", str(folder / "other.yaml"), "--overlay", str(folder / "change.yaml"))
    assert run("vendor", str(app), *given, "--package", "other_shops").exit_code == 0
    options = json.loads((app / "other_shops" / MANIFEST).read_text())["options"]
    assert options == {
        "spec": "other.yaml",
        "package": "other_shops",
        "only": [],
        **NO_OPTIONS,
        "overlays": ["change.yaml"],
    }
    assert run("vendor", str(app), "--check").exit_code == 0
    assert "other.yaml; do not edit" in (app / "other_shops/client.py").read_text()
    (folder / "other.yaml").unlink()
    assert run("vendor", str(app), "--check").exit_code == 1


def test_a_document_may_refer_to_others(folder: Path, app: Path, run: "Run") -> None:
    (folder / "parts").mkdir()
    (folder / "parts/pet.yaml").write_text("{type: object, properties: {kind: {type: string}}}\n")
    (folder / "own").mkdir()
    document = (folder / "specs/pets.yaml").read_text().partition("components:")[0]
    (folder / "own/zoo.yaml").write_text(document.replace("#/components/schemas/Pet", "../parts/pet.yaml"))
    assert run("vendor", str(app), "--spec", "own/zoo.yaml").exit_code == 1
    result = run("vendor", str(app), "--spec", "own/zoo.yaml", "--ref-root", str(folder / "parts"), "--package", "zoo")
    assert result.exit_code == 0, result.stderr
    assert json.loads((app / "zoo" / MANIFEST).read_text())["options"]["ref_roots"] == ["parts"]
    assert run("vendor", str(app), "--check").exit_code == 0
    (folder / "parts/pet.yaml").write_text("{type: object, properties: {sort: {type: string}}}\n")
    checked = run("vendor", str(app), "--check")
    assert checked.exit_code == 1
    assert "+    sort: str | None = None" in checked.stdout


def test_clients_are_found_wherever_they_are(folder: Path, app: Path, run: "Run") -> None:
    run("vendor", str(app / "shop/vendor"), "--service", "pets")
    run("vendor", str(app / "tools"), "--service", "shops")
    change(folder, "operationId: listPets", SUMMARY)
    # Copies that are not the repository's own.
    for copy in (".tox/shop", "node_modules/shop", "env/lib/shop"):
        shutil.copytree(app / "shop", app / copy)
    (app / "env/pyvenv.cfg").write_text("")
    result = run("vendor", str(app), "--update")
    assert result.exit_code == 0, result.stderr
    assert [line.partition(":")[0].removeprefix(f"{app.as_posix()}/") for line in result.stdout.splitlines()[:-1]] == [
        "shop/vendor/animals",
        "tools/shops_client",
    ]


def test_each_kind_of_difference_is_told(folder: Path, app: Path, run: "Run") -> None:
    run("vendor", str(app), "--service", "pets")
    (app / "animals/errors.py").unlink()
    edit(app)
    change(folder, "Pet", "Beast")
    (app / "animals/models/beast.py").write_text("OURS = 1\n")
    result = run("vendor", str(app), "--check", "--format", "sarif")
    assert result.exit_code == 1
    found = {
        (each["ruleId"], each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].rpartition("animals/")[2])
        for each in json.loads(result.stdout)["runs"][0]["results"]
    }
    assert {
        ("missing-file", "errors.py"),
        ("edited-file", "client.py"),
        ("orphaned-file", "models/pet.py"),
        ("foreign-file", "models/beast.py"),
        ("stale-file", "_sync.py"),
    } <= found
    refused = run("vendor", str(app), "--update")
    assert refused.exit_code == 1
    assert "models/beast.py exists, and this generator did not write it" in refused.stderr
    assert not (app / "animals/errors.py").exists()
    text = run("vendor", str(app), "--check").stdout
    assert f"+++ b/{app.as_posix()}/animals/_sync.py" in text
    assert f"+++ b/{app.as_posix()}/animals/{ARCHIVE}" not in text


def test_a_list_that_a_merge_left_in_conflict_is_told(folder: Path, app: Path, run: "Run") -> None:
    run("vendor", str(app), "--service", "pets")
    listed = app / "animals" / MANIFEST
    listed.write_text(listed.read_text().replace('  "command"', '<<<<<<< HEAD\n  "command"'))
    result = run("vendor", str(app), "--check")
    assert result.exit_code == 2
    assert f"{MANIFEST} does not tell how the client was made" in result.stderr
    assert "from either side of the merge" in result.stderr


def test_edits_are_kept_whatever_ends_the_lines(folder: Path, app: Path, run: "Run") -> None:
    run("vendor", str(app), "--service", "pets")
    client = edit(app)
    for file in (app / "animals").rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    change(folder, "info: {title: Pets,", "info: {title: Pets, description: What we have.,")
    result = run("vendor", str(app), "--update")
    assert result.exit_code == 0, result.stderr
    text = client.read_bytes()
    assert b"What we have." in text
    assert text.endswith(b"\n\n\nOURS = 1\n")


@pytest.mark.parametrize("content", [None, b"", b"# what\n", pack({"client.py": b""})])
def test_without_its_archive_a_client_is_not_updated(
    folder: Path, app: Path, run: "Run", content: bytes | None
) -> None:
    run("vendor", str(app), "--service", "pets")
    archive = app / "animals" / ARCHIVE
    archive.unlink()
    if content is not None:
        archive.write_bytes(content)
    result = run("vendor", str(app), "--update")
    assert result.exit_code == 1
    assert "does not tell what was generated" in result.stderr
    assert run("vendor", str(app), "--update", "--force").exit_code == 0
    assert run("vendor", str(app), "--check").exit_code == 0
