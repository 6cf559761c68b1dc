"""The ``Link`` header (RFC 8288): where the page after a page is, and the one before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

_LINK: Final = re.compile(r"\s*,*\s*<([^>]*)>")
_PARAMETER: Final = re.compile(
    r"""\s*;\s*([!#$%&'*+.^_`|~0-9A-Za-z-]*)"""
    r"""(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?"""
)


def linked(header: str, relation: str) -> str | None:
    """Return the target of the first link of a relation; None where there is none.

    A link whose context is not the answer itself (``anchor``) is another's. What no
    link can be read from is passed over (RFC 8288, appendix B.2).
    """
    for target, parameters in _links(header):
        kinds = parameters.get("rel", "").lower().split()
        if relation in kinds and "anchor" not in parameters:
            return target
    return None


def _links(header: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    position = 0
    while (found := _LINK.match(header, position)) is not None:
        target, position = found.group(1).strip(), found.end()
        parameters: dict[str, str] = {}
        while (pair := _PARAMETER.match(header, position)) is not None:
            name, quoted, token = pair.groups()
            value = token or "" if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
            # Of a parameter that is there twice the first counts.
            parameters.setdefault(name.lower(), value)
            position = pair.end()
        yield target, parameters
        comma = header.find(",", position)
        if comma < 0:
            return
        position = comma
