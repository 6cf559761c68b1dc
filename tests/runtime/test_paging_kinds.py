"""Pages of every kind: each gives all items once and in order, goes on where another stopped, and ends."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flavours import Caller, Callers
from loopback import Answer, Loopback, Recorded, json_answer
from paged_server import KINDS, Kind, Row
from runtime.auth import ApiKey
from runtime.client import AsyncClient, Client
from runtime.errors import PaginationError
from runtime.following import MOST_EMPTY
from runtime.operation import Link, Offset, PageNumber
from sample_client import SERVICE

FIRST: Final = ("f", None)
names: Final = pytest.mark.parametrize("name", KINDS)


def rows(count: int) -> list[Row]:
    return [{"id": f"r{index}"} for index in range(count)]


def handler(kind: Kind, server: Loopback, count: int, size: int) -> Callable[[Recorded], Answer]:
    def answer(request: Recorded) -> Answer:
        body, headers = kind.answer(server.url + request.target, rows(count), size)
        return json_answer(body, headers=tuple(headers.items()))

    return answer


@names
def test_all_items_come_once_and_in_order_over_the_wire(name: str, server: Loopback, caller: Caller) -> None:
    kind = KINDS[name]
    server.handler = handler(kind, server, 5, 2)
    page = caller.page(kind.operation.request(query=FIRST))
    assert page.data == rows(2)
    assert page.has_more
    assert caller.items(page) == rows(5)
    assert server.requests[0].target == "/api/sample/rows?filter=f"
    # Links say all; everything else is sent again with what asks for the page.
    if not isinstance(kind.operation.turn, Link):
        assert all("filter=f" in request.target for request in server.requests)
    assert len({request.target for request in server.requests}) == len(server.requests) <= 4


@names
def test_a_walk_goes_on_where_another_stopped(name: str, server: Loopback, callers: Callers) -> None:
    kind = KINDS[name]
    server.handler = handler(kind, server, 5, 2)
    caller = callers()
    first = caller.page(kind.operation.request(query=FIRST))
    following = caller.neighbour(first, "forwards")
    assert following is not None
    kept = first.next
    assert kept is not None
    again = Caller(caller.client.with_options(start_at=kept), caller.runner)
    page = again.page(kind.operation.request(query=FIRST))
    assert page.data == following.data == rows(4)[2:]
    assert again.items(page) == rows(5)[2:]


@names
def test_budgets_of_items_and_pages_fetch_no_page_in_vain(name: str, server: Loopback, caller: Caller) -> None:
    kind = KINDS[name]
    server.handler = handler(kind, server, 50, 2)
    page = caller.page(kind.operation.request(query=FIRST))
    assert caller.items(page, max_items=3) == rows(3)
    assert len(server.requests) == 2
    assert caller.pages(page, max_pages=2) == [rows(2), rows(4)[2:]]
    assert len(server.requests) == 3


class Wire:
    """Callers of both flavours whose server is a function, for as many examples as a law wants."""

    def __init__(self, answer: Callable[[httpx2.Request], httpx2.Response]) -> None:
        self.requests = 0
        self._answer = answer

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests += 1
        return self._answer(request)

    def items(self, kind: Kind) -> list[Row]:
        """Return all items, as both flavours give them."""
        request = kind.operation.request(query=FIRST)
        with httpx2.Client(transport=httpx2.MockTransport(self)) as own:
            found = [*Client(SERVICE, "https://rows.test", http_client=own)._transport.page(request)]
        asked = self.requests

        async def main() -> list[Row]:
            async with httpx2.AsyncClient(transport=httpx2.MockTransport(self)) as own:
                client = AsyncClient(SERVICE, "https://rows.test", http_client=own)
                return [row async for row in client._transport.page(request)]

        assert asyncio.run(main()) == found
        assert self.requests == 2 * asked
        return found


@names
@settings(max_examples=25)
@given(count=st.integers(0, 12), size=st.integers(1, 5))
def test_law_all_items_once_in_order_whatever_the_size_of_pages(name: str, count: int, size: int) -> None:
    kind = KINDS[name]

    def answer(request: httpx2.Request) -> httpx2.Response:
        body, headers = kind.answer(str(request.url), rows(count), size)
        return httpx2.Response(200, json=body, headers=headers)

    wire = Wire(answer)
    assert wire.items(kind) == rows(count)
    # At most one page in vain, for each flavour.
    assert wire.requests <= 2 * (max(1, -(-count // size)) + 1)


STEPS: Final = st.lists(
    st.tuples(
        st.lists(st.sampled_from([{"id": "a"}, {"id": "b"}]), max_size=2),
        st.sampled_from([None, "", "x", "y", 0, 1, "?from=1", "?from=2", "rows?from=1"]),
        st.booleans(),
        st.integers(0, 9),
    ),
    min_size=1,
    max_size=6,
)


@names
@settings(max_examples=25)
@given(steps=STEPS)
def test_law_whatever_a_server_says_walks_end(name: str, steps: Sequence[tuple[list[Row], object, bool, int]]) -> None:
    kind = KINDS[name]
    asked = 0

    def answer(_: httpx2.Request) -> httpx2.Response:
        nonlocal asked
        found, mark, more, number = steps[asked % len(steps)]
        asked += 1
        if asked > 40 * len(steps):
            # So many different pages only a list without end can have.
            found, mark, more, number = [], None, False, 0
        meta = {"next_cursor": mark, "pages": number, "page": number, "total": number}
        body = {
            "rows": found,
            "data": found,
            "meta": meta,
            "has_more": more,
            "more": more,
            "next": mark,
            "total": number,
        }
        header = {"Link": f"<{mark}>; rel=next"} if mark else {}
        return httpx2.Response(200, json=found if kind.is_list else body, headers=header)

    request = kind.operation.request(query=FIRST)
    with httpx2.Client(transport=httpx2.MockTransport(answer)) as own:
        page = Client(SERVICE, "https://rows.test", http_client=own)._transport.page(request)
        with suppress(PaginationError):
            assert all(row in ({"id": "a"}, {"id": "b"}) for row in page)
    assert asked <= MOST_EMPTY + 40 * len(steps)


@pytest.mark.parametrize(
    "name", [name for name, kind in KINDS.items() if isinstance(kind.operation.turn, Offset | PageNumber)]
)
def test_a_server_that_ignores_the_parameter_is_noticed(name: str, server: Loopback, caller: Caller) -> None:
    kind = KINDS[name]
    counts = {"pages": 9, "page": 1, "total": 9}
    body = {"rows": rows(2), "total": 9, "more": True, "meta": counts}
    server.say(json_answer(rows(2) if kind.is_list else body))
    with pytest.raises(PaginationError, match="the same page again"):
        caller.items(caller.page(kind.operation.request(query=FIRST)))
    assert len(server.requests) == 2


def test_an_offset_that_does_not_move_is_an_error(server: Loopback, caller: Caller) -> None:
    server.say(json_answer({"rows": rows(1), "more": True}), json_answer({"rows": [], "more": True}))
    with pytest.raises(PaginationError, match="the same page again"):
        caller.items(caller.page(KINDS["offset with a flag"].operation.request(query=FIRST)))
    assert len(server.requests) == 2


def test_a_link_to_the_page_itself_is_not_followed_twice(server: Loopback, caller: Caller) -> None:
    server.say(json_answer({"rows": rows(1), "next": "?from=2"}))
    with pytest.raises(PaginationError, match="the same page again"):
        caller.items(caller.page(KINDS["bare link"].operation.request(query=FIRST)))
    assert len(server.requests) == 2


@pytest.mark.parametrize("name", ["absolute link", "rooted link", "relative link", "bare link", "link in a header"])
def test_links_lead_back_as_well(name: str, server: Loopback, caller: Caller) -> None:
    kind = KINDS[name]
    server.handler = handler(kind, server, 5, 2)
    second = caller.neighbour(caller.page(kind.operation.request(query=FIRST)), "forwards")
    assert second is not None
    first = caller.neighbour(second, "backwards")
    assert first is not None
    assert (first.data, second.data) == (rows(2), rows(4)[2:])


def test_numbers_lead_back_as_well(server: Loopback, caller: Caller) -> None:
    kind = KINDS["number that is told"]
    server.handler = handler(kind, server, 5, 2)
    page = caller.page(kind.operation.request(query=("f", 3)))
    assert caller.pages(page, direction="backwards") == [rows(5)[4:], rows(4)[2:], rows(2)]


def test_no_content_is_a_page_without_items(server: Loopback, caller: Caller) -> None:
    server.say(Answer(status=204))
    page = caller.page(KINDS["cursor"].operation.request(query=FIRST))
    assert (page.data, page.has_more, caller.items(page)) == ([], False, [])


def test_a_credential_in_the_query_is_sent_once(server: Loopback, callers: Callers) -> None:
    caller = callers(auth={"query_key": ApiKey("s3cret")})
    echoed = f"{server.url}/api/sample/rows?key=s3cret&from=2"
    server.say(json_answer({"rows": rows(1), "next": echoed}), json_answer({"rows": rows(2)[1:]}))
    assert caller.items(caller.page(KINDS["absolute link"].operation.request(query=FIRST))) == rows(2)
    assert server.last.target == "/api/sample/rows?from=2&key=s3cret"


@pytest.mark.parametrize("kept", ["seven", "-1", ""])
def test_a_mark_that_is_no_number_is_refused_at_once(server: Loopback, caller: Caller, kept: str) -> None:
    again = Caller(caller.client.with_options(start_at=kept), caller.runner)
    with pytest.raises(ValueError, match="start_at: the page is told by a number"):
        again.page(KINDS["offset of a list"].operation.request(query=FIRST))
    assert server.requests == []
