"""Black, in process and piece by piece: the guarantor of the layout that templates emit."""

import gc
from collections.abc import Generator
from contextlib import contextmanager
from functools import lru_cache
from typing import Final

from black import format_str
from black.mode import Mode, TargetVersion

MODE: Final = Mode(target_versions={TargetVersion.PY311, TargetVersion.PY312, TargetVersion.PY313})
"""Black's defaults; never the configuration of whoever runs the generator."""
_CLASS: Final = "class _:\n"


# What a watch builds again is mostly what it built before.
@lru_cache(maxsize=20_000)
def format_piece(text: str, indent: int) -> str:
    """Return a piece of a module as black lays it out; a member of a class is formatted at its indent.

    Raises:
        InvalidInput: The text is not Python; a template of the user's can cause it.
    """
    if not indent:
        return format_str(text, mode=MODE).rstrip("\n")
    formatted = format_str(_CLASS + text, mode=MODE)
    return formatted.removeprefix(_CLASS).strip("\n")


@contextmanager
def quiet_collector() -> Generator[None]:
    """Keep the garbage collector from walking black's trees: they make no cycles worth it."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
