"""Declarations become classes and modules."""

import pytest

from formance_codegen.ir.decls import Decl
from unit.resolve.services import alias, enum, operation, record, service, symbol, table, union


def class_names(*decls: Decl) -> dict[str, str]:
    """Return the classes of a client of version 2 alone, by the words of their origins."""
    names = table(service(operation("v2Get", tags=("ledger.v2",)), decls=decls)).decls
    return {" ".join(decl.origin.parts): names[decl.id].name for decl in decls}


@pytest.mark.parametrize(
    ("wire", "name"),
    [
        ("V2Account", "Account"),
        ("v2Account", "Account"),
        ("v2_account", "Account"),
        ("V2ExpandedTransaction", "ExpandedTransaction"),
        ("V2OIDCConfig", "OIDCConfig"),
        ("V2", "V2"),
        ("V22Account", "V22Account"),
        ("V2.1Account", "V2_1Account"),
        ("V3Account", "V3Account"),
        ("Account", "Account"),
        ("sepa debit", "SepaDebit"),
        ("Page", "PageModel"),
        ("V2Page", "PageModel"),
        ("None", "NoneModel"),
        ("none", "NoneModel"),
        ("2fa", "Model2fa"),
        ("金额", "Model金额"),
    ],
)
def test_a_component(wire: str, name: str) -> None:
    assert class_names(record(wire)) == {wire: name}


def test_a_prefix_stays_where_the_name_is_taken() -> None:
    assert class_names(record("V2Account"), record("Account")) == {"V2Account": "V2Account", "Account": "Account"}


def test_a_prefix_stays_outside_its_namespace() -> None:
    decls = (record("V2Error"), record("V1Thing"))
    operations = (operation("a", tags=("v1",), refers=("V2Error",)), operation("b", tags=("v2",), refers=("V2Error",)))
    names = table(service(*operations, decls=decls)).decls
    assert (names[symbol("V2Error")].name, names[symbol("V2Error")].namespace) == ("V2Error", "")
    assert (names[symbol("V1Thing")].name, names[symbol("V1Thing")].namespace) == ("Thing", "v1")


def test_a_version_takes_no_name_that_it_imports_from_the_root() -> None:
    operations = (
        operation("a", tags=("v1",), refers=("Error",)),
        operation("b", tags=("v2",), refers=("V2Error", "Error")),
    )
    decls = (record("Error"), record("V2Error"), record("Unused"), record("V2Unused"))
    names = table(service(*operations, decls=decls)).decls
    assert (names[symbol("Error")].namespace, names[symbol("V2Error")].name) == ("", "V2Error")
    assert (names[symbol("Unused")].namespace, names[symbol("V2Unused")].name) == ("", "Unused")


def test_what_stands_inline() -> None:
    decls = (record("V2Account", "metadata"), record("v2CreateBulk", "response"), union("Error", "paymentID"))
    assert list(class_names(*decls).values()) == ["AccountMetadata", "CreateBulkResponse", "ErrorPaymentId"]


def test_a_component_beats_what_stands_inline() -> None:
    decls = (record("Foo", "bar"), record("FooBar"), record("Foo", "bars"), record("V2FooBars"))
    assert class_names(*decls) == {
        "Foo bar": "FooBarModel",
        "FooBar": "FooBar",
        "Foo bars": "FooBarsModel",
        "V2FooBars": "FooBars",
    }


def test_the_kind_tells_what_else_is_the_same() -> None:
    decls = (
        record("foo bar"),
        record("foo-bar"),
        enum("foo_bar", "a"),
        union("foo.bar"),
        alias("foo/bar"),
        record("foo;bar"),
    )
    assert class_names(*decls) == {
        "foo bar": "FooBar",
        "foo-bar": "FooBarModel",
        "foo_bar": "FooBarEnum",
        "foo.bar": "FooBarUnion",
        "foo/bar": "FooBarType",
        "foo;bar": "FooBar2",
    }


def modules(*decls: Decl) -> dict[str, str]:
    return {decl.name: decl.module for decl in table(service(decls=decls)).decls.values()}


def test_modules() -> None:
    decls = (record("V2ExpandedTransaction"), record("Models"), record("Con"), record("Import"), record("OIDCConfig"))
    assert modules(*decls) == {
        "Con": "con_model",
        "Import": "import_model",
        "Models": "models_model",
        "OIDCConfig": "oidc_config",
        "V2ExpandedTransaction": "v2_expanded_transaction",
    }


def test_modules_differ_in_more_than_case() -> None:
    assert modules(record("Foo"), record("FOO"), record("FooModel")) == {
        "FOO": "foo",
        "Foo": "foo_2",
        "FooModel": "foo_model",
    }


def test_a_cycle_shares_a_module() -> None:
    decls = (record("Tree", refers=("Branch",)), record("Branch", refers=("Tree", "Leaf")), record("Leaf"))
    assert modules(*decls) == {"Branch": "branch", "Leaf": "leaf", "Tree": "branch"}


def test_a_module_fits_into_a_file_system() -> None:
    names = modules(record("A" + "bc" * 300), record("A" + "bc" * 300 + "d"))
    assert len(set(names.values())) == 2
    assert all(len(module.encode()) < 200 for module in names.values())
