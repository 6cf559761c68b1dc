"""Answers of a service: from values, errors and examples to status, headers and body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, Literal, TypeAlias

from pydantic import ValidationError
from pydantic_core import to_json

from ..content import encode_json
from ..decoding import CODES, DETAILS, MESSAGES, api_error
from ..guards import is_list
from ..model import Json, Model
from ..operation import Operation
from ..paged_at import PagedAt, SinglePaged
from ..reading import Drifts, Unreadable
from ..response import Headers, Response
from ..results import Data, Empty, HeaderValue, NoPage, Paged, Result, Stream, Text
from ..results import Json as JsonResult
from ..sequences import Sequenced, is_sequenced
from ..shapes import models_of, wire_name_of
from .adapters import type_of, writer_of
from .examples import example_json
from .streaming import chunks_of, example_chunk

JSON: Final = "application/json"
Disturbance: TypeAlias = Literal["timeout", "disconnect", "refused"]
"""What may happen on the way: no answer in time, a line that breaks off before there
is one, no connection at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer as it goes over the wire."""

    status: int = 200
    json: Json | None = None
    """The body as JSON; where it is None, `content` is the body."""
    content: bytes | tuple[bytes, ...] = b""
    """The body as bytes: all at once, or piece by piece."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    breaks_off: bool = False
    """Whether the line breaks off behind the body, before it is at its end."""

    @property
    def chunks(self) -> tuple[bytes, ...]:
        """The body, piece by piece."""
        if self.json is not None:
            return (to_json(self.json),)
        return (self.content,) if isinstance(self.content, bytes) else self.content

    @property
    def response(self) -> Response:
        """The answer as a client gets it."""
        kind = [("content-type", JSON)] if self.json is not None else []
        pairs = (*kind, *self.headers.items())
        return Response(self.status, Headers(pairs), b"".join(self.chunks))


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An answer of an error status, with a body as the document declares it."""

    status: int
    code: str | int | None = None
    """The service's own code."""
    message: str = ""
    details: Json = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def answer_of(operation: Operation[Any], value: object) -> Answer:
    """Return the answer that gives a value to who calls an operation.

    Raises:
        ValueError: The operation gives no such value.
    """
    empty = [each for each in operation.results if isinstance(each[1], Empty)]
    others = [each for each in operation.results if each not in empty]
    reason = "it has no content"
    for status, result in (*empty, *others) if value is None else others:
        drifts = Drifts()
        try:
            answer = _answer(result, int(status_of(status)), value)
            result.read(answer.response, drifts)
        except Unreadable as error:
            reason = f"{error.pointer or 'the whole'}: {error.message}"
        except ValidationError as error:
            reason = str(error)
        else:
            if not drifts.found:
                return answer
            reason = str(drifts.found[0])
    raise ValueError(f"{operation.name} does not give that: {reason}")


def example_of(operation: Operation[Any]) -> Answer:
    """Return an answer as the document has it, with values of no meaning.

    Raises:
        Endless: There is no finite value.
    """
    status, result = main_result(operation)
    number = int(status_of(status))
    match result:
        case JsonResult() | Data():
            return Answer(status=number, json=example_json(type_of(result.adapter)))
        case HeaderValue():
            value = example_json(type_of(result.adapter), result.header)
            return _answer(result, number, value)
        case Text():
            return _answer(result, number, "text")
        case Stream():
            return _answer(result, number, b"bytes")
        case _ if is_sequenced(result):
            return _items(result, number, (example_chunk(result),))
        case _:
            return Answer(status=number)


