"""The rules of the house, each tried on a bad sample first."""

from pathlib import Path
from typing import Final

import pytest

from formance_codegen.diagnostics import CODES
from formance_codegen.diff.catalogue import CHECKS
from guards import changes, effects, layers, size, templates
from guards.catalogue import PAGE, catalogue, with_catalogue

ROOT: Final = Path(__file__).parents[1]
CODEGEN: Final = layers.modules(ROOT / "codegen")
RUNTIME: Final = layers.modules(ROOT / "templates")
TESTS: Final = layers.modules(ROOT / "tests")
OURS: Final = {name: text for name, text in TESTS.items() if ".expected." not in name}
"""Without snapshots: a constructor that explains fourteen options is long, and not ours to read."""
TEMPLATES: Final = sorted((ROOT / "templates" / "package").rglob("*.jinja"))


def test_there_is_something_to_guard() -> None:
    assert {"formance_codegen.pipeline", "formance_codegen.emit", "formance_codegen.cli.app"} <= CODEGEN.keys()
    assert any(name.startswith("runtime.") for name in RUNTIME)
    assert TEMPLATES


# Layers


def test_each_module_has_a_layer() -> None:
    assert layers.unplaced({"formance_codegen": "", "formance_codegen.helpers": ""}) == ["formance_codegen.helpers"]
    assert layers.unplaced(CODEGEN) == []


@pytest.mark.parametrize(
    "line",
    [
        "from formance_codegen.cli.app import main",
        "import formance_codegen.cli.app",
        "from formance_codegen.cli import app",
    ],
)
def test_an_import_of_a_later_layer_is_found(line: str) -> None:
    sample = {"formance_codegen.emit": f"def f() -> None:\n    {line}\n", "formance_codegen.cli.app": "def main(): ..."}
    assert layers.violations(sample) == ["formance_codegen.emit imports formance_codegen.cli.app"]


def test_layers_import_only_from_those_before() -> None:
    assert layers.violations(CODEGEN) == []


def test_a_cycle_is_found() -> None:
    sample = {
        "formance_codegen.load.a": "from formance_codegen.load import b",
        "formance_codegen.load.b": "from formance_codegen.load.a import x",
        "formance_codegen.load.c": "from formance_codegen.load.d import y",
        "formance_codegen.load.d": "",
    }
    assert layers.cycle(sample) == ["formance_codegen.load.a", "formance_codegen.load.b"]


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert layers.cycle(CODEGEN) == []


# Size and shape


def test_what_is_too_long_is_found() -> None:
    long_function = "def f():\n" + "    x = 1\n" * size.FUNCTION
    assert size.too_long({"a": long_function, "b": "x = 1\n" * (size.FILE + 1)}) == ["b: 401 lines", "a.f: 51 lines"]
    assert size.too_long({"a": "def f():\n" + "    x = 1\n" * (size.FUNCTION - 1)}) == []


def test_files_and_functions_are_short() -> None:
    assert size.too_long({**CODEGEN, **RUNTIME, **OURS}) == []


@pytest.mark.parametrize("text", ["", '"""No end"""', '"""One. Two."""', '"""Two\nlines."""'])
def test_a_docstring_that_is_not_one_sentence_is_found(text: str) -> None:
    assert effects.undescribed({"a": text}) == ["a"]


def test_each_module_names_its_one_job() -> None:
    assert effects.undescribed({**CODEGEN, **RUNTIME}) == []


def test_a_dataclass_that_can_change_is_found() -> None:
    sample = "@dataclass\nclass A: ...\n@dataclass(slots=True)\nclass B: ...\n@dataclass(frozen=True)\nclass C: ...\n"
    assert effects.unfrozen({"m": sample}) == ["m.A", "m.B"]


