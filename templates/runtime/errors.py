"""What can go wrong in a call, each with what there is to know about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final, Self

from .model import Json
from .redacting import RequestInfo
from .response import Response

LONGEST: Final = 500
"""How many characters of a server's message go into the text of an error."""


class ClientError(Exception):
    """The root of all errors of a client."""

    __match_args__: tuple[str, ...] = ("operation",)
    _joint: ClassVar[type | None] = None
    """In a class's own namespace: the subclass that is raised in its stead."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """Return an error of this class, or of the one that stands in: see `join`.

        What it takes is what ``__init__`` takes.
        """
        joint = vars(cls).get("_joint")
        if isinstance(joint, type) and issubclass(joint, cls):
            return joint.__new__(joint, *args, **kwargs)
        return super().__new__(cls, *args)

    def __init__(
        self,
        message: str,
        *,
        operation: str = "",
        method: str = "",
        path: str = "",
        request: RequestInfo | None = None,
    ) -> None:
        # Not super(): behind this class there may be one of another package.
        Exception.__init__(self, message)
        self.operation = operation
        """The attribute path of the method: ``v2.create_transaction``."""
        self.method = method
        """The HTTP method."""
        self.path = path
        """The path template, without values."""
        self.request = request
        """The request that was sent last, without secrets; None where none was."""

    @property
    def attempts(self) -> int:
        """How many requests were made."""
        return 0 if self.request is None else self.request.attempts

    def curl(self) -> str | None:
        """Return a command line that makes the request again; None where none was sent.

        ``***`` stands for what may be secret, ``@body`` for the body.
        """
        return None if self.request is None else self.request.curl()

    def __reduce__(self) -> tuple[object, ...]:
        # A class that stands in for another cannot be found by its name.
        kind = next(each for each in type(self).__mro__ if "_joined" not in vars(each))
        return _restored, (kind, self.args, self.__dict__)

    @classmethod
    def join(cls, other: type[Exception]) -> None:
        """Make errors of this class errors of another class as well."""
        kind = vars(cls).get("_joint") or cls
        if not issubclass(kind, other):
            names = {"__module__": cls.__module__, "__doc__": cls.__doc__}
            bases = (kind, other)
            cls._joint = type(cls.__name__, bases, {**names, "_joined": other})


class InvalidRequest(ClientError, ValueError):
    """What was given cannot be sent. Nothing was."""

    __match_args__ = ("operation", "argument")

    def __init__(
        self,
        message: str,
        *,
        operation: str = "",
        method: str = "",
        path: str = "",
        problems: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(message, operation=operation, method=method, path=path)
        self.problems = problems
        """What is wrong where: ``("body.postings.0.amount", "Field required")``."""

    @property
    def argument(self) -> str:
        """The place of the first problem: ``page_size``, ``body.postings.0.amount``."""
        return self.problems[0][0] if self.problems else ""


class TransportError(ClientError):
    """No answer came, or not all of it."""

    __match_args__ = ("operation", "may_have_been_applied")

    def __init__(
        self,
        message: str,
        *,
        operation: str = "",
        method: str = "",
        path: str = "",
        request: RequestInfo | None = None,
        may_have_been_applied: bool = True,
    ) -> None:
        super().__init__(
            message, operation=operation, method=method, path=path, request=request
        )
        self.may_have_been_applied = may_have_been_applied
        """Whether the server may have seen, and done, what was asked."""


class RequestTimeout(TransportError):
    """The time allowed ran out."""


class AuthError(ClientError):
    """There is no credential to send: none was given, or no token was issued."""


class PaginationError(ClientError):
    """A server's pages do not lead on."""


class DecodeError(ClientError):
    """An answer of a successful status does not hold what it should."""

    __match_args__ = ("status", "pointer", "model")

    def __init__(
        self,
        message: str,
        *,
        operation: str,
        method: str,
        path: str,
        pointer: str,
        response: Response,
        model: str = "",
        excerpt: str = "",
        request: RequestInfo | None = None,
    ) -> None:
        super().__init__(
            message, operation=operation, method=method, path=path, request=request
        )
        self.pointer = pointer
        """The JSON pointer (RFC 6901) of what is wrong in the body."""
        self.model = model
        """The model that does not fit, where that is known."""
        self.excerpt = excerpt
        """The beginning of a body that is of another kind than was asked for."""
        self.response = response
        self.status = response.status
        """The HTTP status."""

    @property
    def content_type(self) -> str:
        """What the server calls the body; empty where it does not say."""
        return self.response.headers.get("content-type", "")

    @property
    def request_id(self) -> str | None:
        """What to tell the people who run the service."""
        return _request_id(self.response)


class ApiError(ClientError):
    """The server refused: an answer of an error status."""

    __match_args__ = ("status", "code", "message")

    def __init__(
        self,
        text: str,
        *,
        operation: str,
        method: str,
        path: str,
        response: Response,
        code: str | int | None = None,
        message: str = "",
        details: Json = None,
        body: object = None,
        request: RequestInfo | None = None,
    ) -> None:
        super().__init__(
            text, operation=operation, method=method, path=path, request=request
        )
        self.status = response.status
        """The HTTP status."""
        self.code = code
        """The service's own code, of its open enum where it declares one."""
        self.message = message
        """The service's own words; empty where it said nothing."""
        self.details = details
        self.body = body
        """The declared model of the error, else plain JSON, else bytes or None."""
        self.response = response

    @property
    def request_id(self) -> str | None:
        """What to tell the people who run the service."""
        return self.response.headers.request_id

    @classmethod
    def of(cls, status: int) -> type[ApiError]:
        """Return the class of a status."""
        if status in BY_STATUS:
            return BY_STATUS[status]
        return ServerError if status >= 500 else ApiError


class BadRequest(ApiError):
    """400."""


class Unauthorized(ApiError):
    """401: no valid credential, or one without the scope that is needed."""


class Forbidden(ApiError):
    """403."""


class NotFound(ApiError):
    """404."""


class Conflict(ApiError):
    """409."""


class Gone(ApiError):
    """410."""


class UnprocessableEntity(ApiError):
    """422."""


class RateLimited(ApiError):
    """429."""


class ServerError(ApiError):
    """5xx."""


BY_STATUS: Final[dict[int, type[ApiError]]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    410: Gone,
    422: UnprocessableEntity,
    429: RateLimited,
}


KINDS: Final[Mapping[str, type[ClientError]]] = {
    kind.__name__: kind
    for kind in (
        ClientError,
        InvalidRequest,
        TransportError,
        RequestTimeout,
        AuthError,
        PaginationError,
        DecodeError,
        ApiError,
        *BY_STATUS.values(),
        ServerError,
    )
}
"""All of them by name, which is the same in each package."""


def join(others: Mapping[str, type[Exception]]) -> None:
    """Make the errors raised from now on errors of another package as well.

    ``except`` looks at the bases of a class and at nothing else, no hook and no
    registry. So each class gets a subclass with a second base, the class of the same
    name over there, and that one is raised.
    """
    for name, kind in KINDS.items():
        if name in others:
            kind.join(others[name])


def one_line(text: str) -> str:
    """Return a server's words as one line of reasonable length."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _request_id(response: Response) -> str | None:
    for name in ("x-request-id", "request-id", "x-correlation-id"):
        if value := response.headers.get(name):
            return value
    return None


def _restored(
    kind: type[ClientError], args: tuple[object, ...], state: dict[str, object]
) -> ClientError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error
