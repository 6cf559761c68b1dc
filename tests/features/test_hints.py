"""What hints change for the caller."""

import json

import httpx2

from features.conftest import Serve, Use


def answer(body: object, status: int = 200) -> httpx2.Response:
    return httpx2.Response(status, json=body)


def test_names_are_those_that_were_chosen_and_the_wire_is_as_before(serve: Serve, models: Use) -> None:
    served = serve("hint-names", answer([{"nm": "Rex", "mood": "+1", "box": [{"size": 2}]}]))

    (pet,) = served.client.list_pets(search="dog")

    names = models("hint-names")
    assert (pet.name, pet.mood, pet.box) == ("Rex", names.Mood.HAPPY, [names.Box(size=2)])
    assert served.wire.target == "/pets?q=dog"


def test_a_page_is_asked_for_in_the_body(serve: Serve) -> None:
    served = serve(
        "hint-paging-in-the-body",
        answer({"cursor": {"hasMore": True, "next": "n", "total": 3, "data": ["a", "b"]}}),
        answer({"cursor": {"hasMore": False, "data": ["c"]}}),
        answer({"groups": {"x": ["a"]}}),
    )

    page = served.client.search({"terms": "t"})

    assert (list(page), page.extra) == (["a", "b", "c"], {"total": 3})
    assert [json.loads(request.content) for request in served.wire.requests] == [{"terms": "t"}, {"cursor": "n"}]
    groups = served.client.search()
    assert (groups.data, groups.extra) == ([], {"groups": {"x": ["a"]}})


def test_a_page_is_asked_for_by_its_number(serve: Serve) -> None:
    served = serve(
        "hint-paging-by-number",
        answer({"apps": ["a"], "meta": {"more": True}}),
        answer({"apps": ["b"], "meta": {"more": False}}),
    )

    assert list(served.client.list_apps(owner="me")) == ["a", "b"]
    assert [request.url.query for request in served.wire.requests] == [b"owner=me", b"page=2&owner=me"]


def test_a_call_is_repeated_until_all_is_done(serve: Serve) -> None:
    served = serve(
        "hint-paging-that-repeats",
        answer({"data": {"count": 2, "hasMore": True, "until": 9, "nextCursor": "n"}}),
        answer({"data": {"count": 1, "hasMore": False, "until": 9}}),
    )

    assert [done.count for done in served.client.replay({"since": 1}, idempotency_key="k")] == [2, 1]
    bodies = [json.loads(request.content) for request in served.wire.requests]
    assert bodies == [{"since": 1}, {"since": 1, "until": 9, "cursor": "n"}]
    keys = [request.headers["Idempotency-Key"] for request in served.wire.requests]
    assert keys[0] == "k"
    assert keys[1] not in ("", "k")


def test_what_of_an_answer_is_the_result_can_be_told(serve: Serve) -> None:
    served = serve(
        "hint-no-paging",
        answer({"data": ["a"], "hasMore": True}),
        answer({"data": "b"}),
        answer({"data": "c", "at": 1}),
    )

    whole, enveloped = served.client.whole(), served.client.enveloped()

    assert (whole.data, whole.has_more) == (["a"], True)
    assert enveloped.data == "b"
    assert served.client.opened() == "c"


def test_a_key_goes_along_where_a_header_takes_one(serve: Serve) -> None:
    served = serve("hint-idempotency-key", httpx2.Response(204), httpx2.Response(204))

    served.client.create_order()
    served.client.create_offer()

    order, offer = served.wire.requests
    assert order.headers["X-Request-Token"]
    assert "Idempotency-Key" not in offer.headers


def test_a_discriminator_that_was_added_tells_variants_apart(models: Use) -> None:
    found = models("overlay-adds-a-discriminator")
    assert found.Circle(size=1).kind == "round"
