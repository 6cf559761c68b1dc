"""A program that makes calls of a generated client and prints which modules of the package each of them took.

usage: one_call.py SERVICE:OPERATION_ID...
"""

import asyncio
import json
import sys

from generated.callers import FLAVOURS, Caller, Flavour, close_client, open_client
from generated.cases import Case, service_cases
from generated.exchanges import any_body, call, only_required, usual_answer
from loopback import loopback


def main(chosen: list[str]) -> None:
    """Make each call in both flavours and print the modules as a JSON object."""
    found = {name: {flavour: modules(case_of(name), flavour) for flavour in FLAVOURS} for name in chosen}
    print(json.dumps(found))  # noqa: T201


def case_of(name: str) -> Case:
    """Return what is known of a service's operation."""
    service, _, operation_id = name.partition(":")
    return next(case for case in service_cases(service) if case.operation.get("operationId") == operation_id)


def modules(case: Case, flavour: Flavour) -> list[str]:
    """Make a call with a package that was never imported, and return its modules that are there by then."""
    for name in loaded(case.package):
        del sys.modules[name]
    with loopback() as server, asyncio.Runner() as runner:
        server.say(usual_answer(case))
        client, drifts = open_client(case, flavour, server.url)
        call(Caller(client, runner, drifts), case, only_required(case), any_body(case))
        close_client(client, runner)
    return loaded(case.package)


def loaded(package: str) -> list[str]:
    """Return the names of the modules of a package that are loaded."""
    return sorted(name for name in sys.modules if name == package or name.startswith(f"{package}."))


if __name__ == "__main__":
    main(sys.argv[1:])
