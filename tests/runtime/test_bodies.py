"""Bodies: which form a value takes, and its bytes over the wire."""

import io
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import nullcontext
from email import message_from_bytes
from pathlib import Path
from types import MappingProxyType
from urllib.parse import parse_qsl

import pytest

from flavours import Caller, Callers
from loopback import Answer, Loopback, json_answer
from runtime.encoding import encode
from runtime.errors import InvalidRequest, ServerError
from runtime.operation import BinaryBody, Empty, Operation, Request
from sample_client import CREATE, DELETE, FORM, IMPORT, LIST, POST, UPLOAD, Account, Upload

OK = Answer(status=204)
ACCOUNT = json_answer({"address": "a"})


@pytest.mark.parametrize(
    "body", [Account(address="a"), {"address": "a"}, MappingProxyType({"address": "a"})], ids=["model", "dict", "map"]
)
def test_a_model_or_a_mapping_becomes_json(server: Loopback, caller: Caller, body: object) -> None:
    server.say(ACCOUNT)
    assert caller.send(POST.request(body=body)) == Account(address="a")
    assert server.last.body == b'{"address":"a"}'
    assert server.last.header("Content-Type") == "application/json"
    assert server.last.header("Content-Length") == "15"


def test_without_a_body_there_is_no_content_type(server: Loopback, caller: Caller) -> None:
    server.say(OK)
    caller.send(DELETE.request())
    assert server.last.body == b""
    assert server.last.header("Content-Type") is None


def test_a_get_sends_its_body(server: Loopback, caller: Caller) -> None:
    server.say(json_answer({"cursor": {"data": [], "hasMore": False}}))
    caller.page(LIST.request(path=("main",), body={"$match": {"amount": 10**30}}))
    assert (server.last.method, server.last.body) == ("GET", b'{"$match":{"amount":%d}}' % 10**30)
    assert server.last.header("Content-Type") == "application/json"


@pytest.mark.parametrize("body", [{}, {"address": 1}, Upload(file_name="x"), [1], "text", 5])
def test_what_does_not_fit_is_refused_before_anything_is_sent(server: Loopback, caller: Caller, body: object) -> None:
    with pytest.raises(InvalidRequest, match=r"^v2\.post_account: body") as caught:
        caller.send(POST.request(body=body))
    assert isinstance(caught.value, ValueError)
    assert not server.requests


def test_what_was_put_into_a_model_unchecked_is_refused(server: Loopback, caller: Caller) -> None:
    account = Account(address="a", children=[])
    assert account.children is not None
    account.children.append("not an account")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^v2\.post_account: body\.children\.0: "):
        caller.send(POST.request(body=account))
    assert not server.requests


def test_an_operation_without_a_body_takes_none(caller: Caller) -> None:
    with pytest.raises(ValueError, match="delete: body: the call takes nothing, not dict"):
        caller.send(DELETE.request(body={}))


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview, io.BytesIO, bytes.decode])
def test_bytes_go_as_they_are(server: Loopback, caller: Caller, kind: Callable[[bytes], object]) -> None:
    server.say(OK)
    caller.send(IMPORT.request(body=kind(b"abc")))
    assert server.last.body == b"abc"
    assert server.last.header("Content-Type") == "application/octet-stream"


