"""Models of schemas: what they read, what they write, and what they are called."""

from decimal import Decimal
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from features.conftest import Use


def read(models: ModuleType, name: str, text: str) -> Any:
    return TypeAdapter(getattr(models, name)).validate_json(text)


def write(value: BaseModel) -> str:
    content = import_module(f"{type(value).__module__.partition('.')[0]}._core.content")
    encoded: bytes = content.encode_json(TypeAdapter(type(value)), value)
    return encoded.decode()


def test_a_value_that_is_listed_twice_is_one_member(models: Use) -> None:
    status = models("duplicate-enum-value").Status

    assert [member.value for member in status] == ["PENDING", "FAILED", "SUCCEEDED"]


def test_members_of_all_of_are_one_model(models: Use) -> None:
    dog = read(models("allof-merge"), "Dog", '{"name": "Rex", "owner": "Ada", "tags": ["big"]}')

    assert (dog.name, dog.owner, dog.tags) == ("Rex", "Ada", ["big"])
    with pytest.raises(ValidationError, match="owner"):
        read(models("allof-merge"), "Dog", '{"name": "Rex"}')


def test_an_all_of_of_one_is_the_same_class(models: Use) -> None:
    found = models("allof-single-alias")

    assert found.Seller is found.Person
    assert read(found, "Sale", '{"seller": {"name": "Ada"}, "buyer": null}').buyer is None


def test_variants_have_the_properties_beside_their_union(models: Use) -> None:
    provider = read(models("allof-over-oneof"), "Provider", '{"id": "1", "type": "github", "team": "t"}')
    query = read(models("properties-beside-oneof"), "Query", '{"resource": "logs", "since": 3, "pageSize": 5}')

    assert (type(provider).__name__, provider.id, provider.team) == ("ProviderGithub", "1", "t")
    assert (type(query).__name__, query.page_size, query.since) == ("QueryLogs", 5, 3)


def test_a_discriminator_decides(models: Use) -> None:
    found = models("discriminated-union")

    square = read(found, "Shape", '{"kind": "SQUARE", "width": 2}')

    assert (type(square), square.kind) == (found.Rectangle, "SQUARE")
    assert found.Circle(radius=1).kind == "CIRCLE"
    assert read(found, "Shape", '{"kind": "STAR", "points": 5}').raw == {"kind": "STAR", "points": 5}


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("Event", '{"type": "STOP"}', "Stopped"),
        ("Event", '{"type": "PAUSE"}', "Unknown"),
        ("Subject", '{"type": "Account", "id": "1"}', "Account"),
    ],
)
def test_without_a_mapping_constants_and_names_decide(models: Use, name: str, text: str, kind: str) -> None:
    assert type(read(models("discriminator-without-mapping"), name, text)).__name__ == kind


def test_an_optional_discriminator_is_always_sent(models: Use) -> None:
    config = models("optional-discriminator-with-default").StripeConfig(name="n", api_key="k")

    assert write(config) == '{"name":"n","apiKey":"k","provider":"Stripe"}'


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("LogData", '{"transaction": 1}', "NewTransaction"),
        ("LogData", '{"metadata": {}}', "SetMetadata"),
        ("LogData", '"text"', "str"),
        ("LogData", "[1]", "Unknown"),
        ("Stage", '{"amount": 1}', "Send"),
        ("Stage", "{}", "Delay"),
    ],
)
def test_without_a_tag_the_shape_decides(models: Use, name: str, text: str, kind: str) -> None:
    assert type(read(models("undiscriminated-union"), name, text)).__name__ == kind


def test_a_union_of_scalars_takes_each_as_it_is(models: Use) -> None:
    target = read(models("scalar-union"), "Target", '{"id": 100000000000000000000000000, "same": "7", "many": ["a"]}')

    assert (target.id, target.same, target.many) == (10**26, "7", ["a"])


def test_models_nest_in_themselves(models: Use) -> None:
    folder = read(models("recursive-record"), "Folder", '{"name": "a", "children": [{"name": "b", "children": []}]}')
    tree = read(models("mutually-recursive-models"), "Tree", '{"left": {"value": 1}, "right": {"value": 2}}')

    assert folder.children[0].name == "b"
    assert (tree.left.value, tree.right.value) == (1, 2)


def test_a_map_of_its_own_kind_stands_beside_properties(models: Use) -> None:
    found = models("map-plus-properties")

    segment = read(found, "Segment", '{".self": {}, ".pattern": "[0-9]+", "users": {".self": {}, "main": {}}}')

    assert (segment.self, segment.pattern) == ({}, "[0-9]+")
    assert isinstance(segment.model_extra["users"], found.Segment)
    assert isinstance(segment.model_extra["users"].model_extra["main"], found.Segment)
    assert write(segment) == '{".self":{},".pattern":"[0-9]+","users":{".self":{},"main":{}}}'


