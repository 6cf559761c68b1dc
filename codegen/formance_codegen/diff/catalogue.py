"""The kinds of change that a comparison knows: a stable id each, whom it breaks, and what it means."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Impact(Enum):
    """Whom a change concerns, the worst first."""

    CALL = "breaking-call"
    """Code that calls or passes something fails."""
    READ = "breaking-read"
    """Code that reads, names or catches something fails."""
    TYPING = "typing"
    """Code runs as before; a type checker or a warning may speak up."""
    ADDITION = "addition"
    """Something new that nobody has to use."""
    DOCUMENTATION = "documentation"
    """Words, or the wire behind the same Python."""

    @property
    def is_breaking(self) -> bool:
        """Whether code that ran before may fail."""
        return self in (Impact.CALL, Impact.READ)

    @property
    def rank(self) -> int:
        """The place in the order: 0 is the worst."""
        return list(Impact).index(self)


class Severity(Enum):
    """How much attention a change wants."""

    ERROR = "error"
    """It breaks code."""
    WARNING = "warning"
    """The same code may do something else, or somebody is told so."""
    NOTE = "note"
    """For information."""


class Bump(Enum):
    """The part of a semantic version (semver.org 2.0) that must grow."""

    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"
    NONE = "none"
    """Nothing changed."""

    @property
    def rank(self) -> int:
        """The place in the order: 0 is the largest."""
        return list(Bump).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A kind of change."""

    id: str
    sent: Impact
    """Whom it concerns where the thing is part of a request."""
    read: Impact
    """Whom it concerns where the thing is part of an answer."""
    meaning: str
    warns: bool = False
    """Whether it wants attention although it breaks nothing."""


def severity_of(check: Check, impact: Impact) -> Severity:
    """Return how much attention a change wants."""
    if impact.is_breaking:
        return Severity.ERROR
    return Severity.WARNING if check.warns or impact is Impact.TYPING else Severity.NOTE


def bump_of(check: Check, impact: Impact) -> Bump:
    """Return what a change does to the version of the client.

    What only documents is a patch; where it is a warning (a deprecation, another default) users should see it coming.
    """
    match severity_of(check, impact):
        case Severity.ERROR:
            return Bump.MAJOR
        case Severity.WARNING:
            return Bump.MINOR
        case Severity.NOTE:
            return Bump.PATCH if impact is Impact.DOCUMENTATION else Bump.MINOR


_C, _R, _T, _A, _D = Impact.CALL, Impact.READ, Impact.TYPING, Impact.ADDITION, Impact.DOCUMENTATION


def _one(impact: Impact, rows: Iterable[tuple[str, str]], *, warns: bool = False) -> dict[str, Check]:
    return {slug: Check(id=slug, sent=impact, read=impact, meaning=text, warns=warns) for slug, text in rows}


def _two(rows: Iterable[tuple[str, Impact, Impact, str]]) -> dict[str, Check]:
    return {slug: Check(id=slug, sent=sent, read=read, meaning=text) for slug, sent, read, text in rows}


