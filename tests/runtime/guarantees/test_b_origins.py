"""B: no credential leaves for another origin, redirects end where they began, TLS is checked."""

import ssl
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from flavours import Caller, Callers
from paged_server import KINDS
from rig import NO_CONTENT, OK, Rig, authority, trust_file, trusting
from runtime import network
from runtime.auth import ApiKey, Auth, BearerToken
from runtime.effects import Effects
from runtime.errors import ApiError, AuthError, PaginationError, TransportError
from runtime.operation import Empty, Operation, Requirement, Server
from runtime.service import Service
from sample_client import DELETE, EXPORT, LIST, POST, SERVICE, Account

SECRET = "SECRET-3b1f"
STATUSES = [300, 301, 302, 303, 307, 308]
KEYED = Operation(
    name="keyed", method="GET", path="/keyed", results=(("204", Empty()),), security=((Requirement("key"),),)
)
QUERY_KEYED = Operation(
    name="keyed", method="GET", path="/keyed", results=(("204", Empty()),), security=((Requirement("query_key"),),)
)
COOKIE_KEYED = Operation(
    name="keyed", method="GET", path="/keyed", results=(("204", Empty()),), security=((Requirement("cookie_key"),),)
)


def moved(status: int, to: str) -> bytes:
    return f"HTTP/1.1 {status} Moved\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()


@pytest.fixture
def fresh_trust() -> Generator[None]:
    """Let clients of this test read anew whom to trust."""
    network.ssl_context.cache_clear()
    yield
    network.ssl_context.cache_clear()


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(
    ("operation", "auth"),
    [
        (DELETE, BearerToken(SECRET)),
        (KEYED, {"key": ApiKey(SECRET)}),
        (QUERY_KEYED, {"query_key": ApiKey(SECRET)}),
        (COOKIE_KEYED, {"cookie_key": ApiKey(SECRET)}),
    ],
)
def test_b1_no_credential_follows_a_redirect(
    callers: Callers, origin: Rig, elsewhere: Rig, status: int, operation: Operation[None], auth: Auth
) -> None:
    elsewhere.script([("serve", OK)])
    origin.script([("serve", moved(status, elsewhere.url + "/away"))])
    with pytest.raises(ApiError) as caught:
        callers(url=origin.url, auth=auth).send(operation.request())
    assert caught.value.status == status
    assert SECRET in origin.connections[0].received.decode()
    assert elsewhere.connections == []


def test_b1_nor_does_a_callers_own_client_that_follows_redirects(callers: Callers, origin: Rig, elsewhere: Rig) -> None:
    elsewhere.script([("serve", OK)])
    origin.script([("serve", moved(302, elsewhere.url + "/away"))])
    headers = {"X-Api-Key": SECRET}
    own = (
        httpx2.Client(follow_redirects=True, headers=headers)
        if callers.flavour == "sync"
        else httpx2.AsyncClient(follow_redirects=True, headers=headers)
    )
    caller = callers.bringing(own, url=origin.url)
    with pytest.raises(ApiError):
        caller.send(DELETE.request())
    assert elsewhere.connections == []
    if isinstance(own, httpx2.Client):
        own.close()
    else:
        caller.run(own.aclose())


def test_b2_https_is_never_left_for_http(
    callers: Callers, secure: Rig, elsewhere: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_trust: None
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(trust_file(tmp_path)))
    elsewhere.script([("serve", OK)])
    secure.script([("serve", moved(307, elsewhere.url + "/away"))])
    with pytest.raises(ApiError) as caught:
        callers(url=secure.url, auth=BearerToken(SECRET)).send(DELETE.request())
    assert caught.value.status == 307
    assert len(secure.requests) == 1
    assert elsewhere.connections == []


