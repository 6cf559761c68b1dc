"""The writing of parameters in the styles of OpenAPI 3.1 (section 4.8.12.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, unquote

from .arguments import Unwritable
from .guards import is_list, is_mapping
from .parameters import Cookie, Header, Path, Query, argument_of
from .scalars import json_text, plain, text_of

SEPARATORS: Final = {
    "form": ",",
    "spaceDelimited": "%20",
    "pipeDelimited": "%7C",
}
RESERVED: Final = ":/?@!$'()*,;"
"""Reserved characters that mean nothing special inside the value of a query."""


def path_segment(parameter: Path, value: object) -> str:
    """Write a path parameter, percent-encoded so that it stays one segment.

    Raises:
        Unwritable: The value is empty or would lead to another path.
    """
    name = argument_of(parameter)
    if value is None:
        raise Unwritable((name, "a value is needed"))
    if parameter.style == "json":
        return _quoted(json_text(value, name), name)
    value = plain(value)
    if not is_mapping(value) and not is_list(value):
        text = text_of(value, name)
        # Servers and proxies resolve dot segments, some of them after decoding.
        if unquote(text) in ("", ".", ".."):
            raise Unwritable((name, f"{text!r} cannot stand in a path"))
    items = list(_items(value, name, explode=parameter.explode))
    if not items:
        raise Unwritable((name, "the value must not be empty"))
    match parameter.style:
        case "label":
            return "." + ("." if parameter.explode else ",").join(items)
        case "matrix" if not parameter.explode:
            return f";{_quoted(parameter.name, name)}={','.join(items)}"
        case "matrix" if is_mapping(value):
            return "".join(f";{item}" for item in items)
        case "matrix":
            return "".join(f";{_quoted(parameter.name, name)}={item}" for item in items)
        case _:
            return ",".join(items)


def query_pairs(parameter: Query, value: object) -> list[str]:
    """Write a query parameter as ``name=value`` pairs; none for None.

    Raises:
        Unwritable: The value cannot be written.
    """
    if value is None:
        return []
    name = argument_of(parameter)
    key = _quoted(parameter.name, name)
    safe = RESERVED if parameter.allow_reserved else ""
    match parameter.style:
        case "json":
            return [f"{key}={_quoted(json_text(value, name), name, safe)}"]
        case "querystring json":
            return [_quoted(json_text(value, name), name, safe)]
        case "querystring":
            return [_quoted(text_of(value, name), name, safe)]
        case _:
            pass
    value = plain(value)
    if parameter.style == "deepObject" and is_mapping(value):
        return list(_deep(key, value, name, safe))
    exploded = parameter.explode or parameter.style == "deepObject"
    items = list(_items(value, name, explode=exploded, safe=safe))
    if exploded and is_mapping(value):
        return items
    if exploded or not items:
        return [f"{key}={item}" for item in items]
    return [f"{key}={SEPARATORS[parameter.style].join(items)}"]


def header_value(parameter: Header, value: object) -> str:
    """Write a header parameter.

    Raises:
        Unwritable: The value cannot stand in a header.
    """
    name = argument_of(parameter)
    if parameter.style == "json":
        return checked_header(name, json_text(value, name))
    items = _items(plain(value), name, explode=parameter.explode, encode=False)
    return checked_header(name, ",".join(items))


def cookie_pairs(parameter: Cookie, value: object) -> list[str]:
    """Write a cookie parameter as ``name=value`` pairs; none for None.

    Raises:
        Unwritable: The value cannot be written.
    """
    if value is None:
        return []
    key, name = parameter.name, argument_of(parameter)
    if parameter.style == "json":
        return [f"{key}={_quoted(json_text(value, name), name)}"]
    value = plain(value)
    items = list(_items(value, name, explode=parameter.explode))
    if parameter.explode and is_mapping(value):
        return items
    if parameter.explode:
        return [f"{key}={item}" for item in items]
    return [f"{key}={','.join(items)}"] if items else []


def checked_header(name: str, value: str) -> str:
    """Return a header value (RFC 9110, section 5.5) that is safe to send.

    Raises:
        Unwritable: It has control or non-Latin-1 characters, or spaces around it.
    """
    if any((char < " " and char != "\t") or char == "\x7f" for char in value):
        raise Unwritable((name, "a header must not have control characters"))
    if any(char > "\xff" for char in value):
        raise Unwritable((name, "a header must not have characters beyond Latin-1"))
    if value != value.strip(" \t"):
        raise Unwritable((name, "a header must not begin or end with a space"))
    return value


def _items(
    value: object, name: str, *, explode: bool, safe: str = "", encode: bool = True
) -> Iterator[str]:
    """Yield the parts of a value: itself, its items, or its keys and values."""

    def written(part: object) -> str:
        text = text_of(part, name)
        return _quoted(text, name, safe) if encode else text

    if is_mapping(value):
        for key, item in value.items():
            if item is None:
                continue
            if explode:
                yield f"{written(key)}={written(item)}"
            else:
                yield written(key)
                yield written(item)
    elif is_list(value):
        yield from (written(item) for item in value if item is not None)
    else:
        yield written(value)


def _deep(key: str, value: object, name: str, safe: str) -> Iterator[str]:
    if is_mapping(value):
        for inner, item in value.items():
            # The brackets are encoded too (RFC 3986): servers see them decoded.
            yield from _deep(
                f"{key}%5B{_quoted(str(inner), name)}%5D", item, name, safe
            )
    elif is_list(value):
        for item in value:
            yield from _deep(key, item, name, safe)
    elif value is not None:
        yield f"{key}={_quoted(text_of(value, name), name, safe)}"


def _quoted(text: str, name: str, safe: str = "") -> str:
    try:
        return quote(text, safe=safe)
    except UnicodeEncodeError:
        raise Unwritable((name, "the text is not valid Unicode")) from None
