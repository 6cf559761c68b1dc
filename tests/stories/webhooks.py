"""The webhooks of the stories: configurations, and deliveries to whoever listens."""

import base64
import binascii
import hashlib
import hmac
import http.client
import json
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from loopback import Answer
from samples import Json, Node
from stories.wire import Ask, Refused, Route, data, items, text

NOW: Final = "2026-03-02T09:30:00.123456Z"
SIGNED: Final = 1_700_000_000
"""When all deliveries are signed, in seconds since 1970."""
SECRET: Final = "V0bivxRWveaoz08afqjU6Ko/jwO0Cb+3"
"""Made up for who brings none; so is that of the real service, at random."""


class WebhooksService:
    """The routes of webhooks."""

    def __init__(self) -> None:
        self.configs: dict[str, Node] = {}

    def routes(self) -> list[Route]:
        """Return all routes."""
        return [
            Route("POST", "/configs", self._insert),
            Route("GET", "/configs/{id}/test", self._test),
        ]

    def _insert(self, ask: Ask) -> Answer:
        fields = ask.body("endpoint", "eventTypes", optional=("secret",))
        secret = text(fields.get("secret", SECRET))
        if not _is_key(secret):
            raise Refused(400, "VALIDATION", "decoded secret should be of size 24")
        number = str(UUID(int=900 + len(self.configs), version=4))
        self.configs[number] = {
            "id": number,
            "endpoint": fields["endpoint"],
            "secret": secret,
            "eventTypes": [text(each).lower() for each in items(fields["eventTypes"])],
            "active": True,
            "createdAt": NOW,
            "updatedAt": NOW,
        }
        return data(self.configs[number])

    def _test(self, ask: Ask) -> Answer:
        config = self.configs.get(ask.path["id"])
        if config is None:
            raise Refused(404, "NOT_FOUND", "config not found")
        payload = json.dumps({"data": "test"})
        status = deliver(config, payload.encode(), test=True)
        found: dict[str, Json] = {
            "id": str(UUID(int=950, version=4)),
            "webhookID": str(UUID(int=960, version=4)),
            "createdAt": NOW,
            "updatedAt": NOW,
            "config": config,
            "payload": payload,
            "statusCode": status,
            "retryAttempt": 0,
            "status": "success" if 200 <= status < 300 else "failed",
        }
        return data(found)


def deliver(config: Node, body: bytes, *, test: bool = False, at: int = SIGNED) -> int:
    """Send an event, signed, and return the status of the answer."""
    number = "11111111-1111-1111-1111-111111111111"
    signed = b".".join((number.encode(), str(at).encode(), body))
    # The key is the text of the secret as it stands, never decoded.
    signature = base64.b64encode(hmac.digest(text(config["secret"]).encode(), signed, hashlib.sha256)).decode()
    headers = {
        "content-type": "application/json",
        "user-agent": "formance-webhooks/v0",
        "formance-webhook-id": number,
        "formance-webhook-timestamp": str(at),
        "formance-webhook-signature": f"v1,{signature}",
        "formance-webhook-test": str(test).lower(),
    }
    endpoint = urlsplit(text(config["endpoint"]))
    connection = http.client.HTTPConnection(endpoint.netloc, timeout=5)
    try:
        connection.request("POST", endpoint.path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def _is_key(secret: str) -> bool:
    try:
        return len(base64.b64decode(secret, validate=True)) == 24
    except binascii.Error:
        return False
