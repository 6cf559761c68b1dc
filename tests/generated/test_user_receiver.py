"""A receiver of Formance's events gets deliveries over loopback, as the service sends them."""

import http.client
import json
from collections.abc import Generator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import pytest
import yaml

from formance_webhooks import EventEnvelope, Unknown, sign_webhook, webhooks
from generated.cases import ROOT
from generated.user_receiver import Receiver
from loopback import Answer, Loopback, loopback

PROGRAM: Final = ROOT / "tests/generated/user_receiver.py"
CLIENT: Final = ROOT / "generated/webhooks"
SECRET: Final = "V0bivxRWveaoz08afqjU6Ko/jwO0Cb+3"


def event(kind: str, payload: Mapping[str, object]) -> bytes:
    app, _, _ = kind.partition(".")
    said = {"date": "2026-01-02T03:04:05Z", "app": app, "version": "v2", "type": kind, "payload": payload}
    return json.dumps({"idempotency_key": "k-1", **said}).encode()


POSTING: Final[dict[str, object]] = {"source": "world", "destination": "users:001", "amount": 10**20, "asset": "ETH/18"}
TRANSACTION: Final[dict[str, object]] = {"id": 1, "postings": [POSTING], "metadata": {"k": "v"}, "new": True}
COMMITTED: Final = event("ledger.committed_transactions", {"ledger": "main", "transactions": [TRANSACTION]})


@pytest.fixture
def receiver() -> Receiver:
    return Receiver(["the next secret", SECRET])


@pytest.fixture
def shop(receiver: Receiver) -> Generator[Loopback]:
    with loopback() as running:
        running.handler = lambda request: Answer(status=receiver.receive(request.headers, request.body))
        yield running


def deliver(shop: Loopback, body: bytes, headers: Mapping[str, str]) -> int:
    connection = http.client.HTTPConnection(urlsplit(shop.url).netloc, timeout=10)
    try:
        connection.request("POST", "/hooks", body, dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_delivery_is_taken_once(shop: Loopback, receiver: Receiver) -> None:
    headers = sign_webhook(SECRET, COMMITTED, delivery_id="d-1")

    assert deliver(shop, COMMITTED, headers) == 204
    # The sender did not hear the answer: it tries again, and has to be told that all is well.
    assert deliver(shop, COMMITTED, headers) == 200
    assert receiver.book == [("ETH/18", 10**20)]


def test_a_delivery_that_could_not_be_handled_comes_again(shop: Loopback, receiver: Receiver) -> None:
    headers = sign_webhook(SECRET, COMMITTED, delivery_id="d-1")
    receiver.broken = True
    assert deliver(shop, COMMITTED, headers) == 503
    receiver.broken = False
    assert deliver(shop, COMMITTED, headers) == 204
    assert receiver.book == [("ETH/18", 10**20)]


def test_who_does_not_know_a_secret_is_sent_away(shop: Loopback, receiver: Receiver) -> None:
    assert deliver(shop, COMMITTED, sign_webhook("guessed", COMMITTED)) == 401
    assert deliver(shop, COMMITTED + b" ", sign_webhook(SECRET, COMMITTED)) == 401
    assert deliver(shop, COMMITTED, {}) == 400
    old = datetime.now(UTC) - timedelta(minutes=6)
    assert deliver(shop, COMMITTED, sign_webhook(SECRET, COMMITTED, timestamp=old)) == 400
    assert receiver.book == []
    assert deliver(shop, COMMITTED, sign_webhook("the next secret", COMMITTED)) == 204


def test_amounts_as_the_service_writes_them(shop: Loopback, receiver: Receiver) -> None:
    body = COMMITTED.replace(str(10**20).encode(), b"1.5e+21")
    assert deliver(shop, body, sign_webhook(SECRET, body)) == 204
    assert receiver.book == [("ETH/18", 15 * 10**20)]


def test_an_event_that_nobody_knows_is_read(shop: Loopback, receiver: Receiver) -> None:
    body = event("ledger.inserted_schema", {"ledger": "main"})
    assert deliver(shop, body, sign_webhook(SECRET, body)) == 204
    assert receiver.book == [("ledger.inserted_schema", 0)]
    envelope = EventEnvelope.model_validate_json(body)
    assert (envelope.app, envelope.idempotency_key, envelope.payload) == ("ledger", "k-1", {"ledger": "main"})


def _types() -> list[str]:
    overlay = yaml.safe_load((ROOT / "specs/overlays/webhooks.yaml").read_text(encoding="utf-8"))
    return [kind for action in overlay["actions"] for kind in action.get("update", {}).get("x-webhooks", {})]


@pytest.mark.parametrize("kind", _types())
def test_each_event_is_told_by_its_type(kind: str) -> None:
    payload = {"id": "1", "amount": 10**30, "balance": 1, "new": {"a": [None]}}

    found = webhooks.parse(event(kind, payload))

    expected = "".join(word.capitalize() for word in kind.replace(".", "_").split("_"))
    assert type(found).__name__ == expected
    assert not isinstance(found, Unknown)
    written = json.loads(found.model_dump_json(exclude_unset=True))
    assert written["payload"] == payload
    assert (written["type"], written["idempotency_key"]) == (kind, "k-1")
