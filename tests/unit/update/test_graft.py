"""A document that follows its publisher, words included."""

from formance_codegen.load.document import load
from formance_codegen.load.json_value import JsonValue
from formance_codegen.load.openapi import parse_openapi
from formance_codegen.source import SourceFile
from formance_codegen.update.graft import graft
from formance_codegen.update.writing import to_yaml
from unit.update.documents import OURS, RELEASE, read, replaced


def grafted(ours: str, release: str) -> str:
    data: JsonValue = graft(read(ours), read(release))
    return to_yaml(data)


def test_without_a_document_of_ours_it_is_the_publishers() -> None:
    assert graft({}, read(RELEASE)) == read(RELEASE)


def test_the_publishers_words_come_first_and_ours_fill_the_gaps() -> None:
    text = grafted(OURS, RELEASE)
    assert "summary: Gets" in text
    assert "summary: Get a pet" not in text
    assert "description: An animal." in text
    assert "description: For the logs." in text
    assert "x-formance-name: fetch" in text
    assert "name: Rex" in text


def test_facts_of_ours_alone_go() -> None:
    text = grafted(OURS, RELEASE)
    assert "responses/Error" not in text
    assert "tags:\n  - name: pets" not in text


def test_security_schemes_that_the_publisher_forgot_stay() -> None:
    text = grafted(OURS, RELEASE)
    assert "pets:read: Read pets." in text
    loaded = load(SourceFile(name="x", text=text))
    assert loaded.value is not None
    assert not parse_openapi(loaded.value).diagnostics


def test_servers_stay_where_the_publisher_has_none() -> None:
    assert "http://localhost:8080" in grafted(OURS, RELEASE)
    without = replaced(RELEASE, ('servers: [{url: "http://localhost:8080"}]\n', ""))
    assert "https://pets.example.com" in grafted(OURS, without)


def test_following_twice_changes_nothing_more() -> None:
    once = grafted(OURS, RELEASE)
    assert grafted(once, RELEASE) == once
