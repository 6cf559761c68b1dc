"""`formance-codegen init`: what it writes is enough to begin, and it takes nothing away."""

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from cli.conftest import PETS
from formance_codegen.cli.toml import behind

if TYPE_CHECKING:
    from cli.conftest import Run

ROOT: Final = Path(__file__).parents[2]
PART: Final = "Pet: {type: object, properties: {name: {type: string}}}"
WITH_PARTS: Final = f"{PETS.split('components:', maxsplit=1)[0]}".replace("#/components/schemas/Pet", "FILE#/Pet")


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def state(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def assert_builds(run: "Run") -> None:
    for args in (("build", "--jobs", "1"), ("build", "--check", "--jobs", "1")):
        result = run(*args)
        assert result.exit_code == 0, result.output


def test_a_service_is_ready_to_be_built(empty: Path, run: "Run") -> None:
    result = run("init", "--service", "gateway", "--service", "search")
    assert result.exit_code == 0, result.stderr
    assert "written: specs/gateway.yaml\n" in result.stdout
    assert result.stdout.endswith("next: formance-codegen build\n")
    assert_builds(run)
    assert (empty / "generated/gateway/formance_gateway/client.py").is_file()
    sources = tomllib.loads((empty / "specs/sources.toml").read_text())
    assert sources.keys() == {"gateway", "search"}
    assert (empty / "specs/overlays/search.yaml").read_bytes() == (ROOT / "specs/overlays/search.yaml").read_bytes()


def test_each_service_has_all_that_belongs_to_it(empty: Path, run: "Run") -> None:
    names = sorted(file.stem for file in (ROOT / "specs").glob("*.yaml"))
    assert len(names) > 9
    assert run("init", *(word for name in names for word in ("--service", name))).exit_code == 0
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["formance-codegen"]["services"]
    assert tomllib.loads((empty / "pyproject.toml").read_text())["tool"]["formance-codegen"]["services"] == ours
    published = tomllib.loads((ROOT / "specs/sources.toml").read_text())
    assert tomllib.loads((empty / "specs/sources.toml").read_text()) == published
    assert (empty / "specs/names.lock").read_bytes() == (ROOT / "specs/names.lock").read_bytes()


def test_a_service_that_comes_later(empty: Path, run: "Run") -> None:
    run("init", "--service", "gateway")
    result = run("init", "--service", "search")
    assert [line for line in result.stdout.splitlines() if line.startswith("added")] == [
        "added to: pyproject.toml",
        "added to: specs/sources.toml",
        "added to: specs/names.lock",
    ]
    once = state(empty)
    assert_builds(run)
    assert (empty / "generated/search/formance_search/client.py").is_file()
    assert state(empty / "specs") == {
        path.removeprefix("specs/"): content for path, content in once.items() if path.startswith("specs/")
    }


def test_any_document_is_ready_to_be_built(empty: Path, run: "Run") -> None:
    (empty / "pets.yaml").write_text(PETS)
    assert run("init", "--spec", "pets.yaml").exit_code == 0
    assert_builds(run)


def test_a_document_brings_the_files_that_it_refers_to(empty: Path, run: "Run") -> None:
    (empty / "api/parts").mkdir(parents=True)
    (empty / "api/parts/pet.yaml").write_text(PART)
    (empty / "api/pets.yaml").write_text(WITH_PARTS.replace("FILE", "parts/pet.yaml"))
    result = run("init", "--spec", "api/pets.yaml")
    assert result.exit_code == 0, result.stderr
    assert_builds(run)
    assert (empty / "specs/parts/pet.yaml").read_text() == PART


def test_a_part_that_a_build_would_take_for_a_document(empty: Path, run: "Run") -> None:
    (empty / "pet.yaml").write_text(PART)
    (empty / "pets.yaml").write_text(WITH_PARTS.replace("FILE", "pet.yaml"))
    result = run("init", "--spec", "pets.yaml")
    assert result.exit_code == 2
    assert "put it into a folder below" in " ".join(result.stderr.split())
    assert not (empty / "specs").exists()


def test_settings_come_behind_those_of_others(empty: Path, run: "Run") -> None:
    """Tables in any order, Windows' line endings and comments stay as they are."""
    theirs = (
        b'[tool.black]\r\nline-length = 100\r\n\r\n[project]\r\nname = "shop" # ours\r\n\r\n[tool.ruff]\r\nfix = true'
    )
    (empty / "pyproject.toml").write_bytes(theirs)
    (empty / ".gitattributes").write_bytes(b"*.\xff binary")
    assert run("init", "--service", "gateway").exit_code == 0
    content = (empty / "pyproject.toml").read_bytes()
    assert content.startswith(theirs)
    assert b"\n" not in content.replace(b"\r\n", b"")
    tool = tomllib.loads(content.decode())["tool"]
    assert tool.keys() == {"black", "ruff", "formance-codegen"}
    assert tool["formance-codegen"]["services"]["gateway"]["package"] == "formance_gateway"
    assert (empty / ".gitattributes").read_bytes() == (
        b"*.\xff binary\nspecs/names.lock -text\ngenerated/** -text linguist-generated=true\n"
    )


def test_settings_that_leave_no_place(empty: Path, run: "Run") -> None:
    (empty / "pyproject.toml").write_text("tool = {black = {line-length = 100}}\n")
    before = state(empty)
    result = run("init", "--service", "gateway")
    assert result.exit_code == 1
    assert "[tool.formance-codegen.services.gateway]" in result.stderr
    assert state(empty) == before


@pytest.mark.parametrize(
    ("content", "apart", "close"),
    [
        (b"", b"x\n", b"x\n"),
        (b"a", b"a\n\nx\n", b"a\nx\n"),
        (b"a\n", b"a\n\nx\n", b"a\nx\n"),
        (b"a\n\n", b"a\n\nx\n", b"a\n\nx\n"),
        (b"a\r\n", b"a\r\n\r\nx\r\n", b"a\r\nx\r\n"),
    ],
)
def test_what_comes_behind_a_text(content: bytes, apart: bytes, close: bytes) -> None:
    assert behind(content, "x\n", gap=True) == apart
    assert behind(content, "x\n", gap=False) == close
    assert behind(content, "", gap=True) == content


def test_folders_of_the_user(empty: Path, run: "Run") -> None:
    (empty / "pyproject.toml").write_text('[tool.formance-codegen]\nspecs = "api docs"\noutput = "out"\n')
    assert run("init", "--service", "gateway").exit_code == 0
    assert_builds(run)
    assert (empty / "out/gateway").is_dir()
    assert (empty / ".gitattributes").read_text() == (
        '"api docs/names.lock" -text\nout/** -text linguist-generated=true\n'
    )


def test_clients_beside_other_files_are_not_all_that_is_generated(empty: Path, run: "Run") -> None:
    (empty / "pyproject.toml").write_text('[tool.formance-codegen]\noutput = "."\n')
    run("init")
    assert (empty / ".gitattributes").read_text() == "specs/names.lock -text\n"


def test_a_second_run_changes_nothing(empty: Path, run: "Run") -> None:
    args = ("init", "--service", "gateway", "--ci", "gitlab", "--pre-commit")
    assert run(*args).exit_code == 0
    before = state(empty)
    result = run(*args)
    assert (result.stdout, result.stderr) == ("next: formance-codegen build\n", "")
    assert state(empty) == before


def test_files_of_the_user_stay_and_are_told(empty: Path, run: "Run") -> None:
    (empty / "specs").mkdir()
    theirs = {
        "specs/gateway.json": "{}",
        "specs/README.md": "ours",
        ".pre-commit-config.yaml": "repos: []\n",
        ".gitlab-ci.yml": "test: {script: make}\n",
    }
    for name, text in theirs.items():
        (empty / name).write_text(text)
    result = run("init", "--service", "gateway", "--ci", "gitlab", "--pre-commit")
    assert result.exit_code == 0
    for name, text in theirs.items():
        assert (empty / name).read_text() == text
        assert f"left as it is: {name}\n" in result.stderr
    assert "add to .gitlab-ci.yml:\n    include:\n      - local: /.gitlab/formance-codegen.yml\n" in result.stderr
    assert "entry: formance-codegen build --check" in result.stderr
    assert not (empty / "specs/gateway.yaml").exists()
    assert not (empty / "specs/names.lock").exists()


def test_without_documents_it_says_what_to_do(empty: Path, run: "Run") -> None:
    assert run("init").stdout.endswith("next: put documents into specs/, then formance-codegen build\n")
    assert "OpenAPI document" in (empty / "specs/README.md").read_text()
    (empty / "specs/pets.yaml").write_text(PETS)
    assert run("init").stdout == "next: formance-codegen build\n"
    assert_builds(run)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--service", "ledgers"), "there is no ledgers; there are auth,"),
        (("--spec", "notes.txt"), "notes.txt ends with none of .yaml, .yml, .json"),
        (("--spec", "a/pets.yaml", "--spec", "pets.yaml"), "there would be two documents pets"),
        (("--service", "search", "--spec", "search.yaml"), "there would be two documents search"),
        (("--ci", "jenkins"), "'jenkins' is not one of 'github', 'gitlab'"),
    ],
)
def test_wrong_usage(empty: Path, run: "Run", args: tuple[str, ...], message: str) -> None:
    result = run("init", *args)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.replace("│", " ").split())
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("pets.yaml", "openapi: [", "error[not-yaml]"),
        ("pets.yaml", PETS.replace("#/components/schemas/Pet", "pot.yaml"), "error[external-reference]"),
        ("specs/sources.toml", "[gateway]\n", "gateway has no address"),
        ("specs/names.lock", "x\n", "error[invalid-lock]"),
        ("pyproject.toml", "[tool\n", "the file is not TOML"),
    ],
)
def test_an_error_writes_nothing(empty: Path, run: "Run", name: str, text: str, message: str) -> None:
    (empty / "specs").mkdir()
    (empty / "pets.yaml").write_text(PETS)
    (empty / name).write_text(text)
    before = state(empty)
    result = run("init", "--service", "gateway", "--spec", "pets.yaml")
    assert result.exit_code == 1
    assert message in result.stderr
    assert state(empty) == before


def test_a_link_is_not_followed(empty: Path, run: "Run") -> None:
    (empty / ".gitattributes").symlink_to(empty / "elsewhere")
    result = run("init")
    assert result.exit_code == 1
    assert "error[foreign-file] .gitattributes is a symbolic link" in result.stderr
    assert not (empty / "elsewhere").exists()
    assert not (empty / "specs").exists()


@pytest.mark.parametrize("args", [("--ci", "github"), ("--ci", "gitlab"), ("--pre-commit",)])
def test_what_is_read_at_the_root_of_a_repository(
    empty: Path, run: "Run", monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...]
) -> None:
    (empty / ".git").mkdir()
    (empty / "below").mkdir()
    monkeypatch.chdir(empty / "below")
    result = run("init", *args)
    assert result.exit_code == 2
    assert "at the root of the repository" in " ".join(result.stderr.split())
    assert list((empty / "below").iterdir()) == []
    assert run("init").exit_code == 0
