"""The making up front of all that calls need and that is otherwise made on first use."""

from __future__ import annotations

import inspect
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Final, Protocol, runtime_checkable

from pydantic import TypeAdapter

from .model import Model
from .operation import Operation

_OURS: Final = __name__.rpartition("._core.")[0] + "."
"""How the names of this package's modules begin."""


@runtime_checkable
class Preloading(Protocol):
    """A group of methods, or a client, maybe of another package."""

    def preload(self) -> None:
        """Make what its calls need."""
        ...


def preload(methods: object) -> None:
    """Import the operations and models of an object's methods, and build them.

    What its attributes lead to is made ready too: the namespaces of a client, and the
    clients of a stack as far as they are installed.

    Args:
        methods: A client, or one of its namespaces.
    """
    for package in _packages(type(methods)):
        if models := _module(f"{package}.models"):
            _build_models(models)
        if operations := _module(f"{package}._operations"):
            _build_operations(operations)
    for name, _ in inspect.getmembers_static(type(methods), _is_door):
        try:
            door: object = getattr(methods, name)
        except ImportError:
            # The client of a service that is not installed cannot be called either.
            continue
        if isinstance(door, Preloading):
            door.preload()


def _packages(kind: type) -> tuple[str, ...]:
    """Return the packages of this client that a class has its methods from."""
    modules = (each.__module__ for each in kind.__mro__)
    ours = (name.rpartition(".")[0] for name in modules if name.startswith(_OURS))
    return tuple(dict.fromkeys(ours))


def _module(name: str) -> ModuleType | None:
    return import_module(name) if find_spec(name) is not None else None


def _build_operations(module: ModuleType) -> None:
    for value in vars(module).values():
        if isinstance(value, Operation):
            for adapter in value.adapters():
                if isinstance(adapter, TypeAdapter):
                    # One for a model defers its building as the model does.
                    adapter.rebuild()


def _build_models(package: ModuleType) -> None:
    names: tuple[str, ...] = tuple(package.__all__)
    for name in names:
        value: object = getattr(package, name)
        if inspect.isclass(value) and issubclass(value, Model):
            value.model_rebuild()


def _is_door(member: object) -> bool:
    return isinstance(member, cached_property)
