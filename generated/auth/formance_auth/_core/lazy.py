"""Names of a package that are imported when they are first used (PEP 562)."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Mapping
from importlib import import_module


def lazy_exports(
    module_name: str, exports: Mapping[str, str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return ``__getattr__`` and ``__dir__`` of a package.

    Args:
        module_name: The package's ``__name__``.
        exports: The module of each name, relative to the package: ``".account"``.
            ``".v2:"`` stands for the module itself, ``".account:Account"`` for a name
            that is another there: a former one, whose use is warned of.
    """

    def __getattr__(name: str) -> object:
        target = exports.get(name)
        if target is None:
            raise AttributeError(f"module {module_name!r} has no attribute {name!r}")
        path, colon, there = target.partition(":")
        module = import_module(path, module_name)
        value: object = getattr(module, there or name) if there or not colon else module
        if there not in ("", name):
            warnings.warn(
                f"{name} is now called {there}", DeprecationWarning, stacklevel=2
            )
        # From now on the name is found without coming here.
        vars(sys.modules[module_name])[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*vars(sys.modules[module_name]), *exports})

    return __getattr__, __dir__
