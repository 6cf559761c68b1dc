"""The header ``Link``: which of its links leads to the page after a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.link_header import linked


@pytest.mark.parametrize(
    ("header", "target"),
    [
        (
            '<https://api.test/r?page=2>; rel="next", <https://api.test/r?page=5>; rel="last"',
            "https://api.test/r?page=2",
        ),
        ("<a>; rel=prev, <b>; rel=next", "b"),
        ('<a>; rel="start NEXT"', "a"),
        ("<?a=1,2;3>;rel=next", "?a=1,2;3"),
        ('<a>; title="x, <z>; rel=next"; rel="prev", <b>; REL=Next', "b"),
        ('<a>; title="quoted \\" rel=next"; rel=next', "a"),
        # Of a parameter that is there twice the first counts (RFC 8288, section 3.3).
        ("<a>; rel=prev; rel=next", None),
        # A link of something else (section 3.2).
        ('<a>; rel=next; anchor="#part", <b>; rel=next', "b"),
        ("<a>; rel=nextpage", None),
        ("<a>; rev=next", None),
        ("<a>", None),
        ("", None),
        ("nonsense", None),
        ("<unclosed; rel=next", None),
        ("<a>; rel=next garbage", "a"),
        ("<a> garbage, <b>; rel=next", "b"),
        (" , <a>; rel=next", "a"),
    ],
)
def test_next(header: str, target: str | None) -> None:
    assert linked(header, "next") == target


def test_any_other_relation() -> None:
    assert linked("<a>; rel=next, <b>; rel=prev", "prev") == "b"


@given(st.text(alphabet='<>;,="\\ relnxt', max_size=60))
def test_law_any_text_is_read(header: str) -> None:
    found = linked(header, "next")
    assert found is None or f"<{found}>" in header.replace(" ", "") or found in header


@given(st.lists(st.tuples(st.text(alphabet="ab/?=&,;", min_size=1, max_size=8), st.sampled_from(["next", "prev"]))))
def test_law_the_first_of_a_relation_is_found(links: list[tuple[str, str]]) -> None:
    header = ", ".join(f'<{target}>; rel="{relation}"' for target, relation in links)
    assert linked(header, "next") == next((target for target, relation in links if relation == "next"), None)
