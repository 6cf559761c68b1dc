"""Downloads from a server on this machine, faults included."""

import time
from typing import Final

import pytest

from formance_codegen.diagnostics import Diagnostic, Outcome
from formance_codegen.update.fetch import Limits, download, newest, redirected, releases_page, shown
from loopback import Answer, Loopback

QUICK: Final = Limits(size=10_000, attempts=3, connecting=2, silence=0.3, total=5, redirects=3, pause=0.01)
BODY: Final = b"openapi: 3.0.3\n"


def failure(outcome: Outcome[bytes] | Outcome[str]) -> Diagnostic:
    assert outcome.value is None
    (found,) = outcome.diagnostics
    assert found.code.slug == "download-failed"
    return found


def moved(target: str, status: int = 302) -> Answer:
    return Answer(status=status, headers=(("Location", target),))


def test_the_bytes_come_as_they_are(server: Loopback) -> None:
    server.say(Answer(body=BODY))
    assert download(f"{server.url}/a.yaml", QUICK).value == BODY
    assert server.last.target == "/a.yaml"
    assert server.last.header("Accept-Encoding") == "identity"
    assert server.last.header("User-Agent") == "formance-codegen"


def test_redirects_are_followed(server: Loopback) -> None:
    server.say(moved("/b"), moved(f"{server.url}/c", 307), Answer(body=BODY))
    assert download(f"{server.url}/a", QUICK).value == BODY
    assert [request.target for request in server.requests] == ["/a", "/b", "/c"]


def test_a_redirect_loop_ends(server: Loopback) -> None:
    server.say(moved("/a"))
    assert "more than 3 redirects in a row" in failure(download(f"{server.url}/a", QUICK)).message
    assert len(server.requests) == 4


@pytest.mark.parametrize("location", ["http://example.com/x", "file:///etc/hostname", ""])
def test_a_redirect_to_where_it_is_not_safe_is_not_followed(server: Loopback, location: str) -> None:
    server.say(moved(location))
    assert "redirects to" in failure(download(f"{server.url}/a", QUICK)).message
    assert len(server.requests) == 1


def test_never_from_https_to_http() -> None:
    assert redirected("https://a.org/x/y", "../z") == "https://a.org/z"
    assert redirected("http://127.0.0.1/x", "https://a.org/z") == "https://a.org/z"
    with pytest.raises(Exception, match=r"it redirects to http://127\.0\.0\.1/z, which is not safe"):
        redirected("https://a.org/x", "http://127.0.0.1/z")


def test_what_is_not_there(server: Loopback) -> None:
    server.say(Answer(status=404))
    found = failure(download(f"{server.url}/a", QUICK))
    assert "this release does not exist" in found.message
    assert server.url in found.notes[0]
    assert "--to" in found.notes[0]
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_denied(server: Loopback, status: int) -> None:
    server.say(Answer(status=status))
    assert f"access is denied (status {status})" in failure(download(f"{server.url}/a", QUICK)).message
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "fault",
    [Answer(status=500), Answer(status=503), Answer(status=429), Answer(drop=True), Answer(body=BODY, cut=5)],
    ids=["500", "503", "429", "dropped", "truncated"],
)
def test_what_may_pass_is_tried_again(server: Loopback, fault: Answer) -> None:
    server.say(fault, fault, Answer(body=BODY))
    assert download(f"{server.url}/a", QUICK).value == BODY
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Answer(status=502), "the server answers with status 502 (tried 3 times)"),
        (Answer(drop=True), "the connection broke off (tried 3 times)"),
        (Answer(body=BODY, cut=5), "the connection broke off (tried 3 times)"),
        (Answer(status=400), "the server answers with status 400"),
    ],
)
def test_in_the_end_it_is_told(server: Loopback, fault: Answer, message: str) -> None:
    server.say(fault)
    found = failure(download(f"{server.url}/a?token=SECRET", QUICK))
    assert found.message == f"{server.url}/a: {message}"
    assert found.notes


def test_a_server_that_says_when_is_heard(server: Loopback) -> None:
    server.say(Answer(status=429, headers=(("Retry-After", "1"),)), Answer(body=BODY))
    started = time.monotonic()
    assert download(f"{server.url}/a", QUICK).value == BODY
    assert time.monotonic() - started >= 1


def test_nobody_waits_longer_than_there_is_time(server: Loopback) -> None:
    server.say(Answer(status=503, headers=(("Retry-After", "3600"),)))
    started = time.monotonic()
    failure(download(f"{server.url}/a", QUICK))
    assert time.monotonic() - started < 1


def test_silence(server: Loopback) -> None:
    server.say(Answer(delay=1, body=BODY))
    found = failure(download(f"{server.url}/a", QUICK))
    assert "no answer within 0.3 s (tried 3 times)" in found.message
    assert any("--from-file" in note for note in found.notes)


@pytest.mark.parametrize("answer", [Answer(body=b"x" * 20_000), Answer(body=b"x" * 999, endless=True)])
def test_too_much(server: Loopback, answer: Answer) -> None:
    server.say(answer)
    assert "more than 10,000 bytes" in failure(download(f"{server.url}/a", QUICK)).message
    assert len(server.requests) == 1


def test_endless_and_slow(server: Loopback) -> None:
    server.say(Answer(body=b"x", endless=True))
    limits = Limits(size=10**12, total=0.3)
    assert "not complete after 0.3 s" in failure(download(f"{server.url}/a", limits)).message


def test_nobody_there(server: Loopback) -> None:
    found = failure(download("http://127.0.0.1:1/a", QUICK))
    assert "cannot connect" in found.message
    assert any("HTTPS_PROXY" in note for note in found.notes)


def test_proxies_are_those_of_the_environment(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    server.say(Answer(body=BODY))
    assert download("http://localhost:1/a", QUICK).value == BODY
    assert server.last.target == "http://localhost:1/a"


def test_a_proxy_that_cannot_be_used(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "gopher://127.0.0.1:1")
    assert "the proxy cannot be used" in failure(download(f"{server.url}/a", QUICK)).message


@pytest.mark.parametrize("address", ["https://[x", "https://", "https://a b.org"])
def test_what_is_no_address(server: Loopback, address: str) -> None:
    assert failure(download(address, QUICK)).message.startswith((f"{address}: ", "the address: "))
    assert server.requests == []


def test_the_newest_release_is_where_its_address_redirects_to(server: Loopback) -> None:
    server.say(moved("/new/ledger/releases/latest", 301), moved("/new/ledger/releases/tag/v2.5.0%2B1"))
    assert newest(f"{server.url}/old/ledger/releases/latest", QUICK).value == "v2.5.0+1"
    assert len(server.requests) == 2


@pytest.mark.parametrize("answer", [Answer(body=b"<html>"), moved("/releases")])
def test_no_newest_release(server: Loopback, answer: Answer) -> None:
    server.say(answer)
    assert "it names no newest release" in failure(newest(f"{server.url}/latest", QUICK)).message


def test_nothing_secret_is_shown() -> None:
    assert shown("https://user:secret@a.org:1/x?token=secret#secret") == "https://a.org:1/x"


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("https://github.com/o/r/releases/download/v1/openapi.yaml", "https://github.com/o/r/releases"),
        ("https://raw.githubusercontent.com/o/r/v1/openapi/a.yaml", "https://github.com/o/r/releases"),
        ("https://u:p@a.org/x", "https://a.org"),
    ],
)
def test_where_all_releases_are(address: str, page: str) -> None:
    assert releases_page(address) == page
