"""How a call went, and whose fault it is where it went wrong."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from conversation.arguments import Operation, Unfit
from conversation.prism import ERRORS, objections
from conversation.schemas import Schemas
from conversation.values import NoValue, Wish, value_of
from formance_codegen.load.json_value import JsonValue, as_mapping, as_sequence

_REFUSALS: Final = ("UNPROCESSABLE_ENTITY", "UNAUTHORIZED", "INVALID_CONTENT_TYPE", "NOT_ACCEPTABLE")
"""What Prism says of a request; all else it says of itself or of the document."""
PROBLEM: Final = ERRORS.encode()
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
    why: str = ""
    """Why it is that party's fault, where somebody looked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A call that was made, and what came of it."""

    operation: Operation
    how: str
    wish: Wish
    status: int | None
    """Which error the server was asked to answer; None for none."""
    error: Exception | None
    """What the call raised."""
    response: Any
    """The last answer, or None."""
    drifts: tuple[Any, ...] = ()
    """What the client found in it that the document does not know."""

    @property
    def words(self) -> str:
        """What was raised."""
        return "" if self.error is None else " ".join(f"{type(self.error).__name__}: {self.error}".split())


def judged(attempt: Attempt, answers: Schemas) -> Exchange:
    """Return how a call went.

    Args:
        attempt: The call.
        answers: The schemas of its document, as answers have to fit them.
    """
    outcome, party, words = _verdict(attempt, answers)
    operation = attempt.operation
    return Exchange(
        call=operation.call, pointer=operation.pointer, how=attempt.how, outcome=outcome, party=party, words=words[:600]
    )


def fallen(operation: Operation, how: str) -> Exchange:
    """Return a call that was never made, since the server falls over again and again."""
    return Exchange(
        call=operation.call,
        pointer=operation.pointer,
        how=how,
        outcome=Outcome.NO_ANSWER,
        party=Party.PRISM,
        words="the server fell over too often",
    )


def _verdict(attempt: Attempt, answers: Schemas) -> tuple[Outcome, Party, str]:
    error, response, words = attempt.error, attempt.response, attempt.words
    if isinstance(error, NoValue):
        return Outcome.NO_VALUE, Party.DOCUMENT, words
    if response is None:
        kinds = {each.__name__ for each in type(error).__mro__}
        is_silent = not isinstance(error, Unfit) and "TransportError" in kinds
        return (Outcome.NO_ANSWER, Party.PRISM, words) if is_silent else (Outcome.NOT_SENT, Party.OURS, words)
    said = objections(response.headers, response.content)
    against = [line for line in said if line.startswith(("request", *_REFUSALS))]
    if against:
        sent = attempt.operation.media_type(attempt.wish)
        told = "; ".join(dict.fromkeys(against))
        return Outcome.REFUSED, Party.OURS, f"{told[:400]} (sent as {sent})" if sent else told
    if said and response.status >= 500 and PROBLEM in response.content:
        return Outcome.NO_ANSWER, Party.PRISM, "; ".join(dict.fromkeys(said))
    if error is None if attempt.status is None else _is_told(attempt):
        return Outcome.FINE, Party.NOBODY, ""
    if attempt.status is None and _is_only_errors(attempt, answers):
        return Outcome.FINE, Party.NOBODY, ""
    party, why = _of_answer(attempt, answers)
    words = words or f"status {response.status} instead of an error"
    return Outcome.NOT_DECODED, party, f"{words} [{why}]" if why else words


def _is_told(attempt: Attempt) -> bool:
    """Tell whether the error that was asked for came to the caller, with a body of the declared type."""
    error: Any = attempt.error
    if getattr(error, "status", None) != attempt.status or not hasattr(error, "body"):
        return False
    declared = {str(each["status"]): each["model"] for each in map(as_mapping, _errors(attempt.operation))}
    status = str(attempt.status)
    model = next((declared[key] for key in (status, f"{status[0]}XX", "default") if key in declared), None)
    return model is None or type(error.body).__name__ != "dict"


def _errors(operation: Operation) -> Sequence[JsonValue]:
    return as_sequence(operation.described["errors"])


def _is_only_errors(attempt: Attempt, answers: Schemas) -> bool:
    """Tell whether an operation answers with nothing but errors: then one of them is as it should be."""
    statuses = as_mapping(attempt.operation.part("responses")).keys()
    return hasattr(attempt.error, "body") and not any(each[0] in "123d" for each in statuses if each)


def _of_answer(attempt: Attempt, answers: Schemas) -> tuple[Party, str]:
    """Tell whose fault it is that an answer was not read: ours, if it fits the document."""
    operation, response = attempt.operation, attempt.response
    is_dynamic = "dynamic" in attempt.how
    media = _media(operation, answers, response)
    if media is None:
        return Party.PRISM, f"{response.status} {response.headers.get('content-type', '')} is not declared"
    has_example = not is_dynamic and any(_examples(answers, media))
    blamed = Party.DOCUMENT if has_example or not _has_value(answers, media.get("schema", {})) else Party.PRISM
    try:
        body: JsonValue = json.loads(response.content)
    except ValueError:
        return blamed, "no JSON"
    complaint = answers.complaint(media.get("schema", {}), body)
    if complaint is None and attempt.drifts and all(each.kind == "unknown field" for each in attempt.drifts):
        # The schema does not forbid them, and does not know them either.
        return (Party.DOCUMENT if has_example else Party.PRISM), "fields that the schema does not name"
    return (Party.OURS, "") if complaint is None else (blamed, complaint)


def _has_value(schemas: Schemas, schema: JsonValue) -> bool:
    """Tell whether anything fits a schema, as far as values can be found."""
    try:
        value_of(schemas, schema, "value", Wish(full=False))
        value_of(schemas, schema, "value", Wish(full=True))
    except NoValue:
        return False
    return True


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


def _examples(schemas: Schemas, media: Mapping[str, JsonValue]) -> Iterator[bool]:
    """Yield for each example below a media type, references followed once."""
    seen: set[str] = set()
    pending: list[JsonValue] = [*media.values(), dict.fromkeys(media)]
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
