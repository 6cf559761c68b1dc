"""What a document cannot mean as it says it: a client is made all the same, with a warning."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from formance_codegen.diagnostics import Diagnostic, diagnose
from formance_codegen.load.findings import quoted
from formance_codegen.load.json_value import JsonValue, as_mapping, as_sequence, as_text
from formance_codegen.load.refs import follow
from formance_codegen.load.spans import nearest
from formance_codegen.load.structure import Kind, parts
from formance_codegen.pointer import Pointer, join
from formance_codegen.source import Span

_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")
_MEDIA_TYPE: Final = re.compile(r"\s*(?:\*|[^\s/;,]+)/[^\s/;,]+\s*(?:;.*)?", re.DOTALL)
"""As loose as servers are (RFC 9110, section 8.3.1)."""
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""The name of a header or of a cookie (RFC 9110, section 5.6.2)."""


def find_doubts(data: JsonValue, spans: Mapping[Pointer, Span]) -> tuple[Diagnostic, ...]:
    """Return a ``doubtful`` warning for each such part of a normalised document whose references were checked."""
    found = (
        (join(part.pointer, *doubt.below), doubt)
        for part in parts(data)
        if part.kind in _RULES and isinstance(part.value, dict) and "$ref" not in part.value
        for doubt in _RULES[part.kind](part.value, data)
    )
    return tuple(
        diagnose("doubtful", doubt.message, span=nearest(spans, place), pointer=place, notes=(doubt.instead,))
        for place, doubt in found
    )


class _Doubt(NamedTuple):
    """What is wrong, what was made of it, and where it is in its object."""

    message: str
    instead: str
    below: tuple[str | int, ...] = ()


_Rule: TypeAlias = Callable[[dict[str, JsonValue], JsonValue], Iterator[_Doubt]]


def _paths(node: dict[str, JsonValue], _data: JsonValue) -> Iterator[_Doubt]:
    firsts: dict[str, str] = {}
    for path in node:
        variables = Counter(_VARIABLE.findall(path))
        for name in (name for name, count in variables.items() if count > 1):
            yield _Doubt(f'the path has "{{{name}}}" more than once', "each gets the same value", (path,))
        first = firsts.setdefault(_VARIABLE.sub("{}", path), path)
        if first != path:
            yield _Doubt(f'the path is the same as "{first}" to a server', "the client has both", (path,))


def _parameter(node: dict[str, JsonValue], data: JsonValue) -> Iterator[_Doubt]:
    if "schema" in node and "content" in node:
        yield _Doubt('"schema" and "content" exclude each other', "the content counts", ("schema",))
    yield from _content(node, data)


def _content(node: dict[str, JsonValue], _data: JsonValue) -> Iterator[_Doubt]:
    for name in as_mapping(node.get("content")):
        if not _MEDIA_TYPE.fullmatch(name):
            yield _Doubt(f"{quoted(name)} is no media type", "it is taken as it is", ("content", name))


def _media_type(node: dict[str, JsonValue], data: JsonValue) -> Iterator[_Doubt]:
    schema = _followed(as_mapping(node.get("schema")), data)
    known = as_mapping(schema.get("properties"))
    if not known or not {"allOf", "anyOf", "oneOf", "additionalProperties", "patternProperties"}.isdisjoint(schema):
        return
    for name in as_mapping(node.get("encoding")):
        if name not in known:
            yield _Doubt(f'the body has no property "{name}"', "its encoding is left out", ("encoding", name))


def _security_scheme(node: dict[str, JsonValue], _data: JsonValue) -> Iterator[_Doubt]:
    if node.get("type") != "apiKey":
        return
    place, name = as_text(node.get("in")), as_text(node.get("name"))
    if place not in ("header", "query", "cookie"):
        yield _Doubt(f"an API key cannot be in {quoted(node.get('in'))}", "it is sent in a header", ("in",))
    if not name:
        yield _Doubt("the API key has no name", "it is sent by the name of its scheme", ("name",))
    elif place != "query" and not _TOKEN.fullmatch(name):
        yield _Doubt(f"a {place} cannot be called {quoted(name)}", "a call with it is refused", ("name",))


def _operations(node: dict[str, JsonValue], _data: JsonValue) -> Iterator[_Doubt]:
    """Look for ids that webhooks share with one another; those of paths are looked at where they become methods."""
    seen: set[str] = set()
    for section in ("webhooks", "x-webhooks"):
        for name, item in as_mapping(node.get(section)).items():
            for method, operation in as_mapping(item).items():
                own = as_text(as_mapping(operation).get("operationId"))
                if own is not None and own in seen:
                    yield _Doubt(f'the operationId "{own}" is used twice', "both are kept", (section, name, method))
                seen |= {own} if own is not None else set()


def _schema(node: dict[str, JsonValue], data: JsonValue) -> Iterator[_Doubt]:
    for index, member in enumerate(as_sequence(node.get("allOf"))):
        reference = as_text(as_mapping(member).get("$ref"))
        if reference is not None and any(inner is node for inner in _chain(reference, data)):
            yield _Doubt("the schema is a member of itself", "it counts once", ("allOf", index))


def _chain(reference: str, data: JsonValue) -> Iterator[Mapping[str, JsonValue]]:
    """Yield the schema of a reference and all that it takes in through allOf, each once."""
    pending, seen = [reference], set[Pointer]()
    while pending:
        place, value = follow(data, pending.pop())
        if place in seen:
            continue
        seen.add(place)
        schema = as_mapping(value)
        yield schema
        members = (as_mapping(member).get("$ref") for member in as_sequence(schema.get("allOf")))
        pending += [member for member in members if isinstance(member, str)]


def _followed(schema: Mapping[str, JsonValue], data: JsonValue) -> Mapping[str, JsonValue]:
    reference = schema.get("$ref")
    return as_mapping(follow(data, reference)[1]) if isinstance(reference, str) else schema


_RULES: Final[Mapping[Kind, _Rule]] = MappingProxyType(
    {
        Kind.OPENAPI: _operations,
        Kind.PATHS: _paths,
        Kind.PARAMETER: _parameter,
        Kind.HEADER: _parameter,
        Kind.REQUEST_BODY: _content,
        Kind.RESPONSE: _content,
        Kind.MEDIA_TYPE: _media_type,
        Kind.SECURITY_SCHEME: _security_scheme,
        Kind.SCHEMA: _schema,
    }
)
