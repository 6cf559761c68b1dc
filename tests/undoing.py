"""A reader of the styles of parameters, written from the specification alone and apart from the runtime."""

from collections.abc import Iterator
from typing import Literal, TypeAlias
from urllib.parse import unquote

Shape: TypeAlias = Literal["text", "array", "object"]
Value: TypeAlias = str | list[str] | dict[str, str]


def from_pairs(written: list[str], style: str, shape: Shape, *, explode: bool) -> Value:
    """Read the ``name=value`` pairs of one parameter: split first, decode then."""
    split = [pair.partition("=") for pair in written]
    if style == "deepObject":
        keys = [unquote(key).removeprefix("color[").removesuffix("]") for key, _, _ in split]
        return dict(zip(keys, [unquote(value) for _, _, value in split], strict=True))
    if explode and shape == "object":
        return {unquote(key): unquote(value) for key, _, value in split}
    assert {unquote(key) for key, _, _ in split} <= {"color"}
    if explode and shape == "array":
        return [unquote(value) for _, _, value in split]
    between = {"spaceDelimited": "%20", "pipeDelimited": "%7C", "tabDelimited": "%09"}.get(style, ",")
    (text,) = [value for _, _, value in split]
    return _together(text.split(between) if shape != "text" else [text], shape)


def from_segment(written: str, style: str, shape: Shape, *, explode: bool) -> Value:
    """Read what stands in a segment of a path."""
    match style:
        case "label":
            between = "." if explode else ","
            return _parts(written.removeprefix("."), between, shape, explode=explode)
        case "matrix":
            pairs = [piece if "=" in piece else f"{piece}=" for piece in written.split(";")[1:]]
            return from_pairs(pairs, "form", shape, explode=explode)
        case _:
            return _parts(written, ",", shape, explode=explode)


def _parts(written: str, between: str, shape: Shape, *, explode: bool) -> Value:
    if shape == "text":
        return unquote(written)
    parts = written.split(between)
    if shape == "object" and explode:
        return dict(_pair(part) for part in parts)
    return _together(parts, shape)


def _pair(part: str) -> tuple[str, str]:
    key, _, value = part.partition("=")
    return unquote(key), unquote(value)


def _together(parts: list[str], shape: Shape) -> Value:
    texts = [unquote(part) for part in parts]
    match shape:
        case "text":
            return texts[0]
        case "array":
            return texts
        case "object":
            return dict(_by_twos(texts))


def _by_twos(texts: list[str]) -> Iterator[tuple[str, str]]:
    yield from zip(texts[::2], texts[1::2], strict=True)
