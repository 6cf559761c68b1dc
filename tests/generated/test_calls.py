"""Every operation of every generated client against a real server: what goes out, what comes back, what goes wrong."""

import asyncio
import json
import re
from collections.abc import Callable, Generator
from datetime import datetime
from typing import Final

import pytest

from generated.callers import FLAVOURS, TOKEN, Caller, Flavour, Page, Refusal, close_client, dumped, open_client, same
from generated.cases import Case, all_cases, is_json, json_schema_of
from generated.exchanges import (
    BYTES,
    answer_of,
    any_body,
    bodies,
    call,
    demanded_body,
    everything,
    only_required,
    success_values,
    usual_answer,
)
from generated.paging import told_items, told_pages
from generated.wire import UTC_MOMENT, UTC_TEXT, Argument, filled, percent, query_pairs
from loopback import Answer, Loopback, Recorded, json_answer, loopback
from samples import Json, Node, is_list, node, text


def each(chosen: Callable[[Case], bool]) -> pytest.MarkDecorator:
    """Run a test for each operation of a kind."""
    return pytest.mark.parametrize("case", [case for case in all_cases() if chosen(case)], ids=str)


def moments(case: Case) -> list[str]:
    """Return the parameters that are moments."""
    return [name for name, found in everything(case).items() if isinstance(found.value, datetime)]


each_operation = each(lambda case: True)
each_with_a_body = each(lambda case: bool(case.body))
each_with_a_moment = each(lambda case: bool(moments(case)))

KEY: Final = "idempotency-key"
CURSOR: Final = "next /page+2=="
UNDECLARED: Final[tuple[str, Node]] = ("500", {})
STATUSES: Final = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    409: "Conflict",
    422: "UnprocessableEntity",
    429: "RateLimited",
}


@pytest.fixture(scope="module")
def runner() -> Generator[asyncio.Runner]:
    with asyncio.Runner() as found:
        yield found


@pytest.fixture(scope="module")
def running() -> Generator[Loopback]:
    with loopback() as found:
        yield found


@pytest.fixture
def server(running: Loopback) -> Loopback:
    running.requests.clear()
    running.script.clear()
    return running


@pytest.fixture(params=FLAVOURS)
def caller(request: pytest.FixtureRequest, case: Case, server: Loopback, runner: asyncio.Runner) -> Generator[Caller]:
    flavour: Flavour = request.param
    client, drifts = open_client(case, flavour, server.url)
    yield Caller(client, runner, drifts)
    close_client(client, runner)


def finished(case: Case, caller: Caller, arguments: dict[str, Argument], body: object) -> None:
    """Make a call; a stream sends nothing before it is read."""
    result = call(caller, case, arguments, body)
    if case.unwraps(case.successes[0][1]) == "stream":
        caller.read(result)


def check_request(case: Case, request: Recorded, arguments: dict[str, Argument]) -> None:
    """Compare a request with what the document says, all but its body."""
    assert request.method == case.method
    path, _, query = request.target.partition("?")
    in_path = {text(p["name"]): arguments[text(p["name"])].plain for p in case.parameters if p["in"] == "path"}
    assert path == case.prefix + filled(case.path, in_path)
    pairs = [
        pair
        for parameter in case.parameters
        if parameter["in"] == "query" and text(parameter["name"]) in arguments
        for pair in query_pairs(parameter, arguments[text(parameter["name"])].plain)
    ]
    assert sorted(query.split("&") if query else []) == sorted(pairs)
    for parameter in case.parameters:
        name = text(parameter["name"])
        if parameter["in"] == "header" and name in arguments:
            assert request.header(name) == arguments[name].plain
    check_credential(case, request)


def check_credential(case: Case, request: Recorded) -> None:
    assert request.header("Authorization") == (f"Bearer {TOKEN}" if case.sends_credential else None)


def takes_key(case: Case) -> bool:
    return any(text(each["name"]).lower() == KEY for each in case.parameters if each["in"] == "header")


@each_operation
def test_every_argument_arrives_as_the_document_says(case: Case, caller: Caller, server: Loopback) -> None:
    server.say(usual_answer(case))
    arguments = everything(case)
    finished(case, caller, arguments, any_body(case))
    assert len(server.requests) == 1
    check_request(case, server.last, arguments)


@each_with_a_moment
def test_moments_in_utc_end_with_z(case: Case, caller: Caller, server: Loopback) -> None:
    server.say(usual_answer(case))
    arguments = only_required(case) | {name: Argument(value=UTC_MOMENT, plain=UTC_TEXT) for name in moments(case)}
    call(caller, case, arguments, demanded_body(case))
    check_request(case, server.last, arguments)


