"""Credentials: where they go, how tokens are kept, and that secrets stay secret."""

import copy
import pickle
import threading
from collections.abc import Mapping
from itertools import count

import pytest

from flavours import Callers, Clock
from loopback import Answer, Loopback, Recorded, json_answer
from runtime.auth import (
    ApiKey,
    Auth,
    BasicAuth,
    BearerToken,
    ClientCredentials,
    NoAuth,
    place,
    placements,
)
from runtime.client import Client
from runtime.errors import AuthError, Unauthorized
from runtime.model import Json
from runtime.oauth import life
from runtime.operation import Empty, Operation, Requirement
from runtime.secret import Credential
from runtime.service import Scheme, Service
from sample_client import CREATE, DELETE, GET, IMPORT, SERVICE, Account

CALL = GET.request(path=("l", "a"), query=(None, None), headers=(None,), cookies=(None,))
WRITE = CREATE.request(path=("l",), query=(None,), headers=(None,), body=Account(address="a"))
OK = json_answer({"data": {"address": "a"}})
SECRET = ClientCredentials("id", "s&cret")


class TokenServer:
    """Issues tokens T1, T2 and so on, and takes those that are not revoked."""

    def __init__(self, **answer: object) -> None:
        self.issued = 0
        self.revoked: set[str] = set()
        self.answer: dict[str, object] = {"expires_in": 3600, **answer}
        self.lock = threading.Lock()

    def __call__(self, request: Recorded) -> Answer:
        if request.target == "/api/auth/oauth/token":
            with self.lock:
                self.issued += 1
                return json_answer({"access_token": f"T{self.issued}", "token_type": "Bearer", **self.answer})
        token = (request.header("Authorization") or "").removeprefix("Bearer ")
        return Answer(status=401) if token in self.revoked else OK


def _tokens(server: Loopback) -> list[str | None]:
    return [each.header("Authorization") for each in server.requests if "oauth" not in each.target]


def _scopes(server: Loopback) -> list[bytes]:
    return [each.body.rpartition(b"scope=")[2] for each in server.requests if "oauth" in each.target]


def test_a_token_is_asked_for_once(server: Loopback, callers: Callers) -> None:
    server.handler = TokenServer()
    caller = callers(auth=SECRET)
    caller.send(CALL)
    caller.send(CALL)
    first = server.requests[0]
    assert (first.method, first.target) == ("POST", "/api/auth/oauth/token")
    assert first.header("Content-Type") == "application/x-www-form-urlencoded"
    assert first.header("Authorization") is None
    assert first.body == b"grant_type=client_credentials&client_id=id&client_secret=s%26cret&scope=sample%3Aread"
    assert _tokens(server) == ["Bearer T1", "Bearer T1"]


def test_each_set_of_scopes_has_a_token_unless_one_allows_more(server: Loopback, callers: Callers) -> None:
    server.handler = TokenServer()
    caller = callers(auth=SECRET)
    caller.send(CALL)
    caller.send(WRITE)
    caller.send(CALL)
    assert _scopes(server) == [b"sample%3Aread", b"sample%3Awrite"]
    caller = callers(auth=ClientCredentials("id", "s", scopes=["sample:read", "sample:write"]))
    server.requests.clear()
    caller.send(CALL)
    caller.send(WRITE)
    assert _scopes(server) == [b"sample%3Aread+sample%3Awrite"]


@pytest.mark.parametrize(
    ("expires_in", "seconds"),
    [
        (3600, 3600),
        ("3600", 3600),
        (0, 0),
        (-1, 0),
        (None, 300),
        ("soon", 300),
        ([], 300),
        (True, 300),
        (10**400, 300),
        (1e18, 86400),
        ("nan", 300),
        (float("inf"), 86400),
    ],
)
def test_how_long_a_token_lives(expires_in: Json, seconds: float) -> None:
    assert life(expires_in) == seconds


def test_a_token_is_renewed_before_it_ends(server: Loopback, callers: Callers, clock: Clock) -> None:
    server.handler = TokenServer()
    caller = callers(auth=SECRET)
    caller.send(CALL)
    # Between two and four minutes ahead, by chance: here three.
    clock.time += 3419
    caller.send(CALL)
    clock.time += 2
    caller.send(CALL)
    assert _tokens(server) == ["Bearer T1", "Bearer T1", "Bearer T2"]


def test_a_refused_token_is_renewed_once(server: Loopback, callers: Callers) -> None:
    tokens = server.handler = TokenServer()
    tokens.revoked = {"T1"}
    caller = callers(auth=SECRET, max_retries=0)
    caller.send(WRITE)
    assert _tokens(server) == ["Bearer T1", "Bearer T2"]
    tokens.revoked = {"T2", "T3"}
    with pytest.raises(Unauthorized):
        caller.send(WRITE)
    assert tokens.issued == 3


def test_after_a_refusal_a_spent_body_is_not_sent_again(server: Loopback, callers: Callers) -> None:
    tokens = server.handler = TokenServer()
    tokens.revoked = {"T1"}
    with pytest.raises(Unauthorized):
        callers(auth=SECRET).send(IMPORT.request(body=iter([b"a"])))
    assert len(_tokens(server)) == 1


