"""Makes JSON values that are valid against the schemas of an OpenAPI document, the same ones each time."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias, TypeGuard

Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None
Node: TypeAlias = Mapping[str, Json]
"""An object of the document."""

BIG: Final = 10**30 + 7
"""Needs exact integers of any size."""
LONG: Final = 2**53 + 1
"""The first integer that a float cannot hold."""

TEXTS: Final[Mapping[str, str]] = {
    "date-time": "2026-03-02T09:30:15.123456Z",
    "date-tim": "2026-03-02T09:30:15Z",
    "datetime": "2026-03-02T09:30:16Z",
    "date": "2026-03-02",
    "time": "09:30:15",
    "uuid": "15b7a366-c6e9-473f-9627-6803ef585ae9",
    "byte": "eyJhIjoxfQ==",
    "email": "ada@example.com",
    "uri": "https://example.com/a?b=c",
    "url": "https://example.com/",
}
"""One text for each format that is not just any text."""


SHAPED: Final = ("USD/2", "a1", "A1", "12", "abc", "a-b_c")
"""Texts to choose from where a schema has a pattern."""


class Endless(Exception):
    """The schema demands a value that holds itself."""


def is_node(value: object) -> TypeGuard[Node]:
    """Tell whether a value is a JSON object."""
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeGuard[Sequence[Json]]:
    """Tell whether a value is a JSON array."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def node(value: Json) -> Node:
    """Return a JSON object, an empty one in place of anything else."""
    return value if is_node(value) else {}


def nodes(value: Json) -> list[Node]:
    """Return the objects of a JSON array."""
    return [item for item in value if is_node(item)] if is_list(value) else []


def text(value: Json) -> str:
    """Return a JSON string, an empty one in place of anything else."""
    return value if isinstance(value, str) else ""


def resolve(document: Node, found: Node) -> Node:
    """Follow the ``$ref`` of an object, where it has one, to what is no reference."""
    while isinstance(reference := found.get("$ref"), str):
        found = node(at(document, reference.removeprefix("#")))
    return found


def at(document: Json, pointer: str) -> Json:
    """Return what stands at a JSON pointer (RFC 6901).

    Raises:
        KeyError: Nothing does.
    """
    found = document
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        found = found[int(key)] if is_list(found) else node(found)[key]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampler:
    """Makes values for the schemas of one document.

    Raises:
        Endless: No finite value fits a schema.
    """

    document: Node
    variant: int = 0
    """Which member of a oneOf or anyOf is taken, counted round."""
    optional: bool = True
    """Whether properties that are not required are there; those with one possible value always are."""
    null: bool = False
    """Whether what may be null is null."""
    _open: tuple[str, ...] = field(default=(), repr=False)
    """The references that are being followed: what recurs is cut."""

    def of_media(self, media: Node) -> Json:
        """Return a value for a media type object: its own example where it has one."""
        if "example" in media:
            return media["example"]
        for example in node(media.get("examples")).values():
            return resolve(self.document, node(example)).get("value")
        return self.of_schema(node(media.get("schema")))

    def of_schema(self, schema: Node, name: str = "text") -> Json:
        """Return a value for a schema; ``name`` shows in what is any text."""
        view, inner = self._opened(schema)
        if self.null and view.nullable:
            return None
        if view.choices:
            return inner._of_choice(view, name)
        if view.enum:
            return view.enum[0]
        if view.kind == "object":
            return inner._object(view)
        return inner._array(view, name) if view.kind == "array" else _scalar(view, name)

    def choices(self, schema: Node) -> int:
        """Return how many members the first union of a schema has; 1 where there is none."""
        view, _ = self._opened(schema)
        return len(view.choices[0].members) if view.choices else 1

    def _opened(self, schema: Node) -> tuple["View", "Sampler"]:
        opened = self._open
        while isinstance(reference := schema.get("$ref"), str):
            if reference in opened:
                raise Endless(reference)
            opened = (*opened, reference)
            schema = node(at(self.document, reference.removeprefix("#")))
        return view_of(self.document, schema), replace(self, _open=opened)

    def _of_choice(self, view: "View", name: str) -> Json:
        shared = node(self._object(view))
        choice = view.choices[0]
        cut: Endless | None = None
        for index in range(len(choice.members)):
            member = choice.members[(self.variant + index) % len(choice.members)]
            try:
                value = self.of_schema(member, name)
            except Endless as error:
                cut = error
                continue
            if not is_node(value):
                return value
            return {**shared, **value, **self._tag(choice, member, value)}
        raise cut or Endless(name)

    def _tag(self, choice: "Choice", member: Node, value: Node) -> Node:
        """Return the property of the discriminator, filled in for a member."""
        if not choice.tag:
            return {}
        reference = text(member.get("$ref"))
        keys = [key for key, target in choice.mapping.items() if reference.endswith(target)]
        declared = view_of(self.document, resolve(self.document, member)).properties.get(choice.tag)
        allowed = view_of(self.document, resolve(self.document, declared)).enum if declared is not None else ()
        if allowed and not any(key in allowed for key in keys):
            return {choice.tag: value.get(choice.tag, allowed[0])}
        return {choice.tag: keys[0] if keys else reference.rpartition("/")[2]}

    def _object(self, view: "View") -> Json:
        found: dict[str, Json] = {}
        for name, schema in view.properties.items():
            required = name in view.required
            if not (required or self.optional or len(view_of(self.document, schema).enum) == 1):
                continue
            try:
                found[name] = self.of_schema(schema, name)
            except Endless:
                if required:
                    raise
        extra: Json = {} if view.additional is True and not view.properties else view.additional
        if is_node(extra) and (self.optional or not view.properties):
            with suppress(Endless):
                found["a key/1"] = self.of_schema(extra, "value")
        return found

    def _array(self, view: "View", name: str) -> Json:
        try:
            return [self.of_schema(view.items, name)]
        except Endless:
            return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A oneOf or an anyOf."""

    members: tuple[Node, ...]
    tag: str
    mapping: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a schema says, its allOf merged."""

    kind: str
    form: str
    nullable: bool
    enum: tuple[Json, ...]
    properties: Mapping[str, Node]
    required: frozenset[str]
    items: Node
    additional: Json
    choices: tuple[Choice, ...]
    shortest: int
    largest: int | None
    pattern: str


