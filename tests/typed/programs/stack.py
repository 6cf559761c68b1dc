"""A program that uses two services of a stack."""

import asyncio

from formance_ledger.v2 import Ledger, Posting, PostTransaction
from formance_stack import AsyncFormance, ClientCredentials, Formance, FormanceError, NotFound, Stack
from formance_wallets import WalletsClient


def rename(wallets: WalletsClient, name: str) -> int:
    return sum(wallet.name == name for wallet in wallets.list_wallets())


def main() -> None:
    stack = Stack("organization", "stack", "eu-west-1")
    with Formance(stack, auth=ClientCredentials("id", "secret"), timeout=5) as formance:
        ledger: Ledger = formance.ledger.v2.get_ledger("main")
        posting = Posting(source="world", destination=ledger.name, amount=100, asset="USD/2")
        try:
            formance.ledger.v2.create_transaction("main", PostTransaction(postings=[posting], metadata={}))
            rename(formance.wallets, "w")
        except NotFound as error:
            print(error.status + 1, error.code, error.response.headers["x"])
        except FormanceError as error:
            print(error.operation.upper())
        with formance.with_options(headers={"X": "1"}).capture_response() as captured:
            print(formance.gateway.get_versions().region, captured.status + 1)


async def async_main() -> None:
    async with AsyncFormance.from_env() as formance:
        async for account in formance.ledger.v2.list_accounts("main", {"$match": {"address": "users:"}}):
            print(account.address.upper())
        print((await formance.wallets.get_wallet("w")).name.upper())


main()
asyncio.run(async_main())
