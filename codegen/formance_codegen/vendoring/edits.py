"""What becomes of edits when a vendored client is generated anew."""

from collections.abc import Mapping
from dataclasses import dataclass

from formance_codegen.manifest import fingerprint
from formance_codegen.vendoring.three_way import Hunk, merge


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A file of which both sides want something else."""

    path: str
    reason: str
    hunks: tuple[Hunk, ...] = ()
    """The places; none where it is the whole file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The files with the edits in them."""

    files: Mapping[str, bytes]
    edited: tuple[str, ...] = ()
    """Those that are not as they are generated."""
    conflicts: tuple[Conflict, ...] = ()


def keep_edits(base: Mapping[str, bytes], mine: Mapping[str, bytes], theirs: Mapping[str, bytes]) -> Kept:
    """Return the files of a new generation with the edits of the one before it.

    Args:
        base: The files as they were generated.
        mine: Those of them that are there, as they are there; one that is missing comes back.
        theirs: The files as they are generated now.

    Raises:
        OSError: There is no git to merge with.
    """
    files: dict[str, bytes] = dict(theirs)
    edited: list[str] = []
    conflicts: list[Conflict] = []
    for path, content in sorted(mine.items()):
        before, after = base[path], theirs.get(path)
        if _same(content, before) or _same(content, after):
            continue
        kept = _merged(path, before, content, after)
        if isinstance(kept, Conflict):
            conflicts.append(kept)
        else:
            files[path] = kept
            if not _same(kept, after):
                edited.append(path)
    return Kept(files=files, edited=tuple(edited), conflicts=tuple(conflicts))


def _merged(path: str, before: bytes, content: bytes, after: bytes | None) -> bytes | Conflict:
    if after is None:
        return Conflict(path=path, reason="it was edited, and is no longer made")
    if _same(before, after):
        return content
    try:
        # A version control system may have ended the lines in another way than the generator.
        merged = merge(before, content.replace(b"\r\n", b"\n"), after)
    except ValueError as error:
        return Conflict(path=path, reason=str(error))
    if merged.hunks:
        return Conflict(path=path, reason="both sides changed the same lines", hunks=merged.hunks)
    return merged.text


def _same(content: bytes, other: bytes | None) -> bool:
    return other is not None and fingerprint(content) == fingerprint(other)
