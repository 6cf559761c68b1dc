"""Types as sets of what they allow, so that the types of two versions can be compared."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, TypeAlias, assert_never

from formance_codegen.diff.side import Side
from formance_codegen.ir.decls import Alias, Decl, EnumDecl, UnionDecl
from formance_codegen.ir.operations import (
    Data,
    HeaderValue,
    Items,
    NoPage,
    Nothing,
    Paged,
    Plain,
    Result,
    Stream,
    Success,
    Text,
)
from formance_codegen.ir.requests import Body, MediaKind
from formance_codegen.ir.types import (
    AnyJson,
    Const,
    ListOf,
    MapOf,
    Nullable,
    OneOf,
    Ref,
    Scalar,
    ScalarKind,
    SymbolId,
    TupleOf,
    TypeExpr,
)
from formance_codegen.view.annotations import Voice


class Relation(Enum):
    """What a new type is to the old one."""

    SAME = "same"
    NARROWED = "narrowed"
    WIDENED = "widened"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Basic:
    """A class of Python (``str``, ``None``), or ``Any`` for whatever JSON gives."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """One value of a class."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Named:
    """A declaration; one that both versions have is the same on both sides."""

    symbol: SymbolId
    """The new id, or the old one of a declaration that is gone."""
    is_gone: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Container:
    """A list, a map, a tuple, a place in one, or a page of something."""

    name: str
    of: "Shape"


Atom: TypeAlias = Basic | Constant | Named | Container
Shape: TypeAlias = frozenset[Atom]
"""Any of these."""

