"""Diagnostics as data: what was found in a document, where, and what was done instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final, Generic, TypeVar

from formance_codegen.pointer import Pointer
from formance_codegen.source import Span

T = TypeVar("T")


class Severity(Enum):
    """How much a diagnostic weighs."""

    ERROR = "error"
    """Nothing is written."""
    WARNING = "warning"
    """The output deviates from the document."""
    NOTE = "note"
    """For information."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A kind of diagnostic: a stable slug, its severity and its meaning in one line."""

    slug: str
    severity: Severity
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One finding: what was found, what was done instead, where, and how to mend it."""

    code: Code
    message: str
    span: Span | None = None
    pointer: Pointer | None = None
    notes: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        """The severity of the code."""
        return self.code.severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[T]):
    """What a stage returns: a value, or None after an error, and its diagnostics."""

    value: T | None
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether an error is among the diagnostics."""
        return self.value is None or any(found.severity is Severity.ERROR for found in self.diagnostics)


def _codes(severity: Severity, meanings: Iterable[tuple[str, str]]) -> dict[str, Code]:
    return {slug: Code(slug=slug, severity=severity, meaning=meaning) for slug, meaning in meanings}


CODES: Final = {
    **_codes(
        Severity.ERROR,
        (
            ("unreadable-file", "a file cannot be read"),
            ("not-yaml", "the text is neither YAML nor JSON"),
            ("duplicate-key", "a mapping has the same key twice"),
            ("not-openapi", "the document is not an OpenAPI description"),
            ("unsupported-version", "the version of OpenAPI is not one that is read"),
            ("invalid-document", "a part of the document breaks the OpenAPI specification"),
            ("external-reference", "a $ref leads out of the document"),
            ("invalid-overlay", "an overlay breaks the Overlay specification, or cannot be applied"),
            ("unsupported-overlay", "an overlay asks for what Overlay 1.0 does not have"),
            ("invalid-hint", "a hint (x-formance-…) does not say what it should"),
            ("invalid-config", "a setting is unknown or has the wrong type"),
            ("invalid-lock", "a line of names.lock is none"),
            ("unknown-name", "something is asked for by a name that nothing has"),
            ("invalid-template", "a template of the user cannot be read or rendered"),
            ("foreign-file", "a file stands where the generator would write, and it did not write it"),
            ("edited-file", "a generated file was edited, and its changes would be lost"),
            ("stale-file", "a generated file is not what would be written now"),
            ("missing-file", "a generated file is not there"),
            ("orphaned-file", "a generated file is no longer made"),
            ("unwritable-file", "the system refuses to write a file"),
            ("download-failed", "a release cannot be downloaded"),
            ("wrong-hash", "a release is not the one that was pinned under its version"),
        ),
    ),
    **_codes(
        Severity.WARNING,
        (
            ("broken-reference", "a $ref leads nowhere; what was made of it is said"),
            ("circular-reference", "a $ref leads back to itself; what was made of it is said"),
            ("undefined-security-scheme", "a security requirement names a scheme that is not defined"),
            ("unsupported-security-scheme", "a security scheme is one that a client cannot meet"),
            ("duplicate-operation", "two operations have the same operationId"),
            ("duplicate-enum-value", "an enum lists a value twice"),
            ("undeclared-path-parameter", "a path template has a parameter that is not declared"),
            ("unused-path-parameter", "a path parameter does not occur in the path template"),
            ("unsupported-media-type", "a media type has no counterpart in the client"),
            ("unsupported-feature", "a part of the document has no counterpart in the client"),
            ("overlay-without-effect", "a target of an overlay selects nothing in the document"),
            ("unused-hint", "a hint (x-formance-…) has no meaning where it stands"),
            ("doubtful", "the document cannot mean what it says; what was made of it is said"),
            ("conflicting-all-of", "members of an allOf contradict each other"),
            ("unknown-link", "a link of an answer leads to no operation of the document"),
            ("name-changed", "something has another Python name than before"),
            ("lost-comments", "a document is written anew, and its comments are lost"),
        ),
    ),
    **_codes(
        Severity.NOTE,
        (
            ("integer-key", "a mapping key is not a string"),
            ("extension-in-paths", "a key of paths is not a path"),
            ("missing-operation-id", "an operation has no operationId"),
            ("required-without-property", "required names a property that is not declared"),
            ("repaired", "a harmless slip against the OpenAPI specification is read as it is meant"),
            ("unused-keyword", "a schema keyword does not apply to the type beside it"),
            ("unknown-format", "a format is unknown"),
            ("ambiguous-union", "the variants of a union cannot be told apart by their shape"),
            ("outside-credential", "a security scheme is met by what the user brings"),
            ("ignored-server", "a server is not one that users can reach"),
            ("ignored-header", "a header parameter is the client's own business"),
            ("get-body", "a GET or HEAD operation has a body"),
            ("no-response-schema", "a success response has no schema"),
            ("renamed", "a name was taken and another was chosen"),
            ("response-variant", "only one of the media types of a response is read"),
            ("kept-addition", "a part of our document stays though the release does not have it"),
        ),
    ),
}
"""All diagnostics, by slug."""


def diagnose(
    slug: str, message: str, *, span: Span | None = None, pointer: Pointer | None = None, notes: tuple[str, ...] = ()
) -> Diagnostic:
    """Return a diagnostic of a registered code."""
    return Diagnostic(code=CODES[slug], message=message, span=span, pointer=pointer, notes=notes)
