"""Requests are what the caller said, byte for byte, or they are not sent: rows C1 to C7."""

import io
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from email import message_from_bytes
from typing import Annotated, Final

import pytest
from pydantic import TypeAdapter

from flavours import Callers
from loopback import Answer, Loopback
from rig import OK, Rig
from runtime.errors import InvalidRequest
from runtime.model import NULLABLE, CamelModel, Timestamp
from runtime.operation import Cookie, Empty, Header, Json, JsonBody, MultipartBody, Operation, Path, Query, Request

GET: Final = Operation(
    name="v2.get_thing",
    method="GET",
    path="/v2/{ledgerName}/things/{id}",
    path_parameters=(Path("ledgerName"), Path("id")),
    query=(Query("pageSize"), Query("pit"), Query("tag"), Query("csv", explode=False), Query("from", argument="from_")),
    headers=(Header("X-Trace"), Header("Idempotency-Key")),
    cookies=(Cookie("theme"),),
    results=(("200", Json(lambda: TypeAdapter[object](object))),),
)


class Order(CamelModel):
    """A body with a field of each sort that may go wrong."""

    amount: int
    unit_price: Decimal | None = None
    note: str | None = None
    memo: Annotated[str | None, NULLABLE] = None
    placed_at: Timestamp | None = None
    parts: "list[Order] | None" = None


POST: Final = Operation(
    name="v2.post_order",
    method="POST",
    path="/orders",
    body=(
        JsonBody("application/json", lambda: TypeAdapter(Order)),
        MultipartBody("multipart/form-data", lambda: TypeAdapter(dict[str, bytes | str])),
    ),
    results=(("200", Json(lambda: TypeAdapter[object](object))),),
)
PUT: Final = Operation(
    name="put_mapping",
    method="PUT",
    path="/mapping",
    body=(JsonBody("application/json", lambda: TypeAdapter(dict[str, str] | None), null=True),),
    results=(("204", Empty()),),
)


def get(
    *,
    path: tuple[object, object] = ("main", "1"),
    query: Mapping[str, object] | None = None,
    headers: tuple[object, object] = (None, None),
    theme: object = None,
) -> Request[object]:
    """Return a call of `GET`."""
    given = query or {}
    values = tuple(given.get(each.name) for each in GET.query)
    return GET.request(path=path, query=values, headers=headers, cookies=(theme,))


@pytest.fixture(autouse=True)
def answer(server: Loopback) -> None:
    """Let the server agree to everything."""
    server.say(Answer(body=b"{}"))


@pytest.mark.parametrize(
    ("value", "segment"),
    [
        ("a/b", "a%2Fb"),
        ("a?b=c#d", "a%3Fb%3Dc%23d"),
        ("100%", "100%25"),
        ("%2F", "%252F"),
        ("a\\b;c", "a%5Cb%3Bc"),
        ("a b+c", "a%20b%2Bc"),
        ("é\r\n\0", "%C3%A9%0D%0A%00"),
        ("users:001", "users%3A001"),
        ("@evil.example", "%40evil.example"),
        ("...", "..."),
        (10**30, str(10**30)),
    ],
)
def test_c1_a_path_parameter_is_one_encoded_segment(
    server: Loopback, callers: Callers, value: object, segment: str
) -> None:
    callers().send(get(path=(value, value)))
    assert server.last.target == f"/api/sample/v2/{segment}/things/{segment}"


@pytest.mark.parametrize("value", ["", ".", "..", "%2e", "%2E%2e", ".%2e", None, b"1", float("nan"), object()])
@pytest.mark.parametrize("place", ["ledger_name", "id"])
def test_c2_a_value_that_leads_elsewhere_is_refused_before_a_byte_is_sent(
    server: Loopback, callers: Callers, value: object, place: str
) -> None:
    path = (value, "1") if place == "ledger_name" else ("main", value)
    with pytest.raises(InvalidRequest, match=f"^v2.get_thing: {place}: ") as caught:
        callers().send(get(path=path))
    assert (caught.value.argument, caught.value.attempts, caught.value.curl()) == (place, 0, None)
    assert server.connections == 0


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\rb", "a\0b", "\x7f", "snow \u2603", " spaced", "tab\t"])
@pytest.mark.parametrize("place", ["x_trace", "idempotency_key"])
def test_c3_a_header_cannot_be_broken_out_of(server: Loopback, callers: Callers, value: str, place: str) -> None:
    headers = (value, None) if place == "x_trace" else (None, value)
    with pytest.raises(InvalidRequest, match=f"^v2.get_thing: {place}: ") as caught:
        callers().send(get(headers=headers))
    assert value not in str(caught.value)
    assert server.connections == 0


def test_c3_a_cookie_cannot_be_broken_out_of(origin: Rig, callers: Callers) -> None:
    origin.script([("serve", OK)])
    callers(url=origin.url).send(get(theme="a\r\nX-Evil: 1; sid=\u2603"))
    (heard,) = origin.requests
    assert heard.header("cookie") == "theme=a%0D%0AX-Evil%3A%201%3B%20sid%3D%E2%98%83"
    assert heard.header("x-evil") is None


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("tag", "a&b=c+d #%", "tag=a%26b%3Dc%2Bd%20%23%25"),
        ("tag", ["a", None, "b,c"], "tag=a&tag=b%2Cc"),
        ("csv", ["a", None, "b,c"], "csv=a,b%2Cc"),
        ("tag", True, "tag=true"),
        ("tag", "", "tag="),
        ("pit", datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC), "pit=2024-01-02T03%3A04%3A05Z"),
        (
            "pit",
            datetime(2024, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=1))),
            "pit=2024-01-02T03%3A04%3A05%2B01%3A00",
        ),
        ("pageSize", 10**30, f"pageSize={10**30}"),
        ("tag", Decimal("0.10"), "tag=0.10"),
    ],
)
def test_c4_a_query_is_written_exactly(
    server: Loopback, callers: Callers, name: str, value: object, written: str
) -> None:
    callers().send(get(query={name: value}))
    assert server.last.target == f"/api/sample/v2/main/things/1?{written}"


