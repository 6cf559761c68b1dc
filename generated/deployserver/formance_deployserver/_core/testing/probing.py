"""The operations behind the methods of a client, and how methods name what they send."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Never

from typing_extensions import TypeVar

from ..client import Client
from ..namespace import Namespace
from ..operation import Operation, Request
from ..transport import SyncTransport

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Probed:
    """An operation, with the Python names of what a call of it sends."""

    operation: Operation[Any]
    method: str
    """The name of the method."""
    path: tuple[str, ...]
    """The arguments in the order of the operation's parameters; so below."""
    query: tuple[str, ...]
    headers: tuple[str, ...]
    cookies: tuple[str, ...]
    body: str | None
    content_type: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """All arguments but the body."""
        return (*self.path, *self.query, *self.headers, *self.cookies)

    def request(self, arguments: Mapping[str, object]) -> Request[Any]:
        """Return a call with these arguments, by name."""
        return self.operation.request(
            path=tuple(arguments.get(name) for name in self.path),
            query=tuple(arguments.get(name) for name in self.query),
            headers=tuple(arguments.get(name) for name in self.headers),
            cookies=tuple(arguments.get(name) for name in self.cookies),
            body=arguments.get(self.body) if self.body else None,
            content_type=self._chosen(arguments),
        )

    def _chosen(self, arguments: Mapping[str, object]) -> str | None:
        value = arguments.get(self.content_type) if self.content_type else None
        return value if isinstance(value, str) else None


def probe(client: type[Client]) -> Mapping[str, tuple[Probed, ...]]:
    """Return the operations of a client by the attribute that leads to them.

    Those that the client has itself are under "". Nothing is sent: each method is
    called with a transport that looks at the call instead.
    """
    root = client.__new__(client)
    Namespace.__init__(root, _Probe())
    found = {"": tuple(_methods(root))}
    for name in dir(client):
        if isinstance(inspect.getattr_static(client, name), cached_property):
            namespace: object = getattr(root, name)
            if isinstance(namespace, Namespace):
                found[name] = tuple(_methods(namespace))
    return found


def _methods(namespace: Namespace) -> Iterator[Probed]:
    for name in dir(namespace):
        if name.startswith("_") or hasattr(Client, name):
            continue
        static = inspect.getattr_static(type(namespace), name)
        # Behind a deprecated method stands the method itself, which warns of nothing.
        function: object = inspect.unwrap(static) if callable(static) else None
        if inspect.isfunction(function):
            yield _probed(namespace, name, function)


def _probed(namespace: Namespace, name: str, function: Callable[..., object]) -> Probed:
    _, *parameters = inspect.signature(function).parameters
    marks = {each: _Mark(each) for each in parameters}
    try:
        function(namespace, **marks)
    except _Seen as seen:
        request = seen.request
        return Probed(
            operation=request.operation,
            method=name,
            path=tuple(map(_name, request.path)),
            query=tuple(map(_name, request.query)),
            headers=tuple(map(_name, request.headers)),
            cookies=tuple(map(_name, request.cookies)),
            body=None if request.body is None else _name(request.body),
            content_type=(
                None if request.content_type is None else _name(request.content_type)
            ),
        )
    raise TypeError(f"{name} makes no call")


@dataclass(frozen=True, slots=True, eq=False)
class _Mark:
    """Stands for the value of an argument."""

    name: str


def _name(value: object) -> str:
    assert isinstance(value, _Mark)
    return value.name


class _Seen(Exception):
    """A call that is not made."""

    def __init__(self, request: Request[Any]) -> None:
        super().__init__()
        self.request = request


class _Probe(SyncTransport):
    """Sends nothing."""

    def __init__(self) -> None:
        """Take nothing: there is no server."""

    def send(self, request: Request[Any]) -> Never:
        """Refuse, and tell what the call is."""
        raise _Seen(request)

    page = send
    stream = send
    items = send
