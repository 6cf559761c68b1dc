"""YAML text to data and places."""

import json
import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from formance_codegen.diagnostics import Diagnostic
from formance_codegen.load.json_value import JsonValue, find
from formance_codegen.load.limits import DEEPEST, MOST_ALIASED, MOST_DIGITS
from formance_codegen.load.parsed import Parsed
from formance_codegen.load.yaml import parse
from formance_codegen.pointer import ROOT, Pointer
from formance_codegen.source import SourceFile

# PyYAML, which writes YAML 1.1, leaves these without quotes; they are numbers in 1.2 (10.3.2, Core Schema).
NUMBERS_OF_1_2 = re.compile(r"[-+]?[0-9]+[eE][-+]?[0-9]+|0o[0-7]+")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).filter(
    lambda text: NUMBERS_OF_1_2.fullmatch(text) is None
)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
LEAVES: st.SearchStrategy[JsonValue] = st.none() | st.booleans() | NUMBERS | TEXT


def _containers(inner: st.SearchStrategy[JsonValue]) -> st.SearchStrategy[JsonValue]:
    return st.lists(inner, max_size=5) | st.dictionaries(TEXT, inner, max_size=5)


VALUES = st.recursive(LEAVES, _containers, max_leaves=20)


def _parsed(text: str) -> Parsed:
    outcome = parse(SourceFile(name="spec.yaml", text=text))
    assert outcome.value is not None, outcome.diagnostics
    return outcome.value


def _data(text: str) -> JsonValue:
    return _parsed(text).data


def _refusal(text: str) -> Diagnostic:
    outcome = parse(SourceFile(name="spec.yaml", text=text))
    assert outcome.value is None
    (found,) = outcome.diagnostics
    return found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("null", None),
        ("Null", None),
        ("~", None),
        ("''", ""),
        ("true", True),
        ("TRUE", True),
        ("False", False),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("0", 0),
        ("-0", 0),
        ("+12", 12),
        ("017", 17),
        ("0o17", 15),
        ("0x1F", 31),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("12:30:00", "12:30:00"),
        ("190:20:30.15", "190:20:30.15"),
        ("2026-11-22", "2026-11-22"),
        ("2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"),
        ("123456789012345678901234567890", 123456789012345678901234567890),
        ("1.5", 1.5),
        ("1.", 1.0),
        (".5", 0.5),
        ("-1e3", -1000.0),
        ("1.10", 1.1),
        ("1.2.3", "1.2.3"),
        (".", "."),
        ("-", [None]),
        ("+", "+"),
        (".inf", ".inf"),
        ("-.INF", "-.INF"),
        (".nan", ".nan"),
        ("NaN", "NaN"),
        ("1e999", "1e999"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("! 12", "12"),
        ("!!int '12'", 12),
        ("!!float 1", 1.0),
        ("!!bool 'true'", True),
        ("!!null ''", None),
        ("!!map {}", {}),
        ("!!seq []", []),
        ("=", "="),
        ("<<", "<<"),
        ("|\n  a\n  b\n", "a\nb\n"),
        (">-\n  a\n  b\n", "a b"),
    ],
)
def test_scalars_are_those_of_the_core_schema(text: str, value: JsonValue) -> None:
    data = _data(text)

    assert data == value
    assert type(data) is type(value)


def test_a_number_of_too_many_digits_stays_text() -> None:
    digits = "9" * (MOST_DIGITS + 1)

    assert _data(f"[{digits[1:]}, {digits}]") == [int(digits[1:]), digits]
    assert _data(f"- {digits[1:]}\n- {digits}\n") == [int(digits[1:]), digits]


@pytest.mark.parametrize("text", ["!!int twelve", "!!bool 1", "!!null x", "!!float abc", "!!int true"])
def test_a_text_that_is_no_value_of_its_tag_is_refused(text: str) -> None:
    assert "is no value of the tag" in _refusal(text).message


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system [true]",
        "!!python/name:os.system ''",
        "!local 1",
        "!!binary aGk=",
        "!!timestamp 2026-11-22",
        "!!set {a}",
        "!!map []",
        "!!str {}",
        "{!local a: 1}",
    ],
)
def test_a_tag_without_a_meaning_in_json_is_refused(text: str) -> None:
    found = _refusal(text)

    assert found.code.slug == "not-yaml"
    assert "has no meaning in JSON" in found.message


