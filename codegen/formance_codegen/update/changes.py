"""Tells what changed on the wire between two documents: operations and schemas added, removed and changed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from formance_codegen.load.json_value import JsonValue, as_mapping, as_sequence, as_text
from formance_codegen.update.facts import Route, operation_facts, operations, schema_facts

Kind: TypeAlias = Literal["added", "removed", "changed"]
SIGNS: Final[Mapping[Kind, str]] = {"added": "+", "removed": "-", "changed": "~"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one operation or schema."""

    kind: Kind
    name: str
    """A method and a path, or the name of a schema."""
    details: tuple[str, ...] = ()
    """What of it changed, each with a sign: ``+query sort``, ``-status 404``, ``~body``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """All changes, in the order of the newer document; what it no longer has comes last."""

    operations: tuple[Change, ...]
    schemas: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed on the wire."""
        return not (self.operations or self.schemas)


def changes(old: JsonValue, new: JsonValue) -> Changes:
    """Compare the wire facts of two documents; words, examples and layout do not count."""
    return Changes(operations=tuple(_operations(old, new)), schemas=tuple(_schemas(old, new)))


def _operations(old: JsonValue, new: JsonValue) -> Iterator[Change]:
    before, after = dict(operations(old)), dict(operations(new))
    gone = {as_text(before[route].get("operationId")): route for route in before if route not in after}
    for route, operation in after.items():
        origin = route if route in before else gone.pop(as_text(operation.get("operationId")), None)
        if origin is None:
            yield Change(kind="added", name=_name(route), details=tuple(_identity(operation)))
            continue
        details = tuple(_operation_details(operation_facts(old, origin), operation_facts(new, route)))
        moved = () if origin == route else (f"moved from {_name(origin)}",)
        if moved or details:
            yield Change(kind="changed", name=_name(route), details=(*moved, *details))
    left = set(gone.values())
    yield from (Change(kind="removed", name=_name(route)) for route in before if route in left)


def _name(route: Route) -> str:
    return f"{route[1].upper()} {route[0]}"


def _identity(operation: Mapping[str, JsonValue]) -> Iterator[str]:
    if (identity := as_text(operation.get("operationId"))) is not None:
        yield identity


def _operation_details(old: Mapping[str, JsonValue], new: Mapping[str, JsonValue]) -> Iterator[str]:
    if old.get("operationId") != new.get("operationId"):
        yield f"operationId {old.get('operationId')} → {new.get('operationId')}"
    yield from _differences(as_mapping(old.get("parameters")), as_mapping(new.get("parameters")))
    yield from _differences(_only(old, "requestBody", "body"), _only(new, "requestBody", "body"))
    before, after = (
        {f"status {status}": answer for status, answer in as_mapping(side.get("responses")).items()}
        for side in (old, new)
    )
    yield from _differences(before, after)
    known = {"operationId", "parameters", "requestBody", "responses"}
    yield from _differences(
        {key: value for key, value in old.items() if key not in known and value is not None},
        {key: value for key, value in new.items() if key not in known and value is not None},
    )


def _only(facts: Mapping[str, JsonValue], key: str, name: str) -> Mapping[str, JsonValue]:
    return {name: facts[key]} if key in facts else {}


def _differences(old: Mapping[str, JsonValue], new: Mapping[str, JsonValue]) -> Iterator[str]:
    """Yield the keys that come, go or change, each with its sign."""
    yield from (f"+{key}" for key in new if key not in old)
    yield from (f"-{key}" for key in old if key not in new)
    yield from (f"~{key}" for key in new if key in old and old[key] != new[key])


def _schemas(old: JsonValue, new: JsonValue) -> Iterator[Change]:
    before, after = _names(old), _names(new)
    for name in after:
        if name not in before:
            yield Change(kind="added", name=name)
        elif details := tuple(_schema_details(schema_facts(old, name), schema_facts(new, name))):
            yield Change(kind="changed", name=name, details=details)
    yield from (Change(kind="removed", name=name) for name in before if name not in after)


def _names(document: JsonValue) -> Iterable[str]:
    return as_mapping(as_mapping(as_mapping(document).get("components")).get("schemas"))


def _schema_details(old: JsonValue, new: JsonValue) -> Iterator[str]:
    if old == new:
        return
    before, after = as_mapping(old), as_mapping(new)
    yield from _differences(as_mapping(before.get("properties")), as_mapping(after.get("properties")))
    for key in ("required", "enum"):
        gone, come = ({str(item): None for item in as_sequence(side.get(key))} for side in (before, after))
        yield from (f"{difference[0]}{key} {difference[1:]}" for difference in _differences(gone, come))
    known = {"properties", "required", "enum"}
    yield from _differences(
        {f"keyword {key}": value for key, value in before.items() if key not in known},
        {f"keyword {key}": value for key, value in after.items() if key not in known},
    )
