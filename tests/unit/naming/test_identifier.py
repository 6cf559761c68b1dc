"""Whatever a document calls a thing, Python can call it something."""

import builtins
import keyword
import unicodedata

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formance_codegen.naming.identifier import attribute, class_name, constant
from formance_codegen.naming.reserved import CLASS, FIELD, MEMBER, METHOD, MODULE, PARAMETER, Context


@pytest.mark.parametrize(
    ("text", "context", "name"),
    [
        ("pageSize", FIELD, "page_size"),
        ("from", FIELD, "from_"),
        ("from", PARAMETER, "from_"),
        ("self", PARAMETER, "self_"),
        ("self", FIELD, "self"),
        ("type", FIELD, "type"),
        ("id", FIELD, "id"),
        ("match", PARAMETER, "match"),
        ("json", FIELD, "json_"),
        ("schema", FIELD, "schema_"),
        ("model_config", FIELD, "model_config_"),
        ("modelName", FIELD, "model_name_"),
        ("model", FIELD, "model"),
        ("model_name", PARAMETER, "model_name"),
        ("_id", FIELD, "id"),
        ("1h", FIELD, "word_1h"),
        ("$", FIELD, "dollar"),
        ("→", FIELD, "word"),
        ("", FIELD, "word"),
        ("list", METHOD, "list_"),
        ("close", METHOD, "close_"),
        ("withOptions", METHOD, "with_options_"),
    ],
)
def test_attribute(text: str, context: Context, name: str) -> None:
    assert attribute(text, context=context, fallback="word") == name


@pytest.mark.parametrize(
    ("text", "name"),
    [("sepa debit", "SEPA_DEBIT"), ("1", "VALUE_1"), ("-1", "MINUS_1"), ("none", "NONE"), ("→", "VALUE")],
)
def test_constant(text: str, name: str) -> None:
    assert constant(text, context=MEMBER, fallback="VALUE") == name


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("V2Account", "metadata"), "V2AccountMetadata"),
        (("createBulk", "400 response"), "CreateBulk400Response"),
        (("Config",), "Config"),
        (("2fa",), "Model2fa"),
        (("金额",), "Model金额"),
        (("→",), "Model"),
        (("\u03271",), "Mode\u013c1"),
    ],
)
def test_class_name(parts: tuple[str, ...], name: str) -> None:
    assert class_name(parts) == name


TEXTS = st.text() | st.text(st.characters(categories=["L", "M", "N", "Pc"]))
"""Any, and those of which much can stand in an identifier: letters and marks that become one, digits of all scripts."""


def is_what_python_calls_it(name: str) -> bool:
    """Return whether a name is an identifier as Python keeps it (PEP 3131)."""
    return name.isidentifier() and unicodedata.is_normalized("NFKC", name)


def public(names: list[str]) -> set[str]:
    return {name for name in names if not name.startswith("_")}


def test_the_attributes_of_pydantic_are_reserved() -> None:
    attributes = {*dir(pydantic.BaseModel), *dir(type(pydantic.BaseModel))}
    assert {name for name in public([*attributes]) if not FIELD.forbids(name)} == set()


def test_builtin_classes_in_capitals_are_reserved() -> None:
    assert {name for name in public(dir(builtins)) if name[0].isupper() and not CLASS.forbids(name)} == set()


def test_devices_are_no_modules() -> None:
    assert all(MODULE.forbids(name) for name in ("con", "aux", "nul", "prn", "com1", "lpt9"))


@given(TEXTS, st.sampled_from([FIELD, PARAMETER, METHOD]))
def test_every_attribute_is_allowed(text: str, context: Context) -> None:
    name = attribute(text, context=context, fallback="word")
    assert is_what_python_calls_it(name)
    assert not keyword.iskeyword(name)
    assert not name.startswith("_")
    assert not context.forbids(name)


@given(TEXTS)
def test_every_constant_is_allowed(text: str) -> None:
    name = constant(text, context=MEMBER, fallback="VALUE")
    assert is_what_python_calls_it(name)
    assert not MEMBER.forbids(name)
    assert not name.startswith("_")


@given(st.lists(TEXTS, min_size=1).map(tuple[str, ...]))
def test_every_class_begins_with_a_capital(parts: tuple[str, ...]) -> None:
    name = class_name(parts)
    assert is_what_python_calls_it(name)
    assert name[0].isupper()
