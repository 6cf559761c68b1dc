"""Which names of an answer lead on by which parameter, however both are spelled."""

import pytest

from formance_codegen.lower.page_names import is_last_id, is_link, leads_on
from formance_codegen.lower.page_survey import squashed


@pytest.mark.parametrize(
    ("parameter", "way"),
    [
        ("cursor", "response_metadata/next_cursor"),
        ("cursor", "nextCursor"),
        ("cursor", "cursor"),
        ("pageToken", "nextPageToken"),
        ("page_token", "next_token"),
        ("NextToken", "NextToken"),
        ("next_page_token", "next_page_token"),
        ("pagination_token", "meta/next_token"),
        ("continuationToken", "continuationToken"),
        ("continue", "metadata/continue"),
        ("Marker", "NextMarker"),
        ("bookmark", "bookmark"),
        ("start_cursor", "next_cursor"),
        ("max_id", "pagination/next_max_id"),
        ("offset", "next_page/offset"),
        ("offset", "next_offset"),
        ("after", "paging/next/after"),
        ("after", "paging/cursors/after"),
        ("page[after]", "meta/after_cursor"),
        ("starting_after", "pages/next/starting_after"),
        ("after", "pageInfo/endCursor"),
        ("page", "next_page"),
    ],
)
def test_what_leads_on(parameter: str, way: str) -> None:
    *folders, key = map(squashed, way.split("/"))
    assert leads_on(squashed(parameter), key, folders[-1] if folders else "")


@pytest.mark.parametrize(
    ("parameter", "way"),
    [
        ("cursor", "previous_cursor"),
        ("cursor", "prev_cursor"),
        ("cursor", "next"),
        ("cursor", "links/next"),
        ("token", "next_token"),
        ("token", "next_page_token"),
        ("token", "token"),
        ("id", "next_id"),
        ("id", "id"),
        ("name", "name"),
        ("offset", "offset"),
        ("page", "page"),
        ("status", "status"),
        ("key", "next_key"),
        ("after", "before"),
        ("after", "paging/cursors/before"),
        ("page_token", "access_token"),
        ("before", "next_cursor"),
        ("cursor", "next_page_token"),
    ],
)
def test_what_does_not(parameter: str, way: str) -> None:
    *folders, key = map(squashed, way.split("/"))
    assert not leads_on(squashed(parameter), key, folders[-1] if folders else "")


@pytest.mark.parametrize(
    ("parameter", "key", "is_one"),
    [
        ("starting_after", "id", True),
        ("after_id", "id", True),
        ("after", "last_id", True),
        ("after", "id", False),
        ("before_id", "id", False),
        ("ending_before", "last_id", False),
    ],
)
def test_the_id_of_the_last_item(parameter: str, key: str, *, is_one: bool) -> None:
    assert is_last_id(squashed(parameter), squashed(key)) == is_one


@pytest.mark.parametrize(
    ("way", "is_url", "is_one"),
    [
        ("@odata.nextLink", False, True),
        ("next_page_url", False, True),
        ("_links/next/href", False, True),
        ("links/next", True, True),
        ("links/next", False, False),
        ("nextUri", True, True),
        ("nextUri", False, False),
        ("next", True, True),
        ("next", False, False),
        ("links/last", True, False),
        ("links/previous", True, False),
        ("url", True, False),
        ("self/href", True, False),
    ],
)
def test_links(way: str, *, is_url: bool, is_one: bool) -> None:
    *folders, key = map(squashed, way.split("/"))
    assert is_link(key, folders[-1] if folders else "", is_url=is_url) == is_one
