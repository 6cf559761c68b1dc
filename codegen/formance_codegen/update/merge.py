"""Merges our document with a release: the facts of the release, the words, examples and layout of ours."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from formance_codegen.load.json_value import JsonValue, as_mapping, as_sequence, as_text
from formance_codegen.load.structure import FIELDS, Kind
from formance_codegen.update.facts import canonical_security, effective_security, facts, is_prose, operations
from formance_codegen.update.merge_parts import Merge
from formance_codegen.update.merge_paths import merge_paths
from formance_codegen.update.placing import placed
from formance_codegen.update.release import Facts

_APART: Final = frozenset({"openapi", "info", "servers", "security", "tags", "paths", "components"})
_REFERENCE: Final = re.compile(r"#/components/([^/]+)/([^/]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What a merge gives."""

    data: JsonValue
    kept: tuple[str, ...]
    """Places where a fact of ours stays that the release does not have: error responses, contents of answers."""


def merge(ours: JsonValue, release: Facts, *, version: str) -> Merged:
    """Return our document with the facts of a release.

    Whatever has the same facts in both stays exactly as it stands in ours. Where facts differ, those of the release
    are taken, and words, examples and extensions of ours stay with the thing that they are about. What is new comes
    in without words; what the release no longer has goes. Our additions stay: error responses, the content of an
    answer for which the release declares none, definitions of security schemes, servers.

    Args:
        version: Becomes the version of the document.
    """
    changed = _changed_components(ours, release.data)
    state = Merge(
        ours=_expanded(ours, ours, changed),
        new=release.data,
        required_by_bases=release.required_by_bases,
        changed=changed,
    )
    mine, theirs = as_mapping(state.ours), as_mapping(state.new)
    security = _root_security(mine, theirs)
    paths = merge_paths(state, security)
    components = _components(state)
    found: dict[str, JsonValue] = {}
    for key in placed(mine, theirs):
        if key not in _APART and (key in theirs or is_prose(key)):
            found[key] = mine.get(key, theirs.get(key))
    found |= {"openapi": _dialect(mine, theirs), "info": _info(mine, theirs, version), "paths": paths}
    if "servers" in mine:
        found["servers"] = mine["servers"]
    if security is not None:
        found["security"] = security
    if components:
        found["components"] = components
    data = _swept(_with_references(found, state), state)
    return Merged(data=_with_tags(data, mine), kept=tuple(state.kept))


def _root_security(ours: Mapping[str, JsonValue], new: Mapping[str, JsonValue]) -> JsonValue:
    own = ours.get("security")
    return (
        own
        if own is None or canonical_security(own) == canonical_security(new.get("security"))
        else new.get("security")
    )


def _dialect(ours: Mapping[str, JsonValue], new: Mapping[str, JsonValue]) -> JsonValue:
    """Return the version of OpenAPI: ours, unless the release speaks another dialect."""
    own, wanted = str(ours.get("openapi", "")), str(new.get("openapi", ""))
    return ours["openapi"] if own.split(".")[:2] == wanted.split(".")[:2] else new.get("openapi")


def _info(ours: Mapping[str, JsonValue], new: Mapping[str, JsonValue], version: str) -> dict[str, JsonValue]:
    return {**(as_mapping(ours.get("info")) or as_mapping(new.get("info"))), "version": version}


def _changed_components(ours: JsonValue, new: JsonValue) -> frozenset[str]:
    """Return references to the components, other than schemas, that both documents have with different facts."""
    own, theirs = (as_mapping(as_mapping(side).get("components")) for side in (ours, new))
    return frozenset(
        f"#/components/{section}/{name}"
        for section, kind in _sections().items()
        for name, value in as_mapping(own.get(section)).items()
        if kind not in (Kind.SCHEMA, Kind.SECURITY_SCHEME)
        and name in as_mapping(theirs.get(section))
        and facts(kind, value, ours) != facts(kind, as_mapping(theirs.get(section))[name], new)
    )


def _sections() -> Mapping[str, Kind]:
    return {section: found.kind for section, found in FIELDS[Kind.COMPONENTS].items()}


def _expanded(value: JsonValue, document: JsonValue, changed: frozenset[str]) -> JsonValue:
    """Return a part of ours with what the changed components held wherever it refers to one of them."""
    if not changed:
        return value
    match value:
        case dict():
            reference = as_text(value.get("$ref"))
            if reference in changed and (place := _REFERENCE.fullmatch(reference)):
                components = as_mapping(as_mapping(document).get("components"))
                return _expanded(as_mapping(components[place[1]])[place[2]], document, changed)
            return {key: _expanded(child, document, changed) for key, child in value.items()}
        case list():
            return [_expanded(child, document, changed) for child in value]
        case _:
            return value


def _components(state: Merge) -> dict[str, JsonValue]:
    own, theirs = (as_mapping(as_mapping(side).get("components")) for side in (state.ours, state.new))
    found: dict[str, JsonValue] = {}
    for section in placed(own, theirs):
        kind = _sections().get(section)
        if kind is None:
            found[section] = own.get(section, theirs.get(section))
            continue
        mine, new = as_mapping(own.get(section)), as_mapping(theirs.get(section))
        merged = {name: _component(state, kind, section, name, mine, new) for name in mine}
        merged |= {name: _component(state, kind, section, name, mine, new) for name in new if name not in mine}
        found[section] = {name: merged[name] for name in placed(mine, new)}
    return found


