"""Row A: secrets are nowhere but where they belong."""

import asyncio
import base64
import copy
import dataclasses
import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Final
from urllib.parse import quote

import httpx2
import pytest

from flavours import Caller, Callers
from loopback import Answer, Loopback, Recorded, json_answer
from runtime.auth import ApiKey, Auth, BasicAuth, BearerToken, ClientCredentials
from runtime.client import AsyncClient, Client
from runtime.errors import ApiError, AuthError, ClientError, TransportError
from runtime.operation import Empty, Operation, Query, Requirement
from runtime.secret import Credential, Secret, checked_secret
from sample_client import GET, IMPORT, SERVICE

CANARY: Final = "SECRET-4d1f5c9e"
PASSWORD: Final = f"{CANARY}/pass&word"
CALL: Final = GET.request(path=("l", "a"), query=(None, None), headers=(None,), cookies=(None,))


def operation(scheme: str) -> Operation[None]:
    """Return an operation behind a scheme."""
    return Operation(name="x", method="GET", path="/x", results=(("204", Empty()),), security=((Requirement(scheme),),))


AUTHS: Final[dict[str, tuple[str, Auth]]] = {
    "bearer": ("Authorization", BearerToken(CANARY)),
    "function": ("Authorization", BearerToken(lambda: CANARY)),
    "client": ("Authorization", ClientCredentials("id", CANARY)),
    "header": ("key", ApiKey(CANARY)),
    "query": ("query_key", ApiKey(CANARY)),
    "cookie": ("cookie_key", ApiKey(CANARY)),
    "basic": ("basic", BasicAuth("user", PASSWORD)),
}
FORMS: Final = (
    CANARY,
    quote(PASSWORD, safe=""),
    base64.b64encode(f"user:{PASSWORD}".encode()).decode(),
    base64.b64encode(PASSWORD.encode()).decode(),
    base64.b64encode(CANARY.encode()).decode(),
)

ECHO: Final = f"{CANARY} {base64.b64encode(CANARY.encode()).decode()}"
"""What a server may repeat of a token or a key."""
BASIC_ECHO: Final = " ".join((PASSWORD, *FORMS[1:4]))
ANSWERS: Final = ("success", "refusal", "failure", "not JSON", "cut off", "hung up", "late")


def answering(kind: str, echo: str) -> Answer:
    """Return an answer of a kind, which repeats what it may."""
    match kind:
        case "refusal":
            return json_answer({"errorCode": "NO", "errorMessage": echo, "details": echo}, status=401)
        case "failure":
            return Answer(status=500, body=echo.encode())
        case "not JSON":
            return Answer(status=200, body=b'{"data": ')
        case "cut off":
            return Answer(status=200, body=b"{", cut=100)
        case "hung up":
            return Answer(drop=True)
        case "late":
            return Answer(delay=0.3)
        case _:
            return Answer(status=204)


