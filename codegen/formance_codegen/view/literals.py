"""Values as Python source: the only way on which a document's values become code."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

Value: TypeAlias = "str | int | float | bool | Sequence[Value] | Mapping[str, Value] | None"


def literal(value: Value) -> str:
    """Return the source of a value, quoted as black does.

    Whatever is not printable, bidirectional controls included, is escaped (CVE-2021-42574).
    """
    match value:
        case str():
            return _quoted(value)
        case None | bool() | int() | float():
            return repr(value)
        case Mapping():
            return "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"
        case _:
            items = [literal(item) for item in value]
            return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"


def _quoted(text: str) -> str:
    source = repr(text)
    # repr prefers single quotes; black prefers double ones where that needs no more escapes.
    if source.startswith("'") and text.count('"') <= text.count("'"):
        return f'"{_QUOTE.sub(_requoted, source[1:-1])}"'
    return source


_QUOTE: Final = re.compile(r"""\\.|\"""")


def _requoted(found: re.Match[str]) -> str:
    match found[0]:
        case "\\'":
            return "'"
        case '"':
            return '\\"'
        case other:
            return other


def toml_string(text: str) -> str:
    """Return a TOML basic string (TOML 1.0, section "String"): what JSON writes, with DEL escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
