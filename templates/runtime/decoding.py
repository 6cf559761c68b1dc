"""The meaning of answers: which result or error a status and a body stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from typing_extensions import TypeVar

from .drift import Drift, OnDrift, find_drift
from .errors import ApiError, DecodeError, one_line
from .model import Json, Model
from .operation import Operation
from .reading import Drifts, Unreadable, parse_json, read_json
from .response import Response, scrubbed
from .results import Result

T = TypeVar("T")
R = TypeVar("R")

CODES: Final = ("errorCode", "code", "error")
MESSAGES: Final = (
    "errorMessage",
    "message",
    "error_description",
    "detail",
    "title",
    "error",
)
DETAILS: Final = ("details", "errors")


def decode(
    operation: Operation[T],
    response: Response,
    *,
    on_drift: OnDrift | None = None,
    secrets: Sequence[str] = (),
) -> T:
    """Return what an answer holds.

    Args:
        operation: What was asked.
        response: The answer, read to its end.
        on_drift: Is told what the document does not know.
        secrets: What was sent and must not show in the text of an error.

    Raises:
        ApiError: The server refused.
        DecodeError: The answer does not hold what it should.
    """
    if not is_success(operation, response.status):
        raise api_error(operation, response, secrets=secrets)
    result = _result_for(operation, response)
    drifts = Drifts()
    try:
        value = result.read(response, drifts)
    except Unreadable as error:
        raise _decode_error(operation, response, error) from None
    if on_drift is not None:
        found = (*drifts.found, *find_drift(value))
        if found:
            on_drift(Drift(operation=operation.name, found=found))
    return value


def is_success(operation: Operation[Any], status: int) -> bool:
    """Tell whether a status means success: by declaration, else by its class."""
    return 200 <= status < 300 or str(status) in dict(operation.results)


def api_error(
    operation: Operation[T], response: Response, *, secrets: Sequence[str] = ()
) -> ApiError:
    """Return the error that an answer stands for, whatever its body looks like."""
    # A server may repeat what it was sent, and errors are kept, shown and pickled.
    response = scrubbed(response, secrets)
    raw: Json = None
    body: object = response.content or None
    with suppress(ValueError):
        body = raw = parse_json(response.content)
    declared = _of_status(operation.errors, response.status)
    if declared is not None and response.content:
        with suppress(Unreadable):
            body = read_json(declared.adapter, response.content, Drifts())
    fields = _fields(raw)
    code = _declared(body, _first(fields, CODES))
    message = _text(_first(fields, MESSAGES))
    if message == code:
        message = ""
    for secret in secrets:
        message = message.replace(secret, "***")
    kind = ApiError.of(response.status)
    error = kind(
        "",
        operation=operation.name,
        method=operation.method,
        path=operation.path,
        response=response,
        code=code,
        message=message,
        details=_first(fields, DETAILS),
        body=body,
    )
    error.args = (_summary(error, secrets),)
    return error


def _result_for(operation: Operation[T], response: Response) -> Result[T]:
    """Return what an answer is declared to hold, or what comes nearest to it."""
    found = _of_status(operation.results, response.status)
    if found is not None:
        return found
    # Of the other successes, those without content fit an answer without content.
    declared = [result for _, result in operation.results]
    for result in declared:
        if (result.media_type is None) is not bool(response.content):
            return result
    return declared[0]


def _of_status(table: Sequence[tuple[str, R]], status: int) -> R | None:
    found = dict(table)
    for key in (str(status), f"{status // 100}XX", "default"):
        if key in found:
            return found[key]
    return None


def _fields(raw: Json) -> Mapping[str, Json]:
    if not isinstance(raw, dict):
        return {}
    inner = raw.get("error")
    return inner if isinstance(inner, dict) else raw


def _first(fields: Mapping[str, Json], names: Sequence[str]) -> Json:
    for name in names:
        value = fields.get(name)
        if value not in (None, ""):
            return value
    return None


def _declared(body: object, code: Json) -> str | int | None:
    """Return the code as the member of its enum, where the model declares one."""
    if isinstance(code, bool) or not isinstance(code, str | int):
        return None
    if isinstance(code, str) and " " in code:
        # A sentence under the key of a code.
        return None
    if isinstance(body, Model):
        for name in type(body).model_fields:
            value = getattr(body, name, None)
            if isinstance(value, str | int) and value == code:
                return value
    return code


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _summary(error: ApiError, secrets: Sequence[str]) -> str:
    parts = [str(error.status)]
    if error.code is not None:
        parts.append(str(error.code))
    said = one_line(error.message)
    head = " ".join(parts) + (f": {said}" if said else "")
    where = f"{error.operation}, {error.method} {error.path}"
    if error.request_id:
        where += f", request {one_line(error.request_id)}"
    text = f"{head} ({where})"
    for secret in secrets:
        text = text.replace(secret, "***")
    return text


def _decode_error(
    operation: Operation[T], response: Response, error: Unreadable
) -> DecodeError:
    place = f" at {error.pointer}" if error.pointer else ""
    return DecodeError(
        f"{response.status}, but{place}: {one_line(error.message)} "
        f"({operation.name}, {operation.method} {operation.path})",
        operation=operation.name,
        method=operation.method,
        path=operation.path,
        pointer=error.pointer,
        response=response,
    )
