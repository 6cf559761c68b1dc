"""Bodies on the wire: which media type they have, and the parts of those that have any."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.formparser import MultiPartParser

from features.conftest import Serve, Use


def done(times: int = 1) -> list[httpx2.Response]:
    return [httpx2.Response(204) for _ in range(times)]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A form as another library reads it."""

    fields: list[tuple[str, str]]
    files: list[tuple[str, FileStorage]]


def _stream(
    total_content_length: int | None,
    content_type: str | None,
    filename: str | None,
    content_length: int | None = None,
) -> io.BytesIO:
    return io.BytesIO()


def parsed(request: httpx2.Request) -> Parsed:
    """Read a multipart body."""
    boundary = request.headers["content-type"].partition("boundary=")[2].encode()
    fields, files = MultiPartParser(stream_factory=_stream).parse(
        io.BytesIO(request.content), boundary, len(request.content)
    )
    return Parsed([*fields.items(multi=True)], [*files.items(multi=True)])


def sequence(request: httpx2.Request) -> list[bytes]:
    """Take a multipart body apart into its parts, heads and all."""
    boundary = request.headers["content-type"].partition("boundary=")[2].encode()
    first, *parts, last = request.content.split(b"--" + boundary)
    assert (first, last) == (b"", b"--\r\n")
    return [part.removeprefix(b"\r\n").removesuffix(b"\r\n") for part in parts]


def test_the_value_of_a_body_chooses_its_media_type(serve: Serve, models: Use) -> None:
    served = serve("body-choice", *done(6))
    found = models("body-choice")

    for body in (
        found.Pet(name="Rex"),
        {"name": "Rex"},
        "<pet/>",
        found.PetForm(title="Rex"),
        {"title": "Rex", "photo": b"jpg"},
        found.PetForm(title="Rex", photo=b"jpg"),
    ):
        served.client.add_pet(body)

    kinds = [request.headers["content-type"].partition("; boundary")[0] for request in served.wire.requests]
    json = "application/vnd.pet+json; charset=utf-8"
    assert kinds == [json, json, "application/xml", *["multipart/form-data"] * 3]


def test_the_caller_may_choose_the_media_type(serve: Serve, models: Use) -> None:
    served = serve("body-choice", *done(4))
    pet = models("body-choice").Pet(name="Rex Ü", tags=["a", "b"])

    served.client.add_pet(pet, content_type="application/x-www-form-urlencoded")
    served.client.add_pet({"title": "Rex"}, content_type="multipart/form-data")
    served.client.add_pet("Müller;1", content_type="text/csv; charset=iso-8859-1")
    served.client.put_image(b"png", content_type="image/png")

    form, multipart, text, image = served.wire.requests
    assert form.content == b"name=Rex+%C3%9C&tags=a&tags=b"
    assert parsed(multipart).fields == [("title", "Rex")]
    assert (text.headers["content-type"], text.content) == ("text/csv; charset=iso-8859-1", b"M\xfcller;1")
    assert (image.headers["content-type"], image.content) == ("image/png", b"png")


@pytest.mark.parametrize(
    ("content_type", "told"),
    [
        ("text/plain", r"content_type: the call takes application/\*\+json, image/\*, not text/plain"),
        ("image/png\r\nX: 1", "content_type: "),
        ("", "content_type: "),
    ],
)
def test_a_media_type_that_is_not_declared_is_refused(serve: Serve, use: Use, content_type: str, told: str) -> None:
    served = serve("body-choice")

    with pytest.raises(use("body-choice").InvalidRequest, match=told):
        served.client.put_image(b"png", content_type=content_type)

    assert served.wire.requests == []


def test_a_charset_that_lacks_a_character_is_told(serve: Serve, use: Use) -> None:
    served = serve("body-choice")

    with pytest.raises(use("body-choice").InvalidRequest, match="body: iso-8859-1 does not have all characters"):
        served.client.add_pet("€", content_type="text/csv; charset=iso-8859-1")