def test_places_are_those_of_keys_and_items() -> None:
    spans = _parsed("info:\n  title: x\ntags:\n  - name: a\n  - {name: b, /~: 1}\n").spans

    assert {pointer: (span.line, span.column) for pointer, span in spans.items()} == {
        "": (1, 1),
        "/info": (1, 1),
        "/info/title": (2, 3),
        "/tags": (3, 1),
        "/tags/0": (4, 5),
        "/tags/0/name": (4, 5),
        "/tags/1": (5, 5),
        "/tags/1/name": (5, 6),
        "/tags/1/~1~0": (5, 15),
    }
    assert len(spans) == 9
    assert str(spans[Pointer("/info/title")]) == "spec.yaml:2:3"


def test_a_column_counts_characters() -> None:
    assert _parsed("é: {€: 1, 😀: 2}").spans[Pointer("/é/😀")].column == 11


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert _data("\ufeffa: 1") == {"a": 1}
    assert _data('\ufeff{"a": 1}') == {"a": 1}


def test_keys_that_are_not_strings_are_kept_as_written_with_one_note() -> None:
    outcome = parse(SourceFile(name="spec.yaml", text="a: {200: x, 0x10: y}\ntrue: z\n'204': q\nno: n\n"))

    assert outcome.value is not None
    assert outcome.value.data == {"a": {"200": "x", "0x10": "y"}, "true": "z", "204": "q", "no": "n"}
    (note,) = outcome.diagnostics
    assert (note.code.slug, note.pointer) == ("integer-key", "/a/200")
    assert note.message == 'the key 200 is not a string; it is read as "200", like 2 more keys'


def test_every_duplicate_key_is_an_error_with_both_places() -> None:
    outcome = parse(SourceFile(name="spec.yaml", text="a: 1\nb: {c: 1, c: 2}\n'a': 3\n"))

    assert outcome.value is None
    assert [(found.pointer, str(found.span), found.notes) for found in outcome.diagnostics] == [
        ("/b/c", "spec.yaml:2:11", ("first at 2:5",)),
        ("/a", "spec.yaml:3:1", ("first at 1:1",)),
    ]


def test_an_alias_is_what_its_anchor_is() -> None:
    parsed = _parsed("a: &x {b: [1, &y 2]}\nc: *x\nd: *y\n? &k key\n: *k\n")

    assert parsed.data == {"a": {"b": [1, 2]}, "c": {"b": [1, 2]}, "d": 2, "key": "key"}
    assert Pointer("/c") in parsed.spans
    assert Pointer("/c/b") not in parsed.spans


def test_an_alias_may_be_a_key() -> None:
    assert _data("a: &k name\n*k : 1\n") == {"a": "name", "name": 1}


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("{x: &x {a: 1, b: 2}, y: {<<: *x, a: 3}}", {"x": {"a": 1, "b": 2}, "y": {"a": 3, "b": 2}}),
        ("{a: 3, <<: {a: 1}}", {"a": 3}),
        ("{<<: [{a: 1}, {a: 2, b: 2}]}", {"a": 1, "b": 2}),
        ("a: 0\n'<<': {b: 1}", {"a": 0, "<<": {"b": 1}}),
        ("!!merge <<: {b: 1}", {"b": 1}),
    ],
)
def test_merge_keys_fill_in_what_a_mapping_lacks(text: str, data: JsonValue) -> None:
    assert _data(text) == data


