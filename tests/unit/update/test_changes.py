"""What is told about two documents."""

import pytest

from formance_codegen.update.changes import Change, changes
from unit.update.documents import OURS, read, replaced


def test_words_and_layout_are_no_changes() -> None:
    other = replaced(OURS, ("Our words", "Others"), ("Get a pet", "Fetch"), ("What it hears.", "A name."))
    assert changes(read(OURS), read(other)).is_empty


@pytest.mark.parametrize(
    ("old", "new", "details"),
    [
        ("operationId: getPet", "operationId: fetchPet", "operationId getPet → fetchPet"),
        (
            '        "200":\n          description: The',
            '        "203":\n          description: The',
            "+status 203,-status 200",
        ),
        ("      summary: Get a pet\n", "      summary: Get a pet\n      deprecated: true\n", "+deprecated"),
        ("      name: id\n", "      name: id\n      allowReserved: true\n", "~path id"),
        (
            "      summary: Get a pet\n",
            "      summary: Get a pet\n      requestBody: {content: {text/plain: {}}}\n",
            "+body",
        ),
    ],
)
def test_changes_of_an_operation(old: str, new: str, details: str) -> None:
    found = changes(read(OURS), read(replaced(OURS, (old, new))))
    assert found.operations == (Change(kind="changed", name="GET /pets/{id}", details=tuple(details.split(","))),)


@pytest.mark.parametrize(
    ("old", "new", "details"),
    [
        ("            - dog\n", "            - cow\n", ("~kind",)),
        ("        owner:\n", "        keeper:\n", ("+keeper", "-owner")),
        ("        - name\n      properties", "        - name\n        - kind\n      properties", ("+required kind",)),
        (
            "      description: An animal.\n",
            "      description: It.\n      maxProperties: 3\n",
            ("+keyword maxProperties",),
        ),
    ],
)
def test_changes_of_a_schema(old: str, new: str, details: tuple[str, ...]) -> None:
    found = changes(read(OURS), read(replaced(OURS, (old, new))))
    assert found.schemas == (Change(kind="changed", name="Pet", details=details),)


def test_what_comes_and_goes() -> None:
    other = replaced(
        OURS,
        ("    get:\n      operationId: listPets", "    post:\n      operationId: addPet"),
        ("    Owner:", "    Person:"),
        ("/Owner'", "/Person'"),
    )
    found = changes(read(OURS), read(other))
    assert [(change.kind, change.name) for change in found.operations] == [
        ("added", "POST /pets"),
        ("removed", "GET /pets"),
    ]
    assert [(change.kind, change.name) for change in found.schemas] == [
        ("changed", "Pet"),
        ("added", "Person"),
        ("removed", "Owner"),
    ]


def test_an_operation_that_moved_is_told_once() -> None:
    found = changes(read(OURS), read(replaced(OURS, ("  /pets:\n", "  /animals:\n"))))
    assert found.operations == (Change(kind="changed", name="GET /animals", details=("moved from GET /pets",)),)
