"""The writing of form bodies: their fields, and urlencoded pairs."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote_plus

from .adapter import Writer
from .arguments import BODY, Unwritable, place
from .bodies import FormBody
from .bounds import Within
from .demands import ready_to_send
from .expansion import DELIMITERS, expand
from .files import read_files
from .guards import is_list, is_mapping
from .parameters import Part, Query
from .quoting import not_unicode
from .scalars import json_text, text_of
from .styles import query_pairs


def encode_urlencoded(form: FormBody, body: object) -> bytes:
    """Check a value and write its fields as ``name=value`` pairs.

    Objects become JSON, the items of an array a pair each, unless the document says
    otherwise.

    Raises:
        Unwritable: A field cannot be written.
        pydantic.ValidationError: The value does not fit.
    """
    told = {part.name: part for part in form.parts}
    dumped = checked(form.adapter, body, form.bounds)
    if not is_mapping(dumped):
        raise Unwritable((BODY, "a form needs an object with fields"))
    pairs = [
        pair
        for name, value in dumped.items()
        if value is not None
        for pair in _pairs(str(name), value, told.get(str(name)))
    ]
    return "&".join(pairs).encode()


def checked(adapter: Writer, body: object, bounds: Within | None = None) -> object:
    """Return a body as plain values by their wire names, its files read.

    Raises:
        Unwritable: A file cannot be read, or a bound is not kept.
        pydantic.ValidationError: The value does not fit.
    """
    value = adapter.validate_python(read_files(body, BODY))
    dumped: object = adapter.dump_python(
        value,
        exclude=ready_to_send(value, bounds),
        by_alias=True,
        exclude_unset=True,
        warnings="error",
    )
    return dumped


def items_of(value: object) -> list[object]:
    """Return the values that a field has, each by itself."""
    return [item for item in (value if is_list(value) else [value]) if item is not None]


def is_json(media_type: str) -> bool:
    """Tell whether a media type is JSON (RFC 6839)."""
    essence = media_type.partition(";")[0].strip().lower()
    return essence.endswith(("/json", "+json"))


def styled_pairs(part: Part, value: object) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of a field that has a style; nothing is encoded."""
    delimiter = DELIMITERS.get(part.style or "", ",")
    for name, texts in expand(
        part.style or "form", part.name, value, place([part.name]), explode=part.explode
    ):
        yield name, delimiter.join(texts)


def _pairs(name: str, value: object, part: Part | None) -> list[str]:
    where = place([name])
    if part is not None and part.style is not None:
        # As a parameter of the query would be (OpenAPI 3.1, section 4.8.15.1.2).
        return query_pairs(
            Query(
                name,
                style=part.style,
                explode=part.explode,
                allow_reserved=part.allow_reserved,
                argument=where,
            ),
            value,
        )
    if part is not None and is_json(part.media_type):
        texts = [json_text(value, where)]
    else:
        texts = [text_of(item, where) for item in items_of(value)]
    try:
        return [f"{quote_plus(name)}={quote_plus(text)}" for text in texts]
    except UnicodeEncodeError:
        raise not_unicode(where) from None
