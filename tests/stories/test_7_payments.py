"""Story 7: a connector, the payments it found, and a payout that takes its time."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import pytest

from formance_payments import Unknown
from formance_payments.v3 import (
    ConnectorSetting,
    InitiatePaymentRequest,
    PaymentInitiationTypeEnum,
    PaymentStatusEnum,
    StripeConfig,
    Task,
    TaskStatusEnum,
)
from formance_stack import BadRequest
from stories.payments import FAR_SIDE
from stories.story import Sent, Story

INSTALL: Final = Sent(
    "POST /api/payments/v3/connectors/install/stripe",
    '{"apiKey":"sk_1","name":"till","pollingPeriod":"30m","provider":"Stripe"}',
)


@pytest.fixture
def connector(story: Story) -> str:
    config = StripeConfig(name="till", api_key="sk_1", polling_period="30m")
    number = story.do(story.formance.payments.v3.install_connector("stripe", config))
    story.saw(INSTALL)
    return number


def finished(look: Callable[[], Task], *, most: int = 10) -> Task:
    """Ask after a task until it has ended; a program would wait in between."""
    for _ in range(most):
        task = look()
        if task.status is not TaskStatusEnum.PROCESSING:
            return task
    pytest.fail("it never ended")


def test_a_connector_is_installed(story: Story) -> None:
    v3, do = story.formance.payments.v3, story.do
    configs: dict[str, dict[str, ConnectorSetting]] = do(v3.list_connector_configs())
    # Providers that the client has never heard of are listed like all others.
    assert [name for name, setting in configs["stripe"].items() if setting.required] == ["apiKey"]
    assert configs["lunarbank"]["phase"].data_type == "string"
    story.saw(Sent("GET /api/payments/v3/connectors/configs"))

    config = StripeConfig(name="till", api_key="sk_1", polling_period="30m")
    number = do(v3.install_connector("stripe", config))
    story.saw(INSTALL)
    # An id: text like any other, however much it looks like base64.
    assert isinstance(number, str)
    assert number in [each.id for each in story.all(v3.list_connectors())]
    assert isinstance(do(v3.get_connector_config(number)), StripeConfig)

    with pytest.raises(BadRequest) as refused:
        do(v3.install_connector("stripe", config))
    assert (refused.value.status, refused.value.code) == (400, "CONFLICT")
    story.saw(
        Sent("GET /api/payments/v3/connectors"),
        Sent(f"GET /api/payments/v3/connectors/{number}/config"),
        INSTALL,
    )


def test_a_connector_of_a_provider_nobody_knows_is_read_all_the_same(story: Story) -> None:
    v3, do = story.formance.payments.v3, story.do
    (lunar,) = story.all(v3.list_connectors())
    assert (lunar.provider, lunar.name, lunar.config["phase"]) == ("lunarbank", "far side", "waning")
    config = do(v3.get_connector_config(lunar.id))
    assert isinstance(config, Unknown)
    assert config.raw == FAR_SIDE
    # It is read, and told.
    (drift,) = story.drifts
    assert drift.operation == "payments.v3.get_connector_config"
    assert [*map(str, drift.found)] == ["/data: unknown variant (expected a known variant)"]
    story.drifts.clear()
    story.forget()


def test_payments_are_found_by_their_status(story: Story, connector: str) -> None:
    v3 = story.formance.payments.v3
    found = story.all(v3.list_payments({"$match": {"status": "SUCCEEDED"}}, page_size=2))
    assert [each.amount for each in found] == [10**20, 10**20 + 2, 10**20 + 3]
    assert {each.status for each in found} == {PaymentStatusEnum.SUCCEEDED}
    assert {each.connector_id for each in found} == {connector}
    following = story.server.last.target.partition("?")[2]
    assert following.startswith("cursor=")
    story.saw(
        Sent("GET /api/payments/v3/payments?pageSize=2", '{"$match":{"status":"SUCCEEDED"}}'),
        Sent(f"GET /api/payments/v3/payments?{following}"),
    )


def test_a_payout_is_ordered_approved_and_waited_for(story: Story, connector: str) -> None:
    v3, do = story.formance.payments.v3, story.do
    order = InitiatePaymentRequest(
        reference="salary-2026-03",
        scheduled_at=datetime(2026, 3, 31, 8, tzinfo=UTC),
        connector_id=connector,
        description="salary of March",
        type=PaymentInitiationTypeEnum.PAYOUT,
        amount=2**63,
        asset="USD/2",
    )
    initiated = do(v3.initiate_payment(order))
    assert initiated.payment_initiation_id is not None
    story.saw(
        Sent(
            "POST /api/payments/v3/payment-initiations",
            f'{{"reference":"salary-2026-03","scheduledAt":"2026-03-31T08:00:00Z","connectorID":"{connector}",'
            '"description":"salary of March","type":"PAYOUT","amount":9223372036854775808,"asset":"USD/2"}',
        )
    )

    number = do(v3.approve_payment_initiation(initiated.payment_initiation_id)).task_id
    story.saw(Sent(f"POST /api/payments/v3/payment-initiations/{initiated.payment_initiation_id}/approve"))

    task = finished(lambda: do(v3.get_task(number)))
    assert (task.status, task.created_object_id, task.error) == (TaskStatusEnum.SUCCEEDED, "po_1", None)
    story.saw(*[Sent(f"GET /api/payments/v3/tasks/{number}")] * 3)


def test_a_connector_is_uninstalled(story: Story, connector: str) -> None:
    v3, do = story.formance.payments.v3, story.do
    number = do(v3.uninstall_connector(connector)).task_id
    finished(lambda: do(v3.get_task(number)))
    assert connector not in [each.id for each in story.all(v3.list_connectors())]
    story.saw(
        Sent(f"DELETE /api/payments/v3/connectors/{connector}"),
        *[Sent(f"GET /api/payments/v3/tasks/{number}")] * 3,
        Sent("GET /api/payments/v3/connectors"),
    )