def test_a_merged_key_stands_where_the_merge_does() -> None:
    parsed = _parsed("a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\n")

    assert str(parsed.spans[Pointer("/b/x")]) == "spec.yaml:3:3"


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("", "the text is empty", "1:1"),
        ("# nothing\n", "the text is empty", "1:1"),
        ("a: 1\n---\nb: 2\n", "a second document starts here; one text holds one", "2:1"),
        ("a:\n\tb: 1\n", "a tab cannot indent; YAML wants spaces", "2:1"),
        ("a: b: c", "mapping values are not allowed in this context", "1:5"),
        ("é: \x07", "the character U+0007 is not allowed", "1:4"),
        ("a:\n b: \ud800", "half of a surrogate pair is no character", "2:5"),
        ("a: *b", "the alias *b has no anchor before it", "1:4"),
        ("a: &a [*a]", "the alias *a has no anchor before it", "1:8"),
        ("? [a]\n: 1", "a key has to be a text; here it is a list or a mapping", "1:3"),
        ("a: &a [1]\n*a : 1", "a key has to be a text; this alias leads to a list", "2:1"),
        ("<<: [1]", "a merge key takes a mapping or a list of mappings, not a number", "1:5"),
    ],
)
def test_what_cannot_be_read_is_told_where_it_stands(text: str, message: str, place: str) -> None:
    found = _refusal(text)

    assert (found.code.slug, found.message, str(found.span)) == ("not-yaml", message, f"spec.yaml:{place}")


def test_a_complaint_says_what_was_being_read() -> None:
    found = _refusal("a:\n  - [1, 2\nb: 3\n")

    assert found.notes == ("while parsing a flow sequence at 2:5",)


def _laughs(levels: int) -> str:
    lines = [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, levels)]
    return "\n".join(["a0: &a0 x", *lines])


def _merges(count: int) -> str:
    keys = ", ".join(f"k{number}: 1" for number in range(1000))
    return f"m: &m {{{keys}}}\n" + "".join(f"n{number}: {{<<: *m}}\n" for number in range(count))


def _ladder(rungs: int) -> str:
    return "a0: &a0 [[x]]\n" + "".join(f"a{rung}: &a{rung} [[*a{rung - 1}]]\n" for rung in range(1, rungs))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (_laughs(10), f"the aliases unfold to more than {MOST_ALIASED:,} values"),
        (_merges(300), f"the aliases unfold to more than {MOST_ALIASED:,} values"),
        (_ladder(40), f"with this alias more than {DEEPEST} levels are nested"),
        ("- " * 100_000, f"more than {DEEPEST} levels are nested"),
        ("[" * 100_000, f"more than {DEEPEST} levels are nested"),
        ('{"a":' * 100_000, f"more than {DEEPEST} levels are nested"),
        ("[" * 80 + "]" * 80, f"more than {DEEPEST} levels are nested"),
    ],
)
def test_a_text_that_unfolds_without_end_is_refused(text: str, message: str) -> None:
    assert _refusal(text).message == message


@pytest.mark.parametrize(("start", "end"), [("[", "]"), ('{"a": ', "}"), ("{a: ", "}")])
def test_the_deepest_text_that_is_read(start: str, end: str) -> None:
    assert _parsed(start * DEEPEST + "1" + end * DEEPEST).data is not None
    assert "levels are nested" in _refusal(start * (DEEPEST + 1) + "1" + end * (DEEPEST + 1)).message


def test_harmless_aliases_are_read() -> None:
    assert find(_data(_laughs(4)), Pointer("/a3/9/9/9")) == "x"
    assert find(_data(_ladder(20)), Pointer("/a19" + "/0" * 40)) == "x"


@given(VALUES)
def test_json_is_read_as_the_standard_library_writes_it(value: JsonValue) -> None:
    assert _data(json.dumps(value)) == value
    assert _data(json.dumps(value, ensure_ascii=False, indent="\t")) == value


@given(VALUES)
def test_yaml_is_read_as_pyyaml_writes_it(value: JsonValue) -> None:
    for flow in (False, True, None):
        assert _data(yaml.safe_dump(value, default_flow_style=flow, sort_keys=False)) == value


@given(VALUES)
def test_every_place_is_one_of_the_text_and_every_part_has_one(value: JsonValue) -> None:
    text = yaml.safe_dump(value, sort_keys=False)
    parsed = _parsed(text)
    lines = text.splitlines()

    for pointer, span in parsed.spans.items():
        assert 1 <= span.line <= max(1, len(lines))
        assert pointer == ROOT or find(parsed.data, pointer) == find(value, pointer)


@given(st.text(max_size=60))
def test_any_text_gives_a_value_or_an_error(text: str) -> None:
    outcome = parse(SourceFile(name="spec.yaml", text=text))

    assert outcome.failed == (outcome.value is None)
    assert all(found.span is not None for found in outcome.diagnostics)
