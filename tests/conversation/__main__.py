"""The command for long conversations: about documents that are named, or about all of the list.

With `codegen`, `templates` and `tests` on the path:

python -m conversation SPEC…
python -m conversation --all [--jobs N] [--keep LINES]
python -m conversation --tables LINES
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Final

from conversation.clients import NoClient, made
from conversation.faults import explained
from conversation.judging import Outcome, Party
from conversation.prism import NoPrism
from conversation.report import Talk, as_line, failures, from_line, summary
from conversation.talk import conversation

ROOT: Final = Path(__file__).parents[2]
SHARED: Final = ROOT.parent / "shared"
_LIST: Final = Path(__file__).with_name("documents.txt")
_PATIENCE: Final = 900.0
"""Seconds for one document."""


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 1 where something is our fault."""
    parser = argparse.ArgumentParser(prog="conversation", description="Clients talk to Prism.")
    parser.add_argument("documents", nargs="*", type=Path)
    parser.add_argument("--all", action="store_true", help="the documents of Formance, and those of documents.txt")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="add what came of each document to this file, a line of JSON each")
    parser.add_argument("--lines", action="store_true", help="write only those lines, and talk in this process")
    parser.add_argument("--tables", type=Path, help="talk about nothing, and make tables of such a file")
    options = parser.parse_args(arguments)
    if options.tables:
        kept = [settled(from_line(line)) for line in options.tables.read_text(encoding="utf-8").splitlines()]
        sys.stdout.writelines(f"{line}\n" for line in (*summary(kept), "", *failures(kept)))
        return 0
    documents: list[Path] = [*options.documents, *(listed() if options.all else ())]
    if options.lines:
        sys.stdout.writelines(f"{as_line(talk(document))}\n" for document in documents)
        return 0
    is_ours = False
    with ThreadPoolExecutor(options.jobs) as pool:
        for each in pool.map(_apart, documents):
            _tell(each)
            is_ours = is_ours or any(exchange.party is Party.OURS for exchange in each.exchanges)
            if options.keep:
                with options.keep.open("a", encoding="utf-8") as file:
                    file.write(f"{as_line(each)}\n")
    return int(is_ours)


def listed() -> Iterator[Path]:
    """Yield the documents of Formance, ours and as they are published, and those of the list."""
    yield from sorted((ROOT / "specs").glob("*.yaml"))
    yield from sorted((SHARED / "upstream").glob("*.yaml"))
    for line in _LIST.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield SHARED / "corpus" / line


def settled(talk: Talk) -> Talk:
    """Return what was kept with the faults that are known by now."""
    return replace(talk, exchanges=tuple(explained(each, talk.document) for each in talk.exchanges))


def talk(document: Path) -> Talk:
    """Talk about a document in this process."""
    name = shown(document)
    try:
        with tempfile.TemporaryDirectory() as folder, made(document, Path(folder)) as client:
            exchanges = tuple(explained(each, name) for each in conversation(client, document))
    except (NoClient, NoPrism) as error:
        return Talk(document=name, exchanges=(), impossible=f"{type(error).__name__}: {error}")
    return Talk(document=name, exchanges=exchanges)


def shown(document: Path) -> str:
    """Return what a document is called in a table."""
    path = document.resolve()
    for root in (SHARED / "corpus", ROOT, SHARED):
        if path.is_relative_to(root.resolve()):
            return path.relative_to(root.resolve()).as_posix()
    return path.name


def _apart(document: Path) -> Talk:
    """Talk in a process of its own, which may come to any end."""
    command = [sys.executable, "-m", "conversation", "--lines", str(document)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return Talk(document=shown(document), exchanges=(), impossible="it takes too long")
    if done.returncode or not done.stdout:
        return Talk(document=shown(document), exchanges=(), impossible=" ".join(done.stderr.split())[-300:])
    return from_line(done.stdout)


def _tell(talk: Talk) -> None:
    fine = sum(each.outcome is Outcome.FINE for each in talk.exchanges)
    lines = [f"{talk.document}: {fine} of {len(talk.exchanges)}", *[f"  {row}" for row in list(failures([talk]))[2:]]]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
