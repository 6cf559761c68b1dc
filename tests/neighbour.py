"""A second repository beside the working folder: what is done there, and to the document that it lives on."""

import os
import subprocess
import sys
from pathlib import Path


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