@pytest.mark.parametrize("length", [0, 200_000])
def test_an_iterator_is_sent_chunk_by_chunk(server: Loopback, caller: Caller, length: int) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(length // 1000):
            yield b"x" * 1000

    server.say(OK)
    caller.send(IMPORT.request(body=chunks()))
    assert server.last.body == b"x" * length
    assert server.last.header("Transfer-Encoding") == "chunked"


def test_a_list_of_chunks_is_an_upload_where_nothing_else_is_declared(server: Loopback, caller: Caller) -> None:
    server.say(OK)
    caller.send(IMPORT.request(body=[b"a", b"b"]))
    assert server.last.body == b"ab"


def test_a_file_is_uploaded_from_where_it_stands(server: Loopback, caller: Caller, tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"skip" + b"y" * 150_000)
    server.say(OK)
    with path.open("rb") as file:
        file.seek(4)
        caller.send(IMPORT.request(body=file))
    assert server.last.body == b"y" * 150_000
    assert (server.last.header("Content-Length"), server.last.header("Transfer-Encoding")) == ("150000", None)


def test_what_a_file_gets_after_its_length_was_told_is_left_out(
    server: Loopback, caller: Caller, tmp_path: Path
) -> None:
    class Growing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            place = self.tell()
            self.seek(0, io.SEEK_END)
            self.write(b"more")
            self.seek(place)
            return super().read(size)

    server.say(OK)
    caller.send(IMPORT.request(body=Growing(b"abc")))
    assert (server.last.body, server.last.header("Content-Length")) == (b"abc", "3")


def test_a_file_that_cannot_be_measured_is_sent_piece_by_piece(server: Loopback, caller: Caller) -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.left = [b"ab", b"c"]

        def read(self, size: int = -1, /) -> bytes:
            return self.left.pop(0) if self.left else b""

    server.say(OK)
    caller.send(IMPORT.request(body=Pipe()))
    assert (server.last.body, server.last.header("Transfer-Encoding")) == (b"abc", "chunked")


def test_a_file_that_is_open_as_text_is_refused(server: Loopback, caller: Caller) -> None:
    with pytest.raises(ValueError, match="body: the file must be open in binary mode"):
        caller.send(IMPORT.request(body=io.StringIO("abc")))
    assert not server.requests


AGAIN: dict[str, tuple[Callable[[list[bytes]], object], int]] = {
    "list": (list[bytes], 2),
    "bytes": (b"".join, 2),
    "file": (lambda chunks: io.BytesIO(b"".join(chunks)), 2),
    "iterator": (iter, 1),
}


@pytest.mark.parametrize(("kind", "sent"), AGAIN.values(), ids=AGAIN)
def test_what_cannot_be_read_again_is_not_sent_again(
    server: Loopback, callers: Callers, kind: Callable[[list[bytes]], object], sent: int
) -> None:
    put: Operation[None] = Operation(
        name="put", method="PUT", path="/put", body=(BinaryBody("a/b"),), results=(("204", Empty()),)
    )
    busy = Answer(status=503)
    server.say(busy, OK) if sent == 2 else server.say(busy)
    with nullcontext() if sent == 2 else pytest.raises(ServerError):
        callers(max_retries=1).send(put.request(body=kind([b"a", b"b"])))
    assert [request.body for request in server.requests] == [b"ab"] * sent


async def _async_chunks() -> AsyncIterator[bytes]:
    yield b"a"
    yield b"b"


def test_an_async_iterator_needs_the_async_client(server: Loopback, callers: Callers) -> None:
    server.say(OK)
    caller = callers()
    if callers.flavour == "sync":
        with pytest.raises(ValueError, match="needs the async client"):
            caller.send(IMPORT.request(body=_async_chunks()))
    else:
        caller.send(IMPORT.request(body=_async_chunks()))
        assert server.last.body == b"ab"


def test_a_mapping_is_not_bytes(caller: Caller) -> None:
    with pytest.raises(ValueError, match="application/octet-stream is bytes, not dict"):
        caller.send(IMPORT.request(body={"a": 1}))


def test_of_several_forms_the_value_chooses() -> None:
    def media_type(body: object) -> str:
        content = encode(UPLOAD.request(body=body), boundary=lambda: "mark").content
        assert content is not None
        return content.media_type

    assert media_type({"fileName": "x"}) == "application/json"
    assert media_type({"fileName": "x", "content": b"1"}) == "multipart/form-data; boundary=mark"
    assert media_type({"fileName": "x", "content": io.BytesIO(b"1")}) == "multipart/form-data; boundary=mark"
    assert media_type("a: 1") == "application/yaml"


def test_a_multipart_body_has_a_part_for_each_value(server: Loopback, caller: Caller, tmp_path: Path) -> None:
    server.say(OK)
    path = tmp_path / 'a"b.txt'
    path.write_bytes(b"\x00\xff\r\n")
    with path.open("rb") as file:
        body = {"fileName": "ü", "count": 3, "tags": ["a", "b"], "owner": {"address": "x"}, "content": file}
        caller.send(UPLOAD.request(body=body))
    kind = server.last.header("Content-Type")
    message = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + server.last.body)
    parts = [
        (part.get_param("name", header="content-disposition"), part.get_filename(), part.get_payload(decode=True))
        for part in message.walk()
        if not part.is_multipart()
    ]
    assert parts == [
        ("fileName", None, "ü".encode()),
        ("count", None, b"3"),
        ("tags", None, b"a"),
        ("tags", None, b"b"),
        ("owner", None, b'{"address":"x"}'),
        ("content", "a%22b.txt", b"\x00\xff\r\n"),
    ]


def test_a_form_is_urlencoded(server: Loopback, caller: Caller) -> None:
    server.say(OK)
    body = Upload(file_name="a&b =", tags=["1", "2"], owner=Account(address="x"))
    caller.send(FORM.request(body=body))
    assert parse_qsl(server.last.body.decode()) == [
        ("fileName", "a&b ="),
        ("tags", "1"),
        ("tags", "2"),
        ("owner", '{"address":"x"}'),
    ]


def test_a_call_shows_no_values() -> None:
    request: Request[Account] = CREATE.request(path=("secret",), body={"address": "secret"})
    assert repr(request) == "<Request v2.create_account>"
    assert "secret" not in repr(encode(request, boundary=lambda: "mark"))
