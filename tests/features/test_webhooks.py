"""What a receiver of webhooks and callbacks reads."""

import importlib
from datetime import UTC, datetime
from types import ModuleType

import pytest

from features.conftest import Use
from features.corpus import built

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def _module(use: Use, feature: str, name: str = "webhooks") -> ModuleType:
    return importlib.import_module(f"{use(feature).__name__}.{name}")


def test_a_constant_tells_webhooks_apart(use: Use, models: Use) -> None:
    webhooks, named = _module(use, "webhooks-and-callbacks"), models("webhooks-and-callbacks")

    paid = webhooks.parse(b'{"type": "order.paid", "id": "o-1", "new": 1}')
    lost = webhooks.parse(b'{"type": "order.lost", "why": 7}')
    other = webhooks.parse(b'{"type": "order.found", "id": "o-1"}')

    assert (type(paid), paid.id, paid.model_extra) == (named.OrderPaid, "o-1", {"new": 1})
    # What does not fit is kept as it came.
    assert (lost.type, lost.why) == ("order.lost", 7)
    assert other.raw == {"type": "order.found", "id": "o-1"}


def test_each_webhook_and_callback_has_a_reader(use: Use) -> None:
    webhooks = _module(use, "webhooks-and-callbacks")

    assert webhooks.ORDER_PAID.parse(b'{"type": "order.paid", "id": "o-1"}').id == "o-1"
    assert (webhooks.ORDER_PAID.name, webhooks.ORDER_PAID.headers) == ("order.paid", ("X-Attempt",))
    assert webhooks.LOST.name == "order.lost"
    assert webhooks.START_EXPORT_DONE.parse(b'{"rows": 3}').rows == 3
    assert webhooks.START_EXPORT_PROGRESS.parse(b"0.5") == 0.5
    assert webhooks.START_EXPORT_PROGRESS.method == "PUT"


def test_what_is_no_event_is_refused(use: Use) -> None:
    package = use("webhooks-and-callbacks")

    with pytest.raises(package.WebhookBodyError, match="done") as caught:
        package.webhooks.START_EXPORT_DONE.parse(b'["rows"]')

    assert (caught.value.webhook, caught.value.pointer) == ("done", "")
    with pytest.raises(package.WebhookError):
        package.webhooks.parse(b"[")


def test_a_single_webhook_is_the_event_of_a_signed_delivery(use: Use, models: Use) -> None:
    package, body = use("webhooks-in-3-0"), b'{"amount": 100000000000000000000, "note": null}'

    headers = package.sign_webhook("secret", body, timestamp=MOMENT)
    delivery = package.verify_webhook("secret", headers, body, now=MOMENT)

    assert delivery.event() == models("webhooks-in-3-0").Moved(amount=10**20, note=None)
    with pytest.raises(package.WebhookSignatureError):
        package.verify_webhook("other", headers, body, now=MOMENT)


def test_what_nothing_tells_apart_is_read_by_name(use: Use) -> None:
    inbound = _module(use, "webhooks-that-nothing-tells-apart", "inbound_webhooks")

    assert inbound.BORN.parse(b'{"name": "Rex"}').name == "Rex"
    assert not hasattr(inbound, "parse")
    assert use("webhooks-that-nothing-tells-apart").inbound_webhooks is inbound
    # The namespace of the operations.
    assert hasattr(_module(use, "webhooks-that-nothing-tells-apart"), "__path__")


@pytest.mark.parametrize("feature", ["webhooks-and-callbacks", "webhooks-in-3-0", "webhooks-that-nothing-tells-apart"])
def test_nothing_is_left_out(feature: str) -> None:
    generated, diagnostics = built(feature)

    assert generated.service.omissions == ()
    assert {found.code.slug for found in diagnostics} <= {"ignored-server", "renamed"}
