"""The writing of calls: an operation and its values to a request on the wire."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, TypeVar
from urllib.parse import quote, unquote

from .arguments import Unwritable
from .content import Content, encode_body
from .errors import InvalidRequest
from .operation import Operation, Request
from .parameters import Parameter, Query, argument_of
from .quoting import checked_header
from .styles import cookie_pairs, header_value, path_segment, query_pairs

P = TypeVar("P")

_LITERAL: Final = "/?#:@!$&'()*+,;=~%"
"""What stays in a template besides letters, digits, ``-``, ``.`` and ``_``."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class WireRequest:
    """A request as it goes over the wire, but for the credentials."""

    method: str
    path: str
    """Encoded, beginning with a slash, without the base URL."""
    query: str
    """Encoded, without the question mark."""
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[str, ...] = ()
    """``name=value`` pairs."""
    content: Content | None = None

    def __repr__(self) -> str:
        # Values are left out: they may be secret.
        return f"<WireRequest {self.method}>"


def encode(request: Request[Any], *, boundary: Callable[[], str]) -> WireRequest:
    """Write a call.

    Args:
        request: The call.
        boundary: Makes what separates the parts of a multipart body: a text that
            occurs in none of them.

    Raises:
        InvalidRequest: A value cannot be written.
    """
    operation = request.operation
    try:
        return _encoded(request, boundary)
    except Unwritable as error:
        raise InvalidRequest(
            f"{operation.name}: {error}",
            operation=operation.name,
            method=operation.method,
            path=operation.path,
            problems=error.problems,
        ) from None


def encode_path(operation: Operation[Any], values: Sequence[object]) -> str:
    """Write the path of a call, as its template has it: maybe with a query.

    Raises:
        Unwritable: A value cannot stand in a path.
    """
    written = {
        parameter.name: path_segment(parameter, value)
        for parameter, value in zip(operation.path_parameters, values, strict=True)
    }
    path = "".join(
        written[part] if index % 2 else part
        for index, part in enumerate(_template(operation.path))
    )
    for segment in path.partition("?")[0].split("/"):
        # Servers and proxies resolve dot segments, some of them after decoding.
        if unquote(unquote(segment)) in (".", ".."):
            for each in operation.path_parameters:
                if written[each.name] in segment:
                    told = f"{segment!r} cannot stand in a path"
                    raise Unwritable((argument_of(each), told))
    return path


def with_header(request: WireRequest, name: str, value: str) -> WireRequest:
    """Return a request with one header more.

    Raises:
        Unwritable: The value cannot stand in a header.
    """
    header = (name, checked_header(name, value))
    return replace(request, headers=(*request.headers, header))


def _encoded(request: Request[Any], boundary: Callable[[], str]) -> WireRequest:
    operation = request.operation
    _check_bounds(request)
    content = encode_body(
        operation,
        request.body,
        boundary=boundary,
        content_type=request.content_type,
    )
    headers: list[tuple[str, str]] = [("Accept", operation.accept)]
    for parameter, value in _given(operation.headers, request.headers):
        written = None if value is None else header_value(parameter, value)
        if written is not None:
            headers.append((parameter.name, written))
    if content is not None:
        headers.append(("Content-Type", content.media_type))
        if content.length is not None:
            headers.append(("Content-Length", str(content.length)))
    # A template may have a query of its own, and a fragment that tells it from others.
    path, _, fixed = (
        encode_path(operation, request.path).partition("#")[0].partition("?")
    )
    pairs = [
        pair
        for parameter, value in _given(operation.query, request.query)
        for pair in query_pairs(parameter, value)
    ]
    return WireRequest(
        method=operation.method,
        path=path,
        query="&".join([fixed, *pairs] if fixed else pairs),
        headers=tuple(headers),
        cookies=tuple(
            pair
            for cookie, value in _given(operation.cookies, request.cookies)
            for pair in cookie_pairs(cookie, value)
        ),
        content=content,
    )


def _check_bounds(request: Request[Any]) -> None:
    operation = request.operation
    # Annotated, since tuples of several kinds of parameters have no common type.
    told: tuple[tuple[tuple[Parameter, ...], tuple[object, ...]], ...] = (
        (operation.path_parameters, request.path),
        (operation.query, request.query),
        (operation.headers, request.headers),
        (operation.cookies, request.cookies),
    )
    problems = [
        (argument_of(parameter), complaint)
        for parameters, values in told
        for parameter, value in _given(parameters, values)
        if parameter.bounds is not None and value is not None
        if not (isinstance(parameter, Query) and parameter.allow_empty and value == "")
        for complaint in parameter.bounds.complaints(value)
    ]
    if problems:
        raise Unwritable(*problems)


def _given(
    parameters: tuple[P, ...], values: tuple[object, ...]
) -> Iterator[tuple[P, object]]:
    """Pair parameters with their values, of which there may be none at all."""
    return zip(parameters, values, strict=True) if values else iter(())


@lru_cache(maxsize=4096)
def _template(path: str) -> tuple[str, ...]:
    """Split a template: literals at even places, names at odd ones."""
    parts = re.split(r"\{([^{}]*)\}", path)
    return tuple(
        part if index % 2 else quote(part, safe=_LITERAL)
        for index, part in enumerate(parts)
    )
