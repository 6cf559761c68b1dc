"""Files as templates render them: a frame, and the pieces that are formatted one by one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A class, a method or a statement: rendered and formatted by itself."""

    template: str
    view: object
    indent: int = 0
    """4 for a member of a class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A file of the generated project."""

    path: str
    """From the project's folder, with forward slashes."""
    template: str
    view: object
    pieces: tuple[Piece, ...] = ()
