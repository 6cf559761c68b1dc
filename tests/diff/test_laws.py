"""What holds for every document: a spelling is no change, and no text of a document gets out of its place."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
import yaml

from diff.case import base_document, compared, told
from formance_codegen.config import ServiceConfig
from formance_codegen.diff.comparison import compare, compare_all
from formance_codegen.diff.data import as_data
from formance_codegen.diff.markdown import as_changelog, as_markdown
from formance_codegen.diff.text import as_text
from formance_codegen.pipeline import understand
from formance_codegen.source import SourceFile
from formance_codegen.view.context import Context
from samples import Json, is_node, node

ROOT: Final = Path(__file__).parents[2]
DOCUMENTS: Final = sorted((ROOT / "specs").glob("*.yaml"))
SHOP: Final = ServiceConfig(package="shop")


def context(text: str) -> Context:
    outcome = understand(SourceFile(name="document.yaml", text=text), SHOP)
    assert outcome.value is not None
    return outcome.value


def turned(value: Json) -> Json:
    """Turn the order of all components, paths and properties around; lists say something by their order."""
    if is_node(value):
        return {key: turned(found) for key, found in reversed(list(value.items()))}
    return [turned(found) for found in value] if isinstance(value, list) else value


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_another_order_is_no_change(path: Path) -> None:
    document: Json = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    old = context(json.dumps(document))
    assert told(compare("document", old, context(json.dumps(turned(document))))) == []


def test_a_schema_that_is_wrapped_or_moved_is_no_change() -> None:
    old = base_document()
    text = json.dumps(old)
    wrapped = text.replace(
        '"item": {"type": "string"}, "note": {"type": "string"}, "state"',
        '"item": {"allOf": [{"type": "string"}]}, '
        '"note": {"$ref": "#/components/schemas/Line/properties/text"}, "state"',
    )
    assert wrapped != text
    assert told(compared(old, node(json.loads(wrapped)))) == []


HOSTILE: Final = "a`b</details>\n# c \x1b[31m | \u202e"


def hostile() -> Mapping[str, Json]:
    """Return a version of the document whose new names, values and words try to get out."""
    document: dict[str, Json] = json.loads(json.dumps(base_document()))
    schemas = node(node(document["components"])["schemas"])
    changed: dict[str, Json] = {
        **schemas,
        "State": {"type": "string", "enum": ["open", "sent", HOSTILE], "description": HOSTILE},
        HOSTILE.replace("/", ""): {"type": "object", "properties": {HOSTILE: {"type": "string"}}},
        "Line": {
            "type": "object",
            "required": ["amount"],
            "properties": {"amount": {"type": ["integer", "string"], "default": HOSTILE}, "text": {"const": HOSTILE}},
        },
    }
    answer: dict[str, Json] = {"description": HOSTILE, "headers": {HOSTILE: {"schema": {"type": "string"}}}}
    operation: dict[str, Json] = {"operationId": HOSTILE, "responses": {"200": answer}}
    paths: dict[str, Json] = {**node(document["paths"]), f"/{HOSTILE}": {"get": operation}}
    return {**document, "components": {"schemas": changed}, "paths": paths}


def test_no_text_of_a_document_gets_out_of_its_place() -> None:
    comparison = compared(base_document(), hostile())
    assert {"enum-value-added", "method-added", "model-added", "field-default-changed"} <= {
        change.check.id for change in comparison.changes
    }
    for text in (as_text([comparison]), as_markdown([comparison]), as_changelog([comparison])):
        assert "\x1b" not in text
        assert "\u202e" not in text
        # All that quotes the document stands in one line, between backticks.
        outside = ["".join(line.split("`")[::2]) for line in text.splitlines()]
        assert all(line.count("`") % 2 == 0 for line in text.splitlines())
        assert [line for line in outside if "# c" in line] == []
        assert sum(line == "</details>" for line in outside) == text.count("<details>")
    assert json.loads(json.dumps(as_data("old", "new", [comparison])))["verdict"] == comparison.verdict.value


def test_services_come_and_go() -> None:
    shop = context(json.dumps(base_document()))
    gone, new = compare_all({"a": shop}, {"b": shop})
    assert [change.check.id for change in gone.changes] == ["service-removed"]
    assert [change.check.id for change in new.changes] == ["service-added"]


def test_settings_are_part_of_a_client() -> None:
    old, new = (ServiceConfig(package="shop", client="Shop", prefix=prefix) for prefix in ("", "/api"))
    assert told(compared(base_document(), base_document(), old, new)) == ["prefix-changed documentation Shop"]
    stack = ServiceConfig(package="shop", client="Shop", platform="stack", error_root="ShopError", token_url="/token")
    assert told(compared(base_document(), base_document(), old, stack)) == ["token-url-changed documentation Shop"]
