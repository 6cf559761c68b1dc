"""Where the parts of a document stand in its text."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from formance_codegen.pointer import ROOT, Pointer, parent
from formance_codegen.source import Span

Mark: TypeAlias = tuple[int, int]
"""A line and a column, which count from 0."""


class MarkedSpans(Mapping[Pointer, Span]):
    """Places kept as bare numbers: few of the thousands of a document are ever asked for."""

    def __init__(self, file: str, marks: Mapping[Pointer, Mark]) -> None:
        self._file = file
        self._marks = marks

    def __getitem__(self, pointer: Pointer) -> Span:
        line, column = self._marks[pointer]
        return Span(file=self._file, line=line + 1, column=column + 1)

    def __iter__(self) -> Iterator[Pointer]:
        return iter(self._marks)

    def __len__(self) -> int:
        return len(self._marks)


class MovedSpans(Mapping[Pointer, Span]):
    """Places of parts that normalising put elsewhere, before those of all others."""

    def __init__(self, spans: Mapping[Pointer, Span], moved: Mapping[Pointer, Span]) -> None:
        self._spans = spans
        self._moved = moved

    def __getitem__(self, pointer: Pointer) -> Span:
        return self._moved[pointer] if pointer in self._moved else self._spans[pointer]

    def __iter__(self) -> Iterator[Pointer]:
        yield from self._spans
        yield from (pointer for pointer in self._moved if pointer not in self._spans)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class GraftedSpans(Mapping[Pointer, Span]):
    """Places of a document into which parts of others came."""

    def __init__(
        self, spans: Mapping[Pointer, Span], grafts: Mapping[Pointer, tuple[Mapping[Pointer, Span], Pointer]]
    ) -> None:
        self._spans = spans
        self._grafts = grafts
        """By where a part now is: the places of its own document, and where it stands there."""

    def __getitem__(self, pointer: Pointer) -> Span:
        around = pointer
        while around not in self._grafts:
            if around == ROOT:
                return self._spans[pointer]
            around = parent(around)
        spans, origin = self._grafts[around]
        return spans[Pointer(origin + pointer[len(around) :])]

    def __iter__(self) -> Iterator[Pointer]:
        yield from (pointer for pointer in self._spans if pointer in self)
        for home, (spans, origin) in self._grafts.items():
            below = (Pointer(home + place[len(origin) :]) for place in spans if (place + "/").startswith(origin + "/"))
            yield from (pointer for pointer in below if pointer not in self._spans and pointer in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def nearest(spans: Mapping[Pointer, Span], pointer: Pointer) -> Span:
    """Return the place of the part at ``pointer``, or else of the closest part around it that has one.

    The whole document always has a place.
    """
    while pointer != ROOT and pointer not in spans:
        pointer = parent(pointer)
    return spans[pointer]
