"""The credentials that the security schemes of a document ask for, as its users write them."""

from collections.abc import Iterable, Sequence
from typing import Final

from formance_codegen.ir.operations import Operation
from formance_codegen.ir.service import SchemeKind, SecurityScheme, Service
from formance_codegen.view.docs import one_line
from formance_codegen.view.literals import literal

_EXAMPLES: Final = {
    SchemeKind.API_KEY_HEADER: 'ApiKey("key")',
    SchemeKind.API_KEY_QUERY: 'ApiKey("key")',
    SchemeKind.API_KEY_COOKIE: 'ApiKey("key")',
    SchemeKind.BASIC: 'BasicAuth("user", "password")',
    SchemeKind.BEARER: 'BearerToken("token")',
    SchemeKind.CLIENT_CREDENTIALS: 'ClientCredentials("client-id", "client-secret")',
    SchemeKind.NONE: "",
}


def credential_class(scheme: SecurityScheme) -> str:
    """Return the class of what a scheme is met with; ``""`` where the client itself sends nothing."""
    return _EXAMPLES[scheme.kind].partition("(")[0]


def example_auth(service: Service) -> tuple[str, Sequence[str]]:
    """Return the source of an ``auth`` that the document's first demand is met with, and the classes in it."""
    schemes = {scheme.id: scheme for scheme in service.schemes if scheme.kind is not SchemeKind.NONE}
    asked = [schemes[name] for name in _first_demand(service.operations) if name in schemes]
    if len(asked) < 2:
        found = next(iter(asked or schemes.values()), None)
        return ("", ()) if found is None else (_EXAMPLES[found.kind], (credential_class(found),))
    members = ", ".join(f"{literal(scheme.id)}: {_EXAMPLES[scheme.kind]}" for scheme in asked)
    return f"{{{members}}}", tuple(sorted({credential_class(scheme) for scheme in asked}))


def auth_doc(service: Service) -> str:
    """Return what the constructor of a client says of ``auth`` where the document has several schemes."""
    schemes = [scheme for scheme in service.schemes if scheme.kind is not SchemeKind.NONE]
    if len(schemes) < 2:
        return ""
    told = ", ".join(f"`{credential_class(scheme)}` for {one_line(literal(scheme.id))}" for scheme in schemes)
    return f" One credential, or a mapping with one for each scheme that is asked for: {told}."


def _first_demand(operations: Iterable[Operation]) -> Sequence[str]:
    """Return the schemes of the first alternative that any operation asks for."""
    alternatives = (each for operation in operations for each in operation.security or () if each)
    return [need.scheme for need in next(alternatives, ())]
