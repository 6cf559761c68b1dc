"""What a user of the testing kit says, and mistakes that type checkers find."""

from typing import assert_type

from formance_ledger import AsyncLedgerClient
from formance_ledger.testing import FakeLedger, make
from formance_ledger.v2 import Account, Posting, Transaction


def check() -> None:
    fake = FakeLedger()
    account: Account = make(Account, address="users:1")
    v2 = fake.v2
    v2.get_account.returns(account).then.raises(404, code="NOT_FOUND").then.returns(account)
    v2.list_accounts.returns([account]).then.returns_pages([[account], []])
    v2.count_accounts.returns(3)
    v2.delete_pipeline.returns(None)
    v2.export_logs.returns(b"").then.returns([b"", b""])
    assert_type(v2.create_transaction.calls[0].body.postings, list[Posting] | None)
    v2.get_account.replies(lambda call: make(Account, address=call.argument("address", str)))
    assert_type(fake.async_client(), AsyncLedgerClient)
    assert_type(v2.list_accounts.calls[0].argument("page_size", int), int)


def mistakes() -> None:
    fake = FakeLedger()
    account = make(Account)
    v2 = fake.v2
    v2.get_account.returns(make(Transaction))  # wrong
    v2.get_account.returns("users:1")  # wrong
    v2.get_account.returns(None)  # wrong
    v2.list_accounts.returns(account)  # wrong
    v2.list_accounts.returns_pages([[make(Transaction)]])  # wrong
    v2.count_accounts.returns("3")  # wrong
    v2.delete_pipeline.returns(account)  # wrong
    v2.get_acount.returns(account)  # wrong
    v2.get_account.returns_pages([[account]])  # wrong
    print(v2.create_transaction.calls[0].body.nothing)  # wrong
    v2.export_logs.fails("sometimes")  # wrong
    v2.create_transaction.replies(lambda call: account)  # wrong