@pytest.mark.parametrize("status", STATUSES)
def test_b3_a_body_is_sent_once_whatever_the_redirect(
    callers: Callers, origin: Rig, elsewhere: Rig, status: int
) -> None:
    elsewhere.script([("serve", OK)])
    # To itself, too: there are no loops where nothing is followed.
    for target in (elsewhere.url + "/away", origin.url + "/api/sample/accounts", "//127.0.0.1/"):
        origin.requests.clear()
        origin.script([("serve", moved(status, target))])
        with pytest.raises(ApiError) as caught:
            callers(url=origin.url).send(POST.request(body=Account(address="a")))
        assert caught.value.status == status
        assert caught.value.response.headers["location"] == target
        assert [each.body for each in origin.requests] == [b'{"address":"a"}']
    assert elsewhere.connections == []


def test_b3_a_stream_is_not_redirected_either(callers: Callers, origin: Rig, elsewhere: Rig) -> None:
    origin.script([("serve", moved(302, elsewhere.url))])
    caller = callers(url=origin.url)
    stream = caller.stream(EXPORT.request())
    with pytest.raises(ApiError):
        caller.wait(stream.read())
    assert elsewhere.connections == []


def test_b5_an_unknown_authority_is_not_trusted(callers: Callers, secure: Rig, hasty: Effects) -> None:
    with pytest.raises(TransportError, match="CERTIFICATE_VERIFY_FAILED") as caught:
        callers(url=secure.url, auth=BearerToken(SECRET), effects=hasty).send(DELETE.request())
    assert not caught.value.may_have_been_applied
    assert secure.requests == []


def test_b5_the_name_is_checked(
    callers: Callers,
    misnamed: Rig,
    hasty: Effects,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fresh_trust: None,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(trust_file(tmp_path)))
    with pytest.raises(TransportError, match="CERTIFICATE_VERIFY_FAILED"):
        callers(url=misnamed.url, auth=BearerToken(SECRET), effects=hasty).send(DELETE.request())
    assert misnamed.requests == []


def test_b5_who_is_trusted_may_come_from_a_file_that_the_environment_names(
    callers: Callers, secure: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_trust: None
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(trust_file(tmp_path)))
    secure.script([("serve", b"HTTP/1.1 204 No Content\r\n\r\n")])
    callers(url=secure.url).send(DELETE.request())
    assert len(secure.requests) == 1


