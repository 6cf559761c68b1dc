"""How much a document may ask of the reader."""

from typing import Final

DEEPEST: Final = 64
"""Levels of nested containers. The deepest of 500 published documents has 31; later stages recurse on these levels."""

MOST_ALIASED: Final = 250_000
"""Values that aliases and merge keys may add: a short text must not unfold without end ("billion laughs")."""

MOST_DIGITS: Final = 4300
"""Digits of a number; one with more stays text: CPython refuses to convert it (CVE-2020-10735)."""
