"""python -m benchmarks.corpus_peer PROGRAM: what openapi-python-client makes of the corpus that ours is measured by.

PROGRAM is the program ``openapi-python-client`` of an environment of its own, whose Python imports what it makes.
"""

import multiprocessing
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from corpus.documents import Document, documents, operations_in

SECONDS: Final = 120
_IMPORT: Final = """
import importlib, pathlib, sys
for file in sorted(pathlib.Path(sys.argv[1]).rglob("*.py")):
    importlib.import_module(".".join(file.with_suffix("").parts).removesuffix(".__init__"))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What became of a document."""

    document: Document
    ends: bool = False
    """Whether the exit code was 0."""
    operations: int = 0
    imports: bool = False

    @property
    def whole(self) -> bool:
        """Whether all operations are there."""
        return self.ends and self.operations == (operations_in(self.document) or 0)


def make(program: Path, folder: Path, numbered: tuple[int, Document]) -> Made:
    """Let it make a client, count the operations and import all of it."""
    number, document = numbered
    package, settings = f"p{number:03}", folder / "settings.yaml"
    command = [program, "generate", "--path", document.file, "--output-path", folder / package, "--meta", "none"]
    if _code([*map(str, command), "--config", str(settings)], folder) != 0:
        return Made(document=document)
    files = (file for file in (folder / package / "api").rglob("*.py") if file.name != "__init__.py")
    operations = sum("def sync_detailed" in file.read_text(encoding="utf-8") for file in files)
    imports = _code([str(program.with_name("python")), "-c", _IMPORT, package], folder) == 0
    return Made(document=document, ends=True, operations=operations, imports=imports)


def _code(command: Sequence[str], folder: Path) -> int | None:
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, timeout=SECONDS, check=False).returncode
    except subprocess.TimeoutExpired:
        return None


def told(name: str, found: Sequence[Made]) -> str:
    """Return a row of the table."""
    counts = (
        len(found),
        sum(each.ends for each in found),
        sum(each.whole for each in found),
        sum(each.whole and each.imports for each in found),
    )
    return f"| {name} | {' | '.join(map(str, counts))} |"


def main(program: Path) -> None:
    """Print the table."""
    good = [each for each in documents() if not each.is_negative]
    with TemporaryDirectory() as folder, multiprocessing.Pool(2) as pool:
        # Its own linters are left out.
        (Path(folder) / "settings.yaml").write_text("post_hooks: []\n", encoding="utf-8")
        found = pool.map(partial(make, program, Path(folder)), list(enumerate(good)), chunksize=1)
    single = [each for each in found if each.document.references == "none" and each.document.is_of_3]
    lines = ("| Documents | | exit code 0 | all operations | and importable |", "|---|---:|---:|---:|---:|")
    rows = (told("all that are right", found), told("of these OpenAPI 3.0 and 3.1 in one file", single))
    sys.stdout.write("\n".join((*lines, *rows)) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
