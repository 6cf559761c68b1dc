"""What a service sends by itself: the reading of its webhooks and callbacks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final, Generic, NoReturn

from typing_extensions import TypeVar

from .adapter import Reader
from .errors import one_line
from .reading import BOM, Drifts, Unreadable, read_json
from .webhook_errors import WebhookBodyError

T_co = TypeVar("T_co", covariant=True)

_EXPONENT: Final = re.compile(rb"[0-9][eE]\+?[0-9]")
_LARGEST: Final = 400
"""More digits than those of any number that a sender with floats can write."""


@dataclass(frozen=True, eq=False)
class Webhook(Generic[T_co]):
    """A request that a service makes to its users: a webhook, or a callback."""

    name: str
    """What the document calls it."""
    method: str
    """The HTTP method of the request."""
    make: Callable[[], Reader[T_co]]
    """Makes the reader of the body, when it is first needed."""
    headers: tuple[str, ...] = ()
    """The headers that the document declares for it."""

    @cached_property
    def _reader(self) -> Reader[T_co]:
        return self.make()

    def parse(self, body: bytes) -> T_co:
        """Return what a request says.

        It is read as answers are: what the document does not know, or has in another
        form, is kept as it came. An integer may be written with an exponent.

        Args:
            body: The bytes of the request's body, as they came.

        Raises:
            TypeError: The body is no bytes.
            WebhookBodyError: The body is not what the document says.
        """
        try:
            return read_json(self._reader, _plain(raw_body(body)), Drifts())
        except Unreadable as error:
            problem = one_line(error.message)
            raise WebhookBodyError(self.name, error.pointer, problem) from None


def raw_body(body: object) -> bytes:
    """Return the bytes of a body.

    Text is refused: what was decoded and encoded again need not be what was signed.

    Raises:
        TypeError: It is no bytes.
    """
    if isinstance(body, bytes | bytearray):
        return bytes(body)
    raise TypeError(
        f"the body of a webhook is bytes, not {type(body).__name__}: "
        "pass on the raw body of the request, before anything has read it"
    )


def _plain(body: bytes) -> bytes:
    """Return JSON text with the integers that have an exponent as digits.

    Go writes any number from 1e21 on with one once it has read it as a float, as
    Formance does with payloads; 1e21 of the smallest unit is a thousand ether.
    """
    if not _EXPONENT.search(body):
        return body
    try:
        value: object = json.loads(
            body.removeprefix(BOM), parse_float=_number, parse_constant=_refuse
        )
    except (ValueError, ArithmeticError, RecursionError):
        # What is wrong with it is told by the reader.
        return body
    return json.dumps(value, ensure_ascii=False).encode(errors="surrogatepass")


def _number(text: str) -> int | float:
    if "e" not in text.lower():
        return float(text)
    number = Decimal(text)
    if number.adjusted() > _LARGEST:
        raise ValueError(text)
    whole = number.to_integral_value()
    return int(number) if whole == number else float(text)


def _refuse(text: str) -> NoReturn:
    raise ValueError(text)
