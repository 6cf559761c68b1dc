"""Secrets: texts and objects that are not shown, not copied and not pickled."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from typing import Final, NoReturn, Self
from urllib.parse import quote, quote_plus

HIDDEN: Final = "***"
_HEX: Final = re.compile("%[0-9A-F]{2}")
SHORTEST: Final = 4
"""A text of fewer characters cannot be told from the words around it."""


class Kept:
    """Something that stays in this process, with the secrets it holds."""

    __slots__ = ()

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"{type(self).__name__} holds secrets: it is not pickled or copied; "
            "make another where it is needed"
        )


class Credential(Kept):
    """Something secret: never shown, never pickled, never changed."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({HIDDEN})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


class Secret(str):
    """A text whose ``repr`` does not show it: tracebacks with local values do not."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(HIDDEN)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is not pickled")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


def checked_secret(value: object, name: str) -> Secret:
    """Return a text that can be sent as a secret.

    Args:
        value: What was given.
        name: What it is called, for the message; the value is never in it.

    Raises:
        TypeError: It is not a text.
        ValueError: It has characters that nothing can carry, such as a line break.
    """
    if not isinstance(value, str):
        raise TypeError(f"{name}: a str is needed, not {type(value).__name__}")
    if isinstance(value, Secret):
        # The same object: which token was refused is told by it.
        return value
    if not value:
        raise ValueError(f"{name}: it is empty")
    if any(
        char < " " or char == "\x7f" or "\ud800" <= char <= "\udfff" for char in value
    ):
        raise ValueError(
            f"{name}: it has a line break or another control character; "
            "was it read from a file?"
        )
    return Secret(value)


def scrub(text: str, hidden: Iterable[str]) -> str:
    """Return a text without secrets, of which all forms are given: see `forms`."""
    for form in hidden:
        text = text.replace(form, HIDDEN)
    return text


def scrub_bytes(content: bytes, hidden: Iterable[str]) -> bytes:
    """Return bytes without secrets, of which all forms are given: see `forms`."""
    for form in hidden:
        content = content.replace(form.encode(), HIDDEN.encode())
    return content


def forms(secrets: Iterable[str]) -> Iterator[Secret]:
    """Yield secrets as a server may repeat them, encoded or not; the long ones first."""
    found: set[str] = set()
    for secret in secrets:
        plain = str(secret)
        if len(plain) < SHORTEST:
            continue
        encoded = base64.b64encode(plain.encode())
        safe = base64.urlsafe_b64encode(plain.encode())
        found |= {
            plain,
            quote(plain, safe=""),
            _HEX.sub(lambda match: match.group().lower(), quote(plain, safe="")),
            quote(plain),
            quote_plus(plain),
            json.dumps(plain)[1:-1],
            json.dumps(plain, ensure_ascii=False)[1:-1],
            encoded.decode().rstrip("="),
            safe.decode().rstrip("="),
        }
    yield from map(Secret, sorted(found, key=lambda form: (-len(form), form)))
