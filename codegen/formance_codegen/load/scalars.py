"""YAML scalars to JSON scalars: the YAML 1.2 core schema (YAML 1.2.2, section 10.3.2)."""

import re
from math import isfinite
from typing import Final

from formance_codegen.load.limits import MOST_DIGITS

_CORE: Final = "tag:yaml.org,2002:"
SCALAR_TAGS: Final = tuple(f"{_CORE}{name}" for name in ("str", "null", "bool", "int", "float"))
"""The tags of scalars that mean something in JSON."""
MAP_TAG: Final = f"{_CORE}map"
SEQUENCE_TAG: Final = f"{_CORE}seq"
MERGE_TAG: Final = f"{_CORE}merge"
ANY_TAG: Final = "!"
"""What it stands before is taken as it is: a scalar as text (YAML 1.2.2, section 6.9.1)."""

_CONSTANTS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMERIC_STARTS: Final = frozenset("-+.0123456789")
_INT = re.compile(r"[-+]?[0-9]+")
_RADIX = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


def plain(text: str) -> str | int | float | bool | None:
    """Return the value of a scalar without quotes.

    What JSON cannot hold stays text: ``.inf``, ``.nan``, ``1e999``, dates, ``no``.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    return number(text) if text[0] in _NUMERIC_STARTS else text


def number(text: str) -> str | int | float:
    """Return the number that a text without quotes stands for, or the text itself."""
    if len(text) <= MOST_DIGITS:
        if _INT.fullmatch(text):
            return int(text)
        if _RADIX.fullmatch(text):
            return int(text[2:], 8 if text[1] == "o" else 16)
    if _FLOAT.fullmatch(text) and not _INT.fullmatch(text) and isfinite(value := float(text)):
        return value
    return text


def tagged(tag: str, text: str) -> str | int | float | bool | None:
    """Return the value of a scalar with one of ``SCALAR_TAGS`` or ``ANY_TAG``.

    Raises:
        ValueError: The text is no value of the tag.
    """
    value = plain(text)
    match tag.rpartition(":")[2], value:
        case ("str" | "!"), _:
            return text
        case ("null", None) | ("bool", bool()) | ("float", float()):
            return value
        case "int", int() if not isinstance(value, bool):
            return value
        case "float", int() if not isinstance(value, bool):
            return float(value)
        case _:
            raise ValueError(f'"{text}" is no value of the tag {shorthand(tag)}')


def shorthand(tag: str) -> str:
    """Return a tag as a document writes it."""
    return tag.replace(_CORE, "!!", 1)
