"""The unfolding of values to names and texts, as the styles of OpenAPI have it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from .arguments import Unwritable
from .guards import is_list, is_mapping
from .scalars import plain, text_of

DELIMITERS: Final = {
    "spaceDelimited": " ",
    "pipeDelimited": "|",
    "tabDelimited": "\t",
}
"""What stands between texts; a comma where the style has no delimiter of its own."""

_NAMES: Final = {" ": "space", "|": "vertical bar", "\t": "tab", ",": "comma"}


def expand(
    style: str, key: str, value: object, name: str, *, explode: bool
) -> list[tuple[str, list[str]]]:
    """Return the names that a value is sent by, each with its texts; nothing is encoded.

    An empty array or object gives none, and None inside one counts as absent (RFC 6570,
    section 2.3). A value inside an item is JSON, but for ``deepObject``.

    Args:
        style: The style.
        key: The parameter's own name.
        value: The value.
        name: What it is called in Python, for the error.
        explode: Whether each item, or property, has a name of its own.

    Raises:
        Unwritable: The value cannot be written.
    """
    value = plain(value)
    composed = is_mapping(value) or is_list(value)
    if style == "deepObject" and composed:
        return [(place, [text]) for place, text in _deep(key, value, name)]
    if explode and is_mapping(value):
        return [
            (text_of(inner, name), [text_of(item, name)])
            for inner, item in value.items()
            if item is not None
        ]
    texts = list(_texts(value, name))
    if explode or not composed:
        return [(key, [text]) for text in texts]
    return [(key, texts)] if texts else []


def undelimited(texts: Sequence[str], delimiter: str, name: str) -> Sequence[str]:
    """Return texts that a delimiter will stand between, as nobody can escape it.

    Raises:
        Unwritable: One of several has it inside.
    """
    if len(texts) > 1 and any(delimiter in text for text in texts):
        raise Unwritable((name, f"an item must not have a {_NAMES[delimiter]}"))
    return texts


def _texts(value: object, name: str) -> Iterator[str]:
    """Yield a value itself, its items, or its names and values in turn."""
    if is_mapping(value):
        for key, item in value.items():
            if item is not None:
                yield text_of(key, name)
                yield text_of(item, name)
    elif is_list(value):
        yield from (text_of(item, name) for item in value if item is not None)
    else:
        yield text_of(value, name)


def _deep(key: str, value: object, name: str) -> Iterator[tuple[str, str]]:
    """Yield names like ``filter[owner][0]``.

    The specification leaves what is inside of properties undefined; numbers in brackets
    can be read back, and are what the publishers of such parameters understand.
    """
    if is_mapping(value):
        for inner, item in value.items():
            yield from _deep(f"{key}[{text_of(inner, name)}]", item, name)
    elif is_list(value):
        for index, item in enumerate(each for each in value if each is not None):
            yield from _deep(f"{key}[{index}]", item, name)
    elif value is not None:
        yield key, text_of(value, name)
