"""Naming: wire names become Python identifiers, one rule at a time."""

from typing import NewType

PyName = NewType("PyName", str)
"""A Python identifier that is allowed where it stands."""