def refusal_of(operation: Operation[Any], refusal: Refusal) -> Answer:
    """Return the answer that stands for an error."""
    status = refusal.status
    declared = _declared(operation, status)
    body: Json = {} if declared is None else example_json(type_of(declared.adapter))
    fields = body.get("error") if isinstance(body, dict) else None
    fields = fields if isinstance(fields, dict) else body
    if not isinstance(fields, dict):
        return Answer(status=status, json=body, headers=refusal.headers)
    known = _known(declared)
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else ""
    fields[_key(known, MESSAGES)] = refusal.message or phrase
    if refusal.code is not None:
        fields[_key(known, CODES)] = refusal.code
    if refusal.details is not None:
        fields[_key(known, DETAILS)] = refusal.details
    answer = Answer(status=status, json=body, headers=refusal.headers)
    if refusal.code is None and phrase:
        return _with_usual_code(operation, answer, fields, _key(known, CODES))
    return answer


def main_result(operation: Operation[Any]) -> tuple[str, Result[Any]]:
    """Return the result that decides what an operation gives, with its status."""
    found = [
        each for each in operation.results if not isinstance(each[1], Empty | NoPage)
    ]
    return (*found, *operation.results)[0]


def status_of(key: str) -> str:
    """Return a status that a key of a table of results stands for."""
    return "200" if key == "default" else key.replace("X", "0")


def _answer(result: Result[Any], status: int, value: object) -> Answer:
    match result:
        case JsonResult():
            content = encode_json(writer_of(result.adapter), value)
        case Data():
            content = encode_json(writer_of(result.adapter), {"data": value})
        case HeaderValue():
            text = encode_json(writer_of(result.adapter), value).decode()
            return Answer(status=status, headers={result.header: text.strip('"')})
        case Text():
            headers = {"content-type": f"{result.kind}; charset=utf-8"}
            return Answer(status=status, content=str(value).encode(), headers=headers)
        case Stream():
            headers = {"content-type": result.kind}
            return Answer(status=status, content=_chunks(value), headers=headers)
        case _ if is_sequenced(result):
            if not is_list(value):
                raise Unreadable("", "a stream of items is a list of them")
            return _items(result, status, chunks_of(result, value))
        case Paged() | PagedAt() | SinglePaged():
            raise Unreadable("", "a page is given as its items")
        case _:
            return Answer(status=status)
    return Answer(status=status, content=content, headers={"content-type": JSON})


def _items(result: Sequenced[Any], status: int, chunks: tuple[bytes, ...]) -> Answer:
    headers = {"content-type": result.kind}
    return Answer(status=status, content=chunks, headers=headers)


def _chunks(value: object) -> bytes | tuple[bytes, ...]:
    if isinstance(value, bytes):
        return value
    if is_list(value):
        chunks = tuple(chunk for chunk in value if isinstance(chunk, bytes))
        if len(chunks) == len(value):
            return chunks
    raise Unreadable("", "a stream is bytes, or pieces of bytes")


def _declared(operation: Operation[Any], status: int) -> JsonResult[object] | None:
    table = dict(operation.errors)
    keys = (str(status), f"{status // 100}XX", "default")
    return next((table[key] for key in keys if key in table), None)


def _known(declared: JsonResult[object] | None) -> frozenset[str]:
    """Return the names on the wire that an error may have, also those deeper inside."""
    if declared is None:
        return frozenset()
    models = list(models_of(type_of(declared.adapter)))
    names: set[str] = set()
    seen: set[type[Model]] = set()
    while models:
        model = models.pop()
        if model in seen:
            continue
        seen.add(model)
        model.model_rebuild()
        for name, each in model.model_fields.items():
            names.add(wire_name_of(model, name))
            if wire_name_of(model, name) == "error":
                models += models_of(each.annotation)
    return frozenset(names)


def _key(known: frozenset[str], names: tuple[str, ...]) -> str:
    return next((name for name in names if name in known), names[0])


def _with_usual_code(
    operation: Operation[Any], answer: Answer, fields: dict[str, Json], key: str
) -> Answer:
    """Return the answer with the code that is called as its status, if there is one."""
    required = fields.get(key)
    usual = HTTPStatus(answer.status).name
    fields[key] = usual
    code = api_error(operation, answer.response).code
    if getattr(code, "is_known", False):
        return answer
    if required is None:
        del fields[key]
    else:
        fields[key] = required
    return answer
