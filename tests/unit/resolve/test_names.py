"""The names of a whole package, and what is said of names that could not be."""

import random

import pytest

from formance_codegen.diagnostics import Severity
from formance_codegen.ir.decls import Decl
from formance_codegen.ir.service import Service
from formance_codegen.pointer import Pointer
from formance_codegen.resolve.names import NamingConfig, resolve
from unit.resolve.services import field, operation, parameter, record, service, symbol, table


def messages(document: Service) -> list[str]:
    return [found.message for found in resolve(document, NamingConfig()).diagnostics]


@pytest.mark.parametrize(
    ("title", "package", "client"),
    [
        ("Payments API", "payments_client", "PaymentsClient"),
        ("Webhooks", "webhooks_client", "WebhooksClient"),
        ("Formance Simple Wallets Service API", "formance_simple_wallets_client", "FormanceSimpleWalletsClient"),
        ("Swagger Petstore - OpenAPI 3.0", "swagger_petstore_client", "SwaggerPetstoreClient"),
        ("Acme API v2", "acme_client", "AcmeClient"),
        ("Café", "cafe_client", "CafeClient"),
        ("3D API", "api_3d_client", "Api3dClient"),
        ("Async API", "async_client", "AsyncApiClient"),
        ("class", "class_client", "ClassClient"),
        ("REST API", "api_client", "ApiClient"),
        ("日本", "api_client", "ApiClient"),
        ("!", "api_client", "ApiClient"),
        ("", "api_client", "ApiClient"),
    ],
)
def test_a_package_takes_its_name_from_the_title(title: str, package: str, client: str) -> None:
    names = table(service(title=title))
    assert (names.package, names.client, names.async_client) == (package, client, f"Async{client}")
    assert names.distribution == package.replace("_", "-")


def test_the_root_of_the_errors_is_no_model() -> None:
    decls = (record("AcmeFault"), record("LedgerError"))
    names = table(service(decls=decls), NamingConfig(error_root="AcmeFault")).decls
    assert {name.name for name in names.values()} == {"AcmeFaultModel", "LedgerError"}


def test_a_configured_package() -> None:
    names = table(service(), NamingConfig(package="formance_ledger", client="LedgerClient"))
    assert (names.package, names.distribution) == ("formance_ledger", "formance-ledger")
    assert (names.client, names.async_client) == ("LedgerClient", "AsyncLedgerClient")
    assert table(service(), NamingConfig(package="formance_ledger")).client == "FormanceLedgerClient"
    assert table(service(), NamingConfig(package="acme", distribution="acme-sdk")).distribution == "acme-sdk"


@pytest.mark.parametrize(
    "config",
    [
        NamingConfig(package="formance-ledger"),
        NamingConfig(package="import"),
        NamingConfig(package=""),
        NamingConfig(client="AsyncClient"),
        NamingConfig(client="2Client"),
        NamingConfig(renames={Pointer("/nowhere"): "x"}),
        NamingConfig(renames={Pointer(symbol("A")): "not a name"}),
        NamingConfig(renames={Pointer(symbol("A")): "_A"}),
    ],
)
def test_a_chosen_name_that_cannot_be(config: NamingConfig) -> None:
    outcome = resolve(service(decls=(record("A"),)), config)
    assert outcome.value is None
    assert [found.code.slug for found in outcome.diagnostics] == ["invalid-config"]


def test_namespaces() -> None:
    decls = (record("V2Account"), record("Account"), record("Error"))
    names = table(
        service(
            operation("v2Get", tags=("ledger.v2",), refers=("V2Account", "Error")),
            operation("get", tags=("ledger.v1",), refers=("Account", "Error")),
            operation("getInfo", tags=("ledger",)),
            decls=decls,
        )
    )
    assert [space.attribute for space in names.namespaces] == ["", "v1", "v2"]
    assert [space.sync_class for space in names.namespaces] == ["LedgerMethods", "LedgerV1", "LedgerV2"]
    assert [space.async_class for space in names.namespaces] == [
        "AsyncLedgerMethods",
        "AsyncLedgerV1",
        "AsyncLedgerV2",
    ]
    assert [space.tags for space in names.namespaces] == [("ledger",), ("ledger.v1",), ("ledger.v2",)]
    assert [space.decls for space in names.namespaces] == [
        (symbol("Error"),),
        (symbol("Account"),),
        (symbol("V2Account"),),
    ]
    assert [space.operations for space in names.namespaces] == [
        ("/paths/~1getInfo/get",),
        ("/paths/~1get/get",),
        ("/paths/~1v2Get/get",),
    ]
    assert {decl.name for decl in names.decls.values()} == {"Error", "Account"}