def test_copies_share_tokens(server: Loopback, callers: Callers) -> None:
    server.handler = TokenServer()
    caller = callers(auth=SECRET)
    caller.send(CALL)
    caller.with_options(headers={"X-A": "1"}).send(CALL)
    caller.with_options(auth=ClientCredentials("other", "s")).send(CALL)
    assert _tokens(server) == ["Bearer T1", "Bearer T1", "Bearer T2"]


def test_many_threads_ask_once(server: Loopback) -> None:
    tokens = server.handler = TokenServer()
    with Client(SERVICE, server.url, auth=SECRET) as client:
        threads = [threading.Thread(target=client._transport.send, args=(CALL,)) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert tokens.issued == 1
    assert _tokens(server) == ["Bearer T1"] * 20


def test_many_tasks_ask_once(server: Loopback) -> None:
    import asyncio

    from runtime.client import AsyncClient

    tokens = server.handler = TokenServer()

    async def main() -> None:
        async with AsyncClient(SERVICE, server.url, auth=SECRET) as client:
            await asyncio.gather(*(client._transport.send(CALL) for _ in range(20)))

    asyncio.run(main())
    asyncio.run(main())
    assert tokens.issued == 2


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (
            json_answer({"error": "invalid_client", "error_description": "no s&cret"}, status=401),
            r"invalid_client: no \*\*\*",
        ),
        (Answer(status=500, body=b"<html>"), "no token was issued: 500"),
        (Answer(status=200, body=b"<html>"), "there is no access_token"),
        (json_answer({"access_token": 5}), "there is no access_token"),
        (Answer(status=302, headers=(("Location", "/elsewhere"),)), "no token was issued: 302"),
        (Answer(drop=True), "RemoteProtocolError"),
    ],
)
def test_no_token_is_one_clear_error(server: Loopback, callers: Callers, answer: Answer, message: str) -> None:
    server.say(answer)
    caller = callers(auth=SECRET)
    with pytest.raises(AuthError, match=message) as caught:
        caller.send(CALL)
    assert "s&cret" not in repr(caught.value)
    assert len(server.requests) == (2 if answer.drop else 1)
    server.handler = TokenServer()
    caller.send(CALL)


@pytest.mark.parametrize("url", ["https://api.example.com", "http://127.0.0.1:1"])
def test_a_token_url_may_be_the_callers(server: Loopback, callers: Callers, url: str) -> None:
    server.handler = TokenServer()
    auth = ClientCredentials("id", "s", token_url=f"{server.url}/api/auth/oauth/token")
    callers(auth=auth).send(CALL)
    assert _tokens(server) == ["Bearer T1"]


@pytest.mark.parametrize("auth", [SECRET, BearerToken("t"), BearerToken(lambda: "t")])
def test_nothing_secret_goes_over_an_open_line(callers: Callers, auth: Auth) -> None:
    with pytest.raises(AuthError, match="plain http"):
        callers(url="http://api.example.com", auth=auth).send(CALL)


def test_no_secret_goes_to_an_open_token_url(server: Loopback, callers: Callers) -> None:
    with pytest.raises(AuthError, match="the token URL is plain http"):
        callers(auth=ClientCredentials("i", "s", token_url="http://auth.example.com/token")).send(CALL)
    assert not server.requests


def test_without_a_token_url_the_caller_is_told() -> None:
    service = Service(name="x", version="1")
    with (
        Client(service, "https://api.example.com", auth=SECRET) as client,
        pytest.raises(AuthError, match="give ClientCredentials a token_url"),
    ):
        client._transport.send(CALL)


def test_a_function_may_give_the_token(server: Loopback, callers: Callers) -> None:
    tokens = server.handler = TokenServer()
    tokens.revoked = {"F1"}
    numbers = count(1)
    callers(auth=BearerToken(lambda: f"F{next(numbers)}")).send(CALL)
    assert _tokens(server) == ["Bearer F1", "Bearer F2"]


def test_a_coroutine_function_may_give_the_token(server: Loopback, callers: Callers) -> None:
    server.handler = TokenServer()

    async def token() -> str:
        return "A"

    caller = callers(auth=BearerToken(token))
    if callers.flavour == "async":
        caller.send(CALL)
        assert _tokens(server) == ["Bearer A"]
    else:
        with pytest.raises(AuthError, match="needs the async client"):
            caller.send(CALL)


def _operation(*names: str | None) -> Operation[None]:
    security = tuple((Requirement(name),) if name else () for name in names)
    return Operation(name="x", method="GET", path="/x", results=(("204", Empty()),), security=security)


BOTH: Mapping[str, ApiKey | BasicAuth] = {"key": ApiKey("k"), "basic": BasicAuth("u", "p")}


