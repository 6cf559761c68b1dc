"""Story 3: a script, tried without effect first, and what it did taken back."""

from typing import Final

import pytest

from formance_ledger.v2 import PostTransaction, PostTransactionScript, RevertTransactionRequest
from formance_stack import ApiError, BadRequest
from stories.story import ANY, Sent, Story

PAY_IN: Final = """vars { account $user }
send [USD/2 10000] (
  source = @world
  destination = $user
)"""
OVERSPEND: Final = """send [USD/2 20000] (
  source = @users:001
  destination = @shops:042
)"""
LINE: Final = "POST /api/ledger/v2/main/transactions"


def script(text: str, **variables: str) -> PostTransaction:
    return PostTransaction(script=PostTransactionScript(plain=text, vars=variables), metadata={})


def body(text: str, variables: str) -> str:
    lines = text.replace("\n", "\\n")
    return f'{{"script":{{"plain":"{lines}","vars":{variables}}},"metadata":{{}}}}'


@pytest.fixture(autouse=True)
def main(story: Story) -> None:
    story.do(story.formance.ledger.v2.create_ledger("main", {}))
    story.forget()


def test_a_script_is_tried_and_run(story: Story) -> None:
    v2, do = story.formance.ledger.v2, story.do

    tried = do(v2.create_transaction("main", script(PAY_IN, user="users:001"), dry_run=True))
    done = do(v2.create_transaction("main", script(PAY_IN, user="users:001")))
    # Nothing was kept of the first: the second has its id.
    assert tried.id == done.id == 1
    assert (done.postings[0].destination, done.postings[0].amount) == ("users:001", 10000)

    sent = body(PAY_IN, '{"user":"users:001"}')
    story.saw(Sent(f"{LINE}?dryRun=true", sent, key=ANY), Sent(LINE, sent, key=ANY))


def test_more_than_there_is_cannot_be_spent(story: Story) -> None:
    v2, do = story.formance.ledger.v2, story.do
    do(v2.create_transaction("main", script(PAY_IN, user="users:001"), idempotency_key="in"))
    try:
        do(v2.create_transaction("main", script(OVERSPEND), idempotency_key="out"))
    except ApiError as error:
        match error:
            case ApiError(status=400, code="INSUFFICIENT_FUND", message=words):
                assert words == "account users:001 had insufficient funds"
            case _:
                raise
    else:
        pytest.fail("it was spent")
    story.saw(
        Sent(LINE, body(PAY_IN, '{"user":"users:001"}'), key="in"),
        Sent(LINE, body(OVERSPEND, "{}"), key="out"),
    )


def test_a_transaction_is_reverted_once(story: Story) -> None:
    v2, do = story.formance.ledger.v2, story.do
    done = do(v2.create_transaction("main", script(PAY_IN, user="users:001")))
    story.forget()

    reason = RevertTransactionRequest(metadata={"reason": "ordered twice"})
    back = do(v2.revert_transaction("main", done.id, reason, at_effective_date=True, idempotency_key="back-1"))
    assert (back.id, back.metadata, back.timestamp) == (2, {"reason": "ordered twice"}, done.timestamp)
    assert (back.postings[0].source, back.postings[0].destination) == ("users:001", "world")

    with pytest.raises(BadRequest) as refused:
        do(v2.revert_transaction("main", done.id, at_effective_date=True, idempotency_key="back-2"))
    assert refused.value.code == "ALREADY_REVERT"

    line = f"{LINE}/1/revert?atEffectiveDate=true"
    story.saw(
        Sent(line, '{"metadata":{"reason":"ordered twice"}}', key="back-1"),
        Sent(line, key="back-2"),
    )
