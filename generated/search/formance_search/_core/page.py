"""Lists that come in pages: a loop over all items, page after page."""

from __future__ import annotations

from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Generator,
    Iterator,
    Mapping,
)
from typing import Generic

from typing_extensions import TypeVar

from .envelopes import PageData
from .following import following, has_more
from .model import Json
from .operation import Request

T = TypeVar("T")


class Page(Generic[T]):
    """One page of a list. A loop over it goes on through the pages that follow."""

    def __init__(
        self,
        data: PageData[T],
        request: Request[PageData[T]],
        fetch: Callable[[Request[PageData[T]]], PageData[T]],
    ) -> None:
        self._page = data
        self._request = request
        self._fetch = fetch

    @property
    def data(self) -> list[T]:
        """The items of this page."""
        return self._page.data

    @property
    def has_more(self) -> bool:
        """Whether the server has a further page."""
        return has_more(self._page)

    @property
    def next(self) -> str | None:
        """The cursor of the next page."""
        return self._page.next or None

    @property
    def previous(self) -> str | None:
        """The cursor of the page before."""
        return self._page.previous or None

    @property
    def page_size(self) -> int | None:
        """How many items the server puts on a page, where it says."""
        return self._page.page_size

    @property
    def extra(self) -> Mapping[str, Json]:
        """What the answer says beside the page, such as a total, as plain JSON."""
        return self._page.rest

    def pages(self) -> Iterator[Page[T]]:
        """Yield this page and those that follow, each fetched when it is needed.

        Raises:
            PaginationError: A page leads back, or says there is more but not where.
        """
        page = self
        seen: set[str] = set()
        while True:
            yield page
            request = following(page._request, page._page, seen)
            if request is None:
                return
            page = Page(self._fetch(request), request, self._fetch)

    def __iter__(self) -> Iterator[T]:
        """Yield all items, of this page and of those that follow."""
        for page in self.pages():
            yield from page.data

    def __repr__(self) -> str:
        return f"<Page of {len(self.data)}{', more follow' if self.has_more else ''}>"


class AsyncPage(Generic[T]):
    """One page of a list. ``async for`` goes on through the pages that follow.

    Nothing is sent before it is looped over or awaited: ``await`` gives the page
    itself, with its items.
    """

    def __init__(
        self,
        request: Request[PageData[T]],
        fetch: Callable[[Request[PageData[T]]], Awaitable[PageData[T]]],
    ) -> None:
        self._page: PageData[T] | None = None
        self._request = request
        self._fetch = fetch

    @property
    def data(self) -> list[T]:
        """The items of this page.

        Raises:
            RuntimeError: The page is not fetched yet; ``await`` it first.
        """
        return self._loaded.data

    @property
    def has_more(self) -> bool:
        """Whether the server has a further page."""
        return has_more(self._loaded)

    @property
    def next(self) -> str | None:
        """The cursor of the next page."""
        return self._loaded.next or None

    @property
    def previous(self) -> str | None:
        """The cursor of the page before."""
        return self._loaded.previous or None

    @property
    def page_size(self) -> int | None:
        """How many items the server puts on a page, where it says."""
        return self._loaded.page_size

    @property
    def extra(self) -> Mapping[str, Json]:
        """What the answer says beside the page, such as a total, as plain JSON."""
        return self._loaded.rest

    async def pages(self) -> AsyncIterator[AsyncPage[T]]:
        """Yield this page and those that follow, each fetched when it is needed.

        Raises:
            PaginationError: A page leads back, or says there is more but not where.
        """
        page = self
        seen: set[str] = set()
        while True:
            yield await page
            request = following(page._request, page._loaded, seen)
            if request is None:
                return
            page = AsyncPage(request, self._fetch)

    async def __aiter__(self) -> AsyncIterator[T]:
        """Yield all items, of this page and of those that follow."""
        async for page in self.pages():
            for item in page.data:
                yield item

    def __await__(self) -> Generator[object, None, AsyncPage[T]]:
        return self._load().__await__()

    def __repr__(self) -> str:
        if self._page is None:
            return "<AsyncPage, not fetched>"
        more = ", more follow" if self.has_more else ""
        return f"<AsyncPage of {len(self.data)}{more}>"

    async def _load(self) -> AsyncPage[T]:
        if self._page is None:
            self._page = await self._fetch(self._request)
        return self

    @property
    def _loaded(self) -> PageData[T]:
        if self._page is None:
            raise RuntimeError("the page is not fetched yet: await it first")
        return self._page
