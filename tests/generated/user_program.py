"""What a user writes: a ledger, a transaction, its accounts over two pages, and the code of an error."""

import sys

from formance_ledger import BadRequest, BearerToken, LedgerClient
from formance_ledger.v2 import CreateLedgerRequest, Posting, PostTransaction


def main(url: str) -> list[str]:
    """Run against a server and return what came of it."""
    with LedgerClient(url, auth=BearerToken("token")) as client:
        client.v2.create_ledger("main", CreateLedgerRequest(bucket="eu", metadata={"team": "books"}))
        coins = Posting(source="world", destination="users:001", amount=100, asset="USD/2")
        order = client.v2.create_transaction(
            "main", PostTransaction(postings=[coins], metadata={}), idempotency_key="o-1"
        )
        gold = {"$match": {"metadata[tier]": "gold"}}
        found = [account.address for account in client.v2.list_accounts("main", gold, page_size=1)]
        try:
            client.v2.create_ledger("main", {})
        except BadRequest as error:
            found.append(f"{error.code}: {error.message}")
        return [str(order.id), *found]


if __name__ == "__main__":
    print("\n".join(main(sys.argv[1])))  # noqa: T201
