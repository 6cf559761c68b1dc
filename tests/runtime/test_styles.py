"""Parameters: every style of OpenAPI, exactly, and the laws that hold for all of them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import parse_qsl, unquote
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.encoding import encode, encode_path
from runtime.operation import Empty, Operation
from runtime.parameters import Cookie, Delimited, Header, Path, PathStyle, Query, QueryStyle
from runtime.styles import cookie_pairs, header_value, path_segment, query_pairs
from sample_client import Account, Kind

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
ARRAY = ["blue", "black", "a b"]
OBJECT = {"R": 100, "G": "x,y", "B": None}


def at(path: str, *parameters: Path, query: tuple[Query, ...] = ()) -> Operation[None]:
    """Return an operation at a path."""
    return Operation(
        name="op", method="GET", path=path, path_parameters=parameters, query=query, results=(("204", Empty()),)
    )


@pytest.mark.parametrize(
    ("style", "explode", "value", "written"),
    [
        ("simple", False, "blue", "blue"),
        ("simple", False, ARRAY, "blue,black,a%20b"),
        ("simple", True, ARRAY, "blue,black,a%20b"),
        ("simple", False, OBJECT, "R,100,G,x%2Cy"),
        ("simple", True, OBJECT, "R=100,G=x%2Cy"),
        ("label", False, "blue", ".blue"),
        ("label", False, ARRAY, ".blue,black,a%20b"),
        ("label", True, ARRAY, ".blue.black.a%20b"),
        ("label", True, OBJECT, ".R=100.G=x%2Cy"),
        ("matrix", False, "blue", ";color=blue"),
        ("matrix", False, ARRAY, ";color=blue,black,a%20b"),
        ("matrix", True, ARRAY, ";color=blue;color=black;color=a%20b"),
        ("matrix", False, OBJECT, ";color=R,100,G,x%2Cy"),
        ("matrix", True, OBJECT, ";R=100;G=x%2Cy"),
        ("json", False, {"a": [1]}, "%7B%22a%22%3A%5B1%5D%7D"),
    ],
)
def test_path_styles(style: PathStyle, explode: bool, value: object, written: str) -> None:  # noqa: FBT001
    assert path_segment(Path("color", style, explode), value) == written


@pytest.mark.parametrize(
    ("style", "explode", "value", "written"),
    [
        ("form", True, "a&b=c+d e#%é", ["color=a%26b%3Dc%2Bd%20e%23%25%C3%A9"]),
        ("form", True, "", ["color="]),
        ("form", True, ARRAY, ["color=blue", "color=black", "color=a%20b"]),
        ("form", False, ARRAY, ["color=blue,black,a%20b"]),
        ("form", True, OBJECT, ["R=100", "G=x%2Cy"]),
        ("form", False, OBJECT, ["color=R,100,G,x%2Cy"]),
        ("spaceDelimited", False, ["blue", "a|b"], ["color=blue%20a%7Cb"]),
        ("pipeDelimited", False, ARRAY, ["color=blue%7Cblack%7Ca%20b"]),
        ("tabDelimited", False, ARRAY, ["color=blue%09black%09a%20b"]),
        ("pipeDelimited", False, OBJECT, ["color=R%7C100%7CG%7Cx%2Cy"]),
        ("deepObject", True, OBJECT, ["color%5BR%5D=100", "color%5BG%5D=x%2Cy"]),
        (
            "deepObject",
            True,
            {"a": {"b": [1, None, {"c": True}]}},
            ["color%5Ba%5D%5Bb%5D%5B0%5D=1", "color%5Ba%5D%5Bb%5D%5B1%5D%5Bc%5D=true"],
        ),
        ("deepObject", True, ["a", "b"], ["color%5B0%5D=a", "color%5B1%5D=b"]),
        ("deepObject", True, "a", ["color=a"]),
        ("form", True, {"R": {"a": [1]}}, ["R=%7B%22a%22%3A%5B1%5D%7D"]),
        ("json", True, {"a": [1, "é"]}, ["color=%7B%22a%22%3A%5B1%2C%22%C3%A9%22%5D%7D"]),
        ("form", True, [], []),
        ("form", False, [], []),
        ("form", True, None, []),
    ],
)
def test_query_styles(style: QueryStyle, explode: bool, value: object, written: list[str]) -> None:  # noqa: FBT001
    assert query_pairs(Query("color", style, explode), value) == written


def test_reserved_characters_stay_where_the_document_says() -> None:
    assert query_pairs(Query("q", allow_reserved=True), "a/b?c:d&e+f#g[0]=h") == ["q=a/b?c:d%26e%2Bf%23g%5B0%5D=h"]
    assert query_pairs(Query("q", allow_reserved=True), "50%25%2F100%") == ["q=50%25%2F100%25"]
    assert path_segment(Path("q", allow_reserved=True), "a:b@c;d/e?f#g") == "a:b@c;d%2Fe%3Ff%23g"
    assert cookie_pairs(Cookie("q", allow_reserved=True), "a/b?c;d,e") == ["q=a/b?c%3Bd%2Ce"]


@pytest.mark.parametrize(
    ("style", "item"), [("spaceDelimited", "a b"), ("pipeDelimited", "a|b"), ("tabDelimited", "a\tb")]
)
def test_a_delimiter_inside_of_an_item_is_refused_since_nobody_could_tell(style: Delimited, item: str) -> None:
    with pytest.raises(ValueError, match=r"^ids: an item must not have a (space|vertical bar|tab)$"):
        query_pairs(Query("ids", style, explode=False), [item, "c"])
    with pytest.raises(ValueError, match=r"^ids: an item must not have a"):
        path_segment(Path("ids", style), [item, "c"])


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (True, "true"),
        (False, "false"),
        (10**40, str(10**40)),
        (0.1, "0.1"),
        (Decimal("0.10"), "0.10"),
        (date(2024, 1, 2), "2024-01-02"),
        (datetime(2024, 1, 2, 3, tzinfo=UTC), "2024-01-02T03%3A00%3A00Z"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Kind.USER, "USER"),
        (Kind("new one"), "new%20one"),
    ],
)
def test_single_values(value: object, written: str) -> None:
    assert query_pairs(Query("q"), value) == [f"q={written}"]
    assert path_segment(Path("q"), value) == written


@pytest.mark.parametrize("value", [float("nan"), float("inf"), datetime(2024, 1, 1), "\ud800"])  # noqa: DTZ001
def test_values_without_text_are_refused_by_name(value: object) -> None:
    with pytest.raises(ValueError, match=r"^pit: "):
        query_pairs(Query("pit"), value)


def test_a_model_is_written_by_its_wire_names() -> None:
    account = Account(address="a", created_at=datetime(2024, 1, 1, tzinfo=UTC))
    assert query_pairs(Query("q", "deepObject"), account) == [
        "q%5Baddress%5D=a",
        "q%5BcreatedAt%5D=2024-01-01T00%3A00%3A00Z",
    ]


@pytest.mark.parametrize("value", ["", ".", "..", "%2e%2e", "%2E", [], {}, None, ["."], [".."], [""], [None]])
def test_a_path_cannot_be_left(value: object) -> None:
    with pytest.raises(ValueError, match=r"^address: "):
        encode_path(at("/a/{address}/b", Path("address")), (value,))


@pytest.mark.parametrize(
    ("template", "parameters", "values"),
    [
        ("/{a}{b}", (Path("a"), Path("b")), (".", ".")),
        ("/.{a}/x", (Path("a"),), (".",)),
        ("/{a}", (Path("a", "label"),), ("",)),
        ("/{a}", (Path("a", "label"),), (".",)),
        ("/{a}", (Path("a", "label", explode=True),), (["", ""],)),
        ("/{a}", (Path("a", allow_reserved=True),), ("%2e%2E",)),
        ("/{a}", (Path("a", "json"),), (None,)),
    ],
)
def test_a_path_cannot_be_left_by_what_makes_a_segment_together(
    template: str, parameters: tuple[Path, ...], values: tuple[object, ...]
) -> None:
    with pytest.raises(ValueError, match=r"^a: "):
        encode_path(at(template, *parameters), values)


def test_dots_inside_of_a_segment_are_no_way_out() -> None:
    assert encode_path(at("/a/{name}.json", Path("name")), ("..",)) == "/a/...json"
    assert encode_path(at("/a{ext}", Path("ext", "label")), ("",)) == "/a."
    assert encode_path(at("/a/{id}", Path("id", "matrix")), ("..",)) == "/a/;id=.."
    assert encode_path(at("/a/{id}", Path("id")), ("../b",)) == "/a/..%2Fb"


def test_a_template_may_have_a_query_and_a_fragment_of_its_own() -> None:
    operation = at("/do?Action={action}&v=1#put", Path("action"), query=(Query("x"),))
    wire = encode(operation.request(path=("a/&b",), query=("c",)), boundary=str)
    assert (wire.path, wire.query) == ("/do", "Action=a%2F%26b&v=1&x=c")


@given(TEXT.filter(lambda text: unquote(text) not in ("", ".", "..")))
def test_a_path_value_stays_one_segment(text: str) -> None:
    segment = path_segment(Path("address"), text)
    assert unquote(segment) == text
    assert not set(segment) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%")


@given(st.dictionaries(TEXT.filter(bool), st.lists(TEXT, min_size=1), max_size=4))
def test_a_query_is_read_as_it_was_written(values: dict[str, list[str]]) -> None:
    pairs = [pair for name, items in values.items() for pair in query_pairs(Query(name), items)]
    assert parse_qsl("&".join(pairs), keep_blank_values=True, max_num_fields=None) == [
        (name, item) for name, items in values.items() for item in items
    ]


@pytest.mark.parametrize(
    ("parameter", "value", "written"),
    [
        (Header("X-A"), "a b", "a b"),
        (Header("X-A"), ["a", 1, True], "a,1,true"),
        (Header("X-A"), {"a": 1}, "a,1"),
        (Header("X-A", explode=True), {"a": 1}, "a=1"),
        (Header("X-A", "json"), {"a": 1}, '{"a":1}'),
        (Header("X-A"), "é", "é"),
        (Header("X-A"), "", ""),
        (Header("X-A"), "a, b", "a, b"),
        (Header("X-A"), ['"a,b"', "c"], '"a,b",c'),
        (Header("X-A"), [], None),
        (Header("X-A", explode=True), {"a": None}, None),
        (Header("X-A", "pipeDelimited"), ["a", "b,c"], "a|b,c"),
        (Header("X-A", "tabDelimited"), ["a", "b"], "a\tb"),
        (Header("X-A", "json"), {"a": "€"}, '{"a":"\\u20ac"}'),
    ],
)
def test_headers(parameter: Header, value: object, written: str | None) -> None:
    assert header_value(parameter, value) == written


@pytest.mark.parametrize("value", [["a,b", "c"], {"a": "b,c"}, {"a,": "b"}])
def test_a_comma_inside_of_an_item_is_refused_where_it_cannot_be_encoded(value: object) -> None:
    with pytest.raises(ValueError, match=r"^x_a: an item must not have a comma$"):
        header_value(Header("X-A"), value)


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\n", "\x00", "€", " a", "a\t"])
def test_a_header_cannot_be_broken_out_of(value: str) -> None:
    with pytest.raises(ValueError, match=r"^idempotency_key: "):
        header_value(Header("Idempotency-Key"), value)


@pytest.mark.parametrize(
    ("parameter", "value", "written"),
    [
        (Cookie("c"), "a;b c", ["c=a%3Bb%20c"]),
        (Cookie("c"), [1, 2], ["c=1", "c=2"]),
        (Cookie("c", explode=False), [1, 2], ["c=1,2"]),
        (Cookie("c"), {"a": 1}, ["a=1"]),
        (Cookie("c", "json"), {"a": 1}, ["c=%7B%22a%22%3A1%7D"]),
        (Cookie("c"), None, []),
        (Cookie("c"), [], []),
        (Cookie("c"), "", ["c="]),
        (Cookie("my cookie;"), "a", ["my%20cookie%3B=a"]),
        (Cookie("c", "cookie"), "a/b=%20", ["c=a/b=%20"]),
        (Cookie("c", "cookie"), '"quoted"', ['c="quoted"']),
        (Cookie("c", "cookie"), ["a", "b"], ["c=a", "c=b"]),
        (Cookie("c", "cookie", explode=False), ["a", "b"], ["c=a,b"]),
        (Cookie("c", "cookie"), {"a": 1}, ["a=1"]),
    ],
)
def test_cookies(parameter: Cookie, value: object, written: list[str]) -> None:
    assert cookie_pairs(parameter, value) == written


@pytest.mark.parametrize("value", ["a;b", "a b", "a,b", 'a"b', "a\\b", "é", "\r\n", '"'])
def test_a_cookie_cannot_be_broken_out_of_where_it_is_not_encoded(value: str) -> None:
    with pytest.raises(ValueError, match=r"^session_id: a cookie must not have"):
        cookie_pairs(Cookie("sessionId", "cookie"), value)
