"""Where the name of a declaration comes from: the way down the document to its schema."""

from collections.abc import Mapping

from formance_codegen.ir.decls import Origin
from formance_codegen.pointer import ROOT, Pointer, join, tokens

_NAMED = frozenset({"properties", "patternProperties", "$defs", "definitions", "headers"})
"""Keywords whose children are named by the document."""
_CHOICES = frozenset({"oneOf", "anyOf"})
_WORDS = {"items": "item", "additionalProperties": "value", "requestBody": "request", "not": "not"}
_SILENT = frozenset({"schema", "allOf", "content", "parameters", "responses", "prefixItems"})


def origin_of(pointer: Pointer, labels: Mapping[Pointer, str]) -> Origin:
    """Return the origin of the schema at ``pointer``; the same for every way on which it is reached."""
    path = tokens(pointer)
    if len(path) == 3 and path[0] == "components":
        return Origin(parts=(path[2],), component=path[1] == "schemas")
    parts: list[str] = []
    here, index = ROOT, 0
    while index < len(path):
        consumed = _step(path, index, here, labels, parts)
        here = join(here, *path[index : index + consumed])
        index += consumed
    return Origin(parts=tuple(parts) or ("value",), component=False)


def _step(path: tuple[str, ...], index: int, here: Pointer, labels: Mapping[Pointer, str], parts: list[str]) -> int:
    """Add the words of the next part of the way; return how many tokens it took."""
    token = path[index]
    following = path[index + 1] if index + 1 < len(path) else ""
    label = labels.get(join(here, token, following))
    if index == 0 and token == "components":
        parts.append(path[2] if len(path) > 2 else following)
        return 3
    if index == 0 and token in ("paths", "webhooks", "x-webhooks"):
        method = path[2] if len(path) > 2 else ""
        parts.append(labels.get(join(here, token, following, method), f"{method} {following}"))
        return 3
    if token == "callbacks":
        # Its name, its address and its method: the name tells it.
        parts.append(following)
        return 4
    if token == "responses":
        parts.append("response" if following.startswith("2") else f"{following} response")
        return 2
    if token in _CHOICES:
        parts.append(label or f"variant {int(following) + 1}" if following.isdecimal() else token)
        return 2
    if token in _NAMED:
        parts.append(following)
        return 2
    if label is not None:
        parts.append(label)
        return 2
    if token in _WORDS:
        parts.append(_WORDS[token])
        return 1
    return 2 if token in _SILENT and token != "schema" else 1
