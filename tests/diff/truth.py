"""What griffe finds when it compares two generated clients, in terms of what `diff` tells."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import griffe

from formance_codegen.config import ServiceConfig
from formance_codegen.diff.change import Change, Comparison
from formance_codegen.pipeline import generate
from formance_codegen.resources import read_templates
from formance_codegen.source import SourceFile

_PRIVATE: Final = ("_core", "_operations", "SERVICE")
"""What is nobody's API; ``_sync`` and ``_async`` are reached by their classes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A difference between two clients."""

    symbol: str
    """What `diff` calls it: ``v2.create_ledger``, ``v2.Account.metadata``."""
    parameter: str
    """The argument that it is about; "" for the whole."""
    ids: frozenset[str]
    """The changes of it that explain the difference; any change where there are none."""
    what: str
    """For the message of a failed test."""


_RENAMED: Final = frozenset({"model-removed", "model-renamed", "model-moved", "model-kind-changed"})
"""What changes how a model is spelt wherever it is used."""
_GONE: Final = _RENAMED | {"model-module-changed"}
_ORDER: Final = frozenset({"argument-order-changed", "argument-renamed", "argument-moved"})
_IDS: Final[Mapping[str, frozenset[str]]] = {
    "PARAMETER_REMOVED": frozenset(
        {"argument-removed", "argument-renamed", "body-removed", "idempotency-key-removed", "server-variable-removed"}
    ),
    "PARAMETER_CHANGED_REQUIRED": frozenset({"argument-became-required", "body-became-required", "server-required"}),
    "PARAMETER_ADDED_REQUIRED": frozenset({"required-argument-added", "required-body-added", "argument-renamed"}),
    "PARAMETER_CHANGED_DEFAULT": frozenset({"server-changed", "server-variable-changed", "server-variable-removed"}),
    "PARAMETER_CHANGED_KIND": frozenset({"argument-moved", "argument-became-positional"}),
    "PARAMETER_MOVED": _ORDER,
    "OBJECT_CHANGED_KIND": frozenset({"model-kind-changed", "model-became-alias"}),
    "CLASS_REMOVED_BASE": frozenset({"model-kind-changed", "namespace-added", "namespace-removed"}),
}
_MOVED: Final = frozenset({"namespace-added", "namespace-removed", "argument-order-changed"})
"""Changes of a whole that show at its parts, or at the client."""


def package(source: SourceFile, config: ServiceConfig, folder: Path) -> griffe.Module:
    """Generate a client and return its API, as its source says it; the runtime is the same in all and left out."""
    outcome = generate(source, config, read_templates())
    assert outcome.value is not None, outcome.diagnostics
    name = outcome.value.names.package
    for path, content in outcome.value.tree.files.items():
        if path.startswith(f"{name}/") and path.endswith(".py") and "/_core/" not in path:
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    found = griffe.load(name, search_paths=[folder], allow_inspection=False)
    assert isinstance(found, griffe.Module)
    return found


def breaks(old: griffe.Module, new: griffe.Module) -> Iterator[Break]:
    """Yield what griffe calls a breakage, and each annotation that is another text, which it does not look at."""
    for found in griffe.find_breaking_changes(old, new):
        value = found.old_value if isinstance(found.old_value, griffe.Parameter) else found.new_value
        parameter = value.name if isinstance(value, griffe.Parameter) else ""
        ids = _IDS.get(found.kind.name, frozenset())
        yield _break(found.obj.path, f"{found.kind.name} {found.obj.path} {parameter}", parameter, ids)
    yield from _annotations(old, new)


def _break(path: str, what: str, parameter: str = "", ids: frozenset[str] = frozenset()) -> Break:
    return Break(symbol=symbol_of(path), parameter=parameter, ids=ids, what=what)


def symbol_of(path: str) -> str:
    """Return what `diff` calls a thing at a path of a package."""
    parts = path.removesuffix(".__pydantic_extra__").split(".")[1:]
    if "models" in parts:
        index = parts.index("models")
        rest = parts[index + 1 :]
        # What a module of models holds is known by the package; the module itself by its own name.
        return ".".join([*parts[:index], *(rest[1:] if len(rest) > 1 and rest[0].islower() else rest)])
    if found := [index for index, part in enumerate(parts) if part in ("_sync", "_async")]:
        return ".".join([*parts[: found[0]], *parts[found[0] + 2 :]])
    if parts[:1] == ["webhooks"] and parts[1:] in (["parse"], ["verify_webhook"]):
        # Both give what the reader of any webhook does.
        return "webhooks.EVENT"
    if parts[:1] == ["testing"]:
        return ".".join(["testing", *parts[-1:]])
    if parts[:1] == ["client"]:
        client, *rest = parts[1:]
        return ".".join(rest) if rest and rest != ["__init__"] else client.removeprefix("Async")
    return ".".join(parts)


def _annotations(old: griffe.Object | griffe.Alias, new: griffe.Object | griffe.Alias) -> Iterator[Break]:
    for name, before in old.members.items():
        after = new.members.get(name)
        if after is None or before.is_alias or after.is_alias or name in _PRIVATE:
            continue
        if isinstance(before, griffe.Function) and isinstance(after, griffe.Function):
            yield from _signature(before, after)
        elif isinstance(before, griffe.Attribute) and isinstance(after, griffe.Attribute):
            texts = f"{before.annotation} = {before.value}", f"{after.annotation} = {after.value}"
            if before.is_public and texts[0] != texts[1]:
                what = f"{before.path}: {texts[0]} → {texts[1]}"
                yield _break(before.path, what)
        else:
            yield from _annotations(before, after)


def _signature(old: griffe.Function, new: griffe.Function) -> Iterator[Break]:
    if str(old.returns) != str(new.returns):
        what = f"{old.path}: {old.returns} → {new.returns}"
        yield _break(old.path, what)
    for parameter in old.parameters:
        if parameter.name in new.parameters:
            other = new.parameters[parameter.name]
            if str(parameter.annotation) != str(other.annotation):
                what = f"{old.path}({parameter.name}): {parameter.annotation} → {other.annotation}"
                yield _break(old.path, what, parameter.name)


def unexplained(found: Break, comparison: Comparison, modules: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether no change of a comparison explains a difference.

    Args:
        found: The difference.
        comparison: What `diff` says.
        modules: The models of each module of models of the old version, both as `diff` calls them.
    """
    if found.symbol in modules:
        told = {change.name for change in comparison.changes if change.check.id in _GONE}
        return not modules[found.symbol] <= told
    return not any(_explains(change, found) for change in comparison.changes)


def _explains(change: Change, found: Break) -> bool:
    if change.check.id == "exports-removed":
        return any(found.what.rstrip().endswith(f".{name}") for name in change.before.split(", "))
    if change.check.id in _RENAMED and re.search(rf"\b{change.name.rpartition('.')[2]}\b", found.what):
        return True
    if found.symbol.startswith("testing."):
        # Fakes have the names of methods and namespaces; the class of a namespace ends with its name.
        name, fake = change.name.rpartition(".")[2], found.symbol.removeprefix("testing.")
        return name == fake or (change.check.id in _MOVED and fake.endswith(name.title()))
    if found.ids and change.check.id not in found.ids:
        return False
    if found.parameter:
        is_it = found.parameter in (change.member, change.after) or change.check.id in _MOVED
        return change.name == found.symbol and is_it
    return found.symbol in (change.symbol, change.name) or (bool(found.ids) and change.check.id in _MOVED)
