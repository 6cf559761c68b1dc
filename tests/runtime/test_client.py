"""Clients: options, copies, captured answers, connections, the environment."""

import asyncio
import os
import subprocess
import sys
import threading
from functools import cached_property
from pathlib import Path

import pytest

from flavours import Callers
from loopback import Answer, Loopback, Recorded, json_answer
from runtime.auth import ClientCredentials, NoAuth
from runtime.client import AsyncClient, Client
from runtime.environment import from_environment
from runtime.errors import NotFound
from runtime.http import AsyncHttpClient, HttpClient
from runtime.lazy import lazy_exports
from runtime.namespace import Namespace
from runtime.timeout import Timeout
from runtime.url import Stack
from sample_client import DELETE, GET, METRICS, SERVICE

NOTHING = Answer(status=204)


class Methods(Namespace):
    """Methods of a flat service."""

    def delete(self) -> None:
        """Make a call."""
        return self._transport.send(DELETE.request())


class SampleClient(Client, Methods):
    """A client as the generator writes it, with arguments of its own."""

    _service = SERVICE

    def __init__(self, region: str, server: str) -> None:
        super().__init__(SERVICE, server, headers={"X-Region": region})

    @cached_property
    def v2(self) -> Methods:
        """A namespace."""
        return Methods(self._transport)


def test_a_client_has_its_methods_and_its_namespaces(server: Loopback) -> None:
    server.say(NOTHING)
    with SampleClient("eu", server.url + "/") as client:
        client.delete()
        client.v2.delete()
        assert client.v2 is client.v2
    for request in server.requests:
        assert (request.method, request.target) == ("DELETE", "/api/sample/thing")
        assert request.header("X-Region") == "eu"
        assert request.header("User-Agent") == "formance_sample/1.2.3"


def test_a_copy_has_its_own_options_and_the_same_connections(server: Loopback) -> None:
    server.say(NOTHING)
    with SampleClient("eu", server.url) as client:
        copy = client.with_options(timeout=None, max_retries=0, headers={"x-region": "us", "X-New": "1"})
        assert type(copy) is SampleClient
        assert copy.v2 is not client.v2
        assert copy._transport.http is client._transport.http
        assert copy._transport.settings.timeout == Timeout.of(None)
        assert client._transport.settings.timeout == Timeout.of(30.0)
        assert client.with_options(max_retries=1)._transport.settings.timeout == Timeout.of(30.0)
        copy.v2.delete()
        client.delete()
    assert [request.header("X-Region") for request in server.requests] == ["us", "eu"]
    assert [request.header("X-New") for request in server.requests] == ["1", None]


@pytest.mark.parametrize("name", ["Host", "content-length", "Transfer-Encoding", "a b", "", "é", "X:"])
def test_some_headers_are_not_the_callers(callers: Callers, name: str) -> None:
    with pytest.raises(ValueError, match=r"^headers: "):
        callers(headers={name: "1"})


def test_a_header_value_is_checked(callers: Callers) -> None:
    with pytest.raises(ValueError, match=r"^X-A: "):
        callers(headers={"X-A": "1\r\nX-B: 2"})


def test_a_closed_client_sends_nothing(server: Loopback, callers: Callers) -> None:
    server.say(NOTHING)
    caller = callers()
    caller.send(DELETE.request())
    caller.close()
    caller.close()
    with pytest.raises(RuntimeError, match="the client is closed"):
        caller.send(DELETE.request())
    assert len(server.requests) == 1


def test_cookies_are_not_kept(server: Loopback, callers: Callers) -> None:
    server.say(Answer(status=204, headers=(("Set-Cookie", "sid=1"),)))
    caller = callers()
    caller.send(DELETE.request())
    caller.send(DELETE.request())
    assert server.last.header("Cookie") is None


