"""Addresses of the documents that one document is made of: where a reference leads to from where it stands."""

import posixpath
import re
from collections.abc import Iterator
from typing import Final, NewType
from urllib.parse import unquote, urljoin, urlsplit

from formance_codegen.load.json_value import JsonValue, as_mapping
from formance_codegen.source import SourceFile

Address = NewType("Address", str)
"""A path from the folder of the main document, with forward slashes, or a URL."""

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_DATA_KEYS: Final = frozenset({"default", "const", "enum", "example", "examples", "value"})
"""What stands under these is data, in which ``$id`` means nothing."""


def address_of(source: SourceFile) -> Address:
    """Return the address of a main document: the name of its file."""
    return Address(posixpath.basename(source.name))


def located(base: Address, reference: str) -> tuple[Address, str]:
    """Return the document that a reference leads to from another one, and the fragment, which is still encoded.

    A relative reference is a path with percent-encoding undone (RFC 3986, sections 2.1 and 5.2); so is a ``file:``
    URL in a file. What a URL leads to can only lead on to URLs.
    """
    location, _, fragment = reference.partition("#")
    if not location:
        return base, fragment
    try:
        if is_url(base):
            return Address(urljoin(base, location)), fragment
        if location.startswith("file:"):
            return Address(posixpath.normpath(unquote(urlsplit(location).path))), fragment
    except ValueError:
        return Address(location), fragment
    if is_url(location):
        return Address(location), fragment
    path = unquote(location)
    folder = "/" if path.endswith("/") else ""
    return Address(posixpath.normpath(posixpath.join(posixpath.dirname(base), path)) + folder), fragment


def is_url(address: str) -> bool:
    """Return whether an address is absolute in the sense of RFC 3986, and no path."""
    return _SCHEME.match(address) is not None


def is_reference(name: str) -> bool:
    """Return whether a value of a discriminator's mapping is a reference, and not the name of a schema."""
    return "#" in name or "/" in name or name.endswith((".yaml", ".yml", ".json"))


def referred(data: JsonValue, base: Address) -> tuple[Address, ...]:
    """Return the other documents that a document may refer to, in its order.

    Whether a ``$ref`` is a reference or a part of an example is not known here, so some may not be needed at all.
    """
    found = dict.fromkeys(there for bases, written in _references(data, base) for there in _candidates(bases, written))
    return tuple(address for address in found if address != base)


def _candidates(bases: tuple[Address, ...], written: str) -> Iterator[Address]:
    return (located(base, written)[0] for base in bases)


def _references(data: JsonValue, base: Address) -> Iterator[tuple[tuple[Address, ...], str]]:
    """Yield what is written in references, with the addresses that it may be relative to."""
    pending: list[tuple[JsonValue, Address]] = [(data, base)]
    while pending:
        value, scope = pending.pop()
        if isinstance(value, list):
            pending += [(item, scope) for item in reversed(value)]
        if not isinstance(value, dict):
            continue
        if isinstance(own := value.get("$id"), str):
            scope, _ = located(scope, own)
        bases = (scope, base) if scope != base else (base,)
        for key in ("$ref", "$dynamicRef"):
            if isinstance(written := value.get(key), str):
                yield bases, written
        for name in as_mapping(as_mapping(value.get("discriminator")).get("mapping")).values():
            if isinstance(name, str) and is_reference(name):
                yield bases, name
        pending += [(child, scope) for child in reversed(value.values())]


def schema_marks(data: JsonValue) -> Iterator[tuple[tuple[str, ...], dict[str, JsonValue]]]:
    """Yield every object that has an ``$id``, an ``$anchor`` or a ``$dynamicAnchor``, and the path to it."""
    pending: list[tuple[JsonValue, tuple[str, ...]]] = [(data, ())]
    while pending:
        value, path = pending.pop()
        match value:
            case dict():
                if any(isinstance(value.get(key), str) for key in ("$id", "$anchor", "$dynamicAnchor")):
                    yield path, value
                pending += [
                    (child, (*path, key))
                    for key, child in reversed(value.items())
                    if key not in _DATA_KEYS or (path and path[-1] in ("properties", "$defs", "definitions", "schemas"))
                ]
            case list():
                pending += [(child, (*path, str(index))) for index, child in reversed(list(enumerate(value)))]
            case _:
                pass
