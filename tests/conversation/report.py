"""What is said about a document, as JSON lines and as tables in Markdown."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from conversation.judging import Exchange, Outcome, Party

_LONGEST: Final = 160
_SENT: Final = (Outcome.FINE, Outcome.NO_ANSWER, Outcome.NOT_DECODED)
"""The request was accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A conversation about a document."""

    document: str
    exchanges: tuple[Exchange, ...]
    impossible: str = ""
    """Why there was none."""


def as_line(talk: Talk) -> str:
    """Return a talk as one line of JSON."""
    exchanges = [
        {
            "call": each.call,
            "pointer": each.pointer,
            "how": each.how,
            "outcome": each.outcome.value,
            "party": each.party.value,
            "words": each.words,
            "why": each.why,
        }
        for each in talk.exchanges
    ]
    return json.dumps({"document": talk.document, "impossible": talk.impossible, "exchanges": exchanges})


def from_line(line: str) -> Talk:
    """Return the talk of a line."""
    read = json.loads(line)
    exchanges = tuple(
        Exchange(
            call=each["call"],
            pointer=each["pointer"],
            how=each["how"],
            outcome=Outcome(each["outcome"]),
            party=Party(each["party"]),
            words=each["words"],
            why=each["why"],
        )
        for each in read["exchanges"]
    )
    return Talk(document=read["document"], impossible=read["impossible"], exchanges=exchanges)


def summary(talks: Sequence[Talk]) -> Iterator[str]:
    """Yield a table with a row for each document."""
    yield "| Document | Operations | Calls | Accepted | Answered | Decoded | Ours | The document's | Prism's |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for talk in talks:
        if not talk.impossible:
            yield f"| {talk.document} | {_row([talk])} |"
    yield f"| **all** | {_row(talks)} |"


def failures(talks: Sequence[Talk]) -> Iterator[str]:
    """Yield a table with a row for each way in which calls of a document failed."""
    yield "| Document | Calls | Outcome | Fault | What was said |"
    yield "| --- | --- | --- | --- | --- |"
    for talk in talks:
        if talk.impossible:
            yield f"| {talk.document} | | no conversation | | {_cell(talk.impossible)} |"
        groups: dict[tuple[Outcome, Party, str], list[Exchange]] = {}
        for each in talk.exchanges:
            if each.outcome is not Outcome.FINE:
                groups.setdefault((each.outcome, each.party, each.why or _sort(each.words)), []).append(each)
        for (outcome, party, _), group in groups.items():
            first, more = group[0], len(group) - 1
            calls = f"`{first.call}`" + (f" and {more} more" if more else "")
            told = first.why or first.words
            yield f"| {' | '.join((talk.document, calls, outcome.value, party.value, _cell(told)))} |"


def _sort(words: str) -> str:
    """Return what is common to failures of one sort: the words without places and values."""
    return re.sub(r"[/.\w-]*[/.\d][/.\w-]*|\b\w*[A-Z]\w*\b", "", words)[:40]


def _row(talks: Sequence[Talk]) -> str:
    exchanges = [each for talk in talks for each in talk.exchanges]
    outcomes = Counter(each.outcome for each in exchanges)
    parties = Counter(each.party for each in exchanges)
    operations = sum(len({each.pointer for each in talk.exchanges}) for talk in talks)
    sent = sum(outcomes[each] for each in _SENT)
    fine, answered = outcomes[Outcome.FINE], outcomes[Outcome.FINE] + outcomes[Outcome.NOT_DECODED]
    blamed = (parties[Party.OURS], parties[Party.DOCUMENT], parties[Party.PRISM])
    return " | ".join(map(str, (operations, len(exchanges), sent, answered, fine, *blamed)))


def _cell(text: str) -> str:
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return short.replace("|", "\\|").replace("<", "&lt;")
