"""Changes to parsed data that keep its places: what is merged in, and what is taken out."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from formance_codegen.load.json_value import JsonValue, Missing, kind_of, step
from formance_codegen.load.parsed import Parsed
from formance_codegen.load.spans import MovedSpans, nearest
from formance_codegen.pointer import ROOT, Pointer, join, tokens
from formance_codegen.source import Span


class IncompatibleError(ValueError):
    """A value cannot be merged with what stands there.

    Args:
        message: What is wrong.
        came: Where the value stands in the overlay.
    """

    def __init__(self, message: str, came: Pointer) -> None:
        super().__init__(message)
        self.came = came


@dataclass(slots=True, kw_only=True)
class Patch:
    """A document that is being changed; what it was made from stays as it is."""

    data: JsonValue
    spans: Mapping[Pointer, Span]
    _moved: dict[Pointer, Span] = field(default_factory=dict[Pointer, Span])

    def merge(self, pointer: Pointer, update: JsonValue, spans: Mapping[Pointer, Span], came: Pointer) -> None:
        """Merge a value into the object at a pointer, or append it to the list there.

        Objects are merged recursively, lists are appended to, scalars are replaced. A null changes no object and no
        list: the Overlay specification's own example writes ``components:`` for "nothing here".

        Args:
            pointer: Where the object or list stands.
            update: The value; for a list one entry, or a list of them.
            spans: The places of the text that the value comes from.
            came: Where it stands there.

        Raises:
            IncompatibleError: A value is of another kind than what it would be merged with.
        """
        merging = _Merging(spans=spans, moved={})
        self.data = _changed(self.data, tokens(pointer), lambda value: merging.into(value, update, pointer, came))
        self._moved |= merging.moved

    def remove(self, pointers: Iterable[Pointer]) -> None:
        """Take parts out of the objects and lists that hold them."""
        doomed = _tree(pointers)
        if _takes_items(self.data, doomed):
            # The items behind one that is taken out of a list move up, and so do their places.
            spans = MovedSpans(self.spans, self._moved)
            kept = ((_shifted(pointer, self.data, doomed), pointer) for pointer in spans)
            self.spans = {new: spans[old] for new, old in kept if new is not None}
            self._moved = {}
        self.data = _pruned(self.data, doomed)

    def result(self) -> Parsed:
        """Return the document as it is now."""
        return Parsed(data=self.data, spans=MovedSpans(self.spans, self._moved))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Merging:
    spans: Mapping[Pointer, Span]
    moved: dict[Pointer, Span]
    """Where what is new stands in the overlay, by where it now stands in the document."""

    def into(self, target: JsonValue, update: JsonValue, at: Pointer, came: Pointer) -> JsonValue:
        match target, update:
            case dict(), dict():
                return self._object(target, update, at, came)
            case list(), list():
                new = [(item, join(came, index)) for index, item in enumerate(update)]
                return [*target, *self._items(new, at, len(target))]
            case list(), _:
                return [*target, *self._items([(update, came)], at, len(target))]
            case _:
                raise IncompatibleError(f"{kind_of(update)} cannot be merged with {kind_of(target)}", came)

    def _object(
        self, target: Mapping[str, JsonValue], update: Mapping[str, JsonValue], at: Pointer, came: Pointer
    ) -> dict[str, JsonValue]:
        merged = dict(target)
        for key, value in update.items():
            here, there = join(at, key), join(came, key)
            merged[key] = self._property(merged[key], value, here, there) if key in merged else value
            if key not in target:
                self._place(value, here, there)
        return merged

    def _property(self, old: JsonValue, new: JsonValue, at: Pointer, came: Pointer) -> JsonValue:
        match old, new:
            case dict() | list(), None:
                return old
            case (dict(), dict()) | (list(), list()):
                return self.into(old, new, at, came)
            case dict() | list(), _:
                message = f"{kind_of(new)} cannot replace {kind_of(old)}, which another action would have to remove"
                raise IncompatibleError(f'"{tokens(at)[-1]}": {message} before', came)
            case _:
                self._place(new, at, came)
                return new

    def _items(self, new: Iterable[tuple[JsonValue, Pointer]], at: Pointer, start: int) -> Iterator[JsonValue]:
        for index, (item, came) in enumerate(new, start):
            self._place(item, join(at, index), came)
            yield item

    def _place(self, value: JsonValue, at: Pointer, came: Pointer) -> None:
        """Remember that a value and all its parts come from the overlay."""
        pending = [(value, at, came)]
        while pending:
            part, here, there = pending.pop()
            self.moved[here] = nearest(self.spans, there)
            match part:
                case dict():
                    pending += [(child, join(here, key), join(there, key)) for key, child in part.items()]
                case list():
                    pending += [(child, join(here, index), join(there, index)) for index, child in enumerate(part)]
                case _:
                    pass


def _changed(data: JsonValue, path: tuple[str, ...], change: Callable[[JsonValue], JsonValue]) -> JsonValue:
    """Return the data with one part changed; only what holds it is copied, for parts may be shared."""
    if not path:
        return change(data)
    match data:
        case dict():
            return {**data, path[0]: _changed(data[path[0]], path[1:], change)}
        case list():
            index = int(path[0])
            return [*data[:index], _changed(data[index], path[1:], change), *data[index + 1 :]]
        case _:
            raise LookupError(path)


class _Doomed(dict[str, "_Doomed"]):
    """Parts to take out, by the tokens that lead to them; one without parts of its own goes as a whole."""


def _tree(pointers: Iterable[Pointer]) -> _Doomed:
    root = _Doomed()
    for pointer in sorted(pointers, key=len, reverse=True):
        node = root
        for token in tokens(pointer):
            node = node.setdefault(token, _Doomed())
        # What goes as a whole needs no list of its parts.
        node.clear()
    return root


def _takes_items(data: JsonValue, doomed: _Doomed) -> bool:
    """Return whether a list loses items."""
    children = ((step(data, token), node) for token, node in doomed.items())
    return any(
        isinstance(data, list) if not node else not isinstance(child, Missing) and _takes_items(child, node)
        for child, node in children
    )


def _shifted(pointer: Pointer, data: JsonValue, doomed: _Doomed) -> Pointer | None:
    """Return where a part stands afterwards; None for one that is taken out."""
    new = ROOT
    path = tokens(pointer)
    value: JsonValue | Missing = data
    node: _Doomed | None = doomed
    for depth, token in enumerate(path):
        if node is None or isinstance(value, Missing):
            return join(new, *path[depth:])
        if node.get(token) == {}:
            return None
        gone = [other for other, part in node.items() if not part] if isinstance(value, list) else []
        new = join(new, int(token) - sum(int(other) < int(token) for other in gone) if gone else token)
        value, node = step(value, token), node.get(token)
    return new


def _pruned(data: JsonValue, doomed: _Doomed) -> JsonValue:
    match data:
        case dict():
            return {
                key: _pruned(value, doomed[key]) if key in doomed else value
                for key, value in data.items()
                if doomed.get(key) != {}
            }
        case list():
            return [
                _pruned(item, doomed[str(index)]) if str(index) in doomed else item
                for index, item in enumerate(data)
                if doomed.get(str(index)) != {}
            ]
        case _:
            return data
