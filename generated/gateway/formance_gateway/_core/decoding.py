"""The meaning of answers: which result or error a status and a body stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from typing_extensions import TypeVar

from .drift import Drift, Finding, OnDrift
from .errors import ApiError, DecodeError, one_line
from .model import Json, Model
from .operation import Operation
from .reading import Drifts, Unreadable, parse_json, read_json, read_text
from .redacting import RequestInfo
from .response import Response, without_secrets
from .results import Result
from .secret import scrub

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
EXCERPT: Final = 200
"""How many characters of a body that is no JSON an error shows."""


def decode(
    operation: Operation[T],
    response: Response,
    *,
    on_drift: OnDrift | None = None,
    strict: bool = False,
    secrets: Sequence[str] = (),
    describe: Callable[[], RequestInfo | None] | None = None,
) -> T:
    """Return what an answer holds.

    Args:
        operation: What was asked.
        response: The answer, read to its end.
        on_drift: Is told what the document does not know.
        strict: Whether that is an error.
        secrets: What was sent and must not show in the text of an error.
        describe: Gives what an error tells of the request.

    Raises:
        ApiError: The server refused.
        DecodeError: The answer does not hold what it should.
    """
    try:
        return _decoded(operation, response, on_drift, secrets, strict=strict)
    except (ApiError, DecodeError) as error:
        error.request = describe() if describe is not None else None
        raise


def decode_part(
    operation: Operation[Any],
    part: Response,
    read: Callable[[Drifts], T],
    *,
    on_drift: OnDrift | None,
    strict: bool,
    secrets: Sequence[str],
    describe: Callable[[], RequestInfo | None],
) -> T:
    """Return what a part of an answer holds.

    Args:
        operation: What was asked.
        part: The answer, with this part for its content.
        read: Reads it.
        on_drift: Is told what the document does not know.
        strict: Whether that is an error.
        secrets: What was sent and must not show in the text of an error.
        describe: Gives what an error tells of the request.

    Raises:
        DecodeError: The part does not hold what it should.
    """
    try:
        return _checked(operation, part, read, on_drift, secrets, strict=strict)
    except DecodeError as error:
        error.request = describe()
        raise


def is_success(operation: Operation[Any], status: int) -> bool:
    """Tell whether a status means success: by declaration, else by its class."""
    return 200 <= status < 300 or str(status) in dict(operation.results)


def api_error(
    operation: Operation[T],
    response: Response,
    *,
    secrets: Sequence[str] = (),
    request: RequestInfo | None = None,
) -> ApiError:
    """Return the error that an answer stands for, whatever its body looks like."""
    # A server may repeat what it was sent, and errors are kept, shown and pickled.
    response = without_secrets(response, secrets)
    raw: Json = None
    body: object = response.content or None
    with suppress(ValueError):
        body = raw = parse_json(response.content)
    declared = _of_status(operation.errors, response.status)
    if declared is not None and response.content:
        drifts = Drifts()
        with suppress(Unreadable):
            model = read_json(declared.adapter, response.content, drifts)
            # What lacks what it should have is rather another object.
            if not any(each.kind == "missing field" for each in drifts.found):
                body = model
    fields = _fields(raw)
    code = _declared(body, _code(fields))
    message = _text(_first(fields, MESSAGES))
    if message == code:
        message = ""
    message = scrub(message, secrets)
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
        request=request,
    )
    error.args = (_summary(error, secrets),)
    return error


def _decoded(
    operation: Operation[T],
    response: Response,
    on_drift: OnDrift | None,
    secrets: Sequence[str],
    *,
    strict: bool,
) -> T:
    if not is_success(operation, response.status):
        raise api_error(operation, response, secrets=secrets)
    result = result_for(operation, response)
    return _checked(
        operation,
        response,
        lambda drifts: result.read(response, drifts),
        on_drift,
        secrets,
        strict=strict,
    )


def _checked(
    operation: Operation[Any],
    response: Response,
    read: Callable[[Drifts], T],
    on_drift: OnDrift | None,
    secrets: Sequence[str],
    *,
    strict: bool,
) -> T:
    drifts = Drifts(thorough=strict or on_drift is not None)
    try:
        value = read(drifts)
    except Unreadable as error:
        raise _decode_error(operation, response, error, secrets) from None
    if drifts.found and on_drift is not None:
        on_drift(Drift(operation=operation.name, found=tuple(drifts.found)))
    if drifts.found and strict:
        raise _drift_error(operation, response, drifts.found)
    return value


def result_for(operation: Operation[T], response: Response) -> Result[T]:
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


def _code(fields: Mapping[str, Json]) -> Json:
    code = _first(fields, CODES)
    sentence = isinstance(code, str) and " " in code
    # OAuth has a code under ``error``, others have a sentence there.
    return None if sentence and code == fields.get("error") else code


def _declared(body: object, code: Json) -> str | int | None:
    """Return the code as the member of its enum, where the model declares one."""
    if isinstance(code, bool) or not isinstance(code, str | int):
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
    return scrub(f"{head} ({where})", secrets)


def _decode_error(
    operation: Operation[T],
    response: Response,
    error: Unreadable,
    secrets: Sequence[str],
) -> DecodeError:
    place = f" at {error.pointer}" if error.pointer else ""
    kind = response.headers.get("content-type", "no content type")
    # All of it is scrubbed before it is cut, or half a secret might be left.
    text = scrub(read_text(response.content), secrets) if error.foreign else ""
    excerpt = one_line(text[:EXCERPT])
    begins = f", beginning with {excerpt!r}" if excerpt else ""
    said = f"but{place}: {one_line(error.message)}; {one_line(kind)}{begins}"
    return DecodeError(
        f"{response.status}, {scrub(said, secrets)} "
        f"({operation.name}, {operation.method} {operation.path})",
        operation=operation.name,
        method=operation.method,
        path=operation.path,
        pointer=error.pointer,
        excerpt=excerpt,
        response=response,
    )


def _drift_error(
    operation: Operation[T],
    response: Response,
    findings: Sequence[Finding],
) -> DecodeError:
    first, *others = findings
    more = f" and {len(others)} more" if others else ""
    return DecodeError(
        f"{response.status}, but {one_line(str(first))}{more} "
        f"({operation.name}, {operation.method} {operation.path})",
        operation=operation.name,
        method=operation.method,
        path=operation.path,
        pointer=first.pointer,
        model=first.model,
        response=response,
    )