@each_operation
def test_what_is_not_given_is_not_sent(case: Case, caller: Caller, server: Loopback) -> None:
    server.say(usual_answer(case))
    arguments = only_required(case)
    body = demanded_body(case)
    finished(case, caller, arguments, body)
    check_request(case, server.last, arguments)
    # A key of its own makes each call safe to repeat.
    assert bool(server.last.header(KEY)) is takes_key(case)
    if body is None:
        assert server.last.body == b""
        assert server.last.header("Content-Type") is None


@each_with_a_body
def test_every_body_arrives_as_the_document_says(case: Case, caller: Caller, server: Loopback) -> None:
    server.say(usual_answer(case))
    arguments = only_required(case)
    for media_type, body in bodies(case):
        for form in [body, as_model(case, body)] if is_json(media_type) else [body]:
            if form is None:
                # There is no body, or no one model for it.
                continue
            finished(case, caller, arguments, form)
            check_request(case, server.last, arguments)
            assert server.last.header("Content-Type") == media_type
            if is_json(media_type):
                sent: Json = json.loads(server.last.body)
                given: Json = json.loads(json.dumps(body))
                assert same(sent, given), f"{type(form).__name__}\nsent  {sent}\ngiven {given}"
            else:
                assert server.last.body == (body.encode() if isinstance(body, str) else body)


def as_model(case: Case, body: object) -> object:
    """Return a JSON body as the model of the operation; None where it has none."""
    name = text(node(case.described["body"]).get("model"))
    if not name or body is None:
        return None
    model = case.load(name.removeprefix(case.package))
    validate = getattr(model, "model_validate", None)
    assert callable(validate)
    found: object = validate(body)
    return found


@each_operation
def test_every_success_gives_what_the_document_says(case: Case, caller: Caller, server: Loopback) -> None:
    arguments = only_required(case)
    body = demanded_body(case)
    for status, answer in case.successes:
        unwrap = case.unwraps(answer)
        for value in [each for each in success_values(case, answer) if is_answer(unwrap, each)] or [None]:
            server.script.clear()
            server.say(answer_of(case, status, answer, value))
            if unwrap == "cursor" and case.paging["recognised"] == "overlay":
                check_told_pages(case, caller, server, everything(case), any_body(case), value)
            elif unwrap == "cursor":
                # With all there is: none of it may go along to the pages that follow.
                check_pages(case, caller, server, everything(case), any_body(case), value)
            else:
                check_value(caller, unwrap, call(caller, case, arguments, body), value)
            assert caller.drifts == []


def is_answer(unwrap: str, value: Json) -> bool:
    """Tell whether a value is one that a server gives: an envelope holds something, though few schemas demand it."""
    return unwrap not in ("data", "cursor") or bool(value)


def check_value(caller: Caller, unwrap: str, result: object, value: Json) -> None:
    """Compare a result with the body of the answer."""
    match unwrap:
        case "none":
            assert result is None
        case "header":
            assert result == 42
        case "stream":
            assert caller.read(result) == BYTES
        case "data":
            assert same(dumped(result), node(value)["data"]), f"\ngot  {dumped(result)}\nsent {value}"
        case _:
            assert same(dumped(result), value), f"\ngot  {dumped(result)}\nsent {value}"


def check_pages(
    case: Case, caller: Caller, server: Loopback, arguments: dict[str, Argument], body: object, value: Json
) -> None:
    """Walk two pages that hold the items of an answer."""
    server.script.clear()
    first, second = page_answers(node(value))
    server.say(json_answer(first), json_answer(second))
    count = len(server.requests)
    page = call(caller, case, arguments, body)
    assert isinstance(page, Page)
    items = page_items(node(first))
    assert page.has_more
    assert same([dumped(item) for item in page.data], items)
    follows = any(each["in"] == "query" and each["name"] == "cursor" for each in case.parameters)
    expected = [*items, *page_items(node(second))] if follows else items
    found = [dumped(item) for item in caller.items(page)]
    assert same(found, expected), f"\ngot  {found}\nsent {expected}"
    assert len(server.requests) - count == 1 + follows
    if follows:
        check_next_request(case, server.last, arguments)


