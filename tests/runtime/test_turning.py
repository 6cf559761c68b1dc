"""The page after a page: cursors in the body, cursors that are positions only, page numbers, pages of one item."""

from typing import Any, Final

import pytest
from pydantic import TypeAdapter

from flavours import Caller, Callers
from loopback import Loopback, json_answer
from runtime.drift import Drift
from runtime.envelopes import CursorOf
from runtime.errors import DecodeError, PaginationError
from runtime.operation import (
    Cursor,
    Header,
    JsonBody,
    Operation,
    Paged,
    PagedAt,
    PageNumber,
    Path,
    Query,
    SinglePaged,
)
from sample_client import Account

BODY: Final = (JsonBody("application/json", lambda: TypeAdapter(dict[str, Any])),)
SEARCH: Final = Operation(
    name="search",
    method="POST",
    path="/search/{kind}",
    path_parameters=(Path("kind"),),
    query=(Query("debug"),),
    body=BODY,
    results=(
        (
            "200",
            PagedAt(
                lambda: TypeAdapter(list[Account]),
                items="/cursor/data",
                next="/cursor/next",
                more="/cursor/hasMore",
                optional=True,
                turn=Cursor("cursor", "body"),
            ),
        ),
    ),
)
REPLAY: Final = Operation(
    name="replay",
    method="POST",
    path="/replay",
    query=(Query("dryRun"), Query("cursor")),
    headers=(Header("X-Trace"), Header("Idempotency-Key")),
    body=BODY,
    results=(
        (
            "200",
            SinglePaged(
                lambda: TypeAdapter(dict[str, Any]),
                items="/data",
                next="/data/nextCursor",
                more="/data/hasMore",
                turn=Cursor("cursor", "body", keep=True, carry=(("until", "/data/until"), ("gone", "/data/gone"))),
            ),
        ),
    ),
    idempotency_key="Idempotency-Key",
)
POSITIONS: Final = Operation(
    name="positions",
    method="GET",
    path="/positions",
    query=(Query("status"), Query("cursor")),
    results=(("200", Paged(lambda: TypeAdapter(CursorOf[Account]), turn=Cursor("cursor", keep=True))),),
)
NUMBERED: Final = Operation(
    name="numbered",
    method="GET",
    path="/numbered",
    query=(Query("size"), Query("page")),
    results=(("200", Paged(lambda: TypeAdapter(CursorOf[Account]), turn=PageNumber("page"))),),
)
FROM_ONE: Final = Operation(
    name="from_one",
    method="GET",
    path="/numbered",
    query=(Query("page"),),
    results=(("200", Paged(lambda: TypeAdapter(CursorOf[Account]), turn=PageNumber("page", 1))),),
)


def cursor(names: str, **more: object) -> dict[str, object]:
    return {"cursor": {"data": [{"address": name} for name in names], **more}}


def names(found: list[Account]) -> str:
    return "".join(account.address for account in found)


class TestCursorsInTheBody:
    def test_the_cursor_stands_alone(self, server: Loopback, caller: Caller) -> None:
        server.say(json_answer(cursor("ab", hasMore=True, next="n1", total=3)), json_answer(cursor("c", hasMore=False)))
        page = caller.page(SEARCH.request(path=("x",), query=("yes",), body={"terms": ["a"]}))
        assert page.extra == {"total": 3}
        assert names(caller.items(page)) == "abc"
        assert [request.target for request in server.requests] == [
            "/api/sample/search/x?debug=yes",
            "/api/sample/search/x",
        ]
        assert [request.body for request in server.requests] == [b'{"terms":["a"]}', b'{"cursor":"n1"}']

    def test_an_answer_that_says_other_things_is_an_empty_page(self, server: Loopback, caller: Caller) -> None:
        server.say(json_answer({"data": {"ACCOUNT": [{"address": "a"}]}}))
        page = caller.page(SEARCH.request(path=("x",), body={}))
        assert (page.data, page.has_more) == ([], False)
        assert page.extra == {"data": {"ACCOUNT": [{"address": "a"}]}}
        assert caller.items(page) == []

    def test_an_absent_body_starts_the_next_one(self, server: Loopback, caller: Caller) -> None:
        server.say(
            json_answer({"data": {"hasMore": True, "nextCursor": "n"}}), json_answer({"data": {"hasMore": False}})
        )
        caller.items(caller.page(REPLAY.request()))
        assert server.last.body == b'{"cursor":"n"}'


