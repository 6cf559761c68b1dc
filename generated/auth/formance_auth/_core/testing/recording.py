"""Calls as a service sees them: arguments by their Python names, bodies as models."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, get_origin
from urllib.parse import parse_qsl, unquote

from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypeVar

from ..bodies import JsonBody, JsonLinesBody, TextBody
from ..framing import LineFrames
from ..operation import Operation
from ..parameters import Cookie, Query
from ..reading import parse_json, read_text
from ..response import Headers
from .adapters import is_adapter
from .probing import Probed

B_co = TypeVar("B_co", covariant=True, default=None)
A = TypeVar("A")


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A request as it came."""

    method: str
    path: str
    """As it went over the wire, beginning with a slash."""
    query: str
    headers: Headers
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCall(Generic[B_co]):
    """A request that a fake service got. Each attempt of a call is one."""

    operation: str
    """The attribute path of the method: ``v2.create_transaction``."""
    arguments: Mapping[str, str | tuple[str, ...]]
    """What was sent, as text, by the Python names of the method's arguments; several
    texts where a parameter was sent several times. The body is not among them."""
    body: B_co
    """The body: the model, text or bytes that it was made of; None where there is none.
    Forms are bytes."""
    request: Incoming
    """The request itself."""

    def argument(self, name: str, kind: type[A]) -> A:
        """Return an argument as a value of a type: ``call.argument("page_size", int)``.

        Raises:
            KeyError: It was not sent.
            ValueError: It is not of that type.
        """
        value = self.arguments[name]
        if isinstance(value, str) and get_origin(kind) is list:
            value = (value,)
        return TypeAdapter(kind).validate_python(value)

    def __repr__(self) -> str:
        # Values are left out: they may be secret.
        return f"<RecordedCall {self.operation}>"


def recorded(
    probed: Probed, values: tuple[str, ...], request: Incoming
) -> RecordedCall[Any]:
    """Return a request as a call of an operation.

    Args:
        probed: The operation.
        values: What stands in the path, in the order of the template.
        request: The request.
    """
    operation = probed.operation
    arguments: dict[str, str | tuple[str, ...]] = {}
    arguments |= _in_path(probed, values)
    arguments |= _several(operation.query, probed.query, _pairs(request.query))
    arguments |= _whole(probed, request.query)
    for header, name in zip(operation.headers, probed.headers, strict=True):
        if header.name in request.headers:
            arguments[name] = request.headers[header.name]
    crumbs = [each.split("=", 1) for each in _cookies(request) if "=" in each]
    cookies = [(name, value) for name, value in crumbs]
    arguments |= _several(operation.cookies, probed.cookies, cookies)
    kind = request.headers.get("content-type", "").partition("; boundary=")[0]
    if probed.content_type and kind:
        arguments[probed.content_type] = kind
    return RecordedCall(
        operation=operation.name,
        arguments=arguments,
        body=_body(operation, request),
        request=request,
    )


def _in_path(probed: Probed, values: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    parameters = probed.operation.path_parameters
    pairs = zip(parameters, probed.path, strict=True)
    names = {parameter.name: name for parameter, name in pairs}
    template = re.findall(r"\{([^{}]*)\}", probed.operation.path)
    for wire, value in zip(template, values, strict=True):
        yield names[wire], value


def _whole(probed: Probed, query: str) -> Iterable[tuple[str, str]]:
    """Yield the parameter that is the whole query."""
    for parameter, name in zip(probed.operation.query, probed.query, strict=True):
        if query and parameter.style == "querystring":
            yield name, unquote(query)


def _pairs(query: str) -> Sequence[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)


def _cookies(request: Incoming) -> Iterable[str]:
    return request.headers.get("cookie", "").split("; ")


def _several(
    parameters: Iterable[Query | Cookie],
    names: Iterable[str],
    pairs: Iterable[tuple[str, str]],
) -> Iterable[tuple[str, str | tuple[str, ...]]]:
    found = list(pairs)
    for parameter, name in zip(parameters, names, strict=True):
        texts = tuple(text for key, text in found if _is_of(parameter, key))
        if texts:
            yield name, texts[0] if len(texts) == 1 else texts


def _is_of(parameter: Query | Cookie, key: str) -> bool:
    deep = parameter.style == "deepObject" and key.startswith(f"{parameter.name}[")
    return key == parameter.name or deep


def _body(operation: Operation[Any], request: Incoming) -> object:
    content = request.content
    sent = request.headers.get("content-type", "").partition(";")[0].strip()
    form = next(
        (each for each in operation.body if each.media_type.partition(";")[0] == sent),
        None,
    )
    if not content and not sent:
        return None
    if isinstance(form, JsonLinesBody):
        frames = [*(lines := LineFrames()).feed(content), *lines.finish()]
        return [_read(form.adapter, frame.data) for frame in frames]
    if isinstance(form, JsonBody):
        return _read(form.adapter, content)
    return read_text(content) if isinstance(form, TextBody) else content


def _read(adapter: object, content: bytes) -> object:
    assert is_adapter(adapter)
    try:
        found: object = adapter.validate_json(content)
    except ValidationError:
        # A caller of another client may send what does not fit.
        return parse_json(content)
    return found
