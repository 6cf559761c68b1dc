"""Overlays: what their actions do to a document, where what they add stands, and which ones are refused."""

from copy import deepcopy

import pytest

from formance_codegen.diagnostics import Outcome
from formance_codegen.load.document import Document, load
from formance_codegen.load.json_value import find
from formance_codegen.load.overlay import apply_overlays
from formance_codegen.load.parsed import Parsed
from formance_codegen.load.yaml import parse
from formance_codegen.pointer import Pointer
from formance_codegen.source import SourceFile, Span

HEAD = "overlay: 1.0.0\ninfo: {title: t, version: 1.0.0}\n"
SHOP = """\
openapi: 3.1.0
info: {title: Shop, version: 1.0.0}
tags: [{name: a}]
paths:
  /carts:
    get:
      summary: Old
      parameters:
        - {name: filter, in: query}
        - {name: debug, in: query}
        - {name: size, in: query}
      x-traits: [paged]
      responses: {'200': {description: d}}
  /orders:
    get:
      x-traits: [slow]
      responses: {'200': {description: d}}
components: {schemas: {Cart: {type: object}}}
"""


def parsed(text: str, name: str = "shop.yaml") -> Parsed:
    outcome = parse(SourceFile(name=name, text=text))
    assert outcome.value is not None
    return outcome.value


def overlay(actions: str, name: str = "overlay.yaml") -> SourceFile:
    return SourceFile(name=name, text=f"{HEAD}actions:\n{actions}")


def changed(*actions: str, text: str = SHOP) -> Parsed:
    """Return the shop after overlays that raise no word."""
    outcome = apply_overlays(parsed(text), [overlay(each) for each in actions])
    assert outcome.diagnostics == ()
    assert outcome.value is not None
    return outcome.value


def said(source: SourceFile, text: str = SHOP) -> list[tuple[str, str, str]]:
    outcome = apply_overlays(parsed(text), [source])
    return [(found.code.slug, str(found.span), found.message) for found in outcome.diagnostics]


def at(document: Parsed, pointer: str) -> object:
    return find(document.data, Pointer(pointer))


class TestTheStandardsExamples:
    """What the examples of the specification (version 1.0.0, section 4.4) show, on a document of our own."""

    def test_one_structured_action_mirrors_the_document(self) -> None:
        document = changed("""\
  - target: $
    update:
      info: {x-applied: yes}
      paths:
        /carts: {summary: Carts, get: {summary: New}}
        /: {get: {summary: Root}}
      components:
      tags:
""")
        assert at(document, "/info") == {"title": "Shop", "version": "1.0.0", "x-applied": "yes"}
        assert at(document, "/paths/~1carts/summary") == "Carts"
        assert at(document, "/paths/~1carts/get/summary") == "New"
        assert at(document, "/paths/~1/get/summary") == "Root"
        assert at(document, "/paths/~1carts/get/x-traits") == ["paged"]
        # A key without a value says nothing about what is there.
        assert at(document, "/components/schemas/Cart") == {"type": "object"}
        assert at(document, "/tags") == [{"name": "a"}]

    def test_targeted_actions_are_applied_in_order(self) -> None:
        document = changed("""\
  - {target: "$.paths['/carts'].get", update: {summary: Second}}
  - {target: "$.paths['/carts']", update: {post: {summary: Made}}}
  - {target: "$.paths['/carts'].post", update: {x-safe: false}}
""")
        assert at(document, "/paths/~1carts/get/summary") == "Second"
        assert at(document, "/paths/~1carts/post") == {"summary": "Made", "x-safe": False}

    def test_a_wildcard_reaches_many(self) -> None:
        document = changed("""\
  - {target: $.paths.*.get, update: {x-safe: true}}
  - target: $.paths.*.get.parameters[?@.name=='filter' && @.in=='query']
    update: {schema: {$ref: '#/components/schemas/Cart'}}
""")
        assert at(document, "/paths/~1carts/get/x-safe") is True
        assert at(document, "/paths/~1orders/get/x-safe") is True
        assert at(document, "/paths/~1carts/get/parameters/0/schema") == {"$ref": "#/components/schemas/Cart"}
        assert at(document, "/paths/~1carts/get/parameters/1") == {"name": "debug", "in": "query"}

    def test_an_entry_is_added_to_a_list_and_another_taken_out(self) -> None:
        document = changed("""\
  - {target: $.paths.*.get.parameters, update: {name: new, in: query}}
  - {target: "$.paths.*.get.parameters[?@.name == 'debug']", remove: true}
""")
        names = [at(document, f"/paths/~1carts/get/parameters/{index}/name") for index in range(3)]
        assert names == ["filter", "size", "new"]

    def test_traits_of_the_document_choose(self) -> None:
        document = changed("""\
  - target: $.paths[?@.get['x-traits'][?@ == 'paged']].get
    update: {parameters: [{name: top, in: query}, {name: skip, in: query}]}
""")
        assert at(document, "/paths/~1carts/get/parameters/4") == {"name": "skip", "in": "query"}
        assert at(document, "/paths/~1orders/get").__class__ is dict
        assert "parameters" not in str(at(document, "/paths/~1orders/get"))

    def test_what_is_removed_may_be_made_anew(self) -> None:
        document = changed("""\
  - {target: "$.paths['/carts'].get", remove: true}
  - {target: "$.paths['/carts']", update: {get: {summary: New}}}
""")
        assert at(document, "/paths/~1carts") == {"get": {"summary": "New"}}