def test_the_classes_of_namespaces_are_nobody_elses() -> None:
    operations = [operation(tag, tags=(tag,)) for tag in ("client", "methods", "x")]
    names = table(service(*operations, decls=(record("LedgerX"), record("LedgerClient"), record("LedgerError"))))
    assert [space.sync_class for space in names.namespaces] == [
        "LedgerMethods",
        "LedgerClientMethods",
        "LedgerMethodsMethods",
        "LedgerX",
    ]
    assert {decl.name for decl in names.decls.values()} == {"LedgerXModel", "LedgerClientModel", "LedgerErrorModel"}


def test_renames() -> None:
    decls = (record("Foo", fields=(field("a"),)), record("Bar"))
    call = operation("get", parameters=(parameter("x"),))
    renames = {
        Pointer(symbol("Foo")): "Bar",
        Pointer(f"{symbol('Foo')}/properties/a"): "b",
        call.pointer: "fetch",
        call.parameters[0].pointer: "y",
    }
    names = table(service(call, decls=decls), NamingConfig(renames=renames))
    assert (names.decls[symbol("Foo")].name, names.decls[symbol("Bar")].name) == ("Bar", "BarModel")
    assert list(names.fields[symbol("Foo")].values()) == ["b"]
    (name,) = names.operations.values()
    assert (name.method, name.constant, list(name.parameters.values())) == ("fetch", "FETCH", ["y"])


def test_a_note_for_each_name_that_moved() -> None:
    decls = (record("V2Account", fields=(field("id"), field("ID"))), record("Account"), record("Page"))
    call = operation("v2Get", tags=("v2",), parameters=(parameter("a-b"), parameter("a_b")))
    document = service(call, operation("get", path="/x", tags=("v2",)), decls=decls)
    assert messages(document) == [
        'the schema "Page" is called `PageModel` in Python: `Page` is reserved',
        'the schema "V2Account" is called `V2Account` in Python: `Account` is the name of the schema "Account"',
        'the property "ID" is called `id_2` in Python: `id` is the name of the property "id"',
        'the operation "v2Get" is called `v2_get` in Python: `get` is the name of the operation "get"',
        'the query parameter "a-b" is called `a_minus_b` in Python: `a_b` is the name of the query parameter "a_b"',
    ]
    found = resolve(document, NamingConfig()).diagnostics
    assert {(entry.code.slug, entry.severity) for entry in found} == {("renamed", Severity.NOTE)}
    assert all(entry.span is not None and entry.pointer for entry in found)


def test_a_note_tells_who_has_the_name() -> None:
    decls = (record("LedgerClient"), record("LedgerMethods"), record("Shared"), record("V2Shared", refers=("Shared",)))
    call = operation("v2", tags=("v2",), parameters=(parameter("body"),), body=True, refers=("V2Shared",))
    document = service(operation("v1", refers=("Shared",)), call, decls=decls)
    assert messages(document) == [
        'the schema "LedgerClient" is called `LedgerClientModel` in Python: `LedgerClient` is the name of the client',
        (
            'the schema "LedgerMethods" is called `LedgerMethodsModel` in Python: '
            "`LedgerMethods` is the name of the client's methods"
        ),
        'the schema "V2Shared" is called `V2Shared` in Python: `Shared` is the name of the schema "Shared"',
        'the query parameter "body" is called `query_body` in Python: `body` is the name of the request body',
    ]
    users = service(operation("users"), operation("get", path="/x", tags=("users",)))
    assert messages(users) == [
        'the operation "users" is called `get_users` in Python: `users` is the name of the namespace "users"'
    ]


def test_the_order_of_components_does_not_matter() -> None:
    words = ("foo bar", "foo-bar", "fooBar", "FooBar", "V2FooBar", "Tree", "V2Tree", "Response", "con", "FOO", "Foo")
    decls: list[Decl] = [record(word, refers=(words[index - 3],)) for index, word in enumerate(words)]
    decls += [record(word, "x") for word in words]
    operations = [operation(word, tags=(f"x.v{index % 3}",), refers=(word,)) for index, word in enumerate(words)]
    expected = resolve(service(*operations, decls=tuple(decls)), NamingConfig())
    assert expected.value is not None
    for seed in range(5):
        random.Random(seed).shuffle(decls)
        assert resolve(service(*operations, decls=tuple(decls)), NamingConfig()) == expected
        shuffled = random.Random(seed).sample(operations, len(operations))
        names = table(service(*shuffled, decls=tuple(decls)))
        assert (names.decls, names.operations) == (expected.value.decls, expected.value.operations)
        assert list(names.decls) == list(expected.value.decls)
