"""Answers of the features: results, errors, streams and redirects."""

import json
from datetime import UTC, datetime

import httpx2
import pytest

from features.conftest import Serve, Use
from features.corpus import built


def test_the_one_header_of_a_head_is_the_result(serve: Serve) -> None:
    served = serve("head-count-header", httpx2.Response(204, headers={"count": "12345678901234567890"}))

    assert served.client.count_accounts() == 12345678901234567890
    assert served.wire.request.method == "HEAD"


def test_an_integer_key_is_a_status(serve: Serve, use: Use) -> None:
    served = serve("integer-status-keys", httpx2.Response(204), httpx2.Response(404, json={"why": "gone"}))

    assert served.client.delete_key("a") is None
    with pytest.raises(use("integer-status-keys").NotFound) as caught:
        served.client.delete_key("b")

    assert caught.value.body == {"why": "gone"}


@pytest.mark.parametrize(
    ("status", "error", "model"),
    [
        (404, "NotFound", "Missing"),
        (502, "ServerError", "Outage"),
        (409, "Conflict", "Refusal"),
        (418, "ApiError", "Refusal"),
    ],
)
def test_the_nearest_declaration_of_an_error_counts(
    serve: Serve, use: Use, status: int, error: str, model: str
) -> None:
    feature = "status-ranges-and-default"
    served = serve(feature, httpx2.Response(status, json={model.lower(): "yes"}))

    with pytest.raises(getattr(use(feature), error)) as caught:
        served.client.place_order()

    assert caught.value.status == status
    assert type(caught.value.body).__name__ == model


def test_every_status_of_a_range_is_a_success(serve: Serve) -> None:
    served = serve("status-ranges-and-default", httpx2.Response(207, json={"id": "1"}))

    assert served.client.place_order().id == "1"


def test_two_successes_give_either(serve: Serve) -> None:
    served = serve(
        "two-successes",
        httpx2.Response(201, json={"data": {"id": "h"}}),
        httpx2.Response(204),
        httpx2.Response(200, json={"id": "i"}),
        httpx2.Response(201, json="new"),
    )

    assert served.client.debit().id == "h"
    assert served.client.debit() is None
    assert served.client.invite().id == "i"
    assert served.client.invite() == "new"


def test_a_download_is_a_stream(serve: Serve) -> None:
    served = serve("binary-download", *(httpx2.Response(200, content=b"\x00log\xff") for _ in range(2)))

    assert served.client.export_logs().read() == b"\x00log\xff"
    with served.client.export_logs() as stream:
        assert (stream.status, b"".join(stream)) == (200, b"\x00log\xff")
    assert served.wire.requests[0].headers["accept"] == "application/octet-stream, application/json"


def test_a_file_under_default_is_the_success(serve: Serve, use: Use) -> None:
    served = serve(
        "file-under-default", httpx2.Response(200, content=b"logs"), httpx2.Response(400, json={"errorCode": "NO"})
    )

    assert served.client.export_logs().read() == b"logs"
    with pytest.raises(use("file-under-default").BadRequest) as caught:
        served.client.export_logs().read()

    assert (caught.value.code, type(caught.value.body).__name__) == ("NO", "Failure")


def test_a_declared_redirect_is_not_followed(serve: Serve) -> None:
    served = serve(
        "redirect-declared", httpx2.Response(302, headers={"location": "https://evil.test"}), httpx2.Response(304)
    )

    with served.client.capture_response() as captured:
        assert served.client.checkout() is None
    assert served.client.prices(if_none_match='"1"') is None

    assert captured.headers["location"] == "https://evil.test"
    assert [request.url.host for request in served.wire.requests] == ["server.test", "server.test"]


def test_text_is_read_as_text_and_json_is_preferred(serve: Serve) -> None:
    served = serve("text-answer", httpx2.Response(200, text="up 1\n"), httpx2.Response(200, json={"name": "app"}))

    assert served.client.metrics() == "up 1\n"
    assert served.client.manifest() == {"name": "app"}
    assert [request.headers["accept"] for request in served.wire.requests] == [
        "text/plain, application/json",
        "application/json",
    ]


def test_an_empty_document_makes_a_client_all_the_same(serve: Serve, use: Use) -> None:
    served = serve("empty-document")

    with served.client as client:
        assert repr(client) == "<EmptyDocumentClient https://server.test/base>"
    assert issubclass(use("empty-document").ApiError, use("empty-document").EmptyDocumentError)


def test_a_default_alone_is_the_success(serve: Serve) -> None:
    served = serve("version-prefixes", httpx2.Response(200, content=json.dumps({"errorCode": "none"}).encode()))

    assert served.client.get_info().error_code == "none"


