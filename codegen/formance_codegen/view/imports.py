"""Sets of imports as exact, sorted statements, with nothing left for a linter to fix."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from formance_codegen.view.layout import WIDTH

_STANDARD: Final = frozenset({"collections", "datetime", "decimal", "functools", "typing", "types", "uuid"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One imported name."""

    module: str
    """A dotted module, or a path inside the package from its root: ``/_core/model``."""
    name: str
    alias: str = ""

    @property
    def local(self) -> str:
        """The name in the importing module."""
        return self.alias or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """Where in the package the importing module stands: the path of its folder from the root."""

    parts: tuple[str, ...]

    def relative(self, module: str) -> str:
        """Return a module as an import statement of this folder names it."""
        if not module.startswith("/"):
            return module
        target = tuple(part for part in module.split("/") if part)
        common = 0
        while common < min(len(self.parts), len(target)) and self.parts[common] == target[common]:
            common += 1
        return "." * (1 + len(self.parts) - common) + ".".join(target[common:])


def statements(imports: Iterable[Import], package: Package, indent: int = 0) -> tuple[str, ...]:
    """Return import statements, a blank line between sections, in the order of isort's default profile."""
    modules: dict[str, set[Import]] = defaultdict(set)
    for found in imports:
        modules[package.relative(found.module)].add(found)
    lines: list[str] = []
    section = None
    for module in sorted(modules, key=_module_key):
        if section is not None and _section(module) != section:
            lines.append("")
        section = _section(module)
        lines.extend(_statement(module, modules[module], indent))
    return tuple(lines)


def _statement(module: str, names: set[Import], indent: int) -> list[str]:
    plain = sorted((found for found in names if not found.alias), key=lambda found: name_key(found.name))
    aliased = sorted((found for found in names if found.alias), key=lambda found: name_key(found.name))
    lines = [f"from {module} import {found.name} as {found.alias}" for found in aliased]
    if not plain:
        return lines
    flat = f"from {module} import {', '.join(found.name for found in plain)}"
    if len(flat) + indent <= WIDTH:
        return [flat, *lines]
    return [f"from {module} import (", *(f"    {found.name}," for found in plain), ")", *lines]


def _section(module: str) -> int:
    root = module.partition(".")[0]
    if module.startswith("."):
        return 3
    return 0 if root == "__future__" else 1 if root in _STANDARD else 2


def _module_key(module: str) -> tuple[int, int, tuple[tuple[int, str | int], ...]]:
    dots = len(module) - len(module.lstrip("."))
    return (_section(module), -dots, _natural(module.lstrip(".").lower()))


def export_key(name: str) -> tuple[int, tuple[tuple[int, str | int], ...]]:
    """Return the key that sorts ``__all__`` as isort does: like imports, but capitals before small letters."""
    return (name_key(name)[0], _natural(name))


def name_key(name: str) -> tuple[int, tuple[tuple[int, str | int], ...], tuple[tuple[int, str | int], ...]]:
    """Return the key that sorts names as isort does: constants, classes, everything else."""
    kind = 0 if len(name) > 1 and name.isupper() else 1 if name[:1].isupper() else 2
    return (kind, _natural(name.lower()), _natural(name))


def _natural(text: str) -> tuple[tuple[int, str | int], ...]:
    parts = re.split(r"(\d+)", text)
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in parts if part)