def test_the_ir_and_the_views_cannot_change() -> None:
    kept = ("formance_codegen.ir.", "formance_codegen.view.", "formance_codegen.diagnostics", "formance_codegen.tree")
    assert effects.unfrozen({name: text for name, text in CODEGEN.items() if name.startswith(kept)}) == []


# Effects


@pytest.mark.parametrize(
    "call",
    [
        'p.write_text("")',
        'open("a", "w")',
        'p.open("ab")',
        'open("a", mode="x")',
        "p.unlink()",
        "os.remove(p)",
        "mkdtemp()",
    ],
)
def test_a_writer_is_found(call: str) -> None:
    assert len(effects.writers({"a": f"if x:\n    {call}\n"})) == 1


@pytest.mark.parametrize(
    "call", ['open("a")', 'open("a", "rb")', "p.read_text()", 'text.replace("w", "a")', "rows.remove(1)"]
)
def test_a_reader_is_no_writer(call: str) -> None:
    assert effects.writers({"a": call}) == []


def test_only_emit_changes_files() -> None:
    assert effects.writers({name: text for name, text in CODEGEN.items() if name != "formance_codegen.emit"}) == []


def test_an_importer_is_found() -> None:
    sample = {"a": "import httpx2", "b": "def f():\n    from httpx2.x import y", "c": "from .httpx2 import z"}
    assert effects.importers(sample, "httpx2") == ["a", "b"]


def test_few_modules_know_the_http_library() -> None:
    modules = ("http", "network", "opened", "sending", "testing.serving")
    assert effects.importers(RUNTIME, "httpx2") == [f"runtime.{name}" for name in modules]
    assert effects.importers(RUNTIME, "httpcore2") == ["runtime.network"]
    assert effects.importers(CODEGEN, "httpx2") == ["formance_codegen.update.fetch"]


# Templates


@pytest.mark.parametrize(
    "text",
    [
        "{% set x = 1 %}",
        "{{ name | upper }}",
        "{{ a + b }}",
        "{{ a ~ b }}",
        '{{ "text" }}',
        "{{ names[0] }}",
        "{{ a if b else c }}",
        "{% if a == b %}{% endif %}",
        "{% if a and b %}{% endif %}",
        "{% if a is defined %}{% endif %}",
        "{% if a.b() %}{% endif %}",
        "{% for x in xs if x %}{% endfor %}",
        "{% for x in xs | sort %}{% endfor %}",
        "{% include name %}",
        "{{ macro(a + 1) }}",
        "{{ macro(*names) }}",
        "{% filter indent %}{% endfilter %}",
        "{% extends 'a' %}",
    ],
)
def test_logic_in_a_template_is_found(text: str) -> None:
    assert templates.logic(text)


@pytest.mark.parametrize(
    "text",
    [
        "class {{ model.name }}:{% for field in model.fields %}\n    {{ field.line }}{% endfor %}",
        "{% if a.flag %}x{% elif not b %}y{% else %}z{% endif %}",
        "{% for a in b %}{{ a }}{% if not loop.last %},{% endif %}{% else %}none{% endfor %}",
        "{% include 'a.jinja' %}{% import 'd.jinja' as d %}{{ d.e(x, indent=y) }}",
        "{% from 'b.jinja' import c %}{{ c(x.y) }}",
        "{% macro a(b) %}{{ b.c }}{% endmacro %}{# a remark #}",
    ],
)
def test_text_with_holes_is_no_logic(text: str) -> None:
    assert templates.logic(text) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_templates_hold_no_logic(template: Path) -> None:
    assert templates.logic(template.read_text(encoding="utf-8")) == []


# Documentation


def test_the_page_of_diagnostics_has_them_all() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_catalogue(page, "") != page
    assert with_catalogue(page, catalogue(CODES.values())) == page


def test_the_page_of_changes_has_them_all() -> None:
    page = changes.PAGE.read_text(encoding="utf-8")
    assert changes.with_table(page, "") != page
    assert changes.with_table(page, changes.table(CHECKS.values())) == page