def check_told_pages(
    case: Case, caller: Caller, server: Loopback, arguments: dict[str, Argument], body: object, value: Json
) -> None:
    """Walk two pages of a list whose form a hint tells."""
    server.script.clear()
    pages = told_pages(case.paging, value, CURSOR)
    server.say(*map(json_answer, pages))
    count = len(server.requests)
    page = call(caller, case, arguments, body)
    assert isinstance(page, Page)
    items = [item for answer in pages for item in told_items(case.paging, answer)]
    asked = case.paging["in"]
    follows = asked is not None and bool(items)
    expected = items if follows else told_items(case.paging, pages[0])
    assert same([dumped(item) for item in caller.items(page)], list(expected))
    assert len(server.requests) - count == 1 + follows
    sent = {"query": server.last.target, "body": server.last.body.decode()}
    first = re.search(r"[?&]page=(\d+)", server.requests[count].target)
    following = f"page={int(first[1]) + 1}" if first else ""
    mark = following if case.paging["style"] == "number" else percent(CURSOR) if asked == "query" else CURSOR
    assert not follows or (text(case.paging["parameter"]) in sent[text(asked)] and mark in sent[text(asked)])


def check_next_request(case: Case, request: Recorded, arguments: dict[str, Argument]) -> None:
    """A page that follows is asked for by its cursor, which stands for everything else."""
    in_path = {text(p["name"]): arguments[text(p["name"])].plain for p in case.parameters if p["in"] == "path"}
    assert request.method == case.method
    assert request.target == f"{case.prefix}{filled(case.path, in_path)}?cursor={percent(CURSOR)}"
    assert request.body == b""
    assert request.header("Content-Type") is None
    check_credential(case, request)


def page_answers(value: Node) -> tuple[Json, Json]:
    """Return two pages made of one answer: the second holds its items twice and is the last."""
    folder = next((name for name in ("cursor", "data") if not is_list(value.get(name)) and name in value), None)
    page = node(value[folder]) if folder else value
    items = page["data"]
    assert is_list(items)
    rest = {key: item for key, item in page.items() if key not in ("next", "previous")}
    first = {**rest, "hasMore": True, "next": CURSOR}
    second = {**rest, "hasMore": False, "data": [*items, *items]}
    return ({**value, folder: first}, {**value, folder: second}) if folder else (first, second)


def page_items(value: Node) -> list[Json]:
    """Return the items of a page, wherever it stands."""
    for candidate in (node(value.get("cursor")), node(value.get("data")), value):
        if is_list(items := candidate.get("data")):
            return [*items]
    return []


@each_operation
def test_every_failure_is_an_error_with_what_the_server_said(case: Case, caller: Caller, server: Loopback) -> None:
    arguments = only_required(case)
    body = demanded_body(case)
    for status, answer in [*case.failures, UNDECLARED]:
        code = {"default": 418, "5XX": 503, "4XX": 418}.get(status) or int(status)
        schema = json_schema_of(answer)
        said = None if schema is None or case.method == "HEAD" else with_code(case.sampler().of_schema(schema))
        server.script.clear()
        server.say(json_answer(said, status=code) if said is not None else Answer(status=code, body=b"no JSON"))
        error = failure_of(case, caller, arguments, body)
        check_failure(case, error, code, said)


def with_code(said: Json) -> Json:
    """Return the body of an error with a code as services have them: of any text it would be no code."""
    fields = node(said)
    return {**fields, "errorCode": "SOME_CODE"} if " " in text(fields.get("errorCode")) else said


def failure_of(case: Case, caller: Caller, arguments: dict[str, Argument], body: object) -> Refusal:
    """Make a call that fails and return its error."""
    root = case.load(".errors:ApiError")
    assert isinstance(root, type)
    assert issubclass(root, Exception)
    with pytest.raises(root) as caught:
        finished(case, caller, arguments, body)
    assert isinstance(caught.value, Refusal)
    return caught.value


def check_failure(case: Case, error: Refusal, status: int, said: Json) -> None:
    """Compare an error with the answer that it came from."""
    kind = STATUSES.get(status) or ("ServerError" if status >= 500 else "ApiError")
    expected = case.load(f".errors:{kind}")
    assert isinstance(expected, type)
    # Where the stack was imported, a class that is also the stack's own stands in for it, under the same name.
    assert isinstance(error, expected)
    assert type(error).__name__ == kind
    assert error.status == status
    assert error.operation == case.described["call"]
    if said is None:
        assert (error.code, error.message) == (None, "")
        assert error.body == (None if case.method == "HEAD" else b"no JSON")
        return
    assert same(dumped(error.body), said)
    fields = node(said)
    assert error.code == fields.get("errorCode")
    assert error.message == fields.get("errorMessage", "")
    assert error.details == fields.get("details")
    # It leads to the place and tells what happened, in one line.
    assert str(status) in str(error)
    assert f"{case.method} {case.path}" in str(error)
    assert "\n" not in str(error)
    assert TOKEN not in str(error)
