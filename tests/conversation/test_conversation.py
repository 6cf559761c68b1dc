"""Generated clients talk to Prism, which knows the document and refuses what does not fit it."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from conversation.clients import made
from conversation.faults import explained, known
from conversation.judging import Exchange, Outcome, Party
from conversation.prism import NoPrism, Server, find_prism, objections, prism
from conversation.report import Talk, as_line, failures, from_line, summary
from conversation.talk import DYNAMIC, STATIC, Round, conversation

DOCUMENTS: Final = Path(__file__).parent / "documents"
WITH_PRISM: Final = pytest.mark.skipif(
    find_prism() is None, reason="Prism is not here: npm install --prefix tests/conversation (it needs node)"
)


def talk(document: Path, folder: Path, asked: Round, *, about: Path | None = None) -> list[Exchange]:
    """Generate the client of a document and let it talk to a server for the same one, or about another."""
    with made(document, folder) as client:
        return list(conversation(client, about or document, [asked]))


@WITH_PRISM
@pytest.mark.parametrize(("name", "asked"), [("shop", STATIC), ("fleet", DYNAMIC)])
def test_every_call_is_accepted_and_every_answer_is_read(name: str, asked: Round, tmp_path: Path) -> None:
    exchanges = talk(DOCUMENTS / f"{name}.yaml", tmp_path, asked)

    assert [each for each in exchanges if each.outcome is not Outcome.FINE] == []
    assert len(exchanges) >= 2 * len({each.call for each in exchanges}) >= 6
    assert {each.how.split()[0] for each in exchanges} == {"sync", "async"}


@WITH_PRISM
def test_a_client_of_another_document_is_found_out(tmp_path: Path) -> None:
    text = (DOCUMENTS / "fleet.yaml").read_text(encoding="utf-8")
    other = tmp_path / "other.yaml"
    # The server's vehicles have no text for a plate, and its paths another one.
    text = text.replace("plate: {type: string}", "plate: {type: array}").replace("[A-Z]{1,3}-[0-9]+", "[a-z]{9}")
    other.write_text(text, encoding="utf-8")

    exchanges = talk(DOCUMENTS / "fleet.yaml", tmp_path / "client", STATIC, about=other)

    outcomes = {(each.call, each.outcome) for each in exchanges}
    assert {(call, Outcome.REFUSED) for call in ("add_vehicle", "read_track", "send_track")} <= outcomes
    assert ("list_vehicles", Outcome.NOT_DECODED) in outcomes
    assert all(each.party is not Party.NOBODY for each in exchanges if each.outcome is not Outcome.FINE)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a script in the place of Prism."""

    def write(script: str) -> None:
        file = tmp_path / "prism"
        file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        file.chmod(0o755)

        def which(_: str) -> str:
            return str(file)

        monkeypatch.setattr(shutil, "which", which)
        monkeypatch.setattr("conversation.prism.HERE", tmp_path)

    return write


def test_a_server_ends_with_its_block_whatever_happens(program: Callable[[str], None]) -> None:
    program("echo Prism is listening on http://127.0.0.1:9; exec sleep 60")
    seen: list[Server] = []

    def fail() -> None:
        with prism(DOCUMENTS / "fleet.yaml") as server:
            assert server.is_alive
            seen.append(server)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [(server.url, server.is_alive) for server in seen] == [("http://127.0.0.1:9", False)]


def test_a_server_that_ends_at_once_is_none(program: Callable[[str], None]) -> None:
    program("echo no such document; exit 1")
    with pytest.raises(NoPrism, match="no such document"), prism(DOCUMENTS / "fleet.yaml"):
        pass


def test_without_the_program_there_is_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_: str) -> None:
        return None

    monkeypatch.setattr(shutil, "which", nothing)
    with pytest.raises(NoPrism, match="npm install"), prism(DOCUMENTS / "fleet.yaml"):
        pass


def test_what_prism_objects_to_is_read_from_headers_and_problems() -> None:
    header = '[{"location":["request","query","a"],"severity":"Error","message":"must be b"},{"severity":"Hint"}]'
    problem = b'{"type":"https://stoplight.io/prism/errors#NOT_ACCEPTABLE","detail":"no such content"}'

    assert objections({"sl-violations": header}, b"{}") == ["request.query.a: must be b"]
    assert objections({}, problem) == ["NOT_ACCEPTABLE: no such content"]
    assert objections({}, b'{"type": "https://example.com/errors", "detail": "of the service"}') == []
    assert objections({}, b"\xff") == []


@pytest.fixture
def told() -> Talk:
    fine = Exchange(call="a", pointer="/a", how="sync static full", outcome=Outcome.FINE)
    lost = Exchange(
        call="b",
        pointer="/b",
        how="async static full",
        outcome=Outcome.NOT_DECODED,
        party=Party.DOCUMENT,
        words="a | b",
    )
    return Talk(document="d.yaml", exchanges=(fine, fine, lost))


def test_a_talk_is_told_in_tables(told: Talk) -> None:
    assert from_line(as_line(told)) == told
    assert list(summary([told]))[2:] == [
        "| d.yaml | 2 | 3 | 3 | 3 | 2 | 0 | 1 | 0 |",
        "| **all** | 2 | 3 | 3 | 3 | 2 | 0 | 1 | 0 |",
    ]
    assert list(failures([told]))[2:] == ["| d.yaml | `b` | not decoded | the document's | a \\| b |"]


def test_each_known_fault_is_somebodys_and_says_why() -> None:
    assert known()
    assert all(fault.why and fault.says.pattern and fault.party is not Party.NOBODY for fault in known())


def test_a_known_fault_explains_what_was_said() -> None:
    refused = Exchange(
        call="a",
        pointer="/a",
        how="sync static full",
        outcome=Outcome.REFUSED,
        party=Party.OURS,
        words="request.body: Request body must be object (sent as application/xml)",
    )
    assert explained(refused, "d.yaml").party is Party.PRISM
    other = replace(refused, words="request.body: Request body must be object (sent as application/json)")
    assert explained(other, "d.yaml") == other
