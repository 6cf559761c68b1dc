"""JSON pointers (RFC 6901): places in a body, as text."""

from __future__ import annotations

from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""The keys and indexes that lead to a place."""


def pointer_of(path: Path) -> str:
    """Return the JSON pointer of a path."""
    return "".join(
        "/" + str(part).replace("~", "~0").replace("/", "~1") for part in path
    )
