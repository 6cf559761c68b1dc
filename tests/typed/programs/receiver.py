"""What a user of webhooks gets and gives, and mistakes that type checkers find."""

from typing import assert_type

from formance_webhooks import (
    LedgerCommittedTransactions,
    WebhookDelivery,
    WebhookEvent,
    sign_webhook,
    verify_webhook,
    webhooks,
)
from formance_webhooks.webhooks import LEDGER_COMMITTED_TRANSACTIONS, parse


def check(headers: dict[str, str], body: bytes) -> None:
    delivery = verify_webhook("secret", headers, body)
    assert_type(delivery, WebhookDelivery[WebhookEvent])
    assert_type(delivery.event(), WebhookEvent)
    assert_type(parse(body), WebhookEvent)
    assert_type(webhooks.LEDGER_COMMITTED_TRANSACTIONS.parse(body), LedgerCommittedTransactions)
    assert_type(sign_webhook("secret", body), dict[str, str])
    event = LEDGER_COMMITTED_TRANSACTIONS.parse(body)
    assert_type(event.payload.ledger, str | None)


def mistakes(headers: dict[str, str], body: bytes) -> None:
    verify_webhook("secret", headers, body.decode())  # wrong
    verify_webhook(b"secret", headers, body)  # wrong
    verify_webhook("secret", headers, body, tolerance=300)  # wrong
    parse(body.decode())  # wrong
