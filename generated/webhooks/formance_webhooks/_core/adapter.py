"""What the runtime asks of a pydantic ``TypeAdapter``, and one made on first use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, Protocol

from typing_extensions import TypeVar

T_co = TypeVar("T_co", covariant=True)


class Reader(Protocol[T_co]):
    """The reading half of a ``TypeAdapter``, covariant in what it reads."""

    def __hash__(self) -> int:
        """Return the hash of its identity."""
        ...

    @property
    def core_schema(self) -> Any:
        """What pydantic makes of the type."""
        ...

    def validate_json(self, data: bytes, /, *, context: Any | None = None) -> T_co:
        """Read JSON text."""
        ...

    def validate_python(self, value: Any, /, *, context: Any | None = None) -> T_co:
        """Read parsed JSON."""
        ...

    def validate_strings(self, obj: str, /) -> T_co:
        """Read a value that stands in a text such as a header."""
        ...


class Writer(Protocol):
    """The writing half of a ``TypeAdapter``."""

    @property
    def core_schema(self) -> Any:
        """What pydantic makes of the type."""
        ...

    def validate_python(self, value: object, /) -> object:
        """Check a value before it is written."""
        ...

    def dump_json(
        self,
        instance: Any,
        /,
        *,
        exclude: Any = None,
        by_alias: bool | None = None,
        exclude_unset: bool = False,
        warnings: Any = True,
    ) -> bytes:
        """Write JSON text."""
        ...

    def dump_python(
        self,
        instance: Any,
        /,
        *,
        exclude: Any = None,
        by_alias: bool | None = None,
        exclude_unset: bool = False,
        warnings: Any = True,
    ) -> Any:
        """Write plain Python values."""
        ...


@dataclass(frozen=True, eq=False)
class LazyReader(Generic[T_co]):
    """A reader that is made when it is first used, for making one is slow."""

    make: Callable[[], Reader[T_co]]

    @cached_property
    def adapter(self) -> Reader[T_co]:
        """The reader."""
        return self.make()
