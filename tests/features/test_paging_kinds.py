"""Pages of every kind with generated clients: over loopback in both flavours, and from the testing kit."""

import asyncio
import importlib
import json
from collections.abc import AsyncIterator, Callable, Generator, Iterable
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest

from features.conftest import Use
from features.corpus import built
from loopback import Answer, Loopback, Recorded, json_answer, loopback

Call = Callable[[Any], Any]
Page = Callable[[dict[str, str], int], Answer]
SIZE: Final = 2
COUNT: Final = 5


def ids(index: int) -> list[str]:
    return [f"r{number}" for number in range(index, min(index + SIZE, COUNT))]


def things(index: int) -> list[dict[str, str]]:
    return [{"id": name} for name in ids(index)]


def mark(index: int) -> str:
    return f"m{index + SIZE}" if index + SIZE < COUNT else ""


def marked(parameter: str, body: Callable[[int], object]) -> Page:
    """Answer by a mark that goes into a parameter of the query, or of a JSON body."""
    return lambda asked, _: json_answer(body(int(asked.get(parameter, "m0")[1:])))


def numbered(parameter: str, first: int, unit: int, body: Callable[[int, int], object]) -> Page:
    """Answer by a number of pages, or of items."""

    def page(asked: dict[str, str], _: int) -> Answer:
        number = int(asked.get(parameter, first))
        return json_answer(body((number - first) * unit, number))

    return page


def linked(body: Callable[[int, str | None], Answer]) -> Page:
    """Answer by a URL, which is relative."""

    def page(asked: dict[str, str], _: int) -> Answer:
        index = int(asked.get("from", 0))
        return body(index, f"?from={index + SIZE}&opaque=%2C" if index + SIZE < COUNT else None)

    return page


def issues(index: int, url: str | None) -> Answer:
    headers = (("Link", f'<{url}>; rel="next"'),) if url else ()
    return json_answer(ids(index), headers=headers)


def charges_from(index: int) -> Answer:
    return json_answer({"object": "list", "data": things(index), "has_more": bool(mark(index)), "url": "/charges"})


def lines_from(index: int) -> Answer:
    return json_answer({"lines": [{"key": name} for name in ids(index)], "again": bool(mark(index))})


KINDS: Final[dict[str, tuple[str, Call, Page]]] = {
    "list_channels": (
        "paging-by-cursor",
        lambda client: client.list_channels(archived=False),
        marked("cursor", lambda i: {"ok": True, "channels": things(i), "response_metadata": {"next_cursor": mark(i)}}),
    ),
    "list_files": (
        "paging-by-cursor",
        lambda client: client.list_files(),
        marked("pageToken", lambda i: {"files": things(i)} | ({"nextPageToken": mark(i)} if mark(i) else {})),
    ),
    "list_pods": (
        "paging-by-cursor",
        lambda client: client.list_pods(),
        marked("continue", lambda i: {"items": things(i), "metadata": {"continue": mark(i)}}),
    ),
    "search": (
        "paging-by-cursor",
        lambda client: client.search({"query": "q"}),
        marked(
            "start_cursor", lambda i: {"results": things(i), "has_more": bool(mark(i)), "next_cursor": mark(i) or None}
        ),
    ),
    "list_charges": (
        "paging-after-the-last-item",
        lambda client: client.list_charges(customer="c"),
        lambda asked, _: charges_from(int(asked.get("starting_after", "r-1")[1:]) + 1),
    ),
    "list_tracks": (
        "paging-by-offset",
        lambda client: client.list_tracks(limit=2),
        numbered("offset", 0, 1, lambda i, _: {"items": ids(i), "total": COUNT, "next": "https://other.test/"}),
    ),
    "list_orders": (
        "paging-by-offset",
        lambda client: client.list_orders(),
        numbered("offset", 0, 1, lambda i, _: {"orders": ids(i), "hasNext": bool(mark(i))}),
    ),
    "list_users": (
        "paging-by-offset",
        lambda client: client.list_users(),
        numbered("startIndex", 1, 1, lambda i, _: {"Resources": ids(i), "totalResults": COUNT}),
    ),
    "list_logs": (
        "paging-by-offset",
        lambda client: client.list_logs(),
        numbered("offset", 0, 1, lambda i, _: ids(i)),
    ),
    "list_books": (
        "paging-by-number",
        lambda client: client.list_books(),
        numbered(
            "page",
            1,
            SIZE,
            lambda i, number: {
                "data": ids(i),
                "meta": {"pagination": {"current_page": number, "total_pages": 3}},
            },
        ),
    ),
    "list_droplets": (
        "paging-by-number",
        lambda client: client.list_droplets(),
        numbered("page", 1, SIZE, lambda i, _: {"droplets": ids(i), "meta": {"total": COUNT}}),
    ),
    "list_articles": (
        "paging-by-number",
        lambda client: client.list_articles(per_page=2),
        numbered("page", 1, SIZE, lambda i, _: ids(i)),
    ),
    "list_people": (
        "paging-by-link",
        lambda client: client.list_people(top=2),
        linked(lambda i, url: json_answer({"value": ids(i)} | ({"@odata.nextLink": url} if url else {}))),
    ),
    "list_stations": (
        "paging-by-link",
        lambda client: client.list_stations(),
        linked(
            lambda i, url: json_answer(
                {"_embedded": {"stations": ids(i)}, "_links": {"next": {"href": url}} if url else {}}
            )
        ),
    ),
    "list_issues": ("paging-by-link", lambda client: client.list_issues("me", labels="bug"), linked(issues)),
    "by_position": (
        "hint-paging-in-other-ways",
        lambda client: client.by_position(),
        numbered("from", 1, 1, lambda i, _: {"lines": [{"key": name} for name in ids(i)], "count": COUNT}),
    ),
    "by_link": (
        "hint-paging-in-other-ways",
        lambda client: client.by_link(),
        linked(lambda i, url: json_answer({"lines": [{"key": name} for name in ids(i)], "follow": url})),
    ),
    "by_header": (
        "hint-paging-in-other-ways",
        lambda client: client.by_header(),
        linked(
            lambda i, url: json_answer(
                {"lines": [{"key": name} for name in ids(i)]}, headers=(("Link", f"<{url}>; rel=next"),) if url else ()
            )
        ),
    ),
    "by_item": (
        "hint-paging-in-other-ways",
        lambda client: client.by_item(),
        lambda asked, _: lines_from(int(asked.get("beyond", "r-1")[1:]) + 1),
    ),
}
"""By method: the feature, the call, and the server."""
each_kind = pytest.mark.parametrize("name", KINDS)


