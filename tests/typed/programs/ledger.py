"""What a user of the ledger gets and gives, and mistakes that type checkers find."""

from typing import assert_type

from formance_ledger import AsyncLedgerClient, LedgerClient, Page
from formance_ledger.v2 import Account, Posting, PostTransaction, Transaction


def check(client: LedgerClient) -> None:
    assert_type(client.v2.create_transaction("main", PostTransaction(metadata={})), Transaction)
    assert_type(client.v2.list_accounts("main"), Page[Account])
    assert_type(list(client.v2.list_accounts("main")), list[Account])
    assert_type(client.v2.count_accounts("main"), int)
    assert_type(client.v2.create_ledger("main", {}), None)
    assert_type(client.v2.export_logs("main").read(), bytes)


async def check_async(client: AsyncLedgerClient) -> None:
    assert_type(await client.v2.create_transaction("main", PostTransaction(metadata={})), Transaction)
    assert_type([account async for account in client.v2.list_accounts("main")], list[Account])
    assert_type(await client.v2.export_logs("main").read(), bytes)


def mistakes(client: LedgerClient) -> None:
    client.v2.create_ledger(1, {})  # wrong
    client.v2.create_ledger("main")  # wrong
    client.v2.list_accounts("main", page_size="10")  # wrong
    client.v2.list_accounts("main", None, 10)  # wrong
    client.v2.list_account("main")  # wrong
    Posting(source="world", destination="users:001", amount="100", asset="USD/2")  # wrong
    Posting(source="world", destination="users:001", asset="USD/2")  # wrong
