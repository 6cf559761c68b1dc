"""The testing kit of every generated client: each operation answered by its fake, through the real client."""

import asyncio
from collections.abc import Callable, Generator, Mapping
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic_core import from_json

from formance_codegen.view.testing import fake_name
from generated.callers import FLAVOURS, Caller, Flavour, Page, Refusal, Stream, dumped, same
from generated.cases import SPECS, Case, all_cases, json_schema_of
from generated.exchanges import any_body, bodies, call, demanded_body, everything, only_required
from generated.validity import complaint
from generated.wire import Argument

each_operation = pytest.mark.parametrize("case", all_cases(), ids=str)


@pytest.fixture(scope="module")
def runner() -> Generator[asyncio.Runner]:
    with asyncio.Runner() as found:
        yield found


class Faked:
    """A fake of a service, and a real client of it; what stands in a generated package has no type here."""

    def __init__(self, case: Case, flavour: Flavour, runner: asyncio.Runner, *, examples: bool = False) -> None:
        kind = case.load(f".testing:{fake_name(case.client)}")
        assert callable(kind)
        self.fake: Any = kind(examples=examples)
        self.operation: Any = self.fake
        for attribute in str(case.described["call"]).split("."):
            self.operation = getattr(self.operation, attribute)
        self.drifts: list[object] = []
        client: Any = self.fake.client() if flavour == "sync" else self.fake.async_client()
        self.caller = Caller(client.with_options(on_drift=self.drifts.append), runner, self.drifts)
        self.case = case

    def result(self, arguments: Mapping[str, Argument] | None = None, body: object = None) -> object:
        """Call the operation and return what it gives: a stream is read, a page is its items."""
        given = only_required(self.case) if arguments is None else arguments
        found = call(self.caller, self.case, dict(given), demanded_body(self.case) if body is None else body)
        if isinstance(found, Page):
            return self.caller.items(found)
        return self.caller.read(found) if isinstance(found, Stream) else found


@pytest.fixture(params=FLAVOURS)
def fakes(request: pytest.FixtureRequest, case: Case, runner: asyncio.Runner) -> Callable[..., Faked]:
    flavour: Flavour = request.param

    def fake(**options: bool) -> Faked:
        return Faked(case, flavour, runner, **options)

    return fake


@each_operation
def test_an_example_is_read_without_drift_and_given_back_as_it_was(case: Case, fakes: Callable[..., Faked]) -> None:
    faked = fakes(examples=True)
    first = faked.result()
    assert faked.drifts == []
    # What an operation gives is what its fake is told to give.
    faked.operation.returns(first)
    again = faked.result()
    assert type(again) is type(first)
    assert same(dumped(again), dumped(first))
    assert faked.drifts == []
    assert [each.operation for each in faked.operation.calls] == [case.described["call"]] * 2


@each_operation
def test_an_example_is_what_the_document_allows(case: Case, runner: asyncio.Runner) -> None:
    example = Faked(case, "sync", runner).operation.example()
    answer = dict(case.successes)[str(example.status)]
    schema = json_schema_of(answer)
    assert (example.json is None) is (schema is None or case.method == "HEAD")
    if example.json is not None and schema is not None:
        assert complaint(SPECS / f"{case.service}.yaml", schema, example.json) == ""


@each_operation
def test_an_error_is_what_the_document_allows(case: Case, fakes: Callable[..., Faked]) -> None:
    faked = fakes()
    for status, answer in case.failures:
        number = 418 if status == "default" else int(status.replace("XX", "18"))
        faked.operation.raises(number)
        error = refusal(faked)
        schema = json_schema_of(answer)
        if schema is not None:
            said = from_json(error.response.content)
            assert complaint(SPECS / f"{case.service}.yaml", schema, said) == ""
            assert isinstance(error.body, BaseModel)


@each_operation
def test_an_error_says_what_the_test_says(case: Case, fakes: Callable[..., Faked]) -> None:
    faked = fakes()
    for status in ("404", *(status for status, _ in case.failures)):
        number = 418 if status == "default" else int(status.replace("XX", "18"))
        faked.operation.raises(number, code="NOT_FOUND", message="words of the service")
        error = refusal(faked)
        assert (error.status, error.code, error.message) == (number, "NOT_FOUND", "words of the service")


def refusal(faked: Faked) -> Any:
    """Call the operation and return the error."""
    with pytest.raises(Exception, match=str(faked.operation.name)) as caught:
        faked.result()
    assert isinstance(caught.value, Refusal)
    return caught.value


@each_operation
def test_a_call_is_recorded_by_the_names_of_python(case: Case, fakes: Callable[..., Faked]) -> None:
    faked = fakes(examples=True)
    arguments, body = everything(case), any_body(case)
    faked.result(arguments, body)
    given = {case.argument_of(each): arguments[str(each["name"])].value for each in case.parameters}
    if body is not None:
        given["body"] = body
    faked.operation.assert_called_once(**given)
    recorded = faked.operation.calls[0]
    assert set(recorded.arguments) == given.keys() - {"body"}
    if body is None:
        assert recorded.body is None
    for name in given:
        with pytest.raises(AssertionError, match=name):
            faked.operation.assert_called_once(**{name: None})


@pytest.mark.parametrize("case", [case for case in all_cases() if [*bodies(case)]], ids=str)
def test_a_recorded_body_is_the_model(case: Case, runner: asyncio.Runner) -> None:
    faked = Faked(case, "sync", runner, examples=True)
    for _, body in bodies(case):
        if body is None:
            continue
        faked.operation.reset()
        faked.result(None, body)
        (recorded,) = faked.operation.calls
        # What was recorded can be sent as it is.
        faked.result(None, recorded.body)
        assert faked.operation.calls[1].request.content == recorded.request.content
