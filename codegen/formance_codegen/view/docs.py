"""Prose as docstrings: the only way on which a document's texts become comments of code."""

import re
import textwrap
import unicodedata
from collections.abc import Iterable
from typing import Final

_WIDTH: Final = 88
_ITEM: Final = re.compile(r"(\s*)([-*+]|\d+[.)])\s+")
_FENCE: Final = re.compile(r"\s*(```|~~~)")
_VERBATIM: Final = re.compile(r"\s*(\||#|>|    )")
_QUOTES: Final = '"""'


def docstring(lines: Iterable[str], indent: int) -> tuple[str, ...]:
    """Return the lines of a docstring statement at an indent; nothing for no text."""
    body = list(lines)
    while body and not body[-1]:
        body.pop()
    if not body:
        return ()
    body = [_escaped(line) for text in body for line in _printable(text)]
    if body[0].startswith('"'):
        body[0] = f" {body[0]}"
    if body[-1].endswith('"'):
        body[-1] += "."
    if len(body) == 1 and len(body[0]) + 6 + indent > _WIDTH:
        body = [*_wrap_escaped(body[0], _WIDTH - indent - 3)]
    if len(body) == 1:
        return (f"{' ' * indent}{_QUOTES}{body[0]}{_QUOTES}",)
    margin = " " * indent
    return tuple(f"{margin}{line}" if line else "" for line in (f"{_QUOTES}{body[0]}", *body[1:], _QUOTES))


def prose(text: str, indent: int) -> tuple[str, ...]:
    """Return a text as wrapped lines: paragraphs are filled, lists, tables and code stay as they are."""
    lines: list[str] = []
    paragraph: list[str] = []
    fenced = False
    for raw in [*_clean(text).split("\n"), ""]:
        line = raw.rstrip()
        fence = bool(_FENCE.match(line))
        plain = not (fenced or fence or _VERBATIM.match(line) or _ITEM.match(line))
        if line and plain:
            paragraph.append(line.strip())
            continue
        if paragraph:
            lines.extend(_fill(" ".join(paragraph), indent))
            paragraph.clear()
        if _ITEM.match(line) and not fenced:
            lines.extend(_item(line, indent))
        else:
            lines.append(line)
        fenced = fenced != fence
    return _squeezed(lines)


def one_line(text: str) -> str:
    """Return a text on one line."""
    return " ".join(_clean(text).split())


def markdown(text: str) -> str:
    """Return a text on one line as Markdown, in a table too: its code stays code, all else shows as it is.

    See CommonMark 0.31, sections 2.4 (backslash escapes) and 6.1 (code spans).
    """
    parts = re.split(r"(`[^`]+`)", one_line(text))
    return "".join(
        part.replace("|", "\\|") if index % 2 else re.sub(r"([\\`*_\[\]<>|])", r"\\\1", part)
        for index, part in enumerate(parts)
    )


def summary_and_rest(summary: str, description: str) -> tuple[str, str]:
    """Return the first sentence of what a document says about a thing, and the rest of it."""
    first, text = one_line(summary), _clean(description).strip()
    if not first:
        paragraph, _, rest = text.partition("\n\n")
        head, stop, tail = one_line(paragraph).partition(". ")
        first, text = head + stop.strip(), "\n\n".join(part for part in (tail, rest.strip()) if part)
    elif one_line(text).rstrip(".") == first.rstrip("."):
        text = ""
    return _sentence(first), text


def _sentence(text: str) -> str:
    return text if not text or text[-1] in ".!?:;…" else f"{text}."


def _item(line: str, indent: int) -> list[str]:
    found = _ITEM.match(line)
    hanging = " " * (found.end() if found else 0)
    return textwrap.wrap(
        line,
        width=max(40, _WIDTH - indent),
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _fill(text: str, indent: int) -> list[str]:
    return textwrap.wrap(text, width=max(40, _WIDTH - indent), break_long_words=False, break_on_hyphens=False)


def _wrap_escaped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width=width, break_long_words=False, break_on_hyphens=False) or [text]


def _clean(text: str) -> str:
    """Return the text with plain line ends and spaces, without control and direction characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    text = re.sub("[\u2028\u2029\x0b\x0c\x1c-\x1e\x85]", "\n", text)
    if text.replace("\n", "").isprintable():
        return text
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))


def _printable(text: str) -> tuple[str, ...]:
    """Return the lines of a text without anything that cannot be seen, whoever wrote it."""
    return (text,) if text.isprintable() else tuple(_clean(text).split("\n"))


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace(_QUOTES, '\\"\\"\\"')


def _squeezed(lines: list[str]) -> tuple[str, ...]:
    """Return the lines without blank ones at the ends and without two in a row."""
    result: list[str] = []
    for line in lines:
        if line or (result and result[-1]):
            result.append(line)
    while result and not result[-1]:
        result.pop()
    return tuple(result)
