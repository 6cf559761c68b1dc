"""Answers are read whole and exactly, or refused in one way that says why: rows G1 to G7."""

import json
import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from flavours import Callers
from loopback import Answer, Loopback, json_answer
from runtime.auth import BearerToken
from runtime.decoding import decode
from runtime.drift import Drift, Finding
from runtime.envelopes import DataOf
from runtime.errors import ApiError, DecodeError, NotFound, ServerError
from runtime.model import CamelModel, OpenStrEnum, Timestamp
from runtime.model import Json as AnyJson
from runtime.operation import Data, Empty, Json, Operation, Requirement
from runtime.response import Headers, Response
from runtime.unions import BY_SHAPE, Unknown
from sample_client import ANY, BULK, DELETE, LIST, METRICS, Create, Drop


class Asset(OpenStrEnum):
    """An open enum."""

    EUR = "EUR"
    USD = "USD"


class Move(CamelModel):
    """A model whose fields are required."""

    kind: Literal["MOVE"]
    amount: int
    asset: Asset
    at: Timestamp
    moved_to: str | None = None
    inner: "Move | None" = None
    by_name: "dict[str, Move] | None" = None
    free: AnyJson = None
    any: Any = None
    price: Decimal | None = None
    either: "Annotated[int | list[int] | dict[str, int] | Unknown, BY_SHAPE] | None" = None


Moves: TypeAlias = DataOf[list[Move]]
MOVE: Final = Operation(
    name="v2.get_move",
    method="GET",
    path="/move",
    results=(("200", Json(lambda: TypeAdapter(Move))),),
    errors=(("404", Json(lambda: TypeAdapter(dict[str, int]))), ("default", Json(lambda: TypeAdapter(dict[str, Any])))),
    security=((Requirement("Authorization", ("x",)),),),
)
MOVES: Final = Operation(
    name="v2.list_moves",
    method="GET",
    path="/moves",
    results=(("200", Data(lambda: TypeAdapter(Moves))),),
)
GOOD: Final[dict[str, Any]] = {"kind": "MOVE", "amount": 1, "asset": "EUR", "at": "2024-01-01T00:00:00Z"}


def body(**changes: object) -> dict[str, Any]:
    """Return the JSON of a move with some of it changed."""
    return {**GOOD, **changes}


def read(text: bytes | dict[str, Any]) -> tuple[Move, list[Finding]]:
    """Return a move, and what is reported of it."""
    reports: list[Drift] = []
    content = text if isinstance(text, bytes) else json.dumps(text).encode()
    move = decode(MOVE, Response(200, Headers(), content), on_drift=reports.append)
    return move, [each for report in reports for each in report.found]


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (b"<html>Sign in, SECRET-1</html>", "text/html", "the body is not JSON"),
        (b"", "application/json", "the body is empty"),
        ("{}".encode("utf-16"), "application/json", "the body is not in UTF-8"),
        ("{}".encode("utf-16-le"), "application/json", "the body is not in UTF-8"),
        ("{}".encode("utf-32"), "application/json", "the body is not in UTF-8"),
        (b'{"kind": "\xff"}', "application/json", "the body is not JSON"),
        (b"x" * 195 + b"SECRET-1" * 1000, "text/plain", "the body is not JSON"),
    ],
)
def test_g1_what_is_no_json_is_one_clear_error(
    server: Loopback, callers: Callers, content: bytes, kind: str, said: str
) -> None:
    server.say(Answer(body=content, headers=(("Content-Type", kind), ("X-Request-Id", "r-1"))))
    with pytest.raises(DecodeError, match=f"^200, but: {said}.*; {kind}") as caught:
        callers(auth=BearerToken("SECRET-1")).send(MOVE.request())
    error = caught.value
    assert (error.status, error.content_type, error.pointer, error.request_id) == (200, kind, "", "r-1")
    assert (error.response.content, error.attempts) == (content, 1)
    assert "SECRET" not in f"{error} {error!r} {error.excerpt} {error.curl()}"
    assert len(error.excerpt) <= 200
    assert error.excerpt in str(error)


