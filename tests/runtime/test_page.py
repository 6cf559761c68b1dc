"""Pages: all items of all pages, only the cursor on the way, and no running in circles."""

import asyncio

import pytest

from flavours import Caller
from loopback import Answer, Loopback, Recorded, json_answer
from runtime.client import AsyncClient
from runtime.errors import NotFound, PaginationError
from sample_client import LIST, LIST_INNER, LIST_ONCE, SERVICE, Account

FIRST = LIST.request(path=("main",), query=(2, None), headers=("trace",), body={"$match": {"address": "a:"}})


def _page(names: str, **more: object) -> Answer:
    return json_answer({"cursor": {"pageSize": 2, "data": [{"address": name} for name in names], **more}})


def test_a_loop_goes_over_all_pages(server: Loopback, caller: Caller) -> None:
    server.say(_page("ab", hasMore=True, next="c 1+"), _page("cd", hasMore=True, next="c2"), _page("e", hasMore=False))
    page = caller.page(FIRST)
    assert page.data == [Account(address="a"), Account(address="b")]
    assert (page.has_more, page.next, page.previous, page.page_size) == (True, "c 1+", None, 2)
    assert len(server.requests) == 1
    assert "".join(account.address for account in caller.items(page)) == "abcde"
    assert [request.target for request in server.requests] == [
        "/api/sample/v2/main/accounts?pageSize=2",
        "/api/sample/v2/main/accounts?cursor=c%201%2B",
        "/api/sample/v2/main/accounts?cursor=c2",
    ]
    assert server.requests[0].body == b'{"$match":{"address":"a:"}}'
    assert server.requests[0].header("X-Trace") == "trace"
    for request in server.requests[1:]:
        assert request.body == b""
        assert request.header("X-Trace") is None
        assert request.header("Content-Type") is None


def test_a_loop_over_pages(server: Loopback, caller: Caller) -> None:
    server.say(_page("ab", hasMore=True, next="1"), _page("", hasMore=True, next="2"), _page("c", previous="1"))
    assert [[account.address for account in page] for page in caller.pages(caller.page(FIRST))] == [
        ["a", "b"],
        [],
        ["c"],
    ]


def test_a_page_may_be_looped_over_again(server: Loopback, caller: Caller) -> None:
    server.handler = lambda request: _page("b", hasMore=False) if "cursor" in request.target else _page("a", next="1")
    page = caller.page(FIRST)
    assert caller.items(page) == caller.items(page) == [Account(address="a"), Account(address="b")]


def test_what_says_there_is_no_more_is_believed(server: Loopback, caller: Caller) -> None:
    server.say(_page("a", hasMore=False, next="x"))
    assert len(caller.items(caller.page(FIRST))) == 1
    assert len(server.requests) == 1


@pytest.mark.parametrize("cursor", [None, ""])
def test_more_without_a_cursor_is_an_error(server: Loopback, caller: Caller, cursor: str | None) -> None:
    server.say(_page("a", hasMore=True, next=cursor))
    with pytest.raises(PaginationError, match="no page, though there is more"):
        caller.items(caller.page(FIRST))


def test_pages_that_lead_back_are_an_error(server: Loopback, caller: Caller) -> None:
    server.handler = lambda _: _page("a", hasMore=True, next="same")
    with pytest.raises(PaginationError, match=r"the same page again \(v2.list_accounts, GET /v2/\{ledger\}/accounts\)"):
        caller.items(caller.page(FIRST))
    assert len(server.requests) == 2


def test_a_page_inside_data(server: Loopback, caller: Caller) -> None:
    server.say(
        json_answer({"data": {"data": [1, 2], "hasMore": True, "next": "n"}}),
        json_answer({"data": {"data": [3], "hasMore": False}}),
    )
    assert caller.items(caller.page(LIST_INNER.request(query=(None,)))) == [1, 2, 3]


def test_without_a_cursor_parameter_the_first_page_is_all(server: Loopback, caller: Caller) -> None:
    server.say(json_answer({"data": [1], "hasMore": True, "next": "n"}))
    page = caller.page(LIST_ONCE.request())
    assert caller.items(page) == [1]
    assert page.has_more
    assert len(server.requests) == 1


def test_an_error_on_the_way_comes_through(server: Loopback, caller: Caller) -> None:
    server.say(_page("a", hasMore=True, next="1"), Answer(status=404))
    page = caller.page(FIRST)
    with pytest.raises(NotFound):
        caller.items(page)


def test_a_new_page_does_not_change_the_old(server: Loopback, caller: Caller) -> None:
    def answer(request: Recorded) -> Answer:
        return _page("b") if "cursor" in request.target else _page("a", hasMore=True, next="1")

    server.handler = answer
    page = caller.page(FIRST)
    caller.items(page)
    assert [account.address for account in page.data] == ["a"]
    assert repr(page).endswith("Page of 1, more follow>")


def test_an_async_page_is_fetched_when_it_is_awaited(server: Loopback) -> None:
    server.say(_page("a"))

    async def main() -> None:
        async with AsyncClient(SERVICE, server.url) as client:
            page = client._transport.page(FIRST)
            assert repr(page) == "<AsyncPage, not fetched>"
            with pytest.raises(RuntimeError, match="await it first"):
                _ = page.data
            assert not server.requests
            assert await page is page
            assert page.data == [Account(address="a")]
            assert await page is page
            assert len(server.requests) == 1

    asyncio.run(main())
