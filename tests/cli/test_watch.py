"""`formance-codegen build --watch`, as a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

PATIENCE = 30.0
"""Seconds after which something that should have happened did not; a busy machine may take some of them."""


@contextmanager
def watching(folder: Path) -> Generator[Path]:
    """Run it, and give the file that holds what it says."""
    log = folder / "watch.log"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "codegen")}
    command = [sys.executable, "-m", "formance_codegen", "build", "--watch"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=subprocess.STDOUT, env=environment)
    try:
        wait(lambda: "watching" in log.read_text())
        yield log
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.wait()


def wait(happened: Callable[[], bool]) -> None:
    """Wait until something happened."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT cannot be sent to one process there")
def test_builds_what_was_saved_and_goes_on_after_an_error(folder: Path) -> None:
    document = folder / "specs/pets.yaml"
    methods = folder / "generated/pets/animals/_sync.py"
    with watching(folder) as log:
        assert "def list_pets" in methods.read_text()
        before = (folder / "generated/shops/README.md").stat().st_mtime_ns
        text = document.read_text()
        document.write_text(text.replace("operationId: listPets", "summary: First.\n      operationId: listPets"))
        wait(lambda: '"""First.' in methods.read_text())
        document.write_text("openapi: [\n")
        wait(lambda: "error[not-yaml]" in log.read_text())
        assert '"""First.' in methods.read_text()
        document.write_text(text.replace("operationId: listPets", "summary: Second.\n      operationId: listPets"))
        wait(lambda: '"""Second.' in methods.read_text())
        (folder / "specs/overlays").mkdir()
        overlay = (
            'overlay: 1.0.0\ninfo: {title: t, version: "1"}\nactions: [{target: $.info, update: {title: Stable}}]\n'
        )
        (folder / "specs/overlays/pets.yaml").write_text(overlay)
        wait(lambda: "Stable" in (folder / "generated/pets/README.md").read_text())
        assert (folder / "generated/shops/README.md").stat().st_mtime_ns == before
        (folder / "specs/shops.yaml").unlink()
        wait(lambda: not (folder / "generated/shops").exists())


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT cannot be sent to one process there")
def test_builds_again_when_a_file_was_saved_that_documents_refer_to(folder: Path) -> None:
    (folder / "specs/parts").mkdir()
    part = folder / "specs/parts/toy.yaml"
    part.write_text("type: object\nproperties: {colour: {type: string}}\n")
    document = folder / "specs/pets.yaml"
    document.write_text(document.read_text() + "    Toy: {$ref: parts/toy.yaml}\n")
    model = folder / "generated/pets/animals/models/toy.py"
    with watching(folder):
        assert "colour:" in model.read_text()
        part.write_text("type: object\nproperties: {weight: {type: integer}}\n")
        wait(lambda: "weight:" in model.read_text())