@pytest.mark.parametrize(
    ("auth", "names", "sent"),
    [
        (BearerToken("t"), ("Authorization",), ("Authorization", "Bearer t")),
        (BearerToken("t"), ("nobody defined this",), ("Authorization", "Bearer t")),
        (ApiKey("k"), ("key",), ("X-Api-Key", "k")),
        (ApiKey("k"), ("cookie_key",), ("Cookie", "sid=k")),
        (BasicAuth("u", "pä"), ("basic",), ("Authorization", "Basic dTpww6Q=")),
        (BOTH, ("Authorization", "basic"), ("Authorization", "Basic dTpw")),
        (BOTH, ("key", "basic"), ("X-Api-Key", "k")),
        (BearerToken("t"), (None, "Authorization"), ("Authorization", "Bearer t")),
        (BearerToken("t"), (None,), None),
        (BearerToken("t"), ("key",), None),
        (NoAuth(), ("Authorization",), None),
        (None, ("Authorization",), None),
    ],
)
def test_which_credential_goes_where(
    server: Loopback, callers: Callers, auth: Auth | None, names: tuple[str | None, ...], sent: tuple[str, str] | None
) -> None:
    server.say(Answer(status=204))
    callers(auth=auth).send(_operation(*names).request())
    found = [(name, value) for name, value in server.last.headers if name in ("Authorization", "X-Api-Key", "Cookie")]
    assert found == ([sent] if sent else [])


def test_a_key_may_go_into_the_query(server: Loopback, callers: Callers) -> None:
    server.say(Answer(status=204))
    callers(auth=ApiKey("k&1")).send(_operation("query_key").request())
    assert server.last.target == "/api/sample/x?key=k%261"


def test_where_nothing_is_said_what_there_is_is_sent(server: Loopback, callers: Callers) -> None:
    server.say(Answer(status=204))
    callers(auth=BearerToken("t")).send(DELETE.request())
    assert server.last.header("Authorization") == "Bearer t"
    callers(auth=ApiKey("k")).send(DELETE.request())
    assert server.last.header("X-Api-Key") == "k"
    callers(auth=BasicAuth("u", "p")).send(DELETE.request())
    assert server.last.header("Authorization") == "Basic dTpw"


def test_all_of_an_alternative_must_be_met() -> None:
    service = Service(name="x", version="1", schemes={"a": Scheme("apiKey in header", "A"), "b": Scheme("basic")})
    both = ((Requirement("a"), Requirement("b")),)
    assert placements(service, both, {"a": ApiKey("k")}) == ()
    found = placements(service, both, {"a": ApiKey("k"), "b": BasicAuth("u", "p")})
    assert [place(each, "dTpw").header for each in found] == [("A", "dTpw"), ("Authorization", "Basic dTpw")]


def test_one_key_alone_is_not_sent_as_two() -> None:
    keys = {"a": Scheme("apiKey in header", "A"), "b": Scheme("apiKey in header", "B"), "c": Scheme("apiKey in query")}
    tokens = {"d": Scheme("bearer"), "e": Scheme("client credentials")}
    service = Service(name="x", version="1", schemes={**keys, **tokens})
    both = (Requirement("a"), Requirement("b"))
    assert placements(service, (both,), ApiKey("k")) == ()
    assert [each.scheme.name for each in placements(service, (both, (Requirement("b"),)), ApiKey("k"))] == ["B"]
    assert len(placements(service, (both,), {"a": ApiKey("k"), "b": ApiKey("l")})) == 2
    assert len(placements(service, ((Requirement("d"), Requirement("e")),), BearerToken("t"))) == 2


@pytest.mark.parametrize(
    ("auth", "told"),
    [
        ({"kye": ApiKey("k")}, "auth: there is no security scheme 'kye'; known: Authorization, key, query_key"),
        ({"key": BearerToken("t")}, r"auth: BearerToken is not sent for 'key' \(apiKey in header\)"),
    ],
)
def test_a_credential_that_would_go_nowhere_is_refused(callers: Callers, auth: Auth, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        callers(auth=auth)
    with pytest.raises(ValueError, match=told):
        callers().with_options(auth=auth)


SECRETS: tuple[Credential, ...] = (
    ClientCredentials("id", "SECRET", scopes=("a",)),
    BearerToken("SECRET"),
    ApiKey("SECRET"),
    BasicAuth("u", "SECRET"),
)


@pytest.mark.parametrize("credential", SECRETS, ids=lambda each: type(each).__name__)
def test_a_secret_is_not_shown_nor_copied_nor_changed(credential: Credential) -> None:
    assert "SECRET" not in f"{credential!r} {credential}"
    with pytest.raises(TypeError, match="holds secrets"):
        pickle.dumps(credential)
    assert copy.deepcopy(credential) is credential
    with pytest.raises(AttributeError):
        setattr(credential, "key", "x")  # noqa: B010
    with pytest.raises(TypeError):
        vars(credential)


def test_a_client_shows_no_secret() -> None:
    with Client(SERVICE, "https://h", auth=ApiKey("SECRET"), headers={"X-Token": "SECRET"}) as client:
        assert "SECRET" not in f"{client!r} {client._transport.settings!r}"
