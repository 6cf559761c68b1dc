"""Whatever happens to a document: its fault is told with a place, or a client is made of it that compiles."""

import pytest
from hypothesis import example, given, settings

from formance_codegen.config import ServiceConfig
from formance_codegen.diagnostics import Severity
from formance_codegen.pipeline import generate, understand
from formance_codegen.source import SourceFile
from laws.mutants import mutants
from laws.packages import ALL_CHECKS, templates

HEAD = 'openapi: 3.0.0\ninfo: {title: a, version: "1"}\npaths: {}\n'


@settings(max_examples=150, deadline=None, suppress_health_check=ALL_CHECKS)
@given(mutants())
@example("")
@example("null")
@example('{"openapi": "3.1.0", "openapi": "3.1.0"}')
@example(f"{HEAD}x: {'[' * 10_000}{']' * 10_000}")
@example("a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 40)) + HEAD)
@example(f"a: &a [*a]\n{HEAD}")
@example(f"{HEAD}---\n{HEAD}")
@example(f"\ufeff{HEAD}")
@example(f"{HEAD}x: {'9' * 5000}")
def test_a_fault_is_told_with_its_place(text: str) -> None:
    outcome = understand(SourceFile(name="mutant.yaml", text=text), ServiceConfig())

    assert (outcome.value is None) == any(found.severity is Severity.ERROR for found in outcome.diagnostics)
    assert [found for found in outcome.diagnostics if found.span is None] == []


@settings(max_examples=15, deadline=None, suppress_health_check=ALL_CHECKS)
@given(mutants())
def test_what_is_made_all_the_same_compiles(text: str) -> None:
    outcome = generate(SourceFile(name="mutant.json", text=text), ServiceConfig(), templates())
    if outcome.value is None:
        assert outcome.diagnostics
        return
    for path, content in outcome.value.tree.files.items():
        if path.endswith(".py") and "/_core/" not in path:
            compile(content, path, "exec")


@pytest.mark.parametrize("where", ["title", "version", "description"])
def test_control_characters_end_no_line_of_code(where: str) -> None:
    info = {"title": "a", "version": "1", where: "a\r\x0b\x0c\x1c\x85\u2028\u2029\0b"}
    source = SourceFile(name="mutant.yaml", text=f"openapi: 3.0.0\ninfo: {info!r}\npaths: {{}}\n".replace("'", '"'))

    outcome = generate(source, ServiceConfig(), templates())

    assert outcome.value is not None
    for path, content in outcome.value.tree.files.items():
        if path.endswith(".py") and "/_core/" not in path:
            compile(content, path, "exec")
