"""Downloads releases: bounded in time and size, tried again where that may help, never less safe than it began."""

import random
import re
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import unquote, urljoin, urlsplit

import httpx2

from formance_codegen.diagnostics import Diagnostic, Outcome, diagnose
from formance_codegen.update.sources import fault_of_address

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how much a download may be."""

    size: int = 20_000_000
    """Bytes; a document of megabytes is large."""
    attempts: int = 4
    connecting: float = 10.0
    """Seconds until a connection stands."""
    silence: float = 30.0
    """Seconds without a byte."""
    total: float = 180.0
    """Seconds for everything, pauses included."""
    redirects: int = 5
    pause: float = 0.5
    """Seconds before the second attempt; they double with each one."""
    longest_pause: float = 20.0
    """Seconds; a server may ask for more than anybody waits."""


LIMITS: Final = Limits()
_BY_HAND: Final = "on a machine without network, get the document by other means and give it with --from-file"
_PROXIES: Final = "proxies are those of the environment: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY"
_AGENT: Final = "formance-codegen"
_TRANSIENT: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


def download(address: str, limits: Limits = LIMITS) -> Outcome[bytes]:
    """Return what is at an address, as it came.

    The outcome is ``download-failed`` where it cannot be had; connections that fail or break off, silence, overload
    and errors of the server are tried again first. Redirects are followed from https to https only.
    """
    return _attempt(address, limits, lambda session: session.content(address))


def newest(address: str, limits: Limits = LIMITS) -> Outcome[str]:
    """Return the version that an address such as ``…/releases/latest`` redirects to (``…/releases/tag/<version>``)."""
    return _attempt(address, limits, lambda session: session.tag(address))


class _FailedError(Exception):
    """A download came to nothing."""

    def __init__(self, message: str, *notes: str, again: bool = False, pause: float | None = None) -> None:
        super().__init__(message)
        self.notes = notes
        self.again = again
        """Whether another attempt may help."""
        self.pause = pause
        """Seconds that the server asks for."""


def _attempt(address: str, limits: Limits, job: "Callable[[_Session], T]") -> Outcome[T]:
    end = time.monotonic() + limits.total
    pause = limits.pause
    attempt = 0
    while True:
        attempt += 1
        try:
            with _session(limits, end) as session:
                return Outcome(value=job(session))
        except _FailedError as failed:
            wait = min(failed.pause or pause * random.uniform(0.5, 1.5), limits.longest_pause)
            if not failed.again or attempt >= limits.attempts or time.monotonic() + wait > end:
                return Outcome(value=None, diagnostics=(_diagnostic(address, failed, attempt),))
        time.sleep(wait)
        pause *= 2


def _diagnostic(address: str, failed: _FailedError, attempts: int) -> Diagnostic:
    tried = f" (tried {attempts} times)" if attempts > 1 else ""
    return diagnose("download-failed", f"{shown(address)}: {failed}{tried}", notes=failed.notes)


def shown(address: str) -> str:
    """Return an address without what may be secret in it: a user, a password, a query."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "the address"
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


@contextmanager
def _session(limits: Limits, end: float) -> Generator["_Session"]:
    timeout = httpx2.Timeout(limits.silence, connect=limits.connecting)
    # Compressed answers could unfold to any size.
    headers = {"User-Agent": _AGENT, "Accept-Encoding": "identity"}
    try:
        client = httpx2.Client(timeout=timeout, headers=headers, follow_redirects=False)
    except (ImportError, ValueError) as error:
        # A proxy of the environment of a kind that is not known or not installed.
        raise _FailedError(f"the proxy cannot be used: {error}", _PROXIES) from None
    with client, _failures(limits):
        yield _Session(client, limits, end)


