"""The writing of parameters in the styles of OpenAPI 3.1 and 3.2 (Style Values)."""

from __future__ import annotations

from .arguments import Unwritable
from .expansion import DELIMITERS, expand, undelimited
from .guards import is_mapping
from .parameters import Cookie, Header, Path, Query, argument_of
from .quoting import (
    IN_COOKIE,
    IN_PATH,
    IN_QUERY,
    checked_cookie,
    checked_header,
    cookie_name,
    quoted,
)
from .scalars import json_text, plain


def path_segment(parameter: Path, value: object) -> str:
    """Write a path parameter, percent-encoded so that it stays inside one segment.

    Raises:
        Unwritable: The value is empty, or cannot be written. Whether the segment is one
            that leads elsewhere, only the whole path tells.
    """
    name = argument_of(parameter)
    reserved = IN_PATH if parameter.allow_reserved else ""
    if value is None:
        raise Unwritable((name, "a value is needed"))
    if parameter.style == "json":
        return quoted(json_text(value, name), name)
    value = plain(value)
    pairs = expand(
        parameter.style, parameter.name, value, name, explode=parameter.explode
    )
    if not pairs:
        raise Unwritable((name, "the value must not be empty"))
    whole = [text for _, texts in pairs for text in texts]
    parts = [quoted(text, name, reserved) for text in whole]
    keys = [quoted(key, name) for key, _ in pairs]
    if is_mapping(value) and parameter.explode and parameter.style != "matrix":
        parts = [f"{key}={part}" for key, part in zip(keys, parts, strict=True)]
    match parameter.style:
        case "label":
            return "." + ("." if parameter.explode else ",").join(parts)
        case "matrix" if parameter.explode:
            pieces = zip(keys, parts, strict=True)
            return "".join(_matrix(key, part) for key, part in pieces)
        case "matrix":
            return _matrix(keys[0], ",".join(parts))
        case "simple":
            written = ",".join(parts)
        case style:
            undelimited(whole, DELIMITERS[style], name)
            written = quoted(DELIMITERS[style], name).join(parts)
    if not written:
        raise Unwritable((name, "the value must not be empty"))
    return written


def query_pairs(parameter: Query, value: object) -> list[str]:
    """Write a query parameter as ``name=value`` pairs; none for None.

    Raises:
        Unwritable: The value cannot be written.
    """
    if value is None:
        return []
    name = argument_of(parameter)
    reserved = IN_QUERY if parameter.allow_reserved else ""
    if parameter.style == "querystring":
        # A text is taken as it is: any other value is JSON (OpenAPI 3.2).
        text = value if isinstance(value, str) else json_text(value, name)
        return [quoted(text, name, reserved)]
    if parameter.style == "json":
        text = quoted(json_text(value, name), name, reserved)
        return [f"{quoted(parameter.name, name)}={text}"]
    delimiter = DELIMITERS.get(parameter.style, ",")
    between = "," if delimiter == "," else quoted(delimiter, name)
    pairs: list[str] = []
    for key, texts in expand(
        parameter.style, parameter.name, value, name, explode=parameter.explode
    ):
        if between != ",":
            undelimited(texts, delimiter, name)
        written = between.join(quoted(text, name, reserved) for text in texts)
        pairs.append(f"{quoted(key, name)}={written}")
    return pairs


def header_value(parameter: Header, value: object) -> str | None:
    """Write a header parameter; None for an empty array or object.

    Raises:
        Unwritable: The value cannot stand in a header.
    """
    name = argument_of(parameter)
    if parameter.style == "json":
        return checked_header(name, json_text(value, name, ascii_only=True))
    value = plain(value)
    pairs = expand(
        parameter.style, parameter.name, value, name, explode=parameter.explode
    )
    if not pairs:
        return None
    texts = [text for _, each in pairs for text in each]
    if is_mapping(value) and parameter.explode:
        undelimited([key for key, _ in pairs], ",", name)
        texts = [f"{key}={text}" for key, (text, *_) in pairs]
    delimiter = DELIMITERS.get(parameter.style, ",")
    # A quoted text may have a comma inside (RFC 9110, section 5.6.4).
    undelimited(["" if _is_quoted(text) else text for text in texts], delimiter, name)
    return checked_header(name, delimiter.join(texts))


def cookie_pairs(parameter: Cookie, value: object) -> list[str]:
    """Write a cookie parameter as ``name=value`` pairs; none for None.

    Raises:
        Unwritable: The value cannot be written.
    """
    if value is None:
        return []
    name = argument_of(parameter)
    if parameter.style == "json":
        text = quoted(json_text(value, name), name)
        return [f"{cookie_name(parameter.name, name)}={text}"]
    reserved = IN_COOKIE if parameter.allow_reserved else ""
    raw = parameter.style == "cookie"
    return [
        f"{cookie_name(key, name)}="
        + ",".join(
            checked_cookie(name, text) if raw else quoted(text, name, reserved)
            for text in texts
        )
        for key, texts in expand(
            parameter.style, parameter.name, value, name, explode=parameter.explode
        )
    ]


def _matrix(key: str, written: str) -> str:
    return f";{key}={written}" if written else f";{key}"


def _is_quoted(text: str) -> bool:
    return len(text) > 1 and text[0] == text[-1] == '"'
