"""JSON text to data: the standard library's fast way, and places that are looked up only when they are asked for."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import accumulate
from json import JSONDecoder
from math import isfinite
from typing import Final, NamedTuple

from formance_codegen.diagnostics import Diagnostic, Outcome
from formance_codegen.load.json_value import JsonValue
from formance_codegen.load.limits import DEEPEST, MOST_DIGITS
from formance_codegen.load.parsed import Parsed, repeated_key
from formance_codegen.pointer import ROOT, Pointer, join, unescape
from formance_codegen.source import Span

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_SKIP: Final = JSONDecoder(parse_int=str, parse_float=str)
"""Finds where a value ends, whatever it is."""


def parse_json(text: str, file: str) -> Outcome[Parsed] | None:
    """Return the data of a JSON text, or None for what the YAML parser has to judge.

    A key that an object has twice is a ``doubtful`` warning, for RFC 8259 (section 4) lets readers do as they like.
    YAML has all that JSON does not allow, and what is nested too deeply. What a JSON text means as YAML is the
    same, but not all JSON is readable there: long keys, escaped surrogate pairs.
    """
    spans, objects = JsonSpans(text, file), _Objects()
    # NaN and Infinity stay text, as in YAML.
    decoder = JSONDecoder(object_pairs_hook=objects.made, parse_int=_int, parse_float=_float, parse_constant=str)
    try:
        data: JsonValue = decoder.decode(text)
    except (ValueError, RecursionError):
        return None
    if _is_deep(data):
        return None
    doubts = tuple(spans.duplicates()) if objects.repeat else ()
    return Outcome(value=Parsed(data=data, spans=spans), diagnostics=doubts)


class JsonSpans(Mapping[Pointer, Span]):
    """The places of the parts of a valid JSON text."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._known: dict[Pointer, dict[str, _Entry]] = {}

    def __getitem__(self, pointer: Pointer) -> Span:
        return self._span(self._entry(pointer).place)

    def __iter__(self) -> Iterator[Pointer]:
        pending = [ROOT]
        while pending:
            yield (pointer := pending.pop())
            pending.extend(reversed([join(pointer, token) for token in self._entries(pointer)]))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def duplicates(self) -> Iterator[Diagnostic]:
        """Yield a warning for each key that its object has already."""
        for pointer in self:
            seen: dict[str, _Entry] = {}
            for entry in _entries(self._text, self._entry(pointer).value):
                if (first := seen.setdefault(entry.token, entry)) is not entry:
                    place = join(pointer, entry.token)
                    span, before = self._span(entry.place), self._span(first.place)
                    yield repeated_key(entry.token, span, first=before, pointer=place)

    def _entry(self, pointer: Pointer) -> "_Entry":
        if pointer == ROOT:
            start = _skip_space(self._text, 0)
            return _Entry("", start, start)
        around, _, token = pointer.rpartition("/")
        return self._entries(Pointer(around))[unescape(token)]

    def _entries(self, pointer: Pointer) -> "dict[str, _Entry]":
        """Return what a container holds; each is read once."""
        if pointer not in self._known:
            entries = _entries(self._text, self._entry(pointer).value)
            self._known[pointer] = {entry.token: entry for entry in entries}
        return self._known[pointer]

    def _span(self, offset: int) -> Span:
        line = bisect_right(self._line_starts, offset)
        return Span(file=self._file, line=line, column=offset - self._line_starts[line - 1] + 1)

    @cached_property
    def _line_starts(self) -> list[int]:
        return list(accumulate(map(len, self._text.splitlines(keepends=True)), initial=0))


class _Entry(NamedTuple):
    """A member of an object or an item of an array, as offsets into the text."""

    token: str
    place: int
    """Where the key starts, or the item."""
    value: int


def _entries(text: str, start: int) -> Iterator[_Entry]:
    """Yield what the container that starts at an offset holds; any other value holds nothing."""
    if text[start] not in "{[":
        return
    position = _skip_space(text, start + 1)
    index = 0
    while text[position] not in "}]":
        place, token = position, str(index)
        if text[start] == "{":
            token, position = _SKIP.raw_decode(text, position)
            position = _skip_space(text, _skip_space(text, position) + 1)
        yield _Entry(token, place, position)
        _, position = _SKIP.raw_decode(text, position)
        position = _skip_space(text, position)
        if text[position] == ",":
            position = _skip_space(text, position + 1)
        index += 1


def _skip_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _is_deep(data: JsonValue) -> bool:
    level = [data]
    for _ in range(DEEPEST):
        level = [child for value in level for child in _children(value)]
        if not level:
            return False
    return any(isinstance(value, (dict, list)) for value in level)


def _children(value: JsonValue) -> "list[JsonValue]":
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


class _Objects:
    """Makes the objects of one text, the last of equal keys being the one that counts, as most readers have it."""

    def __init__(self) -> None:
        self.repeat = False
        """Whether one has a key twice."""

    def made(self, pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
        """Return an object."""
        entries = dict(pairs)
        self.repeat = self.repeat or len(entries) != len(pairs)
        return entries


def _int(text: str) -> int | str:
    return int(text) if len(text) <= MOST_DIGITS else text


def _float(text: str) -> float | str:
    return value if isfinite(value := float(text)) else text
