"""The writing of bodies: which form a value takes, and its bytes."""

from __future__ import annotations

import io
from collections.abc import AsyncIterable, Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeGuard, runtime_checkable

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from .adapter import Writer
from .arguments import BODY, Unwritable, misfit, naive_moments, place
from .bodies import (
    BinaryBody,
    Body,
    FormBody,
    JsonBody,
    JsonLinesBody,
    MultipartBody,
    TextBody,
)
from .choosing import forms_for
from .demands import ready_to_send
from .forms import encode_urlencoded
from .guards import is_list, is_mapping
from .model import Model
from .multipart import encode_multipart
from .nulls import Exclusion, together, unwanted_nulls
from .operation import Operation
from .quoting import not_unicode
from .shapes import wire_name_of


@runtime_checkable
class Readable(Protocol):
    """A binary file."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most so many bytes; none at the end."""
        ...


@runtime_checkable
class Seekable(Protocol):
    """A file that can be read again."""

    def seekable(self) -> bool:
        """Tell whether it really can."""
        ...

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place, and return where that is."""
        ...

    def tell(self) -> int:
        """Return the place."""
        ...


Source: TypeAlias = bytes | Readable | Iterable[bytes] | AsyncIterable[bytes]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Content:
    """The body of a request."""

    media_type: str
    source: Source
    start: int | None = None
    """Where a file that can be read again stood."""
    length: int | None = None
    """How many bytes there are, where that is known; of plain bytes it always is."""

    @property
    def replayable(self) -> bool:
        """Whether the body can be sent more than once."""
        return isinstance(self.source, bytes) or self.start is not None

    def rewound(self) -> Source:
        """Return the source, at its beginning."""
        if self.start is not None and isinstance(self.source, Seekable):
            self.source.seek(self.start)
        return self.source


def encode_body(
    operation: Operation[Any],
    body: object,
    *,
    boundary: Callable[[], str],
    content_type: str | None = None,
) -> Content | None:
    """Write a body in the form that the caller chooses, or in the declared one that suits.

    None where there is no body.

    Raises:
        Unwritable: No declared form suits it, it does not fit the declared type, or it
            cannot be written.
    """
    if body is None:
        return _null(operation)
    if operation.fixed:
        body = _with_fixed(body, operation.fixed)
    refused: Unwritable | None = None
    for form, media_type in forms_for(operation.body, body, content_type):
        try:
            return _encoded(form, media_type, body, boundary)
        except ValidationError as error:
            assert isinstance(form, JsonBody | FormBody | MultipartBody)
            # The next form may be of another type; else the first one tells what is wrong.
            refused = refused or misfit(error, form.adapter.core_schema)
        except PydanticSerializationError as error:
            raise _unwritable(form, body, error) from None
    assert refused is not None
    raise refused


def encode_json(adapter: Writer, body: object) -> bytes:
    """Check a value and write it as JSON, without what nobody set.

    Raises:
        pydantic.ValidationError: It does not fit.
        pydantic_core.PydanticSerializationError: It cannot be written.
    """
    return _written(adapter, adapter.validate_python(_as_dict(body)), None)


def _sent(form: JsonBody | JsonLinesBody, body: object) -> bytes:
    """Write a body as JSON, without what the service alone may set."""
    value = form.adapter.validate_python(_as_dict(body))
    return _written(form.adapter, value, ready_to_send(value, form.bounds))


def _written(adapter: Writer, value: object, hidden: Exclusion | None) -> bytes:
    def dumped(left_out: Exclusion | None) -> bytes:
        return adapter.dump_json(
            value,
            by_alias=True,
            exclude_unset=True,
            exclude=left_out,
            warnings="error",
        )

    text = dumped(hidden)
    if b"null" not in text or (unwanted := unwanted_nulls(value)) is None:
        return text
    return dumped(together(hidden or {}, unwanted))


def _with_fixed(body: object, fixed: tuple[tuple[str, object], ...]) -> object:
    """Return a body with the values that the operation itself gives some properties."""
    if is_mapping(body):
        changed: dict[object, object] = {**body}
        changed.update(fixed)
        return changed
    if isinstance(body, Model):
        told = dict(fixed)
        names = {
            wire_name_of(type(body), name): name for name in type(body).model_fields
        }
        update = {names[wire]: told[wire] for wire in told if wire in names}
        return body.model_copy(update=update)
    return body


def _null(operation: Operation[Any]) -> Content | None:
    for form in operation.body:
        if isinstance(form, JsonBody) and form.null:
            return Content(media_type=form.media_type, source=b"null")
    return None


def _unwritable(
    form: Body, body: object, error: PydanticSerializationError
) -> Unwritable:
    """Return what is wrong with a body that was right when it was made."""
    if isinstance(form, JsonBody | FormBody | MultipartBody):
        adapter = form.adapter
        plain: object = adapter.dump_python(body, by_alias=True, warnings=False)
        try:
            adapter.validate_python(plain)
        except ValidationError as found:
            return misfit(found, adapter.core_schema)
    # The reason stands behind the names of pydantic's own errors.
    reason = str(error).rpartition("ValueError: ")[2]
    return Unwritable((place(next(naive_moments(body), ())), reason))


def _encoded(
    form: Body, media_type: str, body: object, boundary: Callable[[], str]
) -> Content:
    match form:
        case JsonBody():
            source: Source = _sent(form, body)
        case JsonLinesBody():
            source = _lines(form, body)
        case FormBody():
            source = encode_urlencoded(form, _as_dict(body))
        case MultipartBody():
            mark = boundary()
            return Content(
                media_type=f"{media_type}; boundary={mark}",
                source=encode_multipart(form, _as_dict(body), mark),
            )
        case TextBody():
            return _text_content(media_type, body)
        case BinaryBody():
            return _raw_content(media_type, body)
    return Content(media_type=media_type, source=source)


def _text_content(media_type: str, body: object) -> Content:
    """Return a text in the ``charset`` of its media type (RFC 9110, section 8.3.2)."""
    if isinstance(body, io.TextIOBase):
        body = body.read()
    if not isinstance(body, str):
        return _raw_content(media_type, body)
    named = media_type.lower().partition("charset=")[2].partition(";")[0]
    try:
        source = body.encode(named.strip(' "') or "utf-8")
    except UnicodeEncodeError:
        if not named:
            raise not_unicode(BODY) from None
        told = f"{named} does not have all characters of the text"
        raise Unwritable((BODY, told)) from None
    except LookupError:
        source = body.encode()
    return Content(media_type=media_type, source=source)


def _lines(form: JsonLinesBody, body: object) -> bytes:
    if not is_list(body):
        kind = type(body).__name__
        raise Unwritable((BODY, f"{form.media_type} is a list of items, not {kind}"))
    lines: list[bytes] = []
    for index, item in enumerate(body):
        try:
            lines.append(_sent(form, item) + b"\n")
        except ValidationError as error:
            raise misfit(error, form.adapter.core_schema, (index,)) from None
        except PydanticSerializationError as error:
            place_of = place((index, *next(naive_moments(item), ())))
            reason = str(error).rpartition("ValueError: ")[2]
            raise Unwritable((place_of, reason)) from None
    return b"".join(lines)


def _raw_content(media_type: str, body: object) -> Content:
    match body:
        case str():
            return _text_content(media_type, body)
        case bytes():
            return Content(media_type=media_type, source=body)
        case bytearray():
            return Content(media_type=media_type, source=bytes(body))
        case memoryview():
            return Content(media_type=media_type, source=body.tobytes())
        case io.TextIOBase():
            raise Unwritable((BODY, "the file must be open in binary mode"))
        case Readable():
            start, length = _position(body)
            return Content(
                media_type=media_type, source=body, start=start, length=length
            )
        case _ if _is_whole(body):
            return Content(media_type=media_type, source=b"".join(body))
        case _ if _is_chunks(body):
            return Content(media_type=media_type, source=body)
        case _:
            kind = type(body).__name__
            raise Unwritable((BODY, f"{media_type} is bytes, not {kind}"))


def _position(body: object) -> tuple[int | None, int | None]:
    """Return where a file stands and how much follows, where it can be read again."""
    if not (isinstance(body, Seekable) and body.seekable()):
        return None, None
    start = body.tell()
    end = body.seek(0, io.SEEK_END)
    body.seek(start)
    return start, max(end - start, 0)


def _is_whole(body: object) -> TypeGuard[Sequence[bytes]]:
    """Tell whether all chunks are there: they can be counted, and sent again."""
    return (
        is_list(body)
        and not isinstance(body, AbstractSet)
        and all(isinstance(chunk, bytes) for chunk in body)
    )


def _is_chunks(body: object) -> TypeGuard[Iterable[bytes] | AsyncIterable[bytes]]:
    return not is_mapping(body) and isinstance(body, Iterable | AsyncIterable)


def _as_dict(body: object) -> object:
    # Pydantic takes a dict for a model, not any mapping.
    return dict(body) if is_mapping(body) else body
