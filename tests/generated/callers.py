"""Calls the methods of a generated client, which is known only when the test runs, in either flavour."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias, TypeVar, runtime_checkable

from pydantic import TypeAdapter

from generated.cases import Case
from samples import Json, is_list, is_node

Flavour: TypeAlias = Literal["sync", "async"]
FLAVOURS: Final[tuple[Flavour, ...]] = ("sync", "async")
TOKEN: Final = "token-of-the-test"

T = TypeVar("T")


@runtime_checkable
class Page(Protocol):
    """What both flavours of a page have."""

    @property
    def data(self) -> list[object]:
        """The items of this page."""
        ...

    @property
    def has_more(self) -> bool:
        """Whether another page follows."""
        ...


@runtime_checkable
class Stream(Protocol):
    """What both flavours of a stream have."""

    def read(self) -> bytes | Awaitable[bytes]:
        """Return all."""
        ...


@runtime_checkable
class Items(Protocol):
    """What can be looped over."""

    def __iter__(self) -> Iterator[object]: ...


@runtime_checkable
class AsyncItems(Protocol):
    """What can be looped over with ``async for``."""

    def __aiter__(self) -> AsyncIterator[object]: ...


@runtime_checkable
class Closing(Protocol):
    """What can be closed."""

    def close(self) -> None:
        """Close it."""
        ...


@runtime_checkable
class AsyncClosing(Protocol):
    """What can be closed in ``async`` code."""

    async def aclose(self) -> None:
        """Close it."""
        ...


@runtime_checkable
class Refusal(Protocol):
    """An error of an answer."""

    status: int
    code: object
    message: str
    details: object
    body: object
    operation: str


@dataclass(slots=True)
class Caller:
    """A client of one flavour."""

    client: object
    runner: asyncio.Runner
    drifts: list[object]
    """What answers held that the client did not know."""

    def call(self, case: Case, *positional: object, **keywords: object) -> object:
        """Call the method of an operation and return its result: a page is fetched, a stream is not."""
        target = self.client
        for attribute in str(case.described["call"]).split("."):
            target = getattr(target, attribute)
        assert callable(target)
        return self.wait(target(*positional, **keywords))

    def wait(self, value: object) -> object:
        """Return a value, awaited if need be."""
        if not inspect.isawaitable(value):
            return value
        awaitable: Awaitable[object] = value

        async def main() -> object:
            return await awaitable

        return self.runner.run(main())

    def items(self, page: object) -> list[object]:
        """Return all items of all pages."""
        if isinstance(page, Items):
            return [*page]
        assert isinstance(page, AsyncItems)

        async def main() -> list[object]:
            return [item async for item in page]

        return self.runner.run(main())

    def read(self, stream: object) -> object:
        """Return all bytes of a stream."""
        assert isinstance(stream, Stream)
        return self.wait(stream.read())


def open_client(case: Case, flavour: Flavour, url: str) -> tuple[object, list[object]]:
    """Return a client of the service with a token and without retries, and where its drift goes."""
    kind = case.load(f".client:{case.client if flavour == 'sync' else case.async_client}")
    bearer = case.load("._core.auth:BearerToken")
    assert callable(kind)
    assert callable(bearer)
    client: object = kind(url, auth=bearer(TOKEN), max_retries=0)
    drifts: list[object] = []
    with_options: Callable[..., object] = getattr(client, "with_options")  # noqa: B009 - the type is not known here
    return with_options(on_drift=drifts.append), drifts


def close_client(client: object, runner: asyncio.Runner) -> None:
    """Close a client of either flavour."""
    if isinstance(client, Closing):
        client.close()
        return
    assert isinstance(client, AsyncClosing)
    closing = client

    async def main() -> None:
        await closing.aclose()

    runner.run(main())


def dumped(value: object) -> Json:
    """Return a result as the JSON that it came from: by wire names, and only what was there."""
    found: Json = _ANYTHING.dump_python(value, mode="json", by_alias=True, exclude_unset=True)
    return found


_ANYTHING: Final = TypeAdapter(object)


def same(first: Json, second: Json) -> bool:
    """Tell whether two JSON values are equal; true is not 1, as it is in Python."""
    if is_node(first) and is_node(second):
        return first.keys() == second.keys() and all(same(item, second[key]) for key, item in first.items())
    if is_list(first) and is_list(second):
        return len(first) == len(second) and all(map(same, first, second))
    return first == second and isinstance(first, bool) is isinstance(second, bool)
