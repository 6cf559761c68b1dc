"""How a parameter is written on the wire, from OpenAPI 3.1 section 4.8.12 and not from the runtime under test."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final, TypeAlias
from uuid import UUID

from samples import BIG, TEXTS, Node, node, resolve, view_of

Plain: TypeAlias = str | Sequence[str] | Mapping[str, str]
"""A value as texts, before anything is encoded."""

UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
"""RFC 3986, section 2.3."""
HARD: Final = "a b/c?d#e&f=g+h%20i:j,k;l@ü€𝄞"
"""What breaks a URL, or leads elsewhere, when it is not encoded."""
MOMENTS: Final = frozenset({"date-time", "date-tim", "datetime"})
"""The format of a moment, and how some documents misspell it."""
LATIN: Final = "key 1/ü+&=#%20"
"""What a header can carry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """What is given to a method, and what it is in text."""

    value: object
    plain: Plain


def argument(document: Node, parameter: Node) -> Argument:
    """Return an argument for a parameter object: one that is hard to write, where its schema allows."""
    schema = node(parameter.get("schema"))
    view = view_of(document, schema)
    name = str(parameter["name"])
    # No two parameters of an operation get the same value, so that none can stand in for another.
    hard = f"{name} {LATIN if parameter['in'] == 'header' else HARD}"
    number = sum(name.encode())
    if isinstance(highest := schema.get("maximum"), int):
        number = 1 + number % highest
    if view.enum:
        return Argument(value=view.enum[-1], plain=str(view.enum[-1]))
    match view.kind:
        case "string":
            return (
                _moment(number) if view.form in MOMENTS else _FORMATS.get(view.form) or Argument(value=hard, plain=hard)
            )
        case "integer":
            return _number(BIG + number if view.form == "bigint" else number)
        case "number":
            return Argument(value=number + 0.5, plain=f"{number}.5")
        case "boolean":
            return _BOOLEANS[len(name) % 2]
        case "array":
            items = [str(value) for value in view_of(document, view.items).enum] or [hard, "second"]
            return Argument(value=items, plain=items)
        case _:
            # A map of texts: what a deepObject holds.
            return Argument(value={"tier 1": hard, "a]b": "x"}, plain={"tier 1": hard, "a]b": "x"})


def _number(value: int) -> Argument:
    return Argument(value=value, plain=str(value))


_BOOLEANS: Final = (Argument(value=False, plain="false"), Argument(value=True, plain="true"))
_ZONE: Final = timezone(timedelta(hours=2))


def _moment(number: int) -> Argument:
    minute, second = number // 60 % 60, number % 60
    value = datetime(2026, 3, 2, 9, minute, second, 123456, _ZONE)
    return Argument(value=value, plain=f"2026-03-02T09:{minute:02}:{second:02}.123456+02:00")


_FORMATS: Final = {
    "date": Argument(value=date(2026, 3, 2), plain="2026-03-02"),
    "uuid": Argument(value=UUID(TEXTS["uuid"]), plain=TEXTS["uuid"]),
}
UTC_MOMENT: Final = datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)
UTC_TEXT: Final = "2026-03-02T09:30:15Z"


def percent(text: str) -> str:
    """Percent-encode a text, everything but the unreserved characters (RFC 3986, section 2.1)."""
    return "".join(chr(byte) if byte in UNRESERVED else f"%{byte:02X}" for byte in text.encode())


def filled(template: str, values: Mapping[str, Plain]) -> str:
    """Return a path template with its parameters, all of the style ``simple``."""
    for name, value in values.items():
        assert isinstance(value, str), f"{name}: no document has lists or maps in its paths"
        template = template.replace(f"{{{name}}}", percent(value))
    return template


def query_pairs(parameter: Node, value: Plain) -> list[str]:
    """Return the ``name=value`` pairs of a query parameter."""
    name = percent(str(parameter["name"]))
    style = parameter.get("style", "form")
    explode = parameter.get("explode", style == "form")
    match value:
        case str():
            return [f"{name}={percent(value)}"]
        case Mapping():
            # A deepObject has no form but this one, whatever explode says.
            if style == "deepObject":
                return [f"{name}{percent(f'[{key}]')}={percent(item)}" for key, item in value.items()]
            if explode:
                return [f"{percent(key)}={percent(item)}" for key, item in value.items()]
            return [f"{name}={','.join(percent(part) for pair in value.items() for part in pair)}"]
        case _:
            if explode:
                return [f"{name}={percent(item)}" for item in value]
            separator = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}[str(style)]
            return [f"{name}={separator.join(percent(item) for item in value)}"]


def parameters_of(document: Node, path: Node, operation: Node) -> list[Node]:
    """Return the parameter objects of an operation, its own in place of those of its path (section 4.8.10)."""
    found: dict[tuple[object, object], Node] = {}
    for owner in (path, operation):
        declared = owner.get("parameters")
        assert declared is None or isinstance(declared, Sequence)
        for each in declared or ():
            parameter = resolve(document, node(each))
            found[parameter["in"], parameter["name"]] = parameter
    return list(found.values())
