"""Requests as the services of the stories read them: what nobody asked for is noticed."""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, TypeAlias
from urllib.parse import parse_qsl, unquote

from typing_extensions import override

from loopback import Answer, Recorded, json_answer
from samples import Json, Node, is_list, is_node

JSON_TYPE: Final = ("Content-Type", "application/json")
"""Set by the services on every answer, even where there is no body."""
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")


class Unexpected(Exception):
    """A request that no story should send: the test fails."""


class Refused(Exception):
    """An error as the services write it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    def answer(self) -> Answer:
        """Return it as an answer."""
        return json_answer({"errorCode": self.code, "errorMessage": str(self)}, status=self.status)


class Bare(Refused):
    """An error about which a service says nothing at all."""

    def __init__(self, status: int) -> None:
        super().__init__(status, "", "")

    @override
    def answer(self) -> Answer:
        return nothing(self.status)


@dataclass(slots=True, kw_only=True)
class Ask:
    """A request to a route."""

    request: Recorded
    path: Mapping[str, str]
    """The values of the path, decoded."""
    query: Mapping[str, str]
    start: int = 0
    """The first row of the page that is asked for."""
    read: set[str] = field(default_factory=set[str])
    """The parameters of the query that were looked at."""

    def text(self, name: str) -> str | None:
        """Return a parameter of the query."""
        self.read.add(name)
        return self.query.get(name)

    def flag(self, name: str) -> bool:
        """Return a flag; Formance knows only these spellings."""
        value = self.text(name)
        if value not in ("true", "false", None):
            raise Unexpected(f"{name}={value} is no flag")
        return value == "true"

    def whole(self, name: str, default: int) -> int:
        """Return an integer."""
        value = self.text(name)
        if value is not None and not re.fullmatch("[0-9]+", value):
            raise Unexpected(f"{name}={value} is no integer")
        return default if value is None else int(value)

    def moment(self, name: str) -> datetime | None:
        """Return a time: RFC 3339, with its zone, without which the services refuse it."""
        value = self.text(name)
        return None if value is None else moment(value)

    def body(self, *required: str, optional: Sequence[str] = ()) -> Node:
        """Return the body: a JSON object with these properties, and no others."""
        found: Json = json.loads(self.request.body)
        return members(found, *required, optional=optional)

    def filter(self) -> Node:
        """Return the filter of a list, which may be absent."""
        if not self.request.body:
            return {}
        found: Json = json.loads(self.request.body)
        if not is_node(found):
            raise Unexpected(f"{found} is no filter")
        return found

    def finish(self) -> None:
        """Notice parameters that nobody looked at."""
        if unread := self.query.keys() - self.read:
            raise Unexpected(f"unknown parameters: {sorted(unread)}")


Handle: TypeAlias = Callable[[Ask], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path such as `/v2/{ledger}`, and who answers there."""

    method: str
    template: str
    handle: Handle

    def match(self, method: str, path: str) -> Mapping[str, str] | None:
        """Return the values of the path, decoded; None: it is another path."""
        if method != self.method:
            return None
        parts, given = self.template.split("/"), path.split("/")
        if len(parts) != len(given):
            return None
        found: dict[str, str] = {}
        for part, value in zip(parts, given, strict=True):
            if part.startswith("{") and value:
                found[part[1:-1]] = unquote(value)
            elif part != value:
                return None
        return found


def dispatch(routes: Sequence[Route], request: Recorded, prefix: str) -> Answer:
    """Return what the route of a request says: the first that fits, so literal paths stand before others."""
    path, _, query = request.target.removeprefix(prefix).partition("?")
    pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    if len({name for name, _ in pairs}) != len(pairs):
        raise Unexpected("a parameter came twice")
    for route in routes:
        values = route.match(request.method, path)
        if values is not None:
            ask = _opened(Ask(request=request, path=values, query=dict(pairs)))
            try:
                answer = route.handle(ask)
            except Refused as refusal:
                answer = refusal.answer()
            ask.finish()
            return answer
    raise Unexpected("there is no such route")


def members(value: Json, *required: str, optional: Sequence[str] = ()) -> Node:
    """Return an object that has these properties, and no others."""
    if not is_node(value) or not {*required} <= value.keys() <= {*required, *optional}:
        raise Unexpected(f"{value} should have {required}, and may have {optional}")
    return value


def text(value: Json) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise Unexpected(f"{value!r} is no text")
    return value


def amount(value: Json) -> int:
    """Return an amount: an integer of any size, written as one."""
    if type(value) is not int or value < 0:
        raise Unexpected(f"{value!r} is no amount")
    return value


def items(value: Json) -> Sequence[Json]:
    """Return a list."""
    if not is_list(value):
        raise Unexpected(f"{value!r} is no list")
    return value


