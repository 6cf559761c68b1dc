"""What is demanded of what is sent, and of nothing that is read: bounds, and who may set a property."""

import json

import httpx2
import pytest

from features.conftest import Serve, Use


def test_what_only_the_service_sets_is_not_sent_and_what_no_answer_has_is_not_missed(serve: Serve, models: Use) -> None:
    answer = {"id": 7, "name": "Ada", "owner": {"key": "k"}, "note": None}
    served = serve("read-only-and-write-only", httpx2.Response(201, json=answer), httpx2.Response(201, json=answer))
    found = models("read-only-and-write-only")

    made = served.client.create_account(found.Account(name="Ada", pin="1", owner=found.Owner(email="a@b.c"), note=None))
    sent = {**answer, "pin": "2", "others": [{"key": "l", "email": "d"}]}
    served.client.create_account(found.Account.model_validate(sent))

    assert (made.id, made.name, made.owner.key, made.pin) == (7, "Ada", "k", None)
    first, second = (json.loads(request.content) for request in served.wire.requests)
    assert first == {"name": "Ada", "pin": "1", "note": None, "owner": {"email": "a@b.c"}}
    assert second == {"name": "Ada", "pin": "2", "note": None, "owner": {}, "others": [{"email": "d"}]}


def test_what_no_answer_has_is_demanded_when_it_is_sent(serve: Serve, use: Use) -> None:
    served = serve("read-only-and-write-only")

    with pytest.raises(use("read-only-and-write-only").InvalidRequest, match=r"body\.pin: a value is needed"):
        served.client.create_account({"name": "Ada", "owner": {}})

    assert served.wire.requests == []


@pytest.mark.parametrize(
    ("code", "page_size", "body", "told"),
    [
        ("A", None, {"name": "a"}, r"code: must match '\^\[a-z\]\+\$'"),
        ("a", 0, {"name": "a"}, "page_size: must be at least 1"),
        ("a", 101, {"name": "a"}, "page_size: must be at most 100"),
        ("a", None, {"name": ""}, r"body\.name: must have at least 1 characters"),
        ("a", None, {"name": "a", "price": 0}, r"body\.price: must be greater than 0"),
        ("a", None, {"name": "a", "price": 0.005}, r"body\.price: must be a multiple of 0\.01"),
        ("a", None, {"name": "a", "tags": ["x", "x"]}, r"body\.tags: must not have an item twice"),
        ("a", None, {"name": "a", "lines": [{}, {"count": 10}]}, r"body\.lines\.1\.count: must be at most 9"),
        ("a", None, {"name": "a", "names": ["a", ""]}, r"body\.names\.1: must have at least 1 characters"),
        ("a", None, {"name": "a", "table": {"x": [1, 10]}}, r"body\.table\.x\.1: must be at most 9"),
        ("a", None, {"name": "a", "lines": [{"cuont": 1}]}, r"body\.lines\.0\.cuont: there is no such property"),
        ("a", None, {"name": "a", "meta": {"a": "1", "b": "2"}}, r"body\.meta: must have at most 1 properties"),
    ],
)
def test_bounds_are_kept_by_what_is_sent(
    serve: Serve, use: Use, code: str, page_size: int | None, body: object, told: str
) -> None:
    served = serve("bounds")

    with pytest.raises(use("bounds").InvalidRequest, match=told):
        served.client.place_order(code, body, page_size=page_size)

    assert served.wire.requests == []


@pytest.mark.parametrize(
    ("call", "body", "told"),
    [
        ("set_names", [], "body: must have at least 1 items"),
        ("set_names", ["a", "abcdef"], "body.1: must have at most 5 characters"),
        ("set_stock", {"a": 1, "b": 2, "c": 3}, "body: must have at most 2 properties"),
        ("set_stock", {"a": -1}, "body.a: must be at least 0"),
    ],
)
def test_bounds_of_a_body_that_is_no_model(serve: Serve, use: Use, call: str, body: object, told: str) -> None:
    served = serve("bounds")

    with pytest.raises(use("bounds").InvalidRequest, match=told):
        getattr(served.client, call)(body)

    assert served.wire.requests == []


def test_what_is_read_may_be_beyond_its_bounds(serve: Serve) -> None:
    order = {"name": "longer than five", "price": -1.0, "tags": ["a", "a", "a"]}
    served = serve("bounds", httpx2.Response(200, json={"name": "long", "order": order}), strict=True)

    report = served.client.place_order("a", {"name": "a", "price": 0.29, "tags": ["a", "b"]}, page_size=100)

    assert (report.name, report.order.name, report.order.price) == ("long", "longer than five", -1.0)
