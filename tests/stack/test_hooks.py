"""The hooks of a stack: they are called for the calls of all its services."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

import formance_ledger
import formance_stack
from formance_ledger.errors import NotFound
from formance_stack import AsyncFormance, RequestEvent, ResponseEvent
from loopback import Loopback
from stack.conftest import SECRET, Doors, Platform


def test_the_hooks_of_the_stack_see_the_calls_of_its_services(server: Loopback, doors: Doors) -> None:
    asked: list[RequestEvent] = []
    told: list[ResponseEvent] = []

    def ask(event: RequestEvent) -> dict[str, str]:
        asked.append(event)
        return {"X-Attempt": f"{event.operation} {event.attempt}"}

    formance = doors(auth=SECRET, on_request=ask, on_response=told.append)
    doors.wait(formance.ledger.v2.get_ledger("main"))
    doors.wait(formance.wallets.get_wallet("w"))
    assert all(type(event) is RequestEvent for event in asked)
    assert all(type(event) is ResponseEvent for event in told)
    assert [event.operation for event in asked] == ["ledger.v2.get_ledger", "wallets.get_wallet"]
    assert [(event.operation, event.status, event.will_retry) for event in told] == [
        ("ledger.v2.get_ledger", 200, False),
        ("wallets.get_wallet", 200, False),
    ]
    assert asked[0].url == f"{server.url}/api/ledger/v2/main"
    assert asked[0].headers["authorization"] == "***"
    sent = [each.header("X-Attempt") for each in server.requests if "oauth" not in each.target]
    assert sent == ["ledger.v2.get_ledger 1", "wallets.get_wallet 1"]


def test_what_a_hook_raises_is_the_same_as_for_one_service(server: Loopback, doors: Doors) -> None:
    def boom(_: object) -> None:
        raise LookupError("boom")

    with pytest.raises(LookupError, match="boom"):
        doors.wait(doors(on_request=boom).ledger.v2.get_ledger("main"))
    assert server.requests == []
    assert doors.wait(doors(on_response=boom).ledger.v2.get_ledger("main")).name == "main"
    with pytest.raises(NotFound):
        doors.wait(doors(on_response=boom).ledger.v2.get_ledger("nobody"))
    assert len(server.requests) == 2


def test_a_copy_of_the_stack_has_its_own_hooks(doors: Doors) -> None:
    told: list[ResponseEvent] = []
    formance = doors()
    copy = formance.with_options(on_response=told.append)
    doors.wait(formance.ledger.v2.get_ledger("main"))
    assert told == []
    doors.wait(copy.ledger.v2.get_ledger("main"))
    assert [event.path for event in told] == ["/v2/{ledger}"]


def test_coroutine_hooks_of_the_stack_are_awaited(server: Loopback, platform: Platform) -> None:
    server.handler = platform
    told: list[int | None] = []

    async def ask(event: RequestEvent) -> dict[str, str]:
        await asyncio.sleep(0)
        return {"X-Attempt": str(event.attempt)}

    async def tell(event: ResponseEvent) -> None:
        await asyncio.sleep(0)
        told.append(event.status)

    async def main() -> None:
        async with AsyncFormance(server.url, on_request=ask, on_response=tell) as formance:
            await formance.ledger.v2.get_ledger("main")

    asyncio.run(main())
    assert told == [200]
    assert server.last.header("X-Attempt") == "1"


PRELOAD = """
import sys
from formance_stack import Formance
Formance("http://localhost:1").preload()
names = {name.partition(".")[0] for name in sys.modules if name.endswith(".models")}
print(*sorted(name for name in names if name.startswith("formance_")))
"""


def test_preload_goes_for_the_services_that_are_installed() -> None:
    folders = [str(Path(module.__file__).parents[1]) for module in (formance_stack, formance_ledger) if module.__file__]
    command = [sys.executable, "-W", "error", "-c", PRELOAD]
    run = subprocess.run(command, env={"PYTHONPATH": ":".join(folders)}, capture_output=True, text=True, check=True)
    assert run.stdout == "formance_ledger\n"
