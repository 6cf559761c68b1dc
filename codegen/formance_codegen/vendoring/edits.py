"""What becomes of edits when a vendored client is generated anew."""

from collections.abc import Mapping
from dataclasses import dataclass

from formance_codegen.manifest import fingerprint
from formance_codegen.vendoring.three_way import merge


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A file of which both sides want something else."""

    path: str
    reason: str
    text: str
    """The file with conflict marks; "" where it is not that sort of conflict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The files with the edits in them."""

    files: Mapping[str, bytes]
    edited: tuple[str, ...]
    """Those that are not as they were generated."""
    conflicts: tuple[Conflict, ...]


def keep_edits(base: Mapping[str, bytes], mine: Mapping[str, bytes], theirs: Mapping[str, bytes]) -> Kept:
    """Return the files of a new generation with the edits of the one before it.

    Args:
        base: The files as they were generated.
        mine: The files as they are there; one that is missing comes back.
        theirs: The files as they are generated now.

    Raises:
        OSError: There is no git to merge with.
    """
    files: dict[str, bytes] = dict(theirs)
    edited: list[str] = []
    conflicts: list[Conflict] = []
    for path, content in sorted(mine.items()):
        before, after = base.get(path), theirs.get(path)
        if before is None or _same(content, before) or (after is not None and _same(content, after)):
            continue
        if after is None:
            conflicts.append(Conflict(path=path, reason="it was edited, and is no longer made", text=""))
            continue
        edited.append(path)
        if _same(before, after):
            files[path] = content
            continue
        try:
            merged = merge(before, content, after)
        except ValueError as error:
            conflicts.append(Conflict(path=path, reason=str(error), text=""))
            continue
        if merged.conflicts:
            text = merged.text.decode(errors="replace")
            conflicts.append(Conflict(path=path, reason="both sides changed the same lines", text=text))
        files[path] = merged.text
    return Kept(files=files, edited=tuple(edited), conflicts=tuple(conflicts))


def _same(one: bytes, other: bytes) -> bool:
    return one == other or fingerprint(one) == fingerprint(other)
