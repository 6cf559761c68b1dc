"""The style of documents: what is read from it and written again is the same, byte for byte."""

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formance_codegen.load.json_value import JsonValue
from formance_codegen.load.yaml import parse
from formance_codegen.source import SourceFile
from formance_codegen.update.writing import to_json, to_yaml

SPECS: Final = sorted((Path(__file__).parents[3] / "specs").glob("*.yaml"))


def read(text: str) -> JsonValue:
    parsed = parse(SourceFile(name="x.yaml", text=text)).value
    assert parsed is not None
    return parsed.data


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_our_documents_are_in_the_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert to_yaml(read(text)) == text


def test_there_are_documents() -> None:
    assert SPECS


def test_known_keys_have_their_order() -> None:
    text = to_yaml(
        {
            "paths": {
                "/a": {
                    "get": {
                        "responses": {"200": {"description": "Yes."}, "default": {"description": "No."}},
                        "operationId": "a",
                    }
                },
                "/b": {"x-own": 1},
            },
            "info": {"version": "1", "title": "T"},
            "openapi": "3.0.3",
        }
    )
    assert text == (
        "openapi: 3.0.3\n"
        "\n"
        "info:\n"
        "  title: T\n"
        "  version: '1'\n"
        "\n"
        "paths:\n"
        "  /a:\n"
        "    get:\n"
        "      operationId: a\n"
        "      responses:\n"
        '        "200":\n'
        "          description: Yes.\n"
        "        default:\n"
        "          description: No.\n"
        "\n"
        "  /b:\n"
        "    x-own: 1\n"
    )


# What YAML 1.1 and 1.2 read differently, and what looks like the blank lines that the style puts in.
TEXTS = st.one_of(
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=200),
    st.sampled_from(
        [
            "no",
            "0o17",
            "0x1F",
            "1e5",
            "1_000",
            "12:30",
            "~",
            "2024-01-15",
            "=",
            "<<",
            "",
            " ",
            "a\n  /b\n",
            "x\n\npaths:\n",
        ]
    ),
    st.lists(st.sampled_from(["word", "/path", "tags:", "  /x", "#", "\n"]), max_size=40).map(" ".join),
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXTS)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=8,
)


# A machine that is busy is no fault of the style.
@given(st.dictionaries(st.one_of(st.sampled_from(["info", "paths", "tags", "x-a"]), TEXTS), VALUES, max_size=4))
def test_nothing_changes_on_the_way(document: dict[str, JsonValue]) -> None:
    text = to_yaml(document)
    if document:
        assert read(text) == document
        assert to_yaml(read(text)) == text
    assert read(to_json(document)) == document
