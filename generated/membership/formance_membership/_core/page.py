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
from itertools import islice
from typing import Generic

from typing_extensions import TypeVar

from .envelopes import PageData
from .following import (
    Direction,
    Walk,
    after,
    before,
    checked_number,
    cursor_of,
    has_more,
    mark_after,
)
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
    def cursor(self) -> str | None:
        """The cursor or URL that led to this page; None for a first page."""
        return cursor_of(self._request)

    @property
    def has_more(self) -> bool:
        """Whether the server has a further page.

        Where nothing tells of the end but a page without items: whether it may have.
        """
        return has_more(self._request, self._page)

    @property
    def next(self) -> str | None:
        """The mark of the next page: its cursor, number, position or URL.

        Given to the method again, or to ``with_options(start_at=…)``, it goes on there.
        """
        return mark_after(self._request, self._page)

    @property
    def previous(self) -> str | None:
        """The cursor or URL of the page before."""
        return self._page.previous or None

    @property
    def page_size(self) -> int | None:
        """How many items the server puts on a page, where it says."""
        return self._page.page_size

    @property
    def extra(self) -> Mapping[str, Json]:
        """What the answer says beside the page, such as a total, as plain JSON."""
        return self._page.rest

    def next_page(self) -> Page[T] | None:
        """Fetch the page that follows; None where there is none.

        Raises:
            PaginationError: There is more, but the page does not say where.
        """
        return self._at(after(self._request, self._page))

    def previous_page(self) -> Page[T] | None:
        """Fetch the page before; None where there is none, or none is told of."""
        return self._at(before(self._request, self._page))

    def pages(
        self, *, max_pages: int | None = None, direction: Direction = "forwards"
    ) -> Iterator[Page[T]]:
        """Yield this page and those that follow, each fetched when it is needed.

        Args:
            max_pages: How many there may be, this one included; then it just ends.
            direction: ``"backwards"`` goes through the pages before this one.

        Raises:
            PaginationError: A page leads back, or says there is more but not where.
            ValueError: An argument cannot be.
        """
        return self._walk(Walk(direction=direction, max_pages=max_pages))

    def items(
        self, *, max_items: int | None = None, max_pages: int | None = None
    ) -> Iterator[T]:
        """Yield the items of this page and of those that follow.

        Args:
            max_items: How many there may be; no page is fetched that is not needed.
            max_pages: How many pages there may be, this one included.

        Raises:
            PaginationError: A page leads back, or says there is more but not where.
            ValueError: An argument cannot be.
        """
        pages = self.pages(max_pages=max_pages)
        found = (item for page in pages for item in page.data)
        return islice(found, checked_number("max_items", max_items))

    def __iter__(self) -> Iterator[T]:
        """Yield all items, of this page and of those that follow."""
        return self.items()

    def __repr__(self) -> str:
        return f"<Page of {len(self.data)}{', more follow' if self.has_more else ''}>"

    def _walk(self, walk: Walk) -> Iterator[Page[T]]:
        if walk.left == 0:
            return
        yield self
        request, data = self._request, self._page
        while (following := walk.after(request, data)) is not None:
            request, data = following, self._fetch(following)
            yield Page(data, request, self._fetch)

    def _at(self, request: Request[PageData[T]] | None) -> Page[T] | None:
        if request is None:
            return None
        return Page(self._fetch(request), request, self._fetch)


class AsyncPage(Generic[T]):
    """One page of a list. ``async for`` goes on through the pages that follow.

    Nothing is sent before it is looped over or awaited: ``await`` gives the page
    itself, with its items.
    """

    def __init__(
        self,
        request: Request[PageData[T]],
        fetch: Callable[[Request[PageData[T]]], Awaitable[PageData[T]]],
        data: PageData[T] | None = None,
    ) -> None:
        self._page = data
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
    def cursor(self) -> str | None:
        """The cursor or URL that led to this page; None for a first page."""
        return cursor_of(self._request)

    @property
    def has_more(self) -> bool:
        """Whether the server has a further page.

        Where nothing tells of the end but a page without items: whether it may have.
        """
        return has_more(self._request, self._loaded)

    @property
    def next(self) -> str | None:
        """The mark of the next page: its cursor, number, position or URL.

        Given to the method again, or to ``with_options(start_at=…)``, it goes on there.
        """
        return mark_after(self._request, self._loaded)

    @property
    def previous(self) -> str | None:
        """The cursor or URL of the page before."""
        return self._loaded.previous or None

    @property
    def page_size(self) -> int | None:
        """How many items the server puts on a page, where it says."""
        return self._loaded.page_size

    @property
    def extra(self) -> Mapping[str, Json]:
        """What the answer says beside the page, such as a total, as plain JSON."""
        return self._loaded.rest

    async def next_page(self) -> AsyncPage[T] | None:
        """Fetch the page that follows; None where there is none.

        Raises:
            PaginationError: There is more, but the page does not say where.
        """
        await self._load()
        return await self._at(after(self._request, self._loaded))

    async def previous_page(self) -> AsyncPage[T] | None:
        """Fetch the page before; None where there is none, or none is told of."""
        await self._load()
        return await self._at(before(self._request, self._loaded))

    def pages(
        self, *, max_pages: int | None = None, direction: Direction = "forwards"
    ) -> AsyncIterator[AsyncPage[T]]:
        """Yield this page and those that follow, each fetched when it is needed.

        Args:
            max_pages: How many there may be, this one included; then it just ends.
            direction: ``"backwards"`` goes through the pages before this one.

        Raises:
            PaginationError: A page leads back, or says there is more but not where.
            ValueError: An argument cannot be.
        """
        return self._walk(Walk(direction=direction, max_pages=max_pages))

    def items(
        self, *, max_items: int | None = None, max_pages: int | None = None
    ) -> AsyncIterator[T]:
        """Yield the items of this page and of those that follow.

        Args:
            max_items: How many there may be; no page is fetched that is not needed.
            max_pages: How many pages there may be, this one included.

        Raises:
            PaginationError: A page leads back, or says there is more but not where.
            ValueError: An argument cannot be.
        """
        pages = self.pages(max_pages=max_pages)
        return _items(pages, checked_number("max_items", max_items))

    def __aiter__(self) -> AsyncIterator[T]:
        """Yield all items, of this page and of those that follow."""
        return self.items()

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

    async def _walk(self, walk: Walk) -> AsyncIterator[AsyncPage[T]]:
        if walk.left == 0:
            return
        yield await self._load()
        request, data = self._request, self._loaded
        while (following := walk.after(request, data)) is not None:
            request, data = following, await self._fetch(following)
            yield AsyncPage(request, self._fetch, data)

    async def _at(self, request: Request[PageData[T]] | None) -> AsyncPage[T] | None:
        return None if request is None else await AsyncPage(request, self._fetch)

    @property
    def _loaded(self) -> PageData[T]:
        if self._page is None:
            raise RuntimeError("the page is not fetched yet: await it first")
        return self._page


async def _items(
    pages: AsyncIterator[AsyncPage[T]], left: int | None
) -> AsyncIterator[T]:
    if left == 0:
        return
    async for page in pages:
        for item in page.data:
            yield item
            if left is not None:
                left -= 1
                if left == 0:
                    return