def labels(value: Json) -> dict[str, str]:
    """Return metadata."""
    if not is_node(value):
        raise Unexpected(f"{value!r} is no metadata")
    return {key: text(item) for key, item in value.items()}


def moment(value: Json) -> datetime:
    """Return a time: RFC 3339, with its zone, without which the services refuse it."""
    if not MOMENT.fullmatch(text(value)):
        raise Unexpected(f"{value!r} is no time with its zone")
    return datetime.fromisoformat(text(value))


def data(value: Json, *, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """Return an answer with a result."""
    return json_answer({"data": value}, status=status, headers=headers)


def nothing(status: int = 204, *headers: tuple[str, str]) -> Answer:
    """Return an answer without a body, which says that it has one of JSON, as the services do."""
    return Answer(status=status, headers=(JSON_TYPE, *headers))


def page(ask: Ask, rows: Sequence[Json]) -> Answer:
    """Return a page of rows."""
    size = min(ask.whole("pageSize", 15), 100)
    found: dict[str, Json] = {"pageSize": size, "hasMore": len(rows) > ask.start + size}
    found["data"] = rows[ask.start : ask.start + size]
    if found["hasMore"]:
        found["next"] = _cursor(ask, ask.start + size)
    if ask.start:
        found["previous"] = _cursor(ask, max(ask.start - size, 0))
    return json_answer({"cursor": found})


def _cursor(ask: Ask, start: int) -> str:
    """Return a cursor: base64url without padding, of all that the first page was asked with."""
    carried = json.dumps([start, {**ask.query}, ask.request.body.decode()])
    return base64.urlsafe_b64encode(carried.encode()).decode().rstrip("=")


def _opened(ask: Ask) -> Ask:
    """Return what a request asks for: that of the first page, where it follows a cursor. A cursor goes alone."""
    cursor = ask.query.get("cursor")
    if cursor is None:
        return ask
    if len(ask.query) > 1 or ask.request.body:
        raise Unexpected("a cursor goes alone")
    start, query, body = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    return replace(ask, start=start, query=query, request=replace(ask.request, body=body.encode()))


Test: TypeAlias = Callable[[str, str, Json], bool]
"""Tells by an operator, a field and a value whether a row fits."""


def fits(filter_: Node, test: Test) -> bool:
    """Tell whether a row fits a filter; an empty one lets all rows through."""
    if not filter_:
        return True
    if len(filter_) != 1:
        raise Refused(400, "VALIDATION", "a filter has exactly one key")
    operator, operand = next(iter(filter_.items()))
    match operator:
        case "$and":
            return all(fits(each, test) for each in _filters(operand))
        case "$or":
            return any(fits(each, test) for each in _filters(operand))
        case "$not" if is_node(operand):
            return not fits(operand, test)
        case "$match" | "$lt" | "$lte" | "$gt" | "$gte" if is_node(operand) and len(operand) == 1:
            ((name, wanted),) = operand.items()
            return test(operator, name, wanted)
        case _:
            raise Refused(400, "VALIDATION", f"unknown operator {operator}")


def _filters(value: Json) -> Iterator[Node]:
    for each in items(value):
        if not is_node(each):
            raise Unexpected(f"{each!r} is no filter")
        yield each


def address_fits(address: str, pattern: str) -> bool:
    """Tell whether an address fits: an empty segment stands for any, an empty last one for any number."""
    parts, wanted = address.split(":"), pattern.split(":")
    if wanted[-1] == "" and len(parts) >= len(wanted):
        parts, wanted = parts[: len(wanted) - 1], wanted[:-1]
    return len(parts) == len(wanted) and all(want in ("", part) for part, want in zip(parts, wanted, strict=True))


@dataclass(slots=True)
class Keys:
    """Idempotency keys: the first answer of each, and what it was the answer to."""

    known: dict[str, tuple[str, bytes, Answer]] = field(default_factory=dict[str, tuple[str, bytes, Answer]])

    def once(self, ask: Ask, handle: Handle) -> Answer:
        """Return the answer of a handler, or that of the same request before."""
        request = ask.request
        key = request.header("Idempotency-Key")
        if key is None:
            return handle(ask)
        seen = self.known.get(key)
        if seen is None:
            answer = handle(ask)
            self.known[key] = (request.target, request.body, answer)
            return answer
        ask.read.update(ask.query)
        target, body, answer = seen
        if (target, body) != (request.target, request.body):
            raise Refused(400, "VALIDATION", f"invalid idempotency hash for key {key}")
        hit = ("Idempotency-Hit", "true")
        return Answer(status=answer.status, body=answer.body, headers=(*answer.headers, hit))
