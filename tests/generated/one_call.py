"""A program that makes one call of a generated client and prints which modules of the package that took.

usage: one_call.py SERVICE OPERATION_ID sync|async
"""

import asyncio
import json
import sys

from generated.callers import Caller, Flavour, close_client, open_client
from generated.cases import service_cases
from generated.exchanges import any_body, call, only_required, usual_answer
from loopback import loopback
from samples import text


def main(service: str, operation_id: str, chosen: str) -> None:
    """Make the call and print the modules as a JSON list."""
    (case,) = (each for each in service_cases(service) if text(each.operation.get("operationId")) == operation_id)
    flavour: Flavour = "sync" if chosen == "sync" else "async"
    with loopback() as server, asyncio.Runner() as runner:
        server.say(usual_answer(case))
        client, drifts = open_client(case, flavour, server.url)
        call(Caller(client, runner, drifts), case, only_required(case), any_body(case))
        close_client(client, runner)
    print(json.dumps(sorted(name for name in sys.modules if name.startswith(f"{case.package}."))))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
