"""The log: a line for each attempt and one for each call, and nothing of their values."""

import logging
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from flavours import Callers, Clock
from loopback import Answer, Loopback, json_answer
from runtime.client import Client
from runtime.errors import NotFound, TransportError
from runtime.journal import logger
from sample_client import GET

CALL: Final = GET.request(path=("ledger-value", "users:001"), query=("q-value", None), headers=("h-value",), cookies=())
FOUND: Final = json_answer({"data": {"address": "body-value"}})


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [(record.levelname, record.getMessage()) for record in caplog.records if record.name == "runtime"]


def test_a_line_for_each_attempt_and_one_for_the_call(
    server: Loopback, callers: Callers, caplog: pytest.LogCaptureFixture, clock: Clock
) -> None:
    caplog.set_level(logging.DEBUG, "runtime")

    def answer(_: object) -> Answer:
        clock.time += 0.25
        return Answer(status=503) if len(server.requests) == 1 else FOUND

    server.handler = answer
    callers().send(CALL)
    at = "GET /v2/{ledger}/accounts/{address}"
    assert lines(caplog) == [
        ("WARNING", f"v2.get_account: attempt 1, {at}: 503 after 0.250 s; again in 0.250 s"),
        ("DEBUG", f"v2.get_account: attempt 2, {at}: 200 after 0.250 s"),
        ("INFO", f"v2.get_account: {at}: 200 after 0.750 s, attempts: 2"),
    ]
    first, _, call = (vars(record) for record in caplog.records if record.name == "runtime")
    names = ("operation", "method", "path", "status", "duration")
    assert [call[name] for name in names] == ["v2.get_account", "GET", "/v2/{ledger}/accounts/{address}", 200, 0.75]
    assert (call["attempts"], call["error"]) == (2, None)
    assert [first[name] for name in ("attempt", "status", "fault", "duration", "delay")] == [1, 503, None, 0.25, 0.25]
    everything = " ".join(str(vars(record)) for record in caplog.records if record.name == "runtime")
    assert "-value" not in everything
    assert "users" not in everything


def test_failures_are_told_by_their_status_or_their_name(
    server: Loopback, callers: Callers, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "runtime")
    server.say(Answer(status=404))
    with pytest.raises(NotFound):
        callers().send(CALL)
    server.script.clear()
    server.say(Answer(drop=True))
    with pytest.raises(TransportError):
        callers(max_retries=0).send(CALL)
    told = [vars(record) for record in caplog.records if record.name == "runtime"]
    assert [(call["status"], call["error"]) for call in told] == [(404, None), (None, "TransportError")]


def test_nothing_is_written_where_nobody_listens(
    server: Loopback, callers: Callers, capfd: pytest.CaptureFixture[str]
) -> None:
    server.say(Answer(status=503), FOUND)
    assert not logger().isEnabledFor(logging.INFO)
    callers().send(CALL)
    assert capfd.readouterr() == ("", "")


def test_a_log_that_is_off_makes_no_records(
    server: Loopback, callers: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []

    def make(*args: object) -> None:
        made.append(args)

    monkeypatch.setattr(logger(), "makeRecord", make)
    monkeypatch.setattr(logger(), "disabled", True)
    server.say(Answer(status=503), FOUND)
    callers().send(CALL)
    assert made == []


@pytest.mark.parametrize("package", ["vendored_one", "outer.vendored_two"])
def test_the_logger_has_the_name_of_the_package(tmp_path: Path, package: str) -> None:
    # As a package that was copied into another: the runtime is its _core.
    folder = tmp_path.joinpath(*package.split("."))
    folder.mkdir(parents=True)
    for parent in (folder, *folder.parents):
        if parent == tmp_path:
            break
        (parent / "__init__.py").write_text("")
    (folder / "_core").symlink_to(Path(Client.__init__.__code__.co_filename).parent)
    code = f"""
import logging
from {package}._core.journal import logger
assert not logging.root.handlers
print(logger().name, logger() is logger(), len(logger().handlers), logger().level)
assert not logging.root.handlers
"""
    run = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=True
    )
    assert run.stdout == f"{package} True 1 0\n"
