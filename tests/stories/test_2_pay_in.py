"""Story 2: money comes in, and a repeat does no harm."""

from typing import Final

import pytest

from formance_ledger.v2 import Posting, PostTransaction, Transaction
from formance_stack import BadRequest, Conflict
from stories.story import ANY, Sent, Story

HUGE: Final = 10**20
"""More than 64 bits, and more than a float can hold."""
LINE: Final = "POST /api/ledger/v2/main/transactions"


def order(amount: int, reference: str) -> PostTransaction:
    coins = Posting(source="world", destination="users:001", amount=amount, asset="USD/2")
    return PostTransaction(postings=[coins], metadata={}, reference=reference)


def body(amount: int, reference: str) -> str:
    coins = f'{{"amount":{amount},"asset":"USD/2","destination":"users:001","source":"world"}}'
    return f'{{"postings":[{coins}],"reference":"{reference}","metadata":{{}}}}'


@pytest.fixture(autouse=True)
def main(story: Story) -> None:
    story.do(story.formance.ledger.v2.create_ledger("main", {}))
    story.forget()


def test_a_repeat_with_the_same_key_is_the_same_transaction(story: Story) -> None:
    ledger, do = story.formance.ledger, story.do

    first: Transaction = do(ledger.v2.create_transaction("main", order(HUGE, "o-1"), idempotency_key="key-1"))
    assert (first.id, first.postings[0].amount, first.reference) == (1, HUGE, "o-1")

    with ledger.capture_response() as captured:
        again = do(ledger.v2.create_transaction("main", order(HUGE, "o-1"), idempotency_key="key-1"))
    assert again == first
    assert captured.headers["Idempotency-Hit"] == "true"

    sent = Sent(LINE, body(HUGE, "o-1"), key="key-1")
    assert b'"amount":100000000000000000000,' in story.server.last.body
    story.saw(sent, sent)


def test_the_same_key_with_another_amount_is_refused(story: Story) -> None:
    ledger, do = story.formance.ledger, story.do
    do(ledger.v2.create_transaction("main", order(HUGE, "o-1"), idempotency_key="key-1"))
    with pytest.raises(BadRequest) as refused:
        do(ledger.v2.create_transaction("main", order(HUGE + 1, "o-1"), idempotency_key="key-1"))
    assert (refused.value.status, refused.value.code) == (400, "VALIDATION")
    story.saw(Sent(LINE, body(HUGE, "o-1"), key="key-1"), Sent(LINE, body(HUGE + 1, "o-1"), key="key-1"))


def test_the_same_reference_with_another_key_is_a_conflict(story: Story) -> None:
    ledger, do = story.formance.ledger, story.do
    do(ledger.v2.create_transaction("main", order(HUGE, "o-1"), idempotency_key="key-1"))
    with pytest.raises(Conflict) as refused:
        do(ledger.v2.create_transaction("main", order(HUGE, "o-1"), idempotency_key="key-2"))
    assert (refused.value.code, refused.value.message) == ("CONFLICT", "reference o-1 is taken")
    story.saw(Sent(LINE, body(HUGE, "o-1"), key="key-1"), Sent(LINE, body(HUGE, "o-1"), key="key-2"))


def test_who_brings_no_key_gets_one_for_each_call(story: Story) -> None:
    ledger, do = story.formance.ledger, story.do
    first = do(ledger.v2.create_transaction("main", order(1, "o-1")))
    second = do(ledger.v2.create_transaction("main", order(1, "o-2")))
    assert (first.id, second.id) == (1, 2)
    keys = [each.header("Idempotency-Key") for each in story.server.requests[-2:]]
    assert len({*keys}) == 2
    story.saw(Sent(LINE, body(1, "o-1"), key=ANY), Sent(LINE, body(1, "o-2"), key=ANY))


def test_plain_mappings_will_do_as_well(story: Story) -> None:
    ledger, do = story.formance.ledger, story.do
    coins = {"source": "world", "destination": "users:001", "amount": HUGE, "asset": "USD/2"}
    written: dict[str, object] = {"postings": [coins], "reference": "o-1", "metadata": {}}
    assert do(ledger.v2.create_transaction("main", written, idempotency_key="key-1")).id == 1
    with pytest.raises(ValueError, match="amount"):
        do(ledger.v2.create_transaction("main", {**written, "postings": [{**coins, "amount": "1.5"}]}))
    story.saw(Sent(LINE, body(HUGE, "o-1"), key="key-1"))
