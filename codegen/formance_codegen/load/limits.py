"""How much a document may ask of the reader."""

from typing import Final

DEEPEST: Final = 128
"""Levels of nested containers. The deepest of 500 published documents has 31; later stages recurse on these levels."""

MOST_ALIASED: Final = 1_000_000
"""Values that aliases and merge keys may add: a short text must not unfold without end ("billion laughs")."""