NONE: Final[Shape] = frozenset({Basic("None")})
_ANY: Final = Basic("Any")
_RAW: Final = frozenset({"str", "int", "float", "bool", "None", "Any"})
"""What JSON gives without a conversion."""
_CLASSES: Final[Mapping[ScalarKind, str]] = {
    ScalarKind.STRING: "str",
    ScalarKind.INTEGER: "int",
    ScalarKind.NUMBER: "float",
    ScalarKind.DECIMAL: "Decimal",
    ScalarKind.DECIMAL_NUMBER: "Decimal",
    ScalarKind.BOOLEAN: "bool",
    ScalarKind.DATE: "date",
    ScalarKind.DATE_TIME: "datetime",
    ScalarKind.TIME: "time",
    ScalarKind.UUID: "UUID",
    ScalarKind.BINARY: "bytes",
    ScalarKind.SECRET: "str",
    ScalarKind.NULL: "None",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """Compares types of an old version with types of a new one."""

    old: Side
    new: Side
    decls: Mapping[SymbolId, SymbolId]
    """The new ids of declarations by their old ones."""

    def before(self, type_: TypeExpr, voice: Voice = Voice.FIELD) -> Shape:
        """Return the shape of a type of the old version."""
        return frozenset(_of_old(atom, self.decls) for atom in _atoms(type_, voice))

    def after(self, type_: TypeExpr, voice: Voice = Voice.FIELD) -> Shape:
        """Return the shape of a type of the new version."""
        return frozenset(_atoms(type_, voice))

    def body_before(self, body: Body) -> Shape:
        """Return the shape of a body of the old version."""
        return frozenset(_of_old(atom, self.decls) for atom in _body(body))

    def body_after(self, body: Body) -> Shape:
        """Return the shape of a body of the new version."""
        return frozenset(_body(body))

    def result_before(self, successes: Sequence[Success]) -> Shape:
        """Return the shape of what a method of the old version gives."""
        return frozenset(_of_old(atom, self.decls) for atom in _results(successes))

    def result_after(self, successes: Sequence[Success]) -> Shape:
        """Return the shape of what a method of the new version gives."""
        return frozenset(_results(successes))

    def relate(self, old: Shape, new: Shape, *, reading: bool) -> Relation:
        """Return what a new type is to an old one.

        Args:
            old: Of the old version.
            new: Of the new version.
            reading: Whether user code reads such a value. What was raw JSON and is now an object of a class is then
                another thing; for who sends it, raw JSON was just more.
        """
        fitting = _Fitting(shapes=self, reading=reading)
        is_wider, is_narrower = fitting.fits(old, new), fitting.fits(new, old)
        if is_wider:
            return Relation.SAME if is_narrower else Relation.WIDENED
        return Relation.NARROWED if is_narrower else Relation.CHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fitting:
    """Tells whether all that some types allow is allowed by others."""

    shapes: Shapes
    reading: bool

    def fits(self, some: Shape, others: Shape, seen: frozenset[Named] = frozenset()) -> bool:
        return all(self._is_covered(atom, others, seen) for atom in some)

    def _is_covered(self, atom: Atom, others: Shape, seen: frozenset[Named]) -> bool:
        if atom in others or (isinstance(atom, Named) and atom in seen):
            return True
        if _ANY in others and (not self.reading or self._is_raw(atom)):
            return True
        if isinstance(atom, Container):
            same = (other for other in others if isinstance(other, Container) and other.name == atom.name)
            if any(self.fits(atom.of, other.of, seen) for other in same):
                return True
        if any(base in others for base in self._bases(atom)) or self._is_member(atom, others):
            return True
        return self._is_covered_inside(atom, others, seen)

    def _is_member(self, atom: Atom, others: Shape) -> bool:
        """Return whether a constant is a value of an enum: what is given as text becomes its member."""
        if not isinstance(atom, Constant):
            return False
        decls = [self._decl(other) for other in others if isinstance(other, Named)]
        values = [member.value for decl in decls if isinstance(decl, EnumDecl) for member in decl.members]
        return any((type(value).__name__, str(value)) == (atom.kind, atom.value) for value in values)

    def _is_covered_inside(self, atom: Atom, others: Shape, seen: frozenset[Named]) -> bool:
        """Look into unions and plain types that have a name."""
        if isinstance(atom, Named) and (inside := self._inside(atom)):
            return self.fits(inside, others, seen | {atom})
        unfolded = others
        for other in others:
            if isinstance(other, Named) and (inside := self._inside(other)):
                unfolded = unfolded - {other} | (inside - {other})
        return unfolded != others and self._is_covered(atom, unfolded, seen)

    def _inside(self, named: Named) -> Shape:
        decl = self._decl(named)
        match decl:
            case UnionDecl(variants=variants):
                types: tuple[TypeExpr, ...] = tuple(variant.type for variant in variants)
            case Alias(type=type_):
                types = (type_,)
            case _:
                return frozenset()
        make = self.shapes.before if named.is_gone else self.shapes.after
        return frozenset(atom for type_ in types for atom in make(type_))

    def _is_raw(self, atom: Atom) -> bool:
        match atom:
            case Basic(name=name):
                return name in _RAW
            case Constant():
                return True
            case Container(of=shape):
                return all(self._is_raw(inner) for inner in shape)
            case Named():
                inside = self._inside(atom)
                return bool(self._bases(atom)) or (bool(inside) and all(self._is_raw(inner) for inner in inside))

    def _bases(self, atom: Atom) -> Iterator[Basic]:
        match atom:
            case Constant(kind=kind) | Basic(name=kind) if kind in ("int", "str", "bool"):
                yield Basic(kind)
                if kind == "int":
                    yield Basic("float")
            case Named():
                decl = self._decl(atom)
                if isinstance(decl, EnumDecl):
                    yield Basic("str" if isinstance(decl.members[0].value, str) else "int")
            case _:
                pass

    def _decl(self, named: Named) -> Decl:
        return (self.shapes.old if named.is_gone else self.shapes.new).decl(named.symbol)


def _atoms(type_: TypeExpr, voice: Voice) -> Iterator[Atom]:
    match type_:
        case Scalar(kind=kind):
            yield from map(Basic, ("UUID", "str") if _is_text_too(kind, voice) else (_CLASSES[kind],))
        case Const(values=values):
            yield from (Constant(type(value).__name__, str(value)) for value in values)
        case ListOf(item=item):
            yield Container("list", frozenset(_atoms(item, voice)))
        case TupleOf(items=items):
            places = (Container(f"item {i}", frozenset(_atoms(item, voice))) for i, item in enumerate(items))
            yield Container(f"tuple of {len(items)}", frozenset(places))
        case MapOf(value=value):
            yield Container("map", frozenset(_atoms(value, voice)))
        case OneOf(members=members):
            yield from (atom for member in members for atom in _atoms(member, voice))
        case Nullable(inner=inner):
            yield from _atoms(inner, voice)
            yield from NONE
        case Ref(id=symbol):
            yield Named(symbol)
        case AnyJson():
            yield _ANY
        case _:
            assert_never(type_)


def _is_text_too(kind: ScalarKind, voice: Voice) -> bool:
    return kind is ScalarKind.UUID and voice is Voice.ARGUMENT


def _body(body: Body) -> Iterator[Atom]:
    for media in body.media:
        match media.kind:
            case MediaKind.TEXT:
                yield Basic("str")
            case MediaKind.BINARY:
                yield Basic("bytes")
            case _:
                yield from _atoms(media.type, Voice.ARGUMENT)


def _results(successes: Iterable[Success]) -> Iterator[Atom]:
    for success in successes:
        yield from _result(success.result)


def _result(result: Result) -> Iterator[Atom]:
    match result:
        case Plain(type=type_) | Data(type=type_) | HeaderValue(type=type_):
            yield from _atoms(type_, Voice.RESULT)
        case Paged(item=item) | NoPage(item=item):
            yield Container("page", frozenset(_atoms(item, Voice.RESULT)))
        case Items():
            data: Shape = frozenset(atom for found in result.types for atom in _atoms(found, Voice.RESULT))
            if result.is_event and result.has_text:
                data |= {Basic("str")}
            yield Container("events" if result.is_event else "items", data)
        case Stream():
            yield Basic("ByteStream")
        case Text():
            yield Basic("str")
        case Nothing():
            yield from NONE
        case _:
            assert_never(result)


def _of_old(atom: Atom, decls: Mapping[SymbolId, SymbolId]) -> Atom:
    """Return an atom of the old version as the new one knows it."""
    match atom:
        case Named(symbol=symbol):
            return Named(decls[symbol]) if symbol in decls else Named(symbol, is_gone=True)
        case Container(name=name, of=shape):
            return Container(name, frozenset(_of_old(inner, decls) for inner in shape))
        case _:
            return atom
