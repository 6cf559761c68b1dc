"""Row E: tokens are fetched once, renewed ahead of their end, and never used when they are dead."""

import asyncio
import os
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from flavours import Callers, Clock
from issuer import AUTH, CALL, TOKEN_URL, WRITE, Issuer, in_threads, placement_of, sent
from loopback import Answer, Loopback, Recorded, json_answer, loopback
from rig import Rig, closed_port
from runtime.auth import ApiKey, ClientCredentials
from runtime.client import AsyncClient, Client
from runtime.errors import AuthError, Unauthorized
from runtime.oauth import Need, life, token_of
from runtime.operation import Empty, Operation, Requirement
from runtime.response import Headers, Response
from sample_client import IMPORT, SERVICE


def test_e1_a_hundred_threads_ask_for_one_token(server: Loopback) -> None:
    issuer = server.handler = Issuer(delay=0.02)
    with Client(SERVICE, server.url, auth=AUTH) as client:
        in_threads(100, lambda: client._transport.send(CALL))
    assert issuer.issued == 1
    assert sent(server) == ["Bearer T1"] * 100


def test_e1_a_thousand_tasks_ask_for_one_token(origin: Rig) -> None:
    token = b'{"access_token":"T1","expires_in":3600}'
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
    origin.script([("sleep", 0.02), ("serve", head % len(token) + token)])

    async def main() -> set[str]:
        async with AsyncClient(SERVICE, origin.url, auth=AUTH) as client:
            tokens = client._transport.tokens
            placement = placement_of(client)
            return set(await asyncio.gather(*(tokens.secret(placement) for _ in range(1000))))

    assert asyncio.run(main()) == {"T1"}
    assert len(origin.requests) == 1


def test_e1_each_credential_has_tokens_of_its_own(server: Loopback, callers: Callers) -> None:
    def answer(request: Recorded) -> Answer:
        if request.target == TOKEN_URL:
            who = "one" if b"client_id=one" in request.body else "two"
            return json_answer({"access_token": f"T-{who}", "expires_in": 3600})
        return Answer(status=204)

    server.handler = answer
    service = replace(SERVICE, schemes={**SERVICE.schemes, "second": SERVICE.schemes["Authorization"]})
    auth = {"Authorization": ClientCredentials("one", "s-one"), "second": ClientCredentials("two", "s-two")}
    caller = callers(auth=auth, service=service)
    for name in ("Authorization", "second", "Authorization", "second"):
        security = ((Requirement(name),),)
        caller.send(
            Operation(name="x", method="GET", path="/x", results=(("204", Empty()),), security=security).request()
        )
    assert sent(server) == ["Bearer T-one", "Bearer T-two"] * 2


@pytest.mark.parametrize(
    ("expires_in", "seconds"),
    [(3600, 3600), ("3600", 3600), (0, 0), (-1, 0), (None, 300), (1e18, 86400), ("NaN", 300), ([], 300)],
)
def test_e2_a_life_is_read_however_it_is_written(expires_in: float | str | None, seconds: float) -> None:
    assert life(expires_in) == seconds


def test_e2_a_token_is_renewed_ahead_of_its_end_at_a_time_that_varies() -> None:
    need = Need(credential=AUTH, url="https://h/t", scopes=frozenset())
    answer = Response(200, Headers(), b'{"access_token":"T1","expires_in":3600}')
    tokens = [token_of(answer, need, asked=0.0, chance=chance) for chance in (0.0, 0.25, 1.0)]
    assert [each.due for each in tokens] == [3480, 3450, 3360]
    assert {each.ends for each in tokens} == {3595}


@pytest.mark.parametrize("expires_in", [0, -1])
def test_e2_a_token_without_a_life_is_used_for_those_who_waited(
    server: Loopback, callers: Callers, expires_in: int
) -> None:
    server.handler = Issuer(expires_in=expires_in)
    caller = callers(auth=AUTH)
    caller.send(CALL)
    caller.send(CALL)
    assert sent(server) == ["Bearer T1", "Bearer T2"]


