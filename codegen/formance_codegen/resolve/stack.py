"""The names of the package that leads to all services of a stack."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from formance_codegen.config import StackConfig
from formance_codegen.naming import PyName
from formance_codegen.naming.identifier import attribute
from formance_codegen.naming.reserved import METHOD
from formance_codegen.naming.scope import Claim, Scope
from formance_codegen.resolve.package import PackageNames, name_package


@dataclass(frozen=True, slots=True, kw_only=True)
class StackNames:
    """The names of the package, and the attribute of the client that leads to each service."""

    package: PackageNames
    doors: Mapping[str, PyName]
    """By the name of the document; in the order of the attributes."""


def name_stack(services: Iterable[str], config: StackConfig) -> StackNames:
    """Return the names of a stack of services, which are known by the names of their documents."""
    claims = [
        Claim(key=name, candidates=(attribute(name, context=METHOD, fallback="service"),), tie=name)
        for name in services
    ]
    names = Scope(context=METHOD).settle(claims).names
    return StackNames(
        package=name_package("", package=config.package, distribution=config.distribution, client=config.client),
        doors=dict(sorted(names.items(), key=lambda item: item[1])),
    )
