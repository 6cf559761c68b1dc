"""The settings of a build: what `[tool.formance-codegen]` may say, read and checked."""

import difflib
import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, TypeGuard

from formance_codegen.diagnostics import Diagnostic, Outcome, diagnose
from formance_codegen.pointer import Pointer
from formance_codegen.source import Span

Platform: TypeAlias = Literal["stack", "cloud", ""]

TABLE: Final = ("tool", "formance-codegen")
"""The table of ``pyproject.toml`` that holds the settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceConfig:
    """The settings of one document; the defaults suit any API that is not Formance's."""

    package: str | None = None
    """The import package; made from the document's title where None."""
    distribution: str | None = None
    """The name on a package index; made from ``package`` where None."""
    client: str | None = None
    """The class name of the sync client; made from ``package`` where None."""
    platform: Platform = ""
    """``"stack"`` is a Formance stack, ``"cloud"`` is Formance Cloud, ``""`` is any other API."""
    prefix: str = ""
    """What stands between the base URL and the paths of the document, such as ``/api/ledger``."""
    token_url: str | None = None
    """Where client credentials are exchanged, relative to the base URL or absolute; the document's own where None."""
    error_root: str | None = None
    """The class name of the root of all errors; made from ``package`` where None."""
    renames: Mapping[Pointer, str] = field(default_factory=dict[Pointer, str])
    """Names chosen by hand for parts of the document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StackConfig:
    """The settings of the package that leads to all services of a stack."""

    package: str = "formance_stack"
    """The import package."""
    distribution: str | None = None
    """The name on a package index; made from ``package`` where None."""
    client: str = "Formance"
    """The class name of the sync client."""
    version: str = "0.1.0"
    """The version of the distribution: no document has one for it."""
    token_url: str | None = "/api/auth/oauth/token"
    """Where client credentials are exchanged, relative to the base URL or absolute."""
    services: tuple[str, ...] | None = None
    """Documents by name; all whose platform is a stack where None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings of a build; paths are relative to the file that holds them."""

    specs: str = "specs"
    """The folder of the documents."""
    output: str = "generated"
    """The folder that gets one project per document."""
    services: Mapping[str, ServiceConfig] = field(default_factory=dict[str, ServiceConfig])
    """By the document's file name without its ending."""
    stack: StackConfig | None = None
    """What leads to all services of a stack; None: there is no such package."""


def read_config(data: Mapping[str, object], name: str, *, text: str = "") -> Outcome[Config]:
    """Read the settings from the content of the table ``[tool.formance-codegen]``.

    Args:
        data: The content of the table.
        name: The file, as diagnostics name it.
        text: The text of the file, to tell lines; each finding is at the top without it.
    """
    reader = _Reader(file=name, lines=tuple(text.splitlines()))
    reader.refuse_unknown(data, _CONFIG_KEYS, ())
    config = Config(
        specs=reader.text(data, "specs", ()) or "specs",
        output=reader.text(data, "output", ()) or "generated",
        services={
            stem: _service(reader, table, ("services", stem))
            for stem, table in reader.table(data, "services", ()).items()
            if reader.is_table(table, ("services", stem))
        },
        stack=_stack(reader, reader.table(data, "stack", ()), ("stack",)) if "stack" in data else None,
    )
    return Outcome(value=None if reader.found else config, diagnostics=tuple(reader.found))


def _service(reader: "_Reader", table: object, path: "_Path") -> ServiceConfig:
    data: Mapping[str, object] = table if _is_mapping(table) else {}
    reader.refuse_unknown(data, _SERVICE_KEYS, path)
    platform = _platform(reader, data, path)
    renames = reader.table(data, "renames", path)
    return ServiceConfig(
        package=reader.identifier(data, "package", path),
        distribution=reader.text(data, "distribution", path),
        client=reader.identifier(data, "client", path),
        platform=platform,
        prefix=_prefix(reader, data, path),
        token_url=reader.text(data, "token_url", path) or _TOKEN_URLS[platform],
        error_root=reader.identifier(data, "error_root", path) or ("FormanceError" if platform else None),
        renames={Pointer(key): _rename(reader, renames, key, (*path, "renames")) for key in renames},
    )


def _stack(reader: "_Reader", data: Mapping[str, object], path: "_Path") -> StackConfig:
    defaults = StackConfig()
    reader.refuse_unknown(data, _STACK_KEYS, path)
    version = reader.text(data, "version", path) or defaults.version
    if not re.fullmatch(r"\d+(\.\d+)*", version):
        reader.report(f'"{version}" is not a version: it must be numbers with dots between them', (*path, "version"))
    return StackConfig(
        package=reader.identifier(data, "package", path) or defaults.package,
        distribution=reader.text(data, "distribution", path),
        client=reader.identifier(data, "client", path) or defaults.client,
        version=version,
        token_url=reader.text(data, "token_url", path) or _TOKEN_URLS["stack"],
        services=reader.names(data, "services", path),
    )


