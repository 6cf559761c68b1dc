"""The standard's own table of styles (OpenAPI 3.1 and 3.2, "Style Examples"), over the wire, and the way back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flavours import Caller
from loopback import Answer, Loopback
from runtime.operation import Cookie, Empty, Header, Operation, Path, Query
from runtime.parameters import CookieStyle, PathStyle, QueryStyle
from runtime.styles import cookie_pairs, path_segment, query_pairs
from undoing import Shape, Value, from_pairs, from_segment

ARRAY: Final = ["blue", "black", "brown"]
OBJECT: Final = {"R": 100, "G": 200, "B": 150}


@dataclass(frozen=True, slots=True)
class Row:
    """A row: what is written of the empty string, of "blue", of three colours, and of R, G and B; "" for none."""

    empty: str
    text: str
    array: str
    object: str


IN_PATH: Final[Mapping[tuple[PathStyle, bool], Row]] = {
    ("matrix", False): Row(";color", ";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"),
    ("matrix", True): Row(";color", ";color=blue", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"),
    ("label", False): Row(".", ".blue", ".blue,black,brown", ".R,100,G,200,B,150"),
    ("label", True): Row(".", ".blue", ".blue.black.brown", ".R=100.G=200.B=150"),
    ("simple", False): Row("", "blue", "blue,black,brown", "R,100,G,200,B,150"),
    ("simple", True): Row("", "blue", "blue,black,brown", "R=100,G=200,B=150"),
}
IN_QUERY: Final[Mapping[tuple[QueryStyle, bool], Row]] = {
    ("form", False): Row("color=", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"),
    ("form", True): Row("color=", "color=blue", "color=blue&color=black&color=brown", "R=100&G=200&B=150"),
    ("spaceDelimited", False): Row("", "", "color=blue%20black%20brown", "color=R%20100%20G%20200%20B%20150"),
    ("pipeDelimited", False): Row("", "", "color=blue%7Cblack%7Cbrown", "color=R%7C100%7CG%7C200%7CB%7C150"),
    ("deepObject", True): Row("", "", "", "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"),
}
IN_COOKIE: Final[Mapping[tuple[CookieStyle, bool], Row]] = {
    (style, explode): row
    for style in ("form", "cookie")
    for explode, row in {
        False: Row("color=", "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"),
        True: Row("color=", "color=blue", "color=blue; color=black; color=brown", "R=100; G=200; B=150"),
    }.items()
}
COLUMNS: Final[Mapping[str, object]] = {"empty": "", "text": "blue", "array": ARRAY, "object": OBJECT}


S = TypeVar("S", bound=str)


def cells(table: Mapping[tuple[S, bool], Row]) -> list[tuple[S, bool, str, str]]:
    """Return the cells of a table that say something: style, explode, column, what is written."""
    return [
        (style, explode, column, getattr(row, column))
        for (style, explode), row in table.items()
        for column in COLUMNS
        if getattr(row, column)
    ]


def operation(
    path: tuple[Path, ...] = (),
    query: tuple[Query, ...] = (),
    headers: tuple[Header, ...] = (),
    cookies: tuple[Cookie, ...] = (),
) -> Operation[None]:
    """Return an operation with these parameters."""
    return Operation(
        name="paint",
        method="GET",
        path="/paint/x{color}" if path else "/paint",
        path_parameters=path,
        query=query,
        headers=headers,
        cookies=cookies,
        results=(("204", Empty()),),
    )


@pytest.mark.parametrize(("style", "explode", "column", "written"), cells(IN_PATH))
def test_in_the_path(
    server: Loopback, caller: Caller, style: PathStyle, explode: bool, column: str, written: str  # noqa: FBT001
) -> None:
    server.say(Answer(status=204))
    caller.send(operation(path=(Path("color", style, explode),)).request(path=(COLUMNS[column],)))
    assert server.last.target.endswith(f"/paint/x{written}")


@pytest.mark.parametrize(("style", "explode", "column", "written"), cells(IN_QUERY))
def test_in_the_query(
    server: Loopback, caller: Caller, style: QueryStyle, explode: bool, column: str, written: str  # noqa: FBT001
) -> None:
    server.say(Answer(status=204))
    caller.send(operation(query=(Query("color", style, explode),)).request(query=(COLUMNS[column],)))
    assert server.last.target.partition("?")[2] == written


@pytest.mark.parametrize("explode", [False, True])
@pytest.mark.parametrize("column", COLUMNS)
def test_in_a_header(server: Loopback, caller: Caller, explode: bool, column: str) -> None:  # noqa: FBT001
    server.say(Answer(status=204))
    caller.send(operation(headers=(Header("color", explode=explode),)).request(headers=(COLUMNS[column],)))
    assert server.last.header("color") == getattr(IN_PATH["simple", explode], column)


@pytest.mark.parametrize(("style", "explode", "column", "written"), cells(IN_COOKIE))
def test_in_a_cookie(
    server: Loopback, caller: Caller, style: CookieStyle, explode: bool, column: str, written: str  # noqa: FBT001
) -> None:
    server.say(Answer(status=204))
    caller.send(operation(cookies=(Cookie("color", style, explode),)).request(cookies=(COLUMNS[column],)))
    assert server.last.header("Cookie") == written


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
ANY: Final[st.SearchStrategy[tuple[Shape, Value]]] = st.one_of(
    TEXT.map(lambda text: ("text", text)),
    st.lists(TEXT, min_size=1, max_size=4).map(lambda items: ("array", items)),
    st.dictionaries(TEXT, TEXT, min_size=1, max_size=4).map(lambda members: ("object", members)),
)


@given(ANY, st.sampled_from([("form", True), ("form", False), ("deepObject", True)]))
def test_what_is_written_to_a_query_is_read_back(found: tuple[Shape, Value], how: tuple[QueryStyle, bool]) -> None:
    shape, value = found
    style, explode = how
    if style == "deepObject" and (shape != "object" or any("[" in key or "]" in key for key in value)):
        return
    pairs = query_pairs(Query("color", style, explode), value)
    assert from_pairs("&".join(pairs).split("&"), style, shape, explode=explode) == value


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters=" |\t")), min_size=1, max_size=4),
    st.sampled_from(["spaceDelimited", "pipeDelimited", "tabDelimited"]),
)
def test_what_is_delimited_is_read_back(value: list[str], style: QueryStyle) -> None:
    (pair,) = query_pairs(Query("color", style, explode=False), value)
    assert from_pairs([pair], style, "array", explode=False) == value


@given(ANY, st.booleans())
def test_what_is_written_to_a_cookie_is_read_back(found: tuple[Shape, Value], explode: bool) -> None:  # noqa: FBT001
    shape, value = found
    pairs = cookie_pairs(Cookie("color", explode=explode), value)
    assert from_pairs("; ".join(pairs).split("; "), "form", shape, explode=explode) == value


@given(ANY, st.sampled_from(list(IN_PATH)))
def test_what_is_written_to_a_path_is_read_back(found: tuple[Shape, Value], how: tuple[PathStyle, bool]) -> None:
    shape, value = found
    style, explode = how
    if (style == "simple" and value in ("", [""])) or (style == "label" and _has_dots(value)):
        # A dot is never encoded: in a label nobody can tell it from what stands between.
        return
    written = path_segment(Path("color", style, explode), value)
    assert not set(written) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%,;=")
    assert from_segment(written, style, shape, explode=explode) == value


def _has_dots(value: Value) -> bool:
    texts = [value] if isinstance(value, str) else [*value, *(value.values() if isinstance(value, dict) else ())]
    return any("." in text for text in texts)
