"""Documents that were right until something happened to them."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml
from hypothesis import strategies as st

from formance_codegen.pointer import ROOT, join
from samples import is_list, is_node

_FEATURES: Final = Path(__file__).parents[1] / "features"
_PLAIN: Final = [None, True, False, 0, -1, 1.5, 10**400, float("nan"), float("inf"), "", "a", " ", ".", "..", "/", "{}"]
_TEXTS: Final = ["\0", "\ud800", "\u202e", "é" * 300, "🙂", "#", "#/", "#/components", "other.yaml", "https://a.test/b"]
_WHOLES: Final[list[Any]] = [
    [],
    [None],
    [{}],
    [[]],
    {},
    {"": None},
    {"$ref": None},
    {"$ref": "#"},
    {"$ref": "#/paths"},
    {"type": []},
]

Way: TypeAlias = tuple[str | int, ...]


@st.composite
def mutants(draw: st.DrawFn) -> str:
    """Draw the text of a document of a feature in which a few things are gone, swapped, doubled or of another type."""
    document = copy.deepcopy(draw(st.sampled_from(_documents())))
    for _ in range(draw(st.integers(1, 3))):
        ways = [way for way in _ways(document) if way]
        if ways:
            _change(draw, document, ways)
    return json.dumps(document)


def _change(draw: st.DrawFn, document: Any, ways: list[Way]) -> None:
    way = draw(st.sampled_from(ways))
    around, key = _at(document, way[:-1]), way[-1]
    match draw(st.sampled_from(("gone", "other", "copied", "renamed", "listed", "inside", "reference"))):
        case "gone":
            del around[key]
        case "other":
            around[key] = copy.deepcopy(draw(st.sampled_from([*_PLAIN, *_TEXTS, *_WHOLES])))
        case "copied":
            around[key] = copy.deepcopy(_at(document, draw(st.sampled_from(ways))))
        case "renamed" if isinstance(key, str):
            around[str(draw(st.sampled_from([*_PLAIN, *_TEXTS])))] = around.pop(key)
        case "listed":
            around[key] = [around[key]]
        case "inside":
            around[key] = {"x": around[key]}
        case _:
            around[key] = {"$ref": f"#{join(ROOT, *draw(st.sampled_from(ways)))}"}


@cache
def _documents() -> tuple[Any, ...]:
    texts = (path.read_text(encoding="utf-8") for path in sorted(_FEATURES.glob("*/spec.yaml")))
    return tuple(json.loads(json.dumps(yaml.safe_load(text), default=str)) for text in texts)


def _ways(value: Any, way: Way = ()) -> Iterator[Way]:
    """Yield the way to each part of a document."""
    yield way
    if is_node(value):
        for key in value:
            yield from _ways(value[key], (*way, key))
    elif is_list(value):
        for index, item in enumerate(value):
            yield from _ways(item, (*way, index))


def _at(value: Any, way: Way) -> Any:
    for key in way:
        value = value[key]
    return value
