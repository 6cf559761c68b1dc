"""The checking of signed webhooks: who sent a delivery, when, and whether it was seen before.

The scheme is Formance's ``v1``: HMAC-SHA256 over ``id.timestamp.body``, keyed with the
bytes of the secret's text (which looks like base64 and is not decoded), in base64 behind
``v1,``; several of these may stand in one header, with spaces in between. The id, the
time and the body are signed; the other headers are not.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import threading
import uuid
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Final, Generic, Protocol, Self

from typing_extensions import TypeVar

from .incoming import Webhook, raw_body
from .webhook_errors import (
    WebhookDuplicate,
    WebhookHeadersError,
    WebhookSignatureError,
    WebhookTimestampError,
)

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")

ID: Final = "formance-webhook-id"
TIMESTAMP: Final = "formance-webhook-timestamp"
SIGNATURE: Final = "formance-webhook-signature"
TEST: Final = "formance-webhook-test"
IDEMPOTENCY_KEY: Final = "formance-webhook-idempotency-key"

TOLERANCE: Final = timedelta(minutes=5)
"""How far the time of a delivery may be from the clock here, in both directions."""
LONGEST_TOLERANCE: Final = timedelta(days=366)

# No dot: where the id ends and the time begins must be plain from what is signed.
_DELIVERY_ID: Final = re.compile(r"[!-\-/-~]{1,255}")
_SECONDS: Final = re.compile(r"[0-9]{1,11}")


class HasItems(Protocol):
    """Headers: a mapping, or what web frameworks have in its stead."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Return names and values; the case of the names does not matter."""
        ...


class SeenDeliveries(Protocol):
    """A memory of the deliveries that were taken, such as a table with a unique key.

    Several processes that receive deliveries have to share it.
    """

    def add(self, delivery_id: str, *, now: datetime, until: datetime) -> bool:
        """Remember a delivery; return whether it was not remembered before.

        Both at once: of two that add the same, one gets True.

        Args:
            delivery_id: What is to be remembered.
            now: The time of the check.
            until: From then on the delivery's time is refused anyway; to forget it
                before would let it in again. The sender's own retries may go on for
                longer, with a new time.
        """
        ...

    def discard(self, delivery_id: str) -> None:
        """Forget a delivery, for it was not handled and will come again."""
        ...


class SeenInMemory:
    """The deliveries that this process has taken; threads may share it.

    Args:
        keep: How long a delivery is remembered at least. Formance tries one for up to
            ten hours.
        limit: How many are remembered at most; the oldest are forgotten.

    Raises:
        ValueError: The limit is not positive.
    """

    def __init__(
        self, *, keep: timedelta = timedelta(hours=12), limit: int = 100_000
    ) -> None:
        if limit < 1:
            raise ValueError("the limit is at least 1")
        self._keep = keep
        self._limit = limit
        self._lock = threading.Lock()
        self._expiries: OrderedDict[str, datetime] = OrderedDict()

    def __len__(self) -> int:
        return len(self._expiries)

    def add(self, delivery_id: str, *, now: datetime, until: datetime) -> bool:
        """Remember a delivery; return whether it was not remembered before."""
        with self._lock:
            self._forget(now)
            if delivery_id in self._expiries:
                return False
            self._expiries[delivery_id] = max(until, now + self._keep)
            if len(self._expiries) > self._limit:
                self._expiries.popitem(last=False)
            return True

    def discard(self, delivery_id: str) -> None:
        """Forget a delivery."""
        with self._lock:
            self._expiries.pop(delivery_id, None)

    def _forget(self, now: datetime) -> None:
        # In the order in which they came, which is nearly that of their expiry.
        while self._expiries:
            oldest, expiry = next(iter(self._expiries.items()))
            if expiry > now:
                return
            del self._expiries[oldest]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDelivery(Generic[T_co]):
    """A delivery that was checked: one event on its way to one endpoint.

    As a context manager it forgets itself where the block fails, so that the retry
    is not taken for a duplicate.
    """

    id: str
    """The same in all tries of the delivery."""
    timestamp: datetime
    """When it was signed, by the sender's clock; aware, in UTC."""
    test: bool
    """Whether it says that it is a test. This header is not signed."""
    idempotency_key: str | None
    """The sender's key of the event. This header is not signed: the event has it too."""
    body: bytes = field(repr=False)
    """As it came."""
    webhook: Webhook[T_co] = field(repr=False)
    seen: SeenDeliveries | None = field(default=None, repr=False)

    def event(self) -> T_co:
        """Return what happened.

        Raises:
            WebhookBodyError: The body is not what the document says.
        """
        return self.webhook.parse(self.body)

    def release(self) -> None:
        """Forget that it was seen: for a delivery that could not be handled."""
        if self.seen is not None:
            self.seen.discard(self.id)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is not None:
            self.release()