@pytest.fixture
def server() -> Generator[Loopback]:
    with loopback() as running:
        yield running


def told(items: Iterable[Any]) -> list[str]:
    return [item if isinstance(item, str) else getattr(item, "key", None) or item.id for item in items]


def answering(page: Page, server: Loopback) -> Callable[[Recorded], Answer]:
    def answer(request: Recorded) -> Answer:
        query = {name: values[-1] for name, values in parse_qs(urlsplit(request.target).query).items()}
        body: dict[str, str] = json.loads(request.body or b"{}")
        return page({**query, **body}, len(server.requests))

    return answer


async def gathered(items: AsyncIterator[Any]) -> list[Any]:
    return [item async for item in items]


@each_kind
def test_all_items_come_over_the_wire(name: str, use: Use, server: Loopback) -> None:
    feature, call, page = KINDS[name]
    package, names = use(feature), built(feature)[0].names
    server.handler = answering(page, server)
    with getattr(package, str(names.client))(server.url) as client:
        first = call(client)
        assert told(first.data) == ids(0)
        assert told(first) == [f"r{index}" for index in range(COUNT)]
        rest = told(call(client.with_options(start_at=first.next)))
        assert rest == [f"r{index}" for index in range(SIZE, COUNT)]
    blocking = [request.target for request in server.requests]

    async def main() -> list[Any]:
        async with getattr(package, str(names.async_client))(server.url) as client:
            everything = await gathered(call(client))
            assert told(await gathered(call(client.with_options(start_at=first.next)))) == rest
            return everything

    assert told(asyncio.run(main())) == [f"r{index}" for index in range(COUNT)]
    assert [request.target for request in server.requests] == blocking * 2


@each_kind
def test_a_fake_gives_the_pages_that_a_test_says(name: str, use: Use) -> None:
    feature, call, _ = KINDS[name]
    package = use(feature)
    kit = importlib.import_module(f"{package.__name__}.testing")
    (fake,) = [found() for each in kit.__all__ if hasattr(found := getattr(kit, each), "client")]
    operation = getattr(fake, name)
    operation.returns_example()
    example = call(fake.client())
    (sample,) = example.data
    assert list(example) == [sample]
    items = [named(sample, f"r{index}") for index in range(3)]
    operation.returns_pages([items[:2], items[2:]])
    assert list(call(fake.client())) == items
    operation.returns(items)
    assert list(call(fake.client())) == items
    operation.returns([])
    assert list(call(fake.client())) == []


def named(sample: Any, name: str) -> Any:
    if isinstance(sample, str):
        return name
    return sample.model_copy(update={"key" if hasattr(sample, "key") else "id": name})
