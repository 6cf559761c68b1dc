"""The wrappers that answers come in: ``{data: …}`` and pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Generic, Self

from pydantic import BeforeValidator, PrivateAttr
from typing_extensions import TypeVar

from .model import CamelModel, Json

T = TypeVar("T")


def _list_or_nothing(value: object) -> object:
    # Go writes a nil slice as null.
    return [] if value is None else value


class Envelope(CamelModel):
    """What a client takes off an answer. It has to fit: the rest cannot be found else.

    Its first field leads to what is inside.
    """


class DataOf(Envelope, Generic[T]):
    """``{"data": …}``."""

    data: T


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What a page tells of where it stands in the list."""

    total: int | None = None
    """How many items there are on all pages."""
    pages: int | None = None
    """How many pages there are."""
    position: int | None = None
    """The number of this page, or the position of its first item."""


class PageData(Envelope, Generic[T]):
    """One page of a list, as a server gives it."""

    data: Annotated[list[T], BeforeValidator(_list_or_nothing)]
    has_more: bool | None = None
    next: str | None = None
    previous: str | None = None
    page_size: int | None = None
    _rest: dict[str, Json] = PrivateAttr(default_factory=dict)
    _carried: dict[str, Json] = PrivateAttr(default_factory=dict)
    _count: Count | None = PrivateAttr(default=None)

    @property
    def rest(self) -> Mapping[str, Json]:
        """What the answer says beside the page, such as a total."""
        return {**(self.model_extra or {}), **self._rest}

    @property
    def carried(self) -> Mapping[str, Json]:
        """What the call for the next page takes out of the answer."""
        return self._carried

    @property
    def count(self) -> Count | None:
        """Where it stands in the list; None where marks or flags tell what follows."""
        return self._count

    def beside(
        self,
        rest: Mapping[str, Json],
        carried: Mapping[str, Json] | None = None,
        count: Count | None = None,
    ) -> Self:
        """Remember what the answer says beside the page; return the page."""
        self._rest = dict(rest)
        self._count = count
        told = (carried or {}).items()
        self._carried = {name: value for name, value in told if value is not None}
        return self


class CursorOf(Envelope, Generic[T]):
    """``{"cursor": {"data": […], "hasMore": …, "next": …}}``."""

    cursor: PageData[T]

    @property
    def page_data(self) -> PageData[T]:
        """The page, with what stands beside it."""
        return self.cursor.beside(self.model_extra or {})


class PageInData(Envelope, Generic[T]):
    """``{"data": {"data": […], "hasMore": …}}``."""

    data: PageData[T]

    @property
    def page_data(self) -> PageData[T]:
        """The page, with what stands beside it."""
        return self.data.beside(self.model_extra or {})


class PageOf(PageData[T], Generic[T]):
    """``{"data": […], "hasMore": …}``."""

    @property
    def page_data(self) -> PageData[T]:
        """The page."""
        return self
