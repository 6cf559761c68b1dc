"""What is rendered from: the texts of all templates, and the runtime that is copied."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Templates:
    """The content of a templates folder, read once; paths are relative and have forward slashes."""

    package: Mapping[str, str]
    """The Jinja templates of a client package."""
    runtime: Mapping[str, bytes]
    """The files of the runtime, copied byte for byte."""
