"""G8: going through pages ends, whatever a server says, and goes on elsewhere from what was kept."""

from typing import Final

import pytest
from pydantic import TypeAdapter

from flavours import Caller
from loopback import Answer, Loopback, Recorded, json_answer
from runtime.envelopes import CursorOf, PageData
from runtime.errors import DecodeError, PaginationError
from runtime.following import MOST_EMPTY, Direction
from runtime.operation import Operation, Paged, PageNumber, Query, Request
from sample_client import LIST, Account

FIRST: Final = LIST.request(path=("main",), query=(2, None), headers=("trace",), body={"$match": {"address": "a:"}})
NUMBERED: Final = Operation(
    name="numbered",
    method="GET",
    path="/numbered",
    query=(Query("page"),),
    results=(("200", Paged(lambda: TypeAdapter(CursorOf[Account]), turn=PageNumber("page"))),),
)


def page_answer(names: str, **more: object) -> Answer:
    return json_answer({"cursor": {"pageSize": 1, "data": [{"address": name} for name in names], **more}})


def at(cursor: str) -> Request[PageData[Account]]:
    return LIST.request(path=("main",), query=(None, cursor), headers=(None,))


def names(items: list[Account]) -> str:
    return "".join(account.address for account in items)


def alphabet(request: Recorded) -> Answer:
    """Answer as a server with a page for each of the letters a to e, which leads both ways."""
    letter = request.target.partition("cursor=")[2] or "a"
    place = "abcde".index(letter)
    links = {"next": "abcde"[place + 1 : place + 2], "previous": "abcde"[place - 1] if place else ""}
    return page_answer(letter, hasMore=place < 4, **links)


@pytest.fixture
def letters(server: Loopback) -> Loopback:
    server.handler = alphabet
    return server


def test_g8_the_same_cursor_twice_is_an_error(server: Loopback, caller: Caller) -> None:
    server.say(
        page_answer("a", hasMore=True, next="1"),
        page_answer("b", hasMore=True, next="2"),
        page_answer("c", hasMore=True, next="1"),
    )
    with pytest.raises(PaginationError, match=r"the same page again \(v2.list_accounts, GET "):
        caller.items(caller.page(FIRST))
    assert len(server.requests) == 3


def test_g8_a_page_that_leads_to_itself_is_not_asked_for_again(server: Loopback, caller: Caller) -> None:
    server.say(page_answer("a", hasMore=True, next="kept"))
    page = caller.page(at("kept"))
    with pytest.raises(PaginationError, match="the same page again"):
        caller.items(page)
    assert len(server.requests) == 1


@pytest.mark.parametrize("cursor", [{}, {"next": None}, {"next": ""}])
@pytest.mark.parametrize("items", ["", "a"])
def test_g8_more_without_a_cursor_is_an_error(
    server: Loopback, caller: Caller, cursor: dict[str, str | None], items: str
) -> None:
    server.say(page_answer(items, hasMore=True, **cursor))
    with pytest.raises(PaginationError, match="no page, though there is more"):
        caller.items(caller.page(FIRST))
    assert len(server.requests) == 1


@pytest.mark.parametrize("more", [{}, {"next": None}, {"next": ""}, {"hasMore": False, "next": "x"}])
def test_g8_no_more_ends(server: Loopback, caller: Caller, more: dict[str, object]) -> None:
    server.say(page_answer("a", **more))
    assert names(caller.items(caller.page(FIRST))) == "a"
    assert len(server.requests) == 1


def test_g8_an_empty_page_may_lead_on_but_not_for_ever(server: Loopback, caller: Caller) -> None:
    def answer(request: Recorded) -> Answer:
        number = int(request.target.partition("cursor=")[2] or 0)
        return page_answer("a" if number in (0, 2) else "", hasMore=True, next=str(number + 1))

    server.handler = answer
    with pytest.raises(PaginationError, match=f"{MOST_EMPTY} pages without any item"):
        caller.items(caller.page(FIRST))
    assert len(server.requests) == 3 + MOST_EMPTY


def test_g8_a_page_that_is_null_is_an_error(server: Loopback, caller: Caller) -> None:
    server.say(json_answer({"cursor": None}))
    with pytest.raises(DecodeError, match="/cursor"):
        caller.page(FIRST)


def test_g8_items_that_are_null_are_none(server: Loopback, caller: Caller) -> None:
    server.say(json_answer({"cursor": {"data": None, "hasMore": False}}))
    assert caller.items(caller.page(FIRST)) == []


