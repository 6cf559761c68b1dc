"""Pages and envelopes, from the answer to what the caller gets."""

import json

import httpx2
import pytest

from features.conftest import Serve, Use


def answer(body: object, status: int = 200) -> httpx2.Response:
    return httpx2.Response(status, json=body)


def test_an_inline_cursor_is_followed_to_the_last_page(serve: Serve) -> None:
    served = serve(
        "cursor-inline",
        answer({"cursor": {"pageSize": 1, "hasMore": True, "next": "n1", "data": [{"address": "a"}]}}),
        answer({"cursor": {"pageSize": 1, "hasMore": False, "data": [{"address": "b"}]}}),
    )

    assert [account.address for account in served.client.list_accounts(page_size=1)] == ["a", "b"]
    assert [request.url.query for request in served.wire.requests] == [b"pageSize=1", b"cursor=n1"]


def test_a_cursor_through_all_of_is_a_page(serve: Serve) -> None:
    served = serve(
        "cursor-through-allof",
        answer({"cursor": {"hasMore": True, "next": "x/y", "data": [{"id": "1"}]}}),
        answer({"cursor": {"hasMore": False, "data": None}}),
    )

    page = served.client.list_payments()

    assert [payment.id for payment in page.data] == ["1"]
    assert [payment.id for payment in page] == ["1"]
    assert served.wire.requests[1].url.raw_path == b"/base/payments?cursor=x%2Fy"


def test_without_a_cursor_parameter_the_first_page_is_all(serve: Serve) -> None:
    served = serve("cursor-without-parameter", answer({"cursor": {"hasMore": True, "next": "n", "data": ["a", "b"]}}))

    page = served.client.list_exporters()

    assert list(page) == ["a", "b"]
    assert page.has_more
    assert len(served.wire.requests) == 1


def test_a_page_under_data_is_followed(serve: Serve) -> None:
    served = serve(
        "data-in-data-page",
        answer({"data": {"hasMore": True, "next": "n", "data": [{"seq": 1}]}}),
        answer({"data": {"hasMore": False, "data": [{"seq": 2}]}}),
    )

    assert [log.seq for log in served.client.list_logs()] == [1, 2]


def test_an_envelope_is_opened(serve: Serve) -> None:
    served = serve("data-envelope", answer({"data": {"name": "main"}}))

    assert served.client.get_ledger().name == "main"


def test_an_envelope_with_more_than_data_stays_whole(serve: Serve) -> None:
    served = serve("data-envelope", answer({"data": {"name": "main"}, "errorCode": "NO_SCRIPT"}))

    response = served.client.run_script()

    assert (response.data.name, response.error_code) == ("main", "NO_SCRIPT")


def test_an_envelope_without_its_data_is_an_error_that_says_where(serve: Serve, use: Use) -> None:
    served = serve("data-envelope", answer({"data": {}}))

    with pytest.raises(use("data-envelope").DecodeError) as caught:
        served.client.get_ledger()

    assert caught.value.pointer == "/data"
    assert json.loads(caught.value.response.content) == {"data": {}}
