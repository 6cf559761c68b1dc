"""What a user writes who receives Formance's events: checked, each once, told by their types."""

from collections.abc import Iterable

from formance_webhooks import (
    LedgerCommittedTransactions,
    PaymentsSavedPayment,
    SeenDeliveries,
    SeenInMemory,
    Unknown,
    WebhookDuplicate,
    WebhookError,
    WebhookSignatureError,
    verify_webhook,
)


class Receiver:
    """An endpoint without its web framework."""

    def __init__(self, secrets: list[str]) -> None:
        self.secrets = secrets
        self.seen: SeenDeliveries = SeenInMemory()
        self.book: list[tuple[str, int]] = []
        self.broken = False

    def receive(self, headers: Iterable[tuple[str, str]], body: bytes) -> int:
        """Return the status to answer with."""
        try:
            delivery = verify_webhook(self.secrets, dict(headers), body, seen=self.seen)
        except WebhookDuplicate:
            return 200
        except WebhookSignatureError:
            return 401
        except WebhookError:
            return 400
        try:
            with delivery:
                self.work(delivery.event())
        except RuntimeError:
            return 503
        return 204

    def work(self, event: object) -> None:
        """Write down what an event says."""
        if self.broken:
            raise RuntimeError("the book is closed")
        match event:
            case LedgerCommittedTransactions(payload=payload):
                for transaction in payload.transactions or ():
                    self.book += [(posting.asset, posting.amount) for posting in transaction.postings]
            case PaymentsSavedPayment(payload=payload):
                self.book.append((payload.asset or "", payload.amount or 0))
            case Unknown(raw={"type": str(kind)}):
                self.book.append((kind, 0))
            case _:
                pass
