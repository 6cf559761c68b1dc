"""Texts that fit a format, a pattern and a length, the same each time."""

import re
from collections.abc import Mapping
from typing import Final

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException

_FORMATS: Final[Mapping[str, str]] = {
    "date": "2024-02-29",
    "date-time": "2024-02-29T12:30:00Z",
    "time": "12:30:00Z",
    "duration": "PT1H",
    "uuid": "0190b2a8-7c3e-4f51-9d2a-3b6c5d4e8f70",
    "uri": "https://example.com/a",
    "url": "https://example.com/a",
    "uri-reference": "https://example.com/a",
    "iri": "https://example.com/a",
    "uri-template": "https://example.com/{a}",
    "email": "ada@example.com",
    "idn-email": "ada@example.com",
    "hostname": "example.com",
    "idn-hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ip": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "byte": "aGVsbG8=",
    "base64": "aGVsbG8=",
    "json-pointer": "/a",
    "relative-json-pointer": "1/a",
    "regex": "a",
    "decimal": "1.5",
    "int64": "1",
    "int32": "1",
    "uint64": "1",
    "number": "1",
    "double": "1.5",
}
_LONGEST: Final = 4096


class NoText(Exception):
    """No text was found that fits."""


def text(name: str, schema: Mapping[str, object], *, awkward: bool = False) -> str:
    """Return a text for a schema.

    Args:
        name: What it is when the schema does not care.
        schema: With ``format``, ``pattern``, ``minLength`` and ``maxLength``.
        awkward: Whether it has what has to be encoded, where the schema does not care.

    Raises:
        NoText: There is none, or none was found.
    """
    shape, pattern = schema.get("format"), schema.get("pattern")
    least, most = _number(schema.get("minLength"), 0), _number(schema.get("maxLength"), _LONGEST)
    known = _FORMATS.get(shape) if isinstance(shape, str) else None
    if least > _LONGEST or least > most:
        raise NoText(f"a text of {least} to {most} characters")
    if known is not None and least <= len(known) <= most and (pattern is None or _fits(str(pattern), known)):
        return known
    plain = f"{name} é&=+;,%/?#" if awkward else name
    fitting = plain.ljust(least, "x")[:most]
    if pattern is None:
        return fitting
    if _fits(str(pattern), fitting):
        return fitting
    return _matching(str(pattern), least, most)


def _matching(pattern: str, least: int, most: int) -> str:
    quick = settings(
        derandomize=True,
        database=None,
        max_examples=300,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.large_base_example],
    )
    try:
        drawn = st.from_regex(
            re.compile(pattern, re.ASCII), alphabet=st.characters(min_codepoint=32, max_codepoint=126)
        )
        return find(drawn, lambda found: least <= len(found) <= most and found == found.strip(), settings=quick)
    except (HypothesisException, re.error, ValueError) as error:
        raise NoText(f"a text that fits {pattern}") from error


def _fits(pattern: str, value: str) -> bool:
    try:
        return re.search(pattern, value) is not None
    except re.error as error:
        raise NoText(f"{pattern} is not a pattern of Python") from error


def _number(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) else otherwise