def test_g1_no_content_where_some_is_declared_is_an_error(server: Loopback, callers: Callers) -> None:
    server.say(Answer(status=204))
    with pytest.raises(DecodeError, match=r"^204, but: the body is empty"):
        callers().send(MOVES.request())


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "text/html; charset=x", ""])
def test_g1_json_under_any_name_and_behind_a_mark_is_read(server: Loopback, callers: Callers, kind: str) -> None:
    content = b"\xef\xbb\xbf" + json.dumps({"data": [GOOD]}).encode()
    server.say(Answer(body=content, headers=(("Content-Type", kind),)))
    assert callers().send(MOVES.request())[0].amount == 1


@pytest.mark.parametrize("kind", ["text/html", "text/html; charset=utf-8", "application/xhtml+xml"])
def test_g1_a_page_for_people_is_no_text(server: Loopback, callers: Callers, kind: str) -> None:
    server.say(Answer(body=b"<html>Sign in</html>", headers=(("Content-Type", kind),)))
    with pytest.raises(DecodeError, match="a page of HTML came instead of text/plain"):
        callers().send(METRICS.request())


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b'{"data": [1,]}',
        b"[" * 100_000,
        b'{"data":' * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"data": ' + b"9" * 100_000 + b"}",
        b'{"data": [{"free": ' + b"9" * 100_000 + b"}]}",
        b'{"data": NaN}',
        b'{"data": [{"any": NaN}]}',
        b'{"data": [{"free": -Infinity}]}',
        b'{"data": "\\ud800"}',
    ],
)
@pytest.mark.parametrize("operation", [MOVES, ANY, LIST, BULK])
def test_g2_hostile_json_is_refused_at_once(
    server: Loopback, callers: Callers, content: bytes, operation: Operation[object]
) -> None:
    server.say(Answer(body=content))
    request = operation.request(path=tuple("x" for _ in operation.path_parameters))
    started = time.perf_counter()
    with pytest.raises(DecodeError, match="the body is not JSON"):
        callers().send(request)
    assert time.perf_counter() - started < 5


def test_g2_words_that_json_lacks_are_harmless_inside_text() -> None:
    move, found = read(body(movedTo="NaN and -Infinity"))
    assert (move.moved_to, found) == ("NaN and -Infinity", [])


def test_g2_of_duplicate_keys_the_last_counts() -> None:
    move, found = read(json.dumps(GOOD).replace('"amount": 1', '"amount": 1, "amount": 2').encode())
    assert (move.amount, found) == (2, [])


@pytest.mark.parametrize("mended", [False, True], ids=["as-declared", "with-drift"])
@pytest.mark.parametrize("amount", [2**53 + 1, 2**64 + 1, -(10**40) - 1, 10**4000 + 1])
def test_g3_amounts_are_exact_wherever_they_stand(
    server: Loopback, callers: Callers, amount: int, *, mended: bool
) -> None:
    content = body(
        amount=amount,
        inner=body(amount=amount),
        byName={"a": body(amount=amount)},
        free={"n": [amount]},
        any={"n": [amount]},
        either={"n": amount},
        more={"n": amount},
    )
    reports: list[Drift] = []
    server.say(json_answer({"data": [content | ({"movedTo": 5} if mended else {})]}))
    (move,) = callers(on_drift=reports.append).send(MOVES.request())
    assert ["/data/0/movedTo" in [each.pointer for each in report.found] for report in reports] == [mended]
    assert move.inner is not None
    assert move.by_name is not None
    assert move.model_extra is not None
    assert move.amount == move.inner.amount == move.by_name["a"].amount == amount
    assert move.free == move.any == {"n": [amount]}
    assert move.either == move.model_extra["more"] == {"n": amount}


@given(st.integers(), st.booleans())
def test_g3_any_integer_is_read_as_it_is_written(amount: int, mended: bool) -> None:  # noqa: FBT001
    move, _ = read(body(amount=amount, either=[amount], **({"movedTo": 1} if mended else {})))
    assert (move.amount, move.either) == (amount, [amount])
    assert json.loads(move.model_dump_json(warnings=False))["amount"] == amount


@pytest.mark.parametrize("mended", [False, True], ids=["as-declared", "with-drift"])
@pytest.mark.parametrize("digits", ["0.1", "0.10000000000000000000000001", "12345678901234567890.12345678901234567890"])
@pytest.mark.parametrize("written", ["{}", '"{}"'], ids=["number", "text"])
def test_g3_decimals_are_exact_where_the_document_says_decimal(*, digits: str, written: str, mended: bool) -> None:
    text = json.dumps(body(**({"movedTo": 1} if mended else {})))
    move, _ = read(f'{text[:-1]}, "price": {written.format(digits)}, "free": {{"n": 0.5}}}}'.encode())
    assert (move.price, move.free) == (Decimal(digits), {"n": 0.5})
    assert str(move.price) == digits