def test_overlays_are_applied_one_after_the_other() -> None:
    document = changed(
        """  - {target: "$.paths['/carts'].get", update: {summary: One}}\n""",
        """  - {target: "$.paths.*.get[?@ == 'One']", remove: true}\n""",
    )
    assert "summary" not in str(at(document, "/paths/~1carts/get"))


def test_the_document_stays_as_it_is() -> None:
    document = parsed(SHOP)
    before = deepcopy(document.data)
    source = overlay("""\
  - {target: $..get, update: {x: {y: [1]}}}
  - {target: "$..parameters[0]", remove: true}
  - {target: $..x, update: {y: [2]}}
""")
    assert apply_overlays(document, [source]).value is not None
    assert document.data == before


def test_parts_that_an_alias_shares_change_where_they_are_meant() -> None:
    document = changed("  - {target: $.b, update: {x: 2}}\n", text="a: &a {x: 1}\nb: *a\nc: *a\n")
    assert document.data == {"a": {"x": 1}, "b": {"x": 2}, "c": {"x": 1}}


@pytest.mark.parametrize(
    ("target", "update", "expected"),
    [
        ("$.a", "{x: 2}", {"a": {"x": 2, "y": [1], "z": {}}}),
        ("$.a", "{x: [2]}", {"a": {"x": [2], "y": [1], "z": {}}}),
        ("$.a", "{x: null}", {"a": {"x": None, "y": [1], "z": {}}}),
        ("$.a", "{y: [2, 3]}", {"a": {"x": 1, "y": [1, 2, 3], "z": {}}}),
        ("$.a", "{y: null, z: null}", {"a": {"x": 1, "y": [1], "z": {}}}),
        ("$.a", "{z: {q: {r: 1}}}", {"a": {"x": 1, "y": [1], "z": {"q": {"r": 1}}}}),
        ("$.a.y", "2", {"a": {"x": 1, "y": [1, 2], "z": {}}}),
        ("$.a.y", "{b: 2}", {"a": {"x": 1, "y": [1, {"b": 2}], "z": {}}}),
        ("$.a.y", "[2, 3]", {"a": {"x": 1, "y": [1, 2, 3], "z": {}}}),
        ("$['a', 'a'].y", "2", {"a": {"x": 1, "y": [1, 2], "z": {}}}),
    ],
)
def test_what_merging_does(target: str, update: str, expected: object) -> None:
    action = f'  - {{target: "{target}", update: {update}}}\n'
    assert changed(action, text="a: {x: 1, y: [1], z: {}}").data == expected


