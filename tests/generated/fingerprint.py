"""A program that generates a client and prints a fingerprint of each of its files, for runs under other conditions.

usage: fingerprint.py SPEC SEED     where a SEED of 0 leaves the components of the document in their order
"""

import hashlib
import json
import random
import sys
from pathlib import Path

from formance_codegen.config import ServiceConfig
from formance_codegen.pipeline import generate
from formance_codegen.resources import read_templates
from formance_codegen.source import SourceFile
from generated.cases import read_document
from samples import Json, Node, is_node, node


def main(spec: str, seed: str) -> None:
    """Print the fingerprints as a JSON object."""
    path = Path(spec)
    document = read_document(path)
    source = SourceFile(name=path.name, text=json.dumps(shuffled(document, int(seed)), ensure_ascii=False))
    outcome = generate(source, ServiceConfig(package=f"same_{path.stem}"), read_templates())
    assert outcome.value is not None, [found.message for found in outcome.diagnostics]
    files = outcome.value.tree.files
    print(json.dumps({name: hashlib.sha256(files[name]).hexdigest() for name in files}))  # noqa: T201


def shuffled(document: Node, seed: int) -> Node:
    """Return a document with its components of each kind in another order, and its paths as they are."""
    if not seed:
        return document
    chance = random.Random(seed)
    kinds = {
        kind: in_other_order(chance, components) if is_node(components) else components
        for kind, components in node(document["components"]).items()
    }
    return {**document, "components": in_other_order(chance, kinds)}


def in_other_order(chance: random.Random, components: Node) -> Node:
    """Return the same entries in another order."""
    entries: list[tuple[str, Json]] = list(components.items())
    chance.shuffle(entries)
    return dict(entries)


if __name__ == "__main__":
    main(*sys.argv[1:])
