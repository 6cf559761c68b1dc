"""Names are given out by merit, never by the order in which they are asked for."""

from hypothesis import given
from hypothesis import strategies as st

from formance_codegen.naming.reserved import FIELD, MODULE, PARAMETER
from formance_codegen.naming.scope import Claim, Move, Scope


def claim(key: str, *candidates: str, priority: int = 0) -> Claim[str]:
    return Claim(key=key, candidates=candidates, priority=(priority,), tie=key)


def test_all_get_what_they_want() -> None:
    settlement = Scope(context=FIELD).settle([claim("a", "x"), claim("b", "y")])
    assert settlement.names == {"a": "x", "b": "y"}
    assert settlement.moves == ()


def test_the_smallest_tie_wins() -> None:
    settlement = Scope(context=FIELD).settle([claim("b", "x", "xb"), claim("a", "x", "xa")])
    assert settlement.names == {"a": "x", "b": "xb"}
    assert settlement.moves == (Move(key="b", wanted="x", name=settlement.names["b"], holder="a"),)


def test_priority_goes_before_the_tie() -> None:
    settlement = Scope(context=FIELD).settle([claim("a", "x", "xa", priority=1), claim("b", "x", "xb")])
    assert settlement.names == {"b": "x", "a": "xa"}


def test_a_first_choice_goes_before_a_second_one() -> None:
    settlement = Scope(context=FIELD).settle([claim("a", "x"), claim("b", "x", "y"), claim("c", "y", priority=9)])
    assert settlement.names == {"a": "x", "c": "y", "b": "x_2"}


def test_numbers_avoid_what_is_there() -> None:
    settlement = Scope(context=FIELD, taken=frozenset({"x_3"})).settle(
        [claim("a", "x"), claim("b", "x"), claim("c", "x"), claim("d", "x_2")]
    )
    assert settlement.names == {"a": "x", "d": "x_2", "b": "x_4", "c": "x_5"}


def test_a_number_stands_apart_from_digits() -> None:
    settlement = Scope(context=FIELD, joint="").settle([claim(key, "X") for key in "ab"] + [claim("c", "X2")])
    assert settlement.names == {"a": "X", "b": "X3", "c": "X2"}
    settlement = Scope(context=FIELD, joint="").settle([claim(key, "V2") for key in "ab"])
    assert settlement.names == {"a": "V2", "b": "V2_2"}


def test_what_is_reserved_goes_to_nobody() -> None:
    settlement = Scope(context=PARAMETER).settle([claim("a", "self", "me")])
    assert settlement.names == {"a": "me"}
    assert settlement.moves[0].holder is None


def test_case_may_not_tell() -> None:
    settlement = Scope(context=MODULE, fold=True).settle([claim("a", "Foo"), claim("b", "foo"), claim("c", "CON")])
    assert settlement.names == {"a": "Foo", "b": "foo_2", "c": "CON_2"}


CLAIMS = st.lists(
    st.builds(
        claim,
        st.text("abcdefgh", min_size=1),
        st.sampled_from(["x", "X", "y", "self"]),
        st.sampled_from(["x", "y_2", "z"]),
        priority=st.integers(0, 2),
    ),
    unique_by=lambda claim: claim.key,
)


@given(CLAIMS, st.sampled_from([True, False]))
def test_laws(claims: list[Claim[str]], fold: bool) -> None:  # noqa: FBT001 (hypothesis passes it by name)
    scope = Scope(context=PARAMETER, fold=fold)
    settlement = scope.settle(claims)
    names = [name.casefold() if fold else name for name in settlement.names.values()]
    assert len(set(names)) == len(claims)
    assert "self" not in names
    assert scope.settle(reversed(claims)) == settlement
    moved = {move.key for move in settlement.moves}
    assert {claim.key for claim in claims if settlement.names[claim.key] != claim.candidates[0]} == moved
