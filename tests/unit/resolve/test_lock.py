"""Names once given stay given."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formance_codegen.config import ServiceConfig
from formance_codegen.naming.lock import Key, Lock, Locked, read_locks, write_locks
from formance_codegen.pipeline import Names, understand
from formance_codegen.pointer import Pointer
from formance_codegen.source import SourceFile
from formance_codegen.view.context import Context

Document = dict[str, object]

SCHEMAS = ("Account", "V2Account", "account", "ACCOUNT", "Foo_Bar", "FooBar", "foo-bar", "V1Account", "List")
PROPERTIES = ("a_b", "aB", "a-b", "class", "id", "AB")
IDS = ("v2GetAccount", "getAccount", "get_account", "v1GetAccount", "list", "accounts", "get-account")
TAGS = ("v1", "v2", "accounts", "Accounts", "ledger.v2", "other")
PARAMETERS = ("pageSize", "page_size", "page-size", "body", "self")


@st.composite
def schemas(draw: st.DrawFn) -> dict[str, object]:
    """Return schemas whose names, and whose properties' names, get in each other's way."""
    names = draw(st.lists(st.sampled_from(SCHEMAS), unique=True, max_size=6))
    found: dict[str, object] = {}
    for name in names:
        if draw(st.booleans()):
            found[name] = {"type": "string", "enum": draw(st.permutations(["a", "A", "a b", "a-b"]))[:3]}
            continue
        properties: dict[str, object] = {
            key: {"$ref": f"#/components/schemas/{draw(st.sampled_from(names))}"} if draw(st.booleans()) else {}
            for key in draw(st.lists(st.sampled_from(PROPERTIES), unique=True, max_size=4))
        }
        found[name] = {"type": "object", "properties": properties}
    return found


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Return a document of parts that are known by the same pointers in each that is drawn."""
    found = draw(schemas())
    paths: dict[str, object] = {}
    for index in draw(st.lists(st.integers(0, 6), unique=True, max_size=5)):
        parameters = draw(st.lists(st.sampled_from(PARAMETERS), unique=True, max_size=4))
        answer = {"$ref": f"#/components/schemas/{draw(st.sampled_from(sorted(found)))}"} if found else {}
        paths[f"/p{index}"] = {
            "get": {
                "operationId": IDS[index],
                "tags": [draw(st.sampled_from(TAGS))],
                "parameters": [{"name": name, "in": "query", "schema": {}} for name in parameters],
                "responses": {"200": {"description": "", "content": {"application/json": {"schema": answer}}}},
            }
        }
    return document(paths, found)


def document(paths: Mapping[str, object], found: Mapping[str, object], version: str = "1") -> Document:
    """Return a document."""
    info = {"title": "T", "version": version}
    return {"openapi": "3.1.0", "info": info, "paths": dict(paths), "components": {"schemas": dict(found)}}


def named(content: Document, lock: Lock | None = None, *, relock: bool = False) -> Context:
    """Return what a document is understood to be."""
    source = SourceFile(name="d.json", text=json.dumps(content))
    outcome = understand(source, ServiceConfig(), (), Names(lock=lock or {}, relock=relock))
    assert outcome.value is not None, outcome.diagnostics
    return outcome.value


def changes(content: Document, lock: Lock, *, relock: bool = False) -> list[str]:
    """Return the messages about names that changed."""
    source = SourceFile(name="d.json", text=json.dumps(content))
    outcome = understand(source, ServiceConfig(), (), Names(lock=lock, relock=relock))
    return [found.message for found in outcome.diagnostics if found.code.slug == "name-changed"]


@given(documents(), documents())
def test_what_stays_keeps_its_name(before: Document, after: Document) -> None:
    """Whatever comes, goes and changes places: each part that is in both is called the same."""
    old = named(before).names.lock
    names = named(after, old).names
    former = {(each.namespace, each.name) for each in names.former_classes}
    for key, locked in names.lock.items():
        if key not in old or old[key].name == locked.name:
            continue
        # A model that a second namespace begins to use has to move; it can be imported as before.
        assert key.kind == "class", key
        assert old[key].place[0] != locked.place[0], key
        assert old[key].place in former or old[key].place[0] not in {n.attribute for n in names.namespaces}, key


