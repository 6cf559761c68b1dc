"""YAML 1.2 text to JSON data with a place for every part, in one pass over the parser's events."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from yaml import CBaseLoader, MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)
from yaml.reader import ReaderError

from formance_codegen.diagnostics import Diagnostic, Outcome, diagnose
from formance_codegen.load.json_text import parse_json
from formance_codegen.load.json_value import JsonValue, kind_of
from formance_codegen.load.limits import DEEPEST, MOST_ALIASED
from formance_codegen.load.parsed import Parsed, duplicate_key
from formance_codegen.load.scalars import (
    ANY_TAG,
    MAP_TAG,
    MERGE_TAG,
    SCALAR_TAGS,
    SEQUENCE_TAG,
    plain,
    shorthand,
    tagged,
)
from formance_codegen.load.spans import Mark, MarkedSpans
from formance_codegen.pointer import ROOT, Pointer, escape
from formance_codegen.source import SourceFile, Span

_TAB_CAUSE: Final = "a tab cannot indent; YAML wants spaces"


def parse(source: SourceFile) -> Outcome[Parsed]:
    """Return the data of a YAML or JSON text, with string keys and the scalars of the YAML 1.2 core schema.

    A value that is not there is an error: ``not-yaml`` for what cannot be read, is empty, or unfolds beyond bounds,
    and ``duplicate-key``. A key that is not written as a string (``204:``) is kept as it is written, with a note.
    """
    text = source.text.removeprefix("\ufeff")
    if text.lstrip()[:1] in ("{", "[", '"') and (outcome := parse_json(text, source.name)) is not None:
        return outcome
    reader = _Reader(source.name)
    try:
        data = reader.document(text)
    except _RefusedError as refused:
        return Outcome(value=None, diagnostics=(*reader.diagnostics, refused.diagnostic))
    except YAMLError as error:
        return Outcome(value=None, diagnostics=(*reader.diagnostics, _syntax_error(error, text, source.name)))
    except UnicodeEncodeError as error:
        place = _place_of(text, error.start, source.name)
        return Outcome(value=None, diagnostics=(_not_yaml("half of a surrogate pair is no character", place),))
    if reader.diagnostics:
        return Outcome(value=None, diagnostics=tuple(reader.diagnostics))
    parsed = Parsed(data=data, spans=MarkedSpans(source.name, reader.marks))
    return Outcome(value=parsed, diagnostics=reader.remarks())


class _RefusedError(Exception):
    """The text cannot be read any further."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


@dataclass(frozen=True, slots=True, kw_only=True)
class _Anchored:
    value: JsonValue
    size: int
    """Nodes in it, those of aliases included."""
    height: int
    """Levels of containers in it."""


