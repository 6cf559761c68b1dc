"""A Formance stack in small: its gateway, its tokens, and the door of `fctl stack proxy`."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from loopback import Answer, Recorded, json_answer
from stories.flows import Flows
from stories.ledger import LedgerService
from stories.payments import PaymentsService
from stories.reconciliation import ReconciliationService
from stories.wallets import WalletsService
from stories.webhooks import WebhooksService
from stories.wire import JSON_TYPE, Refused, Route, Unexpected, dispatch

SERVICES: Final = ("auth", "ledger", "orchestration", "payments", "reconciliation", "search", "wallets", "webhooks")
TOKEN_PATH: Final = "/api/auth/oauth/token"
STACK_TOKEN: Final = "token-of-fctl"


@dataclass(frozen=True, slots=True)
class Registered:
    """A client that the stack knows."""

    client_id: str
    secret: str
    scopes: frozenset[str]


class Platform:
    """All services of a stack behind one gateway. What no story should send is kept in `complaints`."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self.registered = Registered(
            "accounting", "s&cret", frozenset(f"{name}:{right}" for name in SERVICES for right in ("read", "write"))
        )
        self.tokens: dict[str, frozenset[str]] = {STACK_TOKEN: self.registered.scopes}
        self.ledger = LedgerService()
        self.wallets = WalletsService()
        self.payments = PaymentsService()
        self.webhooks = WebhooksService()
        reconciliation = ReconciliationService(self.ledger, self.payments)
        self.routes: Mapping[str, list[Route]] = {
            "ledger": self.ledger.routes(),
            "wallets": self.wallets.routes(),
            "payments": self.payments.routes(),
            "orchestration": Flows().routes(),
            "reconciliation": reconciliation.routes(),
            "webhooks": self.webhooks.routes(),
        }
        self._lock = threading.Lock()

    def __call__(self, request: Recorded) -> Answer:
        """Answer a request that came through the gateway."""
        with self._lock:
            try:
                return self._answer(request)
            except Exception as error:  # noqa: BLE001 - whatever it is, the test is to fail with it
                return self.complain(request, repr(error))

    def complain(self, request: Recorded, words: str) -> Answer:
        """Note that a request should not have come, and answer so that no client tries again."""
        complaint = f"{request.method} {request.target} {dict(request.headers)} {request.body!r}: {words}"
        self.complaints.append(complaint)
        return Refused(418, "UNEXPECTED", complaint).answer()

    def _answer(self, request: Recorded) -> Answer:
        _check_head(request)
        path = request.target.partition("?")[0]
        if request.target == TOKEN_PATH:
            return self._token(request)
        if (request.method, request.target) == ("GET", "/versions"):
            return json_answer(VERSIONS)
        service = path.removeprefix("/api/").partition("/")[0]
        if not path.startswith("/api/") or service not in self.routes:
            return Answer(status=404, body=b"Not Found", headers=(("Content-Type", "text/plain"),))
        if not self._allows(request, service):
            return Answer(status=401, headers=(JSON_TYPE,))
        return dispatch(self.routes[service], request, f"/api/{service}")

    def _token(self, request: Recorded) -> Answer:
        if (request.method, request.header("Content-Type")) != ("POST", "application/x-www-form-urlencoded"):
            raise Unexpected("a token is asked for with a form")
        form = dict(parse_qsl(request.body.decode(), strict_parsing=True))
        if form.keys() - {"scope"} != {"grant_type", "client_id", "client_secret"}:
            raise Unexpected("the form is another")
        if form["grant_type"] != "client_credentials":
            return json_answer({"error": "unsupported_grant_type"}, status=400)
        if (form["client_id"], form["client_secret"]) != (self.registered.client_id, self.registered.secret):
            said = {"error": "invalid_client", "error_description": "invalid client id or secret"}
            return json_answer(said, status=401)
        token = f"token-{len(self.tokens)}"
        # Not an error: who asks for what he may not have, or for nothing, gets a token that is good for less.
        self.tokens[token] = self.registered.scopes & {*form.get("scope", "").split()}
        return json_answer({"access_token": token, "token_type": "Bearer", "expires_in": 3600})

    def _allows(self, request: Recorded, service: str) -> bool:
        kind, _, token = (request.header("Authorization") or "").partition(" ")
        granted = self.tokens.get(token, frozenset()) if kind == "Bearer" else frozenset[str]()
        reads = request.method in ("GET", "HEAD", "OPTIONS")
        return f"{service}:write" in granted or (reads and f"{service}:read" in granted)


@dataclass(slots=True)
class Proxy:
    """What `fctl stack proxy` does: every path goes to the stack, with fctl's own token."""

    platform: Platform
    down: bool = False
    """Whether the stack cannot be reached."""
    seen: list[str] = field(default_factory=list[str])

    def __call__(self, request: Recorded) -> Answer:
        """Pass a request on."""
        if request.header("Authorization") is not None:
            return self.platform.complain(request, "behind the proxy nobody needs a credential")
        if self.down:
            return Answer(status=502, body=b"dial tcp: connection refused", headers=(("Content-Type", "text/plain"),))
        headers = (*request.headers, ("Authorization", f"Bearer {STACK_TOKEN}"))
        passed = Recorded(method=request.method, target=request.target, headers=headers, body=request.body)
        return self.platform(passed)


def _check_head(request: Recorded) -> None:
    if not request.header("Accept"):
        raise Unexpected("Accept is missing")
    if bool(request.body) is not bool(request.header("Content-Type")):
        raise Unexpected("Content-Type goes with a body")


VERSIONS: Final = {
    "region": "eu-west-1",
    "env": "production",
    "versions": [
        {"name": "ledger", "version": "v2.4.6", "health": True},
        {"name": "payments", "version": "v3.4.0", "health": True},
        {"name": "search", "version": "unknown", "health": False},
    ],
}
