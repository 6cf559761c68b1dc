"""Answers: what a status and a body mean, and what is done about those that do not fit."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter

from flavours import Caller, Callers
from loopback import Answer, Loopback, json_answer
from runtime.decoding import decode
from runtime.drift import Drift, Finding
from runtime.envelopes import DataOf
from runtime.errors import DecodeError
from runtime.operation import Data, Operation
from runtime.response import Headers, Response
from runtime.unions import Unknown
from sample_client import (
    ANY,
    BULK,
    COUNT,
    CREATE,
    DEBIT,
    DELETE,
    LIST,
    LIST_ONCE,
    METRICS,
    POST,
    Account,
    Anything,
    Drop,
    Hold,
)


def _response(value: object, status: int = 200) -> Response:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Response(status, Headers(), content)


def test_an_envelope_is_taken_off(server: Loopback, caller: Caller) -> None:
    server.say(json_answer({"data": {"address": "a", "balance": 2**70}}))
    assert caller.send(CREATE.request(path=("l",), body={"address": "a"})) == Account(address="a", balance=2**70)


def test_a_header_may_be_the_result(server: Loopback, caller: Caller) -> None:
    server.say(Answer(status=204, headers=(("count", "42"),)), Answer(status=200, headers=(("Count", "43"),)))
    assert caller.send(COUNT.request()) == 42
    assert caller.send(COUNT.request()) == 43


@pytest.mark.parametrize("headers", [(), (("Count", "many"),)])
def test_a_header_that_is_not_there_is_an_error(
    server: Loopback, caller: Caller, headers: tuple[tuple[str, str], ...]
) -> None:
    server.say(Answer(status=204, headers=headers))
    with pytest.raises(DecodeError, match="the header Count is"):
        caller.send(COUNT.request())


def test_of_two_successes_the_status_decides(server: Loopback, caller: Caller) -> None:
    server.say(json_answer({"data": {"id": "h"}}, status=201), Answer(status=204))
    assert caller.send(DEBIT.request()) == Hold(id="h")
    assert caller.send(DEBIT.request()) is None


def test_a_success_that_is_not_declared_means_what_comes_nearest() -> None:
    assert decode(DEBIT, _response({"data": {"id": "h"}}, 202)) == Hold(id="h")
    assert decode(DEBIT, _response(b"", 200)) is None
    assert decode(POST, _response({"address": "a"}, 201)) == Account(address="a")
    assert decode(ANY, _response({"id": "h"}, 203)) == Hold(id="h")


def test_an_error_status_may_be_a_success() -> None:
    assert decode(BULK, _response({"data": [{"action": "DROP", "address": "a"}]}, 400)) == [Drop(address="a")]


def test_a_body_that_nobody_declared_is_ignored(server: Loopback, caller: Caller) -> None:
    server.say(json_answer({"some": "thing"}))
    caller.send(DELETE.request())
    assert server.last.method == "DELETE"


def test_the_content_type_does_not_matter(server: Loopback, caller: Caller) -> None:
    server.say(Answer(body=b'{"address":"a"}', headers=(("Content-Type", "text/html"),)))
    assert caller.send(POST.request(body={"address": "a"})) == Account(address="a")


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert decode(POST, _response(b"\xef\xbb\xbf" + b'{"address":"a"}')) == Account(address="a")


def test_text_is_text(server: Loopback, caller: Caller) -> None:
    server.say(Answer(body="é 1\n".encode()))
    assert caller.send(METRICS.request()) == "é 1\n"


@pytest.mark.parametrize(
    ("content", "pointer", "message"),
    [
        (b"", "", "the body is empty"),
        (b"<html>", "", "the body is not JSON"),
        (b'{"data":', "", "the body is not JSON"),
        (b"[" * 100_000, "", "the body is not JSON"),
        (b'{"data":{"address":"a","balance":' + b"1" * 100_000 + b"}}", "", "the body is not JSON"),
        (b'{"data":{"address":"a","balance":NaN}}', "", "the body is not JSON"),
        (b"{}", "/data", "Field required"),
        (b'{"data":{}}', "/data", "there is nothing of Account"),
        (b'{"data":{"some":"thing"}}', "/data", "there is nothing of Account"),
        (b'{"data":["a~/b"]}', "/data", "should be an object"),
        (b"[]", "", "an object"),
    ],
)
def test_what_cannot_be_read_is_one_error_that_says_where(content: bytes, pointer: str, message: str) -> None:
    with pytest.raises(DecodeError, match=message) as caught:
        decode(CREATE, _response(content))
    error = caught.value
    assert (error.status, error.operation, error.pointer) == (200, "v2.create_account", pointer)
    assert "v2.create_account, POST /v2/{ledger}/accounts" in str(error)
    assert error.response.content == content


def test_what_does_not_fit_is_kept_as_it_came_and_reported() -> None:
    reports: list[Drift] = []
    body = {
        "data": {
            "address": None,
            "balance": "many",
            "createdAt": "0000-13-01T00:00:00Z",
            "parent": {"address": "p", "children": [{"address": "c", "balance": 2**70}, {"balance": 1}, 5]},
            "byName": {"x/y": {"address": "d", "level": "high", "note": "n"}},
        }
    }
    account = decode(CREATE, _response(body), on_drift=reports.append)
    plain = account.model_dump(warnings=False, by_alias=True, exclude_unset=True)
    assert plain == body["data"]
    parent, named = account.parent, account.by_name
    assert parent is not None
    assert parent.children is not None
    assert named is not None
    assert parent.children[0] == Account(address="c", balance=2**70)
    assert isinstance(parent.children[1], Account)
    assert isinstance(named["x/y"], Account)
    (report,) = reports
    assert report.operation == "v2.create_account"
    assert [(each.pointer, each.model, each.kind, each.expected) for each in report.found] == [
        ("/data/address", "Account", "null", "a valid string"),
        ("/data/balance", "Account", "wrong value", "a valid integer, unable to parse string as an integer"),
        (
            "/data/createdAt",
            "Account",
            "wrong value",
            "a valid datetime or date, month value is outside expected range of 1-12",
        ),
        ("/data/parent/children/1/address", "Account", "missing field", "a value"),
        ("/data/parent/children/2", "Account", "wrong value", "a valid dictionary or instance of Account"),
        ("/data/byName/x~1y/level", "Account", "wrong value", "1 or 2"),
    ]


def test_items_are_never_dropped_from_a_page() -> None:
    page = decode(LIST, _response({"cursor": {"data": [{"address": "a"}, {"balance": 1}], "hasMore": False}}))
    assert [each.balance for each in page.data] == [None, 1]
    assert [each.model_fields_set for each in page.data] == [{"address"}, {"balance"}]


def test_a_null_list_is_an_empty_page() -> None:
    assert decode(LIST_ONCE, _response({"data": None, "hasMore": False})).data == []


def test_drift_in_what_fits_is_reported_where_somebody_listens(server: Loopback, callers: Callers) -> None:
    reports: list[Drift] = []
    caller = callers(on_drift=reports.append)
    child = {"address": "c", "kind": "NEW", "level": 1}
    server.say(json_answer({"address": "a", "level": 9, "children": [child], "new": 1}))
    caller.send(POST.request(body={"address": "a"}))
    server.say(json_answer({"address": "a"}))
    assert [report.found for report in reports] == [
        (
            Finding(pointer="/new", model="Account", kind="unknown field"),
            Finding(pointer="/level", model="Account", kind="unknown value", expected="a Level: 1, 2"),
            Finding(pointer="/children/0/kind", model="Account", kind="unknown value", expected="a Kind: USER, WORLD"),
        )
    ]


def test_an_unknown_variant_is_drift() -> None:
    reports: list[Drift] = []
    value = decode(ANY, _response({"nobody": {"knows": 1}} | {"this": [1]}), on_drift=reports.append)
    assert isinstance(value, Unknown)
    finding = Finding(pointer="", model="", kind="unknown variant", expected="a known variant")
    assert reports == [Drift(operation="anything", found=(finding,))]


def test_drift_does_not_name_what_is_around_a_result() -> None:
    reports: list[Drift] = []
    operation = Operation(
        name="x", method="GET", path="/", results=(("200", Data(lambda: TypeAdapter(DataOf[Anything]))),)
    )
    decode(operation, _response({"data": {"nobody": 1}}), on_drift=reports.append)
    finding = Finding(pointer="/data", model="", kind="unknown variant", expected="a known variant")
    assert [report.found for report in reports] == [(finding,)]


def test_adapters_are_made_once_and_only_when_needed() -> None:
    made: list[int] = []

    def make() -> TypeAdapter[DataOf[Any]]:
        made.append(1)
        return TypeAdapter(DataOf[Any])

    operation = Operation(name="x", method="GET", path="/", results=(("200", Data(make)),))
    assert not made
    assert [decode(operation, _response({"data": number})) for number in range(3)] == [0, 1, 2]
    assert made == [1]
