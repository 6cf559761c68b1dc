"""`formance-codegen update`, against a server on this machine."""

import hashlib
import os
import tomllib
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.conftest import PETS
from loopback import Answer, Loopback, Recorded, loopback

if TYPE_CHECKING:
    from cli.conftest import Run

NEWER = PETS.replace(
    "  /pets/{id}:\n",
    "  /pets/count:\n    get:\n      operationId: countPets\n      summary: Their words.\n      responses:\n"
    '        "200": {description: How many., content: {application/json: {schema: {type: integer}}}}\n'
    "  /pets/{id}:\n",
).replace("age: {type: integer}", "age: {type: integer}, kind: {type: string}")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Loopback]:
    """A publisher of ``pets``, whose release 1.0.0 is pinned, and a working folder that follows it."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    with loopback() as running:
        running.handler = publisher({"v1.0.0": PETS, "v1.1.0": NEWER}, latest="v1.1.0")
        pin(folder, running.url, digest(PETS))
        yield running


def pin(folder: Path, url: str, sha256: str, *, specs: str = "specs") -> None:
    (folder / specs / "sources.toml").write_text(
        "# What we follow.\n"
        f'[pets]\naddress = "{url}/pets/{{version}}.yaml"\nlatest = "{url}/latest"\n'
        f'version = "v1.0.0" # for now\nsha256 = "{sha256}"\nprose = "ours"\n'
    )


class publisher:  # noqa: N801 - it is called as a function is
    """Answers as a publisher of releases does."""

    def __init__(self, releases: dict[str, str], *, latest: str) -> None:
        self._releases = releases
        self._latest = latest

    def __call__(self, request: Recorded) -> Answer:
        if request.target == "/latest":
            return Answer(status=302, headers=(("Location", f"/tag/{self._latest}"),))
        text = self._releases.get(request.target.removeprefix("/pets/").removesuffix(".yaml"))
        return Answer(status=404) if text is None else Answer(body=text.encode())


def state(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "specs").iterdir()}


def pins(folder: Path) -> dict[str, str]:
    return dict(tomllib.loads((folder / "specs/sources.toml").read_text())["pets"])


def test_the_newest_release(folder: Path, run: "Run", server: Loopback) -> None:
    result = run("update")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == (
        "pets: v1.0.0 → v1.1.0\n"
        "  operations: 1 added\n"
        "    + GET /pets/count  countPets\n"
        "  schemas: 1 changed\n"
        "    ~ Pet  +kind\n"
        "  what is new has no words yet: give it summaries, descriptions and examples\n"
        "written: specs/pets.yaml, specs/sources.toml\n"
    )
    text = (folder / "specs/pets.yaml").read_text()
    assert "operationId: countPets" in text
    assert "Their words." not in text
    assert "version: 1.1.0" in text
    assert (pins(folder)["version"], pins(folder)["sha256"]) == ("v1.1.0", digest(NEWER))
    assert (folder / "specs/sources.toml").read_text().startswith("# What we follow.\n[pets]\n")
    assert run("build", "--jobs", "1").exit_code == 0


def test_a_second_run_finds_nothing_to_do(folder: Path, run: "Run", server: Loopback) -> None:
    run("update")
    before, asked = state(folder), len(server.requests)
    assert run("update").stdout == "pets: v1.1.0 is the newest release\n"
    assert state(folder) == before
    assert len(server.requests) == asked + 1


def test_an_older_newest_release_is_not_taken(folder: Path, run: "Run", server: Loopback) -> None:
    server.handler = publisher({"v0.9.0": PETS}, latest="v0.9.0")
    before = state(folder)
    assert "v1.0.0 is newer than the newest release, v0.9.0" in run("update").stdout
    assert state(folder) == before


def test_a_release_by_name(folder: Path, run: "Run", server: Loopback) -> None:
    assert run("update", "--service", "pets", "--to", "v1.1.0").exit_code == 0
    assert [request.target for request in server.requests] == ["/pets/v1.1.0.yaml"]
    assert run("update", "--service", "pets", "--to", "v1.0.0").exit_code == 0
    assert "countPets" not in (folder / "specs/pets.yaml").read_text()
    assert pins(folder)["sha256"] == digest(PETS)


def test_a_dry_run_writes_nothing(folder: Path, run: "Run", server: Loopback) -> None:
    before = state(folder)
    result = run("update", "--dry-run")
    assert result.exit_code == 0
    assert "+ GET /pets/count" in result.stdout
    assert result.stdout.endswith("nothing was written (--dry-run)\n")
    assert state(folder) == before


def test_the_publishers_words_for_who_wants_them(folder: Path, run: "Run", server: Loopback) -> None:
    sources = folder / "specs/sources.toml"
    sources.write_text(sources.read_text().replace('prose = "ours"\n', ""))
    assert "no words" not in run("update").stdout
    assert "Their words." in (folder / "specs/pets.yaml").read_text()


def test_a_document_that_is_not_there_yet(folder: Path, run: "Run", server: Loopback) -> None:
    (folder / "specs/pets.yaml").unlink()
    assert "operations: 3 added" in run("update").stdout
    assert (folder / "specs/pets.yaml").is_file()


def test_from_a_file_without_network(folder: Path, run: "Run", server: Loopback) -> None:
    (folder / "newer.yaml").write_text(NEWER)
    result = run("update", "--service", "pets", "--from-file", "newer.yaml", "--to", "v1.1.0")
    assert result.exit_code == 0, result.stderr
    assert pins(folder)["sha256"] == digest(NEWER)
    assert server.requests == []


def test_the_pinned_file_needs_no_version(folder: Path, run: "Run", server: Loopback) -> None:
    (folder / "pinned.yaml").write_text(PETS)
    result = run("update", "--from-file", "pinned.yaml")
    assert result.exit_code == 0, result.stderr
    assert pins(folder)["version"] == "v1.0.0"


def test_an_address_of_the_newest_only(folder: Path, run: "Run", server: Loopback) -> None:
    (folder / "specs/sources.toml").write_text(f'[pets]\naddress = "{server.url}/pets/v1.1.0.yaml"\n')
    assert run("update", "--to", "v1.1.0").exit_code == 2
    assert run("update").exit_code == 0
    assert pins(folder)["version"] == "1"
    assert run("update").stdout.endswith("nothing to write: all is as it was\n")


FAULTS = {
    "404": (Answer(status=404), "error[download-failed]", "choose one with --to"),
    "html": (Answer(body=b"<!doctype html><html></html>"), "error[not-openapi]", "--from-file"),
    "truncated yaml": (Answer(body=NEWER[: NEWER.index("type: integer}}") + 8].encode()), "error[not-yaml]", ""),
    "too large": (Answer(body=b"x" * 999_999, endless=True), "more than 20,000,000 bytes", ""),
    "loop": (Answer(status=302, headers=(("Location", "/again"),)), "redirects in a row", ""),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_touches_nothing(folder: Path, run: "Run", server: Loopback, fault: str) -> None:
    answer, message, remedy = FAULTS[fault]
    server.handler = lambda _: answer
    before = state(folder)
    result = run("update", "--service", "pets", "--to", "v1.1.0")
    assert result.exit_code == 1
    assert message in result.stderr
    assert remedy in result.stderr
    assert "Traceback" not in result.output
    assert state(folder) == before


def test_a_wrong_hash_touches_nothing(folder: Path, run: "Run", server: Loopback) -> None:
    server.handler = publisher({"v1.0.0": NEWER}, latest="v1.0.0")
    before = state(folder)
    result = run("update", "--service", "pets", "--to", "v1.0.0")
    assert result.exit_code == 1
    assert "error[wrong-hash] v1.0.0 is not the file that was pinned under this version" in result.stderr
    assert digest(PETS) in result.stderr
    assert digest(NEWER) in result.stderr
    assert state(folder) == before


def test_one_fault_keeps_all_documents_as_they_are(folder: Path, run: "Run", server: Loopback) -> None:
    sources = folder / "specs/sources.toml"
    sources.write_text(
        f'{sources.read_text()}\n[shops]\naddress = "{server.url}/shops/{{version}}"\nlatest = "{server.url}/latest"\n'
    )
    before = state(folder)
    assert run("update").exit_code == 1
    assert state(folder) == before


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_interrupted_write_leaves_both_as_they_were(
    folder: Path, run: "Run", server: Loopback, monkeypatch: pytest.MonkeyPatch, number: int, error: BaseException
) -> None:
    before = state(folder)
    original = Path.replace
    calls: list[Path] = []

    def replace(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == number:
            raise error
        return original(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    result = run("update")
    assert result.exit_code == 1
    assert len(calls) >= number
    assert state(folder) == before


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--service", "pet"), "sources.toml has no pet; do you mean pets?"),
        (("--from-file", "newer.yaml"), "say which release of pets the file is"),
    ],
)
def test_wrong_usage(folder: Path, run: "Run", server: Loopback, args: tuple[str, ...], message: str) -> None:
    (folder / "newer.yaml").write_text(NEWER)
    result = run("update", *args)
    assert result.exit_code == 2
    assert message in result.stderr.replace("\n", " ")


def test_a_version_is_that_of_one_document(folder: Path, run: "Run", server: Loopback) -> None:
    sources = folder / "specs/sources.toml"
    sources.write_text(f'{sources.read_text()}\n[shops]\naddress = "{server.url}/shops/{{version}}"\n')
    assert run("update", "--to", "v1.1.0").exit_code == 2
    assert run("update", "--from-file", "x").exit_code == 2
    result = run("update", "--service", "shops")
    assert result.exit_code == 2
    assert "--to VERSION" in result.stderr


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("sources.toml", "[pets]\n", "specs/sources.toml:1:1: error[invalid-config] pets has no address"),
        ("sources.toml", None, "cannot read specs/sources.toml"),
        ("pets.yaml", "openapi: [", "specs/pets.yaml:2:1: error[not-yaml]"),
    ],
)
def test_what_is_wrong_here_is_told(
    folder: Path, run: "Run", server: Loopback, name: str, content: str | None, message: str
) -> None:
    if content is None:
        (folder / "specs" / name).unlink()
    else:
        (folder / "specs" / name).write_text(content)
    result = run("update")
    assert result.exit_code == 1
    assert message in result.stderr


def test_a_file_that_is_not_there(folder: Path, run: "Run", server: Loopback) -> None:
    result = run("update", "--from-file", "nowhere.yaml", "--to", "v1.1.0")
    assert result.exit_code == 1
    assert "cannot read nowhere.yaml: no such file or directory" in result.stderr


def test_the_documents_of_the_tool_are_not_the_users_to_update(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: "Run"
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("update")
    assert result.exit_code == 1
    assert "no [tool.formance-codegen]" in result.stderr