def test_g4_nothing_that_differs_loses_the_answer(server: Loopback, callers: Callers) -> None:
    reports: list[Drift] = []
    odd = {
        "kind": "OTHER",
        "asset": "XAU",
        "at": None,
        "movedTo": 5,
        "inner": body(amount="x"),
        "byName": {"a/b": {"amount": 2}, "c": 5},
        "either": "?",
        "more": 1,
    }
    server.say(json_answer({"data": [GOOD, odd, 7]}))
    good, move, seven = callers(on_drift=reports.append).send(MOVES.request())
    assert [good.amount, seven] == [1, 7]
    assert [move.amount, move.at, move.moved_to, move.kind] == [None, None, 5, "OTHER"]
    assert (move.asset, move.asset.is_known, move.either) == ("XAU", False, Unknown("?"))
    assert isinstance(move.inner, Move)
    assert move.inner.asset is Asset.EUR
    assert move.by_name is not None
    assert isinstance(move.by_name["a/b"], Move)
    assert move.model_dump(mode="json", exclude_unset=True, warnings=False) == odd
    (report,) = reports
    assert (report.operation, {each.model for each in report.found}) == ("v2.list_moves", {"Move", ""})
    assert {(each.pointer, each.kind) for each in report.found} == {
        ("/data/1/kind", "wrong value"),
        ("/data/1/amount", "missing field"),
        ("/data/1/asset", "unknown value"),
        ("/data/1/at", "null"),
        ("/data/1/movedTo", "wrong value"),
        ("/data/1/inner/amount", "wrong value"),
        ("/data/1/byName/a~1b/kind", "missing field"),
        ("/data/1/byName/a~1b/asset", "missing field"),
        ("/data/1/byName/a~1b/at", "missing field"),
        ("/data/1/byName/c", "wrong value"),
        ("/data/1/either", "unknown variant"),
        ("/data/1/more", "unknown field"),
        ("/data/2", "wrong value"),
    }
    assert "XAU" not in str([str(each) for each in report.found])


@pytest.mark.parametrize(
    ("changes", "pointer", "said"),
    [
        ({"asset": "XAU"}, "/data/0/asset", r"unknown value of Move \(expected a Asset: EUR, USD\)"),
        ({"more": 1}, "/data/0/more", "unknown field of Move"),
        ({"amount": None}, "/data/0/amount", r"null of Move \(expected a valid integer\)"),
        ({"movedTo": 5}, "/data/0/movedTo", "wrong value of Move"),
        ({"either": "?"}, "/data/0/either", "unknown variant of Move"),
    ],
)
def test_g4_strict_makes_each_of_them_an_error(
    server: Loopback, callers: Callers, changes: dict[str, object], pointer: str, said: str
) -> None:
    server.say(json_answer({"data": [body(**changes)]}))
    with pytest.raises(DecodeError, match=f"^200, but {pointer}: {said}") as caught:
        callers(strict=True).send(MOVES.request())
    assert (caught.value.pointer, caught.value.model) == (pointer, "Move")
    assert caught.value.response.status == 200


def test_g4_strict_has_nothing_against_what_is_declared(server: Loopback, callers: Callers) -> None:
    server.say(json_answer({"data": [GOOD]}))
    assert callers(strict=True).send(MOVES.request())[0].amount == 1


def test_g4_what_came_back_changed_is_not_sent_on() -> None:
    move, _ = read(body(amount="x"))
    with pytest.raises(ValueError, match="amount"):
        TypeAdapter(Move).dump_json(move, warnings="error")


def test_g4_constants_that_did_not_come_are_not_set() -> None:
    answer = Response(200, Headers(), b'{"address": "a"}')
    operation = Operation(name="x", method="GET", path="/", results=(("200", Json(lambda: TypeAdapter(Drop))),))
    assert decode(operation, answer).model_dump(exclude_unset=True) == {"address": "a"}
    assert Drop(address="a").model_dump(exclude_unset=True) == {"action": "DROP", "address": "a"}