def test_g8_a_server_that_ignores_page_numbers_is_noticed(server: Loopback, caller: Caller) -> None:
    server.say(page_answer("a", hasMore=True))
    page = caller.page(NUMBERED.request(query=(None,)))
    with pytest.raises(PaginationError, match="the same page again"):
        caller.items(page)
    assert len(server.requests) == 2


@pytest.mark.parametrize(("most", "found"), [(0, []), (1, ["a"]), (3, ["a", "b", "c"]), (9, ["a", "b", "c", "d", "e"])])
def test_g8_a_budget_of_pages_just_ends(letters: Loopback, caller: Caller, most: int, found: list[str]) -> None:
    page = caller.page(FIRST)
    assert [names(items) for items in caller.pages(page, max_pages=most)] == found
    assert names(caller.items(page, max_pages=most)) == "".join(found)
    assert len(letters.requests) == 1 + 2 * max(0, len(found) - 1)


def test_g8_a_budget_of_items_fetches_no_page_in_vain(server: Loopback, caller: Caller) -> None:
    server.say(page_answer("ab", hasMore=True, next="1"), page_answer("cd", hasMore=True, next="2"))
    page = caller.page(FIRST)
    assert names(caller.items(page, max_items=0)) == ""
    assert names(caller.items(page, max_items=2)) == "ab"
    assert len(server.requests) == 1
    assert names(caller.items(page, max_items=3)) == "abc"
    assert len(server.requests) == 2


def test_g8_a_budget_ends_pages_that_would_not(server: Loopback, caller: Caller) -> None:
    server.handler = lambda _: page_answer("a", hasMore=True, next=str(len(server.requests)))
    assert len(caller.items(caller.page(FIRST), max_pages=250)) == 250
    assert len(server.requests) == 250


def test_g8_a_limit_that_cannot_be_is_refused_at_once(letters: Loopback, caller: Caller) -> None:
    page = caller.page(FIRST)
    sideways: Direction = "sideways"  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]  # the point
    with pytest.raises(ValueError, match="max_pages: the number must not be negative"):
        page.pages(max_pages=-1)
    with pytest.raises(ValueError, match="max_items: the number must not be negative"):
        page.items(max_items=-1)
    with pytest.raises(ValueError, match="direction: it must be 'forwards' or 'backwards'"):
        page.pages(direction=sideways)
    assert len(letters.requests) == 1


def test_g8_a_walk_goes_on_from_a_cursor_that_was_kept(letters: Loopback, caller: Caller) -> None:
    kept: list[str] = []
    page = caller.page(FIRST)
    assert page.cursor is None
    assert [names(items) for items in caller.pages(page, max_pages=2)] == ["a", "b"]
    following = caller.neighbour(page, "forwards")
    assert following is not None
    assert (following.cursor, following.next) == ("b", "c")
    kept.append(following.next or "")
    assert names(caller.items(caller.page(at(kept.pop())))) == "cde"
    assert letters.last.target == "/api/sample/v2/main/accounts?cursor=e"


def test_g8_backwards_ends_at_the_first_page(letters: Loopback, caller: Caller) -> None:
    page = caller.page(at("d"))
    assert [names(items) for items in caller.pages(page, direction="backwards")] == ["d", "c", "b", "a"]
    assert [names(items) for items in caller.pages(page, direction="backwards", max_pages=2)] == ["d", "c"]
    assert letters.last.target == "/api/sample/v2/main/accounts?cursor=c"


def test_g8_backwards_does_not_run_in_circles(server: Loopback, caller: Caller) -> None:
    server.handler = lambda request: page_answer("a", previous="2" if request.target.endswith("1") else "1")
    with pytest.raises(PaginationError, match="the same page again"):
        caller.pages(caller.page(at("2")), direction="backwards")
    assert len(server.requests) == 2


def test_g8_one_page_to_and_fro(letters: Loopback, caller: Caller) -> None:
    first = caller.page(FIRST)
    second = caller.neighbour(first, "forwards")
    assert second is not None
    back = caller.neighbour(second, "backwards")
    assert back is not None
    assert [names(each.data) for each in (first, second, back)] == ["a", "b", "a"]
    assert caller.neighbour(first, "backwards") is None
    last = caller.page(at("e"))
    assert caller.neighbour(last, "forwards") is None
    assert len(letters.requests) == 4


def test_g8_numbered_pages_go_back_to_the_first(server: Loopback, caller: Caller) -> None:
    server.handler = lambda request: page_answer(request.target[-1], hasMore=True)
    page = caller.page(NUMBERED.request(query=(2,)))
    assert [names(items) for items in caller.pages(page, direction="backwards")] == ["2", "1", "0"]
