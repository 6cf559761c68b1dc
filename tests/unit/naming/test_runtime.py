"""The names that the runtime uses are reserved, and both sides have one rule for names on the wire."""

from collections.abc import Iterable
from inspect import isclass

from hypothesis import given
from hypothesis import strategies as st

from formance_codegen.naming.case import wire_name
from formance_codegen.naming.reserved import CLASS, FAKE, FIELD, METHOD, Context
from runtime import client, errors, model, namespace
from runtime.testing import fake, fake_stack


def free(names: Iterable[str], context: Context) -> set[str]:
    """Return the public names among ``names`` that a document could take."""
    return {name for name in names if not name.startswith("_") and not context.forbids(name)}


def test_attributes_of_models_are_no_fields() -> None:
    assert free(dir(model.CamelModel), FIELD) == set()


def test_attributes_of_clients_are_no_methods() -> None:
    owners = (client.Client, client.AsyncClient, namespace.Namespace, namespace.AsyncNamespace)
    assert free((name for owner in owners for name in dir(owner)), METHOD) == set()


def test_attributes_of_fakes_are_no_operations() -> None:
    assert free((*dir(fake.Fake), *dir(fake_stack.FakeStack)), FAKE) == set()
    # Both sides have one rule: what is reserved is there.
    assert FAKE.names - {*dir(fake.Fake)} == set()


def test_errors_are_no_models() -> None:
    classes = [name for name, value in vars(errors).items() if isclass(value) and value.__module__ == errors.__name__]
    assert classes
    assert free(classes, CLASS) == set()


@given(st.text("abAB12_"))
def test_wire_names_are_the_runtimes(name: str) -> None:
    assert wire_name(name) == model.wire_name(name)