class _Reader:
    """Builds the data of one text by recursive descent over the events; `DEEPEST` bounds the recursion."""

    def __init__(self, file: str) -> None:
        self.marks: dict[Pointer, Mark] = {}
        self.diagnostics: list[Diagnostic] = []
        self._file = file
        self._anchors: dict[str, _Anchored] = {}
        self._nodes = 0
        self._aliased = 0
        self._deepest = 0
        self._odd_keys: list[tuple[str, Pointer]] = []

    def document(self, text: str) -> JsonValue:
        """Return the data of the only document in a text."""
        self._next = CBaseLoader(text).get_event
        self._event()
        start = self._event()
        if isinstance(start, StreamEndEvent):
            raise _RefusedError(_not_yaml("the text is empty", Span(file=self._file, line=1, column=1)))
        first = self._event()
        self.marks[ROOT] = _mark(first)
        data = self._node(first, ROOT, 1)
        self._event()
        if isinstance(more := self._event(), DocumentStartEvent):
            raise self._refused("a second document starts here; one text holds one", more)
        return data

    def remarks(self) -> tuple[Diagnostic, ...]:
        """Return what is worth knowing about a text that was read."""
        if not self._odd_keys:
            return ()
        key, pointer = self._odd_keys[0]
        count = len(self._odd_keys)
        more = f", like {count - 1} more {'keys' if count > 2 else 'key'}" if count > 1 else ""
        message = f'the key {key} is not a string; it is read as "{key}"{more}'
        return (diagnose("integer-key", message, span=self._span(self.marks[pointer]), pointer=pointer),)

    def _event(self) -> Event:
        event = self._next()
        if event is None:
            raise _RefusedError(_not_yaml("the text ends too early", None))
        return event

    def _node(self, event: Event, pointer: Pointer, depth: int) -> JsonValue:
        self._nodes += 1
        if isinstance(event, AliasEvent):
            return self._alias(event, depth)
        if isinstance(event, NodeEvent) and event.anchor is not None:
            return self._anchored(event.anchor, event, pointer, depth)
        return self._content(event, pointer, depth)

    def _content(self, event: Event, pointer: Pointer, depth: int) -> JsonValue:
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        if isinstance(event, CollectionStartEvent):
            return self._container(event, pointer, depth)
        raise self._refused("a value is missing", event)

    def _scalar(self, event: ScalarEvent) -> str | int | float | bool | None:
        if event.tag is None:
            return event.value if event.style else plain(event.value)
        self._check_tag(event.tag, event, *SCALAR_TAGS)
        try:
            return tagged(event.tag, event.value)
        except ValueError as error:
            raise self._refused(str(error), event) from None

    def _container(self, event: CollectionStartEvent, pointer: Pointer, depth: int) -> JsonValue:
        if depth > DEEPEST:
            raise self._refused(f"more than {DEEPEST} levels are nested", event)
        self._deepest = max(self._deepest, depth)
        is_mapping = isinstance(event, MappingStartEvent)
        if event.tag is not None:
            self._check_tag(event.tag, event, MAP_TAG if is_mapping else SEQUENCE_TAG)
        return self._mapping(pointer, depth) if is_mapping else self._sequence(pointer, depth)

    def _sequence(self, pointer: Pointer, depth: int) -> list[JsonValue]:
        items: list[JsonValue] = []
        while not isinstance(event := self._event(), SequenceEndEvent):
            place = Pointer(f"{pointer}/{len(items)}")
            self.marks[place] = _mark(event)
            items.append(self._node(event, place, depth + 1))
        return items

    def _mapping(self, pointer: Pointer, depth: int) -> dict[str, JsonValue]:
        entries: dict[str, JsonValue] = {}
        merged: dict[str, JsonValue] = {}
        while not isinstance(event := self._event(), MappingEndEvent):
            mark = _mark(event)
            if _is_merge(event):
                for key, value in self._merge(pointer, depth):
                    self.marks.setdefault(Pointer(f"{pointer}/{escape(key)}"), mark)
                    merged.setdefault(key, value)
                continue
            key = self._key(event, pointer)
            place = Pointer(f"{pointer}/{escape(key)}")
            if key in entries:
                self.diagnostics.append(
                    duplicate_key(key, self._span(mark), first=self._span(self.marks[place]), pointer=place)
                )
            else:
                self.marks[place] = mark
            entries[key] = self._node(self._event(), place, depth + 1)
        return {**merged, **entries} if merged else entries

    def _key(self, event: Event, pointer: Pointer) -> str:
        if isinstance(event, AliasEvent):
            value = self._alias(event, 0)
        elif isinstance(event, ScalarEvent):
            value = event.value
            if event.anchor is not None:
                self._anchors[event.anchor] = _Anchored(value=value, size=1, height=0)
            if event.tag is not None:
                self._check_tag(event.tag, event, *SCALAR_TAGS)
            elif not event.style and not isinstance(plain(value), str):
                self._odd_keys.append((value, Pointer(f"{pointer}/{escape(value)}")))
        else:
            raise self._refused("a key has to be a text; here it is a list or a mapping", event)
        if not isinstance(value, str):
            raise self._refused(f"a key has to be a text; this alias leads to {kind_of(value)}", event)
        return value

    def _merge(self, pointer: Pointer, depth: int) -> Iterator[tuple[str, JsonValue]]:
        event = self._event()
        value = self._node(event, Pointer(f"{pointer}/<<"), depth + 1)
        sources = value if isinstance(value, list) else [value]
        for source in sources:
            if not isinstance(source, dict):
                raise self._refused(f"a merge key takes a mapping or a list of mappings, not {kind_of(source)}", event)
            self._count_aliased(len(source), event)
            yield from source.items()

    def _anchored(self, anchor: str, event: NodeEvent, pointer: Pointer, depth: int) -> JsonValue:
        before, deepest_before = self._nodes + self._aliased, self._deepest
        self._deepest = depth - 1
        value = self._content(event, pointer, depth)
        size = self._nodes + self._aliased - before + 1
        self._anchors[anchor] = _Anchored(value=value, size=size, height=self._deepest - depth + 1)
        self._deepest = max(self._deepest, deepest_before)
        return value

    def _alias(self, event: AliasEvent, depth: int) -> JsonValue:
        # An anchor counts once it is complete, so nothing can contain itself.
        anchored = self._anchors.get(event.anchor or "")
        if anchored is None:
            raise self._refused(f"the alias *{event.anchor} has no anchor before it", event)
        if depth + anchored.height - 1 > DEEPEST:
            raise self._refused(f"with this alias more than {DEEPEST} levels are nested", event)
        self._deepest = max(self._deepest, depth + anchored.height - 1)
        self._count_aliased(anchored.size, event)
        return anchored.value

    def _count_aliased(self, size: int, event: Event) -> None:
        self._aliased += size
        if self._aliased > MOST_ALIASED:
            raise self._refused(f"the aliases unfold to more than {MOST_ALIASED:,} values", event)

    def _check_tag(self, tag: str, event: Event, *allowed: str) -> None:
        if tag not in allowed and tag != ANY_TAG:
            raise self._refused(f"the tag {shorthand(tag)} has no meaning in JSON here", event)

    def _refused(self, message: str, event: Event) -> _RefusedError:
        return _RefusedError(_not_yaml(message, self._span(_mark(event))))

    def _span(self, mark: Mark) -> Span:
        return Span(file=self._file, line=mark[0] + 1, column=mark[1] + 1)


