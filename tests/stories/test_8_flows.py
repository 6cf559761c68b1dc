"""Story 8: a workflow that waits for an event, a reconciliation, and a webhook that is checked."""

from datetime import UTC, datetime
from typing import Final

import pytest

from formance_ledger.v2 import Posting, PostTransaction
from formance_orchestration.v2 import SendEventRequest, StageWaitEvent, WorkflowConfig
from formance_payments.v3 import CreatePoolRequest
from formance_reconciliation import PolicyRequest, ReconciliationRequest
from formance_stack import BadRequest
from formance_webhooks import (
    ConfigUser,
    LedgerCommittedTransactions,
    SeenInMemory,
    Unknown,
    WebhookDuplicate,
    WebhookEvent,
    WebhookSignatureError,
    WebhookTimestampError,
    verify_webhook,
)
from loopback import Answer, Recorded, loopback
from stories.story import Sent, Story
from stories.webhooks import SECRET, SIGNED, deliver

WAIT: Final[dict[str, object]] = {"wait_event": {"event": "shipped"}}
SEND: Final[dict[str, object]] = {
    "send": {
        "source": {"account": {"id": "users:001", "ledger": "main"}},
        "destination": {"account": {"id": "${var}", "ledger": "main"}},
        "amount": {"amount": 10**20, "asset": "USD/2"},
    }
}
SEND_BODY: Final = (
    '{"send":{"source":{"account":{"id":"users:001","ledger":"main"}},'
    '"destination":{"account":{"id":"${var}","ledger":"main"}},"amount":{"amount":100000000000000000000,"asset":"USD/2"}}}'
)
SENT: Final = datetime.fromtimestamp(1_700_000_000, UTC)
"""When the deliveries of the stories are signed."""
COMMITTED: Final = (
    b'{"idempotency_key":"e-1","date":"2023-11-14T22:13:20Z","app":"ledger","version":"v2",'
    b'"type":"ledger.committed_transactions","payload":{"ledger":"main","transactions":[{"id":1,"metadata":{},'
    b'"postings":[{"amount":100000000000000000000,"asset":"USD/2","destination":"users:001","source":"world"}],'
    b'"timestamp":"2023-11-14T22:13:20Z","reverted":false}]}}'
)
WORKFLOWS: Final = "POST /api/orchestration/v2/workflows"


def test_a_workflow_waits_for_an_event(story: Story) -> None:
    v2, do = story.formance.orchestration.v2, story.do
    workflow = do(v2.create_workflow(WorkflowConfig(name="ship and pay", stages=[WAIT, SEND])))
    wait = '{"wait_event":{"event":"shipped"}}'
    story.saw(Sent(WORKFLOWS, f'{{"name":"ship and pay","stages":[{wait},{SEND_BODY}]}}'))

    instance = do(v2.run_workflow(workflow.id, {"var": "shops:042"}))
    assert (instance.workflow_id, instance.terminated) == (workflow.id, False)
    do(v2.send_event(instance.id, SendEventRequest(name="shipped")))
    history = do(v2.get_instance_history(instance.id))
    assert [(stage.name, stage.terminated) for stage in history] == [("RunWaitEvent", True), ("RunSend", True)]
    assert isinstance(history[0].input, StageWaitEvent)
    assert history[0].input.event == "shipped"
    assert do(v2.get_instance(instance.id)).terminated
    story.saw(
        Sent(f"{WORKFLOWS}/{workflow.id}/instances", '{"var":"shops:042"}'),
        Sent(f"POST /api/orchestration/v2/instances/{instance.id}/events", '{"name":"shipped"}'),
        Sent(f"GET /api/orchestration/v2/instances/{instance.id}/history"),
        Sent(f"GET /api/orchestration/v2/instances/{instance.id}"),
    )

    with pytest.raises(BadRequest) as refused:
        do(v2.send_event(instance.id, {"name": "shipped"}))
    assert refused.value.code == "VALIDATION"
    story.forget()


def test_a_workflow_is_waited_for(story: Story) -> None:
    v2, do = story.formance.orchestration.v2, story.do
    workflow = do(v2.create_workflow(WorkflowConfig(stages=[SEND])))
    instance = do(v2.run_workflow(workflow.id, {"var": "shops:042"}, wait=True))
    assert instance.terminated
    assert instance.terminated_at is not None
    story.saw(
        Sent(WORKFLOWS, f'{{"stages":[{SEND_BODY}]}}'),
        Sent(f"{WORKFLOWS}/{workflow.id}/instances?wait=true", '{"var":"shops:042"}'),
    )


