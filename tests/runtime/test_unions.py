"""Unions: which variant is chosen, what is kept of the unknown, what a caller may send."""

import json
from typing import Annotated, Any, Literal

import pytest
from pydantic import TypeAdapter, ValidationError

from runtime.content import encode_json
from runtime.unions import BY_SHAPE, Unknown
from sample_client import Account, Anything, Create, Drop, Element, Filter, Hold

ELEMENT: TypeAdapter[Any] = TypeAdapter(Element)
ANYTHING: TypeAdapter[Any] = TypeAdapter(Anything)
FILTER: TypeAdapter[Any] = TypeAdapter(Filter)


def test_the_tag_names_the_variant() -> None:
    text = b'{"action":"CREATE","data":{"address":"a"},"then":[{"action":"DROP","address":"b"}]}'
    element = ELEMENT.validate_json(text)
    assert element == Create(data=Account(address="a"), then=[Drop(address="b")])
    assert encode_json(ELEMENT, element) == text


@pytest.mark.parametrize(
    "raw",
    [
        {"action": "NEW", "amount": 10**40},
        {"action": ["CREATE"]},
        {"action": {"a": 1}},
        {"action": 5},
        {"nothing": True},
        [1, 2],
        "text",
        None,
    ],
)
def test_an_unknown_variant_keeps_its_json(raw: object) -> None:
    element = ELEMENT.validate_json(json.dumps(raw))
    assert element == Unknown(raw)  # type: ignore[arg-type]
    assert json.loads(encode_json(ELEMENT, element)) == raw


def test_without_a_tag_the_shape_decides() -> None:
    assert ELEMENT.validate_json(b'{"data":{"address":"a"}}') == Create(data=Account(address="a"))


def test_a_caller_may_spell_the_tag_as_the_field() -> None:
    assert ELEMENT.validate_python({"action": "DROP", "address": "a"}) == Drop(address="a")


def test_a_callers_mistake_is_not_taken_for_something_new() -> None:
    with pytest.raises(ValidationError, match="wrap it in Unknown"):
        ELEMENT.validate_python({"action": "DORP", "address": "a"})
    with pytest.raises(ValidationError, match="Field required"):
        ELEMENT.validate_python({"action": "DROP"})
    assert ELEMENT.validate_python(Unknown({"action": "NEW"})) == Unknown({"action": "NEW"})


def test_a_model_of_no_variant_is_refused() -> None:
    with pytest.raises(ValidationError, match="none of the variants"):
        ELEMENT.validate_python(Hold(id="1"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"address":"a","balance":1}', Account(address="a", balance=1)),
        ('{"address":"a","ik":"k"}', Drop(address="a", ik="k")),
        ('{"address":"a","action":"DROP"}', Drop(address="a")),
        ('{"address":"a"}', Account(address="a")),
        ('{"id":"1"}', Hold(id="1")),
        ('{"other":"x"}', {"other": "x"}),
        ('{"other":[1]}', Unknown({"other": [1]})),
        ("1.5", Unknown(1.5)),
        ("[1,2]", [1, 2]),
        ("100000000000000000000", 10**20),
        ('"text"', "text"),
        ("true", Unknown(raw=True)),
        ("null", Unknown(None)),
    ],
)
def test_the_shape_names_the_variant(text: str, value: object) -> None:
    assert ANYTHING.validate_json(text) == value


@pytest.mark.parametrize("value", [1, 1.5, "x", "y", None, [1]])
def test_a_variant_of_any_value_takes_what_its_neighbours_do_not(value: object) -> None:
    loose: TypeAdapter[Any] = TypeAdapter(Annotated[Literal[1] | Literal["x"] | Any | Hold | Unknown, BY_SHAPE])
    assert loose.validate_json(json.dumps(value)) == value


def test_what_was_told_apart_is_written_as_it_came() -> None:
    for text in ('{"address":"a","ik":"k"}', '{"id":"1"}', '{"other":"x"}', "[1,2]", "5", '"s"', "true"):
        value = ANYTHING.validate_json(text)
        assert json.loads(encode_json(ANYTHING, value)).items() >= json.loads(text).items() if text[0] == "{" else True
        assert text[0] == "{" or encode_json(ANYTHING, value).decode() == text


def test_a_union_may_hold_itself() -> None:
    text = b'{"$and":[{"$match":{"address":"users:"}},{"$gt":{"balance":5}}]}'
    value = FILTER.validate_json(text)
    assert value == json.loads(text)
    assert encode_json(FILTER, value) == text
