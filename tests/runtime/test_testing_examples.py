"""Examples of types, and the finding of the operation that a request is for."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import pytest
from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypeAliasType

from runtime.model import Alias, CamelModel, Json, OpenIntEnum, OpenStrEnum, Timestamp
from runtime.testing.adapters import type_of
from runtime.testing.examples import Endless, example_json, make, make_json
from runtime.testing.routing import Router
from runtime.unions import BY_SHAPE, Tag, Unknown, by_tag
from sample_client import Anything, Create, Element, Filter


class Colour(OpenStrEnum):
    """A set of strings."""

    RED = "red"
    BLUE = "blue"


class Level(OpenIntEnum):
    """A set of integers."""

    HIGH = 7


class Plain(CamelModel):
    """A variant whose tag is any text."""

    kind: str
    amount: int


class Tree(CamelModel):
    """A model that holds others of its kind, in a list."""

    branches: list[Tree]
    root: Tree | None


class Chain(CamelModel):
    """A model that there is no finite value of."""

    next_link: Chain


Loop = TypeAliasType("Loop", "list[Loop]")


class Everything(CamelModel):
    """A field of each kind."""

    account_id: str
    wire: Annotated[int, Alias("on-the-wire")]
    flag: bool
    rate: float
    price: Decimal
    moment: Timestamp
    day: date
    hour: time
    key: UUID
    raw: bytes
    colour: Colour
    level: Level
    fixed: Literal["FIXED", "OTHER"]
    kind: Literal["KIND"] = "KIND"
    tags: list[str]
    labels: dict[str, str]
    nested: list[Tree]
    any_json: Json
    anything: Any
    choice: Annotated[Annotated[Plain, Tag("P", "Q")] | Unknown, by_tag("kind")]
    shaped: Annotated[Tree | str | Unknown, BY_SHAPE]
    maybe: Plain | None
    optional: str | None = None


def test_a_model_gets_what_it_requires() -> None:
    made = make(Everything)
    assert made == make(Everything)
    assert made.model_fields_set == {*Everything.model_fields} - {"optional"}
    assert (made.account_id, made.wire, made.flag, made.price) == ("account_id", 1, False, Decimal(1))
    assert made.moment == datetime.fromisoformat("2024-01-01T00:00:00+00:00")
    assert (made.colour, made.level, made.fixed, made.kind) == (Colour.RED, Level.HIGH, "FIXED", "KIND")
    assert (made.tags, made.labels) == (["tags"], {})
    assert made.nested == [Tree(branches=[], root=None)]
    # The tag is one that leads to the variant.
    assert made.choice == Plain(kind="P", amount=1)
    assert made.maybe == Plain(kind="kind", amount=1)
    assert made.optional is None


def test_fields_that_are_given_are_taken() -> None:
    made = make(Everything, account_id="a-1", choice=Plain(kind="Q", amount=5), maybe=None, optional="there")
    assert (made.account_id, made.maybe, made.optional) == ("a-1", None, "there")
    assert made.choice == Plain(kind="Q", amount=5)


def test_json_has_the_names_of_the_wire() -> None:
    made = make_json(Everything, wire=3, moment="2025-02-03T04:05:06Z")
    assert (made["on-the-wire"], made["accountId"], made["kind"]) == (3, "account_id", "KIND")
    assert (made["moment"], "optional" in made) == ("2025-02-03T04:05:06Z", False)
    assert Everything.model_validate(made) == make(Everything, wire=3, moment="2025-02-03T04:05:06Z")


def test_fields_that_the_model_does_not_have_are_refused() -> None:
    with pytest.raises(TypeError, match="Plain has no field 'amuont'"):
        make(Plain, amuont=1)
    with pytest.raises(ValidationError):
        make(Plain, amount="much")


def test_a_field_that_is_given_need_not_be_made() -> None:
    with pytest.raises(Endless):
        make(Chain)
    end = Chain.model_construct()
    assert make(Chain, next_link=end).next_link is end


ADAPTERS: Final[tuple[TypeAdapter[Any], ...]] = (
    TypeAdapter(Element),
    TypeAdapter(Anything),
    TypeAdapter(Filter),
    TypeAdapter(Loop),
    TypeAdapter(Create),
    TypeAdapter(list[Element]),
    TypeAdapter(dict[str, int]),
    TypeAdapter(int | None),
)


@pytest.mark.parametrize("adapter", ADAPTERS, ids=repr)
def test_an_example_can_be_read(adapter: TypeAdapter[Any]) -> None:
    read: object = adapter.validate_python(example_json(type_of(adapter)))
    assert read is not None
    assert not isinstance(read, Unknown)


def test_a_type_that_no_generated_code_has() -> None:
    with pytest.raises(TypeError, match="there is no example of"):
        example_json(complex)


def test_an_adapter_tells_its_type() -> None:
    # It has no public name in pydantic.
    assert type_of(TypeAdapter(list[Plain])) == list[Plain]


# Routing


@pytest.fixture
def router() -> Router[str]:
    found = Router[str]("/api/")
    found.add("GET", "/{ledger}/{id}", "get")
    found.add("GET", "/{ledger}/_info", "info")
    found.add("GET", "/main/{id}", "main")
    found.add("POST", "/{ledger}/{id}", "post")
    found.add("GET", "/{ledger}/{id}:export/{format}.csv", "export")
    found.add("GET", "/a (b)+", "literal")
    return found


@pytest.mark.parametrize(
    ("method", "path", "target", "values"),
    [
        ("GET", "/api/books/1", "get", ("books", "1")),
        ("POST", "/api/books/1", "post", ("books", "1")),
        ("GET", "/api/books/_info", "info", ("books",)),
        ("GET", "/api/main/1", "main", ("1",)),
        ("GET", "/api/a%2Fb/c%20%25", "get", ("a/b", "c %")),
        ("GET", "/api/books/1:export/x.csv", "export", ("books", "1", "x")),
        ("GET", "/api/a%20(b)+", "literal", ()),
    ],
)
def test_a_request_is_for_the_nearest_operation(
    router: Router[str], method: str, path: str, target: str, values: tuple[str, ...]
) -> None:
    assert router.find(method, path) == (target, values)


@pytest.mark.parametrize(("method", "path"), [("PUT", "/api/a/b"), ("GET", "/api/a/b/c"), ("GET", "/a/b")])
def test_a_request_for_nothing(router: Router[str], method: str, path: str) -> None:
    assert router.find(method, path) is None
