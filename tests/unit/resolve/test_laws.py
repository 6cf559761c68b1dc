"""Whatever a document calls things: names are valid, free, unique and the same for every order of components."""

import keyword
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from formance_codegen.ir.decls import Decl
from formance_codegen.ir.operations import Operation
from formance_codegen.ir.requests import Location
from formance_codegen.naming.reserved import CLASS, CONSTANT, FIELD, MEMBER, METHOD, MODULE, PARAMETER, Context
from formance_codegen.resolve.names import NamingConfig, resolve
from formance_codegen.resolve.table import NameTable
from unit.resolve.services import enum, field, operation, parameter, record, service

WIRE = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        ["Account", "V2Account", "v2Account", "account", "ACCOUNT", "Page", "list", "con", "1", "-1", "body"]
    ),
)
TAGS = st.sampled_from([(), ("x.v1",), ("x.v2",), ("x",), ("v2", "y")])


def unique(wires: st.SearchStrategy[str], size: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(wires, unique=True, max_size=size).map(tuple[str, ...])


@st.composite
def decls(draw: st.DrawFn) -> tuple[Decl, ...]:
    names = draw(unique(WIRE, 8))
    found: list[Decl] = []
    for name in names:
        if draw(st.booleans()):
            found.append(enum(name, *draw(unique(WIRE, 5))))
            continue
        fields = tuple(field(wire, deprecated=draw(st.booleans())) for wire in draw(unique(WIRE, 5)))
        links = tuple(draw(st.lists(st.sampled_from(names), max_size=2)))
        found.append(record(name, fields=fields, refers=links))
        found += [record(name, wire) for wire in draw(unique(WIRE, 2))]
    return tuple(found)


@st.composite
def operations(draw: st.DrawFn, names: tuple[str, ...]) -> tuple[Operation, ...]:
    parameters = st.lists(
        st.builds(parameter, WIRE, st.sampled_from(Location), deprecated=st.booleans()),
        unique_by=lambda entry: entry.pointer,
        max_size=5,
    ).map(tuple)
    return tuple(
        operation(
            identifier,
            path=f"/{index}",
            tags=draw(TAGS),
            parameters=draw(parameters),
            body=draw(st.booleans()),
            refers=tuple(draw(st.lists(st.sampled_from(names), max_size=2))) if names else (),
        )
        for index, identifier in enumerate(draw(unique(WIRE, 6)))
    )


def table(calls: Iterable[Operation], components: Iterable[Decl]) -> NameTable:
    outcome = resolve(service(*calls, decls=tuple(components)), NamingConfig())
    assert outcome.value is not None
    return outcome.value


def check(names: Iterable[str], context: Context) -> None:
    found = list(names)
    assert len(set(found)) == len(found)
    for name in found:
        assert name.isidentifier()
        assert not keyword.iskeyword(name)
        assert not name.startswith("_")
        assert not context.forbids(name)


@given(st.data())
def test_names_are_valid_free_and_unique(data: st.DataObject) -> None:
    components = data.draw(decls())
    calls = data.draw(operations(tuple(decl.origin.parts[0] for decl in components if decl.origin.component)))
    names = table(calls, components)
    for space in names.namespaces:
        check((names.decls[symbol].name for symbol in space.decls), CLASS)
        methods = [names.operations[pointer] for pointer in space.operations]
        check((name.method for name in methods), METHOD)
        check((name.constant for name in methods), CONSTANT)
        modules = {names.decls[symbol].module for symbol in space.decls}
        check((module.casefold() for module in modules), MODULE)
    for fields in names.fields.values():
        check(fields.values(), FIELD)
    for members in names.members.values():
        check(members.values(), MEMBER)
    for call in calls:
        name = names.operations[call.pointer]
        check([*name.parameters.values(), *([name.body] if call.body else [])], PARAMETER)


@given(st.data())
def test_everything_has_a_name(data: st.DataObject) -> None:
    components = data.draw(decls())
    calls = data.draw(operations(()))
    names = table(calls, components)
    assert set(names.decls) == {decl.id for decl in components}
    assert list(names.operations) == [call.pointer for call in calls]
    assert sorted(symbol for space in names.namespaces for symbol in space.decls) == sorted(names.decls)
    assert sorted(pointer for space in names.namespaces for pointer in space.operations) == sorted(names.operations)


@given(st.data())
def test_the_order_of_components_does_not_matter(data: st.DataObject) -> None:
    components = data.draw(decls())
    calls = data.draw(operations(tuple(decl.origin.parts[0] for decl in components if decl.origin.component)))
    expected = resolve(service(*calls, decls=components), NamingConfig())
    shuffled = data.draw(st.permutations(components))
    found = resolve(service(*calls, decls=tuple(shuffled)), NamingConfig())
    assert found == expected
    assert found.value is not None
    assert expected.value is not None
    assert orders(found.value.decls, found.value.fields) == orders(expected.value.decls, expected.value.fields)


@given(st.data())
def test_the_order_of_operations_does_not_matter(data: st.DataObject) -> None:
    components = data.draw(decls())
    calls = data.draw(operations(tuple(decl.origin.parts[0] for decl in components if decl.origin.component)))
    expected = table(calls, components)
    found = table(data.draw(st.permutations(calls)), components)
    assert (found.decls, found.operations) == (expected.decls, expected.operations)


def orders(*mappings: Iterable[str]) -> list[list[str]]:
    return [list(mapping) for mapping in mappings]
