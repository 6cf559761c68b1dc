"""The credentials that the security schemes of a document ask for, as its users write them."""

from collections.abc import Iterable, Iterator, Sequence
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
    """Return the source of an ``auth`` that serves some operation, of the first scheme if it can, and its classes."""
    schemes = {scheme.id: scheme for scheme in service.schemes if scheme.kind is not SchemeKind.NONE}
    if not schemes:
        return "", ()
    first = next(iter(schemes))
    demands = [found for each in _demands(service.operations) if (found := [name for name in each if name in schemes])]
    asked = [schemes[name] for name in ([first] if not demands or [first] in demands else demands[0])]
    classes = tuple(sorted({credential_class(scheme) for scheme in asked}))
    if len(asked) == 1:
        return _EXAMPLES[asked[0].kind], classes
    members = ", ".join(f"{literal(scheme.id)}: {_EXAMPLES[scheme.kind]}" for scheme in asked)
    return f"{{{members}}}", classes


def auth_doc(service: Service) -> str:
    """Return what the constructor of a client says of ``auth`` where the document has several schemes."""
    schemes = [scheme for scheme in service.schemes if scheme.kind is not SchemeKind.NONE]
    if len(schemes) < 2:
        return ""
    told = ", ".join(f"`{credential_class(scheme)}` for {one_line(literal(scheme.id))}" for scheme in schemes)
    return f" One credential, or a mapping with one for each scheme that is asked for: {told}."


def _demands(operations: Iterable[Operation]) -> Iterator[Sequence[str]]:
    """Yield the schemes of each alternative that an operation asks for."""
    for operation in operations:
        for alternative in operation.security or ():
            yield [need.scheme for need in alternative]