CHECKS: Final = {
    # The client as a whole
    **_one(
        _C,
        (
            ("service-removed", "a document is gone, and its client with it"),
            ("package-renamed", "the import package has another name"),
            ("distribution-renamed", "the distribution has another name on a package index"),
            ("client-renamed", "a client class has another name"),
            ("namespace-removed", "an attribute of the client, and the subpackage of its name, is gone"),
            ("namespace-renamed", "the class behind an attribute of the client has another name"),
            ("former-name-removed", "an old name of a method or model, deprecated in the last release, is gone"),
            ("server-required", "the server has no default any more and must be given"),
            ("server-variable-removed", "an argument of the client, for a part of the server's URL, is gone"),
            ("security-scheme-changed", "a security scheme is of another kind, or its key travels elsewhere"),
        ),
    ),
    **_one(_R, (("error-root-renamed", "the root of the exceptions has another name"),)),
    **_one(
        _A,
        (
            ("service-added", "a new document, and a client of it"),
            ("namespace-added", "the client has a new attribute with operations"),
            ("server-default-added", "the server has a default and may be left out"),
            ("server-variable-added", "the client has a new argument, for a part of the server's URL"),
        ),
    ),
    **_one(
        _D,
        (
            ("server-changed", "the default server is another one"),
            ("server-variable-changed", "a part of the server's URL has another default"),
            ("prefix-changed", "another prefix stands between the base URL and the paths"),
            ("token-url-changed", "client credentials are exchanged elsewhere"),
        ),
        warns=True,
    ),
    # Operations: what a user's code calls
    **_one(
        _C,
        (
            ("method-removed", "an operation is gone"),
            ("method-renamed", "the method of an operation has another name"),
            ("method-moved", "the method of an operation is in another namespace"),
            ("authentication-required", "an operation was open to everybody and now wants credentials"),
            ("security-changed", "an operation wants other credentials"),
            ("scope-added", "an operation wants one more OAuth2 scope"),
        ),
    ),
    **_one(_T, (("method-deprecated", "a method is deprecated: type checkers and a warning say so"),)),
    **_one(
        _A,
        (
            ("method-added", "a new operation"),
            ("method-undeprecated", "a method is no longer deprecated"),
            ("authentication-dropped", "an operation is open to everybody"),
            ("security-alternative-added", "an operation takes other credentials as well"),
            ("scope-removed", "an operation wants one OAuth2 scope less"),
        ),
    ),
    **_one(_D, (("endpoint-changed", "a method calls another path, or by another HTTP method"),), warns=True),
    **_one(
        _D,
        (
            ("method-description-changed", "the documentation of a method has other words"),
            ("long-running-changed", "the documentation says otherwise how to follow work that goes on"),
        ),
    ),
    # Arguments: what it passes
    **_one(
        _C,
        (
            ("argument-removed", "an argument is gone"),
            ("required-argument-added", "a new argument that must be given"),
            ("argument-renamed", "an argument has another name"),
            ("argument-moved", "an argument that could be given by position must be given by name"),
            ("argument-order-changed", "positional arguments stand in another order"),
            ("argument-became-required", "an argument must be given"),
            ("argument-type-narrowed", "an argument takes less than before"),
            ("argument-type-changed", "an argument takes something else"),
            ("argument-bounds-tightened", "the service refuses values of an argument that it took before"),
            ("body-removed", "the body is gone"),
            ("required-body-added", "a body must be given where there was none"),
            ("body-became-required", "the body must be given"),
            ("body-type-narrowed", "the body may be less than before"),
            ("body-type-changed", "the body is something else"),
            ("idempotency-key-removed", "a call takes no idempotency key, so it is not repeated after a failure"),
        ),
    ),
    **_one(
        _A,
        (
            ("argument-added", "a new argument that may be left out"),
            ("argument-became-optional", "an argument may be left out"),
            ("argument-became-positional", "an argument may be given by position"),
            ("argument-type-widened", "an argument takes more than before"),
            ("argument-bounds-loosened", "the service takes values of an argument that it refused before"),
            ("body-added", "a body may be given where there was none"),
            ("body-became-optional", "the body may be left out"),
            ("body-type-widened", "the body may be more than before"),
            ("idempotency-key-added", "a call takes an idempotency key, and is repeated after a failure"),
        ),
    ),
    **_one(
        _D,
        (
            ("argument-deprecated", "an argument is deprecated"),
            ("argument-default-changed", "the server takes another value for an argument that is left out"),
            ("argument-bounds-changed", "the service checks an argument by another pattern, or the like"),
            ("body-demanded", "the document demands the body of a GET or HEAD; the method lets it be left out still"),
            ("body-media-type-changed", "the body travels in another media type"),
        ),
        warns=True,
    ),
    **_one(
        _D,
        (
            ("argument-undeprecated", "an argument is no longer deprecated"),
            ("argument-location-changed", "an argument travels elsewhere in the request"),
            ("argument-encoding-changed", "an argument is written another way on the wire"),
            ("body-no-longer-demanded", "the document lets the body of a GET or HEAD be left out, as the method did"),
            ("body-media-type-added", "the body may travel in one more media type"),
            ("body-media-type-removed", "the body may travel in one media type less"),
        ),
    ),
    # Results and errors: what it gets and catches
    **_one(
        _R,
        (
            ("paging-gained", "a method gives pages to walk through in place of one answer"),
            ("paging-lost", "a method gives one answer in place of pages to walk through"),
            ("result-type-widened", "a method may give more than before"),
            ("result-type-changed", "a method gives something else"),
            ("error-type-widened", "the body of an error may be more than before"),
            ("error-type-changed", "the body of an error is something else"),
        ),
    ),
    **_one(
        _T,
        (
            ("result-type-narrowed", "a method gives less than before"),
            ("error-type-narrowed", "the body of an error is less than before"),
        ),
    ),
    **_one(
        _D,
        (
            ("paging-changed", "the next page is asked for in another way, or no longer"),
            ("response-header-removed", "a declared header of the answer is gone (`capture_response()`)"),
            ("error-removed", "a status is no longer declared; it is raised all the same, without a typed body"),
        ),
        warns=True,
    ),
    **_one(
        _D,
        (
            ("status-changed", "success has another status; the result is the same"),
            ("response-media-type-changed", "the answer travels in another media type; the result is the same"),
            ("response-header-added", "the answer declares one more header (`capture_response()`)"),
            ("error-added", "one more status of an error is declared"),
        ),
    ),
    # Webhooks and callbacks: what is received
    **_one(
        _R,
        (
            ("webhook-removed", "a webhook or callback is gone, and its reader with it"),
            ("webhook-renamed", "the reader of a webhook or callback has another name"),
            ("webhook-type-widened", "a webhook may hold more than before"),
            ("webhook-type-changed", "a webhook holds something else"),
            ("exports-removed", "the package no longer has names for what the service sends"),
            ("webhook-signature-changed", "what the service sends is signed in another way, or not at all"),
        ),
    ),
    **_one(_T, (("webhook-type-narrowed", "a webhook holds less than before"),)),
    **_one(
        _A,
        (
            ("webhook-added", "a new webhook or callback"),
            ("exports-added", "the package has names for what the service sends"),
            ("webhook-signature-added", "what the service sends is signed, and can be verified"),
        ),
    ),
    **_one(_D, (("webhook-deprecated", "a webhook or callback is deprecated"),), warns=True),
    **_one(_D, (("webhook-undeprecated", "a webhook or callback is no longer deprecated"),)),
    # Models: what is built, read and imported
    **_one(
        _A,
        (
            ("model-added", "a new model"),
            ("field-added", "a new field that nobody has to give"),
        ),
    ),
    **_one(
        _D, (("field-deprecated", "a field is deprecated"), ("model-deprecated", "a model is deprecated")), warns=True
    ),
    **_one(_D, (("field-default-changed", "the server takes another value for an absent field"),), warns=True),
    **_one(
        _D,
        (
            ("model-became-alias", "the name of a model stands for another model that is the same"),
            ("model-module-changed", "a model is defined in another module; where it is imported from is the same"),
            ("model-description-changed", "the documentation of a model has other words"),
            ("model-undeprecated", "a model is no longer deprecated"),
            ("field-undeprecated", "a field is no longer deprecated"),
            ("field-wire-name-changed", "a field has another name on the wire, and the same in Python"),
            ("field-read-only-changed", "the document says otherwise who sets a field"),
            ("union-tag-changed", "the variants of a union are told apart in another way"),
        ),
    ),
    "field-bounds-changed": Check(
        id="field-bounds-changed",
        sent=_D,
        read=_D,
        meaning="the service checks a field by another pattern, or the like",
        warns=True,
    ),
    **_two(
        (
            ("field-bounds-tightened", _C, _D, "the service refuses values of a field that it took before"),
            ("field-bounds-loosened", _A, _D, "the service takes values of a field that it refused before"),
            ("model-removed", _C, _R, "a model is gone"),
            ("model-renamed", _C, _R, "a model has another name"),
            ("model-moved", _C, _R, "a model is in another namespace"),
            ("model-kind-changed", _C, _R, "a model is another kind of thing: a class, an enum or a plain type"),
            ("field-renamed", _C, _R, "a field has another name in Python"),
            ("field-removed", _C, _R, "a field is gone"),
            ("required-field-added", _C, _A, "a new field that must be given"),
            ("field-became-required", _C, _T, "a field must be given; it is always there"),
            ("field-became-optional", _A, _R, "a field may be left out; it may be None"),
            ("field-became-nullable", _A, _R, "a field may be None"),
            ("field-became-non-nullable", _C, _T, "a field may not be None"),
            ("field-type-narrowed", _C, _T, "a field takes or holds less than before"),
            ("field-type-widened", _A, _R, "a field takes or holds more than before"),
            ("field-type-changed", _C, _R, "a field takes or holds something else"),
            ("extra-type-narrowed", _C, _T, "undeclared fields take or hold less than before"),
            ("extra-type-widened", _A, _R, "undeclared fields take or hold more than before"),
            ("extra-type-changed", _C, _R, "undeclared fields take or hold something else"),
            ("alias-type-narrowed", _C, _T, "a named type takes or holds less than before"),
            ("alias-type-widened", _A, _R, "a named type takes or holds more than before"),
            ("alias-type-changed", _C, _R, "a named type is something else"),
            ("enum-value-removed", _C, _R, "a member of an enum is gone, and code that names it fails"),
            ("enum-value-renamed", _C, _R, "a member of an enum has another name in Python"),
            ("enum-value-added", _A, _A, "an enum has a new member; enums are open, so it could come before"),
            ("variant-added", _A, _T, "a union has a new variant; before, it was read as raw data"),
            ("variant-removed", _C, _T, "a union has a variant less"),
        )
    ),
}
"""All kinds of change, by id."""
