"""The writing of bodies: which form a value takes, and its bytes."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterable, Iterator
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
from .demands import ready_to_send
from .forms import encode_multipart, encode_urlencoded, holds_files
from .guards import is_list, is_mapping
from .model import Model
from .nulls import Exclusion, together, unwanted_nulls
from .operation import Operation
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

    def seek(self, offset: int, /) -> int:
        """Go to a place."""
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
    operation: Operation[Any], body: object, *, boundary: Callable[[], str]
) -> Content | None:
    """Write a body in the declared form that suits it; None where there is none.

    Raises:
        Unwritable: No declared form suits it, it does not fit the declared type, or it
            cannot be written.
    """
    if body is None:
        return _null(operation)
    if operation.fixed:
        body = _with_fixed(body, operation.fixed)
    form = _form_for(operation.body, body)
    if form is None:
        kinds = ", ".join(each.media_type for each in operation.body) or "nothing"
        raise Unwritable((BODY, f"the call takes {kinds}, not {type(body).__name__}"))
    try:
        return _encoded(form, body, boundary)
    except ValidationError as error:
        assert isinstance(form, JsonBody | FormBody | MultipartBody)
        raise misfit(error, form.adapter.core_schema) from None
    except PydanticSerializationError as error:
        raise _unwritable(form, body, error) from None


def encode_json(adapter: Writer, body: object) -> bytes:
    """Check a value and write it as JSON, without what nobody set.

    Raises:
        pydantic.ValidationError: It does not fit.
        pydantic_core.PydanticSerializationError: It cannot be written.
    """
    return _written(adapter, adapter.validate_python(_as_dict(body)), None)


def _sent(adapter: Writer, body: object) -> bytes:
    """Write a body as JSON, without what the service alone may set."""
    value = adapter.validate_python(_as_dict(body))
    return _written(adapter, value, ready_to_send(value))


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
        names = {wire_name_of(type(body), name): name for name in type(body).model_fields}
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


def _form_for(forms: tuple[Body, ...], body: object) -> Body | None:
    raw = [form for form in forms if isinstance(form, TextBody | BinaryBody)]
    structured = [form for form in forms if form not in raw]
    if _is_raw(body):
        return next(iter(raw or structured), None)
    if holds_files(body):
        structured.sort(key=lambda form: not isinstance(form, MultipartBody))
    return next(iter(structured or raw), None)


def _is_raw(body: object) -> bool:
    if is_list(body):
        return bool(body) and all(isinstance(each, bytes) for each in body)
    return isinstance(
        body, bytes | bytearray | memoryview | str | Readable | Iterator | AsyncIterable
    )


def _encoded(form: Body, body: object, boundary: Callable[[], str]) -> Content:
    match form:
        case JsonBody():
            source: Source = _sent(form.adapter, body)
        case JsonLinesBody():
            source = _lines(form, body)
        case FormBody():
            source = encode_urlencoded(form, _as_dict(body))
        case MultipartBody():
            mark = boundary()
            return Content(
                media_type=f"{form.media_type}; boundary={mark}",
                source=encode_multipart(form, _as_dict(body), mark),
            )
        case TextBody() | BinaryBody():
            return _raw_content(form.media_type, body)
    return Content(media_type=form.media_type, source=source)


def _lines(form: JsonLinesBody, body: object) -> bytes:
    if not is_list(body):
        kind = type(body).__name__
        raise Unwritable((BODY, f"{form.media_type} is a list of items, not {kind}"))
    lines: list[bytes] = []
    for index, item in enumerate(body):
        try:
            lines.append(_sent(form.adapter, item) + b"\n")
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
            return Content(media_type=media_type, source=body.encode())
        case bytes():
            return Content(media_type=media_type, source=body)
        case bytearray():
            return Content(media_type=media_type, source=bytes(body))
        case memoryview():
            return Content(media_type=media_type, source=body.tobytes())
        case Readable():
            start = _position(body)
            return Content(media_type=media_type, source=body, start=start)
        case _ if _is_chunks(body):
            return Content(media_type=media_type, source=body)
        case _:
            kind = type(body).__name__
            raise Unwritable((BODY, f"{media_type} is bytes, not {kind}"))


def _position(body: object) -> int | None:
    if isinstance(body, Seekable) and body.seekable():
        return body.tell()
    return None


def _is_chunks(body: object) -> TypeGuard[Iterable[bytes] | AsyncIterable[bytes]]:
    return not is_mapping(body) and isinstance(body, Iterable | AsyncIterable)


def _as_dict(body: object) -> object:
    # Pydantic takes a dict for a model, not any mapping.
    return dict(body) if is_mapping(body) else body
