"""Unions: how the variants are told apart, and what is kept of those nobody knows.

A generated union looks like this::

    BulkElement: TypeAlias = Annotated[
        Annotated[CreateTransaction, Tag("CREATE_TRANSACTION")]
        | Annotated[AddMetadata, Tag("ADD_METADATA")]
        | Unknown,
        by_tag("action"),
    ]
    LogData: TypeAlias = Annotated[
        NewTransaction | RevertedTransaction | dict[str, str] | int | Unknown,
        BY_SHAPE,
    ]

Where the document gives a variant no tag of its own, leave its ``Tag`` out. A union
that is a member of itself (not only of its own models) is a ``TypeAliasType``::

    Filter = TypeAliasType("Filter", Annotated[dict[str, "Filter"] | str, BY_SHAPE])

How a variant is chosen
- An object that carries a known tag: the variant with that tag.
- Without a tag, or by shape: the JSON type decides; among models the one whose
  required properties are all there, also in the objects inside, and which knows the
  most of the properties; the declared order breaks a tie. A map takes the objects that
  no model fits.
- What fits nothing: `Unknown`, when it is read from JSON. A caller's own values are
  not guessed at: they are refused, unless he wraps them in ``Unknown(…)`` himself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, get_args, get_origin

from pydantic import GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from .guards import is_mapping
from .model import READING, Json, Model
from .shapes import Kind, Shape, kind_of, kinds_of, models_of, shape_of, wire_name_of


class Unknown:
    """A variant that the document does not name, as it came.

    Wrap a JSON value in it to send what this client does not know yet.
    """

    __slots__ = ("raw",)

    def __init__(self, raw: Json) -> None:
        self.raw: Json = raw
        """The JSON value."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unknown) and self.raw == other.raw

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Unknown({self.raw!r})"

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Read any JSON, and write it as it came."""
        return core_schema.with_info_plain_validator_function(
            _keep,
            serialization=core_schema.plain_serializer_function_ser_schema(_raw),
        )


@dataclass(frozen=True, slots=True, init=False)
class Tag:
    """The values of the tag that lead to a variant."""

    values: tuple[str | int, ...]

    def __init__(self, *values: str | int) -> None:
        object.__setattr__(self, "values", values)


@dataclass(frozen=True, slots=True)
class Telling:
    """How the variants of an annotated union are told apart."""

    tag: str | None = None
    """The wire name of the property that names the variant; None: by shape alone."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Read the one variant that a value fits, instead of trying all."""
        variants = _variants(get_args(source) or (source,))
        choices: dict[Any, CoreSchema] = {
            label: _either([handler.generate_schema(member) for member in members])
            for label, members in variants.choices.items()
        }
        return core_schema.tagged_union_schema(
            choices,
            discriminator=_Chooser(self.tag, variants).choose,
            custom_error_type="union_variant",
            custom_error_message="Input is none of the variants",
        )


def by_tag(name: str) -> Telling:
    """Tell variants apart by the property of this wire name."""
    return Telling(name)


