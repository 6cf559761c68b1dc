"""JSON text to data and places."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formance_codegen.load.json_text import parse_json
from formance_codegen.load.json_value import JsonValue, find
from formance_codegen.load.parsed import Parsed
from formance_codegen.load.yaml import parse
from formance_codegen.pointer import Pointer
from formance_codegen.source import SourceFile

WORDS = st.text("ab/~ \t\u00e9\u2028\U0001f600", max_size=8)
VALUES = st.recursive(
    st.integers() | st.none() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)


def _parsed(text: str) -> Parsed:
    outcome = parse_json(text, "spec.json")
    assert outcome is not None
    assert outcome.value is not None
    return outcome.value


def test_escapes_are_those_of_json() -> None:
    assert _parsed(r'{"\/": "\ud83d\ude00 \u0041 \b\f"}').data == {"/": "😀 A \b\f"}


def test_what_yaml_would_read_otherwise_stays_what_it_is() -> None:
    long = "k" * 2000
    text = json.dumps({"<<": {"a": 1}, "del": "\x7f", long: ["no", "12:30"]}, ensure_ascii=False)

    assert _parsed(text).data == {"<<": {"a": 1}, "del": "\x7f", long: ["no", "12:30"]}


def test_numbers_that_json_cannot_hold_stay_text() -> None:
    assert _parsed("[NaN, -Infinity, 1e999, 1E2, 12345678901234567890123]").data == [
        "NaN",
        "-Infinity",
        "1e999",
        100.0,
        12345678901234567890123,
    ]


@pytest.mark.parametrize("text", ["{a: 1}", '{"a": 1,}', "[1] # one", "{'a': 1}", "{"])
def test_what_is_no_json_is_left_to_yaml(text: str) -> None:
    assert parse_json(text, "spec.json") is None


def test_flow_mappings_that_are_no_json_are_read_all_the_same() -> None:
    outcome = parse(SourceFile(name="spec.yaml", text="{a: 1, b: [x,],} # a comment\n"))

    assert outcome.value is not None
    assert outcome.value.data == {"a": 1, "b": ["x"]}


def test_places_are_those_of_keys_and_items() -> None:
    spans = _parsed('\n {"a": [1,\n {"b/~" : null}],\r\n "é": {}, "c": "x"}').spans

    assert {pointer: (span.line, span.column) for pointer, span in spans.items()} == {
        "": (2, 2),
        "/a": (2, 3),
        "/a/0": (2, 9),
        "/a/1": (3, 2),
        "/a/1/b~1~0": (3, 3),
        "/é": (4, 2),
        "/c": (4, 11),
    }
    assert len(spans) == 7
    assert str(spans[Pointer("/a/1/b~1~0")]) == "spec.json:3:3"


@pytest.mark.parametrize("pointer", ["/b", "/a/2", "/a/0/0", "/a/00"])
def test_a_part_that_is_not_there_has_no_place(pointer: str) -> None:
    assert Pointer(pointer) not in _parsed('{"a": [1, 2]}').spans


def test_of_duplicate_keys_the_last_one_counts_and_both_places_are_told() -> None:
    outcome = parse_json('{"a": 1,\n "b": [{"c": 1, "\\u0063": 2}],\n "a": 3}', "spec.json")

    assert outcome is not None
    assert outcome.value is not None
    assert outcome.value.data == {"a": 3, "b": [{"c": 2}]}
    assert {found.code.slug for found in outcome.diagnostics} == {"doubtful"}
    assert sorted((found.pointer, str(found.span), found.notes) for found in outcome.diagnostics if found.pointer) == [
        ("/a", "spec.json:3:2", ("first at 1:2", "the last one counts")),
        ("/b/0/c", "spec.json:2:17", ("first at 2:9", "the last one counts")),
    ]


@given(VALUES, st.sampled_from([None, 1, "\t"]))
def test_a_place_shows_the_key_or_the_item(value: JsonValue, indent: int | str | None) -> None:
    text = json.dumps([value], indent=indent)
    parsed = _parsed(text)
    lines = text.split("\n")

    for pointer, span in parsed.spans.items():
        name = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
        around = find(parsed.data, Pointer(pointer.rpartition("/")[0]))
        expected = name if isinstance(around, dict) else find(parsed.data, pointer)
        start = lines[span.line - 1][span.column - 1 :]
        assert start.startswith(json.dumps(expected)[:1])
        if isinstance(around, dict):
            assert start.startswith(json.dumps(name))