def _component(
    state: Merge, kind: Kind, section: str, name: str, mine: Mapping[str, JsonValue], new: Mapping[str, JsonValue]
) -> JsonValue:
    ours = mine.get(name, state.donors.get(f"#/components/{section}/{name}"))
    if name not in new or ours is None:
        return new.get(name, ours)
    if kind is Kind.SECURITY_SCHEME:
        return ours
    return state.part(kind, ours, new[name], where=f"{section} {name}")


def _with_references(document: dict[str, JsonValue], state: Merge) -> dict[str, JsonValue]:
    """Put references back: where all uses of a component of ours changed in the same way, the component changes."""
    changed: dict[str, list[dict[str, JsonValue]]] = {}
    for reference, copy in state.copies:
        changed.setdefault(reference, []).append(copy)
    theirs = as_mapping(as_mapping(state.new).get("components"))
    still_used = set(_references(document))
    restored: dict[int, str] = {}
    components = {key: dict(as_mapping(value)) for key, value in as_mapping(document.get("components")).items()}
    for reference, copies in changed.items():
        place = _REFERENCE.fullmatch(reference)
        if place is None or place[2] in as_mapping(theirs.get(place[1])):
            continue
        if reference not in still_used and all(copy == copies[0] for copy in copies):
            components[place[1]][place[2]] = copies[0]
            restored |= {id(copy): reference for copy in copies}
    if not restored:
        return document
    result = {key: _referring(value, restored) for key, value in document.items() if key != "components"}
    return {**result, "components": dict(components)}


def _referring(value: JsonValue, restored: Mapping[int, str]) -> JsonValue:
    match value:
        case dict():
            if id(value) in restored:
                return {"$ref": restored[id(value)]}
            return {key: _referring(child, restored) for key, child in value.items()}
        case list():
            return [_referring(child, restored) for child in value]
        case _:
            return value


def _swept(document: Mapping[str, JsonValue], state: Merge) -> dict[str, JsonValue]:
    """Leave out components of ours that nothing refers to any more, and complete the scopes of the others."""
    theirs = as_mapping(as_mapping(state.new).get("components"))
    components = as_mapping(document.get("components"))
    scopes = _scopes(document)
    reached = {f"#/components/{section}/{name}" for section in theirs for name in as_mapping(theirs[section])}
    reached |= {f"#/components/securitySchemes/{name}" for name in scopes}
    pending: list[JsonValue] = [value for key, value in document.items() if key != "components"]
    pending += [_component_at(components, reference) for reference in reached]
    while pending:
        for reference in _references(pending.pop()):
            if reference not in reached:
                reached.add(reference)
                pending.append(_component_at(components, reference))
    kept: dict[str, JsonValue] = {}
    for section, entries in components.items():
        used = {
            name: _with_scopes(entry, scopes.get(name, {})) if section == "securitySchemes" else entry
            for name, entry in as_mapping(entries).items()
            if section not in _sections() or f"#/components/{section}/{name}" in reached
        }
        if used:
            kept[section] = used
    return {**document, "components": kept} if kept else dict(document)


def _component_at(components: Mapping[str, JsonValue], reference: str) -> JsonValue:
    place = _REFERENCE.match(reference)
    return as_mapping(components.get(place[1])).get(place[2]) if place else None


def _references(value: JsonValue) -> Iterator[str]:
    """Yield every text that refers to a component, mappings of discriminators included."""
    match value:
        case dict():
            for child in value.values():
                yield from _references(child)
        case list():
            for child in value:
                yield from _references(child)
        case str() if place := _REFERENCE.match(value):
            yield place[0]
        case _:
            pass


def _scopes(document: Mapping[str, JsonValue]) -> dict[str, dict[str, JsonValue]]:
    """Return the scopes that operations ask for by security scheme."""
    found: dict[str, dict[str, JsonValue]] = {}
    requirements = [document.get("security")]
    requirements += [effective_security(dict(document), operation) for _, operation in operations(dict(document))]
    for need in (need for entry in requirements for need in as_sequence(entry)):
        for name, scopes in as_mapping(need).items():
            found.setdefault(name, {}).update({scope: "" for scope in as_sequence(scopes) if isinstance(scope, str)})
    return found


def _with_scopes(scheme: JsonValue, scopes: Mapping[str, JsonValue]) -> JsonValue:
    """Let each flow of a scheme declare all scopes that are asked for; those that are new without words."""
    flows = as_mapping(as_mapping(scheme).get("flows"))
    if not flows or not scopes:
        return scheme
    complete: dict[str, JsonValue] = {
        name: {**as_mapping(flow), "scopes": {**as_mapping(as_mapping(flow).get("scopes")), **_missing(flow, scopes)}}
        for name, flow in flows.items()
    }
    return {**as_mapping(scheme), "flows": complete}


def _missing(flow: JsonValue, scopes: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    declared = as_mapping(as_mapping(flow).get("scopes"))
    return {scope: words for scope, words in sorted(scopes.items()) if scope not in declared}


def _with_tags(document: Mapping[str, JsonValue], ours: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Describe the tags that operations have: ours as they are, new ones by name."""
    used = [tag for _, operation in operations(dict(document)) for tag in as_sequence(operation.get("tags"))]
    own = {as_text(as_mapping(tag).get("name")) or "": tag for tag in as_sequence(ours.get("tags"))}
    if not own:
        return dict(document)
    names = placed([name for name in own if name in used], dict.fromkeys(tag for tag in used if isinstance(tag, str)))
    tags: list[JsonValue] = [own.get(name, {"name": name}) for name in names]
    return {**document, "tags": tags}
