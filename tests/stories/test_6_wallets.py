"""Story 6: a wallet, money in it, some of it set aside, and paid out in part."""

from typing import Final

import pytest

from formance_stack import BadRequest, NotFound
from formance_wallets import (
    ConfirmHoldRequest,
    CreateWalletRequest,
    CreditWalletRequest,
    DebitWalletRequest,
    LedgerAccountSubject,
    Monetary,
    Wallet,
)
from stories.story import ANY, Sent, Story

BIG: Final = 10**20


def usd(amount: int) -> Monetary:
    return Monetary(asset="USD/2", amount=amount)


@pytest.fixture
def wallet(story: Story) -> Wallet:
    wallets, do = story.formance.wallets, story.do
    created = do(wallets.create_wallet(CreateWalletRequest(name="ada", metadata={"tier": "gold"})))
    do(wallets.credit_wallet(created.id, CreditWalletRequest(amount=usd(BIG), sources=[])))
    story.saw(
        Sent("POST /api/wallets/wallets", '{"metadata":{"tier":"gold"},"name":"ada"}', key=ANY),
        Sent(
            f"POST /api/wallets/wallets/{created.id}/credit",
            f'{{"amount":{{"asset":"USD/2","amount":{BIG}}},"sources":[]}}',
            key=ANY,
        ),
    )
    return created


def test_money_is_held_and_confirmed_in_part(story: Story, wallet: Wallet) -> None:
    wallets, do, number = story.formance.wallets, story.do, str(wallet.id)

    order = DebitWalletRequest(
        amount=usd(1000), pending=True, metadata={}, destination=LedgerAccountSubject(identifier="shops:042")
    )
    hold = do(wallets.debit_wallet(number, order, idempotency_key="order-42"))
    assert hold is not None
    assert (hold.wallet_id, hold.asset) == (number, "USD/2")
    assert isinstance(hold.destination, LedgerAccountSubject)
    assert hold.destination.identifier == "shops:042"
    wanted = '"destination":{"type":"ACCOUNT","identifier":"shops:042"}'
    story.saw(
        Sent(
            f"POST /api/wallets/wallets/{number}/debit",
            f'{{"amount":{{"asset":"USD/2","amount":1000}},"pending":true,"metadata":{{}},{wanted}}}',
            key="order-42",
        )
    )

    do(wallets.confirm_hold(hold.id, ConfirmHoldRequest(amount=400, final=True), idempotency_key="ship-42"))
    story.saw(Sent(f"POST /api/wallets/holds/{hold.id}/confirm", '{"amount":400,"final":true}', key="ship-42"))
    assert do(wallets.get_hold(hold.id)).remaining == 0
    assert do(wallets.get_wallet(number)).balances.main.assets == {"USD/2": BIG - 400}

    with pytest.raises(BadRequest) as closed:
        do(wallets.confirm_hold(hold.id))
    assert (closed.value.code, closed.value.message) == ("HOLD_CLOSED", "hold is closed")
    story.saw(
        Sent(f"GET /api/wallets/holds/{hold.id}"),
        Sent(f"GET /api/wallets/wallets/{number}"),
        Sent(f"POST /api/wallets/holds/{hold.id}/confirm", key=ANY),
    )


def test_a_repeated_confirmation_with_its_key_is_no_second_one(story: Story, wallet: Wallet) -> None:
    wallets, do = story.formance.wallets, story.do
    hold = do(wallets.debit_wallet(wallet.id, DebitWalletRequest(amount=usd(5), pending=True, metadata={})))
    assert hold is not None
    with wallets.capture_response() as captured:
        do(wallets.confirm_hold(hold.id, {"amount": 5}, idempotency_key="ship-1"))
        do(wallets.confirm_hold(hold.id, {"amount": 5}, idempotency_key="ship-1"))
    hits = [each.headers.get("idempotency-hit") for each in captured.responses]
    assert hits == [None, "true"]
    story.forget()


def test_an_immediate_debit_gives_nothing(story: Story, wallet: Wallet) -> None:
    wallets, do = story.formance.wallets, story.do
    order = DebitWalletRequest(amount=usd(BIG), metadata={})
    assert do(wallets.debit_wallet(wallet.id, order)) is None
    with pytest.raises(BadRequest) as refused:
        do(wallets.debit_wallet(wallet.id, order))
    assert refused.value.code == "INSUFFICIENT_FUND"
    sent = Sent(
        f"POST /api/wallets/wallets/{wallet.id}/debit",
        f'{{"amount":{{"asset":"USD/2","amount":{BIG}}},"metadata":{{}}}}',
        key=ANY,
    )
    story.saw(sent, sent)


def test_wallets_are_found_by_what_they_are_labelled_with(story: Story, wallet: Wallet) -> None:
    wallets, do = story.formance.wallets, story.do
    do(wallets.create_wallet({"name": "bob", "metadata": {"tier": "tin"}}))
    story.forget()
    found = story.all(wallets.list_wallets(metadata={"tier": "gold"}, expand="balances"))
    assert [each.id for each in found] == [wallet.id]
    assert found[0].balances is not None
    assert found[0].balances.main.assets == {"USD/2": BIG}
    story.saw(Sent("GET /api/wallets/wallets?metadata%5Btier%5D=gold&expand=balances"))


def test_no_wallet_is_a_404_without_a_word(story: Story) -> None:
    with pytest.raises(NotFound) as missing:
        story.do(story.formance.wallets.get_wallet("none/of that name"))
    assert (missing.value.code, missing.value.message, missing.value.response.content) == (None, "", b"")
    story.saw(Sent("GET /api/wallets/wallets/none%2Fof%20that%20name"))
