"""docs/guarantees.md has every row, and the tests that it names are there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = {"A": 5, "B": 9, "C": 7, "D": 10, "E": 9, "F": 7, "G": 9, "H": 7}
"""How many rows each section has."""
ROW = re.compile(r"^\| (?P<name>[A-H]\d+) \| (?P<promise>.+?) \| (?P<proof>.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(?P<file>tests/[\w/]+\.py)::(?P<name>test_\w+)`")


def test_every_row_is_a_promise_with_its_proof() -> None:
    """No row is missing, none is there twice, and each names its tests or says why it cannot hold."""
    rows = list(_rows())
    assert [name for name, _, _ in rows] == [
        f"{letter}{n}" for letter, most in ROWS.items() for n in range(1, most + 1)
    ]
    for name, promise, proof in rows:
        assert promise.strip(), name
        assert TEST.search(proof) or "cannot hold" in proof, name


def test_the_tests_that_are_named_exist() -> None:
    """What proves a promise can be run."""
    for row, _, proof in _rows():
        for file, name in TEST.findall(proof):
            tree = ast.parse((ROOT / file).read_text())
            names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
            assert name in names, f"{row}: {file} has no {name}"


def test_every_guarantee_test_is_cited() -> None:
    """A test of a row that the page does not name is lost to its readers."""
    cited = {name for _, _, proof in _rows() for _, name in TEST.findall(proof)}
    written = {
        node.name
        for file in sorted((ROOT / "tests/runtime/guarantees").glob("test_*.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef) and re.match(r"test_[a-h]\d+_", node.name)
    }
    assert written - cited == set()


def _rows() -> Iterator[tuple[str, str, str]]:
    text = (ROOT / "docs/guarantees.md").read_text(encoding="utf-8")
    for match in ROW.finditer(text):
        yield match["name"], match["promise"], match["proof"]
