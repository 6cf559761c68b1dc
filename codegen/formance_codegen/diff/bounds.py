"""What changed of what a service checks beyond types."""

from collections.abc import Iterator, Sequence

from formance_codegen.diff.shapes import Relation
from formance_codegen.diff.wording import code
from formance_codegen.ir.types import Bound
from formance_codegen.lower.bounds import LOWER, UPPER


def bound_changes(old: Sequence[Bound], new: Sequence[Bound]) -> Iterator[tuple[str, str, str]]:
    """Yield each bound that is another: the end of the change's id, the bound before and after, or ""."""
    before = {bound.keyword: bound.value for bound in old}
    after = {bound.keyword: bound.value for bound in new}
    for keyword in dict.fromkeys((*before, *after)):
        one, other = before.get(keyword), after.get(keyword)
        if one != other:
            yield _WORDS[_relation(keyword, one, other)], _text(keyword, one), _text(keyword, other)


_WORDS = {Relation.NARROWED: "tightened", Relation.WIDENED: "loosened", Relation.CHANGED: "changed"}


def _relation(keyword: str, old: int | float | str | None, new: int | float | str | None) -> Relation:
    if old is None or new is None:
        return Relation.NARROWED if old is None else Relation.WIDENED
    if isinstance(old, str) or isinstance(new, str) or _last(keyword) not in (*LOWER, *UPPER):
        return Relation.CHANGED
    return Relation.NARROWED if (new > old) is (_last(keyword) in LOWER) else Relation.WIDENED


def _last(keyword: str) -> str:
    return keyword.rpartition(".")[2]


def bound_sentence(title: str, before: str, after: str) -> str:
    """Return what changed, in one sentence."""
    if not after:
        return f"{title} no longer has the bound {code(before)}."
    return f"{title} has the bound {code(after)}{f', before {code(before)}' if before else ''}."


def _text(keyword: str, value: int | float | str | None) -> str:
    return "" if value is None else f"{keyword}: {value}"
