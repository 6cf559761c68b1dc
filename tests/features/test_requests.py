"""Calls on the wire: parameters, bodies, servers and credentials of the features."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl

import httpx2
import pytest

from features.conftest import SERVER, Serve, Use, Wire


def done() -> httpx2.Response:
    return httpx2.Response(204)


def test_the_body_of_a_get_may_be_left_out(serve: Serve) -> None:
    served = serve("get-body", httpx2.Response(200, json=["a"]), httpx2.Response(200, json=[]))

    assert served.client.list_accounts("main") == ["a"]
    assert served.client.list_accounts("main", {"$match": {"address": "a:"}}) == []

    without, with_body = served.wire.requests
    assert (without.method, without.content, with_body.method) == ("GET", b"", "GET")
    assert json.loads(with_body.content) == {"$match": {"address": "a:"}}


def test_a_parameter_of_the_operation_stands_for_that_of_its_path(serve: Serve) -> None:
    served = serve("path-level-parameters-overridden", done(), done())

    served.client.get_wallet("a/b", verbose=3)
    served.client.debit_wallet("w", verbose=True, query_id="q", idempotency_key="k")

    got, debited = served.wire.requests
    assert got.url.raw_path == b"/base/wallets/a%2Fb?verbose=3"
    assert debited.url.raw_path == b"/base/wallets/w?verbose=true&id=q"
    assert debited.headers.get_list("idempotency-key") == ["k"]


def test_deprecated_twins_keep_their_names_on_the_wire(serve: Serve) -> None:
    served = serve("deprecated-twins", done(), done())

    served.client.list_accounts(page_size=1, deprecated_page_size=2)
    with pytest.warns(DeprecationWarning, match="old_list is deprecated"):
        served.client.old_list()

    assert served.wire.requests[0].url.query == b"page_size=2&pageSize=1"


def test_bytes_go_out_as_they_are(serve: Serve) -> None:
    served = serve("binary-upload", done(), done())

    served.client.import_logs(b'{"id":1}\n')
    served.client.import_logs(iter([b"a", b"b"]))

    whole, parts = served.wire.requests
    assert (whole.content, whole.headers["content-type"]) == (b'{"id":1}\n', "application/octet-stream")
    assert parts.content == b"ab"


@pytest.mark.parametrize(
    ("body", "content", "media_type"),
    [
        ({"name": "app"}, b'{"name":"app"}', "application/json"),
        ("name: app\n", b"name: app\n", "application/yaml"),
    ],
)
def test_what_the_caller_gives_decides_the_media_type(
    serve: Serve, body: object, content: bytes, media_type: str
) -> None:
    served = serve("two-request-media-types", done())

    served.client.push_manifest(body)

    assert served.wire.request.content == content
    assert served.wire.request.headers["content-type"].partition(";")[0] == media_type


def test_a_form_is_written_as_pairs(serve: Serve, models: Use) -> None:
    served = serve("form-body", done())

    served.client.token(models("form-body").TokenRequest(grant_type="client credentials", scope=["a", "b&c"]))

    assert served.wire.request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qsl(served.wire.request.content.decode()) == [
        ("grant_type", "client credentials"),
        ("scope", "a"),
        ("scope", "b&c"),
    ]


def test_a_multipart_body_has_a_part_for_each_field(serve: Serve, models: Use) -> None:
    served = serve("multipart-body", done())

    served.client.upload(models("multipart-body").UploadRequest(file=b"\x00\xff", title="Päper"))

    kind, _, boundary = served.wire.request.headers["content-type"].partition("boundary=")
    parts = served.wire.request.content.split(b"--" + boundary.strip('"').encode())
    assert kind.startswith("multipart/form-data")
    assert len(parts) == 4
    assert b'name="file"' in parts[1]
    assert parts[1].endswith(b"\r\n\r\n\x00\xff\r\n")
    assert b'name="title"' in parts[2]
    assert parts[2].endswith("\r\n\r\nPäper\r\n".encode())


def test_a_deep_object_is_a_pair_per_key(serve: Serve) -> None:
    served = serve("deep-object-query", done())

    served.client.list_wallets(metadata={"tier": "gold", "a b": "c&d"}, balances={"main": "1"})

    pairs = parse_qsl(served.wire.request.url.query.decode())
    assert pairs == [("metadata[tier]", "gold"), ("metadata[a b]", "c&d"), ("balances[main]", "1")]


def test_each_style_is_written_as_the_specification_says(serve: Serve) -> None:
    served = serve("every-query-style", done())

    served.client.styles(
        ["a", "b/c"],
        ["a", "b"],
        ["a", "b"],
        repeated=["a", "b"],
        commas=["a", "b,c"],
        spaces=["a", "b"],
        pipes=["a", "b"],
        pairs={"x": 1, "y": 2},
        deep={"x": 1},
        json={"a": [1, None]},
        flag=True,
        at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )

    path, _, query = served.wire.target.partition("?")
    assert path == "/styles/a,b%2Fc/.a,b/;matrix=a;matrix=b"
    assert query.split("&") == [
        "repeated=a",
        "repeated=b",
        "commas=a,b%2Cc",
        "spaces=a%20b",
        "pipes=a%7Cb",
        "x=1",
        "y=2",
        "deep%5Bx%5D=1",
        "json=%7B%22a%22%3A%5B1%2Cnull%5D%7D",
        "flag=true",
        "at=2026-01-02T03%3A04%3A05Z",
    ]


def test_headers_and_cookies_carry_parameters(serve: Serve) -> None:
    served = serve("header-and-cookie-parameters", done())

    served.client.report(x_trace="t", x_parts=[1, 2], session="s 1")

    headers = served.wire.request.headers
    assert (headers["x-trace"], headers["x-parts"], headers["cookie"]) == ("t", "1,2", "session=s%201")


def test_reserved_headers_are_no_arguments(serve: Serve) -> None:
    served = serve("ignored-header-parameters", done())

    with pytest.raises(TypeError, match="accept"):
        served.client.manifest(accept="application/yaml")
    served.client.manifest(x_kept="k")

    assert served.wire.request.headers["x-kept"] == "k"


def test_an_idempotency_key_is_made_where_none_is_given_and_stays_over_attempts(serve: Serve) -> None:
    served = serve("idempotency-key", httpx2.Response(503, headers={"retry-after": "0"}), done(), done())

    served.client.pay()
    served.client.replay(idempotency_key="mine")

    first, again, given = (request.headers["idempotency-key"] for request in served.wire.requests)
    assert first == again != ""
    assert given == "mine"


def test_a_string_with_items_is_a_string(serve: Serve) -> None:
    served = serve("string-with-items", done())

    served.client.list_accounts(expand="volumes,effectiveVolumes")

    assert served.wire.target == "/accounts?expand=volumes%2CeffectiveVolumes"


def test_an_inline_body_takes_a_mapping_and_validates_it(serve: Serve) -> None:
    served = serve("inline-objects", httpx2.Response(201, json={"fee": {"amount": 2}}))

    assert served.client.post_transfer({"to": "a"}).fee.amount == 2
    with pytest.raises(ValueError, match="to"):
        served.client.post_transfer({"amount": 1})

    assert served.wire.request.content == b'{"to":"a"}'


def test_python_words_are_wire_names_again(serve: Serve) -> None:
    served = serve("python-keywords-and-builtins", done(), httpx2.Response(200, json=[]))

    served.client.import_(
        "a", "b", {"class": "c", "None": "n"}, lambda_=1, self_="s", type="t", query_body="q", ops="o"
    )
    served.client.list_("a", "b")

    posted, _ = served.wire.requests
    assert posted.url.raw_path == b"/base/a/b?lambda=1&self=s&type=t&body=q&_ops=o"
    assert json.loads(posted.content) == {"class": "c", "None": "n"}


def test_a_method_and_its_argument_may_be_called_like_a_type(serve: Serve) -> None:
    body: Mapping[str, object] = {"date": "2026-01-02", "list": [], "str": "", "int": 0}
    served = serve("names-that-shadow", httpx2.Response(200, json=body))

    assert served.client.date_(date=date(2026, 1, 2)).date == date(2026, 1, 2)
    assert served.wire.target == "/boxes?date=2026-01-02"


def test_the_hint_for_a_name_is_taken_and_other_extensions_are_not(serve: Serve) -> None:
    served = serve("extension-keys", httpx2.Response(200, json=[{"a": "b"}]))

    assert served.client.list_things(all=True)[0].a == "b"
    assert served.wire.target == "/things?all=true"


def test_versions_are_namespaces(serve: Serve) -> None:
    served = serve("version-prefixes", httpx2.Response(200, json={"address": "a", "kind": "USER"}))

    account = served.client.v2.get_account("a:b")

    assert (type(account).__name__, account.kind) == ("Account", "USER")
    assert type(account).__module__ == "version_prefixes.v2.models.account"
    assert served.wire.target == "/v2/accounts/a%3Ab"


def test_tags_are_namespaces(serve: Serve) -> None:
    served = serve("tags-to-namespaces", done(), done(), done())

    served.client.health()
    served.client.pets_more.list_pets()
    served.client.stores.list_stores()

    assert [request.url.path for request in served.wire.requests] == ["/base/health", "/base/pets", "/base/stores"]


def test_paths_name_what_has_no_operation_id(serve: Serve) -> None:
    served = serve("no-operation-ids", *(done() for _ in range(6)))
    client = served.client

    client.get_things()
    client.post_things()
    client.get_thing_parts("1")
    client.get()
    client.twice()
    client.put_twice()

    assert [(request.method, request.url.path) for request in served.wire.requests] == [
        ("GET", "/base/things"),
        ("POST", "/base/things"),
        ("GET", "/base/things/1/parts"),
        ("GET", "/base/"),
        ("GET", "/base/twice"),
        ("PUT", "/base/twice"),
    ]


def test_a_parameter_may_be_the_whole_query(serve: Serve) -> None:
    served = serve("openapi-3-2", done(), done())
    served.client.shelves.list_shelves(filter={"author": "A & B"})
    served.client.shelves.clear_shelves(which="$.a[0]")

    assert [request.url.raw_path.decode() for request in served.wire.requests] == [
        "/base/shelves?%7B%22author%22%3A%22A%20%26%20B%22%7D",
        "/base/shelves?%24.a%5B0%5D",
    ]


@pytest.mark.parametrize(
    ("arguments", "url"),
    [
        ({}, "https://acme.eu.example.com/api/"),
        ({"organization": "org", "environment": "us", "port": "8443"}, "https://org.us.example.com:8443/api/"),
        ({"server": "http://localhost:1"}, "http://localhost:1/"),
    ],
)
def test_variables_of_the_server_are_arguments(serve: Serve, arguments: Mapping[str, str], url: str) -> None:
    served = serve("server-variables", done(), **{"server": None, **arguments})

    served.client.root()

    assert str(served.wire.request.url) == url


@pytest.mark.parametrize("arguments", [{"environment": "mars"}, {"organization": "evil.test/"}])
def test_a_variable_cannot_lead_elsewhere(serve: Serve, arguments: Mapping[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(arguments))):
        serve("server-variables", server=None, **arguments)


def _credential(package: ModuleType, kind: str) -> Any:
    return package.BasicAuth("u", "p") if kind == "BasicAuth" else getattr(package, kind)("secret")


@pytest.mark.parametrize(
    ("method", "kind", "shown"),
    [
        ("by_default", "BearerToken", ("authorization", "Bearer secret")),
        ("by_header", "ApiKey", ("x-key", "secret")),
        ("by_cookie", "ApiKey", ("cookie", "key=secret")),
        ("by_password", "BasicAuth", ("authorization", "Basic dTpw")),
        ("by_client", "BearerToken", ("authorization", "Bearer secret")),
        ("by_person", "BearerToken", ("authorization", "Bearer secret")),
    ],
)
def test_a_credential_goes_where_its_scheme_says(
    serve: Serve, use: Use, method: str, kind: str, shown: tuple[str, str]
) -> None:
    served = serve("security-schemes", done(), auth=_credential(use("security-schemes"), kind))

    getattr(served.client, method)()

    assert served.wire.request.headers[shown[0]] == shown[1]


def test_a_key_may_go_into_the_query_and_two_schemes_may_be_asked_for_at_once(serve: Serve, use: Use) -> None:
    key = use("security-schemes").ApiKey
    served = serve("security-schemes", done(), done(), auth={"header": key("one"), "query": key("two")})

    served.client.by_query()
    served.client.by_both()

    query, both = served.wire.requests
    assert query.url.query == b"key=two"
    assert (both.url.query, both.headers["x-key"]) == (b"key=two", "one")


def test_client_credentials_are_exchanged_where_the_scheme_says(serve: Serve, use: Use) -> None:
    credentials = use("security-schemes").ClientCredentials("id", "s3cret")
    token = httpx2.Response(200, json={"access_token": "t", "token_type": "Bearer", "expires_in": 3600})
    served = serve("security-schemes", token, done(), auth=credentials)

    served.client.by_client()

    asked, called = served.wire.requests
    assert str(asked.url) == f"{SERVER}/oauth/token"
    assert ("scope", "doors:read doors:write") in parse_qsl(asked.content.decode())
    assert called.headers["authorization"] == "Bearer t"


def test_what_is_below_http_is_not_this_clients(serve: Serve, use: Use) -> None:
    served = serve("security-schemes", done(), done(), auth=use("security-schemes").BearerToken("t"))

    served.client.by_challenge()
    served.client.by_certificate()

    challenge, certificate = served.wire.requests
    assert "authorization" not in challenge.headers
    assert certificate.headers["authorization"] == "Bearer t"


def test_a_scheme_that_nobody_defines_is_a_bearer_token(serve: Serve, use: Use) -> None:
    served = serve("undefined-security-scheme", done(), auth=use("undefined-security-scheme").BearerToken("t"))

    served.client.list_pools()

    assert served.wire.request.headers["authorization"] == "Bearer t"


def test_nobody_needs_a_credential_where_anybody_may_call(serve: Serve, use: Use) -> None:
    with_token = serve("anonymous-alternative", done(), done(), auth=use("anonymous-alternative").BearerToken("t"))
    without = serve("anonymous-alternative", done(), done())

    for served in (with_token, without):
        served.client.versions()
        served.client.health()

    assert [request.headers.get("authorization") for request in with_token.wire.requests] == ["Bearer t", None]
    assert [request.headers.get("authorization") for request in without.wire.requests] == [None, None]


def test_the_async_client_makes_the_same_calls(use: Use) -> None:
    wire = Wire([httpx2.Response(200, json=["a"])])
    made: Any = use("get-body").AsyncGetBodyClient

    async def call() -> object:
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(wire))
        async with http, made(SERVER, http_client=http) as client:
            return await client.list_accounts("main", {"a": 1})

    assert asyncio.run(call()) == ["a"]
    assert (wire.target, json.loads(wire.request.content)) == ("/main/accounts", {"a": 1})
