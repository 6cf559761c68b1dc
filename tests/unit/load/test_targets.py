"""JSONPath queries: what those of RFC 9535 select, and what is none."""

import pytest

from formance_codegen.load.json_value import JsonValue
from formance_codegen.load.targets import Query


@pytest.mark.parametrize(
    ("target", "left"),
    [
        ("$.a[0]", [1, 2, 3]),
        ("$.a[-1]", [0, 1, 2]),
        ("$.a[1:3]", [0, 3]),
        ("$.a[::2]", [1, 3]),
        ("$.a[0, 2]", [1, 3]),
        ("$.a[?@ > 1]", [0, 1]),
        ("$.a[*]", []),
        ("$..a[?@ == 2 || @ == 3]", [0, 1]),
        ("$.a[?!(@ == 1)]", [1]),
        ("$.a[?length($.b) == 2]", []),
        ("$.a[?count($.a[*]) < 3]", [0, 1, 2, 3]),
        ("$.a[?value($.b[0]) == 'xy']", []),
    ],
)
def test_selectors_of_the_rfc(target: str, left: list[int]) -> None:
    data: JsonValue = {"a": [0, 1, 2, 3], "b": ["xy", "z"]}
    selected = {f"/a/{index}" for index in range(4)} - set(Query(target).select(data))
    assert [int(pointer[-1]) for pointer in sorted(selected)] == left


@pytest.mark.parametrize(
    ("target", "selected"),
    [
        ("$", [""]),
        ("$['x/y'].*", ["/x~1y/~0", "/x~1y/b"]),
        ("$..['b']", ["/x~1y/b", "/l/0/b"]),
        ("$.l[?match(@.b, 'a.c')]", ["/l/0"]),
        ("$.l[?search(@.b, '^a')]", ["/l/0"]),
        ("$.l[?@.b]['b']", ["/l/0/b"]),
        ("$.nothing", []),
    ],
)
def test_what_a_query_selects(target: str, selected: list[str]) -> None:
    data: JsonValue = {"x/y": {"~": 1, "b": 2}, "l": [{"b": "abc"}, "text", {"c": 1}]}
    assert list(Query(target).select(data)) == selected


@pytest.mark.parametrize(
    "target", ["", "paths", "/paths", "$.", "$[", "$.a | $.b", "$.a[?nofunction(@)]", " $", "$ ", "$.a[01]", "$.a['b"]
)
def test_what_is_no_query(target: str) -> None:
    with pytest.raises(ValueError, match=r"^[a-z\"'][^\n]*$") as caught:
        Query(target)
    assert "TOKEN" not in str(caught.value)
