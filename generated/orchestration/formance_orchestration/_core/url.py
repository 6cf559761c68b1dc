"""Where a service is: checked base URLs, and paths that cannot leave them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from types import MappingProxyType
from typing import Final
from urllib.parse import SplitResult, unquote_plus, urljoin, urlsplit

LABEL: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
HOST_CHARACTERS: Final = re.compile(r"[A-Za-z0-9._:-]+")
VARIABLE: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack of the Formance cloud.

    Args:
        organization: The id of the organization.
        stack: The id of the stack.
        environment: The region's name in host names: ``eu-west-1``.

    Raises:
        ValueError: One of them cannot be part of a host name.
    """

    organization: str
    stack: str
    environment: str

    def __post_init__(self) -> None:
        for name in ("organization", "stack", "environment"):
            value: object = getattr(self, name)
            parts = value.split(".") if isinstance(value, str) else [""]
            # Only an environment may have dots: private regions do.
            if not all(LABEL.fullmatch(part) for part in parts) or (
                len(parts) > 1 and name != "environment"
            ):
                raise ValueError(f"{name}: {value!r} cannot be part of a host name")

    @property
    def base_url(self) -> str:
        """The URL of the stack's gateway."""
        return f"https://{self.organization}-{self.stack}.{self.environment}.formance.cloud"


def checked_base_url(url: str) -> str:
    """Return a base URL without its trailing slashes.

    Raises:
        ValueError: It is not an absolute http or https URL, or has a query, a
            fragment or credentials.
    """
    # The URL itself is not in any message: it may hold a password.
    if any(char <= " " or char == "\x7f" or char == "\\" for char in url):
        raise ValueError(
            "server: the URL has spaces, control characters or backslashes"
        )
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # raises where the port is no number
    except ValueError:
        raise ValueError("server: not a URL") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(
            "server: the URL must be absolute: https://host or http://host"
        )
    if parts.query or parts.fragment or url.endswith(("?", "#")):
        raise ValueError("server: the URL must not have a query or a fragment")
    if "@" in parts.netloc:
        raise ValueError("server: the URL must not have credentials; give auth instead")
    return url.rstrip("/")


def join(base_url: str, prefix: str, path: str, query: str = "") -> str:
    """Return the URL of an encoded path below a checked base URL."""
    rooted = path if path.startswith("/") else f"/{path}"
    return base_url + prefix.rstrip("/") + rooted + (f"?{query}" if query else "")


def follow(url: str, link: str, *, without: Collection[str] = ()) -> str:
    """Return where a link of an answer leads.

    A link to the same host over plain http is followed over TLS, since proxies that
    end TLS make such links.

    Args:
        url: The URL of the answer.
        link: A URL, or a reference relative to that one (RFC 3986, section 5).
        without: Names of query parameters that are left out.

    Raises:
        ValueError: It leads to another origin, or is no URL.
    """
    if any(char <= " " or char == "\x7f" or char == "\\" for char in link):
        raise ValueError("no URL")
    try:
        own, found = urlsplit(url), urlsplit(urljoin(url, link))
        same = _origin(own) == _origin(found)
        plain = (found.scheme, found.port or 80) == ("http", 80)
        alike = own.scheme == "https" and plain and own.hostname == found.hostname
    except ValueError:
        raise ValueError("no URL") from None
    if "@" in found.netloc or not (same or alike):
        raise ValueError("another origin")
    kept = (
        pair
        for pair in found.query.split("&")
        if unquote_plus(pair.partition("=")[0]) not in without
    )
    found = found._replace(scheme=own.scheme, netloc=own.netloc, fragment="")
    return found._replace(query="&".join(kept)).geturl()


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    """Return the origin of a URL (RFC 6454, section 4)."""
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, parts.port or usual


def is_secure(url: str) -> bool:
    """Tell whether secrets may be sent there: over TLS, or to this very machine."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return True
    host = parts.hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Server:
    """A server that the document names.

    Args:
        url: May hold variables in braces, and may be relative to another.
        variables: The default of each, and its allowed values, where not all are.
    """

    url: str
    variables: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: MappingProxyType[str, tuple[str, ...]]({})
    )

    def values_in(self, url: str) -> Mapping[str, str] | None:
        """Return the variables with which this server has a URL; None where none do."""
        parts = VARIABLE.split(self.url.rstrip("/"))
        names: dict[str, str] = {}
        pattern = before = ""
        for index, part in enumerate(parts):
            if index % 2 == 0:
                pattern += re.escape(part)
            elif part in names.values():
                return None
            else:
                names[f"v{index}"] = part
                in_host = "/" not in before.partition("://")[2]
                pattern += f"(?P<v{index}>{'[^/]*' if in_host else '.*'})"
            before += part
        # The last part of a path may be empty.
        match = re.fullmatch(pattern, url) or re.fullmatch(pattern, f"{url}/")
        if match is None:
            return None
        return {names[key]: each for key, each in match.groupdict().items()}

    def at(self, base_url: str, values: Mapping[str, str]) -> str:
        """Return the URL of this server.

        Args:
            base_url: What it is relative to (RFC 3986, section 5), if it is.
            values: The variables that are not to have their defaults.

        Raises:
            ValueError: A value is not allowed, or could lead to another host.
        """
        usual = {name: told[0] for name, told in self.variables.items()}
        chosen = {name: each for name, each in values.items() if name in usual}
        enums = {name: told[1:] for name, told in self.variables.items() if told[1:]}
        url = fill_server(self.url, {**usual, **chosen}, enums=enums)
        return checked_base_url(urljoin(f"{base_url}/", url))

    @property
    def is_relative(self) -> bool:
        """Whether it is on the host of another."""
        return "://" not in self.url


def fill_server(
    url: str,
    variables: Mapping[str, str],
    *,
    enums: Mapping[str, tuple[str, ...]] | None = None,
) -> str:
    """Return the URL of a document's server, with its variables filled in.

    Args:
        url: The template: ``https://{region}.example.com``.
        variables: A value for each name in braces.
        enums: The allowed values of those variables that have an ``enum``.

    Raises:
        ValueError: A value is missing, not allowed, or could lead to another host.
    """

    def value_of(match: re.Match[str]) -> str:
        name = match.group(1)
        value = variables.get(name)
        if value is None:
            raise ValueError(f"{name}: a value is needed for {url}")
        allowed = (enums or {}).get(name)
        if allowed is not None and value not in allowed:
            raise ValueError(f"{name}: {value!r} is not one of {', '.join(allowed)}")
        # In the path a slash is harmless, in the host it would end it.
        in_path = "/" in url[: match.start()].partition("://")[2]
        checked = value.replace("/", "") if in_path else value
        if not HOST_CHARACTERS.fullmatch(checked) and (checked or not in_path):
            raise ValueError(f"{name}: {value!r} has characters that no host name has")
        return value

    return VARIABLE.sub(value_of, url)
