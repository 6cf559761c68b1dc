"""The reading of bodies: bytes to models, and the mending of those that do not fit."""

from __future__ import annotations

from typing import Final, TypeAlias

from pydantic import ValidationError
from pydantic_core import ErrorDetails, from_json, to_json
from typing_extensions import TypeVar

from .adapter import Reader
from .model import Json

T = TypeVar("T")
BOM: Final = b"\xef\xbb\xbf"
ROUNDS: Final = 20
"""How often a body is mended before it is given up."""

Path: TypeAlias = tuple[str | int, ...]


class Unreadable(Exception):
    """A body that does not hold what it should.

    Args:
        pointer: The JSON pointer (RFC 6901) of what is wrong.
        message: What is wrong with it, without the value.
    """

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(pointer, message)
        self.pointer = pointer
        self.message = message


class Drifts:
    """What in a body is not as the document says, gathered while it is read."""

    __slots__ = ("found",)

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []
        """JSON pointers and what was found there."""


def read_json(adapter: Reader[T], content: bytes, drifts: Drifts) -> T:
    """Return what JSON text holds.

    Optional properties that do not fit are left out, and noted as drift.

    Raises:
        Unreadable: The text is not JSON, or not what it should be.
    """
    if not content:
        raise Unreadable("", "the body is empty")
    content = content.removeprefix(BOM)
    try:
        return adapter.validate_json(content)
    except ValidationError as error:
        return _mended(adapter, content, error, drifts)


def read_text(content: bytes) -> str:
    """Return text in UTF-8; what is not UTF-8 becomes U+FFFD."""
    return content.removeprefix(BOM).decode("utf-8", errors="replace")


def parse_json(content: bytes) -> Json:
    """Return plain JSON values.

    Raises:
        ValueError: The text is not JSON, or nests or counts beyond all reason.
    """
    value: Json = from_json(content.removeprefix(BOM), allow_inf_nan=False)
    return value


def pointer_of(path: Path) -> str:
    """Return the JSON pointer (RFC 6901) of a path."""
    return "".join(
        "/" + str(part).replace("~", "~0").replace("/", "~1") for part in path
    )


def _mended(
    adapter: Reader[T], content: bytes, error: ValidationError, drifts: Drifts
) -> T:
    try:
        raw = parse_json(content)
    except ValueError as cause:
        raise Unreadable("", f"the body is not JSON: {cause}") from None
    first = error.errors(include_url=False, include_input=False)[0]
    refusal = Unreadable(pointer_of(_place(raw, first)), first["msg"])
    found: dict[Path, str] = {}
    for _ in range(ROUNDS):
        for detail in error.errors(include_url=False, include_input=False):
            if not _leave_out(raw, detail, found):
                raise refusal
        try:
            result = adapter.validate_json(to_json(raw))
        except ValidationError as further:
            error = further
            continue
        drifts.found += [(pointer_of(path), text) for path, text in found.items()]
        return result
    raise refusal


def _leave_out(raw: Json, detail: ErrorDetails, found: dict[Path, str]) -> bool:
    """Take out the property that is wrong; return whether there is one."""
    place = _place(raw, detail)
    # What is missing may have been taken out before: then what holds it goes.
    message = found.pop(place, detail["msg"])
    target = place[:-1] if detail["type"] == "missing" else place
    # An item never goes from a list: that would change what the list says.
    while target and isinstance(target[-1], int):
        target = target[:-1]
    if not target:
        return False
    parent = _at(raw, target[:-1])
    if isinstance(parent, dict):
        parent.pop(str(target[-1]), None)
    found[target] = message
    return True


def _place(raw: Json, detail: ErrorDetails) -> Path:
    """Return the path of an error, without the names of union members in between."""
    path: list[str | int] = []
    node = raw
    for part in detail["loc"]:
        if not _leads_on(node, part):
            continue
        node = _at(node, (part,))
        path.append(part)
    if detail["type"] == "missing":
        path.append(detail["loc"][-1])
    return tuple(path)


def _leads_on(node: Json, part: str | int) -> bool:
    if isinstance(node, dict):
        return part in node
    return isinstance(node, list) and isinstance(part, int) and part < len(node)


def _at(raw: Json, path: Path) -> Json:
    node = raw
    for part in path:
        if isinstance(node, dict) and isinstance(part, str):
            node = node.get(part)
        elif isinstance(node, list) and isinstance(part, int):
            node = node[part]
    return node
