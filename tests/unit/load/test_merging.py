"""What merging and removing mean, as laws."""

import json
from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st

from formance_codegen.diagnostics import Outcome
from formance_codegen.load.json_value import JsonValue
from formance_codegen.load.overlay import apply_overlays
from formance_codegen.load.parsed import Parsed
from formance_codegen.pointer import ROOT, Pointer
from formance_codegen.source import SourceFile, Span

KEYS = st.sampled_from("abc")
VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("xy", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=3)


def merged(target: JsonValue, update: JsonValue) -> JsonValue:
    """Return what merging means, in the plainest words; a LookupError where it means nothing."""
    if isinstance(target, dict) and isinstance(update, dict):
        both = {key: merged(target[key], update[key]) for key in target.keys() & update.keys()}
        return {**target, **update, **both}
    if isinstance(target, list) and isinstance(update, list):
        return [*target, *update]
    if isinstance(target, dict | list):
        if update is None:
            return target
        raise LookupError
    return update


def result(target: JsonValue, action: dict[str, JsonValue]) -> Outcome[Parsed]:
    text = {"overlay": "1.0.0", "info": {"title": "", "version": ""}, "actions": [action]}
    document = Parsed(data=target, spans={ROOT: Span(file="d", line=1, column=1)})
    return apply_overlays(document, [SourceFile(name="o", text=json.dumps(text))])


@given(target=OBJECTS, update=OBJECTS)
def test_merging_is_what_it_means(target: dict[str, JsonValue], update: dict[str, JsonValue]) -> None:
    before = deepcopy(target)
    outcome = result(target, {"target": "$", "update": update})
    try:
        expected = merged(target, update)
    except LookupError:
        assert outcome.value is None
    else:
        assert outcome.value is not None
        assert outcome.value.data == expected
    assert target == before


@given(target=OBJECTS, update=OBJECTS)
def test_all_that_is_new_has_a_place_in_the_overlay(target: dict[str, JsonValue], update: dict[str, JsonValue]) -> None:
    outcome = result(target, {"target": "$", "update": update})
    if outcome.value is not None:
        new = [key for key in update if key not in target]
        assert {outcome.value.spans[Pointer(f"/{key}")].file for key in new} <= {"o"}


@given(items=st.lists(st.integers(0, 9), max_size=8), limit=st.integers(0, 9))
def test_removing_is_filtering(items: list[int], limit: int) -> None:
    listed: list[JsonValue] = [*items]
    outcome = result({"a": listed}, {"target": f"$.a[?@ < {limit}]", "remove": True})
    assert outcome.value is not None
    assert outcome.value.data == {"a": [item for item in items if item >= limit]}
