"""What the services of a stack share: one token, one pool of connections, options and captures."""

import asyncio
import threading
from typing import Final

import httpx2
import pytest

import formance_ledger
from formance_gateway import GatewayClient
from formance_ledger import LedgerClient
from formance_stack import ApiKey, AsyncFormance, Auth, BasicAuth, BearerToken, ClientCredentials, Formance, NoAuth
from formance_stack._core.drift import Drift, Finding
from loopback import Answer, Loopback, json_answer
from stack.conftest import LEDGER, SECRET, Doors, Platform


def tokens(server: Loopback) -> list[str | None]:
    return [each.header("Authorization") for each in server.requests if "oauth" not in each.target]


def test_calls_of_three_services_use_one_token_and_one_connection(server: Loopback, doors: Doors) -> None:
    formance = doors(auth=SECRET)
    assert doors.wait(formance.ledger.v2.get_ledger("main")).name == "main"
    assert doors.wait(formance.wallets.get_wallet("w")).name == "w"
    assert doors.wait(formance.payments.v3.get_pool_balances_latest("p")) == []
    assert [each.target for each in server.requests] == [
        "/api/auth/oauth/token",
        "/api/ledger/v2/main",
        "/api/wallets/wallets/w",
        "/api/payments/v3/pools/p/balances/latest",
    ]
    assert tokens(server) == ["Bearer T1"] * 3
    assert server.connections == 1


def test_the_token_is_good_for_all_services(server: Loopback, doors: Doors) -> None:
    formance = doors(auth=SECRET)
    doors.wait(formance.ledger.v2.get_ledger("main"))
    scopes = server.requests[0].body.rpartition(b"scope=")[2].replace(b"%3A", b":").decode().split("+")
    assert {"auth:read", "auth:write", "ledger:read", "ledger:write", "wallets:read", "wallets:write"} <= {*scopes}


def test_a_caller_may_ask_for_less(server: Loopback, doors: Doors) -> None:
    formance = doors(auth=ClientCredentials("id", "s", scopes=["ledger:read"]))
    doors.wait(formance.ledger.v2.get_ledger("main"))
    doors.wait(formance.wallets.get_wallet("w"))
    assert [each.body for each in server.requests if "oauth" in each.target] == [
        b"grant_type=client_credentials&client_id=id&client_secret=s&scope=ledger%3Aread"
    ]


def test_a_refused_token_is_renewed_once_for_all(server: Loopback, platform: Platform, doors: Doors) -> None:
    formance = doors(auth=SECRET, max_retries=0)
    doors.wait(formance.ledger.v2.get_ledger("main"))
    platform.revoked = {"T1"}
    doors.wait(formance.wallets.get_wallet("w"))
    doors.wait(formance.ledger.v2.get_ledger("main"))
    assert tokens(server) == ["Bearer T1", "Bearer T1", "Bearer T2", "Bearer T2"]
    assert platform.issued == 2