def test_the_ledger_is_reconciled_with_a_pool(story: Story) -> None:
    formance, do = story.formance, story.do
    do(formance.ledger.v2.create_ledger("main", {}))
    coins = Posting(source="banks:first", destination="world", amount=0, asset="USD/2")
    do(formance.ledger.v2.create_transaction("main", PostTransaction(postings=[coins], metadata={})))
    story.forget()

    pool = do(formance.payments.v3.create_pool(CreatePoolRequest(name="banks", account_ids=["a=b", "c"])))
    policy = do(
        formance.reconciliation.create_policy(
            PolicyRequest(
                name="daily",
                ledger_name="main",
                ledger_query={"$match": {"address": "banks:"}},
                payments_pool_id=pool,
            )
        )
    )
    at = datetime(2026, 3, 3, tzinfo=UTC)
    found = do(
        formance.reconciliation.reconcile(
            policy.id, ReconciliationRequest(reconciled_at_ledger=at, reconciled_at_payments=at)
        )
    )
    assert (found.status, found.drift_balances) == ("NOT_OK", {"USD/2": 2000})
    assert found.error == "balance drift for asset USD/2"
    assert found.reconciled_at_ledger == at
    story.saw(
        Sent("POST /api/payments/v3/pools", '{"name":"banks","accountIDs":["a=b","c"]}'),
        Sent(
            "POST /api/reconciliation/policies",
            '{"name":"daily","ledgerName":"main","ledgerQuery":{"$match":{"address":"banks:"}},'
            f'"paymentsPoolID":"{pool}"}}',
        ),
        Sent(
            f"POST /api/reconciliation/policies/{policy.id}/reconciliation",
            '{"reconciledAtLedger":"2026-03-03T00:00:00Z","reconciledAtPayments":"2026-03-03T00:00:00Z"}',
        ),
    )


def received(request: Recorded, secret: str) -> int:
    """Return the status with which a shop answers a delivery."""
    try:
        delivery = verify_webhook(secret, dict(request.headers), request.body, now=SENT)
    except WebhookSignatureError:
        return 401
    assert delivery.event() == Unknown({"data": "test"})
    return 204


def test_a_delivery_is_checked(story: Story) -> None:
    webhooks, do = story.formance.webhooks, story.do
    secrets: list[str] = []
    with loopback() as shop:
        shop.handler = lambda request: Answer(status=received(request, secrets[-1]))
        config = do(
            webhooks.insert_config(
                ConfigUser(endpoint=f"{shop.url}/hooks", event_types=["LEDGER.committed_transactions"])
            )
        )
        assert config.event_types == ["ledger.committed_transactions"]
        story.saw(
            Sent(
                "POST /api/webhooks/configs",
                f'{{"endpoint":"{shop.url}/hooks","eventTypes":["LEDGER.committed_transactions"]}}',
            )
        )
        secrets.append(config.secret)
        attempt = do(webhooks.test_config(config.id))
        assert (attempt.status_code, attempt.status) == (204, "success")
        secrets.append("another secret")
        assert do(webhooks.test_config(config.id)).status_code == 401
    story.saw(*[Sent(f"GET /api/webhooks/configs/{config.id}/test")] * 2)


def test_an_event_is_taken_once_and_in_time(story: Story) -> None:
    endpoint: list[WebhookEvent] = []
    seen = SeenInMemory()

    def take(request: Recorded) -> Answer:
        try:
            delivery = verify_webhook(SECRET, dict(request.headers), request.body, now=SENT, seen=seen)
        except WebhookTimestampError:
            return Answer(status=400)
        except WebhookDuplicate:
            return Answer(status=200)
        endpoint.append(delivery.event())
        return Answer(status=204)

    with loopback() as shop:
        shop.handler = take
        config = {"endpoint": f"{shop.url}/hooks", "eventTypes": ["ledger.committed_transactions"], "secret": SECRET}
        number = str(story.do(story.formance.webhooks.insert_config(config)).id)
        known = story.platform.webhooks.configs[number]
        assert [deliver(known, COMMITTED, at=at) for at in (SIGNED - 3600, SIGNED, SIGNED)] == [400, 204, 200]
    (event,) = endpoint
    assert isinstance(event, LedgerCommittedTransactions)
    assert event.payload.transactions is not None
    assert event.payload.transactions[0].postings[0].amount == 10**20
    story.forget()


def test_a_secret_of_the_wrong_size_is_refused(story: Story) -> None:
    webhooks, do = story.formance.webhooks, story.do
    with pytest.raises(BadRequest, match="decoded secret should be of size 24"):
        do(webhooks.insert_config({"endpoint": "http://localhost/hooks", "eventTypes": ["a.b"], "secret": "c2hvcnQ="}))
    story.forget()
