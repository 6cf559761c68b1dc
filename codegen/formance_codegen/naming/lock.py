"""Keep names once given: the text of `names.lock`, a line for each name, sorted."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from formance_codegen.diagnostics import Diagnostic, Outcome, diagnose
from formance_codegen.pointer import Pointer
from formance_codegen.source import SourceFile, Span

FILE: Final = "names.lock"
"""The file, beside the documents."""
_HEAD: Final = """\
# The Python name of each part of the documents: a name once given stays given.
# Written by `formance-codegen build`; commit it. `formance-codegen build --relock` starts anew.
"""
_LINE: Final = re.compile(
    r"(?P<document>\S+) (?P<kind>class|method|argument|field|value|reader) (?P<pointer>/\S*) (?P<name>[\w.]+)"
    r"(?: was (?P<was>[\w.]+) until after (?P<version>\S+))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """A name that was given."""

    name: str
    """With the namespace of the client in front, if it is in one: ``v2.Account``."""
    was: str = ""
    """The name before it, which is still there for one release."""
    version: str = ""
    """The version of the document in which it is still there."""

    @property
    def place(self) -> tuple[str, str]:
        """The namespace and the name in it."""
        return split(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What has a name."""

    kind: str
    """Of which kind it is in Python: a class, a method, an argument, a field, a value of an enum, or the
    reader of a webhook."""
    pointer: Pointer
    """Where the document has it (RFC 6901); a parameter is told by its place and name, a value of an enum by itself,
    and nothing by its position."""


Lock: TypeAlias = Mapping[Key, Locked]
"""The names of one document."""


def split(dotted: str) -> tuple[str, str]:
    """Return the namespace and the name of a dotted name; no namespace is ""."""
    namespace, _, name = dotted.rpartition(".")
    return namespace, name


def read_locks(source: SourceFile) -> Outcome[Mapping[str, Lock]]:
    """Return the names by document; an error (``invalid-lock``) for a line that is none."""
    locks: dict[str, dict[Key, Locked]] = {}
    errors: list[Diagnostic] = []
    for number, line in enumerate(source.text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            message = "the line is not `document /pointer name`; mend it, or remove it to have a new name given"
            errors.append(diagnose("invalid-lock", message, span=Span(file=source.name, line=number, column=1)))
            continue
        locked = Locked(name=match["name"], was=match["was"] or "", version=_unescaped(match["version"] or ""))
        key = Key(kind=match["kind"], pointer=Pointer(_unescaped(match["pointer"])))
        locks.setdefault(_unescaped(match["document"]), {})[key] = locked
    return Outcome(value=None if errors else locks, diagnostics=tuple(errors))


def write_locks(locks: Mapping[str, Lock]) -> str:
    """Return the text of a file of names."""
    return _HEAD + "".join(sorted(_lines(locks)))


def _lines(locks: Mapping[str, Lock]) -> Iterator[str]:
    for document, lock in locks.items():
        for key, locked in lock.items():
            old = f" was {locked.was} until after {_escaped(locked.version)}" if locked.was else ""
            yield f"{_escaped(document)} {key.kind} {_escaped(key.pointer)} {locked.name}{old}\n"


def _escaped(text: str) -> str:
    """Percent-encode what would end a word or a line, or begin a comment."""
    return "".join(
        (
            character
            if character.isprintable() and not character.isspace() and character not in "%#"
            else _encoded(character)
        )
        for character in text
    )


def _encoded(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", errors="surrogatepass"))


def _unescaped(text: str) -> str:
    parts = re.split(r"((?:%[0-9A-Fa-f]{2})+)", text)
    decoded = (
        bytes.fromhex(part.replace("%", "")).decode("utf-8", errors="surrogatepass") if part.startswith("%") else part
        for part in parts
    )
    return "".join(decoded)