class TestCallsThatAreRepeated:
    def test_all_is_sent_again_but_for_the_key(self, server: Loopback, caller: Caller) -> None:
        server.say(
            json_answer({"data": {"replayed": 2, "hasMore": True, "nextCursor": "n 1", "until": 10**20}}),
            json_answer({"data": {"replayed": 1, "hasMore": True, "nextCursor": "n2", "until": None}}),
            json_answer({"data": {"replayed": 0, "hasMore": False}}),
        )
        first = REPLAY.request(query=(True, "old"), headers=("t", "key-of-the-user"), body={"since": 1, "until": 2})
        page = caller.page(first)
        assert len(server.requests) == 1
        assert [item["replayed"] for item in caller.items(page)] == [2, 1, 0]
        assert [request.body for request in server.requests] == [
            b'{"since":1,"until":2}',
            b'{"since":1,"until":100000000000000000000,"cursor":"n 1"}',
            b'{"since":1,"until":100000000000000000000,"cursor":"n2"}',
        ]
        assert {request.header("X-Trace") for request in server.requests} == {"t"}
        assert server.requests[0].target.endswith("?dryRun=true&cursor=old")
        assert {request.target for request in server.requests[1:]} == {"/api/sample/replay?dryRun=true"}
        keys = [request.header("Idempotency-Key") for request in server.requests]
        assert keys[0] == "key-of-the-user"
        assert len(set(keys)) == 3
        assert None not in keys

    def test_a_call_that_leads_back_is_an_error(self, server: Loopback, caller: Caller) -> None:
        server.handler = lambda _: json_answer({"data": {"hasMore": True, "nextCursor": "n"}})
        with pytest.raises(PaginationError, match="the same page again"):
            caller.items(caller.page(REPLAY.request(body={})))
        assert len(server.requests) == 2


def test_a_cursor_that_is_a_position_keeps_the_filters(server: Loopback, caller: Caller) -> None:
    server.say(json_answer(cursor("a", hasMore=True, next="n1")), json_answer(cursor("b", hasMore=False)))
    assert names(caller.items(caller.page(POSITIONS.request(query=("failed", None))))) == "ab"
    assert [request.target.partition("?")[2] for request in server.requests] == [
        "status=failed",
        "status=failed&cursor=n1",
    ]


class TestPageNumbers:
    def test_the_number_rises_and_all_else_stays(self, server: Loopback, caller: Caller) -> None:
        server.say(*(json_answer(cursor(name, hasMore=name != "c")) for name in "abc"))
        assert names(caller.items(caller.page(NUMBERED.request(query=(5, None))))) == "abc"
        assert [request.target.partition("?")[2] for request in server.requests] == [
            "size=5",
            "size=5&page=1",
            "size=5&page=2",
        ]

    def test_it_goes_on_from_where_the_caller_begins(self, server: Loopback, caller: Caller) -> None:
        server.say(json_answer(cursor("a", hasMore=True)), json_answer(cursor("b", hasMore=False)))
        caller.items(caller.page(NUMBERED.request(query=(None, 7))))
        assert server.last.target.endswith("?page=8")

    def test_the_first_page_may_be_the_one(self, server: Loopback, caller: Caller) -> None:
        server.say(json_answer(cursor("a", hasMore=True)), json_answer(cursor("b", hasMore=False)))
        caller.items(caller.page(FROM_ONE.request()))
        assert server.last.target.endswith("?page=2")

    def test_an_empty_page_is_the_last(self, server: Loopback, caller: Caller) -> None:
        server.handler = lambda request: json_answer(cursor("" if "page=" in request.target else "a", hasMore=True))
        assert names(caller.items(caller.page(NUMBERED.request()))) == "a"
        assert len(server.requests) == 2


class TestPlaces:
    @pytest.mark.parametrize(
        ("body", "pointer", "message"),
        [
            (b"", "", "the body is empty"),
            (b"[", "", "not JSON"),
            (b"{}", "/data", "missing"),
            (b'{"data": 1}', "/data", "an object"),
        ],
    )
    def test_a_page_that_is_not_there_is_an_error(
        self, server: Loopback, caller: Caller, body: bytes, pointer: str, message: str
    ) -> None:
        answer = json_answer({})
        server.say(type(answer)(status=200, headers=answer.headers, body=body))
        with pytest.raises(DecodeError, match=message) as caught:
            caller.page(REPLAY.request(body={}))
        assert caught.value.pointer == pointer

    def test_an_item_that_does_not_fit_is_found(self, server: Loopback, callers: Callers) -> None:
        reports: list[Drift] = []
        caller = callers(on_drift=reports.append)
        server.say(json_answer({"cursor": {"data": [{"address": "a"}, {}], "hasMore": False}}))
        assert len(caller.page(SEARCH.request(path=("x",), body={})).data) == 2
        assert [each.pointer for report in reports for each in report.found] == ["/cursor/data/1/address"]

    def test_a_list_that_is_null_is_empty(self, server: Loopback, caller: Caller) -> None:
        server.say(json_answer({"cursor": {"data": None, "hasMore": False, "pageSize": 3, "previous": "p"}}))
        page = caller.page(SEARCH.request(path=("x",), body={}))
        assert (page.data, page.page_size, page.previous, page.extra) == ([], 3, "p", {})
