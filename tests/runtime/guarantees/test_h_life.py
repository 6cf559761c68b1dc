"""H: shared by threads, forked, cancelled, closed: nothing is lost, nothing leaks, nothing is kept."""

import asyncio
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import anyio
import pytest

from flavours import Callers
from rig import NO_CONTENT, Heard, Rig, Step, certified, rig, trust_file
from runtime import network
from runtime.auth import BearerToken
from runtime.client import AsyncClient, Client
from runtime.errors import TransportError
from runtime.http import SyncHttp
from runtime.timeout import Timeout
from sample_client import DELETE, EXPORT, GET, METRICS, SERVICE

CALL = GET.request(path=("l", "a"), query=(None, None), headers=(None,), cookies=(None,))


def echo(heard: Heard) -> bytes:
    """Answer with the header X-Who and the token."""
    body = f"{heard.header('x-who')} {heard.header('authorization')}".encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def test_h1_threads_do_not_meet(origin: Rig) -> None:
    origin.script([("answer", echo)])
    wrong: list[str] = []
    together = threading.Barrier(100)
    with Client(SERVICE, origin.url) as client:

        def work(who: str) -> None:
            mine = client.with_options(headers={"X-Who": who}, auth=BearerToken(f"T{who}"))
            together.wait()
            answers = [mine._transport.send(METRICS.request()) for _ in range(5)]
            wrong.extend(answer for answer in answers if answer != f"{who} Bearer T{who}")

        threads = [threading.Thread(target=work, args=(str(n),)) for n in range(100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert len(origin.requests) == 500


def test_h1_tasks_do_not_meet(origin: Rig) -> None:
    origin.script([("answer", echo)])

    async def main() -> list[str]:
        async with AsyncClient(SERVICE, origin.url) as client:

            async def work(who: str) -> list[str]:
                mine = client.with_options(headers={"X-Who": who}, auth=BearerToken(f"T{who}"))
                answers = [await mine._transport.send(METRICS.request()) for _ in range(3)]
                return [answer for answer in answers if answer != f"{who} Bearer T{who}"]

            return [each for wrong in await asyncio.gather(*(work(str(n)) for n in range(200))) for each in wrong]

    assert asyncio.run(main()) == []
    assert len(origin.requests) == 600


def test_h1_copies_share_no_settings(origin: Rig) -> None:
    origin.script([("answer", echo)])
    with Client(SERVICE, origin.url, headers={"X-Who": "first"}) as client:
        copy = client.with_options(headers={"X-Who": "second"}, timeout=1)
        assert copy._transport.send(METRICS.request()) == "second None"
        assert client._transport.send(METRICS.request()) == "first None"
        assert client._transport.settings.timeout == Timeout()
    assert len(origin.connections) == 1


def in_a_fork(work: Callable[[], None]) -> int:
    """Return what a forked process says: 0 where it did its work."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
@pytest.mark.parametrize("behind_tls", [False, True])
def test_h2_a_forked_process_has_its_own_connections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, behind_tls: bool  # noqa: FBT001
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(trust_file(tmp_path)))
    network.ssl_context.cache_clear()
    with (
        rig(tls=certified("127.0.0.1") if behind_tls else None) as origin,
        Client(SERVICE, origin.url, timeout=5) as client,
    ):
        origin.script([("serve", NO_CONTENT)])
        client._transport.send(DELETE.request())
        assert in_a_fork(lambda: client._transport.send(DELETE.request())) == 0
        # The parent's own connection is as it was: nothing said farewell on it.
        client._transport.send(DELETE.request())
        assert [each.connection for each in origin.requests] == [0, 1, 0]
    network.ssl_context.cache_clear()


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_h2_nor_do_locks_of_other_threads_hold_it_up(origin: Rig) -> None:
    origin.script([("read_request",), ("stall",)], [("serve", NO_CONTENT)])
    client = Client(SERVICE, origin.url, timeout=5, max_retries=0)
    busy = threading.Thread(target=_ignore, args=(client,))
    busy.start()
    origin.until(lambda: len(origin.requests) == 1)
    made = client._transport.http._made[os.getpid()]
    # As if the process forked while another thread was changing the pool.
    with made.network._pool._optional_thread_lock:
        assert in_a_fork(lambda: client._transport.send(DELETE.request())) == 0
    origin.stop()
    busy.join(5)
    client.close()
    assert [each.connection for each in origin.requests] == [0, 1]


def _ignore(client: Client) -> None:
    try:
        client._transport.send(DELETE.request())
    except TransportError:
        return


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_h2_a_forked_process_may_run_its_own_loop(origin: Rig) -> None:
    origin.script([("serve", NO_CONTENT)])
    client = AsyncClient(SERVICE, origin.url, timeout=5)

    async def call() -> None:
        await client._transport.send(DELETE.request())

    with asyncio.Runner() as runner:
        runner.run(call())
        assert in_a_fork(lambda: asyncio.run(call())) == 0
        runner.run(call())
        runner.run(client.aclose())
    assert [each.connection for each in origin.requests] == [0, 1, 0]


SLOW: list[Step] = [
    ("read_request",),
    ("send", b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"),
    ("sleep", 0.001),
    ("send", b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n"),
    ("sleep", 0.001),
    ("send", b"0\r\n\r\n"),
]


@pytest.mark.parametrize("how", ["task", "scope", "timeout"])
@pytest.mark.parametrize("behind_tls", [False, True])
def test_h3_cancelling_anywhere_leaks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, behind_tls: bool, how: str  # noqa: FBT001
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(trust_file(tmp_path)))
    network.ssl_context.cache_clear()

    async def main(origin: Rig) -> None:
        async with AsyncClient(SERVICE, origin.url, timeout=5, max_retries=0) as client:
            http = client._transport.http
            for k in range(1, 51):
                task = asyncio.create_task(_call(client, how, k))
                for _ in range(k if how == "task" else 0):
                    # Now and then the network gets its turn as well.
                    await asyncio.sleep(0 if k % 2 else 0.0003)
                if how == "task":
                    task.cancel()
                await asyncio.wait([task], timeout=5)
                assert task.done()
                pool = http._of_this_loop().network._pool
                assert pool._requests == []
                assert [each for each in pool.connections if not (each.is_idle() or each.is_closed())] == []
            # What closes a connection may take a moment longer than the call that was stopped.
            others = asyncio.all_tasks() - {asyncio.current_task()}
            assert not others or not (await asyncio.wait(others, timeout=5))[1]
            # And it works as before.
            origin.script([("serve", NO_CONTENT)])
            await client.with_options(max_retries=2)._transport.send(DELETE.request())

    with rig(tls=certified("127.0.0.1") if behind_tls else None) as origin:
        origin.script([*SLOW, *SLOW, *SLOW])
        asyncio.run(main(origin))
        origin.until(lambda: origin.open == 0)
    network.ssl_context.cache_clear()


async def _call(client: AsyncClient, how: str, k: int) -> None:
    """Make a call that is ended in one way or another."""
    try:
        if how == "scope":
            with anyio.move_on_after(k * 0.0002):
                await client._transport.send(METRICS.request())
        elif how == "timeout":
            short = client.with_options(timeout=Timeout(total=k * 0.0002))
            await short._transport.send(METRICS.request())
        else:
            await client._transport.send(METRICS.request())
    except TransportError:
        # Cut short in the middle of an answer, the server's script ends.
        return


def test_h3_a_cancelled_stream_leaks_nothing(origin: Rig) -> None:
    origin.script([*SLOW, ("stall",)])

    async def read(client: AsyncClient) -> None:
        async with client._transport.stream(EXPORT.request()) as stream:
            async for _ in stream:
                await asyncio.sleep(0.001)

    async def main() -> None:
        async with AsyncClient(SERVICE, origin.url, timeout=5, max_retries=0) as client:
            for k in range(1, 51):
                task = asyncio.create_task(read(client))
                await asyncio.sleep(k * 0.0002)
                task.cancel()
                await asyncio.wait([task], timeout=5)
                pool = client._transport.http._of_this_loop().network._pool
                assert pool._requests == []
                assert [each for each in pool.connections if not (each.is_idle() or each.is_closed())] == []

    asyncio.run(main())
    origin.until(lambda: origin.open == 0)


def test_h4_a_closed_client_sends_nothing(callers: Callers, origin: Rig) -> None:
    origin.script([("serve", NO_CONTENT)])
    caller = callers(url=origin.url)
    copy = caller.with_options(headers={"X-A": "1"})
    caller.close()
    caller.close()
    for each in (caller, copy):
        with pytest.raises(RuntimeError, match="the client is closed"):
            each.send(DELETE.request())
        stream = each.stream(EXPORT.request())
        with pytest.raises(RuntimeError, match="the client is closed"):
            each.wait(stream.read())
    assert origin.connections == []


def test_h4_leaving_a_block_closes_whatever_happened(origin: Rig) -> None:
    origin.script([("serve", NO_CONTENT)])

    async def main() -> None:
        async with AsyncClient(SERVICE, origin.url) as client:
            await client._transport.send(DELETE.request())
            raise ZeroDivisionError

    def work() -> None:
        with Client(SERVICE, origin.url) as client:
            client._transport.send(DELETE.request())
            raise ZeroDivisionError

    for run in (work, lambda: asyncio.run(main())):
        with pytest.raises(ZeroDivisionError):
            run()
        origin.until(lambda: origin.open == 0)
    assert len(origin.connections) == 2


def test_h4_a_client_that_was_never_used_can_be_closed(callers: Callers, origin: Rig) -> None:
    callers(url=origin.url).close()
    assert origin.connections == []


def test_h5_no_cookie_is_kept(callers: Callers, origin: Rig) -> None:
    cookie = b"HTTP/1.1 204 No Content\r\nSet-Cookie: sid=SECRET-1; Path=/\r\n\r\n"
    origin.script([("serve", cookie)])
    caller = callers(url=origin.url, auth=BearerToken("one"))
    caller.send(DELETE.request())
    caller.send(DELETE.request())
    caller.with_options(auth=BearerToken("two")).send(DELETE.request())
    assert len(origin.connections) == 1
    assert [each.header("cookie") for each in origin.requests] == [None, None, None]


PROBE = """
import logging, socket, sys, threading, time
sys.path[:0] = sys.argv[1:]

def forbidden(*args, **kwargs):
    raise SystemExit("the network was used")

socket.socket.connect = socket.getaddrinfo = forbidden
handlers, level = list(logging.getLogger().handlers), logging.getLogger().level
threads, hook, before = threading.enumerate(), sys.excepthook, time.process_time()
import runtime.client
import runtime.http
assert time.process_time() - before < 1.5, "slow"
assert logging.getLogger().handlers == handlers and logging.getLogger().level == level
assert not [name for name in logging.root.manager.loggerDict if name.startswith("runtime")]
assert threading.enumerate() == threads and sys.excepthook is hook
client = runtime.client.Client
assert "sample_client" not in sys.modules
print("clean")
"""


def test_h6_importing_does_nothing(tmp_path: Path) -> None:
    paths = [path for path in sys.path if path.endswith(("templates", "tests"))]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROBE, *paths],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=tmp_path,
    )
    assert (done.stdout, done.stderr) == ("clean\n", "")
    assert list(tmp_path.iterdir()) == []


def test_h6_making_a_client_opens_nothing(origin: Rig) -> None:
    with Client(SERVICE, origin.url) as client:
        assert isinstance(client._transport.http, SyncHttp)
        assert client._transport.http._made == {}
    assert origin.connections == []


def test_h6_all_clients_share_what_they_trust() -> None:
    assert network.ssl_context() is network.ssl_context()
    assert network.ssl_context().verify_mode is ssl.CERT_REQUIRED