def test_e2_while_one_renews_a_token_that_is_good_the_others_go_on(
    server: Loopback, callers: Callers, clock: Clock
) -> None:
    issuer = server.handler = Issuer()
    caller = callers(auth=AUTH)
    caller.send(CALL)
    clock.time += 3500
    issuer.down = True
    caller.send(CALL)
    caller.send(CALL)
    assert (issuer.issued, sent(server)) == (2, ["Bearer T1"] * 3)
    # After half a minute it is tried again, and then it works.
    clock.time += 31
    issuer.down = False
    caller.send(CALL)
    assert (issuer.issued, sent(server)[-1]) == (3, "Bearer T3")


def test_e2_one_thread_renews_and_the_others_do_not_wait(server: Loopback, clock: Clock) -> None:
    renewing, release = threading.Event(), threading.Event()
    issuer = Issuer()

    def answer(request: Recorded) -> Answer:
        if request.target == TOKEN_URL and issuer.issued == 1:
            renewing.set()
            assert release.wait(5)
        return issuer(request)

    server.handler = answer
    with Client(SERVICE, server.url, auth=AUTH, effects=clock.effects()) as client:
        client._transport.send(CALL)
        clock.time += 3500
        one = threading.Thread(target=client._transport.send, args=(CALL,))
        one.start()
        assert renewing.wait(5)
        in_threads(10, lambda: client._transport.send(CALL))
        assert sent(server) == ["Bearer T1"] * 11
        release.set()
        one.join()
    assert sent(server)[-1] == "Bearer T2"


def test_e2_one_task_renews_and_the_others_do_not_wait(server: Loopback, clock: Clock) -> None:
    release = threading.Event()
    issuer = Issuer()

    def answer(request: Recorded) -> Answer:
        if request.target == TOKEN_URL and issuer.issued == 1:
            assert release.wait(5)
        return issuer(request)

    server.handler = answer

    async def main() -> None:
        async with AsyncClient(SERVICE, server.url, auth=AUTH, effects=clock.effects()) as client:
            await client._transport.send(CALL)
            clock.time += 3500
            one = asyncio.ensure_future(client._transport.send(CALL))
            await asyncio.sleep(0)
            await asyncio.gather(*(client._transport.send(CALL) for _ in range(10)))
            assert sent(server) == ["Bearer T1"] * 11
            release.set()
            await one

    asyncio.run(main())
    assert sent(server)[-1] == "Bearer T2"


def test_e2_a_dead_token_is_never_used(server: Loopback, callers: Callers, clock: Clock) -> None:
    issuer = server.handler = Issuer()
    caller = callers(auth=AUTH, max_retries=0)
    caller.send(CALL)
    clock.time += 3596
    issuer.down = True
    with pytest.raises(AuthError):
        caller.send(CALL)
    assert sent(server) == ["Bearer T1"]


def test_e3_a_refused_token_is_renewed_once_and_the_call_replayed_once(server: Loopback, callers: Callers) -> None:
    issuer = server.handler = Issuer()
    issuer.refused = {"T1", "T2", "T3"}
    with pytest.raises(Unauthorized):
        callers(auth=AUTH).send(CALL)
    assert sent(server) == ["Bearer T1", "Bearer T2"]
    assert issuer.issued == 2


def test_e4_a_hundred_refusals_mean_one_renewal(server: Loopback) -> None:
    issuer = server.handler = Issuer(delay=0.02)
    issuer.refused = {"T1"}
    issuer.gate = threading.Barrier(100)
    with Client(SERVICE, server.url, auth=AUTH) as client:
        in_threads(100, lambda: client._transport.send(CALL))
    assert issuer.issued == 2
    assert sorted(map(str, sent(server))) == ["Bearer T1"] * 100 + ["Bearer T2"] * 100


def test_e4_a_hundred_refused_tasks_mean_one_renewal(server: Loopback) -> None:
    issuer = server.handler = Issuer(delay=0.02)
    issuer.refused = {"T1"}
    issuer.gate = threading.Barrier(100)

    async def main() -> None:
        async with AsyncClient(SERVICE, server.url, auth=AUTH) as client:
            await asyncio.gather(*(client._transport.send(CALL) for _ in range(100)))

    asyncio.run(main())
    assert issuer.issued == 2
    assert issuer.calls == 200