@pytest.fixture
def everything(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """All records of all loggers."""
    with caplog.at_level(logging.DEBUG):
        yield caplog


def assert_clean(text: str) -> None:
    """Check that no form of a canary is in a text."""
    for form in FORMS:
        assert form not in text, text[max(0, text.index(form) - 300) : text.index(form) + 100]


def assert_error_clean(error: BaseException) -> None:
    """Check an error with all that hangs on it."""
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    assert_clean("".join(told.format()))
    seen: list[BaseException] = [error]
    for each in seen:
        # Also what a traceback leaves out: tools show it all the same.
        assert_clean(f"{each!r} {each} {vars(each)} {getattr(each, '__notes__', '')}")
        shown = traceback.TracebackException(type(each), each, each.__traceback__, capture_locals=True)
        assert_clean(str([frame.locals for frame in _own(shown.stack)]))
        seen += [found for found in (each.__cause__, each.__context__) if found is not None and found not in seen]
    if isinstance(error, ClientError):
        assert_clean(pickle.dumps(error, 0).decode("latin-1"))
        assert_clean(repr(pickle.loads(pickle.dumps(error))))
    if isinstance(error, ApiError):
        assert_clean(f"{error.response.content!r} {error.response.headers.pairs} {error.body} {error.details}")


def _own(stack: traceback.StackSummary) -> list[traceback.FrameSummary]:
    """Leave out the frames of this file: the canaries are made here."""
    return [frame for frame in stack if frame.filename != __file__]


def attempt(caller: Caller, scheme: str) -> BaseException | None:
    """Make a call; return what it raises."""
    try:
        caller.send(operation(scheme).request())
    except ClientError as error:
        # The frames of this file hold what was given.
        error.__traceback__ = _without_ours(error)
        return error
    return None


def _without_ours(error: BaseException) -> TracebackType | None:
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    return trace


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("kind", AUTHS)
@pytest.mark.filterwarnings("error")
def test_a1_no_secret_is_logged_shown_or_kept(
    server: Loopback, callers: Callers, everything: pytest.LogCaptureFixture, kind: str, answer: str
) -> None:
    scheme, auth = AUTHS[kind]

    def handler(request: Recorded) -> Answer:
        if request.target.endswith("oauth/token"):
            return json_answer({"access_token": CANARY, "expires_in": 3600})
        return answering(answer, BASIC_ECHO if kind == "basic" else ECHO)

    server.handler = handler
    caller = callers(auth=auth, timeout=0.1, max_retries=1, headers={"X-Token": CANARY})
    error = attempt(caller, scheme)
    assert (error is None) is (answer in ("success", "not JSON"))
    if error is not None:
        assert_error_clean(error)
    client = caller.client
    assert_clean(f"{client!r} {vars(client)} {vars(client._transport)} {client._transport.settings!r} {auth!r}")
    assert everything.records
    for record in everything.records:
        assert_clean(f"{record.getMessage()} {vars(record)}")
    # They were sent, though, or nothing would be proven.
    assert any(form in f"{server.requests}" for form in FORMS)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=400, body=f"{{'error': '{CANARY}'}}".encode()),
        json_answer({"error": "no", "error_description": ECHO, "access_token": CANARY}, status=401),
        json_answer({"access_token": CANARY, "token_type": "mac"}),
        json_answer({"access_token": f"{CANARY}\r\nX: 1"}),
        Answer(drop=True),
        Answer(delay=0.3),
        Answer(cut=10, body=CANARY.encode()),
    ],
)
def test_a1_nor_is_one_of_the_token_endpoint(
    server: Loopback, callers: Callers, everything: pytest.LogCaptureFixture, answer: Answer
) -> None:
    server.say(answer)
    caller = callers(auth=ClientCredentials("id", CANARY), timeout=0.1)
    error = attempt(caller, "Authorization")
    assert isinstance(error, AuthError)
    assert_error_clean(error)
    assert all(CANARY not in f"{record.getMessage()} {vars(record)}" for record in everything.records)


@pytest.mark.parametrize("kind", AUTHS)
def test_a1_nor_where_a_body_fails_in_the_middle(server: Loopback, callers: Callers, kind: str) -> None:
    def body() -> Iterator[bytes]:
        yield b"a"
        raise OSError("the disk is gone")

    scheme, auth = AUTHS[kind]
    if kind != "client":
        server.say(Answer(status=204))
        upload = dataclasses.replace(IMPORT, security=((Requirement(scheme),),))
        with pytest.raises(OSError, match="the disk is gone") as caught:
            callers(auth=auth).send(upload.request(body=body()))
        shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        assert_clean(str([frame.locals for frame in _own(shown.stack)]))


@pytest.mark.parametrize("whose", ["ours", "theirs"])
def test_a2_the_library_below_logs_no_secret_of_a_query(
    server: Loopback, everything: pytest.LogCaptureFixture, whose: str
) -> None:
    server.say(Answer(status=204))
    with httpx2.Client() as theirs:
        client = Client(SERVICE, server.url, auth=ApiKey(CANARY), http_client=theirs if whose == "theirs" else None)
        client._transport.send(_searching().request(query=("plain", CANARY)))
        client.close()
    _check_query(server, everything)


