"""The choice of a form for a body: what the caller says, else what suits the value."""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, Iterator, Sequence

from .arguments import BODY, CONTENT_TYPE, Unwritable
from .bodies import BinaryBody, Body, MultipartBody, TextBody
from .files import NamedFile, holds_files
from .guards import is_list
from .model import Model
from .quoting import checked_header


def forms_for(
    forms: Sequence[Body], body: object, content_type: str | None
) -> list[tuple[Body, str]]:
    """Return the forms that a body may take, the best first, and what each is sent as.

    Args:
        forms: What the document declares, in order of preference.
        body: The value.
        content_type: The media type that the caller chooses.

    Raises:
        Unwritable: There is none.
    """
    if content_type is not None:
        found = [form for form in forms if _admits(form, content_type)]
        # The nearest: a media type itself before a range that it is in.
        found.sort(key=lambda form: (form.range != "", _told(form) != content_type))
        sent = checked_header(CONTENT_TYPE, content_type)
        chosen = [(form, sent) for form in found[:1]]
        name, given = CONTENT_TYPE, content_type
    else:
        chosen = [(form, form.media_type) for form in _suiting(forms, body)]
        name, given = BODY, type(body).__name__
    if not chosen:
        kinds = ", ".join(map(_told, forms)) or "nothing"
        raise Unwritable((name, f"the call takes {kinds}, not {given}"))
    return chosen


def _suiting(forms: Sequence[Body], body: object) -> list[Body]:
    raw: list[Body] = [
        form for form in forms if isinstance(form, TextBody | BinaryBody)
    ]
    structured = [form for form in forms if form not in raw]
    if _is_raw(body) or (raw and _is_chunks(body)):
        kind = TextBody if isinstance(body, str) else BinaryBody
        raw.sort(key=lambda form: not isinstance(form, kind))
        return (raw or structured)[:1]
    if holds_files(body):
        structured.sort(key=lambda form: not isinstance(form, MultipartBody))
    if isinstance(body, Model):
        # Each form may have a model of its own: the class of the body tells which.
        return structured or raw[:1]
    return (structured or raw)[:1]


def _is_raw(body: object) -> bool:
    return isinstance(
        body,
        bytes | bytearray | memoryview | str | NamedFile | Iterator | AsyncIterable,
    )


def _is_chunks(body: object) -> bool:
    if not is_list(body):
        return False
    return bool(body) and all(isinstance(each, bytes) for each in body)


def _told(form: Body) -> str:
    return form.range or form.media_type


def _admits(form: Body, content_type: str) -> bool:
    declared, wanted = (_essence(each) for each in (_told(form), content_type))
    pattern = ".*".join(map(re.escape, declared.split("*")))
    return re.fullmatch(pattern, wanted) is not None


def _essence(media_type: str) -> str:
    """Return a media type without its parameters (RFC 9110, section 8.3.1)."""
    return media_type.partition(";")[0].strip().lower()
