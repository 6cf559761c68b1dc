"""Where new keys go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formance_codegen.update.placing import placed


@pytest.mark.parametrize(
    ("ours", "new", "expected"),
    [
        ("", "", ""),
        ("abc", "cba", "abc"),
        ("ab", "axb", "axb"),
        ("ba", "axb", "bax"),
        ("ab", "xyab", "xyab"),
        ("ba", "xab", "bxa"),
        ("ab", "abxy", "abxy"),
        ("ab", "xy", "abxy"),
        ("", "xy", "xy"),
        ("ab", "xax", "xab"),
    ],
)
def test_new_keys_stand_beside_their_neighbours(ours: str, new: str, expected: str) -> None:
    assert "".join(placed(ours, new)) == expected


KEYS = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(KEYS, KEYS)
def test_nothing_is_lost_and_ours_keep_their_order(ours: list[str], new: list[str]) -> None:
    result = placed(ours, new)
    assert sorted(result) == sorted({*ours, *new})
    assert [key for key in result if key in ours] == ours
    assert placed(result, new) == result
