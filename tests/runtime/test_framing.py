"""The cutting of bytes into items: the same whatever the network cuts."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.framing import EventFrames, Frame, Frames, LineFrames, RecordFrames, TooLarge


def frames(cutter: Frames, *chunks: bytes) -> list[Frame]:
    """Return all items of a body that comes in pieces."""
    return [*(frame for chunk in chunks for frame in cutter.feed(chunk)), *cutter.finish()]


def data(cutter: Frames, *chunks: bytes) -> list[bytes]:
    return [frame.data for frame in frames(cutter, *chunks)]


EVENTS: list[tuple[bytes, list[bytes]]] = [
    (b"data: a\n\ndata:b\n\n", [b"a", b"b"]),
    (b"data: a\r\n\r\ndata: b\r\rdata: c\n\n", [b"a", b"b", b"c"]),
    (b"data: a\ndata:  b\ndata\n\n", [b"a\n b\n"]),
    (b"\xef\xbb\xbfdata: a\n\n\xef\xbb\xbfdata: b\n\n", [b"a"]),
    (b": ping\n\n:\n\ndata: a\nother: x\n: y\n\n", [b"a"]),
    (b"data: a\n\ndata: not whole\n", [b"a"]),
    (b"event: nothing\nid: 1\n\n", []),
    (b"data\n\n", [b""]),
    (b"", []),
]


@pytest.mark.parametrize(("body", "expected"), EVENTS)
def test_events_are_cut_as_the_standard_says(body: bytes, expected: list[bytes]) -> None:
    assert data(EventFrames(), body) == expected


@pytest.mark.parametrize(("body", "expected"), EVENTS)
def test_events_may_come_byte_by_byte(body: bytes, expected: list[bytes]) -> None:
    assert data(EventFrames(), *(bytes([byte]) for byte in body)) == expected


def test_an_event_has_a_name_an_id_and_a_time() -> None:
    cutter = EventFrames()
    body = b"id: 1\nevent: a\nretry: 250\ndata: x\n\nid: 2\0\nretry: 1s\ndata: y\n\nid\n\n"

    assert frames(cutter, body) == [
        Frame(data=b"x", event="a", id="1", retry=250),
        Frame(data=b"y", event="", id="1", retry=None),
    ]
    assert (cutter.last_id, cutter.retry) == ("", 250)


def test_an_id_counts_from_the_end_of_its_event() -> None:
    cutter = EventFrames()
    assert [cutter.last_id for _ in cutter.feed(b"id: 1\ndata: x\n\nid: 2\ndata: y\n")] == ["1"]
    assert cutter.last_id == "1"
    assert [cutter.last_id for _ in cutter.feed(b"\n")] == ["2"]


def test_lines_need_no_last_end_and_may_be_empty() -> None:
    assert data(LineFrames(), b'{"a":1}\r\n\n 2 \n[3,\r4]') == [b'{"a":1}', b"2", b"[3,\r4]"]


def test_texts_of_a_sequence_may_have_several_lines() -> None:
    assert data(RecordFrames(), b'\x1e{"a":\n1}\n\x1e\x1e"b"\n\x1e3\n') == [b'{"a":\n1}', b'"b"', b"3"]


def test_a_text_is_there_as_soon_as_it_is_whole() -> None:
    assert [frame.data for frame in RecordFrames().feed(b'\x1e{"a":\n1}\n')] == [b'{"a":\n1}']


@pytest.mark.parametrize("body", [b"\x1e12", b"\x1e12\x1e3\n", b"\x1etru"])
def test_a_number_that_was_cut_is_none(body: bytes) -> None:
    assert data(RecordFrames(), body)[0].endswith(b"\x1e")


@pytest.mark.parametrize(
    ("cutter", "chunks"),
    [
        (LineFrames(4), [b"12345\n"]),
        (LineFrames(4), [b"123", b"45"]),
        (RecordFrames(4), [b'\x1e"123', b'45"']),
        (RecordFrames(4), [b'\x1e"12345"\x1e']),
        (EventFrames(4), [b"data: 12", b"345\n\n"]),
        (EventFrames(4), [b"data: 12\n", b"data: 34\n\n"]),
        (EventFrames(4), [b": a comment without an end"]),
    ],
)
def test_an_item_has_a_largest_size(cutter: Frames, chunks: list[bytes]) -> None:
    with pytest.raises(TooLarge):
        frames(cutter, *chunks)


def test_a_limit_is_of_one_item_and_not_of_all() -> None:
    assert data(LineFrames(4), b"1234\n" * 9) == [b"1234"] * 9
    assert data(EventFrames(12), b"data: 12345\n\n" * 9) == [b"12345"] * 9


BODIES = st.lists(
    st.sampled_from([b"data", b": a", b"\r", b"\n", b"\r\n", b"\n\n", b"id: 1", b"event: e", b"\x1e", b"1", b'"', b" "])
)


@pytest.mark.parametrize("kind", [EventFrames, LineFrames, RecordFrames])
@given(parts=BODIES, cuts=st.lists(st.integers(min_value=0, max_value=60)))
def test_cuts_change_nothing(kind: type[Frames], parts: list[bytes], cuts: list[int]) -> None:
    body = b"".join(parts)
    places = [0, *sorted(cut for cut in cuts if cut < len(body)), len(body)]
    chunks = [body[start:end] for start, end in pairwise(places)]
    assert frames(kind(), *chunks) == frames(kind(), body)