def test_types_without_a_class_nest_in_themselves(models: Use) -> None:
    found = models("recursive-alias")

    assert read(found, "Filter", '{"$and": [{"a": "b"}, "c"]}') == {"$and": [{"a": "b"}, "c"]}
    assert read(found, "Names", "[[], [[]]]") == [[], [[]]]
    with pytest.raises(ValidationError):
        read(found, "Filter", "1")
    rules = read(found, "Rule", '[{"op": "=", "value": "a"}, [{"op": "absent", "unless": [{"op": "in"}]}]]')
    assert rules[0] == found.Match(value="a")
    assert rules[1][0].unless[0].raw == {"op": "in"}


def test_inline_objects_are_models(models: Use) -> None:
    found = models("inline-objects")

    transfer = read(found, "Transfer", '{"fee": {"amount": 1}, "steps": [{"at": "x"}], "notes": {"n": {"text": "t"}}}')

    assert isinstance(transfer.fee, found.TransferFee)
    assert (transfer.steps[0].at, transfer.notes["n"].text) == ("x", "t")


def test_what_is_not_declared_is_not_demanded(models: Use) -> None:
    invitation = read(models("required-absent-property"), "Invitation", '{"email": "a@b.test", "creatorId": "1"}')

    assert invitation.model_extra == {"creatorId": "1"}
    assert models("required-absent-property").Invitation(email="a@b.test").email == "a@b.test"


def test_bytes_of_an_id_stay_text(models: Use) -> None:
    connector = read(models("byte-ids-stay-text"), "Connector", '{"id": "eyJhIjoxfQ"}')

    assert connector.id == "eyJhIjoxfQ"
    assert write(connector) == '{"id":"eyJhIjoxfQ"}'


def test_integers_of_any_size_stay_exact(models: Use) -> None:
    text = '{"amount":123456789012345678901234567890,"fee":9007199254740993,"step":9007199254740993,"exact":"0.10"}'

    posting = read(models("bigints"), "Posting", text)

    assert (posting.amount, posting.fee, posting.step) == (123456789012345678901234567890, 2**53 + 1, 2**53 + 1)
    assert posting.exact == Decimal("0.10")
    assert write(posting) == text


def test_a_decimal_travels_as_the_document_says(models: Use) -> None:
    posting = read(models("bigints"), "Posting", '{"amount":1,"fee":2,"price":0.1,"exact":"0.10"}')
    assert posting.price == Decimal("0.1")
    posting.price = Decimal("0.1000000000000000055")
    with pytest.raises(PydanticSerializationError, match="more digits than are kept"):
        write(posting)
    for price, written in ((Decimal("19.90"), "19.9"), (Decimal("1e30"), str(10**30)), (Decimal(7), "7")):
        posting.price = price
        assert write(posting) == f'{{"amount":1,"fee":2,"exact":"0.10","price":{written}}}'


@pytest.mark.parametrize("feature", ["nullable-in-3-0", "nullable-in-3-1"])
def test_null_is_read_where_it_is_allowed_and_sent_where_it_means_something(models: Use, feature: str) -> None:
    found = models(feature)

    account = read(found, "Account", '{"name": null, "tags": [null], "parent": null, "limits": {"a": null}}')
    assert (account.name, account.tags, account.limits, account.owner) == (None, [None], {"a": None}, None)

    made = found.Account(name=None, tags=None, parent=None, owner=None, color=None, note=None)
    assert write(made) == '{"name":null,"tags":null,"parent":null,"owner":null,"color":null}'
    assert write(found.Account(name="a", tags=[], parent=None)) == '{"name":"a","tags":[],"parent":null}'
    with pytest.raises(ValidationError):
        found.Account(name="a", tags=[])


def test_enums_are_open(models: Use) -> None:
    found = models("enums")

    paint = read(found, "Paint", '{"kind": "PAINT", "color": "green", "level": 7, "mixed": true, "grain": "dusty"}')

    assert (paint.color, paint.color.is_known, paint.level.is_known) == ("green", False, False)
    assert found.Color("PAY-IN") is found.Color.PAY_IN
    assert found.Level.VALUE_MINUS_1 == -1
    assert paint.mixed is True
    assert read(found, "Paint", '{"kind": "PAINT", "color": "", "mixed": 1}').mixed == 1
    assert found.Paint(color="red").kind == "PAINT"


def test_python_words_are_freed_by_an_underscore(models: Use) -> None:
    found = models("python-keywords-and-builtins")

    value = found.Class(class_="a", none="b", yield_="mro")

    assert write(value) == '{"class":"a","None":"b","yield":"mro"}'
    assert value.yield_ is found.Kind.MRO
    assert [member.name for member in found.Kind] == ["NONE", "TRUE", "MRO", "NAME", "VALUE", "DEF", "SELF"]


