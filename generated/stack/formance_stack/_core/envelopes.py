"""The wrappers that answers come in: ``{data: …}`` and pages."""

from __future__ import annotations

from typing import Annotated, Generic

from pydantic import BeforeValidator
from typing_extensions import TypeVar

from .model import CamelModel

T = TypeVar("T")


def _list_or_nothing(value: object) -> object:
    # Go writes a nil slice as null.
    return [] if value is None else value


class DataOf(CamelModel, Generic[T]):
    """``{"data": …}``."""

    data: T


class PageData(CamelModel, Generic[T]):
    """One page of a list, as a server gives it."""

    data: Annotated[list[T], BeforeValidator(_list_or_nothing)]
    has_more: bool | None = None
    next: str | None = None
    previous: str | None = None
    page_size: int | None = None


class CursorOf(CamelModel, Generic[T]):
    """``{"cursor": {"data": […], "hasMore": …, "next": …}}``."""

    cursor: PageData[T]

    @property
    def page_data(self) -> PageData[T]:
        """The page."""
        return self.cursor


class PageInData(CamelModel, Generic[T]):
    """``{"data": {"data": […], "hasMore": …}}``."""

    data: PageData[T]

    @property
    def page_data(self) -> PageData[T]:
        """The page."""
        return self.data


class PageOf(PageData[T], Generic[T]):
    """``{"data": […], "hasMore": …}``."""

    @property
    def page_data(self) -> PageData[T]:
        """The page."""
        return self
