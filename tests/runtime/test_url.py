"""URLs: what a base may be, and that no value leads to another host."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import AuthError
from runtime.oauth import checked_token_url
from runtime.url import Server, Stack, checked_base_url, fill_server, follow, is_secure, join


def test_a_stack_has_a_url() -> None:
    assert Stack("org", "stck", "eu-west-1").base_url == "https://org-stck.eu-west-1.formance.cloud"
    assert Stack("o", "s", "region.private").base_url == "https://o-s.region.private.formance.cloud"


@pytest.mark.parametrize("part", ["", "a.b", "a/b", "a@b", "evil.example/#", "a b", "-a", "a-", "é", "a\n", "a:1"])
def test_a_stack_cannot_lead_elsewhere(part: str) -> None:
    with pytest.raises(ValueError, match=r"^organization: "):
        Stack(part, "s", "e")
    with pytest.raises(ValueError, match=r"^stack: "):
        Stack("o", part, "e")
    if part != "a.b":
        with pytest.raises(ValueError, match=r"^environment: "):
            Stack("o", "s", part)


@pytest.mark.parametrize(
    ("url", "checked"),
    [
        ("https://h", "https://h"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("https://h/base//", "https://h/base"),
        ("https://[::1]:1/a", "https://[::1]:1/a"),
    ],
)
def test_base_urls(url: str, checked: str) -> None:
    assert checked_base_url(url) == checked


@pytest.mark.parametrize(
    "url",
    [
        "",
        "h",
        "/api",
        "ftp://h",
        "https://",
        "https://h?a=1",
        "https://h#f",
        "https://h?",
        "https://u:SECRET@h",
        "https://h:port",
        "https://h\\@evil",
        "https://h /",
        "https://h\n",
        "https://[::1",
    ],
)
def test_what_is_no_base_url(url: str) -> None:
    with pytest.raises(ValueError, match=r"^server: ") as caught:
        checked_base_url(url)
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize("path", ["@evil", "//evil", "/@evil", "https://evil/x", ":80"])
def test_a_path_cannot_change_the_host(path: str) -> None:
    assert join("https://h", "", path).startswith("https://h/")
    assert join("https://h/base", "/api/", path, "a=1").startswith("https://h/base/api/")


def test_a_token_url_is_relative_to_the_base() -> None:
    def resolve(reference: str) -> str:
        return checked_token_url("https://h/base", reference, allow_http=False)

    assert resolve("/api/token") == "https://h/base/api/token"
    assert resolve("token") == "https://h/base/token"
    assert resolve("https://auth.example/token/?tenant=a") == "https://auth.example/token/?tenant=a"
    for wrong in ("ftp://h/t", "https://", "https://u:p@h/t", "https://h/t#a", "https://h:x/t", "https://h/ t"):
        with pytest.raises(AuthError, match="the token URL"):
            resolve(wrong)


@pytest.mark.parametrize(
    ("url", "secure"),
    [
        ("https://h", True),
        ("http://h", False),
        ("http://localhost:1", True),
        ("http://api.localhost", True),
        ("http://127.8.9.1", True),
        ("http://[::1]:80/", True),
        ("http://localhost.evil.example", False),
        ("http://127.0.0.1.evil.example", False),
        ("http://10.0.0.1", False),
    ],
)
def test_where_secrets_may_go(url: str, secure: bool) -> None:  # noqa: FBT001
    assert is_secure(url) is secure


def test_server_variables() -> None:
    template = "https://{region}.example.com:{port}/{base}"
    values = {"region": "eu-1", "port": "8443", "base": "v1/x"}
    assert fill_server(template, values) == "https://eu-1.example.com:8443/v1/x"
    assert fill_server("https://h/{base}", {"base": ""}) == "https://h/"
    with pytest.raises(ValueError, match=r"^region: a value is needed"):
        fill_server(template, {})
    with pytest.raises(ValueError, match=r"^region: 'us' is not one of eu, ap"):
        fill_server(template, values | {"region": "us"}, enums={"region": ("eu", "ap")})


@pytest.mark.parametrize(
    ("url", "values"),
    [
        ("https://eu.example.com:443/v1/x", {"region": "eu", "port": "443", "base": "v1/x"}),
        ("https://eu.example.com:443/", {"region": "eu", "port": "443", "base": ""}),
        ("https://eu.example.com:443", {"region": "eu", "port": "443", "base": ""}),
        ("https://evil.test/eu.example.com:443/v1", None),
        ("https://eu.example.org:443/v1", None),
        ("http://eu.example.com:443/v1", None),
    ],
)
def test_the_variables_of_a_server_are_found_in_a_url(url: str, values: dict[str, str] | None) -> None:
    assert Server("https://{region}.example.com:{port}/{base}").values_in(url) == values


def test_a_variable_that_comes_twice_is_found_in_no_url() -> None:
    assert Server("https://{a}.example.com/{a}").values_in("https://x.example.com/x") is None


@pytest.mark.parametrize(
    ("relative", "expected"),
    [
        ("/v2", "https://h/v2"),
        ("v2", "https://h/base/v2"),
        ("../v2/", "https://h/v2"),
        ("/", "https://h"),
        ("https://other", "https://other"),
    ],
)
def test_a_server_may_be_relative(relative: str, expected: str) -> None:
    assert Server(relative).at("https://h/base", {}) == expected


@given(st.text(min_size=1).filter(lambda text: bool(set(text) & set("/@#?\\ \r\n%"))))
def test_a_server_variable_cannot_lead_elsewhere(value: str) -> None:
    with pytest.raises(ValueError, match="characters that no host name has"):
        fill_server("https://{env}.example.com", {"env": value})


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("https://h/base/rows?page=2", "https://h/base/rows?page=2"),
        ("https://H:443/other?page=2#top", "https://h/other?page=2"),
        ("/base/rows?page=2", "https://h/base/rows?page=2"),
        ("rows?page=2", "https://h/base/rows?page=2"),
        ("?page=2", "https://h/base/rows?page=2"),
        ("//h/rows", "https://h/rows"),
        ("../up", "https://h/up"),
        # A proxy that ends TLS makes such links.
        ("http://h/base/rows?page=2", "https://h/base/rows?page=2"),
        ("http://h:80/base/rows?page=2", "https://h/base/rows?page=2"),
        ("?key=s&page=2&k%65y=s&other=1", "https://h/base/rows?page=2&other=1"),
    ],
)
def test_where_a_link_leads(link: str, found: str) -> None:
    assert follow("https://h/base/rows?page=1", link, without=("key",)) == found


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.test/rows",
        "//evil.test/rows",
        "https://h:8443/rows",
        "http://h:8080/rows",
        "https://h.evil.test/rows",
        "https://h@evil.test/rows",
        "https://user:pass@h/rows",
        "https://h%2eevil.test/rows",
        "ftp://h/rows",
        "javascript:alert(1)",
        "file:///etc/passwd",
    ],
)
def test_a_link_to_another_origin_is_refused(link: str) -> None:
    with pytest.raises(ValueError, match=r"^another origin$"):
        follow("https://h/base/rows", link)


@pytest.mark.parametrize(
    "link", ["https://h/a b", "/\\evil.test", "https://h/\r\nX: y", "https://[::1", "https://h:x/", "\x7f"]
)
def test_what_is_no_link(link: str) -> None:
    with pytest.raises(ValueError, match=r"^no URL$"):
        follow("https://h/base/rows", link)


@given(st.text(max_size=30))
def test_law_a_link_never_leads_to_another_origin(link: str) -> None:
    for own in ("https://h:8443/base/rows?a=1", "http://h/base/rows"):
        try:
            found = follow(own, link)
        except ValueError:
            continue
        assert found.partition("://")[2].partition("/")[0].partition("?")[0] == own.split("/")[2]
        assert found.startswith(own.partition("://")[0] + "://")
