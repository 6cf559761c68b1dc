"""What a user sees who gives the tool a file that is no good: one clear message, and nothing is lost."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
GOOD: Final = """\
openapi: 3.0.3
info: {title: Pets, version: "1"}
paths:
  /pets:
    get:
      operationId: listPets
      responses:
        "200":
          description: All pets.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Pets'
components:
  schemas:
    Pets:
      type: array
      items: {type: string}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    """A file that cannot be made a client of, and where and how the tool should say so."""

    name: str
    content: bytes
    place: str
    says: str


BAD: Final = (
    Bad(
        name="not-yaml",
        content=GOOD.replace("  /pets:", "  /pets: [").encode(),
        place=r"\d+:\d+",
        says=r"error\[not-yaml\]",
    ),
    Bad(name="plain-text", content=b"Dear reader,\nthis is a letter.\n", place="1:1", says=r"error\[not-openapi\]"),
    Bad(name="empty", content=b"", place="1:1", says=r"error\[not-yaml\] the text is empty"),
    Bad(name="a-list", content=b"- 1\n- 2\n", place="1:1", says=r"error\[not-openapi\]"),
    Bad(
        name="other-yaml",
        content=b"services:\n  web:\n    image: nginx\n",
        place="1:1",
        says=r"error\[not-openapi\]",
    ),
    Bad(
        name="too-old",
        content=b'swagger: "1.2"\ninfo: {title: Pets, version: "1"}\npaths: {}\n',
        place="1:1",
        says=r"error\[unsupported-version\]",
    ),
    Bad(
        name="missing-file",
        content=GOOD.replace("#/components/schemas/Pets", "animals.yaml#/Pets").encode(),
        place="13:17",
        says=r"error\[external-reference\].*animals\.yaml#/Pets",
    ),
    Bad(
        name="binary",
        content=bytes(range(256)) * 4,
        place="1:1",
        says=r"error\[unreadable-file\].*not text in UTF-8",
    ),
    Bad(
        name="latin-1",
        content=GOOD.replace("All pets.", "Tous les bébés.").encode("latin-1"),
        place=r"9:\d+",
        says=r"error\[unreadable-file\].*byte 0xe9",
    ),
)


def run(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run the tool as a user does, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "codegen")}
    command = [sys.executable, "-m", "formance_codegen", *args]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def check(done: subprocess.CompletedProcess[str], place: str, says: str) -> None:
    """One error, on standard error, with its place; not a word of Python."""
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    errors = [line for line in done.stderr.splitlines() if "error[" in line]
    assert len(errors) == 1, done.stderr
    assert re.match(rf"{place}: {says}", errors[0]), errors[0]
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 4, done.stderr
    for word in ("<class", "object at 0x", "NoneType", "pydantic", "yaml.", "KeyError", "None"):
        assert word not in done.stderr


def files(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a good document and its client."""
    folder = tmp_path_factory.mktemp("good")
    (folder / "pets.yaml").write_text(GOOD)
    done = run(folder, "generate", "pets.yaml", "--output", "out")
    assert done.returncode == 0, done.stderr
    assert len(files(folder / "out")) > 10
    return folder


@pytest.fixture
def folder(good: Path, tmp_path: Path) -> Path:
    """A folder with the client of a good document, which is about to be replaced."""
    shutil.copytree(good, tmp_path / "work")
    return tmp_path / "work"


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_bad_file_ends_in_one_clear_message(folder: Path, bad: Bad) -> None:
    before = files(folder / "out")
    (folder / "pets.yaml").write_bytes(bad.content)
    place = rf"pets\.yaml:{bad.place}"
    check(run(folder, "generate", "pets.yaml", "--output", "out"), place, bad.says)
    assert files(folder / "out") == before
    check(run(folder, "inspect", "pets.yaml", "--format", "json"), place, bad.says)


def test_a_file_that_is_not_there(folder: Path) -> None:
    before = files(folder / "out")
    done = run(folder, "generate", "dogs.yaml", "--output", "out")
    check(done, r"dogs\.yaml:1:1", r"error\[unreadable-file\].*no such file or directory")
    assert files(folder / "out") == before


def test_a_folder_in_place_of_a_file(folder: Path) -> None:
    before = files(folder / "out")
    (folder / "dogs").mkdir()
    done = run(folder, "generate", "dogs", "--output", "out")
    check(done, r"dogs:1:1", r"error\[unreadable-file\].*it is a folder")
    assert files(folder / "out") == before


def test_a_bad_file_among_good_ones_leaves_all_of_a_build_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "pyproject.toml").write_text("[tool.formance-codegen]\n")
    (tmp_path / "specs/pets.yaml").write_text(GOOD)
    (tmp_path / "specs/dogs.yaml").write_text(GOOD.replace("Pets", "Dogs"))
    assert run(tmp_path, "build").returncode == 0
    before = files(tmp_path / "generated")
    (tmp_path / "specs/pets.yaml").write_text(GOOD.replace("listPets", "allPets"))
    (tmp_path / "specs/dogs.yaml").write_text(GOOD.replace("#/components/schemas/Pets", "cats.yaml"))
    done = run(tmp_path, "build")
    assert done.returncode == 1
    assert re.search(r"^specs/dogs\.yaml:13:17: error\[external-reference\] .*cats\.yaml", done.stderr, re.MULTILINE)
    assert "nothing was written" in done.stderr
    assert "Traceback" not in done.stderr
    assert files(tmp_path / "generated") == before
