"""The merge of edits with a newer generation, by git: it has merged more files than any other tool."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from formance_codegen.emit import lent_files

_LABELS: Final = ("edited", "as it was generated", "as it is generated now")
_BEGIN: Final = f"<<<<<<< {_LABELS[0]}"
_BASE: Final = f"||||||| {_LABELS[1]}"
_END: Final = f">>>>>>> {_LABELS[2]}"
_CONTEXT: Final = 3
"""Lines around a conflict that are shown, as in a diff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """A conflict, with a few lines around it."""

    line: int
    """Where it begins in the file as it was edited."""
    text: str
    """In the style of diff3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What a merge came to."""

    text: bytes
    """With conflict marks in the style of diff3 where both sides changed the same lines."""
    hunks: tuple[Hunk, ...]
    """The conflicts."""


def merge(base: bytes, mine: bytes, theirs: bytes) -> Merged:
    """Return a text with the changes of both sides.

    Args:
        base: What both were made from.
        mine: With the edits.
        theirs: As it is generated now.

    Raises:
        OSError: There is no git.
        ValueError: git cannot merge them: one is no text.
    """
    labels = [part for label in _LABELS for part in ("-L", label)]
    with lent_files((mine, base, theirs)) as files:
        command = ["git", "merge-file", "--stdout", "--diff3", *labels, *map(str, files)]
        # Beside the files: the repository of the working folder, and what is wrong with it, has no part in this.
        done = subprocess.run(command, cwd=files[0].parent, capture_output=True, check=False)
    # The number of conflicts, as far as an exit code can tell it; above are errors.
    if not 0 <= done.returncode < 128:
        raise ValueError(done.stderr.decode(errors="replace").strip() or "git cannot merge it")
    return Merged(text=done.stdout, hunks=tuple(_hunks(done.stdout)) if done.returncode else ())


def _hunks(text: bytes) -> Iterator[Hunk]:
    lines = text.decode(errors="replace").removesuffix("\n").split("\n")
    begins = [index for index, line in enumerate(lines) if line == _BEGIN]
    ends = [index for index, line in enumerate(lines) if line == _END]
    above = 0
    not_mine = 0
    for begin, end in zip(begins, ends, strict=True):
        start = max(above, begin - _CONTEXT)
        yield Hunk(
            line=begin + 1 - not_mine,
            text="".join(f"{line}\n" for line in lines[start : end + 1 + _CONTEXT]),
        )
        # The marks and the other two sides are no lines of the edited file.
        not_mine += 1 + end + 1 - lines.index(_BASE, begin)
        above = end + 1
