"""The base of generated models: how their fields are named, read and written.

A generated model looks like this::

    class Posting(CamelModel):
        amount: int
        destination_account: str                          # destinationAccount
        hold: Annotated[str, Alias("hold_id")]            # an irregular wire name
        note: Annotated[str | None, NULLABLE] = None      # None is sent as null
        at: Timestamp | None = None                       # None is left out
        kind: Literal["POSTING"] = "POSTING"              # a constant: always sent
        id: Annotated[int, READ_ONLY] = ABSENT            # the service sets it
        pin: Annotated[str, WRITE_ONLY]                   # no answer has it
        title: Annotated[str, Within(max_length=80)]      # checked when it is sent
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Final, Self, TypeAlias, Unpack

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    PlainSerializer,
)
from pydantic.types import JsonValue
from pydantic_core import CoreSchema, core_schema

from .secret import Secret


def wire_name(name: str) -> str:
    """Return the camelCase wire name of a snake_case field name.

    The first word stays as it is, each next word starts with an upper-case letter:
    ``destination_account`` becomes ``destinationAccount``.
    """
    first, *rest = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


class Model(BaseModel):
    """A JSON object with declared properties.

    Constructing one validates it; unknown properties are kept. On the way out,
    fields that nobody set are left out.
    """

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
        validate_by_alias=True,
        validate_assignment=True,
        serialize_by_alias=True,
        defer_build=True,
        allow_inf_nan=False,
        protected_namespaces=(),
    )

    def __init_subclass__(cls, **kwargs: Unpack[ConfigDict]) -> None:
        """Let constants, the only defaults that are not None, count as set."""
        super().__init_subclass__(**kwargs)
        # Only classes with a constant pay for a call per instance.
        if any(
            isinstance(value, str | int) and not name.startswith("_")
            for name, value in cls.__dict__.items()
        ):
            cls.model_post_init = _set_constants  # type: ignore[method-assign]


class CamelModel(Model):
    """A `Model` whose wire names are the camelCase of its field names."""

    model_config = ConfigDict(alias_generator=wire_name)


class Closed:
    """Marks a model whose service takes no other properties than the declared ones."""

    __slots__ = ()


READING: Final = object()
"""The validation context of what a server sent: it is read, not made."""


class _Nullable:
    """The type of `NULLABLE`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NULLABLE"


NULLABLE: Final = _Nullable()
"""Marks an optional field whose explicit None is sent as ``null``."""


class _ReadOnly:
    """The type of `READ_ONLY`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "READ_ONLY"


class _WriteOnly:
    """The type of `WRITE_ONLY`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "WRITE_ONLY"

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Miss nothing where an answer does not have it."""
        return core_schema.with_default_schema(handler(source), default=None)


READ_ONLY: Final = _ReadOnly()
"""Marks a field that only the service sets: it is never sent."""

WRITE_ONLY: Final = _WriteOnly()
"""Marks a required field that no answer has: it is demanded when it is sent."""

ABSENT: Final[Any] = None
"""What a required field that only the service sets is as long as it has not."""


def Alias(wire: str) -> object:
    """Give a field a wire name that the naming rule does not lead to."""
    return Field(alias=wire)


def rfc3339(moment: datetime) -> str:
    """Write a moment as RFC 3339 asks, with ``Z`` for UTC.

    Raises:
        ValueError: The moment has no time zone, so nobody knows when it is.
    """
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError(
            f"{moment.isoformat()} has no time zone; "
            "give an aware datetime, such as datetime.now(timezone.utc)"
        )
    if not offset:
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    return moment.isoformat()


def _written(moment: Any) -> Any:
    # What came as something else is written so; pydantic warns of it.
    return rfc3339(moment) if isinstance(moment, datetime) else moment


Timestamp: TypeAlias = Annotated[
    datetime, PlainSerializer(_written, return_type=str, when_used="json")
]
"""A moment (RFC 3339). It must have a time zone when it is sent."""

Date: TypeAlias = date
"""A day (RFC 3339 full-date), under a name that leaves ``date`` to fields."""

Time: TypeAlias = time
"""A time of day, under a name that leaves ``time`` to fields."""


def _json_number(value: Decimal) -> int | float:
    """Return the JSON number of a decimal.

    Raises:
        ValueError: There is none of this value, since JSON writers keep 17 digits.
    """
    if not value.is_finite():
        raise ValueError(f"{value} is no JSON number")
    number = int(value) if value == value.to_integral_value() else float(value)
    if Decimal(repr(number)) != value:
        raise ValueError(f"{value} has more digits than are kept of a JSON number")
    return number


DecimalNumber: TypeAlias = Annotated[
    Decimal, PlainSerializer(_json_number, when_used="json")
]
"""A decimal that travels as a JSON number, and not as a text."""


SecretText: TypeAlias = Annotated[str, AfterValidator(Secret)]
"""A password or the like: a text that ``repr`` does not show."""


class OpenStrEnum(str, Enum):  # noqa: UP042
    """Known strings of an open set: others are read too, and kept as they are."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        # Not entered into the enum, so that it cannot grow with what servers say.
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member

    @property
    def is_known(self) -> bool:
        """Whether the document names this value."""
        return self._value_ in type(self)._value2member_map_

    def __str__(self) -> str:
        return str(self._value_)


class OpenIntEnum(int, Enum):
    """Known integers of an open set: others are read too, and kept as they are."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        member = int.__new__(cls, value)
        member._name_ = str(value)
        member._value_ = value
        return member

    @property
    def is_known(self) -> bool:
        """Whether the document names this value."""
        return self._value_ in type(self)._value2member_map_

    def __str__(self) -> str:
        return str(self._value_)


Json: TypeAlias = JsonValue
"""Any JSON value."""


def _set_constants(self: BaseModel, context: Any, /) -> None:
    if context is READING:
        # What the server did not send, nobody set.
        return
    for name, field in type(self).model_fields.items():
        if field.default is not None and not field.is_required():
            self.__pydantic_fields_set__.add(name)
