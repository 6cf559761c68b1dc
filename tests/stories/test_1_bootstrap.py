"""Story 1: a token, the versions of the stack, and a first ledger."""

from typing import Final
from urllib.parse import parse_qs

import pytest

import formance_ledger
from formance_ledger.v2 import CreateLedgerRequest
from formance_stack import ApiError, AuthError, ClientCredentials, FormanceError, NotFound, ServerError, Unauthorized
from stories.gateway import TOKEN_PATH, Registered
from stories.story import Sent, Story


def test_a_stack_is_set_up(story: Story) -> None:
    formance, do = story.formance, story.do

    versions = do(formance.gateway.get_versions())
    assert {each.name: each.health for each in versions.versions} == {"ledger": True, "payments": True, "search": False}
    story.saw(Sent("GET /versions"))

    settings = CreateLedgerRequest(metadata={"team": "books"}, features={"HASH_LOGS": "SYNC"})
    do(formance.ledger.v2.create_ledger("main", settings))
    create = Sent("POST /api/ledger/v2/main", '{"metadata":{"team":"books"},"features":{"HASH_LOGS":"SYNC"}}')
    story.saw(create)

    # Once more does no harm: the code tells it from other mistakes.
    with pytest.raises(formance_ledger.BadRequest) as refused:
        do(formance.ledger.v2.create_ledger("main", settings))
    assert refused.value.code == "LEDGER_ALREADY_EXISTS"
    assert refused.value.message == "ledger main already exists"
    story.saw(create)


def test_the_ledgers_are_listed_page_by_page(story: Story) -> None:
    formance, do = story.formance, story.do
    for name in ("a", "b", "c"):
        do(formance.ledger.v2.create_ledger(name, {}))
    story.saw(*(Sent(f"POST /api/ledger/v2/{name}", "{}") for name in "abc"))

    ledgers = formance.ledger.v2.list_ledgers(page_size=2)
    first = story.first(ledgers)
    assert [each.name for each in first.data] == ["a", "b"]
    assert first.has_more
    story.saw(Sent("GET /api/ledger/v2?pageSize=2"))

    assert [each.name for each in story.all(ledgers)] == ["a", "b", "c"]
    story.saw(Sent(f"GET /api/ledger/v2?cursor={first.next}"))


def test_what_goes_wrong_in_one_service_is_caught_as_an_error_of_the_stack(story: Story) -> None:
    formance, do = story.formance, story.do
    with pytest.raises(NotFound) as missing:
        do(formance.ledger.v2.count_accounts("nowhere"))
    # The answer to a HEAD has no body.
    assert (missing.value.status, missing.value.code) == (404, None)
    with pytest.raises(FormanceError) as caught:
        do(formance.ledger.v2.get_account("nowhere", "users:001"))
    assert isinstance(caught.value, ApiError)
    assert caught.value.code == formance_ledger.V2ErrorsEnum.LEDGER_NOT_FOUND
    story.saw(
        Sent("HEAD /api/ledger/v2/nowhere/accounts"),
        Sent("GET /api/ledger/v2/nowhere/accounts/users%3A001"),
    )


def test_a_service_that_is_not_there_is_a_plain_404_of_the_gateway(story: Story) -> None:
    with pytest.raises(NotFound) as missing:
        story.do(story.formance.auth.list_clients())
    assert (missing.value.code, missing.value.message, missing.value.body) == (None, "", b"Not Found")
    assert missing.value.response.headers["content-type"] == "text/plain"
    story.saw(Sent("GET /api/auth/clients"))


# Tokens -----------------------------------------------------------------------------------------------------------


def asked(story: Story) -> list[dict[str, list[str]]]:
    return [parse_qs(each.body.decode()) for each in story.server.requests if each.target == TOKEN_PATH]


ALL_SCOPES: Final = (
    "auth:read auth:write ledger:read ledger:write orchestration:read orchestration:write payments:read payments:write "
    "reconciliation:read reconciliation:write search:read search:write wallets:read wallets:write webhooks:read "
    "webhooks:write"
)


by_credentials = pytest.mark.parametrize("access", ["credentials"])
by_proxy = pytest.mark.parametrize("access", ["proxy"])


@by_credentials
class TestTokens:
    def test_one_token_serves_all(self, story: Story) -> None:
        formance, do = story.formance, story.do
        do(formance.ledger.v2.create_ledger("main", {}))
        assert story.all(formance.wallets.list_wallets()) == []
        assert asked(story) == [
            {
                "grant_type": ["client_credentials"],
                "client_id": ["accounting"],
                "client_secret": ["s&cret"],
                "scope": [ALL_SCOPES],
            }
        ]
        calls = [each.header("Authorization") for each in story.server.requests[1:]]
        assert calls == ["Bearer token-1", "Bearer token-1"]
        story.forget()

    def test_the_stack_grants_what_was_registered(self, story: Story) -> None:
        platform, do = story.platform, story.do
        platform.registered = Registered("accounting", "s&cret", frozenset({"ledger:read", "ledger:write"}))
        do(story.formance.ledger.v2.create_ledger("main", {}))
        with pytest.raises(Unauthorized) as refused:
            story.all(story.formance.wallets.list_wallets())
        # Nothing is said about why, whatever Content-Type says.
        assert (refused.value.status, refused.value.code, refused.value.message) == (401, None, "")
        assert refused.value.response.content == b""
        assert str(refused.value) == "401 (list_wallets, GET /wallets)"
        story.forget()

    def test_who_asks_for_no_scope_gets_a_token_that_opens_nothing(self, story: Story) -> None:
        formance = story.open(auth=ClientCredentials("accounting", "s&cret", scopes=[]))
        with pytest.raises(Unauthorized):
            story.do(formance.ledger.v2.create_ledger("main", {}))
        # The refused token is renewed once, in case it was only out of date.
        create = Sent("POST /api/ledger/v2/main", "{}")
        story.saw(create, create)
        assert [each.keys() for each in asked(story)] == [{"grant_type", "client_id", "client_secret"}] * 2

    def test_a_wrong_secret(self, story: Story) -> None:
        formance = story.open(auth=ClientCredentials("accounting", "wrong"))
        with pytest.raises(AuthError, match="401 invalid_client: invalid client id or secret"):
            story.do(formance.gateway.get_versions())


@by_proxy
def test_the_proxy_cannot_reach_the_stack(story: Story) -> None:
    assert story.proxy is not None
    story.proxy.down = True
    formance = story.open()
    with pytest.raises(ServerError) as down:
        story.do(formance.ledger.v2.get_account("main", "a"))
    assert (down.value.status, down.value.code) == (502, None)
    assert down.value.body == b"dial tcp: connection refused"
    story.forget()
