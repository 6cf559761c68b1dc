"""Credentials of documents with several schemes: all of an alternative, or the next one."""

import httpx2
import pytest

from features.conftest import Serve, Use
from features.corpus import built

FEATURE = "several-credentials"
PLACES = ("x-api-key", "x-app-key", "cookie", "authorization")


def sent(request: httpx2.Request) -> dict[str, str]:
    """Return the credentials of a request."""
    return {name: request.headers[name] for name in PLACES if name in request.headers}


ALTERNATIVES: list[tuple[tuple[str, ...], list[dict[str, str]]]] = [
    (("apiKey", "app-key"), [{"x-api-key": "apiKey", "x-app-key": "app-key"}, {}, {}]),
    (("apiKey", "oauth"), [{"authorization": "Bearer oauth"}, {}, {}]),
    (("apiKey",), [{}, {}, {}]),
    (("session",), [{}, {}, {"cookie": "sid=session"}]),
]


@pytest.mark.parametrize(("kinds", "expected"), ALTERNATIVES)
def test_the_first_alternative_that_is_met_is_taken(
    serve: Serve, use: Use, kinds: tuple[str, ...], expected: list[dict[str, str]]
) -> None:
    package = use(FEATURE)
    auth = {kind: package.BearerToken(kind) if kind == "oauth" else package.ApiKey(kind) for kind in kinds}
    served = serve(FEATURE, *(httpx2.Response(204) for _ in range(3)), auth=auth)

    served.client.list_secrets()
    served.client.health()
    served.client.either()

    assert [sent(request) for request in served.wire.requests] == expected


def test_one_credential_alone_goes_to_one_place(serve: Serve, use: Use) -> None:
    package = use(FEATURE)
    with_key = serve(FEATURE, httpx2.Response(204), httpx2.Response(204), auth=package.ApiKey("k"))
    with_token = serve(FEATURE, httpx2.Response(204), auth=package.BearerToken("t"))

    with_key.client.list_secrets()
    with_key.client.either()
    with_token.client.list_secrets()

    assert [sent(request) for request in with_key.wire.requests] == [{}, {"cookie": "sid=k"}]
    assert sent(with_token.wire.request) == {"authorization": "Bearer t"}


def test_a_name_that_is_no_scheme_is_refused_at_once(serve: Serve, use: Use) -> None:
    with pytest.raises(
        ValueError, match="there is no security scheme 'appKey'; known: apiKey, app-key, session, oauth"
    ):
        serve(FEATURE, auth={"appKey": use(FEATURE).ApiKey("k")})


def test_flows_that_need_a_person_are_told() -> None:
    (told,) = (found for found in built(FEATURE)[1] if found.code.slug == "outside-credential")

    assert told.message == "its tokens come from the flow implicit, password"
