"""References between declarations: what leads where, and what leads back to itself."""

import random
import sys

from hypothesis import given
from hypothesis import strategies as st

from formance_codegen.ir.decls import Decl
from formance_codegen.ir.operations import Data, Failure, HeaderValue, Nothing, Paged, Plain, Stream, Success
from formance_codegen.ir.operations import Operation as IrOperation
from formance_codegen.ir.types import AnyJson, Const, ListOf, MapOf, Nullable, OneOf, WireName
from formance_codegen.pointer import ROOT, Pointer
from formance_codegen.resolve.graph import decl_references, graph_of, operation_references
from unit.resolve.services import SPAN, STRING, alias, enum, field, operation, record, ref, service, symbol, union


def test_references_of_every_kind_of_type() -> None:
    nested = OneOf(
        members=(ListOf(item=ref("A")), MapOf(value=Nullable(inner=ref("B"))), AnyJson(), Const(values=(1,)))
    )
    assert list(decl_references(alias("X", of=nested))) == [symbol("A"), symbol("B")]
    assert list(decl_references(record("X", fields=(field("a", ref("A")), field("b", STRING))))) == [symbol("A")]
    assert list(decl_references(union("X", of=("B", "A")))) == [symbol("B"), symbol("A")]
    assert list(decl_references(enum("X", "a"))) == []


def test_references_of_an_operation() -> None:
    results = (
        Plain(type=ref("A")),
        Data(type=ref("B")),
        Paged(item=ref("C"), items=Pointer("/data"), next=None, more=None, turning=None),
        HeaderValue(wire=WireName("Count"), type=ref("D")),
        Stream(media_type="application/octet-stream"),
        Nothing(),
    )
    plain = operation("get")
    given_operation = IrOperation(
        id="get",
        pointer=plain.pointer,
        span=plain.span,
        method="GET",
        path="/get",
        tags=(),
        name=None,
        parameters=(),
        body=None,
        successes=tuple(Success(status="200", result=result, pointer=ROOT, span=SPAN) for result in results),
        failures=(
            Failure(status="404", type=ref("E"), pointer=ROOT, span=SPAN),
            Failure(status="500", type=None, pointer=ROOT, span=SPAN),
        ),
        idempotency_key=None,
        security=None,
        deprecated=False,
        doc=plain.doc,
    )
    assert list(operation_references(given_operation)) == [symbol(name) for name in "ABCDE"]


def test_a_chain() -> None:
    graph = graph_of(service(decls=(record("A", refers=("B",)), record("B", refers=("C",)), record("C"), record("D"))))
    assert graph.cycles == ((symbol("C"),), (symbol("D"),), (symbol("B"),), (symbol("A"),))
    assert [graph.depth[symbol(name)] for name in "ABCD"] == [2, 1, 0, 0]
    assert graph.reachable([symbol("B")]) == {symbol("B"), symbol("C")}


def test_a_cycle_stands_behind_what_it_needs() -> None:
    decls = (record("A", refers=("B",)), record("B", refers=("A", "C")), record("C"), record("D", refers=("D", "A")))
    graph = graph_of(service(decls=decls))
    assert graph.cycles == ((symbol("C"),), (symbol("A"), symbol("B")), (symbol("D"),))
    assert [graph.depth[symbol(name)] for name in "ABCD"] == [2, 2, 0, 3]


def test_a_chain_may_be_longer_than_the_stack() -> None:
    length = 2 * sys.getrecursionlimit()
    decls = [record(f"N{index:06}", refers=(f"N{index + 1:06}",)) for index in range(length)]
    graph = graph_of(service(decls=(*decls, record(f"N{length:06}", refers=("N000000",)))))
    assert [len(members) for members in graph.cycles] == [length + 1]
    assert set(graph.depth.values()) == {length}


GRAPHS = st.lists(st.tuples(st.sampled_from("ABCDEFGH"), st.sampled_from("ABCDEFGH")), max_size=20)


def decls_of(edges: list[tuple[str, str]]) -> list[Decl]:
    return [record(name, refers=tuple(to for start, to in edges if start == name)) for name in "ABCDEFGH"]


@given(GRAPHS)
def test_components_are_what_reaches_each_other(edges: list[tuple[str, str]]) -> None:
    graph = graph_of(service(decls=tuple(decls_of(edges))))
    reach = {one: graph.reachable([one]) for one in graph.edges}
    expected = {tuple(sorted(to for to in reach[one] if one in reach[to])) for one in graph.edges}
    assert set(graph.cycles) == expected
    assert sorted(member for members in graph.cycles for member in members) == sorted(graph.edges)


@given(GRAPHS)
def test_order_and_depth_follow_the_references(edges: list[tuple[str, str]]) -> None:
    graph = graph_of(service(decls=tuple(decls_of(edges))))
    place = {member: index for index, members in enumerate(graph.cycles) for member in members}
    for start, targets in graph.edges.items():
        for target in targets:
            assert place[target] <= place[start]
            assert graph.depth[target] < graph.depth[start] or place[target] == place[start]


@given(GRAPHS, st.integers())
def test_the_order_of_the_document_does_not_matter(edges: list[tuple[str, str]], seed: int) -> None:
    decls = decls_of(edges)
    graph = graph_of(service(decls=tuple(decls)))
    random.Random(seed).shuffle(decls)
    assert graph_of(service(decls=tuple(decls))) == graph