@pytest.mark.parametrize("whose", ["ours", "theirs"])
def test_a2_nor_in_async_code(server: Loopback, everything: pytest.LogCaptureFixture, whose: str) -> None:
    server.say(Answer(status=204))

    async def main() -> None:
        async with (
            httpx2.AsyncClient() as theirs,
            AsyncClient(
                SERVICE, server.url, auth=ApiKey(CANARY), http_client=theirs if whose == "theirs" else None
            ) as client,
        ):
            await client._transport.send(_searching().request(query=("plain", CANARY)))

    asyncio.run(main())
    _check_query(server, everything)


def _searching() -> Operation[None]:
    query = (Query("q"), Query("token"))
    return dataclasses.replace(operation("query_key"), query=query)


def _check_query(server: Loopback, everything: pytest.LogCaptureFixture) -> None:
    assert server.last.target == f"/api/sample/x?q=plain&token={CANARY}&key={CANARY}"
    below = [each.getMessage() for each in everything.records if each.name == "httpx2"]
    assert [each for each in below if "/api/sample/x?q=plain&token=***&key=***" in each]
    assert_clean(" ".join(each.getMessage() for each in everything.records))


@pytest.mark.parametrize("kind", [kind for kind in AUTHS if kind != "function"])
def test_a3_a_credential_is_not_pickled_and_gives_no_secret_away(kind: str) -> None:
    _, auth = AUTHS[kind]
    assert isinstance(auth, Credential)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="holds secrets"):
            pickle.dumps(auth, protocol)
    assert copy.copy(auth) is copy.deepcopy(auth) is auth
    with pytest.raises(TypeError):
        vars(auth)
    shown = {name: getattr(auth, name) for name in dir(auth) if not name.startswith("__")}
    assert_clean(f"{auth!r} {auth} {auth:} {shown!r}")


def test_a3_a_client_is_not_pickled_or_copied(callers: Callers) -> None:
    client = callers(auth=ApiKey(CANARY), headers={"X-Token": CANARY}).client
    for each in (client, client._transport, client._transport.tokens):
        for act in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match=f"{type(each).__name__} holds secrets"):
                act(each)
    settings = client._transport.settings
    assert_clean(repr({field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}))


def test_a3_a_secret_is_a_text_that_does_not_show() -> None:
    secret = checked_secret(CANARY, "key")
    assert (secret, repr(secret), f"{[secret]}") == (CANARY, "'***'", "['***']")
    assert copy.deepcopy(secret) is secret
    with pytest.raises(TypeError):
        pickle.dumps(Secret(CANARY))


@pytest.mark.parametrize("given", ["a\nb", "a\r", "a\0", "\ud800", ""])
def test_a3_what_cannot_be_sent_is_refused_without_being_shown(given: str) -> None:
    def client(text: str) -> ClientCredentials:
        return ClientCredentials("id", text)

    makers: tuple[Callable[[str], object], ...] = (BearerToken, ApiKey, client)
    for make in makers:
        with pytest.raises(ValueError, match=r"control character|empty") as caught:
            make(f"{CANARY}{given}" if given else "")
        assert CANARY not in str(caught.value)


def test_a4_what_a_server_repeats_is_scrubbed_and_cut(server: Loopback, callers: Callers) -> None:
    said = {"errorCode": "VALIDATION", "errorMessage": f"{BASIC_ECHO} {'x' * 10_000}"}
    server.say(json_answer(said, status=422, headers=(("X-Request-Id", PASSWORD),)))
    error = attempt(callers(auth=BasicAuth("user", PASSWORD)), "basic")
    assert isinstance(error, ApiError)
    assert (error.status, error.code) == (422, "VALIDATION")
    assert len(str(error)) < 700
    assert_error_clean(error)
    assert error.request_id == "***"


def test_a4_an_error_of_the_network_names_its_cause_and_shows_no_request(server: Loopback, callers: Callers) -> None:
    server.say(Answer(drop=True))
    error = attempt(callers(auth=ApiKey(CANARY)), "key")
    assert isinstance(error, TransportError)
    fault = error.__cause__
    assert fault is not None
    assert fault.__traceback__ is None
    cause = fault.__cause__
    assert isinstance(cause, httpx2.RemoteProtocolError)
    assert str(cause) in str(error)
    assert cause.__traceback__ is None
    assert cause.__context__ is None
    with pytest.raises(RuntimeError):
        _ = cause.request