def test_xml_is_a_text_both_ways_with_a_warning(serve: Serve) -> None:
    served = serve("markup-as-text", httpx2.Response(200, text="<b/>", headers={"content-type": "application/xml"}))

    assert served.client.put_document("<a/>") == "<b/>"

    assert (served.wire.request.headers["content-type"], served.wire.request.content) == ("application/xml", b"<a/>")
    told = [found.code.slug for found in built("markup-as-text")[1]]
    assert told.count("unsupported-media-type") == 2


def test_a_password_does_not_show(serve: Serve, models: Use) -> None:
    served = serve("password-is-secret", httpx2.Response(200, json={"name": "a", "password": "hunter2"}))
    login = models("password-is-secret").Login(name="a", password="hunter1")

    answer = served.client.log_in(login, pin="1234")

    assert (repr(login), "hunter2" in repr(answer)) == ("Login(name='a', password='***')", False)
    assert (answer.password, served.wire.target) == ("hunter2", "/logins?pin=1234")
    assert json.loads(served.wire.request.content) == {"name": "a", "password": "hunter1"}


def test_headers_of_an_answer_are_read_as_what_they_are(serve: Serve) -> None:
    headers = {"X-Remaining": "12", "X-Reset": "2026-01-02T03:04:05Z", "X-Pages": "1, 2,3", "X-Cached": "true"}
    served = serve("response-headers", httpx2.Response(200, json=[], headers=headers))

    with served.client.capture_response() as captured:
        served.client.list_rates()

    assert captured.headers.read("x-remaining", int) == 12
    assert captured.headers.read("X-Reset", datetime) == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert captured.headers.read("X-Pages", list[int]) == [1, 2, 3]
    assert captured.headers.read("X-Cached", bool) is True
    assert captured.headers.read("X-Mode", str) is None
    with pytest.raises(ValueError, match="date"):
        captured.headers.read("X-Cached", datetime)
    with pytest.raises(ValueError, match="int"):
        captured.headers.read("X-Cached", int)


@pytest.mark.parametrize("text", ["Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"])
def test_a_moment_in_a_header_may_be_written_as_http_does(serve: Serve, text: str) -> None:
    served = serve("response-headers", httpx2.Response(200, json=[], headers={"X-Reset": text}))

    with served.client.capture_response() as captured:
        served.client.list_rates()

    assert captured.headers.read("X-Reset", datetime) == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


def test_nothing_is_a_page_without_items(serve: Serve) -> None:
    pages = [{"cursor": {"data": [{"id": "a"}], "hasMore": True, "next": "b"}}, None]
    served = serve(
        "several-answers",
        httpx2.Response(204),
        *(httpx2.Response(200, json=page) if page else httpx2.Response(204) for page in pages),
    )

    assert list(served.client.list_jobs()) == []
    assert [job.id for job in served.client.list_jobs()] == ["a"]


def test_another_answer_makes_a_page_a_value_like_any(serve: Serve) -> None:
    jobs = {"cursor": {"data": [{"id": "a"}], "hasMore": False}}
    served = serve("several-answers", httpx2.Response(200, json=jobs), httpx2.Response(202, json={"id": "b"}))

    assert served.client.search_jobs().cursor.data[0].id == "a"
    assert served.client.search_jobs().id == "b"


def test_what_comes_beside_a_stream_comes_as_one(serve: Serve) -> None:
    headers = {"content-type": "application/jsonl"}
    served = serve(
        "several-answers",
        httpx2.Response(202, json={"id": "b"}),
        httpx2.Response(200, content=b'{"id": "a"}\n', headers=headers),
        httpx2.Response(202, json={"id": "b"}),
        httpx2.Response(204),
    )

    with served.client.download_log("1") as log:
        assert (log.status, log.read()) == (202, b'{"id":"b"}')
    assert [[job.id for job in served.client.follow_log("1")] for _ in range(3)] == [["a"], ["b"], []]
    told = [found.message for found in built("several-answers")[1] if found.code.slug == "unsupported-feature"]
    assert len(told) == 2


def test_a_call_accepts_the_forms_in_which_its_answers_come(serve: Serve, use: Use) -> None:
    offers = httpx2.Response(200, content=b'["a"]', headers={"Content-Type": "application/vnd.acme.offers+json"})
    problem = httpx2.Response(
        404, content=b'{"title":"no market"}', headers={"Content-Type": "application/problem+json"}
    )
    served = serve("vendor-media-types", offers, problem, *[httpx2.Response(200, json="b") for _ in range(2)])

    assert served.client.list_offers() == ["a"]
    with pytest.raises(use("vendor-media-types").NotFound) as raised:
        served.client.list_offers()
    assert raised.value.body.title == "no market"
    assert served.client.get_offer() == "b"
    assert served.client.get_anything() == "b"

    accepted = [request.headers["Accept"] for request in served.wire.requests]
    several = "application/json, application/vnd.acme.offers+json, application/problem+json"
    assert accepted == [several, several, "application/json", "application/json, */*;q=0.1"]
