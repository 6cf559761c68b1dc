"""The reading of bodies: bytes to models, and what is done with those that do not fit."""

from __future__ import annotations

from typing import Final

from pydantic import ValidationError
from pydantic_core import from_json
from typing_extensions import TypeVar

from .adapter import Reader
from .drift import Finding, find_drift
from .exact import has_decimals, read_exactly
from .lenient import Misplaced, read_leniently
from .model import Json
from .pointers import pointer_of

T = TypeVar("T")
BOM: Final = b"\xef\xbb\xbf"
WIDE_BOMS: Final = (b"\xff\xfe", b"\xfe\xff")
"""Those of UTF-16; UTF-32 begins with one of them or with NUL."""


class Unreadable(Exception):
    """A body that does not hold what it should.

    Args:
        pointer: The JSON pointer (RFC 6901) of what is wrong.
        message: What is wrong with it, without the value.
        foreign: Whether the body is not even of the kind that was asked for, so that
            its beginning helps to see what it is.
    """

    def __init__(self, pointer: str, message: str, *, foreign: bool = False) -> None:
        super().__init__(pointer, message)
        self.pointer = pointer
        self.message = message
        self.foreign = foreign


class Drifts:
    """What in a body is not as the document says, gathered while it is read.

    Args:
        thorough: Whether to look also at what can be read as it should be, for properties,
            values and variants that nobody knows.
    """

    __slots__ = ("found", "thorough")

    def __init__(self, *, thorough: bool = False) -> None:
        self.thorough = thorough
        self.found: list[Finding] = []


def read_json(adapter: Reader[T], content: bytes, drifts: Drifts) -> T:
    """Return what JSON text holds.

    What does not fit is kept as it came, and noted as drift: see `read_leniently`.

    Raises:
        Unreadable: The text is not JSON, or something else altogether.
    """
    value = _read(adapter, checked_json(content), drifts)
    if drifts.thorough:
        drifts.found += find_drift(value)
    return value


def checked_json(content: bytes) -> bytes:
    """Return JSON text without a byte order mark.

    Raises:
        Unreadable: There is none, or no JSON can begin so, or it has numbers that JSON
            does not have.
    """
    if not content:
        raise Unreadable("", "the body is empty")
    content = content.removeprefix(BOM)
    if content.startswith(WIDE_BOMS) or b"\0" in content[:4]:
        raise Unreadable("", "the body is not in UTF-8", foreign=True)
    # The parser knows these words, as Python's own does; JSON does not.
    if b"NaN" in content or b"Infinity" in content:
        try:
            from_json(content, allow_inf_nan=False)
        except ValueError:
            raise _not_json(content) from None
    return content


def read_text(content: bytes) -> str:
    """Return text in UTF-8; what is not UTF-8 becomes U+FFFD."""
    return content.removeprefix(BOM).decode("utf-8", errors="replace")


def parse_json(content: bytes) -> Json:
    """Return plain JSON values.

    Raises:
        ValueError: The text is not JSON, or nests or counts beyond all reason.
    """
    value: Json = from_json(content.removeprefix(BOM), allow_inf_nan=False)
    return value


def _read(adapter: Reader[T], content: bytes, drifts: Drifts) -> T:
    decimals = has_decimals(adapter)
    try:
        if decimals:
            # The next parser has no limits of its own.
            parse_json(content)
        return read_exactly(adapter, content, decimals=decimals)
    except ValidationError as error:
        if _is_syntax(error):
            raise _not_json(content) from None
    except ValueError:
        raise _not_json(content) from None
    try:
        return read_leniently(adapter, content, drifts.found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Unreadable(pointer_of(first["loc"]), first["msg"]) from None
    except Misplaced as error:
        raise Unreadable(error.pointer, error.message) from None


def _is_syntax(error: ValidationError) -> bool:
    return any(each["type"] == "json_invalid" for each in error.errors())


def _not_json(content: bytes) -> Unreadable:
    try:
        parse_json(content)
    except ValueError as cause:
        return Unreadable("", f"the body is not JSON: {cause}", foreign=True)
    return Unreadable("", "the body is not JSON", foreign=True)
