"""From a JSON type and a format to a scalar."""

from typing import Final

from formance_codegen.ir.types import Scalar, ScalarKind

_STRING_FORMATS: Final = {
    "binary": ScalarKind.BINARY,
    "date": ScalarKind.DATE,
    "date-time": ScalarKind.DATE_TIME,
    "decimal": ScalarKind.DECIMAL,
    "password": ScalarKind.SECRET,
    "time": ScalarKind.TIME,
    "uuid": ScalarKind.UUID,
}
_TEXT_FORMATS: Final = frozenset(
    # Kept as text: their values are opaque to a client, or have no better type in Python's standard library.
    "byte duration email hostname idn-email idn-hostname ipv4 ipv6 iri iri-reference json-pointer regex "
    "relative-json-pointer uri uri-reference uri-template url".split()
)
_NUMBER_FORMATS: Final = frozenset("bigint double float int int32 int64 uint32 uint64".split())


def scalar(kind: str, form: str | None) -> Scalar:
    """Return the scalar of a JSON type (``string``, ``integer``, ``number``, ``boolean``, ``null``) and a format."""
    match kind:
        case "integer":
            return Scalar(kind=ScalarKind.INTEGER)
        case "number":
            return Scalar(kind=_NUMBERS.get(form or "", ScalarKind.NUMBER))
        case "boolean":
            return Scalar(kind=ScalarKind.BOOLEAN)
        case "null":
            return Scalar(kind=ScalarKind.NULL)
        case _:
            return Scalar(kind=_STRING_FORMATS.get(form or "", ScalarKind.STRING))


_NUMBERS: Final = {
    "decimal": ScalarKind.DECIMAL_NUMBER,
    **dict.fromkeys(("bigint", "int", "int32", "int64", "uint32", "uint64"), ScalarKind.INTEGER),
}


def is_known_format(kind: str, form: str) -> bool:
    """Return whether a format has a meaning for this JSON type."""
    if kind == "string":
        return form in _STRING_FORMATS or form in _TEXT_FORMATS
    return form in _NUMBER_FORMATS or form == "decimal"
