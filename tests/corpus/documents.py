"""The documents of the corpus, and how many operations each has by a reader that is not the one under test."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import yaml

from samples import Node, is_list, is_node

CORPUS: Final = Path(__file__).parents[3] / "shared" / "corpus"
METHODS: Final = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document of the corpus."""

    path: str
    """From the corpus' folder."""
    size: int
    """Bytes."""
    is_negative: bool
    """Whether it is there to be refused, or taken with warnings."""
    references: str
    """``none``, ``relative`` or ``remote``: where it leads."""
    version: str
    """That it declares."""

    @property
    def is_of_3(self) -> bool:
        """Whether it is of OpenAPI 3.0 or 3.1."""
        return self.version.startswith(("3.0", "3.1"))

    @property
    def file(self) -> Path:
        """Where it is."""
        return CORPUS / self.path

    @property
    def suite(self) -> Path:
        """The folder of the collection that it is of: its references may lead anywhere in there."""
        return CORPUS / self.path.partition("/")[0]


def documents() -> list[Document]:
    """Return all documents of the manifest, in its order."""
    with (CORPUS / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [
        Document(
            path=row["path"],
            size=int(row["bytes"]),
            is_negative=row["expect"] == "negative",
            references=row["ext_refs"],
            version=row["version"],
        )
        for row in rows
    ]


def operations_in(document: Document) -> int | None:
    """Return how many operations a document's paths have; None where it cannot be read."""
    root = _read(document.file)
    if not is_node(root):
        return None
    paths, version = root.get("paths"), str(root.get("openapi", ""))
    if not is_node(paths):
        return 0
    items = [(item, document.file) for name, item in paths.items() if not str(name).startswith("x-")]
    return sum(_count(item, file, version) for item, file in items)


def _count(item: object, file: Path, version: str) -> int:
    methods = {*METHODS, *(("query",) if version.startswith("3.2") else ())}
    found: set[str] = set()
    for each in _followed(item, file):
        found |= {str(name) for name, value in each.items() if name in methods and is_node(value)}
        more = each.get("additionalOperations")
        if version.startswith("3.2") and is_node(more):
            found |= {f"+{name}" for name in more}
    return len(found)


def _followed(item: object, file: Path) -> Iterator[Node]:
    """Yield a path item and those that it refers to."""
    for _ in range(10):
        if not is_node(item):
            return
        yield item
        reference = item.get("$ref")
        if not isinstance(reference, str):
            return
        location, _, pointer = reference.partition("#")
        file = (file.parent / unquote(location)).resolve() if location else file
        item = _at(_read(file), unquote(pointer))


def _at(value: object, pointer: str) -> object:
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if is_node(value):
            value = value.get(key)
        elif is_list(value) and key.isdecimal():
            value = value[int(key)]
        else:
            return None
    return value


@cache
def _read(file: Path) -> object:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
    try:
        return json.loads(text) if text.lstrip()[:1] == "{" else yaml.load(text, yaml.CSafeLoader)
    except (ValueError, yaml.YAMLError, RecursionError):
        return None
