"""What a service sends by itself: webhooks, callbacks of operations, and how they are signed."""

from dataclasses import dataclass
from enum import Enum

from formance_codegen.ir.decls import Doc
from formance_codegen.ir.types import TypeExpr, WireName
from formance_codegen.pointer import Pointer
from formance_codegen.source import Span


class Signature(Enum):
    """How a service signs what it sends."""

    FORMANCE_V1 = "formance-v1"
    """HMAC-SHA256 over id, time and body, in base64 behind ``v1,``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """What makes a request a callback."""

    operation: str
    """The id of the operation that asks for it."""
    address: str
    """Where it is sent to, as a runtime expression (OpenAPI 3.1, section 4.8.20.4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A request that the service makes to its users."""

    id: str
    """What the document calls it: the key of the webhook or of the callback."""
    pointer: Pointer
    """Where it is used, which for a shared callback is not where it stands."""
    span: Span
    method: str
    """In upper case."""
    callback: Callback | None
    """None for a webhook, which comes without having been asked for in a call."""
    name: str | None
    """The name that an ``x-formance-name`` hint gives."""
    headers: tuple[WireName, ...]
    """The headers that the document declares."""
    body: TypeExpr | None
    """What the JSON body holds; None where there is no body, or none that is read."""
    deprecated: bool
    doc: Doc


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """All that a service sends by itself."""

    webhooks: tuple[Webhook, ...] = ()
    """Webhooks, then callbacks, each in the order of the document."""
    event: TypeExpr | None = None
    """What the body of any webhook is: told by a property that all of them have. Callbacks do not count."""
    signature: Signature | None = None

    def __bool__(self) -> bool:
        return bool(self.webhooks or self.signature)