@contextmanager
def _failures(limits: Limits) -> Generator[None]:
    """Turn what the library raises into words."""
    try:
        yield
    except httpx2.ConnectTimeout:
        message = f"no connection within {limits.connecting:g} s"
        raise _FailedError(message, _PROXIES, _BY_HAND, again=True) from None
    except httpx2.TimeoutException:
        raise _FailedError(f"no answer within {limits.silence:g} s", "try again later", _BY_HAND, again=True) from None
    except httpx2.ProxyError as error:
        raise _FailedError(f"the proxy refuses: {error}", _PROXIES) from None
    except httpx2.ConnectError as error:
        raise _FailedError(f"cannot connect: {error}", _PROXIES, _BY_HAND, again=True) from None
    except (httpx2.NetworkError, httpx2.RemoteProtocolError):
        raise _FailedError("the connection broke off", "try again later", _BY_HAND, again=True) from None
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise _FailedError(f"it cannot be asked for: {error}") from None


class _Session:
    """One attempt."""

    def __init__(self, client: httpx2.Client, limits: Limits, end: float) -> None:
        self._client = client
        self._limits = limits
        self._end = end

    def content(self, address: str) -> bytes:
        """Return what is at an address, behind its redirects."""
        for _ in range(self._limits.redirects + 1):
            with self._client.stream("GET", address) as response:
                if response.is_redirect:
                    address = redirected(address, response.headers.get("Location", ""))
                    continue
                _check(response)
                return self._body(response)
        raise _FailedError(f"more than {self._limits.redirects} redirects in a row")

    def tag(self, address: str) -> str:
        """Return the version in the address that an address redirects to."""
        for _ in range(self._limits.redirects + 1):
            with self._client.stream("GET", address) as response:
                if not response.is_redirect:
                    _check(response)
                    break
                address = redirected(address, response.headers.get("Location", ""))
                if found := re.search(r"/tag/([^/?#]+)$", urlsplit(address).path):
                    return unquote(found[1])
        raise _FailedError("it names no newest release", "say which one with --to VERSION")

    def _body(self, response: httpx2.Response) -> bytes:
        found = bytearray()
        for chunk in response.iter_bytes():
            found += chunk
            if len(found) > self._limits.size:
                raise _FailedError(f"it has more than {self._limits.size:,} bytes, which no document has")
            if time.monotonic() > self._end:
                raise _FailedError(f"it was not complete after {self._limits.total:g} s", "try again later", _BY_HAND)
        return bytes(found)


def redirected(address: str, location: str) -> str:
    """Return where a redirect leads to; never from https to http, and to http only inside this machine.

    Raises:
        _FailedError: It leads nowhere, or to where it must not.
    """
    if not location:
        raise _FailedError("it redirects to nowhere")
    target = urljoin(address, location)
    if fault_of_address(target) is not None or (address.startswith("https:") and not target.startswith("https:")):
        raise _FailedError(f"it redirects to {shown(target)}, which is not safe")
    return target


def _check(response: httpx2.Response) -> None:
    status = response.status_code
    match status:
        case 200:
            return
        case 404 | 410:
            note = f"see {releases_page(str(response.url))} for the releases that there are, and choose one with --to"
            raise _FailedError(f"there is nothing (status {status}): this release does not exist", note)
        case 401 | 403 | 407:
            note = _PROXIES if status == 407 else "the address may be private, or ask for less often"
            raise _FailedError(f"access is denied (status {status})", note, _BY_HAND)
        case _:
            again = status in _TRANSIENT
            pause = response.headers.get("Retry-After", "")
            seconds = float(pause) if pause.isascii() and pause.isdigit() else None
            raise _FailedError(
                f"the server answers with status {status}", "try again later", again=again, pause=seconds
            )


def releases_page(address: str) -> str:
    """Return the page with all releases of the repository that an address of GitHub belongs to, or else the host."""
    parts = urlsplit(address)
    owner, _, rest = parts.path.strip("/").partition("/")
    repository = rest.partition("/")[0]
    is_github = parts.hostname in ("github.com", "raw.githubusercontent.com") and repository
    if is_github:
        return f"https://github.com/{owner}/{repository}/releases"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
