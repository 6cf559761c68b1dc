"""The file `sources.toml` beside the documents: where each is published, which release it is, how it is followed."""

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, TypeGuard
from urllib.parse import quote

from formance_codegen.diagnostics import Diagnostic, Outcome, diagnose
from formance_codegen.source import SourceFile, Span

SOURCES: Final = "sources.toml"
"""The name of the file, in the folder of the documents."""

Prose: TypeAlias = Literal["ours", "published"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where one document is published, and the release that ours stands for."""

    address: str
    """Where a release is; ``{version}`` stands for its version. Without it, the address has the newest one only."""
    latest: str | None = None
    """An address that redirects to ``…/tag/<version>`` of the newest release."""
    version: str = ""
    """The release that our document stands for, written as the publisher's tag; empty before the first one."""
    sha256: str = ""
    """Of the bytes of that release, in hexadecimal."""
    prose: Prose = "published"
    """Whose words the document has: the publisher's, or our own, of which nothing is ever overwritten."""

    def address_of(self, version: str) -> str:
        """Return where a release is published."""
        return self.address.replace("{version}", quote(version, safe=""))

    @property
    def is_versioned(self) -> bool:
        """Whether each release has an address of its own."""
        return "{version}" in self.address


def read_sources(source: SourceFile) -> Outcome[Mapping[str, Source]]:
    """Read the file; by the name of the document without its ending. Findings are ``invalid-config`` errors."""
    try:
        data = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        return Outcome(value=None, diagnostics=(_finding(source, str(error).partition(" (")[0], ()),))
    found: list[Diagnostic] = []
    sources = {name: _source(source, name, table, found) for name, table in data.items()}
    return Outcome(value=None if found else sources, diagnostics=tuple(found))


def pinned(text: str, releases: Mapping[str, tuple[str, str]]) -> str:
    """Return the text of the file with other versions and hashes; comments and layout stay.

    Args:
        releases: The version and the hash by name of the document.
    """
    # It is needed only when something is written.
    from tomlkit import dumps, parse
    from tomlkit.items import AbstractTable

    document = parse(text)
    for name, (version, digest) in releases.items():
        table = document[name]
        if isinstance(table, AbstractTable):
            table["version"] = version
            table["sha256"] = digest
    return dumps(document)


def is_older(version: str, other: str) -> bool:
    """Whether a version comes before another one (semantic versions, with or without ``v``); False where unsure."""
    one, two = (_SEMANTIC.fullmatch(text) for text in (version, other))
    if one is None or two is None:
        return False
    numbers = tuple(tuple(map(int, found.group(1, 2, 3))) for found in (one, two))
    # A pre-release comes before its release (Semantic Versioning 2.0.0, section 11).
    return numbers[0] < numbers[1] or (numbers[0] == numbers[1] and bool(one[4]) and not two[4])


_SEMANTIC: Final = re.compile(r"v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")
_KEYS: Final = ("address", "latest", "version", "sha256", "prose")


def _source(file: SourceFile, name: str, table: object, found: list[Diagnostic]) -> Source:
    if not _is_table(table):
        found.append(_finding(file, f"{name} must be a table with an address", (name,)))
        return Source(address="")
    for key, value in table.items():
        if key not in _KEYS:
            close = difflib.get_close_matches(key, _KEYS, n=1)
            hint = f' (do you mean "{close[0]}"?)' if close else f"; there are {', '.join(_KEYS)}"
            found.append(_finding(file, f'there is no setting "{key}"{hint}', (name, key)))
        elif not isinstance(value, str):
            found.append(_finding(file, f"{key} must be a string", (name, key)))
    texts = {key: value for key, value in table.items() if isinstance(value, str)}
    found += [
        _finding(file, fault, (name, key))
        for key in ("address", "latest")
        if key in texts and (fault := fault_of_address(texts[key]))
    ]
    if "address" not in table:
        found.append(_finding(file, f"{name} has no address", (name,)))
    if not re.fullmatch(r"(?:[0-9a-f]{64})?", texts.get("sha256", "")):
        found.append(_finding(file, "sha256 must be 64 hexadecimal digits in lower case", (name, "sha256")))
    match texts.get("prose", "published"):
        case "ours" | "published" as prose:
            pass
        case other:
            prose = "published"
            found.append(_finding(file, f'"{other}" is no choice: prose is "ours" or "published"', (name, "prose")))
    return Source(
        address=texts.get("address", ""),
        latest=texts.get("latest"),
        version=texts.get("version", ""),
        sha256=texts.get("sha256", ""),
        prose=prose,
    )


def fault_of_address(address: str) -> str | None:
    """Say what is wrong with an address, or None: only https is safe, and plain http inside this machine."""
    place = re.match(r"(https?)://(?:[^/@]*@)?(\[[0-9a-fA-F:.]+\]|[^\s/:?#\[\]@]+)(?=[:/?#]|$)", address)
    if place is None:
        return f'"{address}" is no address: it must begin with https://'
    if place[1] == "http" and place[2] not in ("localhost", "127.0.0.1", "[::1]"):
        return f'"{address}" is not safe: what comes over http may be anybody\'s; use https'
    return None


def _is_table(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, dict)


def _finding(file: SourceFile, message: str, path: tuple[str, ...]) -> Diagnostic:
    line = _line(file.text.splitlines(), path)
    return diagnose("invalid-config", message, span=Span(file=file.name, line=line, column=1))


def _line(lines: list[str], path: tuple[str, ...]) -> int:
    """Return the line of a table's header, or that of a key in it, as they are usually written."""
    place, inside = 1, False
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text.startswith("["):
            inside = text.strip("[]").strip(" \"'") == path[:1][0] if path else False
            place = number if inside else place
        elif inside and len(path) > 1 and text.partition("=")[0].strip(" \"'") == path[1]:
            return number
    return place
