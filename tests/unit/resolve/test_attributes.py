"""Properties become fields, values become members."""

from collections.abc import Iterable

import pytest

from unit.resolve.services import enum, field, record, service, table


def field_names(*wires: str, deprecated: Iterable[str] = ()) -> dict[str, str]:
    decl = record("A", fields=tuple(field(wire, deprecated=wire in deprecated) for wire in wires))
    return {str(wire): name for wire, name in table(service(decls=(decl,))).fields[decl.id].items()}


@pytest.mark.parametrize(
    ("wires", "names"),
    [
        ("pageSize connectorIDs from json model_config", "page_size connector_ids from_ json_ model_config_"),
        ("1h % → .self", "field_1h percent field self"),
        ("page_size pageSize", "page_size page_size_2"),
        ("pageSize page_size", "page_size_2 page_size"),
        ("type @type $type", "type at_type dollar_type"),
        ("id _id ID", "id underscore_id id_2"),
        ("creatorID creatorId", "creator_id_2 creator_id"),
    ],
)
def test_fields(wires: str, names: str) -> None:
    assert list(field_names(*wires.split()).values()) == names.split()


def test_a_live_field_beats_a_deprecated_twin() -> None:
    assert field_names("page_size", "pageSize", deprecated=["page_size"]) == {
        "page_size": "deprecated_page_size",
        "pageSize": "page_size",
    }


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (("CREDIT", "sepa debit", "camelCase"), ["CREDIT", "SEPA_DEBIT", "CAMEL_CASE"]),
        (("", "1", "1h", "+1", "-1", "→"), ["EMPTY", "VALUE_1", "VALUE_1H", "PLUS_1", "MINUS_1", "VALUE"]),
        ((0, 1, -1), ["VALUE_0", "VALUE_1", "VALUE_MINUS_1"]),
        (("e", "E"), ["LOWER_E", "E"]),
        (("created", "-created"), ["CREATED", "MINUS_CREATED"]),
        (("Foo", "fOO", "foo"), ["FOO", "F_OO", "LOWER_FOO"]),
        (("a b", "a__b"), ["A_SPACE_B", "A_B"]),
        (("name", "value", "None"), ["NAME", "VALUE", "NONE"]),
        (("<", "<=", "*"), ["LT", "LTE", "STAR"]),
    ],
)
def test_members(values: tuple[str | int, ...], names: list[str]) -> None:
    decl = enum("A", *values)
    assert table(service(decls=(decl,))).members[decl.id] == dict(zip(values, names, strict=True))
