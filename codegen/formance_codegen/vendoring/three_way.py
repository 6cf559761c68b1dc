"""The merge of edits with a newer generation, by git: it has merged more files than any other tool."""

import subprocess
from dataclasses import dataclass

from formance_codegen.emit import lent_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What a merge came to."""

    text: bytes
    """With conflict marks in the style of diff3 where both sides changed the same lines."""
    conflicts: int


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
    sides = {"edited": mine, "as it was generated": base, "as it is generated now": theirs}
    labels = [part for label in sides for part in ("-L", label)]
    with lent_files(tuple(sides.values())) as files:
        command = ["git", "merge-file", "--stdout", "--diff3", *labels, *map(str, files)]
        done = subprocess.run(command, capture_output=True, check=False)
    # The number of conflicts, as far as an exit code can tell it; above are errors.
    if not 0 <= done.returncode < 128:
        raise ValueError(done.stderr.decode(errors="replace").strip() or "git cannot merge it")
    return Merged(text=done.stdout, conflicts=done.returncode)
