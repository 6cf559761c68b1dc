"""Puts what only our document says about a thing, words, examples and extensions, onto the document of a publisher."""

from collections.abc import Mapping

from formance_codegen.load.json_value import JsonValue, as_mapping
from formance_codegen.load.structure import Form, Kind, field_of
from formance_codegen.update.facts import (
    effective_security,
    is_prose,
    keyed_parameters,
    operations,
    parameter_key,
    target,
)


def graft(ours: JsonValue, published: JsonValue) -> JsonValue:
    """Return a published document with what ours adds to the things that both have; the publisher's words come first.

    Servers and definitions of security schemes that the publisher leaves out are added too.
    """
    grown = _part(Kind.OPENAPI, ours, published, (ours, published))
    if not isinstance(ours, dict) or not isinstance(grown, dict):
        return grown
    if "servers" in ours and "servers" not in grown:
        grown = {**grown, "servers": ours["servers"]}
    return _with_security_schemes(ours, grown)


def _part(kind: Kind, ours: JsonValue, published: JsonValue, documents: tuple[JsonValue, JsonValue]) -> JsonValue:
    if not isinstance(published, dict) or "$ref" in published:
        return published
    ours = target(documents[0], ours)
    if not isinstance(ours, dict):
        return published
    grown = {
        key: _child(kind, key, ours[key], value, documents) if key in ours else value
        for key, value in published.items()
    }
    return {**grown, **{key: value for key, value in ours.items() if key not in grown and is_prose(key)}}


def _child(
    kind: Kind, key: str, ours: JsonValue, published: JsonValue, documents: tuple[JsonValue, JsonValue]
) -> JsonValue:
    field = field_of(kind, key)
    if field is None:
        return published
    match field.form, ours, published:
        case Form.ONE, _, _:
            return _part(field.kind, ours, published, documents)
        case Form.MAP, dict(), dict():
            return {name: _part(field.kind, ours.get(name), item, documents) for name, item in published.items()}
        case Form.LIST, list(), list() if field.kind is Kind.PARAMETER:
            own = keyed_parameters(documents[0], {key: ours})
            return [
                _part(field.kind, own.get(parameter_key(documents[1], item)), item, documents) for item in published
            ]
        case Form.LIST, list(), list() if len(ours) == len(published):
            return [_part(field.kind, own, item, documents) for own, item in zip(ours, published, strict=True)]
        case _:
            return published


def _with_security_schemes(ours: Mapping[str, JsonValue], grown: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    components = as_mapping(grown.get("components"))
    declared = as_mapping(components.get("securitySchemes"))
    wanted = _schemes_in_use(dict(grown)) - declared.keys()
    known = as_mapping(as_mapping(ours.get("components")).get("securitySchemes"))
    missing = {name: scheme for name, scheme in known.items() if name in wanted}
    if not missing:
        return dict(grown)
    return {**grown, "components": {**components, "securitySchemes": {**declared, **missing}}}


def _schemes_in_use(document: JsonValue) -> set[str]:
    requirements = [as_mapping(document).get("security")]
    requirements += [effective_security(document, operation) for _, operation in operations(document)]
    lists = (entry for entry in requirements if isinstance(entry, list))
    return {name for entry in lists for need in entry for name in as_mapping(need)}
