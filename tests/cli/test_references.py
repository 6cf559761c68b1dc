"""Documents that refer to others: what is read, what is not, and what the network may give."""

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from loopback import Answer, Loopback, loopback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.conftest import Run

HEAD: Final = 'openapi: 3.1.0\ninfo: {title: Zoo, version: "1"}\npaths: {}\ncomponents:\n  schemas:\n'
SIZE: Final = "type: object\nproperties: {walls: {type: integer}}\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a document in a folder of its own."""
    (tmp_path / "api").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def server() -> "Iterator[Loopback]":
    """A server with documents."""
    with loopback() as found:
        yield found


def _write(place: Path, reference: str) -> None:
    (place / "api/zoo.yaml").write_text(f"{HEAD}    Cage: {{$ref: '{reference}'}}\n")


def _models(run: "Run", *args: str) -> list[str]:
    result = run("inspect", "api/zoo.yaml", "--format", "json", *args)
    assert result.exit_code == 0, result.stderr
    return [model["name"] for model in json.loads(result.stdout)["models"]]


def _refused(run: "Run", *args: str) -> str:
    result = run("inspect", "api/zoo.yaml", *args)
    assert result.exit_code == 1
    return result.stderr


def test_files_in_the_folder_are_read(place: Path, run: "Run") -> None:
    (place / "api/parts").mkdir()
    (place / "api/parts/big cage.yaml").write_text(SIZE)
    _write(place, "./parts/big%20cage.yaml")
    assert _models(run) == ["Cage"]
    assert run("generate", "api/zoo.yaml", "--output", "out").exit_code == 0
    assert (place / "out/zoo_client/models/cage.py").is_file()


def test_a_build_reads_them_too(folder: Path, run: "Run") -> None:
    (folder / "specs/parts").mkdir()
    (folder / "specs/parts/cage.yaml").write_text(SIZE)
    (folder / "specs/zoo.yaml").write_text(f"{HEAD}    Cage: {{$ref: parts/cage.yaml}}\n")
    assert run("build", "--service", "zoo").exit_code == 0
    assert "walls" in (folder / "generated/zoo/zoo_client/models/cage.py").read_text()


@pytest.mark.parametrize("reference", ["../secret.yaml", "parts/../../secret.yaml", "%2e%2e/secret.yaml"])
def test_files_outside_are_read_only_below_a_root(place: Path, run: "Run", reference: str) -> None:
    (place / "secret.yaml").write_text(SIZE)
    (place / "other").mkdir()
    _write(place, reference)
    assert "zoo.yaml:6:12: error[external-reference]" in _refused(run)
    assert "outside of the document's folder" in _refused(run, "--ref-root", "other")
    assert _models(run, "--ref-root", ".") == ["Cage"]


def test_absolute_paths_and_links_lead_out_as_well(place: Path, run: "Run") -> None:
    (place / "secret.yaml").write_text(SIZE)
    (place / "api/link.yaml").symlink_to(place / "secret.yaml")
    for reference in ("link.yaml", str(place / "secret.yaml"), (place / "secret.yaml").as_uri()):
        _write(place, reference)
        assert "outside of the document's folder" in _refused(run)
        assert _models(run, "--ref-root", ".") == ["Cage"]


def test_what_is_no_file_is_told(place: Path, run: "Run") -> None:
    for reference, cause in (("cage.yaml", "there is no file api/cage.yaml"), ("../api", "there is no file api")):
        _write(place, reference)
        assert cause in _refused(run)


def test_a_reference_inside_an_example_is_data(place: Path, run: "Run") -> None:
    text = f"{HEAD}    Cage: {{type: object, examples: [{{$ref: missing.yaml}}]}}\n"
    (place / "api/zoo.yaml").write_text(text)
    assert _models(run) == ["Cage"]


def test_nothing_is_fetched_unless_it_is_allowed(place: Path, run: "Run", server: Loopback) -> None:
    _write(place, f"{server.url}/cage.yaml")
    assert "--allow-remote" in _refused(run)
    assert server.requests == []


def test_what_is_fetched_is_kept_and_pinned(place: Path, run: "Run", server: Loopback) -> None:
    server.say(Answer(body=b"Cage: {$ref: 'walls.yaml#/Walls'}"), Answer(body=b"Walls: {type: object}"))
    _write(place, f"{server.url}/deep/cage.yaml#/Cage")
    assert _models(run, "--allow-remote") == ["Cage"]
    assert [request.target for request in server.requests] == ["/deep/cage.yaml", "/deep/walls.yaml"]
    pin = hashlib.sha256(b"Walls: {type: object}").hexdigest()
    assert f"{pin}  {server.url}/deep/walls.yaml\n" in (place / "api/refs.lock").read_text()
    # From here on the network is not asked.
    assert _models(run, "--allow-remote") == ["Cage"]
    assert len(server.requests) == 2


def test_another_text_than_the_pinned_one_is_refused(place: Path, run: "Run", server: Loopback) -> None:
    _write(place, f"{server.url}/cage.yaml")
    (place / "api/refs.lock").write_text(f"{'0' * 64}  {server.url}/cage.yaml\n")
    server.say(Answer(body=b"type: object"))
    assert "error[wrong-hash]" in _refused(run, "--allow-remote")
    assert not (place / "api/.refs").exists()


def test_a_document_of_the_network_cannot_reach_files(place: Path, run: "Run", server: Loopback) -> None:
    (place / "api/cage.yaml").write_text(SIZE)
    server.say(Answer(body=f"$ref: '{(place / 'api/cage.yaml').as_uri()}'".encode()))
    _write(place, f"{server.url}/cage.yaml")
    assert "error[external-reference]" in _refused(run, "--allow-remote")