@pytest.mark.parametrize(
    ("target", "update", "message"),
    [
        ("$.a.x", "2", "a number cannot be merged with a number"),
        ("$.a", "2", "a number cannot be merged with a mapping"),
        ("$.a", "[2]", "a list cannot be merged with a mapping"),
        ("$.a", "{y: 2}", '"y": a number cannot replace a list, which another action would have to remove before'),
        ("$.a", "{y: {}}", '"y": a mapping cannot replace a list, which another action would have to remove before'),
        ("$", "{a: text}", '"a": a text cannot replace a mapping, which another action would have to remove before'),
    ],
)
def test_what_cannot_be_merged(target: str, update: str, message: str) -> None:
    ((slug, place, found),) = said(overlay(f"  - {{target: {target}, update: {update}}}"), "a: {x: 1, y: [1]}")
    assert (slug, found) == ("invalid-overlay", message)
    assert place.startswith("overlay.yaml:4:")


class TestPlaces:
    ACTIONS = """\
  - target: $.paths['/carts'].get
    update:
      summary: New
      x-list: [{a: 1}]
  - {target: "$.paths.*.get.parameters[?@.name == 'debug']", remove: true}
  - {target: $.paths.*.get.parameters, update: {name: added, in: query}}
"""

    def span(self, pointer: str) -> str:
        return str(self.document().span(Pointer(f"/paths/~1carts/get/{pointer}")))

    def document(self) -> Document:
        outcome = load(SourceFile(name="shop.yaml", text=SHOP), [overlay(self.ACTIONS)])
        assert outcome.value is not None, outcome.diagnostics
        return outcome.value

    @pytest.mark.parametrize(
        ("pointer", "place"),
        [
            ("summary", "overlay.yaml:6:7"),
            ("x-list", "overlay.yaml:7:7"),
            ("x-list/0/a", "overlay.yaml:7:17"),
            ("parameters/0", "shop.yaml:9:11"),
            ("parameters/1", "shop.yaml:11:11"),
            ("parameters/1/name", "shop.yaml:11:12"),
            ("parameters/2", "overlay.yaml:9:44"),
            ("parameters/2/in", "overlay.yaml:9:58"),
            ("responses", "shop.yaml:13:7"),
            ("", "shop.yaml:6:5"),
        ],
    )
    def test_what_an_overlay_adds_stands_there_and_the_rest_where_it_was(self, pointer: str, place: str) -> None:
        assert self.span(pointer).split(":")[:2] == place.split(":")[:2]

    def test_findings_about_what_was_added_lead_to_the_overlay(self) -> None:
        broken = overlay("  - target: $.components.schemas\n    update:\n      New: {$ref: '#/nowhere'}\n")
        outcome = load(SourceFile(name="shop.yaml", text=SHOP), [broken])
        (found,) = outcome.diagnostics
        assert (found.code.slug, str(found.span)) == ("broken-reference", "overlay.yaml:6:13")


