"""Servers of single operations: where calls go, and where credentials never do."""

import importlib
from typing import Any

import httpx2
import pytest

from features.conftest import Serve, Use
from features.corpus import built

FEATURE = "own-servers"
EU = "https://eu.files.example.com/v1"


def calls(serve: Serve, feature: str, server: str | None, *names: str, **options: object) -> list[str]:
    """Return where the calls of a client go."""
    served = serve(feature, *(httpx2.Response(204) for _ in names), server=server, **options)
    for name in names:
        getattr(served.client, name)()
    return [str(request.url) for request in served.wire.requests]


@pytest.mark.parametrize(
    ("server", "options", "expected"),
    [
        (
            None,
            {},
            [f"{EU}/files", "https://upload-eu.example.com/in/files", "https://eu.files.example.com/health/status"],
        ),
        (
            None,
            {"region": "us"},
            [
                "https://us.files.example.com/v1/files",
                "https://upload-us.example.com/in/files",
                "https://us.files.example.com/health/status",
            ],
        ),
        (
            f"{EU}/",
            {},
            [f"{EU}/files", "https://upload-eu.example.com/in/files", "https://eu.files.example.com/health/status"],
        ),
        (
            "https://mine.test/base",
            {},
            ["https://mine.test/base/files", "https://mine.test/base/files", "https://mine.test/health/status"],
        ),
    ],
)
def test_an_operation_is_where_the_document_says(
    serve: Serve, server: str | None, options: dict[str, str], expected: list[str]
) -> None:
    assert calls(serve, FEATURE, server, "list_files", "upload_file", "get_status", **options) == expected


def test_a_server_on_the_publishers_machine_is_none(serve: Serve) -> None:
    assert calls(serve, FEATURE, None, "probe") == [f"{EU}/status"]
    (told,) = [found.message for found in built(FEATURE)[1] if found.code.slug == "ignored-server"]
    assert told.startswith('the server "http://localhost:9000" leads to the publisher\'s own machine')


def test_a_value_that_the_other_server_does_not_have_is_refused(serve: Serve, use: Use) -> None:
    served = serve(FEATURE, server="https://cn.files.example.com/v1")
    with pytest.raises(use(FEATURE).InvalidRequest, match="'cn' is not one of eu, us"):
        served.client.upload_file()
    assert served.wire.requests == []


def test_a_key_goes_to_the_servers_of_the_document_and_to_no_open_one(serve: Serve, use: Use) -> None:
    package = use(FEATURE)
    served = serve(FEATURE, httpx2.Response(204), httpx2.Response(204), server=None, auth=package.ApiKey("secret"))

    served.client.upload_file()
    with pytest.raises(package.AuthError, match="plain http"):
        served.client.set_status()

    assert [request.headers["x-key"] for request in served.wire.requests] == ["secret"]


def test_a_key_stays_where_its_user_sends_it(serve: Serve, use: Use) -> None:
    served = serve(FEATURE, httpx2.Response(204), httpx2.Response(204), auth=use(FEATURE).ApiKey("secret"))

    served.client.upload_file()
    served.client.set_status()

    assert {request.url.host for request in served.wire.requests} == {"server.test"}


def test_servers_beside_paths_alone_are_enough(serve: Serve) -> None:
    feature = "servers-of-paths-alone"
    assert calls(serve, feature, None, "forecast", "archive") == [
        "https://api.example.com/forecast",
        "https://archive.example.com/archive",
    ]
    assert calls(serve, feature, "http://localhost:1", "archive") == ["http://localhost:1/archive"]


def test_a_fake_knows_operations_wherever_they_are(use: Use) -> None:
    fake: Any = importlib.import_module(f"{use(FEATURE).__name__}.testing").FakeOwnServers()
    fake.get_status.returns(None)
    fake.upload_file.returns(None)
    client = fake.client()

    assert (client.get_status(), client.upload_file()) == (None, None)
    fake.get_status.assert_called_once()