def test_netrc_is_not_read(server: Loopback, callers: Callers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login u password p\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    server.say(NOTHING)
    callers().send(DELETE.request())
    assert server.last.header("Authorization") is None


def test_answers_are_captured(server: Loopback, callers: Callers) -> None:
    server.say(Answer(status=503), json_answer({"data": {"address": "a"}}, headers=(("Idempotency-Hit", "true"),)))
    caller, other = callers(), callers()
    call = GET.request(path=("l", "a"), query=(None, None), headers=(None,), cookies=(None,))
    with caller.client.capture_response() as captured, caller.client.capture_response() as inner:
        with pytest.raises(LookupError):
            _ = captured.status
        caller.send(call)
        other.send(call)
        caller.with_options(headers={"X-A": "1"}).send(call)
    caller.send(call)
    assert [response.status for response in captured.responses] == [503, 200, 200]
    assert captured.status == 200
    assert captured.headers["idempotency-hit"] == "true"
    assert captured.content == b'{"data": {"address": "a"}}'
    assert inner.responses == captured.responses


def test_an_error_is_captured_too(server: Loopback, callers: Callers) -> None:
    server.say(Answer(status=404, body=b"x"))
    caller = callers()
    with caller.client.capture_response() as captured, pytest.raises(NotFound):
        caller.send(DELETE.request())
    assert (captured.status, captured.content) == (404, b"x")


def test_threads_capture_their_own(server: Loopback) -> None:
    server.handler = lambda request: Answer(status=200, body=(request.header("X-Name") or "").encode())
    seen: dict[str, list[bytes]] = {}
    with Client(SERVICE, server.url) as client:

        def work(name: str) -> None:
            mine = client.with_options(headers={"X-Name": name})
            with mine.capture_response() as captured:
                for _ in range(5):
                    assert mine._transport.send(METRICS.request()) == name
            seen[name] = [response.content for response in captured.responses]

        threads = [threading.Thread(target=work, args=(f"t{number}",)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert seen == {f"t{number}": [f"t{number}".encode()] * 5 for number in range(8)}


def test_tasks_capture_their_own(server: Loopback) -> None:
    server.handler = lambda request: Answer(status=200, body=(request.header("X-Name") or "").encode())

    async def work(client: AsyncClient, name: str) -> list[bytes]:
        mine = client.with_options(headers={"X-Name": name})
        with mine.capture_response() as captured:
            for _ in range(3):
                assert await mine._transport.send(METRICS.request()) == name
        return [response.content for response in captured.responses]

    async def main() -> list[list[bytes]]:
        async with AsyncClient(SERVICE, server.url) as client:
            return await asyncio.gather(*(work(client, f"t{number}") for number in range(8)))

    assert asyncio.run(main()) == [[f"t{number}".encode()] * 3 for number in range(8)]


def test_one_async_client_serves_several_loops(server: Loopback) -> None:
    server.say(NOTHING)
    client = AsyncClient(SERVICE, server.url)

    async def main() -> None:
        await client._transport.send(DELETE.request())
        await client._transport.http._here[asyncio.get_running_loop()].client.aclose()

    asyncio.run(main())
    asyncio.run(main())
    assert len(server.requests) == 2


def test_a_callers_own_http_client_is_used_and_left_open(server: Loopback) -> None:
    server.say(NOTHING)
    hooked: list[str] = []

    def hook(_: object) -> None:
        hooked.append("called")

    with HttpClient(headers={"X-Mine": "1"}, event_hooks={"request": [hook]}) as own:
        with Client(SERVICE, server.url, http_client=own) as client:
            client._transport.send(DELETE.request())
        assert not own.is_closed
    assert hooked == ["called"]
    assert server.last.header("X-Mine") == "1"
    assert server.last.header("User-Agent") == "formance_sample/1.2.3"


def test_a_callers_own_async_http_client_is_used_and_left_open(server: Loopback) -> None:
    server.say(NOTHING)

    async def main() -> bool:
        async with AsyncHttpClient(headers={"X-Mine": "1"}) as own:
            async with AsyncClient(SERVICE, server.url, http_client=own) as client:
                await client._transport.send(DELETE.request())
            return own.is_closed

    assert asyncio.run(main()) is False
    assert server.last.header("X-Mine") == "1"


STACK = {"FORMANCE_ORGANIZATION": "o", "FORMANCE_STACK": "s", "FORMANCE_ENVIRONMENT": "e"}
SECRET = {"FORMANCE_CLIENT_ID": "id", "FORMANCE_CLIENT_SECRET": "secret"}


def test_the_environment_names_server_and_credential() -> None:
    server, auth = from_environment(SERVICE, STACK | SECRET)
    assert server == Stack("o", "s", "e")
    assert isinstance(auth, ClientCredentials)
    assert (auth.client_id, auth.client_secret) == ("id", "secret")
    server, auth = from_environment(SERVICE, STACK | {"FORMANCE_BASE_URL": "http://localhost:1"})
    assert server == "http://localhost:1"
    assert isinstance(auth, NoAuth)


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({}, "FORMANCE_BASE_URL is not set; nor are FORMANCE_ORGANIZATION, FORMANCE_STACK, FORMANCE_ENVIRONMENT"),
        ({"FORMANCE_STACK": "s"}, "FORMANCE_ORGANIZATION, FORMANCE_ENVIRONMENT must be set too"),
        (STACK, "FORMANCE_CLIENT_ID and FORMANCE_CLIENT_SECRET, or FORMANCE_TOKEN, must be set too"),
        (STACK | {"FORMANCE_CLIENT_ID": "id"}, "FORMANCE_CLIENT_SECRET must be set too"),
    ],
)
def test_what_the_environment_lacks_is_named(environ: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        from_environment(SERVICE, environ)


def test_a_generated_client_comes_from_the_environment(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("FORMANCE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FORMANCE_BASE_URL", server.url)
    monkeypatch.setenv("FORMANCE_TOKEN", "T")
    server.say(NOTHING)
    with SampleClient.from_env() as client:
        client.delete()
    assert server.last.header("Authorization") == "Bearer T"


def test_names_of_a_lazy_package_are_imported_when_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "lazy_sample"
    (package / "inner").mkdir(parents=True)
    (package / "__init__.py").write_text(
        "from runtime.lazy import lazy_exports\n"
        "__getattr__, __dir__ = lazy_exports(__name__, {'Account': '.account', 'inner': '.inner:'})\n"
    )
    (package / "account.py").write_text("class Account: pass\n")
    (package / "inner" / "__init__.py").write_text("")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    import importlib

    module = importlib.import_module("lazy_sample")
    assert "lazy_sample.account" not in sys.modules
    assert {"Account", "inner"} <= set(dir(module))
    assert module.Account is sys.modules["lazy_sample.account"].Account
    assert module.inner is sys.modules["lazy_sample.inner"]
    assert "Account" in vars(module)
    with pytest.raises(AttributeError, match="module 'lazy_sample' has no attribute 'Nobody'"):
        _ = module.Nobody
    assert lazy_exports("x", {})[0].__name__ == "__getattr__"


def test_importing_the_runtime_imports_nothing() -> None:
    code = "import sys, runtime; print(*sorted({'httpx2', 'pydantic', 'asyncio', 'ssl'} & set(sys.modules)))"
    path = str(Path(Client.__init__.__code__.co_filename).parents[1])
    run = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": path}, capture_output=True, check=True)
    assert run.stdout == b"\n"


def test_the_server_sees_the_raw_path(server: Loopback, callers: Callers) -> None:
    seen: list[Recorded] = server.requests
    server.say(json_answer({"data": {"address": "a"}}))
    call = GET.request(
        path=("l/../x?#", "users:001 é%2F"), query=(["a,b", "c+d"], None), headers=("é",), cookies=("d k",)
    )
    callers().send(call)
    assert seen[-1].target == (
        "/api/sample/v2/l%2F..%2Fx%3F%23/accounts/users%3A001%20%C3%A9%252F?expand=a%2Cb&expand=c%2Bd"
    )
    assert seen[-1].header("Cookie") == "theme=d%20k"
