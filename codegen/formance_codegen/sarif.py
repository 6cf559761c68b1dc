"""Diagnostics for machines that show them beside the files: annotations of GitHub, and SARIF."""

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote

from formance_codegen import __version__
from formance_codegen.diagnostics import Code, Diagnostic, Severity

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def annotations(diagnostics: Iterable[Diagnostic]) -> str:
    """Return workflow commands of GitHub Actions, a line each: they are shown in the files of a pull request."""
    return "".join(f"{_annotation(found)}\n" for found in diagnostics)


def sarif(diagnostics: Iterable[Diagnostic]) -> Mapping[str, object]:
    """Return a log of the Static Analysis Results Interchange Format (OASIS SARIF 2.1.0), ready to be JSON."""
    found = tuple(diagnostics)
    rules = sorted({each.code.slug: each.code for each in found}.values(), key=lambda code: code.slug)
    index = {code.slug: number for number, code in enumerate(rules)}
    driver = {"name": "formance-codegen", "version": __version__, "rules": [_rule(code) for code in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, index[each.code.slug]) for each in found],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _annotation(found: Diagnostic) -> str:
    place: dict[str, str] = {}
    if found.span is not None:
        place = {"file": found.span.file, "line": str(found.span.line), "col": str(found.span.column)}
    properties = ",".join(f"{key}={_property(value)}" for key, value in {**place, "title": found.code.slug}.items())
    return f"::{_COMMANDS[found.severity]} {properties}::{_data(found.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _rule(code: Code) -> Mapping[str, object]:
    return {
        "id": code.slug,
        "shortDescription": {"text": code.meaning},
        "defaultConfiguration": {"level": code.severity.value},
    }


def _result(found: Diagnostic, index: int) -> Mapping[str, object]:
    result = {
        "ruleId": found.code.slug,
        "ruleIndex": index,
        "level": found.severity.value,
        "message": {"text": found.message},
    }
    if found.span is None:
        return result
    region = {"startLine": found.span.line, "startColumn": found.span.column}
    place = {"physicalLocation": {"artifactLocation": {"uri": quote(found.span.file)}, "region": region}}
    return {**result, "locations": [place]}
