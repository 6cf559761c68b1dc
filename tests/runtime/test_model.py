"""Models: names, defaults, open enums, moments, exact numbers, deep chains."""

import copy
import pickle
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from runtime.content import encode_json
from runtime.model import CamelModel, Model, Timestamp, rfc3339, wire_name
from sample_client import Account, Create, Kind, Level


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("address", "address"),
        ("destination_account", "destinationAccount"),
        ("page_size_2", "pageSize2"),
        ("from_", "from"),
        ("v2_id", "v2Id"),
        ("has_URL", "hasURL"),
    ],
)
def test_wire_name(name: str, wire: str) -> None:
    assert wire_name(name) == wire


def test_names_of_python_and_of_the_wire_are_both_read() -> None:
    moment = "2024-01-01T00:00:00Z"
    by_wire = Account.model_validate({"address": "a", "createdAt": moment, "hold_id": "h"})
    by_name = Account.model_validate({"address": "a", "created_at": moment, "hold": "h"})
    assert by_wire == by_name
    assert encode_json(TypeAdapter(Account), by_wire) == (
        b'{"address":"a","createdAt":"2024-01-01T00:00:00Z","hold_id":"h"}'
    )


def test_constructing_and_assigning_validate() -> None:
    with pytest.raises(ValidationError):
        Account.model_validate({"balance": 1})
    account = Account(address="a")
    with pytest.raises(ValidationError):
        account.balance = "many"  # type: ignore[assignment]


def test_unknown_properties_are_kept() -> None:
    account = Account.model_validate_json(b'{"address":"a","new":{"x":[1]}}')
    assert account.model_extra == {"new": {"x": [1]}}
    assert encode_json(TypeAdapter(Account), account) == b'{"address":"a","new":{"x":[1]}}'


def test_a_constant_is_sent_although_nobody_set_it() -> None:
    element = Create(data=Account(address="a"))
    assert encode_json(TypeAdapter(Create), element) == b'{"action":"CREATE","data":{"address":"a"}}'


def test_explicit_none_is_null_only_where_the_document_allows_it() -> None:
    child = Account(address="c", balance=None, note=None)
    account = Account(address="a", note=None, hold=None, parent=child, children=[child], by_name={"x": child})
    inner = b'{"address":"c","note":null}'
    assert encode_json(TypeAdapter(Account), account) == (
        b'{"address":"a","note":null,"parent":' + inner + b',"children":[' + inner + b'],"byName":{"x":' + inner + b"}}"
    )
    assert encode_json(TypeAdapter(list[Account]), [child]) == b"[" + inner + b"]"


def test_null_in_a_text_is_no_null() -> None:
    assert encode_json(TypeAdapter(Account), Account(address="null")) == b'{"address":"null"}'


def test_unknown_values_of_enums_are_members_and_are_not_hoarded() -> None:
    account = Account.model_validate_json(b'{"address":"a","kind":"NEW","level":7}')
    assert account.kind == "NEW"
    assert account.level == 7
    assert isinstance(account.kind, Kind)
    assert isinstance(account.level, Level)
    assert not account.kind.is_known
    assert not account.level.is_known
    assert Kind.USER.is_known
    assert "NEW" not in Kind.__members__
    assert "NEW" not in Kind._value2member_map_
    assert str(account.kind) == f"{account.kind}" == "NEW"
    assert pickle.loads(pickle.dumps(account)) == account
    assert copy.deepcopy(account) == account
    assert encode_json(TypeAdapter(Account), account) == b'{"address":"a","kind":"NEW","level":7}'


@pytest.mark.parametrize("value", [None, 1.5, ["x"]])
def test_what_cannot_be_of_an_enum_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Level).validate_python(value)
    with pytest.raises(ValidationError):
        TypeAdapter(Kind).validate_python(value)


@given(st.integers(min_value=-(10**60), max_value=10**60))
def test_integers_of_any_size_stay_exact(number: int) -> None:
    text = b'{"address":"a","balance":%d}' % number
    account = Account.model_validate_json(text)
    assert account.balance == number
    assert encode_json(TypeAdapter(Account), account) == text


def test_decimals_are_written_as_they_are() -> None:
    text = b'"0.1000000000000000055511151231257827021181583404541015625"'
    adapter = TypeAdapter(Decimal)
    assert encode_json(adapter, adapter.validate_json(text)) == text


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-01-02T03:04:05Z", datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2024-01-02T03:04:05.123456789Z", datetime(2024, 1, 2, 3, 4, 5, 123456, tzinfo=UTC)),
        ("2024-01-02T03:04:05.123456789012+02:00", datetime(2024, 1, 2, 1, 4, 5, 123456, tzinfo=UTC)),
        ("2024-01-02t03:04:05.5z", datetime(2024, 1, 2, 3, 4, 5, 500000, tzinfo=UTC)),
    ],
)
def test_moments_are_read(text: str, moment: datetime) -> None:
    assert TypeAdapter[datetime](Timestamp).validate_json(f'"{text}"') == moment


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-3, minutes=-30))])))
def test_moments_are_written_with_their_zone(moment: datetime) -> None:
    text = rfc3339(moment)
    assert text.endswith("Z" if moment.tzinfo is UTC else "-03:30")
    assert datetime.fromisoformat(text) == moment


def test_a_moment_without_zone_is_refused_when_it_is_sent() -> None:
    account = Account(address="a", created_at=datetime(2024, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="2024-01-01T00:00:00 has no time zone"):
        encode_json(TypeAdapter(Account), account)


def test_names_that_begin_like_pydantics_own_are_free() -> None:
    class Odd(CamelModel):
        model_id: str
        model_config_version: str

    assert encode_json(TypeAdapter(Odd), Odd(model_id="1", model_config_version="2")) == (
        b'{"modelId":"1","modelConfigVersion":"2"}'
    )


def test_a_long_chain_of_models_is_built() -> None:
    namespace: dict[str, Any] = {"CamelModel": CamelModel}
    previous = "int"
    for depth in range(200):
        eager = ", defer_build=False" if depth % 32 == 31 else ""
        exec(f"class M{depth}(CamelModel{eager}):\n    inner: {previous} | None = None", namespace)  # noqa: S102
        previous = f"M{depth}"
    model: type[Model] = namespace[previous]
    assert model.model_validate_json(b'{"inner":{"inner":{}}}').model_dump(exclude_unset=True) == {
        "inner": {"inner": {}}
    }