def _platform(reader: "_Reader", data: Mapping[str, object], path: "_Path") -> Platform:
    match reader.text(data, "platform", path) or "":
        case "stack" | "cloud" | "" as platform:
            return platform
        case other:
            hint = _suggestion(other, ("stack", "cloud"))
            reader.report(f'"{other}" is not a platform{hint}: "stack", "cloud" or "" is', (*path, "platform"))
            return ""


def _prefix(reader: "_Reader", data: Mapping[str, object], path: "_Path") -> str:
    prefix = reader.text(data, "prefix", path) or ""
    if prefix and (not prefix.startswith("/") or prefix.endswith("/")):
        reader.report(f'the prefix "{prefix}" must begin with a slash and end without one', (*path, "prefix"))
    return prefix


def _rename(reader: "_Reader", renames: Mapping[str, object], key: str, path: "_Path") -> str:
    if key and not key.startswith("/"):
        reader.report(f'"{key}" is not a JSON pointer: it must begin with a slash', (*path, key))
    return reader.identifier(renames, key, path) or ""


_Path: TypeAlias = tuple[str, ...]

_CONFIG_KEYS: Final = ("specs", "output", "services", "stack")
_STACK_KEYS: Final = ("package", "distribution", "client", "version", "token_url", "services")
_SERVICE_KEYS: Final = (
    "package",
    "distribution",
    "client",
    "platform",
    "prefix",
    "token_url",
    "error_root",
    "renames",
)
_TOKEN_URLS: Final[Mapping[Platform, str | None]] = {"stack": "/api/auth/oauth/token", "cloud": None, "": None}


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Reads typed values out of a table and gathers what is wrong with them."""

    file: str
    lines: tuple[str, ...]
    found: list[Diagnostic] = field(default_factory=list[Diagnostic])

    def text(self, data: Mapping[str, object], key: str, path: _Path) -> str | None:
        value = data.get(key)
        if value is None or isinstance(value, str):
            return value
        self.report(f"{key} must be a string, not {_kind(value)}", (*path, key))
        return None

    def identifier(self, data: Mapping[str, object], key: str, path: _Path) -> str | None:
        value = self.text(data, key, path)
        if value is None or (value.isidentifier() and not keyword.iskeyword(value)):
            return value
        self.report(f'"{value}" is not a Python name', (*path, key))
        return None

    def names(self, data: Mapping[str, object], key: str, path: _Path) -> tuple[str, ...] | None:
        value = data.get(key)
        if value is None:
            return None
        found = tuple(item for item in value if isinstance(item, str)) if _is_list(value) else ()
        if not _is_list(value) or len(found) < len(value):
            self.report(f"{key} must be a list of strings, not {_kind(value)}", (*path, key))
        return found

    def table(self, data: Mapping[str, object], key: str, path: _Path) -> Mapping[str, object]:
        value = data.get(key, {})
        return value if self.is_table(value, (*path, key)) and _is_mapping(value) else {}

    def is_table(self, value: object, path: _Path) -> bool:
        if _is_mapping(value):
            return True
        self.report(f"{path[-1]} must be a table, not {_kind(value)}", path)
        return False

    def refuse_unknown(self, data: Mapping[str, object], allowed: tuple[str, ...], path: _Path) -> None:
        for key in data:
            if key not in allowed:
                note = f"settings here are {', '.join(allowed)}"
                self.report(f'there is no setting "{key}"{_suggestion(key, allowed)}', (*path, key), note)

    def report(self, message: str, path: _Path, *notes: str) -> None:
        span = Span(file=self.file, line=_line(self.lines, (*TABLE, *path)), column=1)
        self.found.append(diagnose("invalid-config", message, span=span, notes=notes))


def _is_mapping(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, Mapping)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _kind(value: object) -> str:
    match value:
        case bool():
            return "a boolean"
        case str():
            return "a string"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case Mapping():
            return "a table"
        case _:
            return "a date or time"


def _suggestion(word: str, allowed: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, tuple(allowed), n=1)
    return f' (do you mean "{close[0]}"?)' if close else ""


def _line(lines: tuple[str, ...], path: _Path) -> int:
    """Return the line where a key most likely stands: the deepest header and key of the path that the text spells."""
    best, depth = 1, 0
    header: _Path = ()
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text.startswith("["):
            header = spelled = _keys(text.split("]")[0].strip("["))
        else:
            spelled = (*header, *_keys(text.split("=")[0]))
        if len(spelled) > depth and path[: len(spelled)] == spelled:
            best, depth = number, len(spelled)
    return best


def _keys(dotted: str) -> _Path:
    return tuple(key.strip().strip("\"'") for key in dotted.split("."))
