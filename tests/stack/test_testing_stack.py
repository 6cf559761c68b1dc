"""The fake of a whole stack: fakes of its services behind one client."""

import asyncio

import pytest

import formance_stack
from formance_ledger.testing import make
from formance_ledger.v2 import Account
from formance_stack.testing import FakeFormance, UnexpectedCall


@pytest.fixture
def fake() -> FakeFormance:
    return FakeFormance()


def test_each_service_answers_for_itself(fake: FakeFormance) -> None:
    account = make(Account, address="users:1")
    fake.ledger.v2.get_account.returns(account)
    fake.wallets.get_wallet.raises(404, message="no such wallet")
    with fake.client() as client:
        found = client.ledger.v2.get_account("main", "users:1")
        assert found.address == account.address
        with pytest.raises(formance_stack.NotFound, match="no such wallet"):
            client.wallets.get_wallet("w-1")
    fake.ledger.v2.get_account.assert_called_once(address="users:1")
    fake.wallets.get_wallet.assert_called_once()
    fake.assert_expected()


def test_async_code_gets_the_same(fake: FakeFormance) -> None:
    fake.ledger.v2.count_accounts.returns(3)

    async def main() -> int:
        async with fake.async_client() as client:
            return await client.ledger.v2.count_accounts("main")

    assert asyncio.run(main()) == 3


def test_one_token_goes_for_all_and_nobody_waits(fake: FakeFormance) -> None:
    fake.ledger.v2.count_accounts.raises(503).then.returns(1)
    auth = formance_stack.ClientCredentials("id", "secret")
    assert fake.client().with_options(auth=auth).ledger.v2.count_accounts("main") == 1
    sent = [call.request.headers["authorization"] for call in fake.ledger.v2.count_accounts.calls]
    assert sent == ["Bearer fake-token"] * 2
    assert len(fake.waits) == 1


def test_a_service_that_no_test_speaks_of_is_unexpected(fake: FakeFormance) -> None:
    fake.ledger.v2.count_accounts.returns(1)
    with pytest.raises(AssertionError, match=r"v3\.list_payments was called, but no test has said an answer"):
        fake.client().payments.v3.list_payments()
    with pytest.raises(AssertionError, match=r"v3\.list_payments"):
        fake.assert_expected()
    fake.reset()
    fake.assert_expected()


def test_or_it_answers_with_examples() -> None:
    fake = FakeFormance(examples=True)
    assert [payment.id for payment in fake.client().payments.v3.list_payments()] == ["id"]


def test_what_is_no_operation_is_told(fake: FakeFormance) -> None:
    http = fake._serving.client
    with pytest.raises(UnexpectedCall, match="GET /nowhere is no operation of the stack"):
        http.get("https://fake.test/nowhere")
    with pytest.raises(UnexpectedCall):
        fake.assert_expected()
