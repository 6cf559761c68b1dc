"""The testing kit of a stack: one fake that leads to those of all services."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from formance_codegen.resolve.package import PackageNames
from formance_codegen.view.docs import docstring, prose
from formance_codegen.view.imports import Import, Package, export_key, statements
from formance_codegen.view.layout import call, lines
from formance_codegen.view.literals import literal
from formance_codegen.view.testing import FakeClassView, FakeDoorView, TestingView, fake_head, fake_name, free

_PACKAGE: Final = Package(parts=("testing",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A service of the stack."""

    attribute: str
    """The attribute of the client that leads to it."""
    package: str
    distribution: str
    client: str


def stack_testing(header: str, names: PackageNames, parts: Iterable[Part]) -> TestingView:
    """Return the package of the fake of a stack."""
    listed = tuple(parts)
    imports = {
        Import(module="__future__", name="annotations"),
        Import(module="functools", name="cached_property"),
        Import(module="typing", name="TYPE_CHECKING"),
        Import(module="/_core/require", name="require"),
        Import(module="/_core/testing/fake_stack", name="FakeStack"),
        Import(module="/_core/testing/script", name="UnexpectedCall"),
        *(Import(module="/client", name=name) for name in ("SERVICE", names.client, names.async_client)),
    }
    typing_imports = {Import(module=f"{part.package}.testing", name=fake_name(part.client)) for part in listed}
    fake = fake_name(names.client)
    return TestingView(
        header=header,
        docstring=docstring([f"A `{names.client}` without a network, for the tests of applications."], 0),
        imports=statements(imports, _PACKAGE),
        typing_imports=statements(typing_imports, _PACKAGE, 4),
        exports=tuple(sorted((fake, "UnexpectedCall"), key=export_key)),
        namespaces=(),
        fake=FakeClassView(
            head=fake_head(names.client, f"FakeStack[{names.client}, {names.async_client}]"),
            docstring=docstring(prose(_doc(names.client), 4), 4),
            attributes=(),
            arguments=("SERVICE", names.client, names.async_client),
            doors=tuple(map(_door, listed)),
        ),
    )


def _doc(client: str) -> str:
    return f"""A `{client}` without a network: `client()` and `async_client()` are real, the services are not.

Each service is an attribute, made when it is first used: the fake that its own package has."""


def _door(part: Part) -> FakeDoorView:
    fake = fake_name(part.client)
    imported = Import(module=f"{part.package}.testing", name=fake)
    return FakeDoorView(
        head=lines(call(free(part.attribute), "self"), 4, before="def ", after=f" -> {fake}:"),
        docstring=docstring([f"What `{part.attribute}` is answered."], 8),
        made=(
            *lines(call("require", literal(part.package), literal(part.distribution)), 8),
            *(f"        {line}" for line in statements({imported}, _PACKAGE, 8)),
            "",
            f"        return self._opened({fake}(examples=self._examples))",
        ),
    )
