"""Variants that differ only in the objects inside, and models whose further properties have a type."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import pytest
from pydantic import Field, TypeAdapter

from runtime.drift import find_drift
from runtime.model import CamelModel
from runtime.unions import BY_SHAPE, Unknown


class Card(CamelModel):
    account: str
    main: bool | None = None


class Bank(CamelModel):
    name: str | None = None
    profile: int | None = None


class Coin(CamelModel):
    name: str | None = None
    file: str | None = None


class CardTask(CamelModel):
    id: str
    descriptor: Card


class BankTask(CamelModel):
    id: str
    descriptor: Bank


class CoinTask(CamelModel):
    id: str
    descriptor: Coin | None = None


Task: TypeAlias = Annotated[CardTask | BankTask | CoinTask | Unknown, BY_SHAPE]
TASK: TypeAdapter[Task] = TypeAdapter(Task)


class Segment(CamelModel):
    pattern: str | None = None
    __pydantic_extra__: dict[str, Segment] = Field(init=False)  # pyright: ignore[reportIncompatibleVariableOverride]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (b'{"id":"1","descriptor":{"account":"a"}}', CardTask),
        (b'{"id":"1","descriptor":{"name":"n","profile":1}}', BankTask),
        (b'{"id":"1","descriptor":{"name":"n","file":"f"}}', CoinTask),
        (b'{"id":"1","descriptor":{"name":"n"}}', BankTask),
        (b'{"id":"1"}', CoinTask),
        (b'{"other":"1"}', Unknown),
    ],
)
def test_the_objects_inside_tell_variants_apart(text: bytes, kind: type[object]) -> None:
    assert type(TASK.validate_json(text)) is kind


def test_properties_of_a_declared_type_are_no_drift() -> None:
    value = Segment.model_validate({"users": {"$id": {"pattern": "[0-9]+"}}})
    assert list(find_drift(value)) == []


def test_what_stands_in_properties_of_a_declared_type_may_be_drift() -> None:
    value = Segment.model_validate({"users": {}})
    assert value.model_extra is not None
    value.model_extra["users"] = [Unknown(1)]
    (finding,) = find_drift(value)
    assert (finding.pointer, finding.model, finding.kind) == ("/users/0", "Segment", "unknown variant")