def _scalar(view: View, name: str) -> Json:
    match view.kind:
        case "string":
            return _matching(view.pattern) if view.pattern else TEXTS.get(view.form) or f"{name} ä".ljust(view.shortest)
        case "integer":
            return {"bigint": BIG, "int64": LONG}.get(view.form, 42) if view.largest is None else view.largest
        case "number":
            return 12.5
        case "boolean":
            return True
        case "null":
            return None
        case _:
            return {"any": [name, 1, True, {"deep": None}]}


def _matching(pattern: str) -> str:
    found = [each for each in SHAPED if re.search(pattern, each)]
    assert found, f"no text is at hand that matches {pattern}"
    return found[0]


def view_of(document: Node, schema: Node) -> View:
    """Return what a schema and the members of its allOf say together."""
    parts = list(_parts(document, schema))
    properties: dict[str, Node] = {}
    for part in parts:
        for name, declared in node(part.get("properties")).items():
            # Declared twice means that both hold.
            properties[name] = {"allOf": [properties[name], declared]} if name in properties else node(declared)
    items = [node(part["items"]) for part in parts if "items" in part]
    kinds = [kind for part in parts for kind in _kinds(part) if kind != "null"]
    enums = [[part["const"]] if "const" in part else part.get("enum") for part in parts]
    return View(
        kind=kinds[0] if kinds else "object" if properties else "array" if items else _of_null(parts),
        form=next((text(part["format"]) for part in parts if "format" in part), ""),
        nullable=all(_is_nullable(part) for part in parts),
        enum=next((tuple(v for v in enum if v is not None) for enum in enums if is_list(enum)), ()),
        properties=properties,
        required=frozenset(text(n) for part in parts for n in _items(part.get("required"))),
        items={"allOf": items} if len(items) > 1 else items[0] if items else {},
        additional=next((part["additionalProperties"] for part in parts if "additionalProperties" in part), None),
        choices=tuple(choice for part in parts for choice in _choices(part)),
        shortest=max((n for part in parts if isinstance(n := part.get("minLength"), int)), default=0),
        pattern=next((text(part["pattern"]) for part in parts if "pattern" in part), ""),
        largest=next((n for part in parts if isinstance(n := part.get("maximum"), int)), None),
    )


def _parts(document: Node, schema: Node) -> Iterator[Node]:
    schema = resolve(document, schema)
    for member in nodes(schema.get("allOf")):
        yield from _parts(document, member)
    own = {key: value for key, value in schema.items() if key not in ("allOf", "description", "title", "example")}
    if own or "allOf" not in schema:
        yield own


def _choices(part: Node) -> Iterator[Choice]:
    for keyword in ("oneOf", "anyOf"):
        # Those that only demand properties declared beside them leave nothing to choose.
        members = tuple(member for member in nodes(part.get(keyword)) if set(member) - {"required"})
        if members:
            discriminator = node(part.get("discriminator"))
            mapping = {key: text(target) for key, target in node(discriminator.get("mapping")).items()}
            yield Choice(members=members, tag=text(discriminator.get("propertyName")), mapping=mapping)


def _kinds(part: Node) -> list[str]:
    declared = part.get("type")
    return [text(kind) for kind in declared] if is_list(declared) else [text(declared)] if declared else []


def _is_nullable(part: Node) -> bool:
    return part.get("nullable") is True or "null" in _kinds(part)


def _of_null(parts: Sequence[Node]) -> str:
    return "null" if any("null" in _kinds(part) for part in parts) else ""


def _items(value: Json) -> Sequence[Json]:
    return value if is_list(value) else ()
