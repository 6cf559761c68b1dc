"""Parameters on the wire: what a document may say of one beside its style."""

from datetime import date
from urllib.parse import unquote

import httpx2
import pytest

from features.conftest import Serve, Use


def done() -> httpx2.Response:
    return httpx2.Response(204)


def test_each_parameter_goes_to_its_place(serve: Serve, models: Use) -> None:
    served = serve("parameters-everywhere", done())
    point = models("parameters-everywhere").Point(x=1)

    served.client.get_thing(
        7,
        "a:b/c",
        {"k": [1, "é"]},
        query_id="q",
        header_id="h",
        cookie_id="c d",
        debug=True,
        level=2,
        filter_owner="me",
        since=date(2026, 1, 2),
        which=["x", "y"],
        point=point,
        where=point,
        note="a&b",
        x_meta={"é": 1},
        x_range={"from": 1, "to": 2},
        crumbs=["a/b", "c"],
        prefs={"dark": True},
    )

    request = served.wire.request
    path, _, query = served.wire.target.partition("?")
    assert path == "/things/7/a:b%2Fc/%7B%22k%22%3A%5B1%2C%22%C3%A9%22%5D%7D.json"
    assert [unquote(pair) for pair in query.split("&")] == [
        "id=q",
        "debug=true",
        "level=2",
        "filter[owner]=me",
        "since=2026-01-02",
        "which=x",
        "which=y",
        "x=1",
        'where={"x":1}',
        "note=a&b",
    ]
    assert (request.headers["id"], request.headers["x-meta"]) == ("h", '{"\\u00e9":1}')
    assert request.headers["x-range"] == "from=1,to=2"
    assert request.headers["cookie"] == "id=c%20d; crumbs=a/b; crumbs=c; prefs=%7B%22dark%22%3Atrue%7D"


def test_what_is_absent_or_empty_is_not_sent_and_no_default_is(serve: Serve) -> None:
    served = serve("parameters-everywhere", done())

    served.client.get_thing(7, "p", {}, which=[], x_range={}, crumbs=[])

    assert served.wire.target == "/things/7/p/%7B%7D.json"
    assert not {"id", "x-meta", "x-range", "cookie"} & {*served.wire.request.headers}


def test_an_empty_value_is_sent_where_the_document_allows_it(serve: Serve, use: Use) -> None:
    served = serve("parameters-everywhere", done())

    served.client.get_thing(7, "p", {}, debug="", level="", word="")

    assert served.wire.target.partition("?")[2] == "debug=&level=&word="
    with pytest.raises(use("parameters-everywhere").InvalidRequest, match="level: must be at least 1"):
        served.client.get_thing(7, "p", {}, level=0)


@pytest.mark.parametrize("path", ["..", ".", "", "%2e%2E"])
def test_a_value_of_the_path_does_not_lead_elsewhere(serve: Serve, use: Use, path: str) -> None:
    served = serve("parameters-everywhere")

    with pytest.raises(use("parameters-everywhere").InvalidRequest, match="path: "):
        served.client.get_thing(7, path, {})

    assert served.wire.requests == []


def test_a_query_may_be_one_value_without_a_name(serve: Serve, models: Use) -> None:
    served = serve("parameters-everywhere", done(), done(), done())

    served.client.search(query=models("parameters-everywhere").Point(x=1))
    served.client.search()
    served.client.find(path="$.a&b")

    targets = [request.url.raw_path.decode().removeprefix("/base") for request in served.wire.requests]
    assert targets == ["/search?%7B%22x%22%3A1%7D", "/search", "/find?%24.a%26b"]


def test_arrays_of_swagger_2_are_written_in_their_format(serve: Serve) -> None:
    served = serve("collection-formats", done())

    served.client.send_formats(
        ["a", "b c"],
        ["d", "e"],
        {"words": ["x y", "z"], "many": ["1", "2"]},
        csv=[1, 2],
        ssv=[3, 4],
        tsv=[5, 6],
        multi=[7, 8],
        x_words=["g", "h"],
    )

    request = served.wire.request
    assert served.wire.target == "/formats/a%09b%20c/d%7Ce?csv=1,2&ssv=3%204&tsv=5%096&multi=7&multi=8"
    assert request.headers["x-words"] == "g h"
    assert request.content == b"words=x%20y%7Cz&many=1&many=2"
