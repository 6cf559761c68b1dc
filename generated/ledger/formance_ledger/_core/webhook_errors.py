"""Why a webhook is not taken: one class for each thing that a receiver would do about it."""

from __future__ import annotations

from datetime import datetime, timedelta

from .errors import ClientError


class WebhookError(ClientError):
    """A delivery that is not taken; no secret and nothing of the body is in its text."""


class WebhookHeadersError(WebhookError):
    """A header that a delivery has to have is missing, given twice or not well formed.

    Answer 400.
    """

    def __init__(self, header: str, problem: str) -> None:
        super().__init__(f"the header {header} {problem}")
        self.header = header
        """The name of the header."""


class WebhookSignatureError(WebhookError):
    """No signature was made with one of the secrets for this id, time and body.

    Answer 401.
    """

    def __init__(self, header: str) -> None:
        super().__init__(
            f"no signature in {header} fits; the secret is another one, "
            "or the body is not byte for byte the one that was sent"
        )
        self.header = header
        """The name of the header."""


class WebhookTimestampError(WebhookError):
    """The signature fits, but was made too long ago, or in what is the future here.

    Answer 400.
    """

    def __init__(
        self, timestamp: datetime, now: datetime, tolerance: timedelta
    ) -> None:
        difference = now - timestamp
        side = "ago" if difference >= timedelta() else "ahead of the clock here"
        super().__init__(f"signed {abs(difference)} {side}; {tolerance} are tolerated")
        self.timestamp = timestamp
        """When it was signed, by the sender's clock."""
        self.now = now
        """When it was checked."""
        self.tolerance = tolerance


class WebhookDuplicate(WebhookError):
    """The delivery was seen before: a try of the sender's that did not need to be.

    Answer 2xx, for otherwise the sender tries it again.
    """

    def __init__(self, delivery_id: str) -> None:
        super().__init__(f"the delivery {delivery_id} was seen before")
        self.delivery_id = delivery_id


class WebhookBodyError(WebhookError):
    """The body is not what the document says that the service sends."""

    def __init__(self, webhook: str, pointer: str, problem: str) -> None:
        place = f" at {pointer}" if pointer else ""
        super().__init__(f"the body{place}: {problem} ({webhook})")
        self.webhook = webhook
        """The name of the webhook in the document."""
        self.pointer = pointer
        """The JSON pointer (RFC 6901) of what is wrong in the body."""