@pytest.mark.parametrize(
    ("name", "value", "argument"),
    [
        ("pageSize", b"1", "page_size"),
        ("pageSize", float("nan"), "page_size"),
        ("pageSize", float("inf"), "page_size"),
        ("pit", datetime(2024, 1, 1), "pit"),  # noqa: DTZ001
        ("tag", ["a", b"b"], "tag"),
        ("tag", "\ud800", "tag"),
        ("from", object(), "from_"),
    ],
)
def test_c4_a_value_without_text_is_refused_by_its_name_in_python(
    server: Loopback, callers: Callers, name: str, value: object, argument: str
) -> None:
    with pytest.raises(InvalidRequest, match=f"^v2.get_thing: {argument}: ") as caught:
        callers().send(get(query={name: value}))
    assert isinstance(caught.value, ValueError)
    assert server.connections == 0


@pytest.mark.parametrize(
    ("body", "written"),
    [
        (Order(amount=10**30), f'{{"amount":{10**30}}}'),
        (Order(amount=2**53 + 1, note=None, memo=None), f'{{"amount":{2**53 + 1},"memo":null}}'),
        (Order(amount=-1, parts=[Order(amount=2**64)]), f'{{"amount":-1,"parts":[{{"amount":{2**64}}}]}}'),
        ({"amount": 0, "unit_price": Decimal("0.1")}, '{"amount":0,"unitPrice":"0.1"}'),
        ({"amount": 0, "unitPrice": "0.10000000000000000000000001"}, None),
        ({"amount": 1, "more": {"n": 10**40, "none": None}}, f'{{"amount":1,"more":{{"n":{10**40},"none":null}}}}'),
    ],
)
def test_c5_a_body_is_what_the_model_says(
    server: Loopback, callers: Callers, body: object, written: str | None
) -> None:
    callers().send(POST.request(body=body))
    assert server.last.body.decode() == (written or '{"amount":0,"unitPrice":"0.10000000000000000000000001"}')


MISFITS: Final[list[tuple[object, str]]] = [
    ({}, "body.amount"),
    ({"amount": 0.5}, "body.amount"),
    ({"amount": 1, "unitPrice": []}, "body.unit_price"),
    ({"amount": 1, "parts": [{"amount": 1}, {"amount": "x"}]}, "body.parts.1.amount"),
    ({"amount": 1, "parts": [{"amount": 1, "unit_price": []}]}, "body.parts.0.unit_price"),
    (
        Order(amount=1, parts=[Order(amount=1, placed_at=datetime(2024, 1, 1))]),  # noqa: DTZ001
        "body.parts.0.placed_at",
    ),
    (5, "body"),
]


@pytest.mark.parametrize(("body", "argument"), MISFITS)
def test_c5_a_body_that_does_not_fit_is_refused_by_its_place_in_python(
    server: Loopback, callers: Callers, body: object, argument: str
) -> None:
    with pytest.raises(InvalidRequest, match=f"^v2.post_order: {argument}: ") as caught:
        callers().send(POST.request(body=body))
    assert caught.value.argument == argument
    assert server.connections == 0


def test_c5_none_is_null_where_a_body_must_be_there(server: Loopback, callers: Callers) -> None:
    server.script.clear()
    server.say(Answer(status=204))
    callers().send(PUT.request(body=None))
    assert (server.last.body, server.last.header("Content-Type")) == (b"null", "application/json")


@pytest.mark.parametrize("name", ['a"\r\nX: 1', 'a";x="b', "a\nb.csv", "é.csv"])
def test_c6_a_file_name_cannot_break_out_of_its_part(server: Loopback, callers: Callers, name: str) -> None:
    file = io.BytesIO(b"content")
    file.name = f"/tmp/{name}"
    callers().send(POST.request(body={'field"\r\nY: 1': file}))
    content_type = server.last.header("Content-Type") or ""
    message = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + server.last.body)
    (part,) = [each for each in message.walk() if not each.is_multipart()]
    assert part.keys() == ["Content-Disposition", "Content-Type"]
    assert part.get_payload(decode=True) == b"content"
    escaped = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    assert f'; filename="{escaped}"\r\n'.encode() in server.last.body


@pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding", "HOST", "Connection"])
def test_c7_a_callers_header_cannot_frame_a_message(server: Loopback, callers: Callers, name: str) -> None:
    with pytest.raises(ValueError, match=f"^headers: {name} is set by the client itself"):
        callers(headers={name: "1"})
    caller = callers()
    with pytest.raises(ValueError, match=f"^headers: {name} is set by the client itself"):
        caller.with_options(headers={name: "1"})
    assert server.connections == 0


def test_c7_the_message_is_framed_by_what_is_sent(origin: Rig, callers: Callers) -> None:
    origin.script([("serve", OK)])
    callers(url=origin.url, headers={"X-Mine": "1"}).send(POST.request(body={"amount": 1}))
    (heard,) = origin.requests
    assert heard.header("content-length") == str(len(heard.body)) == "12"
    assert heard.header("transfer-encoding") is None
    assert heard.header("host") == origin.url.removeprefix("http://")
    assert heard.header("x-mine") == "1"
