"""Whatever schemas a document has: a value that fits one is read without drift, and written as it was."""

import json
from types import ModuleType
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter

from laws.packages import ALL_CHECKS, UNSHRUNK, document, installed, loaded
from laws.schemas import NAMES, Schema, components, values
from samples import is_list, is_node


def _holding(named: dict[str, Schema]) -> dict[str, Schema]:
    """Return components with one more that has a property of each."""
    properties: dict[str, Any] = {name.lower(): {"$ref": f"#/components/schemas/{name}"} for name in NAMES}
    return {**named, "Holder": {"type": "object", "properties": properties}}


def _is_valid(value: Any, data: dict[str, Any]) -> bool:
    schema = {"$ref": "#/components/schemas/Holder", "components": data["components"]}
    validator: Any = Draft202012Validator(schema)
    return bool(validator.is_valid(value))


def _same(one: object, other: object) -> bool:
    """Return whether JSON values are equal: true is not 1."""
    return json.dumps(_plain(one), sort_keys=True) == json.dumps(_plain(other), sort_keys=True)


def _plain(value: object) -> object:
    if is_node(value):
        return {key: _plain(item) for key, item in value.items()}
    if is_list(value):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@settings(max_examples=15, deadline=None, suppress_health_check=ALL_CHECKS, phases=UNSHRUNK)
@given(st.data())
def test_valid_values_are_read_without_drift_and_written_as_they_were(data: st.DataObject) -> None:
    named = data.draw(components())
    whole = document(_holding(named))
    drawn = st.fixed_dictionaries({}, optional={name.lower(): values(named[name], named) for name in NAMES})
    found = [value for value in data.draw(st.lists(drawn, min_size=5, max_size=20)) if _is_valid(value, whole)]
    assume(found)
    with installed(whole) as (_, package):
        for value in found:
            check(package, value)


def check(package: ModuleType, value: object) -> None:
    holder: Any = loaded(package, "models").Holder
    adapter = TypeAdapter[Any](holder)
    reading, content = loaded(package, "_core.reading"), loaded(package, "_core.content")
    drifts = reading.Drifts(thorough=True)
    read = reading.read_json(adapter, json.dumps(value).encode(), drifts)

    assert [drift for drift in drifts.found if drift.kind != "unknown field"] == [], value
    assert _same(json.loads(content.encode_json(adapter, read)), value)
