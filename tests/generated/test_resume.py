"""Going on from a stored cursor with the methods of a real client, in both flavours."""

import asyncio

from formance_ledger import AsyncLedgerClient, LedgerClient
from formance_ledger.v2 import Account
from loopback import Answer, Loopback, Recorded, json_answer, loopback

LETTERS = "abcdef"


def answer(request: Recorded) -> Answer:
    """Answer as a ledger: two accounts a page; a cursor stands for all other parameters."""
    cursor = request.target.partition("cursor=")[2]
    assert not cursor or "&" not in request.target
    place = LETTERS.index(cursor[1]) if cursor else 0
    found: list[dict[str, object]] = [
        {"address": f"users:{letter}", "metadata": {}} for letter in LETTERS[place : place + 2]
    ]
    following, before = LETTERS[place + 2 : place + 3], LETTERS[place - 2 : place][:1]
    page: dict[str, object] = {"pageSize": 2, "hasMore": bool(following), "data": found}
    page |= {"next": f"~{following}"} if following else {}
    page |= {"previous": f"~{before}"} if before else {}
    return json_answer({"cursor": page})


def letters(accounts: list[Account]) -> str:
    return "".join(account.address.removeprefix("users:") for account in accounts)


def targets(server: Loopback) -> list[str]:
    return [request.target.partition("?")[2] for request in server.requests]


def test_a_program_that_blocks_goes_on_where_it_stopped() -> None:
    with loopback() as server, LedgerClient(server.url) as ledger:
        server.handler = answer
        seen, kept = "", ""
        for page in ledger.v2.list_accounts("main", {"$match": {"address": "users:"}}, page_size=2).pages(max_pages=2):
            seen += letters(page.data)
            kept = page.next or ""
        assert (seen, kept) == ("abcd", "~e")
        resumed = ledger.v2.list_accounts("main", cursor=kept)
        assert resumed.cursor == kept
        assert letters([*resumed]) == "ef"
        assert targets(server) == ["pageSize=2", "cursor=~c", "cursor=~e"]
        assert [letters(page.data) for page in resumed.pages(direction="backwards")] == ["ef", "cd", "ab"]
        assert letters([*ledger.v2.list_accounts("main").items(max_items=3)]) == "abc"


def test_async_code_goes_on_where_it_stopped() -> None:
    async def main(server: Loopback) -> None:
        async with AsyncLedgerClient(server.url) as ledger:
            seen, kept = "", ""
            async for page in ledger.v2.list_accounts("main", page_size=2).pages(max_pages=2):
                seen += letters(page.data)
                kept = page.next or ""
            assert (seen, kept) == ("abcd", "~e")
            resumed = ledger.v2.list_accounts("main", cursor=kept)
            assert letters([account async for account in resumed]) == "ef"
            assert targets(server) == ["pageSize=2", "cursor=~c", "cursor=~e"]
            back = [letters(page.data) async for page in resumed.pages(direction="backwards")]
            assert back == ["ef", "cd", "ab"]
            assert letters([a async for a in ledger.v2.list_accounts("main").items(max_items=3)]) == "abc"

    with loopback() as server:
        server.handler = answer
        asyncio.run(main(server))
