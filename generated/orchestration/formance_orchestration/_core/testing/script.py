"""What is to happen at the calls of an operation, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..envelopes import Count
from ..guards import is_mapping
from ..operation import Operation
from ..turning import Cursor, Link, Offset, PageNumber
from .answers import Answer, Disturbance
from .paging import (
    IN_LINK,
    example_page_of,
    items_of,
    mark_of_last,
    page_of,
    positions,
)
from .recording import RecordedCall


class UnexpectedCall(AssertionError):
    """A request that no test has said an answer for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """The pages of a list."""

    answers: tuple[Answer, ...]
    marks: tuple[str, ...]
    """What asks for each of them."""


Step: TypeAlias = Answer | Disturbance | Pages | Callable[[RecordedCall[Any]], Answer]
"""What happens at a call."""


@dataclass(slots=True)
class Script:
    """The steps, and how far the calls have come."""

    steps: list[Step] = field(default_factory=list[Step])
    done: int = 0
    pages: dict[str, Answer] = field(default_factory=dict[str, Answer])
    """What was begun, by the marks that lead on."""

    def next(self) -> Step | None:
        """Return what happens now: the last step once more where there is no other."""
        if not self.steps:
            return None
        self.done += 1
        step = self.steps[min(self.done, len(self.steps)) - 1]
        if isinstance(step, Pages):
            self.pages |= zip(step.marks, step.answers, strict=True)
        return step

    @property
    def left(self) -> int:
        """How many steps no call has come to."""
        return max(len(self.steps) - self.done, 0)

    def clear(self) -> None:
        """Forget all of it."""
        self.steps.clear()
        self.pages.clear()
        self.done = 0


def pages_of(
    operation: Operation[Any], pages: Sequence[Sequence[object]], serial: int
) -> Pages:
    """Return the pages of a list as their answers.

    Args:
        operation: What gives pages.
        pages: The items of each.
        serial: Tells the marks of this list from those of others.

    Raises:
        ValueError: An item does not fit, or there is no page.
    """
    if not pages:
        raise ValueError("there must be a page; for an empty list give [[]]")
    firsts = positions(operation.turn, pages)
    marks = [str(each) for each in firsts or ()]
    marks = marks or [f"list-{serial}-page-{index}" for index in range(len(pages))]
    last = len(pages) - 1
    total, size = sum(map(len, pages)), max(1, *map(len, pages))
    answers: list[Answer] = []
    for index, items in enumerate(pages):
        count = Count(
            total=total,
            pages=len(pages),
            position=firsts[index] if firsts else None,
        )
        answer = page_of(
            operation,
            items,
            size=size,
            following=marks[index + 1] if index < last else None,
            previous=marks[index - 1] if index else None,
            count=count,
        )
        if index < last and (mark := mark_of_last(operation, answer)) is not None:
            marks[index + 1] = mark
        answers.append(answer)
    return _closed(operation, Pages(answers=tuple(answers), marks=tuple(marks)))


def example_pages_of(operation: Operation[Any]) -> Pages:
    """Return a page with one item of no meaning as its answer.

    Raises:
        Endless: There is no finite item.
    """
    begun = positions(operation.turn, [[]])
    first = str(begun[0]) if begun else ""
    answers = (example_page_of(operation),)
    return _closed(operation, Pages(answers=answers, marks=(first,)))


def _closed(operation: Operation[Any], pages: Pages) -> Pages:
    """Return pages with an empty one beyond the last, where pages have numbers.

    Some lists have no other end.
    """
    turn, last = operation.turn, pages.marks[-1]
    if not isinstance(turn, PageNumber | Offset):
        return pages
    held = (
        1
        if isinstance(turn, PageNumber)
        else len(items_of(operation, pages.answers[-1]))
    )
    beyond = str(int(last) + held)
    if beyond in pages.marks:
        return pages
    empty = page_of(operation, [], size=1)
    return Pages(answers=(*pages.answers, empty), marks=(*pages.marks, beyond))


def is_first(operation: Operation[Any], mark: str | None) -> bool:
    """Tell whether a call begins a list anew."""
    begun = positions(operation.turn, [[]])
    return mark is None or (begun is not None and mark == str(begun[0]))


def mark_of(
    operation: Operation[Any], query: Mapping[str, str], body: object
) -> str | None:
    """Return the mark of the page that a call asks for; None where it has none.

    Args:
        operation: What gives pages.
        query: The query, by the names on the wire.
        body: The body as plain JSON.
    """
    match operation.turn:
        case None:
            return None
        case Link():
            return query.get(IN_LINK)
        case Cursor(name=name, place="body"):
            found = body.get(name) if is_mapping(body) else None
            return None if found is None else str(found)
        case Cursor(name=name) | PageNumber(name=name) | Offset(name=name):
            return query.get(name)