def test_threads_ask_once(server: Loopback, platform: Platform) -> None:
    with Formance(server.url, auth=SECRET) as formance:
        calls = [lambda: formance.ledger.v2.get_ledger("main"), lambda: formance.wallets.get_wallet("w")] * 5
        threads = [threading.Thread(target=call) for call in calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert platform.issued == 1
    assert tokens(server) == ["Bearer T1"] * 10


def test_tasks_ask_once(server: Loopback, platform: Platform) -> None:
    async def main() -> None:
        async with AsyncFormance(server.url, auth=SECRET) as formance:
            ledgers = (formance.ledger.v2.get_ledger("main") for _ in range(5))
            await asyncio.gather(*ledgers, *(formance.gateway.get_versions() for _ in range(5)))

    asyncio.run(main())
    assert platform.issued == 1


CREDENTIALS: Final[list[tuple[Auth | None, str | None]]] = [
    (None, None),
    (NoAuth(), None),
    (ApiKey("k"), None),
    (BasicAuth("u", "p"), None),
    (BearerToken("t"), "Bearer t"),
    (BearerToken(lambda: "f"), "Bearer f"),
    ({"Authorization": BearerToken("t")}, "Bearer t"),
    ({"other": BearerToken("t")}, None),
]


@pytest.mark.parametrize(("auth", "sent"), CREDENTIALS)
def test_each_credential_does_what_it_does_for_the_service_alone(
    server: Loopback, doors: Doors, auth: Auth | None, sent: str | None
) -> None:
    doors.wait(doors(auth=auth).ledger.v2.get_ledger("main"))
    assert tokens(server) == [sent]


def test_where_a_document_asks_for_nothing_what_there_is_is_sent(server: Loopback, doors: Doors) -> None:
    server.handler = lambda _: json_answer({"cursor": {"pageSize": 1, "hasMore": False, "data": []}})
    doors.items(doors(auth=BasicAuth("u", "p")).ledger.v2.list_exporters())
    assert tokens(server) == ["Basic dTpw"]


def test_a_refused_token_of_a_function_is_asked_for_again(server: Loopback, platform: Platform, doors: Doors) -> None:
    platform.revoked = {"F1"}
    given = iter(["F1", "F2"])
    doors.wait(doors(auth=BearerToken(lambda: next(given))).ledger.v2.get_ledger("main"))
    assert tokens(server) == ["Bearer F1", "Bearer F2"]


def test_a_refused_token_that_cannot_change_is_not_sent_again(
    server: Loopback, platform: Platform, doors: Doors
) -> None:
    platform.revoked = {"t"}
    with pytest.raises(formance_ledger.Unauthorized):
        doors.wait(doors(auth=BearerToken("t")).ledger.v2.get_ledger("main"))
    assert tokens(server) == ["Bearer t"]


def test_a_credential_of_another_package_is_refused_at_once(server: Loopback) -> None:
    foreign: object = formance_ledger.ClientCredentials("id", "s")
    with pytest.raises(TypeError, match=r"formance_ledger\._core\.auth\.ClientCredentials is not .* formance_stack"):
        Formance(server.url, auth=foreign)  # type: ignore[arg-type]  # the mistake that is tested


def test_options_go_for_all_services(server: Loopback, platform: Platform, doors: Doors) -> None:
    formance = doors(auth=SECRET, headers={"X-All": "1"})
    copy = formance.with_options(headers={"X-Copy": "2"})
    doors.wait(formance.ledger.v2.get_ledger("main"))
    doors.wait(copy.ledger.v2.get_ledger("main"))
    doors.wait(copy.wallets.with_options(headers={"X-Own": "3"}).get_wallet("w"))
    doors.wait(copy.wallets.get_wallet("w"))
    names = ("X-All", "X-Copy", "X-Own")
    calls = [[each.header(name) for name in names] for each in server.requests if "oauth" not in each.target]
    assert calls == [["1", None, None], ["1", "2", None], ["1", "2", "3"], ["1", "2", None]]
    assert (platform.issued, server.connections) == (1, 1)
    doors.wait(formance.with_options(auth=BearerToken("own")).ledger.v2.get_ledger("main"))
    assert server.last.header("Authorization") == "Bearer own"


def test_a_capture_sees_all_services(doors: Doors) -> None:
    formance = doors(auth=SECRET)
    with formance.capture_response() as captured:
        doors.wait(formance.ledger.v2.get_ledger("main"))
        with formance.wallets.capture_response() as inner:
            doors.wait(formance.wallets.get_wallet("w"))
        doors.wait(formance.ledger.v2.export_logs("main").read())
    doors.wait(formance.gateway.get_versions())
    assert [each.status for each in captured.responses] == [200, 200, 200]
    assert b'"name": "w"' in captured.responses[1].content
    assert inner.headers["content-type"] == "application/json"
    assert len(inner.responses) == 1


def test_drift_is_told_with_the_service(platform: Platform, doors: Doors) -> None:
    platform.services["/api/ledger/v2/main"] = json_answer({"data": {**LEDGER, "colour": "red"}})
    told: list[Drift] = []
    doors.wait(doors(on_drift=told.append).ledger.v2.get_ledger("main"))
    assert [drift.operation for drift in told] == ["ledger.v2.get_ledger"]
    assert told[0].found == (Finding(pointer="/data/colour", model="Ledger", kind="unknown field"),)


def test_retries_are_those_of_the_stack(server: Loopback, platform: Platform, doors: Doors) -> None:
    platform.services["/api/wallets/wallets/w"] = Answer(status=503, headers=(("Retry-After", "0"),))
    with pytest.raises(Exception, match="503"):
        doors.wait(doors(max_retries=1).wallets.get_wallet("w"))
    assert len(server.requests) == 2


class TestClosing:
    def test_the_stack_closes_once_for_all(self, doors: Doors) -> None:
        formance = doors()
        ledger = formance.ledger
        doors.wait(ledger.v2.get_ledger("main"))
        doors.close(formance)
        doors.close(formance)
        for call in (lambda: ledger.v2.get_ledger("main"), lambda: formance.wallets.get_wallet("w")):
            with pytest.raises(RuntimeError, match="the client is closed"):
                doors.wait(call())

    def test_a_service_closes_nothing(self, server: Loopback) -> None:
        with Formance(server.url) as formance:
            server.handler = Platform()
            with formance.ledger as ledger:
                ledger.v2.get_ledger("main")
            formance.ledger.v2.get_ledger("main")
        assert server.connections == 1

    def test_a_client_that_was_given_stays_open(self, server: Loopback, platform: Platform) -> None:
        with httpx2.Client(headers={"X-Given": "1"}) as given:
            with Formance(server.url, http_client=given) as formance:
                formance.ledger.v2.get_ledger("main")
                formance.wallets.get_wallet("w")
            assert not given.is_closed
        assert [each.header("X-Given") for each in server.requests] == ["1", "1"]
        assert server.connections == 1

    def test_an_async_client_that_was_given_stays_open(self, server: Loopback, platform: Platform) -> None:
        async def main() -> None:
            async with httpx2.AsyncClient(headers={"X-Given": "1"}) as given:
                async with AsyncFormance(server.url, http_client=given) as formance:
                    await formance.ledger.v2.get_ledger("main")
                    await formance.wallets.get_wallet("w")
                assert not given.is_closed

        asyncio.run(main())
        assert [each.header("X-Given") for each in server.requests] == ["1", "1"]


def test_each_client_still_stands_alone(server: Loopback, platform: Platform) -> None:
    auth = formance_ledger.ClientCredentials("id", "s")
    with LedgerClient(server.url, auth=auth) as ledger, GatewayClient(server.url) as gateway:
        ledger.v2.get_ledger("main")
        gateway.get_versions()
    assert server.requests[0].body.endswith(b"&scope=ledger%3Aread")
    assert server.connections == 2
