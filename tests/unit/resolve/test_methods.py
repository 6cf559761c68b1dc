"""Operations become methods, parameters become arguments."""

from collections.abc import Iterable

import pytest

from formance_codegen.ir.operations import Operation
from formance_codegen.ir.requests import Location
from unit.resolve.services import operation, parameter, service, table


def method_names(*operations: Operation) -> list[str]:
    return [name.method for name in table(service(*operations)).operations.values()]


@pytest.mark.parametrize(
    ("identifier", "tag", "method"),
    [
        ("v2ListAccounts", "ledger.v2", "list_accounts"),
        ("v3UpdateConnectorConfig", "payments.v3", "update_connector_config"),
        ("createTransaction", "ledger.v1", "create_transaction"),
        ("CreateTransactions", "ledger.v1", "create_transactions"),
        ("v2ListAccounts", "ledger.v1", "v2_list_accounts"),
        ("v2ListAccounts", "ledger", "v2_list_accounts"),
        ("v2", "v2", "v2"),
        ("read_item_items__item_id__get", "", "read_item_items_item_id_get"),
        ("list", "", "list_"),
        ("close", "", "close_"),
        ("2fa", "", "call_2fa"),
        ("→", "", "call"),
    ],
)
def test_a_method(identifier: str, tag: str, method: str) -> None:
    document = service(operation(identifier, tags=(tag,) if tag else ()))
    (name,) = table(document).operations.values()
    assert (name.namespace, name.method, name.constant) == ("", method, method.rstrip("_").upper())


def test_a_hint_goes_first() -> None:
    assert method_names(operation("v2ListAccounts", name="listAll"), operation("listAll")) == [
        "list_all",
        "get_list_all",
    ]


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/users", "get_users"),
        ("GET", "/users/{id}", "get_user"),
        ("DELETE", "/categories/{id}/boxes/{boxId}", "delete_category_box"),
        ("GET", "/users/{id}/posts", "get_user_posts"),
        ("POST", "/users/{id}:activate", "post_users_id_activate"),
        ("GET", "/status/{id}", "get_status"),
        ("GET", "/{id}", "get"),
        ("GET", "/", "get"),
    ],
)
def test_an_operation_without_an_id(method: str, path: str, name: str) -> None:
    assert method_names(operation("", method=method, path=path)) == [name]


def test_a_version_in_a_path_is_a_prefix() -> None:
    assert method_names(operation("", path="/v1/users", tags=("v1",))) == ["get_users"]


def test_paths_tell_all_when_they_must() -> None:
    operations = (operation("", path="/user"), operation("", path="/users/{id}"), operation("", path="/users/{name}"))
    assert method_names(*operations) == ["get_user", "get_user_by_id", "get_user_by_name"]


def test_methods_differ() -> None:
    operations = (
        operation("fooBar"),
        operation("foo_bar", path="/b"),
        operation("foo-bar", path="/c", deprecated=True),
    )
    assert method_names(*operations) == ["get_foo_bar", "foo_bar", "get_c"]


def test_a_namespace_beats_a_method_of_the_client() -> None:
    names = table(service(operation("users", tags=()), operation("list", path="/x", tags=("users",)))).operations
    assert [(name.namespace, name.method) for name in names.values()] == [("", "get_users"), ("users", "list_")]


def argument_names(
    *wires: str, locations: tuple[Location, ...] = (), body: bool = False, deprecated: Iterable[str] = ()
) -> list[str]:
    """Return the arguments of an operation; without ``locations`` all parameters are in the query."""
    places = locations or (Location.QUERY,) * len(wires)
    parameters = tuple(
        parameter(wire, location, deprecated=wire in deprecated) for wire, location in zip(wires, places, strict=True)
    )
    (name,) = table(service(operation("get", parameters=parameters, body=body))).operations.values()
    assert list(name.parameters) == [entry.pointer for entry in parameters]
    return [str(argument) for argument in name.parameters.values()]


def test_arguments() -> None:
    wires = ("pageSize", "from", "X-Request-Id", "filter[name]", "self", "1h", "type", "body")
    assert argument_names(*wires) == [
        "page_size",
        "from_",
        "x_request_id",
        "filter_name",
        "self_",
        "param_1h",
        "type",
        "body",
    ]


def test_a_body_is_the_body() -> None:
    assert argument_names("body", "Body", body=True) == ["query_body", "body_2"]


def test_the_path_keeps_its_names() -> None:
    locations = (Location.HEADER, Location.QUERY, Location.PATH, Location.COOKIE)
    assert argument_names("id", "id", "id", "id", locations=locations) == ["header_id", "query_id", "id", "cookie_id"]


def test_a_live_argument_beats_a_deprecated_twin() -> None:
    assert argument_names("page_size", "pageSize", deprecated=["page_size"]) == ["deprecated_page_size", "page_size"]
    assert argument_names("a-b", "a_b") == ["a_minus_b", "a_b"]
