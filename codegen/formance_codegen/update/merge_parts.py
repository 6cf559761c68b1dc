"""Merges one object of a document with its counterpart in a release: facts of the release, words and layout of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from formance_codegen.load.json_value import JsonValue, as_mapping, as_sequence, as_text
from formance_codegen.load.structure import Form, Kind, field_of
from formance_codegen.update.facts import facts, is_prose, says_nothing, target, unwrapped
from formance_codegen.update.placing import placed


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """The state of one merge: both documents, and what was found on the way."""

    ours: JsonValue
    """Our document."""
    new: JsonValue
    """The facts of the release, without words."""
    required_by_bases: Mapping[str, frozenset[str]]
    """See ``Facts``."""
    changed: frozenset[str] = frozenset()
    """References to components, other than schemas, that the release has with other facts; ours holds none of them."""
    donors: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    """By reference: an object of ours that the release now has as a component of that name."""
    copies: list[tuple[str, dict[str, JsonValue]]] = field(default_factory=list[tuple[str, dict[str, JsonValue]]])
    """References of ours whose target no longer fits, each with the object that was put in their place."""
    kept: list[str] = field(default_factory=list[str])
    """Facts of ours that the release does not have, and that stay."""

    def part(self, kind: Kind, ours: JsonValue, new: JsonValue, *, where: str = "") -> JsonValue:
        """Return the merged form of an object; ours itself where its facts are those of the release.

        Args:
            where: What people call the place.
        """
        if as_mapping(new).get("$ref") in self.changed:
            return new
        if facts(kind, ours, self.ours) == facts(kind, new, self.new):
            return ours
        if not isinstance(ours, dict) or not isinstance(new, dict):
            return new
        if kind is Kind.SCHEMA:
            return self._schema(ours, new, where)
        reference, own = as_text(new.get("$ref")), as_text(ours.get("$ref"))
        if reference is not None:
            if reference != own:
                self.donors.setdefault(reference, target(self.ours, ours))
            return ours if reference == own else new
        if own is None:
            return self.fields(kind, ours, new, where=where)
        known = as_mapping(target(self.ours, ours))
        merged = self.fields(kind, known, new, where=where)
        if merged == known:
            return ours
        self.copies.append((own, merged))
        return merged

    def fields(
        self, kind: Kind, ours: Mapping[str, JsonValue], new: Mapping[str, JsonValue], *, where: str = ""
    ) -> dict[str, JsonValue]:
        """Merge two objects that are no references, key by key."""
        found: dict[str, JsonValue] = {}
        for key in placed(ours, new):
            if is_prose(key):
                found[key] = ours.get(key, new.get(key))
            elif key in new:
                found[key] = self._value(kind, key, ours[key], new[key], where) if key in ours else new[key]
            elif self._is_addition(kind, key, ours[key], where):
                found[key] = ours[key]
        return found

    def _value(self, kind: Kind, key: str, ours: JsonValue, new: JsonValue, where: str) -> JsonValue:
        if kind is Kind.SCHEMA and key == "enum" and isinstance(ours, list) and isinstance(new, list):
            return [*(item for item in ours if item in new), *(item for item in new if item not in ours)]
        form = field_of(kind, key)
        if form is None:
            return ours if facts(kind, {key: ours}, None) == facts(kind, {key: new}, None) else new
        match form.form, ours, new:
            case Form.ONE, _, _:
                merged = self.part(form.kind, ours, new, where=f"{where} {key}".strip())
                # A body or an answer needs no words of its own around what it refers to.
                return unwrapped(merged) if kind is Kind.MEDIA_TYPE and merged is not ours else merged
            case Form.MAP, dict(), dict():
                return self._map(kind, key, form.kind, ours, new, where)
            case Form.LIST, list(), list():
                return self._list(form.kind, ours, new, where)
            case _:
                return new

    def _map(
        self,
        kind: Kind,
        key: str,
        inner: Kind,
        ours: Mapping[str, JsonValue],
        new: Mapping[str, JsonValue],
        where: str,
    ) -> dict[str, JsonValue]:
        found: dict[str, JsonValue] = {}
        for name in placed(ours, new):
            place = f"{where} {name}".strip()
            if name in ours and name in new:
                found[name] = self.part(inner, ours[name], new[name], where=place)
            elif name in new:
                found[name] = new[name]
            elif kind is Kind.RESPONSE and key == "content" and is_failure(where.rpartition(" ")[2]):
                self.kept.append(place)
                found[name] = ours[name]
        return found

    def _list(self, kind: Kind, ours: Sequence[JsonValue], new: Sequence[JsonValue], where: str) -> list[JsonValue]:
        """Merge members that have no names: first those with equal facts find each other, then those of equal rank."""
        own = [facts(kind, item, self.ours) for item in ours]
        theirs = [facts(kind, item, self.new) for item in new]
        free = [index for index, found in enumerate(own) if found not in theirs]
        merged: list[JsonValue] = []
        for item, wanted in zip(new, theirs, strict=True):
            if wanted in own:
                merged.append(ours[own.index(wanted)])
                continue
            is_reference = "$ref" in as_mapping(wanted)
            twin = next((index for index in free if ("$ref" in as_mapping(own[index])) is is_reference), None)
            if twin is None or is_reference:
                merged.append(item)
                continue
            free.remove(twin)
            merged.append(self.part(kind, ours[twin], item, where=where))
        if kind is not Kind.SCHEMA:
            return merged
        return [self._required_of_bases(item, new, ours) for item in merged]

    def _required_of_bases(
        self, member: JsonValue, members: Sequence[JsonValue], ours: Sequence[JsonValue]
    ) -> JsonValue:
        """Let a member require what a base of the release requires, where ours did that in the base's place."""
        moved = {
            name
            for other in members
            for name in self.required_by_bases.get(as_text(as_mapping(other).get("$ref")) or "", frozenset[str]())
        }
        declared, required = as_mapping(as_mapping(member).get("properties")), as_mapping(member).get("required")
        wanted = {name for item in ours for name in as_sequence(as_mapping(item).get("required")) if name in moved}
        missing = [name for name in wanted if name in declared and name not in as_sequence(required)]
        return {**as_mapping(member), "required": [*as_sequence(required), *sorted(missing)]} if missing else member

    def _schema(self, ours: Mapping[str, JsonValue], new: Mapping[str, JsonValue], where: str) -> JsonValue:
        words = {key: value for key, value in ours.items() if is_prose(key)}
        own, wanted = as_mapping(unwrapped(dict(ours))), as_mapping(unwrapped(dict(new)))
        reference = as_text(wanted.get("$ref"))
        if reference is None:
            # Words around a reference or an only member come before those of what it leads to.
            return self.fields(Kind.SCHEMA, {**as_mapping(target(self.ours, dict(own))), **words}, wanted, where=where)
        if "$ref" not in own:
            self.donors.setdefault(reference, dict(own))
        description = words.get("description")
        if description is None:
            return {"$ref": reference}
        return {"description": description, "allOf": [{"$ref": reference}]}

    def _is_addition(self, kind: Kind, key: str, value: JsonValue, where: str) -> bool:
        """Whether a fact that the release does not have is one that our documents may add."""
        match kind, key:
            case Kind.RESPONSES, _ if is_failure(key):
                pass
            case Kind.RESPONSE, "content":
                pass
            case _:
                return says_nothing(kind, key, value)
        self.kept.append(f"{where} {key}".strip())
        return True


def is_failure(status: str) -> bool:
    """Whether a key of responses stands for errors."""
    return status == "default" or status[:1] in ("4", "5")
