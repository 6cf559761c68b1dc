"""From Encoding Objects to how the fields, or the items, of a form are written."""

from collections.abc import Iterator, Mapping
from typing import Final

from openapi_pydantic.v3.v3_1 import Encoding, Header, Reference
from openapi_pydantic.v3.v3_1 import MediaType as MediaTypeObject

from formance_codegen.ir.requests import MediaKind, Part, Style
from formance_codegen.ir.types import WireName
from formance_codegen.load.json_value import JsonValue, as_mapping, as_sequence, as_text
from formance_codegen.lower.compose import view_of
from formance_codegen.lower.headers import declared_headers
from formance_codegen.lower.session import Session
from formance_codegen.pointer import Pointer, join

_STYLES: Final = (
    Style.FORM,
    Style.SPACE_DELIMITED,
    Style.PIPE_DELIMITED,
    Style.TAB_DELIMITED,
    Style.DEEP_OBJECT,
)


def field_parts(session: Session, kind: MediaKind, media: MediaTypeObject, pointer: Pointer) -> Iterator[Part]:
    """Yield the fields of a form that an Encoding Object says something of which is not the rule."""
    for wire, told in (media.encoding or {}).items():
        part = _part(session, WireName(wire), told, join(pointer, "encoding", wire), kind)
        if part != Part(wire=part.wire):
            yield part


def item_parts(session: Session, pointer: Pointer) -> tuple[tuple[Part, ...], Part | None]:
    """Return how the first items of a sequence of parts are written, and how the others (OpenAPI 3.2)."""
    media = as_mapping(session.document.at(pointer))
    prefix = tuple(_item(node) for node in as_sequence(media.get("prefixEncoding")))
    item = _item(media.get("itemEncoding"))
    return prefix, None if item == Part(wire=item.wire) else item


def _item(node: JsonValue | None) -> Part:
    told = as_mapping(node)
    return Part(wire=WireName(""), media_type=_one_media_type(as_text(told.get("contentType")) or ""))


def _part(session: Session, wire: WireName, told: Encoding, pointer: Pointer, kind: MediaKind) -> Part:
    # Where one of them is said, the media type says nothing (OpenAPI 3.1, section 4.8.15.1.2).
    is_styled = told.style is not None or told.explode is not None or (told.allowReserved and kind is MediaKind.FORM)
    style = next((style for style in _STYLES if style.value == told.style), Style.FORM)
    form = style in (Style.FORM, Style.DEEP_OBJECT)
    return Part(
        wire=wire,
        media_type=_one_media_type(told.contentType or ""),
        style=style if is_styled else None,
        explode=form if told.explode is None else told.explode,
        reserved=told.allowReserved and kind is MediaKind.FORM,
        headers=tuple(_headers(session, told.headers or {}, join(pointer, "headers"))),
    )


def _headers(
    session: Session, declared: Mapping[str, Header | Reference], pointer: Pointer
) -> Iterator[tuple[str, str]]:
    """Yield the headers of a part that can have one value only."""
    for name, node, where in declared_headers(session, declared, pointer):
        if name.lower() == "content-type":
            continue
        schema = node.param_schema
        values = () if schema is None else view_of(session, schema, join(where, "schema")).enum or ()
        if len(values) == 1 and isinstance(values[0], str):
            yield name, values[0]
        else:
            message = f'the header "{name}" of a part is none of a method\'s arguments'
            session.report("unsupported-feature", message, where, "it is sent with a `FilePart` that has it")


def _one_media_type(declared: str) -> str:
    """Return the first of the media types that a part may have, where there is one that is no range of them."""
    names = (name.strip() for name in declared.split(","))
    return next((name for name in names if name and "*" not in name), "")
