"""Changes as data: what changed, for whom, where on both sides, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from formance_codegen.diff.catalogue import Bump, Check, Impact, Severity, bump_of, severity_of
from formance_codegen.pointer import Pointer
from formance_codegen.source import Span


class Subject(Enum):
    """What a change is about."""

    CLIENT = "client"
    OPERATION = "operation"
    WEBHOOK = "webhook"
    MODEL = "model"


class Direction(Enum):
    """Where a model is used."""

    REQUEST = "request"
    RESPONSE = "response"
    BOTH = "both"
    NOWHERE = "nowhere"
    """No operation leads to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A part of one of the two documents."""

    pointer: Pointer
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of the Python API of a client."""

    check: Check
    impact: Impact
    subject: Subject
    name: str
    """The method or model with its namespace, as the old version calls it where it had it: ``v2.list_accounts``."""
    member: str = ""
    """The argument, field, enum member or status that it is about; "" for the whole."""
    endpoint: str = ""
    """HTTP method and path, of an operation."""
    direction: Direction | None = None
    """Where it is used, of a model."""
    message: str
    """What changed, in one sentence."""
    remedy: str
    """What to change in user code; "" where there is nothing to do."""
    before: str = ""
    """The type, name or value in the old version."""
    after: str = ""
    """The same in the new version."""
    old: Place | None = None
    """None where the old document does not have it."""
    new: Place | None = None
    """None where the new document does not have it."""

    @property
    def severity(self) -> Severity:
        """How much attention it wants."""
        return severity_of(self.check, self.impact)

    @property
    def bump(self) -> Bump:
        """What it does to the version of the client."""
        return bump_of(self.check, self.impact)

    @property
    def symbol(self) -> str:
        """The thing in Python, dotted: ``v2.PostTransaction.script``."""
        return f"{self.name}.{self.member}" if self.member else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All changes of one service."""

    service: str
    """The name of the document, without its ending."""
    package: str
    """The import package of the newer client, or of the older where there is no newer."""
    distribution: str
    """The name of that client on a package index."""
    version: str
    """The version that its document gives it."""
    changes: tuple[Change, ...]
    """The worst first, then in the order of what they are about."""

    @property
    def verdict(self) -> Bump:
        """What must become of the version of the client."""
        return verdict_of(self.changes)


def verdict_of(changes: Iterable[Change]) -> Bump:
    """Return the largest step that any of some changes asks for."""
    return min((change.bump for change in changes), key=lambda bump: bump.rank, default=Bump.NONE)
