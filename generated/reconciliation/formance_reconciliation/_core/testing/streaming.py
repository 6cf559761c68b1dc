"""Streams of a fake service: items as the bytes that carry them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeGuard

from pydantic_core import to_json

from ..content import encode_json
from ..events import ServerSentEvent
from ..reading import Unreadable
from ..sequences import (
    Datum,
    EventItems,
    Events,
    JsonDatum,
    JsonLines,
    JsonTexts,
    Sequenced,
)
from .adapters import type_of, writer_of
from .examples import example_json


def chunks_of(result: Sequenced[Any], items: Iterable[object]) -> tuple[bytes, ...]:
    """Return the bytes of each item.

    Raises:
        Unreadable: One of them is nothing that the stream has.
        pydantic.ValidationError: One of them does not fit.
    """
    return tuple(_chunk(result, item) for item in items)


def example_chunk(result: Sequenced[Any]) -> bytes:
    """Return an item of no meaning that fits the document.

    Raises:
        Endless: There is no finite value.
    """
    if _is_events(result):
        event, datum = next(iter(result.named), ("message", result.other))
        if not _is_json(datum):
            return _event(ServerSentEvent(data=b"text", event=event))
        data = to_json(example_json(type_of(datum.adapter)))
        return _event(ServerSentEvent(data=data, event=event))
    assert _is_lines(result)
    return _framed(result, to_json(example_json(type_of(result.adapter))))


def _chunk(result: Sequenced[Any], item: object) -> bytes:
    if _is_lines(result):
        return _framed(result, encode_json(writer_of(result.adapter), item))
    if not (_is_events(result) and _is_event(item)):
        raise Unreadable("", "an item of this stream is a ServerSentEvent")
    datum = result.datum(item.event)
    data = (
        encode_json(writer_of(datum.adapter), item.data)
        if _is_json(datum)
        else str(item.data).encode()
    )
    told = ServerSentEvent(data=data, event=item.event, id=item.id, retry=item.retry)
    return _event(told)


def _is_events(result: Sequenced[Any]) -> TypeGuard[Events[Any]]:
    return isinstance(result, Events)


def _is_lines(result: Sequenced[Any]) -> TypeGuard[JsonLines[Any]]:
    return isinstance(result, JsonLines)


def _is_json(datum: Datum[Any]) -> TypeGuard[JsonDatum[Any]]:
    return isinstance(datum, JsonDatum)


def _is_event(item: object) -> TypeGuard[ServerSentEvent[object]]:
    return isinstance(item, ServerSentEvent)


def _framed(result: JsonLines[Any], text: bytes) -> bytes:
    match result:
        case EventItems():
            return _event(ServerSentEvent(data=text))
        case JsonTexts():
            return b"\x1e" + text + b"\n"
        case _:
            return text + b"\n"


def _event(event: ServerSentEvent[bytes]) -> bytes:
    lines = [b"event: " + event.event.encode()] if event.event != "message" else []
    lines += [b"id: " + event.id.encode()] if event.id else []
    lines += [b"retry: %d" % event.retry] if event.retry is not None else []
    # Carriage returns end lines as well, and could not be told from line feeds.
    data = event.data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    lines += [b"data: " + line for line in data.split(b"\n")]
    return b"\n".join([*lines, b"", b""])