@given(documents())
def test_the_same_document_has_the_same_names_with_its_lock(content: Document) -> None:
    """A lock changes nothing where nothing changed."""
    free = named(content).names
    assert named(content, free.lock).names == free


@given(documents())
def test_what_is_written_is_read_again(content: Document) -> None:
    """The text holds all."""
    locks = {"d": named(content).names.lock}
    assert read_locks(SourceFile(name="names.lock", text=write_locks(locks))).value == ({} if not locks["d"] else locks)


@given(st.text(min_size=1), st.text(), st.text(min_size=1))
def test_any_text_stays_on_its_line(name: str, place: str, version: str) -> None:
    """Whatever a document calls its parts."""
    key = Key(kind="field", pointer=Pointer(f"/{place}"))
    locks = {name: {key: Locked(name="a.b", was="a.c", version=version)}}
    assert read_locks(SourceFile(name="names.lock", text=write_locks(locks))).value == locks


def test_a_line_that_is_none_is_an_error_with_its_place() -> None:
    text = "# comment\n\nledger class /components/schemas/A A\nledger class A\n"
    outcome = read_locks(SourceFile(name="names.lock", text=text))
    assert outcome.value is None
    assert [(str(found.span), found.code.slug) for found in outcome.diagnostics] == [("names.lock:4:1", "invalid-lock")]


def operation(name: str) -> dict[str, object]:
    """Return a path with one operation."""
    return {"get": {"operationId": name, "responses": {"204": {"description": ""}}}}


class TestRenames:
    OLD = document({"/a": operation("udpateIt")}, {})
    NEW = document({"/a": operation("updateIt")}, {}, version="2")

    def test_a_document_that_renames_an_operation_does_not_rename_its_method(self) -> None:
        names = named(self.NEW, named(self.OLD).names.lock).names
        assert [str(each.method) for each in names.operations.values()] == ["udpate_it"]

    def test_relock_takes_the_new_name_and_keeps_the_old_one_for_a_release(self) -> None:
        lock = named(self.OLD).names.lock
        [message] = changes(self.NEW, lock, relock=True)
        assert message.startswith('the operation "updateIt" was called `udpate_it` and is now called `update_it`; ')
        assert message.endswith("`udpate_it` is deprecated and goes with the next release")
        names = named(self.NEW, lock, relock=True).names
        assert [(each.namespace, each.name) for each in names.former_methods] == [("", "udpate_it")]
        again = named(self.NEW, names.lock).names
        assert again.former_methods == names.former_methods
        assert changes(self.NEW, names.lock) == []
        third = document({"/a": operation("updateIt")}, {}, version="3")
        assert named(third, names.lock).names.former_methods == ()

    def test_an_old_name_that_something_else_has_now_is_not_kept(self) -> None:
        lock = named(document({"/a": operation("one"), "/b": operation("two")}, {})).names.lock
        swapped = document({"/a": operation("two"), "/b": operation("one")}, {}, version="2")
        assert named(swapped, lock, relock=True).names.former_methods == ()
        assert len(changes(swapped, lock, relock=True)) == 2


@pytest.mark.parametrize("order", [("Foo", "foo_"), ("foo_", "Foo")])
def test_the_second_to_come_gives_way(order: tuple[str, str]) -> None:
    first, second = order
    lock = named(document({}, {first: {"type": "object"}})).names.lock
    names = named(document({}, {second: {"type": "object"}, first: {"type": "object"}}), lock).names
    by_pointer = {str(symbol): str(name.name) for symbol, name in names.decls.items()}
    assert by_pointer[f"/components/schemas/{first}"] == "Foo"
    assert by_pointer[f"/components/schemas/{second}"] != "Foo"
