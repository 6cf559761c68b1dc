"""Merges paths and operations: parameters by place and name, security as it is in effect."""

from collections.abc import Mapping
from dataclasses import dataclass

from formance_codegen.load.json_value import JsonValue, as_mapping, as_text
from formance_codegen.load.structure import METHODS, Kind
from formance_codegen.update.facts import (
    Route,
    canonical_security,
    effective_parameters,
    effective_security,
    facts,
    is_prose,
    keyed_parameters,
    operations,
)
from formance_codegen.update.merge_parts import Merge
from formance_codegen.update.placing import placed

_APART = frozenset(("parameters", "security"))
"""Keys of an operation that depend on what stands around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counterpart:
    """An operation of ours and its path."""

    item: Mapping[str, JsonValue]
    operation: Mapping[str, JsonValue]


_NOTHING = _Counterpart(item={}, operation={})


def merge_paths(merge: Merge, security: JsonValue) -> dict[str, JsonValue]:
    """Return the merged paths: those of the release, with our words, in our order.

    An operation that moved to another path keeps its words; its operationId tells.

    Args:
        security: The security of the merged document.
    """
    ours, new = (as_mapping(as_mapping(side).get("paths")) for side in (merge.ours, merge.new))
    counterparts = _counterparts(merge)
    found: dict[str, JsonValue] = {}
    for path in placed(ours, new):
        if path in new:
            item = as_mapping(new[path])
            found[path] = _path_item(merge, path, as_mapping(ours.get(path)), item, counterparts, security)
        elif path.startswith("x-"):
            found[path] = ours[path]
    return found


def _counterparts(merge: Merge) -> dict[Route, _Counterpart]:
    """Return which operation of ours each one of the release is: that of the same route, or else of the same id."""
    paths = as_mapping(as_mapping(merge.ours).get("paths"))
    own = {
        route: _Counterpart(item=as_mapping(paths[route[0]]), operation=operation)
        for route, operation in operations(merge.ours)
    }
    theirs = dict(operations(merge.new))
    moved = {as_text(own[route].operation.get("operationId")): own[route] for route in own if route not in theirs}
    return {
        route: own.get(route) or moved.get(as_text(operation.get("operationId")), _NOTHING)
        for route, operation in theirs.items()
    }


def _path_item(
    merge: Merge,
    path: str,
    ours: Mapping[str, JsonValue],
    new: Mapping[str, JsonValue],
    counterparts: Mapping[Route, _Counterpart],
    security: JsonValue,
) -> dict[str, JsonValue]:
    methods = [key for key in new if key in METHODS]
    shared = _shared_parameters(merge, ours, new, methods)
    found: dict[str, JsonValue] = {}
    for key in placed(ours, [*new, *(["parameters"] if shared else [])]):
        if key == "parameters":
            if shared:
                found[key] = list(shared.values())
        elif key in methods:
            route = (path, key)
            found[key] = _operation(merge, route, counterparts[route], new, shared, security)
        elif is_prose(key):
            found[key] = ours.get(key, new.get(key))
        elif key in new:
            found[key] = new[key]
    return found


def _shared_parameters(
    merge: Merge, ours: Mapping[str, JsonValue], new: Mapping[str, JsonValue], methods: list[str]
) -> dict[str, JsonValue]:
    """Return what stands at the path: ours as far as all operations have it; at a new path, what the release has."""
    if not ours:
        return keyed_parameters(merge.new, new)
    in_effect = [effective_parameters(merge.new, new, as_mapping(new[method])) for method in methods]
    overridden = [keyed_parameters(merge.ours, as_mapping(ours.get(method))) for method in methods]
    return {
        key: value
        for key, value in keyed_parameters(merge.ours, ours).items()
        if all(
            key in wanted and (key in own or _is_same(merge, value, wanted[key]))
            for wanted, own in zip(in_effect, overridden, strict=True)
        )
    }


def _is_same(merge: Merge, ours: JsonValue, new: JsonValue) -> bool:
    return facts(Kind.PARAMETER, ours, merge.ours) == facts(Kind.PARAMETER, new, merge.new)


def _operation(
    merge: Merge,
    route: Route,
    ours: _Counterpart,
    item: Mapping[str, JsonValue],
    shared: Mapping[str, JsonValue],
    security: JsonValue,
) -> dict[str, JsonValue]:
    path, method = route
    where = f"{method.upper()} {path}"
    new = as_mapping(item[method])
    mine = {key: value for key, value in ours.operation.items() if key not in _APART}
    theirs = {key: value for key, value in new.items() if key not in _APART}
    found = merge.fields(Kind.OPERATION, mine, theirs, where=where)
    if parameters := _parameters(merge, ours, effective_parameters(merge.new, item, new), shared):
        found["parameters"] = parameters
    wanted, own = effective_security(merge.new, new), ours.operation.get("security", security)
    if canonical_security(wanted) == canonical_security(own):
        if "security" in ours.operation:
            found["security"] = ours.operation["security"]
    else:
        found["security"] = wanted if isinstance(wanted, list) else []
    return found


def _parameters(
    merge: Merge, ours: _Counterpart, wanted: Mapping[str, JsonValue], shared: Mapping[str, JsonValue]
) -> list[JsonValue]:
    """Return the own parameters of an operation: all that are in effect, without those that stand at the path."""
    own = keyed_parameters(merge.ours, ours.operation)
    known = effective_parameters(merge.ours, ours.item, ours.operation)
    found: list[JsonValue] = []
    for key in placed(known, wanted):
        if key not in wanted or (key in shared and key not in own and _fits(merge, shared[key], wanted[key])):
            continue
        found.append(merge.part(Kind.PARAMETER, known[key], wanted[key]) if key in known else wanted[key])
    return found


def _fits(merge: Merge, shared: JsonValue, wanted: JsonValue) -> bool:
    """Whether a parameter of the path, which is ours or the release's own, is the one that an operation wants."""
    return shared is wanted or _is_same(merge, shared, wanted)
