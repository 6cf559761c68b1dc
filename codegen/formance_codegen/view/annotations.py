"""Type expressions as annotations, with the imports that they need."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias, assert_never

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
from formance_codegen.view.imports import Import
from formance_codegen.view.literals import literal


@dataclass(frozen=True, slots=True)
class Annotation:
    """The source of a type and the imports that it needs."""

    text: str
    imports: frozenset[Import] = frozenset()

    def __or__(self, other: "Annotation") -> "Annotation":
        """Return the union of two types, without a member that is there already."""
        present = self.text.split(" | ")
        if other.text in present or "Any" in present:
            return Annotation(self.text, self.imports | other.imports)
        if other.text == "Any":
            return Annotation("Any", self.imports | other.imports)
        return Annotation(f"{self.text} | {other.text}", self.imports | other.imports)


class Voice(Enum):
    """Who reads an annotation."""

    FIELD = "field"
    """pydantic, for a field of a model or the answer of an operation: what is read and written."""
    RESULT = "result"
    """A caller, for what a method returns."""
    ARGUMENT = "argument"
    """A caller, for what a method takes: as wide as it can be."""


Refer: TypeAlias = Callable[[SymbolId], Annotation]
"""How the module that is being written names a declaration."""

NONE: Final = Annotation("None")
_ANY: Final = Annotation("Any", frozenset({Import(module="typing", name="Any")}))
MAPPING: Final = Annotation("Mapping[str, Any]", _ANY.imports | {Import(module="collections.abc", name="Mapping")})


def annotate(type_: TypeExpr, voice: Voice, refer: Refer) -> Annotation:
    """Return the annotation of a type."""
    match type_:
        case Scalar(kind=kind):
            return _scalar(kind, voice)
        case Const(values=values):
            text = f"Literal[{', '.join(literal(value) for value in values)}]"
            return Annotation(text, frozenset({Import(module="typing", name="Literal")}))
        case ListOf(item=item):
            return generic("Sequence" if voice is Voice.ARGUMENT else "list", annotate(item, voice, refer))
        case TupleOf(items=items):
            parts = [annotate(item, voice, refer) for item in items]
            imports = frozenset[Import]().union(*(part.imports for part in parts))
            return Annotation(f"tuple[{', '.join(part.text for part in parts)}]", imports)
        case MapOf(value=value):
            return mapping(annotate(value, voice, refer), voice)
        case OneOf(members=members):
            return union(annotate(member, voice, refer) for member in members)
        case Nullable(inner=inner):
            return annotate(inner, voice, refer) | NONE
        case Ref(id=symbol):
            return refer(symbol)
        case AnyJson():
            return _ANY
        case _:
            assert_never(type_)


def union(members: Iterable[Annotation]) -> Annotation:
    """Return the union of types, each once."""
    first, *others = members
    for other in others:
        first = first | other
    return first


def generic(name: str, argument: Annotation) -> Annotation:
    """Return a list or another generic of one argument."""
    imports = {Import(module="collections.abc", name=name)} if name[0].isupper() else set[Import]()
    return Annotation(f"{name}[{argument.text}]", argument.imports | imports)


def mapping(value: Annotation, voice: Voice) -> Annotation:
    """Return a map from strings."""
    if voice is Voice.ARGUMENT:
        return Annotation(f"Mapping[str, {value.text}]", value.imports | MAPPING.imports - _ANY.imports)
    return Annotation(f"dict[str, {value.text}]", value.imports)


def _core(name: str) -> Annotation:
    return Annotation(name, frozenset({Import(module="/_core/model", name=name)}))


def _standard(module: str, name: str) -> Annotation:
    return Annotation(name, frozenset({Import(module=module, name=name)}))


_SCALARS: Final = {
    ScalarKind.STRING: Annotation("str"),
    ScalarKind.INTEGER: Annotation("int"),
    ScalarKind.NUMBER: Annotation("float"),
    ScalarKind.BOOLEAN: Annotation("bool"),
    ScalarKind.BINARY: Annotation("bytes"),
    ScalarKind.SECRET: Annotation("str"),
    ScalarKind.NULL: NONE,
    ScalarKind.DECIMAL: _standard("decimal", "Decimal"),
    ScalarKind.DECIMAL_NUMBER: _standard("decimal", "Decimal"),
    ScalarKind.UUID: _standard("uuid", "UUID"),
    ScalarKind.DATE: _standard("datetime", "date"),
    ScalarKind.DATE_TIME: _standard("datetime", "datetime"),
    ScalarKind.TIME: _standard("datetime", "time"),
}
_FIELD_SCALARS: Final = {
    # Capitalised, so that a field may be called `date` or `time`; and they refuse to send naive moments.
    ScalarKind.DATE: _core("Date"),
    ScalarKind.DATE_TIME: _core("Timestamp"),
    ScalarKind.TIME: _core("Time"),
    ScalarKind.SECRET: _core("SecretText"),
    ScalarKind.DECIMAL_NUMBER: _core("DecimalNumber"),
}


def _scalar(kind: ScalarKind, voice: Voice) -> Annotation:
    if voice is Voice.FIELD and kind in _FIELD_SCALARS:
        return _FIELD_SCALARS[kind]
    if voice is Voice.ARGUMENT and kind is ScalarKind.UUID:
        return _SCALARS[kind] | _SCALARS[ScalarKind.STRING]
    return _SCALARS[kind]