class TestRefusals:
    @pytest.mark.parametrize(
        ("text", "slug", "place", "message"),
        [
            ("a: [", "not-yaml", "2:1", "did not find expected node content"),
            ("just text", "invalid-overlay", "1:1", "the overlay is a text, not a mapping"),
            ("{}", "invalid-overlay", "1:1", 'the document has no key "overlay"; it is no overlay'),
            ("overlay: 1.1.0", "unsupported-overlay", "1:1", "Overlay 1.1.0 is not read; Overlay 1.0 is"),
            ("overlay: 2", "unsupported-overlay", "1:1", "Overlay 2 is not read; Overlay 1.0 is"),
            ("overlay: [1]", "unsupported-overlay", "1:1", "Overlay a list is not read; Overlay 1.0 is"),
        ],
    )
    def test_what_is_no_overlay(self, text: str, slug: str, place: str, message: str) -> None:
        assert said(SourceFile(name="o.yaml", text=text)) == [(slug, f"o.yaml:{place}", message)]

    def test_all_that_is_wrong_is_told_at_once(self) -> None:
        text = """\
overlay: 1.0.0
info: {title: [t]}
extends: 1
action: []
actions:
  - just text
  - {target: $.a}
  - {target: 1, update: {}}
  - {update: {}, descripton: x}
  - {target: paths, remove: true}
  - {target: $.a, remove: "true"}
  - {target: $.a, copy: $.b}
"""
        assert [(place.partition(":")[2], message) for _, place, message in said(SourceFile(name="o", text=text))] == [
            ("4:1", 'there is no key "action" in Overlay 1.0 (do you mean "actions"?)'),
            ("3:1", "extends is a number, not a text"),
            ("2:8", "the title of info is a list, not a text"),
            ("2:1", "the version of info is missing"),
            ("6:5", "an action is a text, not a mapping"),
            ("7:5", "the action says neither update nor remove: true"),
            ("8:6", "the target is a number, not a JSONPath query"),
            ("9:18", 'there is no key "descripton" in Overlay 1.0 (do you mean "description"?)'),
            ("9:5", "the action has no target"),
            ("10:6", "paths is no JSONPath query (RFC 9535): it does not begin with $"),
            ("11:19", "remove is a text, not true or false"),
            ("12:19", "copy belongs to Overlay 1.1, which is not read"),
            ("12:5", "the action says neither update nor remove: true"),
        ]

    @pytest.mark.parametrize("actions", ["", "actions: []", "actions: {}", "actions:"])
    def test_without_actions_there_is_nothing_to_do(self, actions: str) -> None:
        ((slug, _, message),) = said(SourceFile(name="o", text=HEAD + actions))
        assert slug == "invalid-overlay"
        assert message.startswith("actions are ")

    def test_nothing_is_applied_when_one_overlay_is_broken(self) -> None:
        good, bad = overlay("  - {target: $.nothing, remove: true}", "good"), overlay("  - {target: x}", "bad")
        outcome = apply_overlays(parsed(SHOP), [good, bad])
        assert outcome.value is None
        assert {found.span.file for found in outcome.diagnostics if found.span} == {"bad"}

    def test_the_whole_document_cannot_be_removed(self) -> None:
        ((slug, _, message),) = said(overlay("  - {target: $, remove: true}"))
        assert (slug, message) == ("invalid-overlay", "the document as a whole cannot be removed")

    def test_a_target_that_selects_nothing_is_a_warning_and_the_rest_is_applied(self) -> None:
        source = overlay("  - {target: $.nothing, remove: true}\n  - {target: $.info, update: {x-a: 1}}")
        outcome = apply_overlays(parsed(SHOP), [source])
        (found,) = outcome.diagnostics
        assert (found.code.slug, found.pointer) == ("overlay-without-effect", "/actions/0/target")
        assert found.span == Span(file="overlay.yaml", line=4, column=6)
        assert outcome.value is not None
        assert at(outcome.value, "/info/x-a") == 1

    @pytest.mark.parametrize("version", ["1.0.0", "1.0.1", "'1.0'", "1.0", "1.0.0-rc1"])
    def test_versions_that_are_read(self, version: str) -> None:
        text = f"overlay: {version}\ninfo: {{title: t, version: 1}}\nx-own: 1\nactions:\n"
        assert said(SourceFile(name="o", text=f"{text}  - {{target: $, update: {{}}, x-why: 1}}")) == []

    def test_a_broken_document_is_told_first(self) -> None:
        outcome: Outcome[Document] = load(SourceFile(name="d", text="a: ["), [overlay("")])
        assert [found.span.file for found in outcome.diagnostics if found.span] == ["d"]
