"""A token endpoint and a service that takes its tokens, and ways to ask them for much at once."""

import threading
import time
from collections.abc import Callable
from typing import Final

from loopback import Answer, Loopback, Recorded, json_answer
from runtime.auth import ClientCredentials, Placement, placements
from runtime.client import AsyncClient
from sample_client import CREATE, GET, Account

CALL: Final = GET.request(path=("l", "a"), query=(None, None), headers=(None,), cookies=(None,))
WRITE: Final = CREATE.request(path=("l",), query=(None,), headers=(None,), body=Account(address="a"))
TOKEN_URL: Final = "/api/auth/oauth/token"
AUTH: Final = ClientCredentials("id", "SECRET-client")


class Issuer:
    """Issues T1, T2 and so on; the service takes those that it is told to."""

    def __init__(self, *, delay: float = 0.0, closing: bool = False, **fields: object) -> None:
        self.headers = (("Connection", "close"),) if closing else ()
        self.answer = json_answer({"data": {"address": "a"}}, headers=self.headers)
        self.issued = 0
        self.refused: set[str] = set()
        self.calls = 0
        self.down = False
        self.fields: dict[str, object] = {"expires_in": 3600, **fields}
        self.delay = delay
        self.lock = threading.Lock()
        self.gate: threading.Barrier | None = None

    def __call__(self, request: Recorded) -> Answer:
        if request.target == TOKEN_URL:
            with self.lock:
                self.issued += 1
                number = self.issued
            if self.down:
                return Answer(status=500, body=b"down")
            time.sleep(self.delay)
            fields = {"access_token": f"T{number}", "token_type": "Bearer", **self.fields}
            return json_answer(fields, headers=self.headers)
        with self.lock:
            self.calls += 1
        token = (request.header("Authorization") or "").removeprefix("Bearer ")
        if self.gate is not None and token in self.refused:
            self.gate.wait(30)
        return Answer(status=401) if token in self.refused else self.answer


def sent(server: Loopback) -> list[str | None]:
    """Return the credentials of all calls but those for tokens."""
    return [each.header("Authorization") for each in server.requests if each.target != TOKEN_URL]


def in_threads(count: int, work: Callable[[], object]) -> None:
    """Run something many times at once, and raise what one of them raises."""
    failures: list[BaseException] = []
    start = threading.Barrier(count)

    def run() -> None:
        try:
            start.wait(10)
            work()
        except BaseException as error:  # noqa: BLE001  # it is raised in the test
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def placement_of(client: AsyncClient) -> Placement:
    """Return what a call is sent with."""
    settings = client._transport.settings
    (placement,) = placements(settings.service, CALL.operation.security, settings.auth)
    return placement