def _mark(event: Event) -> Mark:
    mark = event.start_mark
    return (mark.line, mark.column) if mark is not None else (0, 0)


def _is_merge(event: Event) -> bool:
    return (
        isinstance(event, ScalarEvent)
        and event.value == "<<"
        and (not event.style if event.tag is None else event.tag == MERGE_TAG)
    )


def _not_yaml(message: str, span: Span | None, notes: tuple[str, ...] = ()) -> Diagnostic:
    return diagnose("not-yaml", message, span=span, notes=notes)


def _syntax_error(error: YAMLError, text: str, file: str) -> Diagnostic:
    """Return the parser's complaint in one line, where it complains."""
    match error:
        case MarkedYAMLError(problem=str(problem), problem_mark=mark) if mark is not None:
            span = Span(file=file, line=mark.line + 1, column=mark.column + 1)
            line = SourceFile(name=file, text=text).line(span.line)
            cause = _TAB_CAUSE if line[mark.column : mark.column + 1] == "\t" else problem
            return _not_yaml(cause, span, _context(error))
        case ReaderError():
            # The position counts bytes of UTF-8.
            offset = len(text.encode()[: error.position].decode(errors="ignore"))
            return _not_yaml(f"the character U+{ord(text[offset]):04X} is not allowed", _place_of(text, offset, file))
        case _:
            return _not_yaml("the text cannot be read as YAML", Span(file=file, line=1, column=1))


def _context(error: MarkedYAMLError) -> tuple[str, ...]:
    """Return what the parser was reading and where that began, where it says more than the complaint."""
    mark = error.context_mark
    if mark is None or not error.context or "token" in error.context:
        return ()
    return (f"{error.context} at {mark.line + 1}:{mark.column + 1}",)


def _place_of(text: str, offset: int, file: str) -> Span:
    lines = (text[:offset] + "x").splitlines()
    return Span(file=file, line=len(lines), column=len(lines[-1]))