def test_each_field_is_a_part_of_its_kind(serve: Serve, use: Use, tmp_path: Path) -> None:
    served = serve("multipart-parts", *done())
    path = tmp_path / "c.bin"
    path.write_bytes(b"\x00\xff\r\n--")
    file_part = use("multipart-parts").FilePart

    served.client.send_mail(
        {
            "subject": "Ünïcode",
            "sent": datetime(2026, 1, 2, tzinfo=UTC),
            "urgent": True,
            "filter": {"a b": "1", "c": "2"},
            "labels": ["x", "y z"],
            "meta": [1, 2],
            "plain": {"a": 1},
            "scan": file_part(b"jpg", filename='a"b\r\n.jpg', media_type="image/jpeg"),
            "attachments": [
                b"1",
                path,
                io.BytesIO(b"3"),
                ("d.txt", b"4", "text/plain"),
                file_part(b"5", filename="é.bin", headers={"X-Custom": "yes"}),
            ],
        }
    )

    form = parsed(served.wire.request)
    assert [found for found in form.fields if found[0] not in ("meta", "plain")] == [
        ("subject", "Ünïcode"),
        ("sent", "2026-01-02T00:00:00Z"),
        ("urgent", "true"),
        ("filter[a b]", "1"),
        ("filter[c]", "2"),
        ("labels", "x|y z"),
    ]
    assert dict(form.fields)["meta"] == "[1,2]"
    assert dict(form.fields)["plain"] == '{"a":1}'
    assert b'name="meta"\r\nContent-Type: application/vnd.meta+json\r\n\r\n[1,2]' in served.wire.request.content
    assert [(name, file.filename, file.content_type, file.read()) for name, file in form.files] == [
        ("scan", 'a"b%0D%0A.jpg', "image/jpeg", b"jpg"),
        ("attachments", "attachments", "application/octet-stream", b"1"),
        ("attachments", "c.bin", "application/octet-stream", b"\x00\xff\r\n--"),
        ("attachments", "attachments", "application/octet-stream", b"3"),
        ("attachments", "d.txt", "text/plain", b"4"),
        ("attachments", "é.bin", "application/octet-stream", b"5"),
    ]
    assert [file.headers.get("X-Kind") for _, file in form.files] == [None, *["mail"] * 5]
    assert [file.headers.get("X-Custom") for _, file in form.files][-1] == "yes"


def test_a_model_takes_a_file_with_a_name(serve: Serve, use: Use, models: Use) -> None:
    served = serve("multipart-parts", *done())
    scan = use("multipart-parts").FilePart(b"png", filename="scan.png")

    served.client.send_mail(models("multipart-parts").SendMailRequest(subject="s", scan=scan))

    ((name, file),) = parsed(served.wire.request).files
    assert (name, file.filename, file.content_type, file.read()) == ("scan", "scan.png", "image/png", b"png")


@pytest.mark.parametrize(
    ("field", "told"),
    [
        (io.StringIO("text"), "the file must be open in binary mode"),
        (Path("/no/such/file"), "No such file"),
        (("a", b"1", "text/plain\r\nX: 1"), "control characters"),
        (("a", b"1", None, {"X: 1\r\nY": "1"}), "without a proper name"),
        (("a\ud800", b"1"), "not valid Unicode"),
    ],
)
def test_a_part_cannot_be_broken_out_of(serve: Serve, use: Use, field: Any, told: str) -> None:
    served = serve("multipart-parts")

    with pytest.raises(use("multipart-parts").InvalidRequest, match=told):
        served.client.send_mail({"subject": "s", "scan": field})

    assert served.wire.requests == []


def test_a_sequence_has_a_part_for_each_item(serve: Serve, use: Use) -> None:
    served = serve("multipart-sequences", *done(2))

    served.client.send_batch([{"a": 1}, b"png", b"gif"])
    served.client.send_pictures([b"1"])

    first, second = served.wire.requests
    assert first.headers["content-type"].startswith("multipart/mixed; boundary=")
    assert sequence(first) == [
        b'Content-Type: application/json\r\n\r\n{"a":1}',
        b"Content-Type: image/png\r\n\r\npng",
        b"Content-Type: image/png\r\n\r\ngif",
    ]
    assert sequence(second) == [b"Content-Type: application/octet-stream\r\n\r\n1"]


def test_bytes_are_a_body_whatever_the_media_type(serve: Serve) -> None:
    served = serve("bodies-of-bytes", *done(4))

    served.client.put_json(b'{"a": 1}')
    served.client.put_any(b"\xff", content_type="application/pdf")
    served.client.put_value(None)
    served.client.post_form({"file": b"1", "more": "text"})

    json, any_, value, form = served.wire.requests
    assert (json.headers["content-type"], json.content) == ("application/json", b'{"a": 1}')
    assert (any_.headers["content-type"], any_.content) == ("application/pdf", b"\xff")
    assert (value.headers["content-type"], value.content) == ("application/json", b"null")
    assert (parsed(form).fields, len(parsed(form).files)) == ([("more", "text")], 1)