@pytest.mark.parametrize("name", ["PYTHONHTTPSVERIFY", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_VERIFY"])
def test_b5_no_variable_turns_the_check_off(
    callers: Callers,
    secure: Rig,
    hasty: Effects,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fresh_trust: None,
    name: str,
) -> None:
    monkeypatch.setenv(name, str(trust_file(tmp_path)) if "BUNDLE" in name else "0")
    with pytest.raises(TransportError, match="CERTIFICATE_VERIFY_FAILED"):
        callers(url=secure.url, effects=hasty).send(DELETE.request())
    context = network.ssl_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_b5_a_callers_own_client_has_its_own_trust(callers: Callers, secure: Rig) -> None:
    secure.script([("serve", b"HTTP/1.1 204 No Content\r\n\r\n")])
    own = httpx2.Client(verify=trusting()) if callers.flavour == "sync" else httpx2.AsyncClient(verify=trusting())
    caller = callers.bringing(own, url=secure.url)
    caller.send(DELETE.request())
    assert len(secure.requests) == 1
    if isinstance(own, httpx2.Client):
        own.close()
    else:
        caller.run(own.aclose())


def test_b6_pages_are_followed_by_cursor_only(callers: Callers, origin: Rig, elsewhere: Rig) -> None:
    elsewhere.script([("serve", OK)])
    away = elsewhere.url + "/next"
    body = (
        f'{{"cursor":{{"data":[{{"address":"a"}}],"hasMore":true,"next":"{away}","pageSize":1}},'
        f'"next":"{away}","links":{{"next":"{away}"}}}}'
    ).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLink: <{away}>; rel=next\r\nLocation: {away}\r\n"
    origin.script([("serve", head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body)])
    caller = callers(url=origin.url, auth=BearerToken(SECRET))
    page = caller.page(LIST.request(path=("l",), query=(1, None), headers=(None,)))
    with pytest.raises(PaginationError):
        # The same cursor comes back: it is text to send, and never a place to go to.
        caller.items(page)
    assert elsewhere.connections == []
    assert origin.requests[1].target.startswith("/api/sample/v2/l/accounts?")
    assert origin.requests[1].target.endswith("cursor=http%3A%2F%2F127.0.0.1%3A" + f"{elsewhere.port}%2Fnext")


def away(origin: Rig, elsewhere: Rig) -> tuple[Service, Operation[None]]:
    """Return a service whose document says that it is at one origin, and an operation that it says is at another."""
    operation = replace(KEYED, server=Server(elsewhere.url + "/{area}", {"area": ("in", "in", "out")}))
    return replace(SERVICE, server=Server(origin.url)), operation


def test_b9_an_operation_with_a_server_of_its_own_is_called_there(
    callers: Callers, origin: Rig, elsewhere: Rig
) -> None:
    service, operation = away(origin, elsewhere)
    elsewhere.script([("serve", NO_CONTENT)])
    callers(url=origin.url, service=service, auth={"key": ApiKey(SECRET)}).send(operation.request())
    assert [each.target for each in elsewhere.requests] == ["/in/keyed"]
    assert elsewhere.requests[0].header("x-api-key") == SECRET
    assert origin.connections == []


def test_b9_but_not_where_the_client_talks_to_another_server_than_the_documents(
    callers: Callers, origin: Rig, elsewhere: Rig
) -> None:
    service, operation = away(origin, elsewhere)
    origin.script([("serve", NO_CONTENT)])
    url = origin.url.replace("127.0.0.1", "localhost")
    callers(url=url, service=service, auth={"key": ApiKey(SECRET)}).send(operation.request())
    callers(url=f"{origin.url}/v2", service=service, auth={"key": ApiKey(SECRET)}).send(operation.request())
    assert [each.target for each in origin.requests] == ["/api/sample/keyed", "/v2/api/sample/keyed"]
    assert elsewhere.connections == []


def test_b9_and_no_credential_goes_there_over_an_open_line(callers: Callers, origin: Rig) -> None:
    operation = replace(KEYED, server=Server("http://other.invalid"))
    service = replace(SERVICE, server=Server(origin.url))
    with pytest.raises(AuthError, match="plain http"):
        callers(url=origin.url, service=service, auth={"key": ApiKey(SECRET)}).send(operation.request())
    assert origin.connections == []


@pytest.mark.parametrize("place", ["absolute link", "link in a header"])
def test_b6_a_link_to_another_origin_is_not_followed(callers: Callers, origin: Rig, elsewhere: Rig, place: str) -> None:
    elsewhere.script([("serve", OK)])
    away = elsewhere.url + "/next"
    body = b"[{}]" if "header" in place else f'{{"rows":[{{}}],"next":"{away}"}}'.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLink: <{away}>; rel=next\r\n"
    origin.script([("serve", head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body)])
    caller = callers(url=origin.url, auth=BearerToken(SECRET))
    page = caller.page(KINDS[place].operation.request(query=(None, None)))
    with pytest.raises(PaginationError, match=r"a page leads to another origin \(list_rows, GET /rows\)"):
        caller.items(page)
    assert elsewhere.connections == []
    assert len(origin.requests) == 1


def test_b6_nor_is_one_that_was_stored(callers: Callers, origin: Rig, elsewhere: Rig) -> None:
    elsewhere.script([("serve", OK)])
    caller = callers(url=origin.url, auth=BearerToken(SECRET))
    again = Caller(caller.client.with_options(start_at=elsewhere.url + "/next"), caller.runner)
    request = KINDS["absolute link"].operation.request(query=(None, None))
    with pytest.raises(PaginationError, match="a page leads to another origin"):
        again.page(request)
    assert elsewhere.connections == []
    assert origin.requests == []


def test_b5_the_authority_of_these_tests_is_trusted_by_nobody() -> None:
    assert authority().cert_pem.bytes() not in {
        ssl.DER_cert_to_PEM_cert(each).encode() for each in network.ssl_context().get_ca_certs(binary_form=True)
    }