@pytest.mark.parametrize(
    ("answer", "requests"),
    [
        (json_answer({"error": "invalid_client", "error_description": "SECRET-client is wrong"}, status=400), 1),
        (json_answer({"error": "invalid_client"}, status=401), 1),
        (Answer(status=500, body=b"<html>SECRET-client</html>"), 1),
        (Answer(status=503), 2),
        (Answer(drop=True), 2),
        (Answer(status=200, body=b"<html>"), 1),
        (json_answer({"token_type": "Bearer"}), 1),
        (json_answer({"access_token": "SECRET-token", "token_type": "DPoP"}), 1),
        (json_answer({"access_token": "SECRET-token\n"}), 1),
    ],
)
def test_e5_no_token_is_one_clear_error_and_the_next_call_tries_anew(
    server: Loopback, callers: Callers, answer: Answer, requests: int
) -> None:
    server.say(answer)
    caller = callers(auth=AUTH)
    with pytest.raises(AuthError, match="no token was issued: ") as caught:
        caller.send(CALL)
    assert "SECRET" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert len(server.requests) == requests
    server.handler = Issuer()
    caller.send(CALL)
    assert sent(server) == ["Bearer T1"]


def test_e5_a_refused_connection_and_a_timeout_are_such_errors_too(server: Loopback, callers: Callers) -> None:
    with closed_port() as url:
        auth = ClientCredentials("id", "s", token_url=f"{url}/token")
        with pytest.raises(AuthError, match="no token was issued: ConnectError"):
            callers(auth=auth).send(CALL)
    server.say(Answer(delay=0.3))
    with pytest.raises(AuthError, match="no token was issued: "):
        callers(auth=AUTH, timeout=0.05).send(CALL)


def test_e5_those_who_waited_share_the_failure(server: Loopback) -> None:
    server.say(Answer(status=500, delay=0.05))
    failures: list[str] = []

    def call() -> None:
        with pytest.raises(AuthError) as caught:
            client._transport.send(CALL)
        failures.append(str(caught.value))

    with Client(SERVICE, server.url, auth=AUTH) as client:
        in_threads(20, call)
    assert failures == ["no token was issued: 500"] * 20
    assert len(server.requests) < 20


def test_e6_a_leader_cancelled_at_any_await_leaves_nobody_behind() -> None:
    async def main(turns: int, server: Loopback) -> bool:
        """Cancel the leader after some turns of the loop; tell whether it was over by then."""
        issuer = server.handler = Issuer()
        async with AsyncClient(SERVICE, server.url, auth=AUTH) as client:
            tokens, placement = client._transport.tokens, placement_of(client)
            leader = asyncio.ensure_future(tokens.secret(placement))
            await asyncio.sleep(0)
            waiters = [asyncio.ensure_future(tokens.secret(placement)) for _ in range(5)]
            for _ in range(turns):
                await asyncio.sleep(0)
            over = not leader.cancel()
            found = await asyncio.wait_for(asyncio.gather(*waiters), 5)
            assert len(set(found)) == 1
            assert issuer.issued <= 2
            return over

    over = False
    for turns in (*range(0, 40, 2), 20_000):
        # A server of its own: what a cancelled leader asked for may reach a busy one in the next round.
        with loopback() as server:
            over = asyncio.run(main(turns, server))
    assert over


def test_e7_each_loop_waits_for_itself(server: Loopback) -> None:
    issuer = server.handler = Issuer(delay=0.02, closing=True)
    client = AsyncClient(SERVICE, server.url, auth=AUTH)

    async def main() -> None:
        await asyncio.gather(*(client._transport.send(CALL) for _ in range(5)))

    asyncio.run(main())
    asyncio.run(main())
    # The loops share the token, and nothing else.
    assert issuer.issued == 1
    in_threads(4, lambda: asyncio.run(main()))
    assert issuer.issued == 1
    assert issuer.calls == 30


