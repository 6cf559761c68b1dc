"""The same input gives the same bytes: under any hash seed, and whatever the order of a document's components."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from generated.cases import ROOT, SPECS

DOCUMENTS: Final = (SPECS / "ledger.yaml", SPECS / "wallets.yaml")

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)


@cache
def fingerprint(path: Path, *, hash_seed: int = 1, shuffle: int = 0) -> dict[str, str]:
    """Return the fingerprints of a client's files, generated in a process of its own."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(ROOT / "tests"), str(ROOT / "codegen"))),
        "PYTHONHASHSEED": str(hash_seed),
    }
    command = [sys.executable, str(ROOT / "tests/generated/fingerprint.py"), str(path), str(shuffle)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    assert len(found) > 10
    return found


def differing(first: dict[str, str], second: dict[str, str]) -> list[str]:
    """Return the files that only one has, or that differ."""
    return sorted(name for name in {*first, *second} if first.get(name) != second.get(name))


@each_document
def test_the_hash_seed_does_not_matter(path: Path) -> None:
    assert differing(fingerprint(path), fingerprint(path, hash_seed=4242)) == []


@each_document
def test_the_order_of_components_does_not_matter(path: Path) -> None:
    assert differing(fingerprint(path), fingerprint(path, shuffle=11)) == []
