"""A document that was read: checked data of one dialect, OpenAPI 3.1, with a place for every part."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from formance_codegen.diagnostics import Diagnostic, Outcome, Severity, diagnose
from formance_codegen.load.addresses import address_of
from formance_codegen.load.bundle import bundle
from formance_codegen.load.dialects import OPENAPI_3, SWAGGER_2
from formance_codegen.load.doubts import find_doubts
from formance_codegen.load.findings import Findings
from formance_codegen.load.json_value import MISSING, JsonValue, Missing, find, kind_of
from formance_codegen.load.mending import mend_references
from formance_codegen.load.newer import from_newer
from formance_codegen.load.normalise import normalise
from formance_codegen.load.overlay import apply_overlays
from formance_codegen.load.parsed import Parsed
from formance_codegen.load.refs import check_references
from formance_codegen.load.spans import nearest
from formance_codegen.load.swagger import from_swagger
from formance_codegen.load.yaml import parse
from formance_codegen.pointer import ROOT, Pointer, join
from formance_codegen.source import SourceFile, Span

_SWAGGER: Final = "2.0"
_READ = re.compile(r"3\.[012](?:\.\d+)?(?:-.*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An OpenAPI document in the dialect of 3.1, whatever it was written in."""

    source: SourceFile
    data: JsonValue
    """After normalising: see ``normalise``."""
    version: str
    """As declared, such as ``3.0.3``."""
    spans: Mapping[Pointer, Span]

    def span(self, pointer: Pointer) -> Span:
        """Return where the part at ``pointer`` starts, or else the closest part around it that the text shows."""
        return nearest(self.spans, pointer)

    def at(self, pointer: Pointer) -> JsonValue | Missing:
        """Return the part at ``pointer`` of the normalised data, or ``MISSING``; references are not followed."""
        return find(self.data, pointer)


def load(source: SourceFile, overlays: Sequence[SourceFile] = ()) -> Outcome[Document]:
    """Return the document that a text describes, with overlays applied to it before anything else.

    It is parsed, changed by the overlays in their order, of a version that is read, brought together with the
    documents that it refers to, normalised, and its references lead somewhere.
    Errors: those of ``parse`` and ``apply_overlays``, ``not-openapi``, ``unsupported-version`` and those of
    ``bundle`` and ``mend_references``.
    """
    outcome = _parsed(source, overlays)
    if outcome.value is None:
        return Outcome(value=None, diagnostics=outcome.diagnostics)
    version = _version(outcome.value)
    if isinstance(version, Diagnostic):
        return Outcome(value=None, diagnostics=(*outcome.diagnostics, version))
    is_swagger = version == _SWAGGER
    whole = bundle(outcome.value, address_of(source), source.linked, SWAGGER_2 if is_swagger else OPENAPI_3)
    if whole.value is None:
        faults = tuple(_local_faults(outcome.value))
        return Outcome(value=None, diagnostics=(*outcome.diagnostics, *faults, *whole.diagnostics))
    plain, findings = _of_one_kind(whole.value, version)
    normal = normalise(plain.data, plain.spans)
    mended = mend_references(Parsed(data=normal.data, spans=normal.spans))
    found = (*whole.diagnostics, *findings.diagnostics, *normal.diagnostics)
    diagnostics = (*outcome.diagnostics, *found, *mended.diagnostics)
    if mended.value is None or any(found.severity is Severity.ERROR for found in diagnostics):
        return Outcome(value=None, diagnostics=diagnostics)
    data, spans = mended.value.data, mended.value.spans
    document = Document(source=source, data=data, version=version, spans=spans)
    return Outcome(value=document, diagnostics=(*diagnostics, *find_doubts(data, spans)))


def _parsed(source: SourceFile, overlays: Sequence[SourceFile]) -> Outcome[Parsed]:
    outcome = parse(source)
    if outcome.value is None or not overlays:
        return outcome
    changed = apply_overlays(outcome.value, overlays)
    return Outcome(value=changed.value, diagnostics=(*outcome.diagnostics, *changed.diagnostics))


def _of_one_kind(parsed: Parsed, version: str) -> tuple[Parsed, Findings]:
    """Return a document of any version as one of 3.0 or 3.1."""
    if version == _SWAGGER:
        return from_swagger(parsed)
    return from_newer(parsed) if version.startswith("3.2") else (parsed, Findings(spans={}))


def _local_faults(parsed: Parsed) -> Iterator[Diagnostic]:
    """Yield what is wrong with references inside a document whose references to others are wrong, too."""
    for found in check_references(parsed.data, parsed.spans):
        written = MISSING if found.pointer is None else find(parsed.data, found.pointer)
        if isinstance(written, str) and written.startswith("#/"):
            yield found


def _version(parsed: Parsed) -> str | Diagnostic:
    """Return the declared version, or why the document is not read."""
    data, root = parsed.data, nearest(parsed.spans, ROOT)
    if not isinstance(data, dict):
        return diagnose("not-openapi", f"the document is {kind_of(data)}, not a mapping", span=root, pointer=ROOT)
    key = "swagger" if "swagger" in data and "openapi" not in data else "openapi"
    if key not in data:
        return diagnose("not-openapi", 'the document has no key "openapi"', span=root, pointer=ROOT)
    # Without quotes 3.1 is a number.
    declared = data[key]
    version = str(declared) if isinstance(declared, str | float | int) else kind_of(declared)
    if _READ.fullmatch(version) if key == "openapi" else version == _SWAGGER:
        return version
    name = "OpenAPI" if key == "openapi" else "Swagger"
    message = f"{name} {version} is not read; Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are"
    pointer = join(ROOT, key)
    return diagnose("unsupported-version", message, span=nearest(parsed.spans, pointer), pointer=pointer)
