"""Lists that come in pages: a loop over all items, page after page."""

from __future__ import annotations

from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Generator,
    Iterator,
)
from typing import Generic

from typing_extensions import TypeVar

from .envelopes import PageData
from .errors import PaginationError
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

    def pages(self) -> Iterator[Page[T]]:
        """Yield this page and those that follow, each fetched when it is needed.

        Raises:
            PaginationError: A page leads back, or says there is more but not where.
        """
        page = self
        seen: set[str] = set()
        while True:
            yield page
            cursor = next_cursor(page._request, page._page, seen)
            if cursor is None:
                return
            request = self._request.at(cursor)
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

    async def pages(self) -> AsyncIterator[AsyncPage[T]]:
        """Yield this page and those that follow, each fetched when it is needed.

        Raises:
            PaginationError: A page leads back, or says there is more but not where.
        """
        page = self
        seen: set[str] = set()
        while True:
            yield await page
            cursor = next_cursor(page._request, page._loaded, seen)
            if cursor is None:
                return
            page = AsyncPage(self._request.at(cursor), self._fetch)

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


def has_more(page: PageData[T]) -> bool:
    """Return whether a page says that another follows."""
    return bool(page.next) if page.has_more is None else page.has_more


def next_cursor(
    request: Request[PageData[T]], page: PageData[T], seen: set[str]
) -> str | None:
    """Return the cursor of the page that follows; None where there is none.

    Args:
        request: What gave the page.
        page: The page.
        seen: The cursors followed so far; this one is added.

    Raises:
        PaginationError: There is more, but the cursor is missing or was seen before.
    """
    operation = request.operation
    if operation.cursor is None or not has_more(page):
        return None
    cursor = page.next
    if cursor and cursor not in seen:
        seen.add(cursor)
        return cursor
    what = "the same page again" if cursor else "no page, though there is more"
    raise PaginationError(
        f"a page leads to {what} "
        f"({operation.name}, {operation.method} {operation.path})",
        operation=operation.name,
        method=operation.method,
        path=operation.path,
    )
