"""Diagnostics as text and as data."""

import json

from formance_codegen.diagnostics import Diagnostic, diagnose
from formance_codegen.pointer import Pointer
from formance_codegen.report import as_json, concise, full
from formance_codegen.source import SourceFile, Span


def _found(line: int, column: int, *, file: str = "b.yaml", message: str = "it is odd") -> Diagnostic:
    span = Span(file=file, line=line, column=column)
    return diagnose("renamed", message, span=span, pointer=Pointer("/a"), notes=("because",))


def test_a_line_tells_place_severity_code_and_message() -> None:
    assert concise([_found(3, 7)]) == "b.yaml:3:7: note[renamed] it is odd\n"
    assert concise([diagnose("not-yaml", "empty")]) == "error[not-yaml] empty\n"
    assert concise([]) == ""


def test_findings_are_in_the_order_of_their_places() -> None:
    found = [
        _found(10, 1),
        _found(2, 9),
        _found(2, 1, message="z"),
        _found(2, 1, message="a"),
        _found(99, 1, file="a.yaml"),
    ]
    found.append(diagnose("not-yaml", "empty"))

    assert [line.partition(" ")[0] for line in concise(found).splitlines()] == [
        "error[not-yaml]",
        "a.yaml:99:1:",
        "b.yaml:2:1:",
        "b.yaml:2:1:",
        "b.yaml:2:9:",
        "b.yaml:10:1:",
    ]
    assert concise(found) == concise(reversed(found))


def test_an_excerpt_shows_the_lines_around_with_a_caret() -> None:
    lines = "\n".join(f"line {number}" for number in range(1, 12))
    sources = {"b.yaml": SourceFile(name="b.yaml", text=lines)}

    assert full([_found(10, 6), _found(1, 1)], sources) == (
        "b.yaml:1:1: note[renamed] it is odd\n"
        "    note: because\n"
        "  1 | line 1\n"
        "    | ^\n"
        "  2 | line 2\n"
        "\n"
        "b.yaml:10:6: note[renamed] it is odd\n"
        "    note: because\n"
        "   9 | line 9\n"
        "  10 | line 10\n"
        "     |      ^\n"
        "  11 | line 11\n"
    )


def test_a_place_in_another_text_has_no_excerpt() -> None:
    assert full([_found(1, 1)], {}) == "b.yaml:1:1: note[renamed] it is odd\n    note: because\n"


def test_a_long_line_is_cut_to_what_the_caret_is_under() -> None:
    text = "a" * 5000 + "HERE" + "b" * 5000
    shown = full([_found(1, 5001)], {"b.yaml": SourceFile(name="b.yaml", text=text)}).splitlines()

    assert max(map(len, shown)) < 120
    assert shown[2][shown[3].index("^") :].startswith("HERE")


def test_a_document_cannot_steer_the_terminal() -> None:
    text = 'a:\t"\x1b[31m\u202e"'
    found = _found(1, 4, message="\x1b]0;title\x07 \u2028 x")

    assert full([found], {"b.yaml": SourceFile(name="b.yaml", text=text)}).splitlines() == [
        "b.yaml:1:4: note[renamed] \ufffd]0;title\ufffd   x",
        "    note: because",
        '  1 | a: "\ufffd[31m\ufffd"',
        "    |    ^",
    ]


def test_data_is_plain() -> None:
    data = as_json([_found(3, 7), diagnose("not-yaml", "empty")])

    assert json.loads(json.dumps(data)) == [
        {
            "code": "not-yaml",
            "severity": "error",
            "message": "empty",
            "file": None,
            "line": None,
            "column": None,
            "pointer": None,
            "notes": [],
        },
        {
            "code": "renamed",
            "severity": "note",
            "message": "it is odd",
            "file": "b.yaml",
            "line": 3,
            "column": 7,
            "pointer": "/a",
            "notes": ["because"],
        },
    ]
