"""Black, in process and piece by piece: the guarantor of the layout that templates emit."""

import gc
from functools import lru_cache
from typing import Final

from black import format_str
from black.mode import Mode, TargetVersion

from formance_codegen.render.plain import is_plain

MODE: Final = Mode(target_versions={TargetVersion.PY311, TargetVersion.PY312, TargetVersion.PY313})
"""Black's defaults; never the configuration of whoever runs the generator."""
_CLASS: Final = "class _:\n"
_MOST_GARBAGE: Final = 500_000
"""How many objects may wait for the collector: some 50 MB."""


# What a watch builds again is mostly what it built before.
@lru_cache(maxsize=20_000)
def format_piece(text: str, indent: int) -> str:
    """Return a piece of a module as black lays it out; a member of a class is formatted at its indent.

    Raises:
        InvalidInput: The text is not Python; a template of the user's can cause it.
    """
    return text.strip("\n") if is_plain(text, indent) else ask_black(text, indent)


def ask_black(text: str, indent: int) -> str:
    """Return what ``format_piece`` does, by black in any case.

    Raises:
        InvalidInput: The text is not Python.
    """
    around = _CLASS if indent else ""
    formatted = format_str(around + text, mode=MODE).removeprefix(around)
    # Black's trees are cycles, and the collector may be off: what is young is all theirs.
    if gc.get_count()[0] > _MOST_GARBAGE:
        gc.collect(0)
    return formatted.strip("\n")
