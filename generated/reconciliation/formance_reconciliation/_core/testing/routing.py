"""The finding of the operation that a request is for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic
from urllib.parse import quote, unquote

from typing_extensions import TypeVar

T = TypeVar("T")
_VARIABLE = re.compile(r"(\{[^{}]*\})")


@dataclass(frozen=True, slots=True)
class _Route(Generic[T]):
    method: str
    pattern: re.Pattern[str]
    literal: tuple[bool, ...]
    """Of each segment, whether it is a parameter: the fewer of the first, the nearer."""
    target: T


class Router(Generic[T]):
    """Operations by method and path.

    Args:
        prefix: What each path begins with.
    """

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix.rstrip("/")
        self._routes: list[_Route[T]] = []

    def add(self, method: str, template: str, target: T) -> None:
        """Add an operation, by its path with names in braces."""
        template = template.partition("#")[0].partition("?")[0]
        path = template if template.startswith("/") else f"/{template}"
        parts = _VARIABLE.split(path)
        pattern = "".join(
            "([^/]*)" if index % 2 else _literal(part)
            for index, part in enumerate(parts)
        )
        variable = tuple("{" in segment for segment in path.split("/"))
        compiled = re.compile(_literal(self._prefix) + pattern)
        self._routes.append(_Route(method, compiled, variable, target))

    def find(self, method: str, path: str) -> tuple[T, tuple[str, ...]] | None:
        """Return what a request is for, and the values in its path, decoded.

        Args:
            method: The HTTP method.
            path: The path as it goes over the wire.
        """
        found = [
            (route, match)
            for route in self._routes
            if route.method == method and (match := route.pattern.fullmatch(path))
        ]
        if not found:
            return None
        # A literal segment is nearer than a parameter (OpenAPI 3.1, section 4.8.8).
        route, match = min(found, key=lambda each: each[0].literal)
        return route.target, tuple(map(unquote, _texts(match.groups())))


def _texts(groups: Iterable[str | None]) -> Iterable[str]:
    return (group or "" for group in groups)


def _literal(text: str) -> str:
    return re.escape(quote(text, safe="/?#:@!$&'()*+,;=~%"))
