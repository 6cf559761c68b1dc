"""A part of a service: what is asked for, what it needs, and nothing else."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from formance_codegen.cli.reading import Settings, find_documents, names_of, read_overlays, read_settings, read_source
from formance_codegen.pipeline import understand
from formance_codegen.resolve.graph import decl_references, inbound_references, operation_references
from formance_codegen.resolve.pruning import prune
from formance_codegen.view.context import Context
from formance_codegen.view.package import package_files

ROOT: Final = Path(__file__).parents[3]


def settings() -> Settings:
    found = read_settings(ROOT).value
    assert found is not None
    return found


DOCUMENTS: Final = find_documents(settings()).value or {}


def context_of(name: str) -> Context:
    path = DOCUMENTS[name]
    source, overlays = read_source(path).value, read_overlays(settings(), path, ()).value
    assert source is not None
    understood = understand(source, settings().of_document(path), overlays or (), names_of(settings(), path).value)
    assert understood.value is not None
    return understood.value


def test_there_are_documents() -> None:
    assert len(DOCUMENTS) > 10


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_operation_alone_is_whole_and_keeps_its_names(name: str) -> None:
    context = context_of(name)
    assert context.service.operations
    for operation in context.service.operations:
        pruned = prune(context.service, context.names, [operation.id]).value
        assert pruned is not None
        service, names = pruned
        (kept,) = service.operations
        assert kept.long_running is None
        needed = {*operation_references(kept), *inbound_references(service.inbound)}
        for decl in service.decls.values():
            needed.update(decl_references(decl))
        assert needed == set(service.decls)
        assert names.operations == {operation.pointer: context.names.operations[operation.pointer]}
        assert names.decls == {symbol: context.names.decls[symbol] for symbol in names.decls}
        assert names.decls.keys() == service.decls.keys()


@pytest.mark.parametrize("name", ["ledger", "deployserver", "webhooks"])
def test_what_is_long_running_can_be_shown_without_what_it_leads_to(name: str) -> None:
    context = context_of(name)
    for wanted in [operation.id for operation in context.service.operations if operation.long_running]:
        pruned = prune(context.service, context.names, [wanted]).value
        assert pruned is not None
        service, names = pruned
        paths = {file.path for file in package_files(replace(context, service=service, names=names))}
        assert f"{names.package}/client.py" in paths


def test_what_a_method_leads_to_stays_if_it_is_asked_for() -> None:
    context = context_of("ledger")
    pruned = prune(context.service, context.names, ["v2"]).value
    assert pruned is not None
    service, names = pruned
    assert [each.attribute for each in names.namespaces] == ["", "v2"]
    assert any(operation.long_running for operation in service.operations)
    assert {operation.pointer for operation in service.operations} == {
        pointer for pointer, found in context.names.operations.items() if found.namespace == "v2"
    }


def test_webhooks_are_asked_for_by_that_word() -> None:
    context = context_of("webhooks")
    without, alone = (
        prune(context.service, context.names, [wanted]).value
        for wanted in (context.service.operations[0].id, "webhooks")
    )
    assert without is not None
    assert alone is not None
    assert not without[0].inbound
    assert without[1].inbound.module == ""
    assert alone[0].inbound == context.service.inbound
    assert alone[0].operations == ()
    assert prune(context_of("gateway").service, context_of("gateway").names, ["webhooks"]).value is None


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("v2.create_transactions", "do you mean v2.create_transaction"),
        ("v3", "or one of the namespaces v1, v2"),
    ],
)
def test_an_unknown_name_is_told_with_those_like_it(wanted: str, message: str) -> None:
    context = context_of("ledger")
    outcome = prune(context.service, context.names, ["v2", wanted])
    assert outcome.value is None
    (found,) = outcome.diagnostics
    assert found.code.slug == "unknown-name"
    assert message in found.message