def verify(
    webhook: Webhook[T],
    secret: str | Sequence[str],
    headers: HasItems,
    body: bytes,
    *,
    tolerance: timedelta = TOLERANCE,
    now: datetime | None = None,
    seen: SeenDeliveries | None = None,
) -> WebhookDelivery[T]:
    """Return a delivery that one of the secrets has signed; see the package's own door.

    Whoever has no secret learns nothing and leaves no trace: time and memory are looked
    at only once the signature fits.

    Raises:
        TypeError: The body is no bytes.
        ValueError: There is no secret, one is empty, the tolerance is negative or more
            than 366 days, or ``now`` has no time zone.
        WebhookHeadersError: A header is missing or not well formed.
        WebhookSignatureError: No signature fits.
        WebhookTimestampError: It was signed too long ago, or in the future.
        WebhookDuplicate: It was seen before.
    """
    content, secrets = raw_body(body), _secrets(secret)
    if not timedelta() <= tolerance <= LONGEST_TOLERANCE:
        raise ValueError("the tolerance is negative, or longer than 366 days")
    moment = _aware(now)
    found = _Headers(headers)
    delivery_id = found.required(ID, _DELIVERY_ID)
    seconds = found.required(TIMESTAMP, _SECONDS)
    expected = [_signature(each, delivery_id, seconds, content) for each in secrets]
    if not _fits(expected, found.required(SIGNATURE)):
        raise WebhookSignatureError(SIGNATURE)
    timestamp = datetime.fromtimestamp(int(seconds), UTC)
    if abs(moment - timestamp) > tolerance:
        raise WebhookTimestampError(timestamp, moment, tolerance)
    if seen is not None and not seen.add(
        delivery_id, now=moment, until=timestamp + tolerance
    ):
        raise WebhookDuplicate(delivery_id)
    return WebhookDelivery(
        id=delivery_id,
        timestamp=timestamp,
        test=(found.optional(TEST) or "").lower() == "true",
        idempotency_key=found.optional(IDEMPOTENCY_KEY),
        body=content,
        webhook=webhook,
        seen=seen,
    )


def sign_webhook(
    secret: str,
    body: bytes,
    *,
    delivery_id: str | None = None,
    timestamp: datetime | None = None,
    test: bool = False,
    idempotency_key: str | None = None,
) -> dict[str, str]:
    """Return the headers with which Formance sends a body: for tests of a receiver.

    Args:
        secret: The secret of the endpoint.
        body: The bytes that are sent.
        delivery_id: The id of the delivery; a new one by default.
        timestamp: When it is signed, to the second; now by default.
        test: Whether it is a test.
        idempotency_key: The key of the event.

    Raises:
        TypeError: The body is no bytes.
        ValueError: The secret is empty, the id has spaces or dots, or ``timestamp`` has
            no time zone.
    """
    (checked,) = _secrets(secret)
    name = str(uuid.uuid4()) if delivery_id is None else delivery_id
    if not _DELIVERY_ID.fullmatch(name):
        raise ValueError("the id of a delivery has neither spaces nor dots")
    seconds = str(int(_aware(timestamp).timestamp()))
    headers = {
        "content-type": "application/json",
        "user-agent": "formance-webhooks/v0",
        ID: name,
        TIMESTAMP: seconds,
        SIGNATURE: _signature(checked, name, seconds, raw_body(body)).decode(),
        TEST: "true" if test else "false",
    }
    if idempotency_key is not None:
        headers[IDEMPOTENCY_KEY] = idempotency_key
    return headers


class _Headers:
    """The headers of a delivery, whatever the case of their names."""

    __slots__ = ("_values",)

    def __init__(self, headers: HasItems) -> None:
        self._values: dict[str, set[str]] = {}
        for name, value in headers.items():
            self._values.setdefault(name.lower(), set()).add(value.strip(" \t"))

    def optional(self, name: str) -> str | None:
        values = self._values.get(name, set())
        if len(values) > 1:
            raise WebhookHeadersError(name, "is given twice, with different values")
        return next(iter(values), None)

    def required(self, name: str, form: re.Pattern[str] | None = None) -> str:
        value = self.optional(name)
        if not value:
            raise WebhookHeadersError(name, "is missing")
        if form is not None and not form.fullmatch(value):
            raise WebhookHeadersError(name, "is not well formed")
        return value


def _secrets(secret: str | Sequence[str]) -> tuple[str, ...]:
    secrets = (secret,) if isinstance(secret, str) else tuple(secret)
    # Anyone can sign with an empty key.
    if not secrets or not all(secrets):
        raise ValueError("there is no secret, or an empty one")
    return secrets


def _aware(moment: datetime | None) -> datetime:
    if moment is None:
        return datetime.now(UTC)
    if moment.utcoffset() is None:
        raise ValueError("the time has no time zone")
    return moment


def _signature(secret: str, delivery_id: str, seconds: str, body: bytes) -> bytes:
    message = f"{delivery_id}.{seconds}.".encode() + body
    mac = hmac.new(secret.encode(), message, hashlib.sha256)
    return b"v1," + base64.b64encode(mac.digest())


def _fits(expected: Sequence[bytes], header: str) -> bool:
    """Tell whether a signature is one of those expected, in the same time for each."""
    given = [entry.encode(errors="replace") for entry in header.split()]
    fits = False
    for entry in given:
        for signature in expected:
            # An entry of another version is not equal either.
            fits |= hmac.compare_digest(signature, entry)
    return fits
