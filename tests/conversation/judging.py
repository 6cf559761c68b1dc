"""How a call went, and whose fault it is where it went wrong."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from conversation.arguments import Operation, Unfit
from conversation.prism import violations
from conversation.schemas import Schemas
from conversation.values import NoValue
from formance_codegen.load.json_value import JsonValue, as_mapping, as_sequence

_REFUSALS: Final = ("UNPROCESSABLE_ENTITY", "UNAUTHORIZED", "INVALID_CONTENT_TYPE", "NOT_ACCEPTABLE")
"""What Prism says of a request; all else it says of itself or of the document."""
_EXAMPLES: Final = frozenset({"example", "examples", "default", "x-examples"})


class Outcome(Enum):
    """How far a call came."""

    FINE = "fine"
    """The server found nothing wrong, and its answer was read without drift."""
    NO_VALUE = "no value"
    """No arguments were found that fit the document."""
    NOT_SENT = "not sent"
    """The client refuses arguments that fit the document."""
    REFUSED = "refused"
    """The server found the request wrong."""
    NO_ANSWER = "no answer"
    """The server has no answer."""
    NOT_DECODED = "not decoded"
    """The client could not read the answer, or found drift."""


class Party(Enum):
    """Who may be at fault."""

    NOBODY = "nobody"
    OURS = "ours"
    DOCUMENT = "the document's"
    PRISM = "Prism's"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A call of an operation, and how it went."""

    call: str
    """The attribute path of the method."""
    pointer: str
    how: str
    """Flavour, round and size: ``sync static full``."""
    outcome: Outcome
    party: Party = Party.NOBODY
    words: str = ""
    """What was wrong."""


def judged(
    operation: Operation, answers: Schemas, how: str, error: Exception | None, responses: Sequence[Any]
) -> Exchange:
    """Return how a call went.

    Args:
        operation: What was called.
        answers: The schemas, as answers have to fit them.
        how: Which of several calls it was.
        error: What the call raised.
        responses: The answers that came.
    """
    outcome, party, words = _verdict(operation, answers, how, error, responses[-1] if responses else None)
    return Exchange(
        call=operation.call, pointer=operation.pointer, how=how, outcome=outcome, party=party, words=words[:600]
    )


def _verdict(
    operation: Operation, answers: Schemas, how: str, error: Exception | None, response: Any
) -> tuple[Outcome, Party, str]:
    if error is None:
        return Outcome.FINE, Party.NOBODY, ""
    words = " ".join(f"{type(error).__name__}: {error}".split())
    if isinstance(error, NoValue):
        return Outcome.NO_VALUE, Party.DOCUMENT, words
    if isinstance(error, Unfit) or (response is None and _name(error) in ("InvalidRequest", "ValidationError")):
        return Outcome.NOT_SENT, Party.OURS, words
    if response is None:
        is_silent = "TransportError" in {each.__name__ for each in type(error).__mro__}
        return (Outcome.NO_ANSWER, Party.PRISM, words) if is_silent else (Outcome.NOT_SENT, Party.OURS, words)
    said = violations(response.content)
    if said is not None:
        told = "; ".join(said)
        if told.startswith(_REFUSALS):
            return Outcome.REFUSED, Party.OURS, told
        return Outcome.NO_ANSWER, Party.PRISM, told
    if response.status >= 500 and b"prism" in response.content.lower():
        return Outcome.NO_ANSWER, Party.PRISM, words
    party, why = _of_answer(operation, answers, response, is_dynamic="dynamic" in how)
    return Outcome.NOT_DECODED, party, f"{words} [{why}]" if why else words


def _name(error: Exception) -> str:
    return type(error).__name__


def _of_answer(operation: Operation, answers: Schemas, response: Any, *, is_dynamic: bool) -> tuple[Party, str]:
    """Tell who made an answer that was not read: we, if it fits the document."""
    media = _media(operation, answers, response)
    if media is None:
        return Party.PRISM, f"{response.status} {response.headers.get('content-type', '')} is not declared"
    blamed = Party.DOCUMENT if not is_dynamic and any(_examples(answers, media)) else Party.PRISM
    try:
        body: JsonValue = json.loads(response.content)
    except ValueError:
        return blamed, "no JSON"
    complaint = answers.complaint(media.get("schema", {}), body)
    return (Party.OURS, "") if complaint is None else (blamed, complaint)


def _media(operation: Operation, answers: Schemas, response: Any) -> Mapping[str, JsonValue] | None:
    declared = as_mapping(operation.part("responses"))
    status = str(response.status)
    found = next((declared[key] for key in (status, f"{status[0]}XX", "default") if key in declared), None)
    if found is None:
        return None
    content = as_mapping(answers.resolved(found).get("content", {}))
    sent = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    for name, media in content.items():
        if name.partition(";")[0].strip().lower() in (sent, "*/*"):
            return as_mapping(media)
    return None


def _examples(schemas: Schemas, media: JsonValue) -> Iterator[bool]:
    """Yield for each example below a media type, references followed once."""
    seen: set[str] = set()
    pending: list[JsonValue] = [media]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            if node.keys() & _EXAMPLES:
                yield True
            reference = node.get("$ref")
            if isinstance(reference, str) and reference not in seen:
                seen.add(reference)
                pending.append(dict(schemas.resolved(node)))
            pending.extend(node.values())
        else:
            pending.extend(as_sequence(node))
