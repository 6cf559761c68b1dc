"""From request bodies to their media types, the preferred one first."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from openapi_pydantic.v3.v3_1 import MediaType as MediaTypeObject
from openapi_pydantic.v3.v3_1 import Reference, RequestBody

from formance_codegen.ir.decls import Doc
from formance_codegen.ir.requests import Body, MediaKind, MediaType
from formance_codegen.ir.types import AnyJson, Bound, Const, ListOf, MapOf, Scalar, ScalarKind, TupleOf, TypeExpr
from formance_codegen.load.json_value import Missing, as_mapping
from formance_codegen.load.openapi import request_body_at, schema_at
from formance_codegen.load.refs import resolve
from formance_codegen.lower.compose import view_of
from formance_codegen.lower.encodings import field_parts, item_parts
from formance_codegen.lower.inside import bounds_inside
from formance_codegen.lower.schemas import type_of
from formance_codegen.lower.session import Session
from formance_codegen.lower.streams import line_of
from formance_codegen.pointer import Pointer, join

_PREFERENCE: Final = tuple(MediaKind)


def lower_body(session: Session, node: RequestBody | Reference | None, pointer: Pointer, method: str) -> Body | None:
    """Return the body of an operation; one of GET or HEAD may always be left out."""
    if node is None:
        return None
    if isinstance(node, Reference):
        pointer, _ = resolve(session.document, node.ref)
        node = request_body_at(session.document, pointer)
    media = lower_media(session, node.content, join(pointer, "content"))
    if not media:
        return None
    if method in ("GET", "HEAD"):
        session.report("get-body", f"{method} with a body; it may be left out", pointer)
    return Body(
        media=media,
        required=node.required and method not in ("GET", "HEAD"),
        demanded=node.required,
        choice=_is_chosen(media),
        doc=Doc(description=node.description or ""),
        pointer=pointer,
        span=session.span(pointer),
    )


def _is_chosen(media: Sequence[MediaType]) -> bool:
    """Return whether a value does not tell its media type: bytes, text and all else are told from each other."""
    raw = (MediaKind.TEXT, MediaKind.BINARY)
    counts = Counter(found.kind if found.kind in raw else MediaKind.JSON for found in media)
    return any(count > 1 for count in counts.values()) or any(found.range for found in media)


def lower_media(
    session: Session, content: Mapping[str, MediaTypeObject] | None, pointer: Pointer
) -> tuple[MediaType, ...]:
    """Return the media types of some content, JSON first, else in the order of the document."""
    found = [
        form for name, media in (content or {}).items() for form in _forms(session, name, media, join(pointer, name))
    ]
    if all(media.kind is MediaKind.TEXT for media in found):
        for name, media in (content or {}).items():
            report_markup(session, name, media, join(pointer, name))
    return tuple(sorted(found, key=lambda media: preference(media.name)))


def _forms(session: Session, name: str, media: MediaTypeObject, pointer: Pointer) -> Iterator[MediaType]:
    """Yield the forms that a media type takes: lines may be given as items, or as the bytes that they are."""
    line = line_of(session, name, media, pointer)
    if line is not None:
        yield MediaType(name=name, kind=MediaKind.LINES, type=ListOf(item=line))
        yield MediaType(name=name, kind=MediaKind.BINARY, type=Scalar(kind=ScalarKind.BINARY))
        return
    yield _media_type(session, name, media, pointer)


def preference(name: str) -> tuple[int, bool]:
    """Return a number that is less the better a client can make use of a media type."""
    return _PREFERENCE.index(media_kind(name)), not name.startswith("application/json")


def media_kind(name: str) -> MediaKind:
    """Return how a media type is written and read (RFC 6838; the suffixes of RFC 6839)."""
    essence = name.partition(";")[0].strip().lower()
    if essence in ("application/json", "*/*", "application/*") or essence.endswith("+json"):
        return MediaKind.JSON
    if essence == "application/x-www-form-urlencoded":
        return MediaKind.FORM
    if essence.startswith("multipart/"):
        return MediaKind.MULTIPART
    if essence == "text/event-stream":
        # It may never end: nobody can wait for the whole text.
        return MediaKind.BINARY
    if essence.startswith("text/") or essence.endswith(("/xml", "+xml", "/yaml", "+yaml")):
        return MediaKind.TEXT
    return MediaKind.BINARY


def _sent_name(name: str, kind: MediaKind) -> str:
    """Return what a body is called where the document gives a range of media types (RFC 9110, section 12.5.1)."""
    if "*" not in name:
        return name
    if kind is MediaKind.MULTIPART:
        return "multipart/form-data"
    return {MediaKind.JSON: "application/json", MediaKind.TEXT: "text/plain"}.get(kind, "application/octet-stream")


def _media_type(session: Session, name: str, media: MediaTypeObject, pointer: Pointer) -> MediaType:
    kind, type_ = media_kind(name), _type(session, name, media, pointer)
    if kind is MediaKind.JSON and type_ == Scalar(kind=ScalarKind.BINARY):
        # No JSON text is made of bytes: they are the body themselves.
        kind = MediaKind.BINARY
    range_ = name if "*" in name else ""
    bounds = _bounds(session, kind, media, join(pointer, "schema"))
    made = MediaType(name=_sent_name(name, kind), kind=kind, type=type_, range=range_, bounds=bounds)
    if kind is MediaKind.MULTIPART and isinstance(type_, ListOf | TupleOf):
        prefix, item = item_parts(session, pointer)
        return replace(made, prefix=prefix, item=item)
    if kind not in (MediaKind.FORM, MediaKind.MULTIPART):
        return made
    if isinstance(type_, Scalar | Const | ListOf | TupleOf):
        message = f"{name} is made of fields, and its schema has none; any are taken"
        session.report("repaired", message, join(pointer, "schema"))
        return replace(made, type=MapOf(value=AnyJson()))
    return replace(made, parts=tuple(field_parts(session, kind, media, pointer)))


def _bounds(session: Session, kind: MediaKind, media: MediaTypeObject, pointer: Pointer) -> tuple[Bound, ...]:
    if media.media_type_schema is None or kind in (MediaKind.TEXT, MediaKind.BINARY):
        return ()
    view = view_of(session, media.media_type_schema, pointer)
    return () if view.properties else bounds_inside(session, view)


def report_markup(session: Session, name: str, media: MediaTypeObject, pointer: Pointer) -> None:
    """Warn of XML or YAML with a schema: a client reads and writes it as text."""
    schema = media.media_type_schema
    plain = schema is None or view_of(session, schema, join(pointer, "schema")).types == ("string",)
    if not plain and name.partition(";")[0].strip().lower() not in _TEXTS:
        session.report("unsupported-media-type", f"{name} is not taken apart", pointer, "it is a text, as it travels")


def report_items(session: Session, around: Pointer, name: str) -> None:
    """Warn of items of a media type that is not known to be a sequence of them."""
    pointer = join(around, "content", name, "itemSchema")
    if not isinstance(session.document.at(pointer), Missing):
        session.report("unsupported-feature", f"{name} is not read item by item", pointer)


_TEXTS: Final = frozenset({"text/plain", "text/html", "text/csv"})


def _type(session: Session, name: str, media: MediaTypeObject, pointer: Pointer) -> TypeExpr:
    match media_kind(name):
        case MediaKind.TEXT:
            return Scalar(kind=ScalarKind.STRING)
        case MediaKind.BINARY:
            # The bytes themselves are the body, also where the schema pretends that it is an object.
            return Scalar(kind=ScalarKind.BINARY)
        case MediaKind.MULTIPART if media.media_type_schema is None and _has_items(session, pointer):
            where = join(pointer, "itemSchema")
            return ListOf(item=type_of(session, schema_at(session.document, where), where))
        case _:
            schema = media.media_type_schema
            return AnyJson() if schema is None else type_of(session, schema, join(pointer, "schema"))


def _has_items(session: Session, pointer: Pointer) -> bool:
    """Return whether a sequence of parts is described by what each of them is (OpenAPI 3.2)."""
    return "itemSchema" in as_mapping(session.document.at(pointer))
