"""What a user of asyncio writes: the same as `user_program`, with ``await`` and ``async for``."""

import asyncio
import sys

from formance_ledger import AsyncLedgerClient, BadRequest, BearerToken
from formance_ledger.v2 import CreateLedgerRequest, Posting, PostTransaction


async def main(url: str) -> list[str]:
    """Run against a server and return what came of it."""
    async with AsyncLedgerClient(url, auth=BearerToken("token")) as client:
        await client.v2.create_ledger("main", CreateLedgerRequest(bucket="eu", metadata={"team": "books"}))
        coins = Posting(source="world", destination="users:001", amount=100, asset="USD/2")
        body = PostTransaction(postings=[coins], metadata={})
        order = await client.v2.create_transaction("main", body, idempotency_key="o-1")
        gold = {"$match": {"metadata[tier]": "gold"}}
        found = [account.address async for account in client.v2.list_accounts("main", gold, page_size=1)]
        try:
            await client.v2.create_ledger("main", {})
        except BadRequest as error:
            found.append(f"{error.code}: {error.message}")
        return [str(order.id), *found]


if __name__ == "__main__":
    print("\n".join(asyncio.run(main(sys.argv[1]))))  # noqa: T201
