"""Split a wire name into its words."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import Final

_SYMBOLS: Final = {
    "<=": "lte",
    ">=": "gte",
    "!=": "ne",
    "==": "eq",
    "≤": "lte",
    "≥": "gte",
    "≠": "ne",
    "<": "lt",
    ">": "gt",
    "=": "eq",
    "%": "percent",
    "*": "star",
    "+": "plus",
    "-": "minus",
    "/": "slash",
    "\\": "backslash",
    "&": "and",
    "|": "or",
    "!": "not",
    "^": "caret",
    "~": "tilde",
    "$": "dollar",
    "€": "euro",
    "£": "pound",
    "#": "hash",
    "@": "at",
    ".": "dot",
    ",": "comma",
    ":": "colon",
    ";": "semicolon",
    "?": "question",
    "_": "underscore",
    "(": "lparen",
    ")": "rparen",
    "[": "lbracket",
    "]": "rbracket",
    "{": "lbrace",
    "}": "rbrace",
    '"': "quote",
    "'": "apostrophe",
    "`": "backtick",
    " ": "space",
}
_SYMBOL: Final = re.compile("|".join(re.escape(symbol) for symbol in _SYMBOLS))
_SIGN: Final = re.compile(r"^\s*[+-](?=\d)")
_BRANDS: Final = re.compile(
    r"(?<![A-Z])(?:OAuth|IPv|GraphQL|MySQL|NoSQL|PostgreSQL)(?![a-z])|(?<![A-Za-z])(?:iOS|macOS|mTLS)(?![a-z])"
)
"""Spellings whose capitals do not mark words."""


# The same few words of a document are asked for again and again.
@lru_cache(maxsize=100_000)
def split(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` in lower case: ``connectorIDs`` gives connector, ids.

    Words end at whatever an identifier cannot hold, at underscores and where capitals begin a word; a run of capitals
    is one word; digits stay with the word before them; a sign before a number is a word; symbols alone are spelled
    out. Letters of all scripts stay, in their compatibility form (NFKC), as in Python's own identifiers (PEP 3131).
    The result may be empty.
    """
    text = unicodedata.normalize("NFKC", text)
    if not any(_is_part(character) for character in text):
        return _words(_spell_symbols(text))
    return _words(_SIGN.sub(_spell_sign, text))


def spell(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` with each of its symbols spelled out: ``-created`` gives minus, created."""
    return _words(_spell_symbols(unicodedata.normalize("NFKC", text)))


def _is_part(character: str) -> bool:
    return character != "_" and f"a{character}".isidentifier()


def _spell_symbols(text: str) -> str:
    return _SYMBOL.sub(lambda found: f" {_SYMBOLS[found[0]]} ", text)


def _spell_sign(found: re.Match[str]) -> str:
    return f"{_SYMBOLS[found[0].strip()]} "


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a text in NFKC."""
    text = _BRANDS.sub(lambda found: found[0].capitalize(), text)
    spaced = "".join(character if _is_part(character) else " " for character in text)
    return tuple(_lower(hump) for run in spaced.split() for hump in _humps(run))


def _humps(run: str) -> list[str]:
    """Return the words of a run of letters and digits, as written."""
    starts = [0, *(index for index in range(1, len(run)) if _starts_word(run, index)), len(run)]
    return [run[start:end] for start, end in pairwise(starts)]


def _starts_word(run: str, index: int) -> bool:
    """Return whether a word starts at ``index``; digits in front belong to the capitals behind them: ``3DSecure``."""
    if not run[index].isupper():
        return False
    if not run[index - 1].isupper() and not run[:index].isdecimal():
        return True
    return run[index + 1 : index + 2].islower() and not _is_plural(run, index + 1)


def _is_plural(run: str, index: int) -> bool:
    """Return whether the small letter at ``index``, behind capitals, only makes a plural of them: ``IDs``."""
    return run[index] == "s" and not run[index + 1 : index + 2].islower()


def _lower(word: str) -> str:
    return unicodedata.normalize("NFKC", word.lower())
