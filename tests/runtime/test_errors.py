"""Errors: their class by status, what they say, what they never say."""

import json
import pickle

import pytest

from flavours import Callers
from loopback import Answer, Loopback, json_answer
from runtime.auth import BearerToken
from runtime.decoding import api_error
from runtime.errors import (
    ApiError,
    BadRequest,
    ClientError,
    Conflict,
    DecodeError,
    Forbidden,
    Gone,
    NotFound,
    RateLimited,
    RequestTimeout,
    ServerError,
    TransportError,
    Unauthorized,
    UnprocessableEntity,
)
from runtime.response import Headers, Response
from sample_client import CREATE, DELETE, GET, ErrorResponse, Kind


def _error(value: object, status: int = 400, headers: tuple[tuple[str, str], ...] = ()) -> ApiError:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return api_error(CREATE, Response(status, Headers(headers), content))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequest),
        (401, Unauthorized),
        (403, Forbidden),
        (404, NotFound),
        (409, Conflict),
        (410, Gone),
        (422, UnprocessableEntity),
        (429, RateLimited),
        (500, ServerError),
        (503, ServerError),
        (418, ApiError),
        (302, ApiError),
        (304, ApiError),
    ],
)
@pytest.mark.parametrize("content", [b"", b"Not Found", b'{"errorCode":"X","errorMessage":"m"}', b"\xff[" * 9])
def test_the_status_names_the_class_whatever_the_body(status: int, kind: type[ApiError], content: bytes) -> None:
    error = _error(content, status)
    assert type(error) is kind
    assert error.status == status
    assert isinstance(error, ClientError)
    assert "\n" not in str(error)


def test_a_declared_error_is_a_model() -> None:
    error = _error({"errorCode": "USER", "errorMessage": "no funds", "details": "link", "extra": 1})
    assert isinstance(error.body, ErrorResponse)
    assert (error.code, error.message, error.details) == (Kind.USER, "no funds", "link")
    assert isinstance(error.code, Kind)
    assert str(error) == "400 USER: no funds (v2.create_account, POST /v2/{ledger}/accounts)"


def test_a_code_that_nobody_knows_is_a_member_too() -> None:
    error = _error({"errorCode": "BRAND_NEW", "errorMessage": "m"})
    assert error.code == "BRAND_NEW"
    assert isinstance(error.code, Kind)


@pytest.mark.parametrize(
    ("body", "code", "message", "details"),
    [
        ({"code": 7, "message": "m", "details": [{"a": 1}]}, 7, "m", [{"a": 1}]),
        ({"error": "invalid_client", "error_description": "who?"}, "invalid_client", "who?", None),
        ({"error": "a whole sentence"}, None, "a whole sentence", None),
        ({"error": {"code": "X", "message": "m"}}, "X", "m", None),
        ({"title": "T", "detail": "D", "status": 400}, None, "D", None),
        ({"title": "T"}, None, "T", None),
        ({"errorCode": ""}, None, "", None),
        ({"errorCode": "no space in a code?"}, "no space in a code?", "", None),
        ([1, 2], None, "", None),
        ("text", None, "", None),
    ],
)
def test_code_and_message_in_all_known_spellings(body: object, code: object, message: str, details: object) -> None:
    error = _error(body)
    assert (error.code, error.message, error.details) == (code, message, details)
    assert error.body == body


@pytest.mark.parametrize(("content", "body"), [(b"", None), (b"<html>", b"<html>")])
def test_a_body_that_is_no_json_is_kept(content: bytes, body: object) -> None:
    assert _error(content).body == body


def test_an_error_names_the_request_for_those_who_run_the_service() -> None:
    error = _error(b"", 500, (("X-Request-Id", "r-1"),))
    assert error.request_id == "r-1"
    assert str(error) == "500 (v2.create_account, POST /v2/{ledger}/accounts, request r-1)"


def test_a_message_is_one_line_of_reasonable_length() -> None:
    error = _error({"message": "a\r\nb\x00\u202e" + "x" * 10_000})
    assert str(error).startswith("400: a b x")
    assert len(str(error)) < 700
    assert len(error.message) > 10_000


def test_errors_match_by_pattern() -> None:
    match _error({"errorCode": "WORLD", "errorMessage": "m"}, 404):
        case NotFound(404, Kind.WORLD, message):
            assert message == "m"
        case other:
            pytest.fail(repr(other))


def test_errors_survive_pickling() -> None:
    response = Response(404, Headers([("A", "b")]), b"{}")
    errors: list[ClientError] = [
        _error({"errorCode": "USER", "errorMessage": "m"}, 404, (("X-Request-Id", "r"),)),
        DecodeError("text", operation="o", method="GET", path="/p", pointer="/a", response=response),
        RequestTimeout("text", operation="o", may_have_been_applied=False),
    ]
    for error in errors:
        copy = pickle.loads(pickle.dumps(error))
        assert type(copy) is type(error)
        assert str(copy) == str(error)
        assert {key: value for key, value in vars(copy).items() if key != "response"} == {
            key: value for key, value in vars(error).items() if key != "response"
        }


def test_an_error_never_shows_what_was_sent_as_a_secret(server: Loopback, callers: Callers) -> None:
    caller = callers(auth=BearerToken("SECRET-1"))
    server.say(json_answer({"errorCode": "X", "errorMessage": "bad token SECRET-1"}, status=403))
    with pytest.raises(Forbidden) as caught:
        caller.send(GET.request(path=("l", "a"), query=(None, None), headers=(None,), cookies=(None,)))
    assert "SECRET-1" not in f"{caught.value} {caught.value!r} {caught.value.message} {caught.value.response!r}"
    assert "bad token ***" in str(caught.value)


def test_a_redirect_is_not_followed(server: Loopback, callers: Callers) -> None:
    server.say(Answer(status=307, headers=(("Location", server.url + "/other"),)))
    with pytest.raises(ApiError) as caught:
        callers().send(DELETE.request())
    assert caught.value.status == 307
    assert len(server.requests) == 1


def test_no_server_is_a_transport_error(callers: Callers) -> None:
    caller = callers(url="http://127.0.0.1:1", max_retries=0)
    with pytest.raises(TransportError, match=r"ConnectError: .*\(delete, DELETE /thing\)") as caught:
        caller.send(DELETE.request())
    assert not caught.value.may_have_been_applied
    assert (caught.value.operation, caught.value.method, caught.value.path) == ("delete", "DELETE", "/thing")


def test_errors_can_be_those_of_other_packages_as_well() -> None:
    class Mine(ClientError):
        """An error of one package."""

    class Theirs(Exception):
        """That of another."""

        def __init__(self, message: str, *, needed: int) -> None:
            raise AssertionError("never called")

    class Others(Exception):
        """And of a third."""

    for other in (Theirs, Theirs, Others):
        Mine.join(other)
    error = Mine("message", operation="o")
    assert all(isinstance(error, kind) for kind in (Mine, ClientError, Theirs, Others))
    assert (str(error), error.operation, type(error).__name__) == ("message", "o", "Mine")
    with pytest.raises(Others):
        raise error
    assert not isinstance(ClientError("message"), Theirs)
