"""What errors tell of the request: how often it was made, and how to make it again, without anything secret."""

import pickle
import shlex

import pytest

from flavours import Callers
from loopback import Answer, Loopback
from runtime.auth import ApiKey, BasicAuth, BearerToken
from runtime.content import Content
from runtime.errors import (
    KINDS,
    ApiError,
    ClientError,
    DecodeError,
    InvalidRequest,
    ServerError,
    TransportError,
)
from runtime.outgoing import Outgoing
from runtime.redacting import RequestInfo, request_info
from runtime.secret import forms, scrub
from runtime.timeout import Timeout
from sample_client import CREATE, DELETE, GET, POST

OUTGOING = Outgoing(
    method="POST",
    url="https://h.example/p/it's?a=1&key=SECRET-1&access_token=x%2Fy&cursor=c&flag&b=SECRET%2D1&c=SECRET%2F2",
    headers=(
        ("Accept", "application/json"),
        ("Authorization", "Bearer SECRET-1"),
        ("X-Anything", "SECRET-3"),
        ("Idempotency-Key", "k-1"),
        ("User-Agent", "SECRET-1"),
        ("Cookie", "sid=SECRET-4"),
    ),
    content=Content(media_type="application/json", source=b"SECRET-5"),
    timeout=Timeout(),
)


def test_a_request_is_told_without_what_may_be_secret() -> None:
    info = request_info(OUTGOING, attempts=2, secrets=("SECRET-1", "SECRET/2"), secret_parameters=["key"])
    assert info.url == "https://h.example/p/it's?a=1&key=***&access_token=***&cursor=c&flag&b=***&c=***"
    assert info.headers == (
        ("Accept", "application/json"),
        ("Authorization", "***"),
        ("X-Anything", "***"),
        ("Idempotency-Key", "k-1"),
        ("User-Agent", "***"),
        ("Cookie", "***"),
    )
    assert (info.body, info.attempts) == ("application/json", 2)
    assert "SECRET" not in repr(info)


def test_the_command_line_is_safe_to_paste() -> None:
    info = RequestInfo(
        method="PUT",
        url="http://h/a?b=$(rm)'\"",
        headers=(("Accept", "a'; rm -rf *"),),
        body="text/csv",
        attempts=1,
    )
    assert shlex.split(info.curl()) == [
        "curl",
        "--globoff",
        "--request",
        "PUT",
        "--header",
        "Accept: a'; rm -rf *",
        "--data-binary",
        "@body",
        "http://h/a?b=$(rm)'\"",
    ]


def test_percent_encoded_secrets_are_found_too() -> None:
    assert scrub("ab/c ab%2Fc ab%2fc YWIvYw==", tuple(forms(["ab/c"]))) == "*** *** *** ***=="


@pytest.mark.parametrize(
    "auth",
    [
        BearerToken("SECRET-1"),
        BasicAuth("SECRET-1", "SECRET-2"),
        {"query_key": ApiKey("SECRET-1")},
        {"cookie_key": ApiKey("SECRET-1")},
        {"key": ApiKey("SECRET-1")},
    ],
)
def test_an_error_tells_of_its_request(server: Loopback, callers: Callers, auth: object) -> None:
    server.say(Answer(status=503, body=b"SECRET-1"))
    caller = callers(auth=auth, headers={"X-Mine": "SECRET-3"})  # type: ignore[arg-type]
    request = CREATE.request(path=("l",), query=(True,), headers=("k-1",), body={"address": "SECRET-4"})
    with pytest.raises(ServerError) as caught:
        caller.send(request)
    for error in (caught.value, pickle.loads(pickle.dumps(caught.value))):
        assert (error.attempts, len(server.requests)) == (3, 3)
        line = error.curl() or ""
        assert f"{server.url}/api/sample/v2/l/accounts?dryRun=true" in line
        assert "--header 'Idempotency-Key: k-1'" in line
        assert "--header 'X-Mine: ***'" in line
        assert "--data-binary @body" in line
        assert "SECRET" not in f"{line} {error} {error!r} {error.request!r}"


def test_each_kind_of_error_tells_how_many_attempts_were_made(server: Loopback, callers: Callers) -> None:
    server.say(Answer(drop=True))
    with pytest.raises(TransportError) as caught:
        callers(max_retries=1).send(DELETE.request())
    assert (caught.value.attempts, caught.value.path) == (2, "/thing")
    assert caught.value.curl() == pickle.loads(pickle.dumps(caught.value)).curl()
    server.script.clear()
    server.say(Answer(status=503), Answer(body=b"<html>"))
    with pytest.raises(DecodeError) as broken:
        callers().send(GET.request(path=("l", "a"), query=(None, None), headers=(None,), cookies=(None,)))
    assert broken.value.attempts == 2
    assert broken.value.curl() is not None


def test_errors_match_by_pattern(server: Loopback, callers: Callers) -> None:
    server.say(Answer(body=b"<html>"))
    seen: list[object] = []
    for body, status in (({}, 200), ({"address": "a"}, 200), ({"address": "a"}, 409)):
        server.script.clear()
        server.say(Answer(status=status, body=b"<html>"))
        try:
            callers().send(POST.request(body=body))
        except ClientError as error:
            match error:
                case InvalidRequest(operation, argument):
                    seen.append((operation, argument))
                case DecodeError(code, pointer, model):
                    seen.append((code, pointer, model))
                case ApiError(code, _, message):
                    seen.append((code, message))
                case _:
                    pytest.fail(repr(error))
    assert seen == [("v2.post_account", "body.address"), (200, "", ""), (409, "")]


def test_all_errors_have_places_to_match() -> None:
    for kind in KINDS.values():
        assert kind.__match_args__


def test_a_wrong_argument_is_of_both_families() -> None:
    error = InvalidRequest("o: a: b", operation="o", problems=(("a", "b"),))
    copy = pickle.loads(pickle.dumps(error))
    assert isinstance(copy, InvalidRequest)
    assert isinstance(copy, ValueError)
    assert (str(copy), copy.argument, copy.problems, copy.attempts, copy.curl()) == (
        "o: a: b",
        "a",
        (("a", "b"),),
        0,
        None,
    )
