"""The cases of Python, and the way back to the wire."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formance_codegen.naming.case import join_pascal, kebab, pascal, snake, upper, wire_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("V2ExpandedTransaction", "V2ExpandedTransaction"),
        ("OIDCConfig", "OIDCConfig"),
        ("USD", "USD"),
        ("sepa debit", "SepaDebit"),
        ("postTransaction", "PostTransaction"),
        ("paymentID", "PaymentId"),
        ("CREATE_TRANSACTION", "CreateTransaction"),
        ("Foo_Bar", "FooBar"),
        ("2.1", "2_1"),
        ("Übung", "Übung"),
        ("", ""),
    ],
)
def test_pascal(text: str, name: str) -> None:
    assert pascal(text) == name


def test_digits_of_two_parts_stay_apart() -> None:
    assert join_pascal(("Iso4217", "2", "code")) == "Iso4217_2Code"


def test_other_cases() -> None:
    assert snake("accountIDsToURLs") == "account_ids_to_urls"
    assert upper("fooBar") == "FOO_BAR"
    assert kebab("Formance Ledger") == "formance-ledger"


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("page_size", "pageSize"),
        ("from_", "from"),
        ("id", "id"),
        ("payment_id", "paymentId"),
        ("n_1h", "n1h"),
        ("a_2", "a2"),
        ("", ""),
    ],
)
def test_wire_name(name: str, wire: str) -> None:
    assert wire_name(name) == wire


@given(st.from_regex(r"[a-z][a-z0-9]*([A-Z][a-z0-9]+)*", fullmatch=True))
def test_wire_name_undoes_snake(camel: str) -> None:
    assert wire_name(snake(camel)) == camel


@given(st.text())
def test_snake_of_snake_is_snake(text: str) -> None:
    assert snake(snake(text)) == snake(text)


@given(st.text())
def test_every_case_holds_only_what_an_identifier_may(text: str) -> None:
    for name in (snake(text), upper(text), pascal(text)):
        assert f"a{name}".isidentifier()
        assert unicodedata.is_normalized("NFKC", name)