BY_SHAPE: Final = Telling()
"""Tells variants apart by JSON type and required properties."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Variants:
    """The members of a union, sorted by what they are made of."""

    objects: Mapping[str, tuple[type[Model], ...]]
    """The models of the members that have some, by label, in declared order."""
    tags: Mapping[str | int, str]
    """Labels by the value of the tag."""
    kinds: Mapping[Kind, str]
    """Labels of the other members, by JSON type."""
    unknown: str | None
    choices: Mapping[str, Sequence[object]]
    """Members by label; several where JSON itself cannot tell them apart."""


def _variants(members: Sequence[object]) -> _Variants:
    objects: dict[str, tuple[type[Model], ...]] = {}
    tags: dict[str | int, str] = {}
    kinds: dict[Kind, str] = {}
    choices: dict[str, list[object]] = {}
    for index, member in enumerate(members):
        models = models_of(member)
        if member is Unknown:
            choices["unknown"] = [member]
        elif models:
            # The number keeps labels apart from the keys of any object.
            label = f"{models[0].__name__}#{index}"
            objects[label] = models
            choices[label] = [member]
            tags |= dict.fromkeys(_tag_values(member), label)
            for kind in kinds_of(member):
                if kind != "object":
                    kinds.setdefault(kind, label)
        else:
            for kind in kinds_of(member):
                kinds[kind] = f"{kind}#"
                choices.setdefault(f"{kind}#", []).append(member)
    unknown = "unknown" if "unknown" in choices else None
    # What has the right JSON type may still not fit: then it is what takes any value,
    # or kept as nobody knows it.
    rest = [*choices.get("any#", ()), *([Unknown] if unknown else ())]
    for label in dict.fromkeys(kinds.values()):
        if label not in objects:
            choices[label] += [each for each in rest if each not in choices[label]]
    return _Variants(
        objects=objects, tags=tags, kinds=kinds, unknown=unknown, choices=choices
    )


def _tag_values(member: object) -> tuple[str | int, ...]:
    if get_origin(member) is not Annotated:
        return ()
    marks = [part for part in get_args(member)[1:] if isinstance(part, Tag)]
    return tuple(value for mark in marks for value in mark.values)


def _either(schemas: list[CoreSchema]) -> CoreSchema:
    if len(schemas) == 1:
        return schemas[0]
    return core_schema.union_schema([*schemas], mode="left_to_right")


class _Chooser:
    """The choice of a variant for a value, by its label."""

    __slots__ = ("_shapes", "_tag", "_variants")

    def __init__(self, tag: str | None, variants: _Variants) -> None:
        self._tag = tag
        self._variants = variants
        self._shapes: dict[str, tuple[Shape, ...]] = {}

    def choose(self, value: object) -> str | None:
        """Return the label of the variant that a value fits, None for none."""
        variants = self._variants
        if isinstance(value, Unknown):
            return variants.unknown
        if isinstance(value, Model):
            return self._of_instance(value)
        kinds = variants.kinds
        label = self._of_object(value) if is_mapping(value) else None
        label = label or kinds.get(kind_of(value)) or kinds.get("any")
        return label or variants.unknown

    def _of_instance(self, value: Model) -> str | None:
        for label, models in self._variants.objects.items():
            if isinstance(value, models):
                return label
        return None

    def _of_object(self, value: Mapping[object, object]) -> str | None:
        tags = self._variants.tags
        tag = self._tag_of(value)
        if isinstance(tag, str | int) and tag in tags:
            return tags[tag]
        # A tag that nobody knows rules out the variants that have one.
        ruled_out = set(tags.values()) if tag is not None else set[str]()
        fitting = [
            (label, shape)
            for label, shapes in self._fields().items()
            if label not in ruled_out
            for shape in shapes
            if shape.fits(value)
        ]
        if len(fitting) < 2:
            return fitting[0][0] if fitting else None
        # The first of those that are equally close.
        return max(fitting, key=lambda found: found[1].closeness(value))[0]

    def _tag_of(self, value: Mapping[object, object]) -> object:
        if self._tag is None:
            return None
        if self._tag in value:
            return value[self._tag]
        # A caller may spell the tag as the field is called in Python.
        for models in self._variants.objects.values():
            for name in models[0].model_fields:
                if name in value and wire_name_of(models[0], name) == self._tag:
                    return value[name]
        return None

    def _fields(self) -> Mapping[str, tuple[Shape, ...]]:
        # On first use: only then are the fields of recursive models complete.
        if not self._shapes:
            self._shapes = {
                label: tuple(shape_of(model) for model in models)
                for label, models in self._variants.objects.items()
            }
        return self._shapes


def _keep(value: object, info: ValidationInfo) -> Unknown:
    if isinstance(value, Unknown):
        return value
    if info.mode == "python" and info.context is not READING:
        raise PydanticCustomError(
            "unknown_variant",
            "Input is none of the known variants; "
            "to send it all the same, wrap it in Unknown(...)",
        )
    return Unknown(value)  # type: ignore[arg-type]


def _raw(value: Unknown) -> Json:
    return value.raw