def test_e7_loops_that_begin_together_do_not_wait_for_each_other(server: Loopback) -> None:
    issuer = server.handler = Issuer(delay=0.02, closing=True)
    client = AsyncClient(SERVICE, server.url, auth=AUTH)

    async def main() -> None:
        await asyncio.gather(*(client._transport.send(CALL) for _ in range(5)))

    in_threads(3, lambda: asyncio.run(main()))
    assert 1 <= issuer.issued <= 3
    assert issuer.calls == 15


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_e7_a_forked_child_does_not_wait_for_its_parents_threads(server: Loopback) -> None:
    asking, release = threading.Event(), threading.Event()
    issuer = Issuer()

    def answer(request: Recorded) -> Answer:
        if request.target == TOKEN_URL and not asking.is_set():
            asking.set()
            assert release.wait(10)
        return issuer(request)

    server.handler = answer
    with Client(SERVICE, server.url, auth=AUTH) as client:
        leader = threading.Thread(target=client._transport.send, args=(CALL,))
        leader.start()
        assert asking.wait(5)
        # Another thread holds the lock itself while the process forks.
        lock = client._transport.tokens._desk.mine().lock
        with lock:
            child = os.fork()
            if child == 0:
                _exit_after(lambda: client._transport.send(CALL))
        assert _status(child) == 0
        release.set()
        leader.join()
    assert issuer.issued == 2


@pytest.mark.parametrize("url", ["http://auth.example.com/token", "http://u:p@127.0.0.1/token", "ftp://h/token"])
def test_e8_a_token_is_asked_for_over_tls_or_on_this_machine(callers: Callers, url: str) -> None:
    with pytest.raises(AuthError, match="the token URL"):
        callers(auth=ClientCredentials("id", "s", token_url=url)).send(CALL)


def test_e8_no_redirect_is_followed_and_the_secret_is_in_the_body_alone(
    origin: Rig, elsewhere: Rig, callers: Callers
) -> None:
    moved = f"HTTP/1.1 307 Moved\r\nLocation: {elsewhere.url}/token\r\nContent-Length: 0\r\n\r\n"
    origin.script([("serve", moved.encode())])
    with pytest.raises(AuthError, match="no token was issued: 307"):
        callers(url=origin.url, auth=AUTH).send(CALL)
    assert elsewhere.requests == []
    (heard,) = origin.requests
    assert b"SECRET-client" not in heard.head
    assert b"client_secret=SECRET-client" in heard.body


def test_e9_a_body_that_is_spent_is_not_sent_again_after_a_refusal(server: Loopback, callers: Callers) -> None:
    issuer = server.handler = Issuer()
    issuer.refused = {"T1"}
    with pytest.raises(Unauthorized):
        callers(auth=AUTH).send(IMPORT.request(body=iter([b"a"])))
    assert sent(server) == ["Bearer T1"]


def test_e9_a_body_that_can_be_rewound_is(server: Loopback, callers: Callers) -> None:
    issuer = server.handler = Issuer()
    issuer.refused = {"T1"}
    callers(auth=AUTH).send(WRITE)
    bodies = [each.body for each in server.requests if each.target != TOKEN_URL]
    assert (sent(server), len(set(bodies))) == (["Bearer T1", "Bearer T2"], 1)


def test_h5_no_cookie_goes_from_one_credential_to_another(server: Loopback, callers: Callers) -> None:
    server.say(json_answer({"data": {"address": "a"}}, headers=(("Set-Cookie", "session=SECRET; Path=/"),)))
    caller = callers(auth=ApiKey("one-key"))
    caller.send(CALL)
    caller.with_options(auth=ApiKey("two-key")).send(CALL)
    assert [each.header("Cookie") for each in server.requests] == [None, None]


def _exit_after(work: Callable[[], object]) -> None:
    """End a forked child: 0 if the work is done, 1 if it fails, 2 if it does not end."""
    threading.Timer(5, os._exit, (2,)).start()
    try:
        work()
    except BaseException:  # noqa: BLE001  # the parent is told by the status
        os._exit(1)
    os._exit(0)


def _status(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
