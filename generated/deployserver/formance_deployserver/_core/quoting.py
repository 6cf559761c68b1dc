"""The encoding of texts for the place where they stand in a request."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from .arguments import Unwritable

IN_PATH: Final = ":@!$&'()*+,;="
"""Reserved characters that mean nothing in a segment of a path (RFC 3986, 3.3)."""
IN_QUERY: Final = ":/?@!$'()*,;="
"""Reserved characters that mean nothing inside the value of a query."""
IN_COOKIE: Final = ":/?#[]@!$&'()*+="
"""Reserved characters that mean nothing inside the value of a cookie (RFC 6265, 4.1)."""
_TOKEN: Final = "!#$&'*+^`|"
"""What a name may have (RFC 9110, 5.6.2) beside what is never encoded."""

_TRIPLET: Final = re.compile(r"(%[0-9A-Fa-f]{2})")
_COOKIE_VALUE: Final = re.compile(r"[!#-+\--:<-\[\]-~]*")


def quoted(text: str, name: str, reserved: str = "") -> str:
    """Percent-encode a text (RFC 6570, section 3.2.1).

    Args:
        text: The text.
        name: What it is called in Python, for the error.
        reserved: Characters that stay. With them stays what is encoded already
            (``+`` of RFC 6570, section 3.2.3).

    Raises:
        Unwritable: It is not valid Unicode.
    """
    try:
        if not reserved:
            return quote(text, safe="")
        parts = _TRIPLET.split(text)
        return "".join(
            part if index % 2 else quote(part, safe=reserved)
            for index, part in enumerate(parts)
        )
    except UnicodeEncodeError:
        raise not_unicode(name) from None


def utf8(text: str, name: str) -> bytes:
    """Return a text in UTF-8.

    Raises:
        Unwritable: It is not valid Unicode.
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise not_unicode(name) from None


def not_unicode(name: str) -> Unwritable:
    """Return the error for a text that has half a character in it."""
    return Unwritable((name, "the text is not valid Unicode"))


def cookie_name(text: str, name: str) -> str:
    """Return the name of a cookie; what no name may have is percent-encoded."""
    try:
        return quote(text, safe=_TOKEN)
    except UnicodeEncodeError:
        raise not_unicode(name) from None


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


def checked_cookie(name: str, value: str) -> str:
    """Return what may stand in a cookie as it is (RFC 6265, section 4.1.1).

    Raises:
        Unwritable: It may not.
    """
    inner = value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
    if not _COOKIE_VALUE.fullmatch(inner):
        told = (
            "spaces, commas, semicolons, quotes, backslashes and non-ASCII characters"
        )
        raise Unwritable((name, f"a cookie must not have {told}"))
    return value
