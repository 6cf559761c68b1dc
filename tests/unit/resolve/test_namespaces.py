"""Tags and reachability decide which namespace a thing belongs to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formance_codegen.ir.decls import Decl
from formance_codegen.ir.service import Service
from formance_codegen.resolve.graph import graph_of
from formance_codegen.resolve.namespaces import Partition, partition
from unit.resolve.services import operation, record, service, symbol


def split(document: Service) -> Partition:
    return partition(document, graph_of(document))


def tagged(*tags: str | tuple[str, ...], order: tuple[str, ...] = ()) -> Partition:
    """Partition a document with an operation for each argument: its tag or tags, "" for none."""
    groups = [tag if isinstance(tag, tuple) else ((tag,) if tag else ()) for tag in tags]
    return split(service(*(operation(f"op{index}", tags=group) for index, group in enumerate(groups)), tags=order))


@pytest.mark.parametrize(
    ("tags", "namespaces", "homes"),
    [
        (("ledger.v1", "ledger.v2", "ledger"), ("", "v1", "v2"), ("v1", "v2", "")),
        (("ledger.V1", "v2", ""), ("", "v1", "v2"), ("v1", "v2", "")),
        (("a.v10", "a.v2", "a.v1"), ("", "v1", "v2", "v10"), ("v10", "v2", "v1")),
        (("a.b.v1", "c.v1", "x"), ("", "v1"), ("v1", "v1", "")),
        ((("ledger", "ledger.v2"), "ledger.v1"), ("", "v1", "v2"), ("v2", "v1")),
        (("wallets.v1", "wallets.v1"), ("",), ("", "")),
        (("", ""), ("",), ("", "")),
        (("Users", "Users"), ("",), ("", "")),
        (("Users", "Posts"), ("", "posts", "users"), ("users", "posts")),
        (("Users", ""), ("", "users"), ("users", "")),
        ((("Users", "Posts"), "Posts"), ("", "posts", "users"), ("users", "posts")),
        (("user groups", "User-Groups", "x"), ("", "user_groups", "x"), ("user_groups", "user_groups", "x")),
        (("models", "errors", "close", "import"), ("", "close_", "errors_", "import_", "models_"), ()),
        (("2fa", "→"), ("", "group", "group_2fa"), ("group_2fa", "group")),
        (("v1beta", "dev2"), ("", "dev2", "v1beta"), ("v1beta", "dev2")),
    ],
)
def test_operations(
    tags: tuple[str | tuple[str, ...], ...], namespaces: tuple[str, ...], homes: tuple[str, ...]
) -> None:
    places = tagged(*tags)
    assert places.namespaces == namespaces
    assert tuple(places.operations.values()) == (homes or tuple(f"{tag}_" for tag in tags))


def test_groups_stand_in_the_order_of_the_tags() -> None:
    places = tagged("b", "a", "d", "c", order=("d", "b"))
    assert places.namespaces == ("", "d", "b", "a", "c")


def test_tags_are_remembered() -> None:
    places = tagged("z.v1", "a.v1", "b.v2", "other", "", order=("z.v1",))
    assert places.tags == {"": ("other",), "v1": ("z.v1", "a.v1"), "v2": ("b.v2",)}


def test_a_flat_client_still_has_its_version() -> None:
    assert tagged("wallets.v1").versions == {"": "v1"}
    assert tagged("wallets").versions == {}
    assert tagged("a.v1", "a.v2", "a").versions == {"v1": "v1", "v2": "v2"}


def versioned(*decls: Decl, **refers: str) -> dict[str, str]:
    """Return the namespaces of components by name; each namespace's operation refers to the given names."""
    operations = [operation(name, tags=(f"x.{name}",), refers=tuple(names)) for name, names in refers.items()]
    places = split(service(*operations, decls=decls))
    return {name.rpartition("/")[2]: namespace for name, namespace in places.decls.items()}


def test_declarations_follow_the_operations_that_reach_them() -> None:
    decls = (record("A", refers=("B",)), record("B"), record("C"))
    assert versioned(*decls, v1="A", v2="C") == {"A": "v1", "B": "v1", "C": "v2"}


def test_what_two_namespaces_reach_is_the_roots() -> None:
    decls = (record("A", refers=("S",)), record("B", refers=("S",)), record("S", refers=("T",)), record("T"))
    assert versioned(*decls, v1="A", v2="B") == {"A": "v1", "B": "v2", "S": "", "T": ""}


def test_what_the_root_reaches_is_the_roots() -> None:
    assert versioned(record("A"), record("B"), v1="AB", v2="", other="A") == {"A": "", "B": "v1"}


def test_what_nothing_reaches_follows_its_prefix_or_what_it_needs() -> None:
    decls = (record("A"), record("V2B"), record("v2_c", refers=("V2B",)), record("D", refers=("A",)), record("E"))
    assert versioned(*decls, v1="A", v2="") == {"A": "v1", "V2B": "v2", "v2_c": "v2", "D": "v1", "E": ""}


def test_a_prefix_is_not_the_beginning_of_a_number() -> None:
    assert versioned(record("V20Thing"), v1="", v2="") == {"V20Thing": ""}


def test_what_nothing_reaches_takes_what_it_needs_to_the_root() -> None:
    decls = (record("A", refers=("C",)), record("B"), record("C"), record("Both", refers=("A", "B")))
    assert versioned(*decls, v1="A", v2="B") == {"A": "", "B": "", "C": "", "Both": ""}


def test_groups_do_not_split_declarations() -> None:
    places = split(
        service(operation("a", tags=("a",), refers=("A",)), operation("b", tags=("b",)), decls=(record("A"),))
    )
    assert places.namespaces == ("", "a", "b")
    assert places.decls == {symbol("A"): ""}


NAMES = ("A", "B", "C", "D", "V1E", "V2F", "v2g", "H")
EDGES = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=16)
REACH = st.lists(st.tuples(st.sampled_from(["v1", "v2", "other"]), st.sampled_from(NAMES)), max_size=5)


@given(EDGES, REACH)
def test_no_namespace_needs_another_one(edges: list[tuple[str, str]], reach: list[tuple[str, str]]) -> None:
    decls = tuple(record(name, refers=tuple(to for start, to in edges if start == name)) for name in NAMES)
    operations = [
        operation(tag, tags=(tag,), refers=tuple(name for start, name in reach if start == tag))
        for tag in ("v1", "v2", "other")
    ]
    document = service(*operations, decls=decls)
    graph = graph_of(document)
    places = partition(document, graph)
    for start, targets in graph.edges.items():
        for target in targets:
            assert places.decls[target] in ("", places.decls[start])
    assert set(places.decls) == set(document.decls)


def test_a_group_is_a_folder_and_no_longer_than_one_may_be() -> None:
    places = tagged("é" * 300, "x")

    assert places.namespaces == ("", "x", "é" * 60)
