"""Forms and media types on the wire: what an encoding says of a field, and what a range of types stands for."""

import io
from email import message_from_bytes
from urllib.parse import parse_qsl

import httpx2

from features.conftest import Serve, Use


def done() -> httpx2.Response:
    return httpx2.Response(204)


def test_an_encoding_tells_how_a_field_of_a_form_is_written(serve: Serve) -> None:
    served = serve("form-encoding", done(), done())
    body = {
        "amount": 5,
        "metadata": {"order id": "6&7"},
        "tags": ["a", "b c"],
        "plain": ["x", "y"],
        "address": {"city": "Köln"},
        "callback": "https://a.b/c?d",
    }

    served.client.charge(body)
    served.client.charge({"amount": 5, "plain": []})

    first, second = served.wire.requests
    assert first.content == (
        b"amount=5&metadata%5Border%20id%5D=6%267&tags=a,b%20c&plain=x&plain=y"
        b"&address=%7B%22city%22%3A%22K%C3%B6ln%22%7D&callback=https://a.b/c?d"
    )
    assert parse_qsl(first.content.decode())[1] == ("metadata[order id]", "6&7")
    assert second.content == b"amount=5"


def test_an_encoding_tells_the_media_type_of_a_part(serve: Serve) -> None:
    served = serve("multipart-encoding", done())

    served.client.add_album({"cover": b"png", "photos": [b"1", io.BytesIO(b"2")], "notes": ["a"], "tags": ["b", "c"]})

    request = served.wire.request
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    whole = message_from_bytes(head + request.content)
    parts = [part for part in whole.walk() if part is not whole]
    sent = [
        (part.get_param("name", header="content-disposition"), part["content-type"], part.get_payload(decode=True))
        for part in parts
    ]
    assert sent == [
        ("cover", "image/png", b"png"),
        ("photos", "application/octet-stream", b"1"),
        ("photos", "application/octet-stream", b"2"),
        ("notes", "application/json", b'["a"]'),
        ("tags", None, b"b"),
        ("tags", None, b"c"),
    ]


def test_reserved_characters_stay_where_they_may(serve: Serve) -> None:
    served = serve("allow-reserved", done())

    served.client.search(path="/a/b?c&d", ids=[1, 2], x_tags=["a", "b"])

    assert served.wire.target == "/search?path=/a/b?c%26d&ids=1,2"
    assert served.wire.request.headers["x-tags"] == "a,b"


def test_values_of_an_enum_are_of_its_type(models: Use) -> None:
    found = models("enum-values-without-quotes")

    assert [member.value for member in found.Answer] == ["true", "false", "1", "1.5"]
    assert [member.value for member in found.Level] == [1, 2]


def test_a_range_of_media_types_is_not_sent(serve: Serve) -> None:
    served = serve("body-of-any-type", httpx2.Response(200, json={"text": "a"}), done())

    assert served.client.echo({"text": "a"}).text == "a"
    served.client.upload(b"png")

    assert [request.headers["content-type"] for request in served.wire.requests] == [
        "application/json",
        "application/octet-stream",
    ]
