"""The arguments of a call: values that fit the document, as what the method takes."""

import ast
import importlib
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import resolve_name
from itertools import islice
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from conversation.schemas import Schemas
from conversation.values import Wish, value_of
from formance_codegen.load.json_value import JsonValue, as_mapping, as_sequence, find
from formance_codegen.pointer import Pointer

_BYTES: Final = b"\x00\xff bytes of a file"
_TEXT: Final = "text"


class Unfit(Exception):
    """A value that fits the document does not fit the method."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation of a document, and how a client calls it."""

    schemas: Schemas
    described: Mapping[str, JsonValue]
    """What `inspect` says of it."""
    document: JsonValue

    @property
    def pointer(self) -> Pointer:
        """Where it is; a method that asks for a stream stands where the document has that: below its answers."""
        return Pointer(str(self.described["pointer"]).partition("/responses/")[0])

    @property
    def call(self) -> str:
        """The attribute path from a client to its method."""
        return str(self.described["call"])

    def part(self, key: str) -> JsonValue:
        """Return what stands under a key of it."""
        return self.schemas.resolved(as_mapping(find(self.document, self.pointer))).get(key)

    def media_type(self, wish: Wish) -> str:
        """Return in which form the body is sent, of several the first or the last; empty where there is none."""
        body = as_mapping(self.described["body"])
        media = [str(each) for each in as_sequence(body.get("media_types", []))]
        return "" if not media else media[-1] if wish.full else media[0]

    def parameter(self, where: str, name: str) -> Mapping[str, JsonValue]:
        """Return a parameter of the operation, or of its path."""
        around = Pointer(self.pointer.rsplit("/", 1)[0])
        shared = as_mapping(find(self.document, around)).get("parameters")
        for each in (*as_sequence(self.part("parameters")), *as_sequence(shared or [])):
            parameter = self.schemas.resolved(each)
            if parameter.get("in") == where and parameter.get("name") == name:
                return parameter
        # A name of the path's template that nothing declares.
        return {"schema": {"type": "string"}}


def arguments_of(operation: Operation, method: Any, wish: Wish) -> dict[str, object]:
    """Return arguments for a method, by name.

    Raises:
        NoValue: No value was found that fits the document.
        Unfit: One was found, and the method does not take it.
    """
    hints = _hints(method)
    given: dict[str, object] = {}
    for told in map(as_mapping, as_sequence(operation.described["parameters"])):
        if told["required"] or wish.full:
            name = str(told["argument"])
            value = _parameter(operation, str(told["in"]), str(told["name"]), wish)
            given[name] = _as_taken(value, hints[name], name)
    body = as_mapping(operation.described["body"])
    if body and (body["required"] or wish.full or _demands_body(operation)):
        name = str(body["argument"])
        given[name] = _body(operation, hints[name], wish)
    return given


def _demands_body(operation: Operation) -> bool:
    return operation.schemas.resolved(operation.part("requestBody")).get("required") is True


def _parameter(operation: Operation, where: str, name: str, wish: Wish) -> JsonValue:
    parameter = operation.parameter(where, name)
    schema = parameter.get("schema", {})
    for media, content in islice(as_mapping(parameter.get("content", {})).items(), 1):
        if not media.endswith("json"):
            return _TEXT
        schema = as_mapping(content).get("schema", {})
    # A header holds ASCII, a cookie even less; what is awkward elsewhere cannot be written there.
    easy = where in ("header", "cookie")
    wanted = Wish(full=wish.full, awkward=wish.awkward and not easy, filled=True)
    return value_of(operation.schemas, schema, _plain(name), wanted)


def _plain(name: str) -> str:
    return "".join(each for each in name if each.isascii() and each.isalnum()) or "value"


def _body(operation: Operation, hint: object, wish: Wish) -> object:
    content = as_mapping(operation.schemas.resolved(operation.part("requestBody")).get("content", {}))
    chosen = operation.media_type(wish)
    # A range of media types is sent as one of them.
    found = content[chosen] if chosen in content else next(iter(content.values()))
    schema = as_mapping(found).get("schema", {})
    kind = chosen.partition(";")[0].strip().lower()
    is_form = kind.startswith("multipart/") or kind == "application/x-www-form-urlencoded"
    if not (kind.endswith("json") or is_form):
        return _TEXT if kind.startswith("text/") or kind.endswith("xml") else _raw(hint)
    value = value_of(operation.schemas, schema, "body", Wish(full=wish.full, awkward=wish.awkward and not is_form))
    if isinstance(value, dict) and not wish.full and _takes_mapping(hint):
        return _with_files(value, operation.schemas, schema) if is_form else value
    return _as_taken(value, hint, "body")


def _raw(hint: object) -> object:
    return _BYTES if any(each is bytes for each in _members(hint)) else _TEXT


def _with_files(value: Mapping[str, JsonValue], schemas: Schemas, schema: JsonValue) -> Mapping[str, object]:
    properties = as_mapping(schemas.resolved(schema).get("properties", {}))
    return {
        name: _BYTES if schemas.resolved(properties.get(name, {})).get("format") == "binary" else item
        for name, item in value.items()
    }


def _takes_mapping(hint: object) -> bool:
    return any(get_origin(each) is Mapping for each in _members(hint))


def _as_taken(value: JsonValue, hint: object, name: str) -> object:
    """Return a value of JSON as what an argument takes: a model, a moment, a member of an enum."""
    kinds = [each for each in _members(hint) if each is not NoneType or value is None] or [hint]
    # A mapping stands beside a model that says more of what it takes.
    kept = [each for each in kinds if get_origin(each) is not Mapping] or kinds
    try:
        joined: Any = Union[tuple(kept)]  # noqa: UP007  # they are known only now
        adapter: TypeAdapter[object] = TypeAdapter(joined)
        return adapter.validate_json(json.dumps(value))
    except ValidationError as error:
        raise Unfit(f"{name}: {error.errors(include_url=False)[:2]}"[:400]) from error


def _members(hint: object) -> Iterator[object]:
    if get_origin(hint) in (Union, UnionType):
        for each in get_args(hint):
            yield from _members(each)
    else:
        yield hint


def _hints(method: Any) -> dict[str, Any]:
    """Return the types of a method's parameters, with what its module imports for type checkers only."""
    function = method.__func__
    module = sys.modules[function.__module__]
    names = {**vars(module), **_typing_only(module.__name__, Path(str(module.__file__)).read_text(encoding="utf-8"))}
    return get_type_hints(function, globalns=names, include_extras=True)


def _typing_only(module: str, source: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            continue
        for each in node.body:
            if isinstance(each, ast.ImportFrom):
                name = resolve_name("." * each.level + (each.module or ""), module.rpartition(".")[0])
                found |= {alias.asname or alias.name: _imported(name, alias.name) for alias in each.names}
    return found


def _imported(module: str, name: str) -> object:
    package = importlib.import_module(module)
    return getattr(package, name) if hasattr(package, name) else importlib.import_module(f"{module}.{name}")
