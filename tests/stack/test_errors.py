"""Errors of the services are errors of the stack, and stay what they are."""

import copy
import pickle

import pytest

import formance_ledger
import formance_stack
from formance_ledger._core.errors import KINDS
from formance_stack import errors
from formance_stack._core.errors import PaginationError
from loopback import Answer, Loopback, json_answer
from stack.conftest import LEDGER, SECRET, Doors, Platform


def is_a(error: BaseException, kind: type[BaseException]) -> bool:
    """Tell whether an error is of a class that, to a type checker, it could not be of."""
    return isinstance(error, kind)


def test_an_answer_of_an_error_is_of_both_packages(doors: Doors) -> None:
    formance = doors()
    for root in (formance_stack.NotFound, formance_stack.ApiError, formance_stack.FormanceError):
        with pytest.raises(root) as caught:
            doors.wait(formance.ledger.v2.get_ledger("none"))
        error = caught.value
        assert is_a(error, formance_ledger.NotFound)
        assert isinstance(error, errors.NotFound)
        assert (error.status, error.code, error.message) == (404, "NOT_FOUND", "there is none")
        assert error.operation == "v2.get_ledger"
        assert type(error).__name__ == "NotFound"
        assert type(error).__module__ == "formance_ledger._core.errors"


def test_except_of_the_stack_catches_any_service(doors: Doors) -> None:
    formance = doors()
    caught: list[str] = []
    for call in (lambda: formance.ledger.v2.get_ledger("none"), lambda: formance.wallets.get_wallet("none")):
        try:
            doors.wait(call())
        except formance_stack.NotFound as error:
            caught.append(error.operation)
    assert caught == ["v2.get_ledger", "get_wallet"]


def test_no_answer_at_all(platform: Platform, doors: Doors) -> None:
    platform.services["/api/ledger/v2/main"] = Answer(drop=True)
    formance = doors(max_retries=0)
    with pytest.raises(formance_stack.TransportError) as caught:
        doors.wait(formance.ledger.v2.get_ledger("main"))
    assert is_a(caught.value, formance_ledger.TransportError)
    assert caught.value.may_have_been_applied


def test_an_answer_that_cannot_be_read(platform: Platform, doors: Doors) -> None:
    platform.services["/api/ledger/v2/main"] = json_answer({"data": ["soon"]})
    with pytest.raises(formance_stack.DecodeError) as caught:
        doors.wait(doors().ledger.v2.get_ledger("main"))
    assert caught.value.pointer == "/data"


def test_drift_is_an_error_where_the_stack_is_strict(platform: Platform, doors: Doors) -> None:
    platform.services["/api/ledger/v2/main"] = json_answer({"data": {**LEDGER, "addedAt": "soon"}})
    with pytest.raises(formance_stack.DecodeError) as caught:
        doors.wait(doors(strict=True).ledger.v2.get_ledger("main"))
    assert (caught.value.pointer, caught.value.model) == ("/data/addedAt", "Ledger")


def test_an_argument_that_cannot_be_sent(server: Loopback, doors: Doors) -> None:
    with pytest.raises(formance_stack.InvalidRequest) as caught:
        doors.wait(doors().ledger.v2.get_ledger(".."))
    assert isinstance(caught.value, ValueError)
    assert caught.value.argument == "ledger"
    assert not server.requests


def test_a_stream_that_breaks_off(platform: Platform, doors: Doors) -> None:
    platform.services["/api/ledger/v2/main/logs/export"] = Answer(body=b"logs", cut=5)
    with pytest.raises(formance_stack.TransportError):
        doors.wait(doors().ledger.v2.export_logs("main").read())


def test_pages_that_lead_back(doors: Doors) -> None:
    with pytest.raises(PaginationError):
        doors.items(doors().ledger.v2.list_ledgers())


def test_no_token_is_an_error_of_both_packages(server: Loopback, doors: Doors) -> None:
    refusal = json_answer({"error": "invalid_client", "error_description": "no s&cret"}, status=401)
    server.handler = lambda _: refusal
    with pytest.raises(formance_stack.AuthError, match=r"no token was issued: 401 invalid_client: no \*\*\*") as caught:
        doors.wait(doors(auth=SECRET).ledger.v2.get_ledger("main"))
    assert is_a(caught.value, formance_ledger.AuthError)


def test_an_async_token_function_needs_the_async_client(doors: Doors) -> None:
    async def token() -> str:
        return "t"

    formance = doors(auth=formance_stack.BearerToken(token))
    if doors.is_async:
        doors.wait(formance.ledger.v2.get_ledger("main"))
    else:
        with pytest.raises(formance_stack.AuthError, match="needs the async client"):
            doors.wait(formance.ledger.v2.get_ledger("main"))


def test_an_error_can_be_copied_and_sent_to_another_process(doors: Doors) -> None:
    with pytest.raises(formance_stack.NotFound) as caught:
        doors.wait(doors().ledger.v2.get_ledger("none"))
    for again in (pickle.loads(pickle.dumps(caught.value)), copy.copy(caught.value)):
        assert is_a(again, formance_ledger.NotFound)
        assert isinstance(again, formance_stack.NotFound)
        assert (again.args, again.status) == (caught.value.args, 404)


def test_a_stack_joins_each_class_once(doors: Doors) -> None:
    doors().ledger.v2  # noqa: B018
    before = {name: vars(kind)["_joint"] for name, kind in KINDS.items()}
    doors().ledger.v2  # noqa: B018
    assert {name: vars(kind)["_joint"] for name, kind in KINDS.items()} == before
