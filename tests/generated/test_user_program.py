"""The program of a user runs and sends what it should."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Final

import pytest

from generated.cases import ROOT
from loopback import Answer, Loopback, Recorded, json_answer, loopback

FOLDER: Final = ROOT / "tests/generated"
CLIENT: Final = ROOT / "generated/ledger"
PROGRAMS: Final = (FOLDER / "user_program.py", FOLDER / "user_program_async.py")

each_program = pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)

BIG_ID: Final = 2**70


def serve(request: Recorded) -> Answer:
    """Answer as a ledger does."""
    assert request.header("Authorization") == "Bearer token"
    match request.method, request.target, json.loads(request.body or b"null"):
        case "POST", "/api/ledger/v2/main", {"bucket": "eu", "metadata": {"team": "books"}}:
            return Answer(status=204, headers=(("Content-Type", "application/json"),))
        case "POST", "/api/ledger/v2/main", {}:
            said = {"errorCode": "LEDGER_ALREADY_EXISTS", "errorMessage": "ledger main exists"}
            return json_answer(said, status=400)
        case "POST", "/api/ledger/v2/main/transactions", {"postings": [posting], "metadata": {}, **rest}:
            assert posting == {"source": "world", "destination": "users:001", "amount": 100, "asset": "USD/2"}
            assert rest == {}
            assert request.header("Idempotency-Key") == "o-1"
            done: dict[str, object] = {
                "id": BIG_ID,
                "postings": [posting],
                "metadata": {},
                "timestamp": "2026-03-02T09:30:00Z",
            }
            return json_answer({"data": {**done, "reverted": False}})
        case "GET", "/api/ledger/v2/main/accounts?pageSize=1", {"$match": {"metadata[tier]": "gold"}}:
            return page("users:001", "c2Vjb25k")
        case "GET", "/api/ledger/v2/main/accounts?cursor=c2Vjb25k", None:
            return page("users:002", "")
        case method, target, body:
            return json_answer({"errorCode": "UNEXPECTED", "errorMessage": f"{method} {target} {body}"}, status=418)


def page(address: str, following: str) -> Answer:
    """Return a page of one account."""
    listed = {"pageSize": 1, "hasMore": bool(following), "data": [{"address": address, "metadata": {"tier": "gold"}}]}
    return json_answer({"cursor": {**listed, "next": following} if following else listed})


@pytest.fixture
def server() -> Generator[Loopback]:
    with loopback() as running:
        running.handler = serve
        yield running


@each_program
def test_it_runs(program: Path, server: Loopback) -> None:
    environment = {**os.environ, "PYTHONPATH": str(CLIENT)}
    done = subprocess.run(
        [sys.executable, "-W", "error", str(program), server.url],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        str(BIG_ID),
        "users:001",
        "users:002",
        "LEDGER_ALREADY_EXISTS: ledger main exists",
    ]
    assert [request.method for request in server.requests] == ["POST", "POST", "GET", "GET", "POST"]
