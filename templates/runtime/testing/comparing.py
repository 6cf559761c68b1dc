"""The comparing of a call with the arguments that it should have had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from ..content import encode_body
from ..reading import parse_json
from ..styles import cookie_pairs, header_value, path_segment, query_pairs
from .probing import Probed
from .recording import Incoming, RecordedCall


def differences(
    probed: Probed, call: RecordedCall[Any], expected: Mapping[str, object]
) -> Iterator[str]:
    """Yield how a call differs from what it should have been.

    Expected values are written as a client writes them, and compared on the wire.

    Args:
        probed: The operation.
        call: The call.
        expected: Values of arguments by name, the body among them; None: not sent.

    Raises:
        TypeError: The method has no such argument.
    """
    known = (*probed.names, *filter(None, (probed.body, probed.content_type)))
    for name, value in expected.items():
        if name not in known:
            raise TypeError(f"{probed.method}() has no argument {name!r}")
        if name == probed.body:
            if not _same_body(probed, call.request, value):
                yield f"{name}: {call.body!r} instead of {value!r}"
        elif not _same(probed, call, name, value):
            got = call.arguments.get(name)
            yield f"{name}: {got!r} instead of {value!r}"


def _same(probed: Probed, call: RecordedCall[Any], name: str, value: object) -> bool:
    operation, sent = probed.operation, call.arguments.get(name)
    if value is None or sent is None or name == probed.content_type:
        return value == sent
    if name in probed.path:
        parameter = operation.path_parameters[probed.path.index(name)]
        return sent == unquote(path_segment(parameter, value))
    if name in probed.headers:
        header = operation.headers[probed.headers.index(name)]
        return sent == header_value(header, value)
    if name in probed.cookies:
        cookie = operation.cookies[probed.cookies.index(name)]
        crumbs = call.request.headers.get("cookie", "").split("; ")
        return set(cookie_pairs(cookie, value)) <= set(crumbs)
    query = operation.query[probed.query.index(name)]
    expected = query_pairs(query, value)
    keys = {pair.partition("=")[0] for pair in expected}
    pairs = call.request.query.split("&")
    return expected == [pair for pair in pairs if pair.partition("=")[0] in keys]


def _same_body(probed: Probed, request: Incoming, body: object) -> bool:
    kind = request.headers.get("content-type", "")
    boundary = kind.partition("boundary=")[2]
    chosen = kind.partition("; boundary=")[0] if probed.content_type else None
    content = encode_body(
        probed.operation, body, boundary=lambda: boundary, content_type=chosen or None
    )
    if content is None:
        return not request.content
    if content.media_type == kind == "application/json":
        assert isinstance(content.source, bytes)
        return parse_json(content.source) == parse_json(request.content)
    return content.source == request.content
