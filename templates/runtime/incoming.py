"""What a service sends by itself: the reading of its webhooks and callbacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Generic

from typing_extensions import TypeVar

from .adapter import Reader
from .errors import one_line
from .reading import Drifts, Unreadable, read_json
from .webhook_errors import WebhookBodyError

T_co = TypeVar("T_co", covariant=True)


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

        It is read as answers are: unknown fields are kept, optional ones that do not
        fit are left out.

        Args:
            body: The bytes of the request's body, as they came.

        Raises:
            TypeError: The body is no bytes.
            WebhookBodyError: The body is not what the document says.
        """
        try:
            return read_json(self._reader, raw_body(body), Drifts())
        except Unreadable as error:
            problem = one_line(error.message)
            raise WebhookBodyError(self.name, error.pointer, problem) from None


def raw_body(body: object) -> bytes:
    """Return the bytes of a body.

    Text is refused: what was decoded and encoded again need not be what was signed.

    Raises:
        TypeError: It is no bytes.
    """
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(body)
    raise TypeError(
        f"the body of a webhook is bytes, not {type(body).__name__}: "
        "pass on the raw body of the request, before anything has read it"
    )
