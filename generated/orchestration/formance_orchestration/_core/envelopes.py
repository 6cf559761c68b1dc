"""The wrappers that answers come in: ``{data: …}`` and pages."""

from __future__ import annotations

from collections.abc import Mapping
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


class PageData(Envelope, Generic[T]):
    """One page of a list, as a server gives it."""

    data: Annotated[list[T], BeforeValidator(_list_or_nothing)]
    has_more: bool | None = None
    next: str | None = None
    previous: str | None = None
    page_size: int | None = None
    _rest: dict[str, Json] = PrivateAttr(default_factory=dict)
    _carried: dict[str, Json] = PrivateAttr(default_factory=dict)

    @property
    def rest(self) -> Mapping[str, Json]:
        """What the answer says beside the page, such as a total."""
        return {**(self.model_extra or {}), **self._rest}

    @property
    def carried(self) -> Mapping[str, Json]:
        """What the call for the next page takes out of the answer."""
        return self._carried

    def beside(
        self, rest: Mapping[str, Json], carried: Mapping[str, Json] | None = None
    ) -> Self:
        """Remember what the answer says beside the page; return the page."""
        self._rest = dict(rest)
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