def test_names_of_our_own_do_not_suffer(models: Use) -> None:
    found = models("names-that-shadow")
    text = (
        '{"date":"2026-01-02","datetime":"2026-01-02T03:04:05Z","list":["a"],"str":"s","int":1,"dict":{"a":1},'
        '"json":{},"copy":{"any":[1]},"model_config":"c","model_fields":[{"page":{"size":1}}],'
        '"UUID":"15b7a366-c6e9-473f-9627-6803ef585ae9","Box":{"name":"n"},"_private":"p","__dunder__":"d"}'
    )

    box = read(found, "Box", text)

    assert box.model_config_ == "c"
    assert isinstance(box.copy_, found.AnyModel)
    assert box.model_fields_[0].page.size == 1
    assert (box.private, box.dunder) == ("p", "d")
    assert write(box) == text
    assert write(box.model_copy()) == text


def test_a_tuple_has_its_places_and_patterns_make_a_map(models: Use) -> None:
    found = models("tuples-and-patterns")

    shape = read(found, "Shape", '{"point": [1, 2.5], "named": ["a", {"id": "t", "n-x": 3}], "rest": ["a", 1, 2]}')

    assert (shape.point, shape.named[1].id, shape.rest) == ((1.0, 2.5), "t", ["a", 1, 2])
    assert write(shape) == '{"point":[1.0,2.5],"named":["a",{"id":"t","n-x":3}],"rest":["a",1,2]}'
    with pytest.raises(ValidationError, match=r"point\.1"):
        found.Shape(point=(1,))
    assert read(found, "Labels", '{"x-a": "1", "n-b": 2}') == {"x-a": "1", "n-b": 2}


def test_null_is_read_wherever_it_is_allowed(models: Use) -> None:
    found = models("nulls-everywhere")

    text = '{"text":null,"pet":null,"pets":[null,{"kind":"cat","lives":9}],"nothing":null,"inner":null}'
    thing = read(found, "Thing", text)

    assert (thing.text, thing.pet, type(thing.pets[1])) == (None, None, found.Cat)
    assert write(thing) == text
    assert write(found.Thing(text="a", pet=None, nothing=None, inner=1, constant=None)).endswith('"constant":null}')


def test_what_python_cannot_check_stays_wide(models: Use) -> None:
    order = read(
        models("only-restricting-keywords"), "Order", '{"id": "0", "anyNumber": [1], "prices": 7, "card": "c"}'
    )

    assert (order.id, order.any_number, order.prices, order.card) == ("0", [1], 7.0, "c")


def test_an_object_may_stand_among_other_types(models: Use) -> None:
    found = models("mixed-types")

    holder = read(found, "Holder", '{"value": {"id": 1}, "values": ["a", 2], "inline": 4, "either": {"a": 1.5}}')

    assert (type(holder.value), holder.values, holder.inline) == (found.ValueObject, ["a", 2], 4)
    assert (read(found, "Holder", '{"value": "x"}').value, holder.either) == ("x", {"a": 1.5})


def test_a_base_stands_for_its_heirs(models: Use) -> None:
    found = models("inheritance")
    cat, puppy, fish = (
        '{"kind":"CAT","name":"a"}',
        '{"kind":"Puppy","name":"b","weeks":3}',
        '{"kind":"Fish","name":"c"}',
    )

    home = read(found, "Home", f'{{"pets":[{cat},{puppy},{fish}]}}')

    assert [type(pet) for pet in home.pets] == [found.Cat, found.Puppy, found.Fish]
    assert write(found.Home(pets=[found.Cat(name="a", friend=found.Dog(name="b", tricks=["sit"]))])) == (
        '{"pets":[{"kind":"CAT","name":"a","friend":{"kind":"DOG","name":"b","tricks":["sit"]}}]}'
    )
    bird = read(found, "Home", '{"pet": {"kind": "Bird", "name": "d", "wings": 2}}').pet
    assert (type(bird), bird.name, bird.wings) == (found.PetBase, "d", 2)


def test_what_says_little_is_read_and_written_as_it_came(models: Use) -> None:
    found = models("schemas-that-say-little")
    text = '{"any":null,"here":null,"void":null,"empty":null,"joint":null,"headers":{"x-a":"b","age":1}}'

    assert write(read(found, "Thing", text)) == text
    assert read(found, "Nest", "[[],[[]]]") == [[], [[]]]
    with pytest.raises(ValidationError, match="names"):
        found.Thing(names={"a": 1})


def test_a_discriminator_that_names_nothing_leaves_it_to_the_shape(models: Use) -> None:
    found = models("discriminator-that-names-nothing")
    drawn = read(found, "Drawing", '{"kind": "STRAIGHT", "length": 2}')

    assert isinstance(drawn, found.Line)
    assert drawn.kind == "STRAIGHT"


def test_a_reference_that_leads_nowhere_allows_any_value(models: Use) -> None:
    pet = read(models("broken-references"), "Pet", '{"name": "Rex", "home": {"rooms": [1, 2]}, "size": 3}')

    assert (pet.home, pet.size) == ({"rooms": [1, 2]}, 3)
