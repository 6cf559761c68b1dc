"""Brings one document up to one release: from the bytes of both to the new text and what changed."""

import hashlib
import re
from dataclasses import dataclass, replace

from formance_codegen.diagnostics import Diagnostic, Outcome, diagnose
from formance_codegen.load.json_value import JsonValue, as_mapping, as_text
from formance_codegen.source import SourceFile, Span
from formance_codegen.update.changes import Changes, changes
from formance_codegen.update.graft import graft
from formance_codegen.update.merge import merge
from formance_codegen.update.release import bare, read_document, read_release
from formance_codegen.update.sources import Source
from formance_codegen.update.writing import to_json, to_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A document at a release."""

    text: str
    """Of the document; the old one where nothing but layout would change."""
    source: Source
    """With the version and the hash of the release."""
    changes: Changes
    """On the wire, against the document as it was."""


def revise(current: SourceFile, content: bytes, source: Source, version: str) -> Outcome[Revision]:
    """Return a document with the facts of a release.

    Args:
        current: Our document as it is; one that does not exist yet is empty.
        content: The release, as it was published.
        source: Says whose words the document has.
        version: Of the release; where it is empty, the document's own counts.

    The outcome is an error where the release is not what was pinned under its version (``wrong-hash``) or no
    document that a client can be made of, and where ours is none. Notes (``kept-addition``) tell which facts of ours
    stay though the release does not have them.
    """
    digest = hashlib.sha256(content).hexdigest()
    if source.sha256 and version and version == source.version and digest != source.sha256:
        return Outcome(value=None, diagnostics=(_wrong_hash(version, source, digest),))
    name = f"{current.name.rpartition('/')[2].rpartition('.')[0]} {version}".strip()
    published = read_release(content, name)
    ours: Outcome[JsonValue] = read_document(current) if current.text.strip() else Outcome(value={})
    if published.value is None or ours.value is None:
        return Outcome(value=None, diagnostics=(*published.diagnostics, *ours.diagnostics))
    version = version or as_text(as_mapping(as_mapping(published.value).get("info")).get("version")) or ""
    data, notes = _data(ours.value, published.value, source, version, current.name)
    text, remarks = _text(current, ours.value, data)
    faults = read_document(SourceFile(name=current.name, text=text)).diagnostics
    if faults:
        blame = diagnose("invalid-document", f"{name} and {current.name} do not go together; nothing of it is taken")
        return Outcome(value=None, diagnostics=(blame, *faults))
    revision = Revision(
        text=text,
        source=replace(source, version=version, sha256=digest),
        changes=changes(ours.value, data),
    )
    return Outcome(value=revision, diagnostics=(*notes, *remarks))


def _wrong_hash(version: str, source: Source, digest: str) -> Diagnostic:
    notes = (
        f"expected sha256 {source.sha256}, found {digest}",
        "the publisher changed it, or something on the way did: compare both before you trust it",
        "to accept it, remove sha256 of this document from sources.toml",
    )
    return diagnose("wrong-hash", f"{version} is not the file that was pinned under this version", notes=notes)


def _data(
    ours: JsonValue, published: JsonValue, source: Source, version: str, name: str
) -> tuple[JsonValue, tuple[Diagnostic, ...]]:
    if source.prose == "published":
        return graft(ours, published), ()
    merged = merge(ours, bare(published, name), version=re.sub(r"^v(?=\d)", "", version))
    span = Span(file=name, line=1, column=1)
    notes = (
        diagnose("kept-addition", f"{place} stays, though the release does not have it", span=span)
        for place in merged.kept
    )
    return merged.data, tuple(notes)


def _text(current: SourceFile, ours: JsonValue, data: JsonValue) -> tuple[str, tuple[Diagnostic, ...]]:
    """Return the text of the new data, in the form of the file; the old text where the data is the same."""
    if data == ours:
        return current.text, ()
    if current.name.endswith(".json"):
        return to_json(data), ()
    comment = re.search(r"(?m)^[ \t]*#.*$", current.text)
    # In our own style, a line that begins so is part of a text.
    if comment is None or to_yaml(ours) == current.text:
        return to_yaml(data), ()
    line = current.text.count("\n", 0, comment.start()) + 1
    message = "the document is written anew in the tool's style; its comments are lost"
    return to_yaml(data), (diagnose("lost-comments", message, span=Span(file=current.name, line=line, column=1)),)