@pytest.mark.parametrize(
    ("status", "content", "kind", "parsed"),
    [
        (418, b'{"n": 2}', ApiError, {"n": 2}),
        (404, b'{"n": 2}', NotFound, {"n": 2}),
        (404, b'{"n": "x"}', NotFound, {"n": "x"}),
        (500, b"<html>", ServerError, b"<html>"),
        (599, b"", ServerError, None),
        (304, b"", ApiError, None),
    ],
)
def test_g5_any_status_that_is_no_success_is_an_error_with_its_body(
    server: Loopback, callers: Callers, status: int, content: bytes, kind: type[ApiError], parsed: object
) -> None:
    server.say(Answer(status=status, body=content))
    with pytest.raises(kind) as caught:
        callers(max_retries=0, auth=BearerToken("t")).send(MOVE.request())
    assert (type(caught.value), caught.value.status, caught.value.body) == (kind, status, parsed)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_g5_a_redirect_is_an_error(server: Loopback, callers: Callers, status: int) -> None:
    server.say(Answer(status=status, headers=(("Location", server.url + "/moves"),)))
    with pytest.raises(ApiError) as caught:
        callers().send(DELETE.request())
    assert (caught.value.status, len(server.requests)) == (status, 1)


def test_g5_a_success_that_nobody_declared_is_read_as_the_one_that_is(server: Loopback, callers: Callers) -> None:
    server.say(json_answer({"data": [GOOD]}, status=202))
    assert callers().send(MOVES.request())[0].amount == 1


def test_g5_the_default_answer_is_used(server: Loopback, callers: Callers) -> None:
    operation = Operation(
        name="x",
        method="GET",
        path="/",
        results=(("204", Empty()), ("default", Json(lambda: TypeAdapter(dict[str, int])))),
    )
    server.say(json_answer({"n": 1}))
    assert callers().send(operation.request()) == {"n": 1}


@pytest.mark.parametrize("tag", ["null", "[]", "{}", "5", "true", "1e400", '"drop"', '"DROP "', '["DROP"]'])
def test_g6_a_tag_of_any_type_leads_nowhere(server: Loopback, callers: Callers, tag: str) -> None:
    server.say(
        Answer(body=b'{"data": [{"action": %s, "address": "a"}, {"action": "DROP", "address": "b"}]}' % tag.encode())
    )
    strange, known = callers().send(BULK.request(body=[]))
    assert isinstance(strange, Unknown)
    assert known == Drop(address="b")


def test_g6_a_missing_tag_is_told_by_shape(server: Loopback, callers: Callers) -> None:
    server.say(json_answer({"data": [{"address": "a"}, {"data": {"address": "b"}}]}))
    assert [type(each) for each in callers().send(BULK.request(body=[]))] == [Drop, Create]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-01-02T03:04:05Z", datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2024-01-02t03:04:05z", datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2024-01-02T03:04:05.123456789Z", datetime(2024, 1, 2, 3, 4, 5, 123456, tzinfo=UTC)),
        ("2024-01-02T05:34:05+02:30", datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2024-01-01T04:05:05-22:59", datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_g7_moments_are_read_in_all_spellings(server: Loopback, callers: Callers, text: str, moment: datetime) -> None:
    server.say(json_answer({"data": [body(at=text)]}))
    assert callers(strict=True).send(MOVES.request())[0].at == moment


@pytest.mark.parametrize(
    "text",
    [
        "0000-01-01T00:00:00Z",
        "2016-12-31T23:59:60Z",
        "2024-01-01T24:00:00Z",
        "2024-02-30T00:00:00Z",
        "+10000-01-01T00:00:00Z",
        "2024-01-01T00:00:00+24:00",
        "soon",
        "",
    ],
)
def test_g7_a_moment_that_python_lacks_stays_text(server: Loopback, callers: Callers, text: str) -> None:
    reports: list[Drift] = []
    server.say(json_answer({"data": [body(at=text), GOOD]}))
    moves = callers(on_drift=reports.append).send(MOVES.request())
    assert [moves[0].model_dump(warnings=False)["at"], moves[1].at] == [text, datetime(2024, 1, 1, tzinfo=UTC)]
    assert [(each.pointer, each.model, each.kind) for each in reports[0].found] == [
        ("/data/0/at", "Move", "wrong value")
    ]
