"""What a user of a whole stack writes: all the stories, with every way in and most options."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from formance_ledger import LedgerClient, Page, V2ErrorsEnum
from formance_ledger.v2 import (
    Account,
    BulkElement,
    BulkElementAddMetadata,
    BulkElementAddMetadataData,
    BulkElementCreateTransaction,
    BulkElementResultError,
    BulkResponse,
    CreateLedgerRequest,
    Posting,
    PostTransaction,
    PostTransactionScript,
    TargetType,
)
from formance_orchestration.v2 import SendEventRequest, StageWaitEvent, WorkflowConfig
from formance_payments import PaymentsClient, Unknown
from formance_payments.v3 import (
    CreatePoolRequest,
    InitiatePaymentRequest,
    PaymentInitiationTypeEnum,
    StripeConfig,
    Task,
    TaskStatusEnum,
)
from formance_reconciliation import PolicyRequest, ReconciliationRequest
from formance_stack import (
    ApiError,
    BadRequest,
    BearerToken,
    ClientCredentials,
    Conflict,
    Drift,
    FctlProfile,
    Formance,
    FormanceError,
    InvalidRequest,
    NoAuth,
    NotFound,
    RequestEvent,
    ResponseEvent,
    Stack,
    Timeout,
    TransportError,
    Unauthorized,
)
from formance_wallets import ConfirmHoldRequest, CreateWalletRequest, DebitWalletRequest, Monetary, WalletsClient
from formance_webhooks import ConfigUser

SCRIPT = "vars { account $user }\nsend [USD/2 500] (\n  source = @world\n  destination = $user\n)"
MARCH = datetime(2026, 3, 3, tzinfo=UTC)


def main(url: str, proxy: str, folder: Path) -> None:
    """Tell all stories to a stack and say what came of it."""
    say(repr(Formance(Stack("acme", "books", "eu-west-1"), auth=ClientCredentials("id", "secret"))))
    with Formance.from_env() as formance:
        bootstrap(formance)
        pay_in(formance.ledger)
        numscript(formance)
        reporting(formance.ledger)
        bulk(formance.ledger, folder)
        hold(formance.wallets)
        payout(formance.payments)
        flows(formance)
    with Formance(proxy, auth=NoAuth()) as formance:
        say(f"behind the proxy: {formance.ledger.v2.count_accounts('main')} accounts")
    options(url, folder)
    failures(url)


def bootstrap(formance: Formance) -> None:
    """Look at the stack, and open a ledger that may be there already."""
    ill = [service.name for service in formance.gateway.get_versions().versions if not service.health]
    say(f"not well: {ill}")
    for _ in range(2):
        try:
            formance.ledger.v2.create_ledger("main", CreateLedgerRequest(metadata={"team": "books"}))
        except BadRequest as error:
            if error.code != V2ErrorsEnum.LEDGER_ALREADY_EXISTS:
                raise
            say(error.message)


def pay_in(ledger: LedgerClient) -> None:
    """Pay in, again with the same key, and again with another."""
    coins = Posting(source="world", destination="users:001", amount=10**20, asset="USD/2")
    order = PostTransaction(postings=[coins], metadata={}, reference="o-1")
    with ledger.capture_response() as captured:
        ids = [ledger.v2.create_transaction("main", order, idempotency_key="k-1").id for _ in range(2)]
    say(f"{ids}, a repeat: {captured.headers.get('Idempotency-Hit')}")
    try:
        ledger.v2.create_transaction("main", order, idempotency_key="k-2")
    except Conflict as error:
        say(f"{error.status}: {error.message}")


def numscript(formance: Formance) -> None:
    """Try a script, run it, take it back, and say what else went wrong."""
    v2 = formance.ledger.v2
    script = PostTransaction(script=PostTransactionScript(plain=SCRIPT, vars={"user": "users:002"}), metadata={})
    tried = v2.create_transaction("main", script, dry_run=True)
    done = v2.create_transaction("main", script)
    back = v2.revert_transaction("main", done.id, at_effective_date=True)
    say(f"{tried.id == done.id}, {back.postings[0].source} gives back {back.postings[0].amount}")
    try:
        v2.create_transaction("main", {"postings": [{"source": "world", "amount": "1.5"}]})
    except InvalidRequest as error:
        say(f"not sent: {[place for place, _ in error.problems]}")
    for source in ("users:002", "users 002"):
        say(spend(formance.ledger, source))
    try:
        v2.revert_transaction("main", done.id)
    except FormanceError as error:
        match error:
            case ApiError(code=V2ErrorsEnum.ALREADY_REVERT):
                say("once is enough")
            case _:
                raise


def spend(ledger: LedgerClient, source: str) -> str:
    """Spend what is not there and return what comes of it."""
    coins = Posting(source=source, destination="shops:042", amount=1, asset="USD/2")
    try:
        ledger.v2.create_transaction("main", PostTransaction(postings=[coins], metadata={}))
    except ApiError as error:
        match error:
            case NotFound():
                return "no such ledger"
            case ApiError(400, "INSUFFICIENT_FUND", words):
                return words
            case ApiError(status, code):
                return f"{status} {code}"
    return "spent"


def reporting(ledger: LedgerClient) -> None:
    """Count, list and sum."""
    users = {"$match": {"address": "users:"}}
    accounts: Page[Account] = ledger.v2.list_accounts("main", users, expand="volumes", page_size=1)
    balances = {each.address: each.volumes["USD/2"].balance for each in accounts if each.volumes}
    say(f"{ledger.v2.count_accounts('main', users)} users: {balances}")
    say(f"pages of {[len(page.data) for page in accounts.pages()]}, first {accounts.data[0].address}")
    sums = ledger.v2.get_balances_aggregated("main", {"$and": [users]}, pit=MARCH)
    rows = ledger.v2.get_volumes_with_balances("main", start_time=datetime(2026, 3, 1, tzinfo=UTC), group_by=1)
    say(f"{sums}, {[(row.account, row.balance) for row in rows]}")


def bulk(ledger: LedgerClient, folder: Path) -> None:
    """Write many things at once, and move all to another ledger."""
    coins = Posting(source="users:002", destination="shops:042", amount=1, asset="USD/2")
    gold = BulkElementAddMetadataData(target_type=TargetType.ACCOUNT, target_id="users:001", metadata={"tier": "gold"})
    elements: list[BulkElement] = [
        BulkElementAddMetadata(data=gold),
        BulkElementCreateTransaction(ik="k-3", data=PostTransaction(postings=[coins], metadata={})),
    ]
    try:
        ledger.v2.create_bulk("main", elements)
    except BadRequest as error:
        match error.body:
            case BulkResponse(data=[*done, BulkElementResultError(error_code=code)]):
                say(f"{len(done)} done, then {code}")
            case _:
                raise
    file = folder / "main.jsonl"
    ledger.v2.export_logs("main").save(file)
    ledger.v2.create_ledger("copy", {})
    with file.open("rb") as stream:
        ledger.v2.import_logs("copy", stream)
    lines = b"".join(ledger.v2.export_logs("copy")).count(b"\n")
    with ledger.v2.export_logs("copy") as export:
        head = next(export.iter_bytes(9))
        say(f"{export.status}, {lines} logs, beginning with {head.decode()}")
    say(f"{ledger.v2.get_account('copy', 'users:001').metadata}")


def hold(wallets: WalletsClient) -> None:
    """Hold money in a wallet and pay a part of it out."""
    wallet = wallets.create_wallet(CreateWalletRequest(name="ada", metadata={"tier": "gold"}))
    number = wallet.id
    wallets.credit_wallet(number, {"amount": {"asset": "USD/2", "amount": 100}, "sources": []})
    order = DebitWalletRequest(amount=Monetary(asset="USD/2", amount=60), pending=True, metadata={})
    held = wallets.debit_wallet(number, order, idempotency_key="order-42")
    if held is None:
        raise AssertionError("a pending debit is a hold")
    wallets.confirm_hold(held.id, ConfirmHoldRequest(amount=40, final=True))
    try:
        wallets.confirm_hold(held.id)
    except BadRequest as error:
        say(f"{error.code}")
    for each in wallets.list_wallets(metadata={"tier": "gold"}, expand="balances"):
        say(f"{each.name}: {each.balances.main.assets if each.balances else None}")


def payout(payments: PaymentsClient) -> None:
    """Install a connector, look at what it found, and pay out."""
    connector = payments.v3.install_connector("stripe", StripeConfig(name="till", api_key="sk_1"))
    for each in payments.v3.list_connectors():
        match payments.v3.get_connector_config(each.id):
            case StripeConfig(polling_period=period):
                say(f"stripe, every {period}")
            case Unknown(raw=raw):
                say(f"unknown: {raw}")
            case config:
                say(type(config).__name__)
    found = payments.v3.list_payments({"$match": {"status": "SUCCEEDED"}})
    say(f"{[payment.amount for payment in found]}")
    order = InitiatePaymentRequest(
        reference="salary",
        scheduled_at=MARCH,
        connector_id=connector,
        description="salary of March",
        type=PaymentInitiationTypeEnum.PAYOUT,
        amount=2**63,
        asset="USD/2",
    )
    initiated = payments.v3.initiate_payment(order).payment_initiation_id
    if initiated is not None:
        task = finished(payments, payments.v3.approve_payment_initiation(initiated).task_id)
        say(f"{task.status.value}: {task.created_object_id}")
    finished(payments, payments.v3.uninstall_connector(connector).task_id)


def finished(payments: PaymentsClient, number: str) -> Task:
    """Ask after a task until it has ended."""
    while True:
        task = payments.v3.get_task(number)
        if task.status is not TaskStatusEnum.PROCESSING:
            return task


def flows(formance: Formance) -> None:
    """Run a workflow, reconcile, and register for events."""
    v2 = formance.orchestration.v2
    stages: list[dict[str, object]] = [{"wait_event": {"event": "shipped"}}]
    workflow = v2.create_workflow(WorkflowConfig(name="ship", stages=stages))
    instance = v2.run_workflow(workflow.id, {"var": "x"})
    v2.send_event(instance.id, SendEventRequest(name="shipped"))
    for stage in v2.get_instance_history(instance.id):
        if isinstance(stage.input, StageWaitEvent):
            say(f"{stage.name} of {stage.input.event}, ended: {stage.terminated}")

    pool = formance.payments.v3.create_pool(CreatePoolRequest(name="banks", account_ids=["a"]))
    policy = formance.reconciliation.create_policy(
        PolicyRequest(name="daily", ledger_name="main", ledger_query={}, payments_pool_id=pool)
    )
    at = ReconciliationRequest(reconciled_at_ledger=MARCH, reconciled_at_payments=MARCH)
    say(f"{formance.reconciliation.reconcile(policy.id, at).drift_balances}")

    config = formance.webhooks.insert_config(
        ConfigUser(endpoint="http://localhost/hooks", event_types=["ledger.committed_transactions"])
    )
    say(f"{config.event_types}, signed with {len(config.secret)} characters")


def options(url: str, folder: Path) -> None:
    """Call with a token of one's own, other limits, and eyes on everything."""

    def token() -> str:
        return (folder / "token").read_text()

    events: list[str] = []
    drifts: list[Drift] = []

    def before(event: RequestEvent) -> dict[str, str]:
        return {"X-Attempt": str(event.attempt)}

    def after(event: ResponseEvent) -> None:
        events.append(f"{event.operation} {event.status}")

    with Formance(url, auth=BearerToken(token), timeout=5, max_retries=1, on_drift=drifts.append) as formance:
        formance.ledger.v2.preload()
        patient = formance.with_options(
            timeout=Timeout(connect=2, read=60, total=None),
            max_retries=0,
            headers={"X-Team": "books"},
            strict=True,
            on_request=before,
            on_response=after,
            max_response_bytes=2**20,
        )
        with patient.capture_response() as captured:
            patient.ledger.v2.get_account("main", "users:001")
            patient.wallets.with_options(timeout=None).list_wallets()
        say(f"{[response.status for response in captured.responses]}, {events}, {drifts}")


def failures(url: str) -> None:
    """Say what went wrong, from the most special to the most general."""
    scopeless = ClientCredentials("accounting", "s&cret", scopes=[])
    stale = FctlProfile(config_dir="no-such-folder")
    for server, auth in ((url, scopeless), (url, NoAuth()), ("http://127.0.0.1:9", NoAuth()), (url, stale)):
        with Formance(server, auth=auth, max_retries=0) as formance:
            try:
                formance.ledger.v2.get_account("main", "users:001")
            except Unauthorized as error:
                say(f"{error.status}, body {error.response.content!r}, request {error.request_id}")
            except TransportError as error:
                say(f"no answer; it may have been done: {error.may_have_been_applied}")
            except FormanceError as error:
                say(f"{type(error).__name__} of {error.operation}")


def say(line: str) -> None:
    """Tell who looks on."""
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
