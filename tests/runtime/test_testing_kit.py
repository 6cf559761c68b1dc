"""The testing kit: what a fake answers and when, what it was asked, and which request is for which operation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pytest
from pydantic import TypeAdapter, ValidationError
from typing_extensions import deprecated

from runtime.auth import BearerToken, ClientCredentials
from runtime.client import AsyncClient, Client
from runtime.envelopes import PageOf
from runtime.errors import ApiError, DecodeError, NotFound, RateLimited, RequestTimeout, TransportError
from runtime.namespace import AsyncNamespace, Namespace
from runtime.operation import Operation, Paged, PageData, PageNumber, Query
from runtime.page import Page
from runtime.service import Service
from runtime.testing.answers import Answer, Refusal
from runtime.testing.fake import Fake
from runtime.testing.operations import FakeOperation, FakePages, fake_operation
from runtime.testing.recording import RecordedCall
from runtime.testing.script import UnexpectedCall
from sample_client import CREATE, DEBIT, GET, LIST, METRICS, SERVICE, Account, Hold

NUMBERED: Final = Operation[PageData[int]](
    name="v2.list_numbers",
    method="GET",
    path="/numbers",
    query=(Query("page"),),
    results=(("200", Paged(lambda: TypeAdapter(PageOf[int]), turn=PageNumber("page", 1))),),
)


class Methods(Namespace):
    """The methods of a namespace, as generated code has them."""

    def get_account(
        self,
        ledger: str,
        account: str,
        *,
        expand: str | None = None,
        pit: str | None = None,
        trace: str | None = None,
        theme: str | None = None,
    ) -> Account:
        return self._transport.send(
            GET.request(path=(ledger, account), query=(expand, pit), headers=(trace,), cookies=(theme,))
        )

    def create_account(
        self, ledger: str, body: Account, *, dry_run: bool | None = None, key: str | None = None
    ) -> Account:
        return self._transport.send(CREATE.request(path=(ledger,), query=(dry_run,), headers=(key,), body=body))

    def list_accounts(
        self, ledger: str, *, page_size: int | None = None, cursor: str | None = None, trace: str | None = None
    ) -> Page[Account]:
        return self._transport.page(LIST.request(path=(ledger,), query=(page_size, cursor), headers=(trace,)))

    def list_numbers(self, *, page: int | None = None) -> Page[int]:
        return self._transport.page(NUMBERED.request(query=(page,)))

    @deprecated("v2.debit is deprecated.")
    def debit(self) -> Hold | None:
        return self._transport.send(DEBIT.request())

    def metrics(self) -> str:
        return self._transport.send(METRICS.request())


class AsyncMethods(AsyncNamespace):
    """The one method that is tried in async code."""

    async def get_account(self, ledger: str, account: str) -> Account:
        return await self._transport.send(GET.request(path=(ledger, account)))


class Sample(Client, Methods):
    """A client that has its methods itself."""

    _service = SERVICE


class AsyncSample(AsyncClient, AsyncMethods):
    """Its twin."""

    _service = SERVICE


class FakeSample(Fake[Sample, AsyncSample]):
    """As generated code has it."""

    get_account: FakeOperation[Account]
    create_account: FakeOperation[Account, Account]
    list_accounts: FakePages[Account]
    list_numbers: FakePages[int]
    debit: FakeOperation[Hold | None]
    metrics: FakeOperation[str]

    def __init__(self, service: Service = SERVICE, *, examples: bool = False) -> None:
        super().__init__(service, Sample, AsyncSample, examples=examples)


A: Final = Account(address="a")
B: Final = Account(address="b")


@pytest.fixture
def fake() -> FakeSample:
    return FakeSample()


@pytest.fixture
def client(fake: FakeSample) -> Sample:
    return fake.client()


def test_what_is_said_is_answered_in_turn_and_the_last_again_and_again(fake: FakeSample, client: Sample) -> None:
    fake.get_account.returns(A).then.raises(404).then.returns(B)
    assert fake.get_account.left == 3
    assert client.get_account("main", "x") == A
    with pytest.raises(NotFound):
        client.get_account("main", "x")
    assert [client.get_account("main", "x").address for _ in range(3)] == ["b", "b", "b"]
    fake.assert_exhausted()


def test_what_is_said_anew_takes_the_place_of_what_was_said(fake: FakeSample, client: Sample) -> None:
    fake.get_account.returns(A).then.returns(A)
    fake.get_account.returns(B)
    assert client.get_account("main", "x") == B
    assert client.get_account("main", "x") == B


def test_answers_that_nobody_asked_for_are_told(fake: FakeSample, client: Sample) -> None:
    fake.get_account.returns(A).then.returns(B)
    client.get_account("main", "x")
    with pytest.raises(AssertionError, match=r"answers are left: v2\.get_account"):
        fake.assert_exhausted()


def test_a_value_that_the_operation_does_not_give_is_refused(fake: FakeSample) -> None:
    with pytest.raises(ValueError, match=r"v2\.get_account does not give that: .*Account"):
        fake.get_account.returns(Account.model_construct())
    with pytest.raises(ValueError, match="does not give that: /data/address: missing"):
        fake.get_account.returns(Account.model_construct(balance=1))
    with pytest.raises(ValidationError):
        fake.list_numbers.returns_pages([[1], ["one"]])  # type: ignore[list-item]  # on purpose
    with pytest.raises(ValueError, match=r"for an empty list give \[\[\]\]"):
        fake.list_accounts.returns_pages([])


def test_a_result_may_be_one_of_several(fake: FakeSample, client: Sample) -> None:
    fake.debit.returns(Hold(id="h")).then.returns(None)
    # By its name: a type checker warns of it, as it should.
    debit: Callable[[], Hold | None] = getattr(client, "debit")  # noqa: B009
    with pytest.warns(DeprecationWarning, match=r"v2\.debit is deprecated"):
        assert [debit(), debit()] == [Hold(id="h"), None]


def test_text_is_text(fake: FakeSample, client: Sample) -> None:
    fake.metrics.returns("ä 1\n")
    assert client.metrics() == "ä 1\n"


def test_pages_lead_to_one_another(fake: FakeSample, client: Sample) -> None:
    fake.list_accounts.returns_pages([[A], [], [B]])
    first, second, third = client.list_accounts("main", page_size=1).pages()
    assert (first.data, second.data, third.data) == ([A], [], [B])
    assert (first.has_more, third.has_more, first.page_size) == (True, False, 1)
    # Backwards, and again from a mark that an application kept.
    assert [*client.list_accounts("main", cursor=third.previous).pages()][-1].data == [B]
    assert client.list_accounts("main", cursor=second.previous).data == [A]


def test_two_lists_do_not_mix(fake: FakeSample, client: Sample) -> None:
    fake.list_accounts.returns_pages([[A], [A]]).then.returns_pages([[B], [B]])
    first, second = iter(client.list_accounts("main")), iter(client.list_accounts("main"))
    assert [next(first), next(second), next(first), next(second)] == [A, B, A, B]


def test_pages_by_number(fake: FakeSample, client: Sample) -> None:
    fake.list_numbers.returns_pages([[1, 2], [3]])
    assert [*client.list_numbers()] == [*client.list_numbers(page=1)] == [1, 2, 3]
    assert [*client.list_numbers(page=2)] == [3]
    assert [each.arguments for each in fake.list_numbers.calls][:2] == [{}, {"page": "2"}]


def test_a_mark_that_no_list_has(fake: FakeSample, client: Sample) -> None:
    fake.list_accounts.returns_pages([[A]])
    with pytest.raises(UnexpectedCall, match="no page has the mark 'stale'"):
        client.list_accounts("main", cursor="stale")


def test_retries_are_real_but_nobody_waits(fake: FakeSample, client: Sample) -> None:
    fake.get_account.raises(429, headers={"Retry-After": "7"}).then.fails("disconnect").then.returns(A)
    assert client.get_account("main", "x") == A
    assert len(fake.get_account.calls) == 3
    assert (fake.waits[0], len(fake.waits)) == (7.0, 2)


def test_errors_are_real(fake: FakeSample, client: Sample) -> None:
    once = client.with_options(max_retries=0)
    fake.get_account.raises(429, code="TOO_MANY", message="slow down", details="for an hour")
    with pytest.raises(RateLimited) as caught:
        once.get_account("main", "x")
    error = caught.value
    assert (error.code, error.message, error.details) == ("TOO_MANY", "slow down", "for an hour")
    fake.get_account.responds(200, content=b"<html>")
    with pytest.raises(DecodeError):
        once.get_account("main", "x")
    fake.get_account.responds(418, content=[b"tea", b"pot"], headers={"X-Request-Id": "r-1"})
    with pytest.raises(ApiError) as raw:
        once.get_account("main", "x")
    assert (raw.value.body, raw.value.request_id) == (b"teapot", "r-1")


def test_faults_are_real(fake: FakeSample, client: Sample) -> None:
    once = client.with_options(max_retries=0)
    fake.create_account.fails("timeout").then.fails().then.fails("refused")
    with pytest.raises(RequestTimeout):
        once.create_account("main", A)
    with pytest.raises(TransportError) as disconnected:
        once.create_account("main", A)
    with pytest.raises(TransportError) as refused:
        once.create_account("main", A)
    assert (disconnected.value.may_have_been_applied, refused.value.may_have_been_applied) == (True, False)


def test_a_function_answers(fake: FakeSample, client: Sample) -> None:
    def reply(call: RecordedCall[Account]) -> Account | Answer | Refusal:
        if call.body.address == "taken":
            return Refusal(status=409, code="CONFLICT")
        if call.body.address == "odd":
            return Answer(json={"data": {"address": "raw"}})
        return call.body

    fake.create_account.replies(reply)
    assert client.create_account("main", A) == A
    assert client.create_account("main", Account(address="odd")).address == "raw"
    with pytest.raises(ApiError) as caught:
        client.create_account("main", Account(address="taken"))
    assert (caught.value.status, caught.value.code) == (409, "CONFLICT")


def test_calls_are_recorded(fake: FakeSample, client: Sample) -> None:
    fake.create_account.returns(A)
    client.create_account("a/b c", B, dry_run=True)
    (call,) = fake.create_account.calls
    assert fake.calls == (call,)
    key = call.arguments["key"]
    assert call.arguments == {"ledger": "a/b c", "dry_run": "true", "key": key}
    assert call.argument("dry_run", bool) is True
    assert call.body == B
    fake.create_account.assert_called_once(ledger="a/b c", dry_run=True, body=B)
    fake.get_account.assert_not_called()


def test_assertions_tell_what_was_otherwise(fake: FakeSample, client: Sample) -> None:
    with pytest.raises(AssertionError, match="was not called"):
        fake.get_account.assert_called()
    fake.get_account.returns(A)
    client.get_account("main", "x", expand="volumes", trace="t 1", theme="dark")
    fake.get_account.assert_called_once(trace="t 1", theme="dark", pit=None)
    with pytest.raises(AssertionError, match="expand: 'volumes' instead of 'all'"):
        fake.get_account.assert_called_once(ledger="main", expand="all")
    with pytest.raises(TypeError, match="has no argument 'exapnd'"):
        fake.get_account.assert_called_once(exapnd="all")
    client.get_account("main", "y")
    fake.get_account.assert_called(account="x")
    with pytest.raises(AssertionError, match="was called 2 times"):
        fake.get_account.assert_called_once()
    with pytest.raises(AssertionError, match="was called, 2 times"):
        fake.get_account.assert_not_called()


def test_an_answer_that_nobody_said_is_an_error_even_if_it_is_caught(fake: FakeSample, client: Sample) -> None:
    with pytest.raises(UnexpectedCall):
        client.get_account("main", "x")
    with pytest.raises(UnexpectedCall, match=r"v2\.get_account was called"):
        fake.assert_expected()
    fake.reset()
    fake.assert_expected()
    assert fake.calls == ()


def test_or_it_is_an_example() -> None:
    fake = FakeSample(examples=True)
    assert fake.client().get_account("main", "x") == Account(address="address")
    assert [*fake.client().list_accounts("main")] == [Account(address="address")]
    fake.assert_expected()


def test_credentials_go_along_and_tokens_are_issued(fake: FakeSample, client: Sample) -> None:
    fake.get_account.returns(A)
    client.with_options(auth=BearerToken("t-1")).get_account("main", "x")
    client.with_options(auth=ClientCredentials("id", "secret")).get_account("main", "x")
    sent = [call.request.headers["authorization"] for call in fake.get_account.calls]
    assert sent == ["Bearer t-1", "Bearer fake-token"]


def test_what_is_no_operation_is_told(fake: FakeSample) -> None:
    other = FakeSample(Service(name="other", version="1", prefix="/elsewhere"))
    fake.get_account.returns(A)
    stranger = Sample(other._service, "https://fake.test", http_client=fake._serving.client)
    with pytest.raises(UnexpectedCall, match="GET /elsewhere/v2/main/accounts/x is no operation of formance_sample"):
        stranger.get_account("main", "x")


def test_async_code_gets_the_same(fake: FakeSample) -> None:
    fake.get_account.raises(503).then.returns(A)
    assert asyncio.run(fake.async_client().get_account("main", "x")) == A
    assert (len(fake.get_account.calls), len(fake.waits)) == (2, 1)


def test_threads_share_a_script(fake: FakeSample, client: Sample) -> None:
    said = fake.get_account
    for number in range(64):
        said = said.then.returns(Account(address=str(number)))

    def fetch(number: int) -> str:
        return client.get_account("main", str(number)).address

    with ThreadPoolExecutor(8) as pool:
        found = [*pool.map(fetch, range(64))]
    assert sorted(map(int, found)) == [*range(64)]
    fake.assert_exhausted()


def test_an_attribute_that_the_fake_has_itself_gets_an_underscore() -> None:
    class Clashing(Client):
        """A client whose operation is called as a method of the fake."""

        def calls(self) -> str:
            return self._transport.send(METRICS.request())

    made = Fake(SERVICE, Clashing, AsyncSample)
    operation = made._found[""]["calls"]
    assert vars(made)["calls_"] is operation
    operation.returns("text")
    assert made.client().calls() == "text"
    assert len(made.calls) == 1


def test_kinds_of_fakes_follow_what_operations_give(fake: FakeSample) -> None:
    kinds: dict[str, object] = {name: type(each) for name, each in fake._found[""].items()}
    assert kinds["list_accounts"] is kinds["list_numbers"] is FakePages
    assert kinds["get_account"] is FakeOperation
    assert type(fake_operation(fake.get_account._probed)) is FakeOperation
